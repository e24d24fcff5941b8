"""The hospital file: every replication's figures and daily occupancy, and the bed curve, as one Dataset."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from sim.hospital import Result
from sim.hospital.replication import FIGURES
from sim.hospital.stress import CurvePoint
from sim.stress.rows import Row

FACTORS = (0.85, 0.95, 1.0, 1.05, 1.15)  # bed numbers tried, relative to the formula's answer


@dataclass(frozen=True)
class Answer:
    """One region, year and case: the simulated pools, the bed curve and the formulas."""

    region: str
    year: int
    surge: str
    result: Result
    warm_up: int
    curve: tuple[CurvePoint, ...]
    rows: tuple[Row, ...]


def dataset(answers: Sequence[Answer]) -> xr.Dataset:
    """All answers of one call, dims region, year, surge, pool and those of `_frame`."""
    data = _frame(answers)
    for answer in answers:
        at = {"region": answer.region, "year": answer.year}
        case = {**at, "surge": answer.surge}
        pools = answer.result.system.pools
        done = answer.result.replications
        some = {"replication": np.arange(len(done))}
        figures = np.stack([r.figures for r in done], axis=-1)
        data["figure_value"].loc[{**case, **some}] = figures
        daily = np.stack([r.daily for r in done], axis=-1)[:, : data.sizes["day"]]
        data["occupancy_daily"].loc[{**case, **some}] = daily
        data["beds"].loc[at] = [p.beds for p in pools]
        data["load"].loc[at] = [p.load for p in pools]
        data["warm_up_days"].loc[at] = answer.warm_up
        for p in pools:
            points = [c for c in answer.curve if c.pool == p.name]
            for name, values in _curve_values(points).items() if points else ():
                data[name].loc[{**at, "pool": p.name}] = values
    _describe(data)
    return data


def _frame(answers: Sequence[Answer]) -> xr.Dataset:
    """The Dataset with all its cells NaN."""
    coords: dict[str, Any] = {
        "region": list(dict.fromkeys(a.region for a in answers)),
        "year": list(dict.fromkeys(a.year for a in answers)),
        "surge": list(dict.fromkeys(a.surge for a in answers)),
        "pool": [p.name for p in answers[0].result.system.pools],
        "figure": list(FIGURES),
        "replication": np.arange(max(len(a.result.replications) for a in answers)),
        "day": np.arange(1, 366),
        "point": np.arange(len(FACTORS)),
    }
    place = ("region", "year")
    dims: dict[str, tuple[str, ...]] = {
        "figure_value": (*place, "surge", "pool", "figure", "replication"),
        "occupancy_daily": (*place, "surge", "pool", "day", "replication"),
        "beds": (*place, "pool"),
        "load": (*place, "pool"),
        "warm_up_days": place,
        **{name: (*place, "pool", "point") for name in _CURVE},
    }
    empty = {name: (of, np.full([len(coords[d]) for d in of], np.nan)) for name, of in dims.items()}
    return xr.Dataset(empty, coords=coords)


_CURVE = (
    "curve_beds",
    "curve_blocked",
    "curve_blocked_low",
    "curve_blocked_high",
    "curve_occupancy",
)


def _curve_values(points: Sequence[CurvePoint]) -> dict[str, list[float]]:
    rows = [
        (c.beds, c.blocked.mean, max(0.0, c.blocked.low), c.blocked.high, c.occupancy.mean) for c in points
    ]
    return dict(zip(_CURVE, map(list, zip(*rows, strict=True)), strict=True))


def _describe(data: xr.Dataset) -> None:
    texts = {
        "figure_value": ("1", "figure of one replication, unit by figure as in hospital.csv"),
        "occupancy_daily": ("1", "share of the pool's beds in use, mean of the day"),
        "beds": ("bed", "open beds of the pool in the region"),
        "load": ("bed", "beds that the year's admissions fill on average (offered load)"),
        "warm_up_days": ("day", "days dropped before the year (MSER-5)"),
        "curve_beds": ("bed", "bed numbers tried"),
        "curve_blocked": ("1", "emergencies that find their own unit full"),
        "curve_blocked_low": ("1", "lower 95 % bound of curve_blocked"),
        "curve_blocked_high": ("1", "upper 95 % bound of curve_blocked"),
        "curve_occupancy": ("1", "mean share of beds in use"),
    }
    for name, (units, text) in texts.items():
        if name in data:
            data[name].attrs.update(units=units, long_name=text)
