"""Run folders: results.nc written slice by slice, opened as one Dataset; whole or not at all."""

from __future__ import annotations

import csv
import math
import os
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import netCDF4
import numpy as np
import numpy.typing as npt
import xarray as xr

from sim import turns
from sim.argument_kinds import looked_at
from sim.catalogue.verdicts import JUDGED
from sim.errors import ConfigError, RunError, fault
from sim.intact import DAMAGED, intact
from sim.schema import VARIABLES, attributes
from sim.textfile import did_you_mean

if TYPE_CHECKING:
    import pandas as pd

FORMAT = "healthplan run 1"
_TEXTS = (
    "region",
    "part",
    "plan",
    "scenario",
    "indicator_id",
    "group",
    "p",
)  # text, if they look like numbers
DRAW_CHUNK = 1024  # draws that are stored together
_LITTLE = 2_000_000  # bytes of a series up to which it is stored undeflated: that takes longer than it saves
# a chunk is read and written whole: the library's own cache of 16 MB for each variable is waste
netCDF4.set_chunk_cache(1_000_000)


@dataclass(frozen=True)
class Slice:
    """Series of one scenario, one region and some draws, ready to be stored."""

    scenario: int
    region: int
    first_draw: int
    series: Mapping[str, xr.DataArray]


class ResultsWriter:
    """Writes results.nc one block at a time, so that memory is bounded by a block.

    Variables get dims (scenario, region, ..., draw); the file's bytes depend on the data alone.
    """

    def __init__(
        self,
        path: Path,
        scenarios: Sequence[str],
        regions: Sequence[Mapping[str, str]],
        years: Sequence[int],
        n_draws: int,
        *,
        small: bool = False,
    ) -> None:
        """Begin the file; small: every series is deflated, however little it saves."""
        self._plain = 0 if small else _LITTLE
        self._labels: dict[str, list[Any]] = {}  # as stored: the file is slow to ask
        with turns.writing():
            self._file = netCDF4.Dataset(path, "w", format="NETCDF4")
            self._begin(scenarios, regions, years, n_draws)

    def _begin(
        self,
        scenarios: Sequence[str],
        regions: Sequence[Mapping[str, str]],
        years: Sequence[int],
        n_draws: int,
    ) -> None:
        self._file.setncatts({"Conventions": "CF-1.11", "format": FORMAT})
        self._coordinate("scenario", list(scenarios), {"long_name": "scenario"})
        codes = [r["code"] for r in regions]
        self._coordinate("region", codes, {"long_name": "administrative code"})
        for key, name in (("name_zh", "region_name"), ("name_en", "region_name_en")):
            v = self._file.createVariable(name, str, ("region",))
            v[:] = np.array([r[key] for r in regions], dtype=object)
        self._coordinate("year", list(years), {"long_name": "calendar year", "units": "1"})
        draws = {"long_name": "draw; 0 = every parameter at its central value", "units": "1"}
        self._coordinate("draw", list(range(n_draws + 1)), draws)

    def _coordinate(self, name: str, labels: list[Any], attrs: Mapping[str, str]) -> None:
        self._file.createDimension(name, len(labels))
        numeric = all(isinstance(label, int) for label in labels)
        v = self._file.createVariable(name, "i4" if numeric else str, (name,))
        v.setncatts(dict(attrs))
        v[:] = np.array(labels, "i4") if numeric else np.array(labels, dtype=object)
        self._labels[name] = labels

    def write(self, part: Slice) -> None:
        """Store one block's series at their place."""
        for name in sorted(part.series):
            array = part.series[name]
            values = array.values.astype("f4")
            with turns.writing():
                self._write(name, array, values, part)

    def _write(self, name: str, array: xr.DataArray, values: npt.NDArray[np.float32], part: Slice) -> None:
        if name not in self._file.variables:
            self._create(name, array)
        where: list[Any] = [part.scenario, part.region]
        for dim in map(str, array.dims):
            if dim not in ("year", "draw"):
                self._same_labels(name, dim, array)
            if dim == "draw":
                where.append(slice(part.first_draw, part.first_draw + array.sizes["draw"]))
            else:
                where.append(slice(None))
        self._file.variables[name][tuple(where)] = values

    def _same_labels(self, name: str, dim: str, array: xr.DataArray) -> None:
        stored, given = self._labels[dim], array[dim].values.tolist()
        if stored != given:
            wrong = f"{name}: {dim} {given} beside {stored}"
            raise RunError(fault("results.nc", wrong, "the same groups in the same order"))

    def _create(self, name: str, array: xr.DataArray) -> None:
        for dim in map(str, array.dims):
            if dim not in self._file.dimensions:
                labels = [v.item() if hasattr(v, "item") else v for v in array[dim].values]
                self._coordinate(dim, labels, {"long_name": dim.replace("_", " ")})
        dims = ("scenario", "region", *map(str, array.dims))
        sizes = [len(self._file.dimensions[d]) for d in dims]
        chunks = [1, 1, *sizes[2:]]
        if dims[-1] == "draw":
            chunks[-1] = min(chunks[-1], DRAW_CHUNK)
        deflated = math.prod(sizes) * np.dtype("f4").itemsize > self._plain
        v = self._file.createVariable(
            name,
            "f4",
            dims,
            zlib=deflated,
            complevel=1,
            shuffle=deflated,
            chunksizes=chunks,
            fill_value=np.float32(np.nan),
        )
        v.setncatts(attributes(VARIABLES[name]))

    def close(self) -> None:
        """Close the file."""
        with turns.writing():
            self._file.close()


