"""Local counts at set-up: read, held against the projection without them, and what each changed."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xarray as xr

from sim.arrays import exact_arithmetic
from sim.config import Experiment
from sim.errors import ConfigError, ParameterError, fault, raise_all
from sim.known import (
    Count,
    conditioned,
    counted_parameters,
    observe,
    observed_counts,
    plausible,
    read_counts,
    read_indicators,
)
from sim.known.moves import Moves, implied
from sim.known.parameters import error_of, prior_of
from sim.known.revised import on_new_basis
from sim.known.table import FILE, NEEDED
from sim.params import Parameter, central, read_sets
from sim.places import Region, read_place
from sim.places.observed_checks import bounds_of
from sim.run import pipeline
from sim.textfile import alone, did_you_mean, table_beside
from sim.writing import number, write_rows

_COUNTED = "fertility.tfr_counted"


@dataclass(frozen=True)
class Entry:
    """A count of a place, and the projection's central figure of its year without and with all counts."""

    region: str
    count: Count
    before: float
    after: float
    moves: Moves | None = None
    """Of a count of all residents: the migration that it is read as."""

    @property
    def record(self) -> dict[str, Any]:
        """As run.json has it."""
        c = self.count
        return {
            "region": self.region,
            "indicator": c.indicator.id,
            "zh": c.indicator.zh,
            "en": c.indicator.en,
            "year": c.year,
            "value": c.value,
            "unit": c.indicator.unit,
            "unit_zh": c.indicator.unit_zh,
            "source": c.source,
            "quality": c.quality,
            "before": self.before,
            "after": self.after,
            "part": c.indicator.part,
            **({} if c.old_basis is None else {"old_basis": c.old_basis}),
            **({} if self.moves is None else self._moved(self.moves)),
        }

    def _moved(self, moves: Moves) -> dict[str, float]:
        return {
            "net_migration": moves.rate,
            "net_migration_before": moves.projected,
            "net_migration_sd": moves.sd,
        }


def tables_given(texts: Sequence[str], regions: Sequence[str]) -> dict[str, str]:
    """Tables of counts by region: `CODE=FILE`, or `FILE` alone where there is one region.

    Raises ConfigError where it is not said whose a table is.
    """
    found: dict[str, str] = {}
    for text in texts:
        code, _, path = text.rpartition("=")
        if not code and len(regions) != 1:
            wrong = f"'{text}' of which of {len(regions)} regions?"
            raise ConfigError(fault("--known", wrong, f"write {regions[0]}={text}"))
        code = code or regions[0]
        if not path.strip():
            raise ConfigError(fault(f"--known {text}", "names no file", "write the table's path behind ="))
        if code not in regions:
            raise ConfigError(fault("--known", f"no region '{code}' here", did_you_mean(code, [*regions])))
        if code in found:
            raise ConfigError(fault("--known", f"{code} has two tables", "put them into one"))
        found[code] = os.path.realpath(path)
    return found


def counts_of(
    root: Path,
    region: Region,
    given: str | None,
    years: tuple[int, int],
    parts: Collection[str] | None = None,
) -> list[Count]:
    """The counts of a place: those of its folder, and those of a file that stand before them.

    given: path of a file, from the working folder.  years: first and last that can have been counted.
    parts: of the file, counts of these parts alone.
    Raises ConfigError with every fault of both.
    """
    indicators = read_indicators(root)
    own = table_beside(root / "parameters" / region.folder / FILE)
    paths = [own] if own.is_file() else []
    if given is not None:
        paths.append(root / given)
    found: dict[str, Count] = {}
    faults: list[str] = []
    for path in paths:
        try:
            if path == own:
                alone(path)
            read = read_counts(path, indicators, *years)
            asked = parts if path != own else None
            found |= {c.label: c for c in read if asked is None or c.indicator.part in asked}
        except ConfigError as error:
            faults += str(error).splitlines()
    raise_all(ConfigError, faults)
    return list(found.values())


