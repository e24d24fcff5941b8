"""One saved run of every shipped plan, and its figures read without the program's own readers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from paths import ROOT, read_rows

from sim import run_folder
from sim.adequacy.case import Case
from sim.plan import list_plans
from sim.run.cases import cases
from sim.run.setup import Setup, set_up
from sim.textfile import read_yaml

DRAWS = 12


def _with_a_plan() -> Iterator[str]:
    for path in sorted((ROOT / "experiments").glob("*.yaml")):
        if read_yaml(path).get("plan") in list_plans(ROOT / "parameters"):
            yield path.stem


PLANS = tuple(_with_a_plan())
FIRST = "anyang_14fyp"  # the fast tests hold each law for it
EACH_PLAN = tuple(pytest.param(p, marks=() if p == FIRST else pytest.mark.slow) for p in PLANS)


@dataclass
class PlanRun:
    """A plan's experiment, reference scenario, few draws, with all its tables."""

    setup: Setup
    folder: Path

    @classmethod
    def made(
        cls,
        plan: str,
        out: Path,
        draws: int = DRAWS,
        scenarios: Sequence[str] | None = ("reference",),
    ) -> PlanRun:
        """Run it, without charts; scenarios: None for all of the experiment."""
        path = ROOT / "experiments" / f"{plan}.yaml"
        seed = read_yaml(path)["draws"]["seed"]
        setup = set_up(path, scenarios=scenarios or (), changes={"draws": {"n": draws, "seed": seed}})
        return cls(setup, run_folder.run_experiment(setup, out, charts=False, workers=1))

    @cached_property
    def results(self) -> xr.Dataset:
        """Its series, all in memory, with the dims of scenario and region."""
        with xr.open_dataset(self.folder / "results.nc", engine="netcdf4") as found:
            return found.load()

    @cached_property
    def case(self) -> Case:
        """What its targets are held against."""
        (found,) = cases(self.setup, self.results)
        return found

    def table(self, name: str) -> list[dict[str, str]]:
        """Rows of a table of the run folder."""
        return read_rows(self.folder / f"{name}.csv")

    def read(self, text: str, group: str, year: int) -> np.ndarray:
        """Sampled draws of a quotient of sums of groups; KeyError where the run has them not."""
        parts = []
        for term in text.split("/"):
            name, _, own = term.strip().partition(".")
            array = self.results[name].isel(scenario=0, region=0).sel(year=year).astype(float)
            (dim,) = [d for d in array.dims if d != "draw"] or [None]
            if dim is not None:
                labels = [str(x) for x in array[dim].values]
                wanted = own or group or "total"
                chosen = labels if wanted == "*" else [wanted] if wanted in labels else wanted.split("+")
                array = array.sel({dim: chosen}).sum(dim, skipna=False)
            if array.isnull().any():
                raise KeyError(f"{term} is not modelled")
            parts.append(array.values[1:])
        value = parts[0]
        for divisor in parts[1:]:
            value = value / divisor
        return value
