"""Counts made parameters: each with the error of its quality, and how the levers of people meet them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from sim.known import people
from sim.known.condition import OWN, PREFIX, YOUNG, YOUNG_SD
from sim.known.table import Count
from sim.known.words import OBSERVED, Indicator
from sim.params import Parameter, Range, central
from sim.params.record import Record
from sim.params.units import unit
from sim.places.levels import PLACE, level_of
from sim.places.rare import SPREAD, relative_sd

SOURCE = "local_count"
_NORMAL = 1.96  # standard deviations on either side of 95 % of a normal distribution
_WIDEST = 0.95  # of a range below the count: it stays above 0


def counted_parameters(
    parameters: Mapping[str, Parameter],
    counts: Sequence[Count],
    indicators: Mapping[str, Indicator],
    years: Sequence[int],
    shared: Mapping[str, Parameter],
) -> dict[str, Parameter]:
    """`parameters` and `known.*`: a parameter for each count, what meets them, whose figures stand.

    years: of the model, the base first.  shared: the nation's records: no lever is held to be surer than
    there, for a count stands before what was fitted without it.
    """
    sds = {count.label: error_of(count, parameters) for count in counts}
    out = dict(parameters)
    for count in counts:
        out[f"{PREFIX}{count.label}"] = _parameter(count, sds[count.label])
    own = {name: bool(i.of) and level_of(parameters[i.of]) == PLACE for name, i in indicators.items() if i.of}
    flags = xr.DataArray([float(v) for v in own.values()], {"count": list(own)}, ("count",))
    out[OWN] = _made(OWN, flags, "", "indicators whose figure of the base year is the place's own")
    wide = float(parameters[SPREAD].data)
    before = [relative_sd(parameters[f"outcomes.{rates[0]}"], wide) for rates in YOUNG.values()]
    sd = xr.DataArray(before, {"count": list(YOUNG)}, ("count",))
    out[YOUNG_SD] = _made(YOUNG_SD, sd, "", "how well rates of rare deaths were known before their counts")
    asked = {(c.indicator.id, c.year): c.value for c in counts if c.indicator.id in people.KINDS}
    if asked:
        error = np.array([sds[f"{kind}_{year}"] for kind, year in asked])
        tables = people.gain(central(parameters, years), years, asked, error, prior_of(parameters, shared))
        key = "".join(parameters[n].hash for n in sorted(parameters) if n.split(".")[0] in _PEOPLE)
        said = ("how the levers of people meet the counts", "what each lever of people does to each count")
        for name, table, words in zip((people.GAIN, people.EFFECT), tables, said, strict=True):
            out[name] = _made(name, table, key, words)
    return out


_PEOPLE = ("population", "mortality", "fertility", "migration")


def error_of(count: Count, parameters: Mapping[str, Parameter]) -> float:
    """Relative error of a count, one standard deviation: of its quality, and chance where deaths are few."""
    name = count.indicator.id
    if name in OBSERVED:
        own = float(parameters["observation.error"].data.sel(indicator=OBSERVED[name]))
    else:
        own = float(parameters["known.error"].data.sel(count=name))
    sd = own * float(parameters["known.error_by_quality"].data.sel(grade=count.quality))
    chance = 1.0 / np.sqrt(count.value + 1.0) if name in YOUNG else 0.0
    return float(np.hypot(sd, chance))


def _parameter(count: Count, sd: float) -> Parameter:
    """A count as a parameter, its error normal, cut where it would leave nothing."""
    i = count.indicator
    half = min(_NORMAL * sd, _WIDEST)
    record = Record.model_validate(
        {
            "name": {"zh": f"{count.year}年{i.zh}", "en": f"{i.en}, {count.year}"},
            "unit": i.unit,
            "value": float(count.value),
            "year": count.year,
            "source": SOURCE,
            "locator": count.source,
            "basis": "measured",
            "quality": count.quality,
            "range": {"distribution": "normal", "low": 1 - half, "high": 1 + half, "scale": "relative"},
            "note": count.note,
        }
    )
    data = xr.DataArray(count.value * unit(i.unit).factor)
    digest = hashlib.sha256(record.model_dump_json().encode()).hexdigest()
    file = Path(count.place.partition(": ")[0])
    return Parameter(f"{PREFIX}{count.label}", record, data, file, digest, level=PLACE)


def _made(name: str, data: xr.DataArray, key: str, said: str) -> Parameter:
    """A table that is made of counts and parameters: no figure of its own."""
    named = {"name": {"zh": said, "en": said}, "values": {}, "dims": tuple(map(str, data.dims))}
    record = Record.model_validate(_EMPTY | named)
    digest = hashlib.sha256(f"{name}{key}".encode())
    digest.update(np.ascontiguousarray(data.values).tobytes())
    digest.update("".join(str(v) for d in data.dims for v in data[d].values).encode())
    return Parameter(name, record, data, Path(name), digest.hexdigest(), level=PLACE)


_EMPTY: dict[str, Any] = {
    "unit": "1",
    "year": "all",
    "source": SOURCE,
    "basis": "derived",
    "quality": "D",
    "exact": "made of the counts; their errors are drawn",
}


def prior_of(parameters: Mapping[str, Parameter], shared: Mapping[str, Parameter]) -> people.Prior:
    """How far each lever may lie off: as the place's records say, and no less than the nation's."""

    def wider(name: str) -> Range | None:
        own = parameters[name].record.range
        nation = shared[name].record.range if name in shared else None
        return own if nation is None or (own is not None and _size(own) >= _size(nation)) else nation

    return people.Prior(
        wider("migration.level_error"),
        wider(people.RATIO),
        wider(people.GAP),
        wider("mortality.e0_path_error"),
        tuple(wider(name) for name in people.BASE),
        float(parameters["known.births_swing"].data),
        float(parameters["known.e0_swing"].data),
    )


def _size(spread: Range) -> float:
    """How wide a range is, to be set beside another of its form: of a path its first width above none."""
    if spread.sd is None:
        return float(spread.high or 0.0) - float(spread.low or 0.0)
    stated = spread.sd.values() if isinstance(spread.sd, dict) else (spread.sd,)
    return min(sd for sd in stated if sd > 0)
