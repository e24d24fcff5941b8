"""The parts of a region beside the whole: projected alone, made to add up to it, needs from the result.

A block holds some draws of the whole and of every part, so that each draw is reconciled with its own
(sim.demography.reconcile). The needs of a part are those of the people that it then has: its residents
use services at the whole's rates for their age and sex wherever in it the hospitals stand (a synthetic
estimate; its own beds would say what is used in them, by people from around too), raked to the whole's
needs. Groups that add up within a place do so in every part. What the parts said alone, by their own
figures, is kept beside it: the difference says how far they are from the whole.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

import sim.burden
import sim.demand
import sim.demography
from sim.arrays import Floats
from sim.catalogue.bed_groups import ROWS
from sim.demography.reconcile import People, raked, reconcile, two_margins
from sim.known import conditioned
from sim.labelled import concat, labelled_set, made
from sim.params import Parameter, Sampler, for_journey
from sim.run import pipeline
from sim.run.blocks import numbered
from sim.run.kept import births_by_sex
from sim.run.setup import Setup
from sim.run.version import model_version
from sim.schema import AGES, SEXES, age_groups

LANES = 1024
"""Parts times draws that are in memory together."""
PEOPLE = ("population_group", "births", "deaths", "net_migration")
NEEDS = (
    *("admissions", "admissions_level", "visits", "bed_days", "dependent_elderly", "cases", "deliveries"),
    *(n for n in sim.demand.WRITES if n.endswith(("_required", "_required_norm"))),
)
"""Series of a part that add up over the parts."""
ALONE = "alone."
_CHAIN = (sim.burden, sim.demand)
_USE = frozenset(n for stage in _CHAIN for n in stage.PARAMETERS) - {"population.urban_share"}
"""How people of an age use services: of a part the whole's; how urban it is, is its own."""
_AGES = ("year", "sex", "age", "draw")
_DIMS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("population", "net_migration", "deaths", "mx"), _AGES),
    "births": ("year", "sex", "draw"),
    "births_by_age": ("year", "age", "draw"),
}
_DIVISIONS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "beds_required": (
        *(tuple(r.normal for r in ROWS if r.division == d) for d in ("level", "kind", "owner")),
        (*(r.id for r in ROWS if r.division == "class"), "private"),
    ),
    "childcare_slots_required": (("age_0", "age_1", "age_2"),),
    "ambulances_required": (("urban", "county"),),
}
"""Groups of a need that add up to its `total`, in a part as in the whole; of each division."""


@dataclass(frozen=True)
class PartsBlock:
    """Some draws of one scenario, of the whole and all its parts."""

    scenario: str
    region: str
    codes: tuple[str, ...]
    first: int
    stop: int
    parameters: Mapping[str, Parameter]
    of_parts: tuple[Mapping[str, Parameter], ...]
    years: tuple[int, ...]
    seed: int

    def __getstate__(self) -> dict[str, object]:
        return self.__dict__ | {
            "parameters": for_journey(self.parameters),
            "of_parts": tuple(map(for_journey, self.of_parts)),
        }

    @property
    def label(self) -> str:
        """For messages."""
        return (
            f"{self.scenario}/{self.region} and {len(self.codes)} parts, draws {self.first}..{self.stop - 1}"
        )

    @functools.cached_property
    def key(self) -> str:
        """Hash of everything that the result depends on."""
        hashes = [{n: p.hash for n, p in sorted(own.items())} for own in (self.parameters, *self.of_parts)]
        text = json.dumps(
            ["parts", model_version(), self.first, self.stop, list(self.years), self.seed, hashes]
        )
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    def compute(self) -> dict[str, xr.DataArray]:
        """Series of the parts (part, year, ...), and of the parts alone under names with ALONE."""
        return {name: array.astype(np.float32) for name, array in compute(self).items()}


