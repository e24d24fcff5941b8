"""Groups of a census table wider than the model's, split as the place above is, and what that leaves unsure.

County bulletins often begin with 0-4 and end with 80 and over.  Synthetic estimation: the shares of the
larger area hold in each of its parts (Rao & Molina 2015, Small Area Estimation, 2nd ed., section 3.2).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from sim.arrays import Floats
from sim.params import Parameter, read_once
from sim.params.alike import alike
from sim.places.census_words import OPEN, Span, shown
from sim.places.nation import Place, list_places, place_censuses, tables_of_places
from sim.places.region import SPLIT_OLD, SPLIT_YOUNG, Region
from sim.places.said import joined, said

_YEAR = 2020
_PREFECTURE, _SMALLER = ("prefecture",), ("county", "zone")
"""Levels of the places that a prefecture, and any smaller one, is like."""
_QUALITIES = "ABCD"
_OF_INFANTS = ("fertility.tfr_ratio", "fertility.tfr_floor", "fertility.srb")
_OF_ALL = "population.base"


def filled(span: Span, starts: Sequence[int]) -> slice | None:
    """The model's groups that a wider one of a table is split into; None where it is not split.

    span: first and last age.  starts: first age of each of the model's groups, the last open.
    """
    if shown(span) not in (SPLIT_YOUNG, *SPLIT_OLD) or span[0] not in starts:
        return None
    ends = [*(start - 1 for start in starts[1:]), OPEN]
    first = starts.index(span[0])
    return slice(first, ends.index(span[1]) + 1) if span[1] in ends[first + 1 :] else None


def whole_parts(people: int, pattern: Floats) -> Floats:
    """Persons of each part, whole, that sum to `people`: largest remainder, the earlier part of equal ones.

    pattern: persons of each part elsewhere, (part,), of which some are above 0.
    """
    exact = people * pattern / pattern.sum()
    parts = np.floor(exact)
    first = np.argsort(-(exact - parts), kind="stable")[: round(people - parts.sum())]
    parts[first] += 1
    return np.asarray(parts)


def parts_said(span: Span, starts: Sequence[int]) -> list[str]:
    """The groups that one is split into, as messages name them."""
    ends = [*(start - 1 for start in starts[1:]), OPEN]
    inside = filled(span, starts)
    return [] if inside is None else [shown((starts[g], ends[g])) for g in range(inside.start, inside.stop)]


def infants_missed(root: Path, level: str) -> float:
    """By how much age 0 is missed when 0-4 of places of a level is split so: sd of its log, 0.06 say.

    Of all such places of 2020 beside the place above each, weighted by their children of 0-4.
    """
    return alike(("infants missed", level), tables_of_places(root), partial(_infants_missed, root, level))


@read_once()
def _infants_missed(root: Path, level: str) -> float:
    places = list_places(root)
    alike = _PREFECTURE if level in _PREFECTURE else _SMALLER
    found = []
    for place in places.values():
        above = _above(places, place)
        if place.level in alike and above is not None:
            young = place_censuses(root, place.code)[_YEAR].counts[:, :2]
            around = place_censuses(root, above)[_YEAR].counts[:, :2]
            estimate = float((young.sum(axis=1) * around[:, 0] / around.sum(axis=1)).sum())
            if young[:, 0].sum() > 0:
                found.append((float(young.sum()), float(np.log(estimate / young[:, 0].sum()))))
    weight, missed = np.array(found).T
    return float(np.sqrt((weight * missed**2).sum() / weight.sum()))


def _above(places: Mapping[str, Place], place: Place) -> str | None:
    """Code of the prefecture of a place, else of its province; None without one."""
    codes = (place.prefecture, place.province)
    return next((c for c in codes if c in places and c != place.code), None)


def estimated(root: Path, region: Region, parameters: Mapping[str, Parameter]) -> dict[str, Parameter]:
    """The parameters made of a region's census, those of split groups told so and as unsure as they are.

    The TFR, which comes from the children of age 0, has the spread of `infants_missed` beside its own.
    """
    out = dict(parameters)
    young = dict(region.split).get(SPLIT_YOUNG)
    for name in (_OF_ALL, *_OF_INFANTS) if young else (_OF_ALL,):
        if not region.split or name not in out:
            continue
        codes = dict(region.split) if name == _OF_ALL else {SPLIT_YOUNG: str(young)}
        sd = infants_missed(root, region.level) if name == _OF_INFANTS[0] else None
        out[name] = _told(out[name], codes, sd)
    return out


def _told(parameter: Parameter, codes: Mapping[str, str], sd: float | None) -> Parameter:
    """A parameter that rests on shares assumed, a step lower; codes: whose shares split each group."""
    record, made = parameter.record, parameter.made or parameter.record.noted
    told = [said("split", group=group, code=code) for group, code in codes.items()]
    lower = _QUALITIES[min(_QUALITIES.index(record.quality) + 1, len(_QUALITIES) - 1)]
    changes: dict[str, object] = {"basis": "assumed", "quality": lower}
    spread = record.range
    if sd is not None and spread is not None and spread.sd is not None:
        stated = spread.sd
        wider = (
            {year: float(np.hypot(own, sd)) for year, own in stated.items()}
            if isinstance(stated, dict)
            else float(np.hypot(stated, sd))
        )
        changes["range"] = spread.model_copy(update={"sd": wider})
        told.append(said("split_missed", sd=sd))
    digest = hashlib.sha256(f"{parameter.hash}{sorted(codes.items())}{sd}".encode()).hexdigest()
    return replace(parameter, record=record.model_copy(update=changes), hash=digest, made=joined(made, *told))


def split_of(spans: Iterable[Span], code: str) -> tuple[tuple[str, str], ...]:
    """The groups split, youngest first, each with the code of whose shares: as a region states them."""
    return tuple((shown(span), code) for span in sorted(set(spans)))
