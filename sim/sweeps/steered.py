"""Blocks of a sweep: parameters steered run by run, only the wanted outputs kept.

Each stage is computed once for every different combination of what it depends on: runs that
differ only in length of stay share one population.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import xarray as xr

from sim.arrays import Floats
from sim.known import is_known
from sim.params import Parameter, Sampler, for_journey
from sim.plan.targets import PlanTarget
from sim.run.kept import reduce, variables
from sim.run.reached import Classes, Index, taken, walk_counted, walk_reached
from sim.run.version import model_version
from sim.sweeps.factors import Factor
from sim.sweeps.outputs import Output, evaluate, read_by
from sim.sweeps.steering import steer

_WIDTH = 8  # runs are computed at a multiple of this many: the same vector code each time


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

    def __getstate__(self) -> dict[str, object]:
        return self.__dict__ | {"parameters": for_journey(self.parameters)}

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
        wanted = read_by(self.outputs)
        kept = series(self.parameters, self.factors, self.points, self.years, self.targets, wanted)
        values = evaluate(self.outputs, kept, self.parameters)[1 : 1 + len(self.points)]
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
    wanted: Collection[str] | None = None,
) -> dict[str, xr.DataArray]:
    """Kept series: first the central run, then those at `points`, then padding to eight runs.

    wanted: the series that are asked for; the stages that they need are computed, no others.
    The central run leads as draw 0 does in a block: a stage may set a draw against it.
    """
    centre = np.full((1, len(factors)), np.nan)
    padding = np.repeat(centre, -(len(points) + 1) % _WIDTH, axis=0)
    points = np.concatenate([centre, points, padding])
    sampler = Sampler(parameters, years, seed=0)
    params = steer(sampler, factors, points)
    if is_known(params):
        found, state = walk_counted(params, years, len(points))
        return reduce(state, found, targets)
    columns: dict[str, Floats] = {}
    for i, factor in enumerate(factors):
        if factor.kind != "choice":  # several cells of one parameter may be moved
            old = columns.get(factor.parameter, points[:, :0])
            columns[factor.parameter] = np.column_stack([old, points[:, i]])
    read = None if wanted is None else variables(wanted)
    state = walk_reached(_Runs(params, columns, len(points)), years, read)
    return reduce(state, params, targets)


class _Runs:
    """Runs of a sweep, told apart by the coordinates of the parameters that are moved."""

    def __init__(self, params: Mapping[str, xr.DataArray], columns: Mapping[str, Floats], n: int) -> None:
        self._params = params
        self._columns = columns  # parameter -> coordinates (run, k)
        self._n = n

    def classes(self, read: Collection[str]) -> Classes:
        """Runs that differ in the named parameters, padded to a multiple of eight.

        The central run stands first: its coordinates sort before all others.
        """
        names = [name for name in self._columns if name in read and "draw" in self._params[name].dims]
        if not names:
            return Classes(np.zeros(_WIDTH, np.intp), np.zeros(self._n, np.intp))
        table = np.column_stack([np.nan_to_num(self._columns[name], nan=-1.0) for name in names])
        _, first, place = np.unique(table, axis=0, return_index=True, return_inverse=True)
        rows = np.concatenate([first, np.repeat(first[:1], -len(first) % _WIDTH)])
        return Classes(rows.astype(np.intp), place.reshape(-1).astype(np.intp))

    def parameter(self, name: str, rows: Index) -> xr.DataArray:
        """One parameter in some runs."""
        return taken(self._params[name], rows)
