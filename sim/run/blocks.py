"""A run cut into blocks of draws, each a pure function of its payload.

Its key is the hash of that payload and of the model's own source, so a finished block is never
computed twice and never mistaken for another.  A draw's numbers are the same to the bit in any
block: nothing is summed or solved across draws.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

import numpy as np
import xarray as xr

from sim.arrays import Integers
from sim.digits import to_digits
from sim.known import conditioned
from sim.labelled import labelled_set
from sim.params import Packed, Parameter, Sampler, Shared, for_journey, hashes
from sim.plan.targets import PlanTarget
from sim.run import pipeline
from sim.run.kept import ALWAYS, Kept, reduce, variables
from sim.run.memory import keep_freed
from sim.run.version import model_version
from sim.schema import NOT_KEPT

_KEPT = frozenset(name for stage in pipeline.STAGES for name in stage.WRITES).difference(NOT_KEPT)
_DRAWN = 2  # groups of neighbours whose shared draws are kept
_WIDTH = 8  # a block is computed at a multiple of this many draws: the same vector code each time


@dataclass(frozen=True)
class Block:
    """Some draws of one scenario and region."""

    scenario: str
    region: str
    first: int
    stop: int
    parameters: Mapping[str, Parameter]
    years: tuple[int, ...]
    seed: int
    targets: tuple[PlanTarget, ...] = ()
    series: tuple[str, ...] = ()
    """Those to keep; all if empty."""
    digits: int | None = None
    """Significant digits that are kept of each number."""

    def __getstate__(self) -> dict[str, object]:
        return self.__dict__ | {"parameters": for_journey(self.parameters)}

    @property
    def label(self) -> str:
        """For messages."""
        return f"{self.scenario}/{self.region} draws {self.first}..{self.stop - 1}"

    @functools.cached_property
    def key(self) -> str:
        """Hash of everything that the result depends on."""
        text = json.dumps(
            [
                model_version(),
                self.first,
                self.stop,
                list(self.years),
                self.seed,
                hashes(self.parameters),
                [asdict(t) for t in self.targets],
                self.series,
                self.digits,
            ]
        )
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    def compute(self) -> Kept:
        """The series to keep, in the precision of results.nc."""
        return self.rounded(compute(self))

    def rounded(self, kept: Kept) -> Kept:
        """Series in the precision of results.nc."""
        single = {name: array.astype(np.float32) for name, array in kept.items()}
        if self.digits is None:
            return single
        return {name: array.copy(data=to_digits(array.values, self.digits)) for name, array in single.items()}


@dataclass(frozen=True)
class Begun:
    """A block after its first stage."""

    block: Block
    params: Mapping[str, xr.DataArray]
    state: xr.Dataset
    labels: Integers
    """Of its draws, the central one in front."""
    own: slice
    """The draws that are wanted."""

    @property
    def wanted(self) -> frozenset[str]:
        """Variables that its series need; without any named, all that a run keeps."""
        return variables(self.block.series) if self.block.series else _KEPT


def compute(block: Block) -> Kept:
    """The series of one block."""
    return end(begin(block))


def begin(block: Block) -> Begun:
    """A block's parameters, and what the first stage makes of them.

    Draw 0 leads every block, whether or not it is wanted: a stage may set a draw against the
    central one.
    """
    keep_freed()
    draws, labels, own = numbered(block.first, block.stop)
    params = conditioned(drawn(block, draws, labels), block.years, labels.tolist())
    empty = labelled_set({}, {"year": list(block.years), "draw": labels.tolist()})
    begun = Begun(block, params, empty, labels, own)
    state = pipeline.walk(empty, params, pipeline.STAGES[:1], begun.wanted)
    pipeline.check_balance(state)
    return replace(begun, state=state)


def end(begun: Begun) -> Kept:
    """The series of a block that was begun."""
    block, wanted = begun.block, begun.wanted
    state = pipeline.walk(begun.state, begun.params, pipeline.stages_for(wanted)[1:], wanted)
    kept = reduce(state, begun.params, block.targets)
    return asked_for(block, {k: a.isel(draw=begun.own) if "draw" in a.dims else a for k, a in kept.items()})


def asked_for(block: Block, kept: Kept) -> Kept:
    """Of the series of a block those that it is to keep; ages in the block with draw 0 alone."""
    if block.series:
        kept = {name: kept[name] for name in (*block.series, *ALWAYS) if name in kept}
    if block.first > 0:
        kept.pop("population_central", None)
    return kept


def drawn(block: Block, draws: Integers, labels: Integers) -> dict[str, xr.DataArray]:
    """Every parameter in some draws; those that a place shares with its neighbours are drawn once."""
    own = block.parameters
    if not isinstance(own, Packed):
        return _sampler(own, block.years, block.seed).block(draws.tolist(), labels=labels)
    common = _drawn_once(own.shared, block.years, block.seed, tuple(draws.tolist()), tuple(labels.tolist()))
    return {**common, **_sampler(own.own, block.years, block.seed).block(draws.tolist(), labels=labels)}


@functools.lru_cache(maxsize=_DRAWN)
def _drawn_once(
    shared: Shared, years: tuple[int, ...], seed: int, draws: tuple[int, ...], labels: tuple[int, ...]
) -> dict[str, xr.DataArray]:
    found = _sampler(shared, years, seed).block(draws, labels=np.array(labels))
    for array in found.values():
        array.values.flags.writeable = False  # for other places too
    return found


def _sampler(parameters: Mapping[str, Parameter], years: tuple[int, ...], seed: int) -> Sampler:
    """Draws of as much of every parameter as the stages read."""
    return Sampler(parameters, years, seed, pipeline.PARTS)


def numbered(first: int, stop: int) -> tuple[Integers, Integers, slice]:
    """Draws to compute for those from `first` to `stop`, their labels, and which are wanted.

    Draw 0 leads; the last ones fill the width and are dropped: labelled below 0, so that none repeats.
    """
    wanted = np.arange(first, stop)
    lead = np.zeros(int(first > 0), int)
    padding = -(len(lead) + len(wanted)) % _WIDTH
    draws = np.concatenate([lead, wanted, np.full(padding, wanted[0])])
    labels = np.concatenate([lead, wanted, -1 - np.arange(padding)])
    return draws, labels, slice(len(lead), len(lead) + len(wanted))
