"""Whether what the nation's counts since the census say of its base and its mortality holds for its places.

The nation's run meets its counts of people of 60 and over and of deaths by more people at the base and by
fewer deaths than its published life expectancy means.  Given to every place as it is (benchmarking: the parts
get the whole's relative change), does that bring places nearer to what they published?
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import xarray as xr

from sim.arrays import Floats
from sim.demography.calibrate import Observation, indicators
from sim.demography.stage import project
from sim.evidence.calibration.pairs import published
from sim.evidence.setups import plain_setup
from sim.evidence.validation.common import SETS
from sim.evidence.validation.led import held
from sim.evidence.validation.markdown import table
from sim.evidence.validation.sums import BASE, LAST
from sim.known import conditioned
from sim.known.people import BASE as ERRORS
from sim.params import Parameter, central, override
from sim.places import find_region, list_regions, read_observed, read_place
from sim.places.led import GAP
from sim.places.region import NATION
from sim.run.counted import with_counts

_FIGURES = ("population_60+", "population_65+", "deaths")
VARIANTS: Mapping[str, tuple[bool, bool]] = {
    "as it is": (False, False),
    "base": (True, False),
    "deaths": (False, True),
    "both": (True, True),
}
"""What of the nation's a place is given: the change of its base, of its life expectancy."""


@dataclass(frozen=True)
class Moved:
    """What the nation's counts move in its own run, the central line."""

    base: dict[str, float]
    """Relative error of the base population by record."""
    gap: dict[int, float]
    """Years of life expectancy by year."""


def shared_section(root: Path) -> str:
    """The section of the page."""
    moved = nation_moves(root)
    rows = []
    for (places, figure), by in tried(root, moved).items():
        cells = [f"{100 * _rms(e):.2f} %, {100 * e.mean():+.2f} %" for e in by.values()]
        cells[1:] = [
            f"{cell} ({10_000 * mean:+.2f} ± {10_000 * error:.2f})"
            for cell, (mean, error) in zip(cells[1:], (gain(by, name) for name in [*by][1:]), strict=True)
        ]
        rows.append((places, figure, str(by["as it is"].size), *cells))
    head = ("places", "figure", "n", *(f"{name}: RMSE, bias" for name in VARIANTS))
    old, gap = 100 * moved.base[ERRORS[-1]], moved.gap
    told = ", ".join(f"{gap[year]:+.2f} in {year}" for year in range(BASE + 1, LAST + 1))
    return (
        "## Whether the nation's counts say something of its places\n\n"
        f"The nation's run has {old:+.2f} % of people of 60 and over at the base, and life expectancy "
        f"{told} years beside the published one, for its counts. {_HEAD}\n\n{table(head, rows)}\n{_READ}\n"
    )


def nation_moves(root: Path) -> Moved:
    """What the nation's counts since the census move."""
    years = list(range(BASE, LAST + 1))
    region = find_region(root, NATION, list_regions(root))
    own = read_place(root, region, SETS)
    led, _ = with_counts(root, region, own, plain_setup(root, [region], {NATION: own}, 0).experiment, years)
    before = central(led, years)
    after = conditioned(before, years)
    change = {n: (after[n] - before[n]).squeeze() for n in (*ERRORS, GAP)}
    gap = {year: float(change[GAP].sel(year=year)) for year in years}
    return Moved({n: float(change[n]) for n in ERRORS}, gap)


def tried(root: Path, moved: Moved) -> dict[tuple[str, str], dict[str, Floats]]:
    """Relative errors by kind of place and figure, of each variant."""
    found: dict[tuple[str, str], dict[str, list[float]]] = {}
    for kind, own, seen in _places(root):
        seen = [o for o in seen if o.indicator in _FIGURES and o.year > BASE]
        if not seen:
            continue
        years = list(range(BASE, max(o.year for o in seen) + 1))
        for name, (base, deaths) in VARIANTS.items():
            model = indicators(project(xr.Dataset(), central(given(own, moved, base, deaths), years)))
            for o in seen:
                by = found.setdefault((kind, o.indicator), {n: [] for n in VARIANTS})
                by[name].append(float(model[o.indicator].sel(year=o.year)[0]) / o.value - 1)
    return {key: {n: np.array(e) for n, e in by.items()} for key, by in sorted(found.items())}


def gain(by: Mapping[str, Floats], name: str) -> tuple[float, float]:
    """By how much a variant's squared errors are lower, the mean of the pairs and its standard error."""
    pairs = by["as it is"] ** 2 - by[name] ** 2
    return float(pairs.mean()), float(pairs.std(ddof=1) / np.sqrt(pairs.size))


def given(own: Mapping[str, Parameter], moved: Moved, base: bool, deaths: bool) -> dict[str, Parameter]:
    """A place's parameters with what the nation's counts move of its base, of its life expectancy."""
    out = dict(own)
    if base:
        for name, value in moved.base.items():
            out = override(out, name, float(own[name].data) + value, "shared")
    if deaths:
        gap = float(own[GAP].data)
        out = override(out, GAP, {year: gap + value for year, value in moved.gap.items()}, "shared")
    return out


def _places(root: Path) -> Iterator[tuple[str, dict[str, Parameter], list[Observation]]]:
    """Provinces with nothing known since the census, and regions with a folder as they stand."""
    for code, seen in published(root).items():
        yield "provinces, 2021-22", held(read_place(root, code)), seen
    for code, region in list_regions(root).items():
        if code == NATION or region.parent is not None or code.endswith("0000"):
            continue
        seen = read_observed(root / "parameters" / region.folder / "observed.csv")
        yield "cities with a folder, 2021-24", read_place(root, code), seen


def _rms(errors: Floats) -> float:
    return float(np.sqrt(np.mean(errors**2)))


_HEAD = (
    "Given to every place alike, the sum of the provinces meets the nation; whether it brings each nearer to "
    "what it published itself, in brackets by how much the mean squared error falls (per cent squared) and "
    "the standard error of that, place by place:"
)
_READ = (
    "What the provinces published of people of 65 and over cannot tell: the bias of the base goes, the "
    "errors stay within chance. The cities lose by three standard errors at 60 and over. Deaths of "
    "provinces are met better with fewer, by two standard errors, those of the cities are not; deaths "
    "published in 2021-22 are those that contradict the published life expectancy, in which plans state "
    "their targets. So neither is taken in: a place's people of 60 and over stand on its census, and the sum "
    "of the provinces below the nation by the difference that the section above shows. A survey of a place's "
    "old people, or its counts in known.csv, would move it."
)