def plan_parts(setup: Setup) -> list[PartsBlock]:
    """The blocks of the parts of a run; none where the experiment asks for none."""
    if not setup.parts:
        return []
    n, step = setup.experiment.draws.n + 1, max(8, LANES // len(setup.parts))
    (region,) = setup.regions
    return [
        PartsBlock(
            scenario,
            region.code,
            tuple(p.code for p in setup.parts),
            first,
            min(first + step, n),
            setup.parameters[scenario, region.code],
            tuple(setup.part_parameters[scenario, p.code] for p in setup.parts),
            setup.years,
            setup.experiment.draws.seed,
        )
        for scenario in setup.scenarios
        for first in range(0, n, step)
    ]


def compute(block: PartsBlock) -> dict[str, xr.DataArray]:
    """The series of one block, by draw; people of draw 0 by sex and single age besides."""
    draws, labels, own = numbered(block.first, block.stop)

    def drawn(parameters: Mapping[str, Parameter]) -> Mapping[str, xr.DataArray]:
        found = Sampler(parameters, block.years, block.seed).block(draws.tolist(), labels=labels)
        return conditioned(found, block.years, labels.tolist())

    def born(params: Mapping[str, xr.DataArray]) -> xr.Dataset:
        empty = labelled_set({}, {"year": list(block.years), "draw": labels.tolist()})
        state = pipeline.walk(empty, params, (sim.demography,))
        pipeline.check_balance(state)
        return state[list(_DIMS)]

    params = drawn(block.parameters)
    whole = born(params)
    total = series(pipeline.walk(whole, params, _CHAIN))
    inputs = [drawn(p) for p in block.of_parts]
    states = [born(p) for p in inputs]
    alone = [series(pipeline.walk(s, p, _CHAIN)) for s, p in zip(states, inputs, strict=True)]
    together = reconcile(_people([whole]), _people(states))
    del states
    shared = {n: a for n, a in params.items() if n in _USE}
    people, found = [], []
    for i, own_params in enumerate(inputs):
        state = _state(together, i, whole)
        pipeline.check_balance(state)
        people.append(state.population)
        found.append(series(pipeline.walk(state, {**own_params, **shared}, _CHAIN)))
    out = _reconciled(found, total)
    out |= {f"{ALONE}{name}": _stacked([s[name] for s in alone]) for name in out}
    if block.first == 0:
        central = [p.sel(draw=0, drop=True) for p in people]
        out["population_central"] = _stacked(central)
    return {k: a.isel(draw=own) if "draw" in a.dims else a for k, a in out.items()}


def series(state: xr.Dataset) -> dict[str, xr.DataArray]:
    """What is kept of a place: totals and groups that add up over places."""
    kept = {name: state[name] for name in NEEDS}
    kept["admissions"] = state.admissions.sum(("sex", "age"), skipna=False)
    kept["population_group"] = age_groups(state.population)
    kept["births"] = births_by_sex(state.births)
    for name in ("deaths", "net_migration"):
        kept[name] = state[name].sum(("sex", "age"), skipna=False)
    return kept


def _people(states: Sequence[xr.Dataset]) -> People:
    arrays = {n: np.stack([s[n].transpose(*d).values for s in states]) for n, d in _DIMS.items()}
    return People(**arrays)


def _state(people: People, part: int, like: xr.Dataset) -> xr.Dataset:
    """A part's people as the demography stage would have written them."""
    coords = {"year": like.year.values, "draw": like.draw.values, "sex": list(SEXES), "age": list(AGES)}
    arrays = {
        name: made(getattr(people, name)[part], coords, dims).assign_attrs(like[name].attrs)
        for name, dims in _DIMS.items()
    }
    return labelled_set(arrays)


def _stacked(arrays: Sequence[xr.DataArray]) -> xr.DataArray:
    return concat(arrays, "part")


def _reconciled(
    parts: Sequence[Mapping[str, xr.DataArray]], whole: Mapping[str, xr.DataArray]
) -> dict[str, xr.DataArray]:
    """Series of the parts: people as they are, needs raked to the whole's, divisions within them too."""
    out = {name: _stacked([p[name] for p in parts]) for name in (*PEOPLE, *NEEDS)}
    size = out["population_group"].sel(age_group="total", drop=True).isel(year=0, drop=True)
    share = (size / size.sum("part")).values  # (part, draw)
    for name in NEEDS:
        array = out[name].transpose("part", ..., "draw")
        total = whole[name].transpose(*[d for d in array.dims if d != "part"]).values[None]
        by_size = share.reshape(len(share), *[1] * (array.ndim - 2), -1)
        out[name] = array.copy(data=raked(array.values, total, by_size))
    for name, divisions in _DIVISIONS.items():
        (dim,) = (d for d in out[name].dims if d not in ("part", "year", "draw"))
        for groups in divisions:
            _divide(out[name], whole[name], str(dim), list(groups), share)
    return out


def _divide(array: xr.DataArray, whole: xr.DataArray, dim: str, groups: list[str], share: Floats) -> None:
    """Groups of a need in place: over the parts the whole's, over the groups the part's total."""
    order = ("part", "year", dim, "draw")
    table = array.sel({dim: groups}).transpose(*order)
    rows = array.sel({dim: "total"}).transpose("part", "year", "draw").values
    columns = whole.sel({dim: groups}).transpose(*order[1:]).values[None]
    fitted = two_margins(table.values, rows, columns, share[:, None, None])
    array.loc[{dim: groups}] = table.copy(data=fitted).transpose(*array.sel({dim: groups}).dims)