class RunFolder:
    """A run folder in the making: hidden, renamed when it is whole.

    inside: where it grows (on the same disk); beside its final place if None.
    """

    def __init__(self, parent: Path, run_id: str, inside: Path | None = None) -> None:
        parent.mkdir(parents=True, exist_ok=True)
        self.run_id = run_id
        self.path = (inside or parent) / f".{run_id}.{os.getpid()}.part"
        self._parent = parent
        self.path.mkdir()

    def publish(self) -> Path:
        """Rename to the final name; a name that is taken gets a suffix, never overwritten."""
        for suffix in ("", *(f"-{i}" for i in range(2, 1000))):
            final = self._parent / f"{self.run_id}{suffix}"
            if final.exists():
                continue
            try:
                os.rename(self.path, final)
            except OSError:
                if final.exists():
                    continue
                raise
            return final
        raise RunError(fault(str(self._parent), f"no free name for {self.run_id}"))

    @contextmanager
    def written(self) -> Iterator[None]:
        """While the folder is written: it is discarded if something fails.

        Raises RunError where the disk does not take it.
        """
        try:
            yield
        except OSError as error:
            self.discard()
            wrong = f"could not be written: {error.strerror or error}"
            remedy = "make room; the same command goes on from the finished blocks"
            raise RunError(fault(str(self._parent), wrong, remedy)) from error
        except BaseException:
            self.discard()
            raise

    def discard(self) -> None:
        """Remove what was written so far."""
        shutil.rmtree(self.path, ignore_errors=True)


@dataclass(frozen=True)
class Run:
    """A saved run."""

    path: Path
    meta: dict[str, Any]

    def __repr__(self) -> str:
        """Three lines: which run, of what, and what it says of the plan."""
        experiment = self.meta["experiment"]
        experiment = experiment if isinstance(experiment, dict) else {"name": experiment}
        years, draws = experiment.get("years", {}), experiment.get("draws", {})
        said = [
            f"plan {experiment.get('plan') or 'none'}",
            f"regions {', '.join(experiment.get('regions', ()))}",
            f"{years.get('base', '?')}-{years.get('end', '?')}",
            f"scenarios {', '.join(self.meta.get('scenarios', ()))}",
            f"{draws.get('n', '?')} draws, seed {draws.get('seed', '?')}",
        ]
        head = f"<Run {self.meta.get('run_id', self.path.name)} of {experiment.get('name')}: {self.path}"
        return "\n".join([head, f"  {'; '.join(said)}", f"  {self._verdicts()}>"])

    def _verdicts(self) -> str:
        """How many rows of adequacy.csv have each verdict under the first scenario, the worst first."""
        path = self.path / "adequacy.csv"
        if not path.is_file():
            return "no verdicts"
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        first = rows[0].get("scenario") if rows else None
        found = Counter(row.get("verdict", "") for row in rows if row.get("scenario") == first)
        known = [name for name in JUDGED if found[name]]
        return f"{first}: rows {', '.join(f'{found[n]} {n}' for n in known)}" if known else "no verdicts"

    def results(self) -> xr.Dataset:
        """results.nc, lazily.

        Raises ConfigError if it is damaged.
        """
        data = open_results(self.path / "results.nc")
        return data.set_coords(["region_name", "region_name_en"])

    def table(self, name: str) -> pd.DataFrame:
        """A CSV table of the folder by its name without ending; codes and names stay text.

        Raises ConfigError if there is none of that name.
        """
        import pandas as pd

        path = self.path / f"{name}.csv"
        if not path.is_file():
            known = sorted(p.stem for p in self.path.glob("*.csv"))
            raise ConfigError(fault(str(self.path), f"no table '{name}'", did_you_mean(name, known)))
        return pd.read_csv(path, dtype=dict.fromkeys(_TEXTS, str))

    def plot(self, names: Sequence[str] = (), **options: Any) -> list[Path]:
        """Its charts, or those named, drawn into its folder: `sim.plot_folder`."""
        drawn: list[Path] = _offered("plot_folder")(self.path, names, **options)
        return drawn

    def compare(self, other: Run | Path | str, lang: str = "en", **where: Any) -> Any:
        """It beside another run, under a scenario and in a region that both have: `sim.compare`."""
        path = other.path if isinstance(other, Run) else Path(other)
        return _offered("compare")(self.path, path, lang, **where)

    def revise(self, *probabilities: float) -> list[dict[str, Any]]:
        """Which target would hold, with each probability or the usual ones: `sim.revise`."""
        asked = (self.path, probabilities) if probabilities else (self.path,)
        rows: list[dict[str, Any]] = _offered("revise")(*asked)
        return rows


def _offered(name: str) -> Any:
    """What `import sim` offers: rooms above this one, loaded when they are asked for."""
    return getattr(import_module("sim"), name)


@looked_at
def open_run(path: Path | str) -> Run:
    """The run in a folder.

    Raises ConfigError if it is not a run folder, or not whole and as the run wrote it.
    """
    path = Path(path)
    return Run(path, intact(path))


def recorded_parameters(meta: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Where each figure of a run came from: "scenario|place" -> name -> hash, set, source, level.

    meta: a run.json; the figures that all share stand in it once.
    """
    found = meta["parameters"]
    return {key: {**found["shared"], **own} for key, own in found["own"].items()}


def open_results(path: Path) -> xr.Dataset:
    """A results.nc, lazily.

    Raises ConfigError if it is damaged.
    """
    try:
        with turns.opening():
            return xr.open_dataset(path, engine="netcdf4")
    except (OSError, ValueError) as error:
        raise ConfigError(fault(str(path), f"cannot be read: {error}", DAMAGED)) from None