def add_counts(root: Path, region: Region, table: Path, encoding: str, years: tuple[int, int]) -> list[Entry]:
    """Write a table of counts into a region's folder as known.csv; what each of them changes.

    years: first and last of the projection that says so.  Raises ConfigError or ParameterError, and
    writes nothing, where the table is refused.
    """
    parameters = read_place(root, region)
    first, last = years[0], last_counted(parameters)
    counts = read_counts(table, read_indicators(root), first, last, encoding)
    _, entries = _met(root, region.code, parameters, counts, range(first, years[1] + 1), ["national"])
    rows = (
        {
            "indicator": c.indicator.id,
            "year": c.year,
            "value": number(c.value),
            "unit": c.indicator.unit,
            "source": c.source,
            "quality": c.quality,
            "note": c.note,
            "old_basis": "" if c.old_basis is None else number(c.old_basis),
        }
        for c in counts
    )
    write_rows(root / "parameters" / region.folder / FILE, (*NEEDED, "note", "old_basis"), rows)
    return entries


def with_counts(
    root: Path,
    region: Region,
    parameters: Mapping[str, Parameter],
    experiment: Experiment,
    years: Sequence[int],
    parts: Collection[str] | None = None,
) -> tuple[dict[str, Parameter], list[Entry]]:
    """The parameters of a place that start from its counts, and what each count changed.

    years: of the model.  parts: of a table that the experiment names, counts of these parts alone.
    Without counts the parameters are returned as they are.
    Raises ConfigError or ParameterError with every fault.
    """
    years = list(years)
    given = experiment.known.get(region.code)
    held = {c.label: c for c in _observed(root, region, parameters, years)}
    held |= {c.label: c for c in counts_of(root, region, given, (years[0], last_counted(parameters)), parts)}
    counts = list(held.values())
    late = [c for c in counts if c.year > years[-1]]
    remedy = "write a later end"
    raise_all(ConfigError, [fault(c.place, f"{c.year} is after the end {years[-1]}", remedy) for c in late])
    if not counts:
        return dict(parameters), []
    shared = [name for name in experiment.parameters if name == "national"]
    return _met(root, region.code, parameters, counts, years, shared)


def _observed(
    root: Path, region: Region, parameters: Mapping[str, Parameter], years: Sequence[int]
) -> list[Count]:
    """The counts of the region's own tables, where its region.yaml says that they lead its draws."""
    if not region.known:
        return []
    plain = {
        name: _plain(parameters[f"{topic}.epidemic_factor"], years)
        for name, topic in (("admissions", "inpatient"), ("visits", "outpatient"))
    }
    return observed_counts(root, region, read_indicators(root), years[1:], plain)


def _plain(factor: Parameter, years: Sequence[int]) -> list[int]:
    """Years whose use is that of a year without an epidemic."""
    over = central({factor.name: factor}, years)[factor.name]
    return [int(y) for y in years if float(over.sel(year=y)) == 1.0]


def last_counted(parameters: Mapping[str, Parameter]) -> int:
    """The last year that can have been counted: one after the nation's last counted births."""
    return int(parameters[_COUNTED].data.at_year.values.astype(int).max()) + 1


def _met(
    root: Path,
    code: str,
    parameters: Mapping[str, Parameter],
    counts: Sequence[Count],
    years: Sequence[int],
    sets: Sequence[str],
) -> tuple[dict[str, Parameter], list[Entry]]:
    """The parameters that meet counts, and what each count changed.  Raises ParameterError."""
    parameters, counts = on_new_basis(parameters, counts, years[0])
    middle = central(parameters, years)
    before = _central_state(middle, years)

    def projected(name: str, year: int) -> float:
        return observe(before, middle, name, year)

    faults = plausible.unit_faults(counts, projected, middle)
    faults += plausible.survivor_faults(counts, middle)
    faults += plausible.step_faults(counts, middle, bounds_of(root)["step"])
    faults += plausible.infant_faults(counts, middle, lambda count: error_of(count, parameters))
    faults += plausible.bed_faults(counts, middle, lambda count: error_of(count, parameters))
    raise_all(ParameterError, faults)
    shared = read_sets(root / "parameters", sets)
    made = counted_parameters(parameters, counts, read_indicators(root), years, shared)
    moved = conditioned(central(made, years), years)
    after = _central_state(moved, years)
    moves = implied(counts, before, after, prior_of(parameters, shared).level)
    entries = [
        Entry(
            code,
            c,
            projected(c.indicator.id, c.year),
            observe(after, moved, c.indicator.id, c.year),
            moves.get(c.label),
        )
        for c in counts
    ]
    return made, entries


def _central_state(params: Mapping[str, xr.DataArray], years: Sequence[int]) -> xr.Dataset:
    with exact_arithmetic():
        return pipeline.project(params, years, [0])
