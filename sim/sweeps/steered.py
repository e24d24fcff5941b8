"""Blocks of a sweep: parameters steered run by run, only the wanted outputs kept.

Each stage is computed once for every different combination of what it depends on: runs that
differ only in length of stay share one population.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt
import xarray as xr

from sim.adequacy.planrows import Read
from sim.params import Parameter, Sampler
from sim.params.sample import Floats
from sim.plan.targets import PlanTarget
from sim.run import pipeline
from sim.run.kept import reduce
from sim.run.version import model_version
from sim.sweeps.factors import Factor, steer
from sim.sweeps.outputs import Output, evaluate

_WIDTH = 8  # runs are computed at a multiple of this many: the same vector code each time
_CARRIER = "mortality.e0_change"  # carries dim draw where no factor reaches demography


@dataclass(frozen=True, eq=False)
class SweepBlock:
    """Some runs of a sweep for one scenario and region."""

    scenario: str
    region: str
    runs: tuple[int, ...]
    """Rows of the design, in rising order."""
    parameters: Mapping[str, Parameter]
    factors: tuple[Factor, ...]
    points: Floats
    """(run, factor): coordinates 0..1, NaN for the central value."""
    outputs: tuple[Output, ...]
    years: tuple[int, ...]
    targets: tuple[PlanTarget, ...] = ()

    @property
    def label(self) -> str:
        """For messages."""
        return f"{self.scenario}/{self.region} runs {spans(self.runs)}"

    @functools.cached_property
    def key(self) -> str:
        """Hash of everything that the result depends on."""
        text = json.dumps(
            [
                model_version(),
                "sweep",
                list(self.years),
                {name: p.hash for name, p in sorted(self.parameters.items())},
                [asdict(f) for f in self.factors],
                [asdict(o) for o in self.outputs],
                [asdict(t) for t in self.targets],
            ]
        )
        digest = hashlib.sha256(text.encode())
        digest.update(np.ascontiguousarray(self.points).tobytes())
        return digest.hexdigest()[:32]

    def compute(self) -> dict[str, xr.DataArray]:
        """`values`, dims (draw, output): draw counts the runs of this block."""
        kept = series(self.parameters, self.factors, self.points, self.years, self.targets)
        values = evaluate(self.outputs, kept, Read.of(self.parameters))[1 : 1 + len(self.points)]
        return {"values": xr.DataArray(values, dims=("draw", "output"))}


def spans(numbers: Sequence[int]) -> str:
    """Rising numbers as text: 0..3, 7, 9..12."""
    cuts = [i for i, n in enumerate(numbers) if i == 0 or n != numbers[i - 1] + 1]
    parts = []
    for at, end in zip(cuts, [*cuts[1:], len(numbers)], strict=True):
        first, last = numbers[at], numbers[end - 1]
        parts.append(f"{first}..{last}" if last > first else f"{first}")
    return ", ".join(parts)


def series(
    parameters: Mapping[str, Parameter],
    factors: Sequence[Factor],
    points: Floats,
    years: Sequence[int],
    targets: Sequence[PlanTarget] = (),
) -> dict[str, xr.DataArray]:
    """Kept series: first the central run, then those at `points`, then padding to eight runs.

    The central run leads as draw 0 does in a block: a stage may set a draw against it.
    """
    centre = np.full((1, len(factors)), np.nan)
    padding = np.repeat(centre, -(len(points) + 1) % _WIDTH, axis=0)
    points = np.concatenate([centre, points, padding])
    sampler = Sampler(parameters, years, seed=0)
    params = steer(sampler, factors, points)
    columns: dict[str, Floats] = {}
    for i, factor in enumerate(factors):
        if factor.kind != "choice":  # several cells of one parameter may be moved
            old = columns.get(factor.parameter, points[:, :0])
            columns[factor.parameter] = np.column_stack([old, points[:, i]])
    state = project_shared(params, columns, years, len(points))
    return reduce(state, params, targets)


def project_shared(
    params: Mapping[str, xr.DataArray], columns: Mapping[str, Floats], years: Sequence[int], n: int
) -> xr.Dataset:
    """Everything that the stages write, for n runs; columns: parameter -> coordinates (run, k)."""
    moved = [name for name in params if "draw" in params[name].dims]
    seen: list[str] = []
    rows = np.zeros(_WIDTH, np.intp)  # the run that each computed draw stands for
    place = np.zeros(n, np.intp)  # the computed draw of each run
    state = xr.Dataset(coords={"year": list(years), "draw": np.arange(_WIDTH)})
    options = xr.set_options(arithmetic_join="exact", keep_attrs=False)  # type: ignore[no-untyped-call]
    with options:
        for stage in pipeline.STAGES:
            seen += [name for name in stage.PARAMETERS if name in moved and name not in seen]
            new_rows, new_place = _distinct(seen, columns, n)
            if len(new_rows) != len(rows) or not np.array_equal(new_rows, rows):
                state = _spread(state, place[new_rows])
                rows, place = new_rows, new_place
            own = {name: _cut(params[name], rows) for name in stage.PARAMETERS}
            if _CARRIER in own and not any("draw" in a.dims for a in own.values()):
                own[_CARRIER] = own[_CARRIER].expand_dims(draw=np.arange(len(rows)), axis=-1)
            inputs = state[list(stage.READS)].assign_coords(state.coords)
            out = stage.project(inputs, own)
            state = state.assign({name: out[name] for name in stage.WRITES})
        pipeline.check_balance(state)
    return _spread(state, place)


def _distinct(
    names: Sequence[str], columns: Mapping[str, Floats], n: int
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Runs that differ in the named parameters, padded to a multiple of eight; each run's place.

    The central run stands first: its coordinates sort before all others.
    """
    if not names:
        return np.zeros(_WIDTH, np.intp), np.zeros(n, np.intp)
    table = np.column_stack([np.nan_to_num(columns[name], nan=-1.0) for name in names])
    _, first, place = np.unique(table, axis=0, return_index=True, return_inverse=True)
    rows = np.concatenate([first, np.repeat(first[:1], -len(first) % _WIDTH)])
    return rows.astype(np.intp), place.reshape(-1).astype(np.intp)


def _spread(state: xr.Dataset, index: npt.NDArray[np.intp]) -> xr.Dataset:
    arrays = {str(name): _taken(array, index) for name, array in state.data_vars.items()}
    return xr.Dataset(arrays, {"year": state.year, "draw": np.arange(len(index))})


def _cut(array: xr.DataArray, rows: npt.NDArray[np.intp]) -> xr.DataArray:
    return _taken(array, rows) if "draw" in array.dims else array


def _taken(array: xr.DataArray, index: npt.NDArray[np.intp]) -> xr.DataArray:
    """Draws by place, dim draw last and next to each other in memory.

    Indexing alone may lay the array out otherwise, and sums then round otherwise.
    """
    array = array.transpose(..., "draw")
    coords = {k: v for k, v in array.coords.items() if "draw" not in v.dims}
    values = np.take(array.values, index, axis=-1)
    coords["draw"] = xr.DataArray(np.arange(len(index)), dims="draw")
    return xr.DataArray(values, coords, array.dims, attrs=array.attrs)
