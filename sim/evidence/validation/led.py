"""What counts since the census are worth: to the province whose they are, and to the places inside it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import xarray as xr

from sim.arrays import Floats
from sim.demography.calibrate import Score, indicators
from sim.demography.stage import project
from sim.evidence.backtest import backtest
from sim.evidence.calibration.pairs import published
from sim.evidence.left_out import BASE, quality
from sim.evidence.setups import plain_setup
from sim.evidence.validation.common import SETS
from sim.evidence.validation.markdown import table
from sim.params import Parameter, central, override
from sim.places import find_region, list_places, list_regions, read_as_made, read_observed, read_place
from sim.places.led import LEVEL, RATIO

DRAWS = 60
_KNOWN, _SCORED = (BASE, BASE + 1), BASE + 2
_INSIDE = ("births", "population_total")


def led_section(root: Path) -> str:
    """The section of the page."""
    rows = []
    for (figure, known), scores in known_to(root).items():
        q = quality(scores)
        errors = (f"{100 * q.rmse:.2f} %", f"{100 * q.last_rmse:.2f} %", f"{100 * q.bias:+.2f} %")
        rows.append((figure, str(known), str(q.n), *errors, f"{q.covered_seen:.2f}"))
    head = ("figure", "known to", "n", "RMSE", "last value", "bias", "in band, with error")
    inside = [
        (figure, str(errors.size), *(_said(e) for e in (still, errors)))
        for figure, (still, errors) in inside_errors(root).items()
    ]
    return f"## Counts since the census\n\n{_HEAD}\n\n{table(head, rows)}\n{_READ}\n\n" + table(
        ("figure", "n", "nothing known since 2020: RMSE, bias", "moving as the province"), inside
    )


def known_to(root: Path) -> dict[tuple[str, int], list[Score]]:
    """Every province in 2022, its counts known to the census or to the year after, by figure and year."""
    regions = list_regions(root)
    found: dict[tuple[str, int], list[Score]] = {}
    for code, observed in published(root).items():
        region = find_region(root, code, regions)
        setup = plain_setup(root, [region], {code: read_place(root, code)}, DRAWS)
        for known in _KNOWN:
            for score in backtest(setup, region, known, _SCORED, ("nation",), observed).scores:
                if score.year == _SCORED:
                    found.setdefault((score.indicator, known), []).append(score)
    return dict(sorted(found.items()))


def inside_errors(root: Path) -> dict[str, tuple[Floats, Floats]]:
    """Relative errors of prefectures with a folder, read as if they had none, by figure.

    First with nothing known since the census, then moving as what was counted of their province.
    """
    places = list_places(root)
    out: dict[str, tuple[list[float], list[float]]] = {name: ([], []) for name in _INSIDE}
    for code, region in list_regions(root).items():
        if code not in places or places[code].level != "prefecture" or region.parent is not None:
            continue
        seen = read_observed(root / "parameters" / region.folder / "observed.csv")
        seen = [o for o in seen if o.indicator in _INSIDE and o.year > BASE]
        if not seen:
            continue
        moving = read_as_made(root, region, SETS)
        years = list(range(BASE, max(o.year for o in seen) + 1))
        for i, own in enumerate((held(moving), moving)):
            model = indicators(project(xr.Dataset(), central(own, years)))
            for o in seen:
                out[o.indicator][i].append(float(model[o.indicator].sel(year=o.year)[0]) / o.value - 1)
    return {name: (np.array(still), np.array(moving)) for name, (still, moving) in out.items()}


def held(own: dict[str, Parameter]) -> dict[str, Parameter]:
    """A place of which nothing is known since the census."""
    ratio, level = (float(own[name].data.isel(year=0)) for name in (RATIO, LEVEL))
    lasts = level * float(own["migration.lasting"].data)
    own = override(own, RATIO, {BASE: ratio}, "held")
    return override(own, LEVEL, {BASE: level, BASE + 1: lasts}, "held")


def _said(errors: Floats) -> str:
    return f"{100 * np.sqrt(np.mean(errors**2)):.2f} %, {100 * errors.mean():+.2f} %"


_HEAD = (
    "Every province is led through the births and totals that it published since the census, those without "
    "a folder by `parameters/places/led`. What the year after the census is worth for the one after that:"
)
_READ = (
    "A place whose own births and totals nobody published moves as the nearest place above it that has them: "
    "its fertility by the same ratio, its net migration by as many per resident. Prefectures of Henan and "
    "Guangdong, read as if they had no folder, beside what they published to 2024 (their own counts are a "
    "part of their province's, a seventeenth on average):"
)
