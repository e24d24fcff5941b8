"""What could foretell net migration where none was observed, side by side, each province left out.

All that is tried is shown, that which is no better too.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from sim.arrays import Floats
from sim.evidence.calibration.economic import economic_regions
from sim.evidence.calibration.nested import left_out, nested
from sim.evidence.calibration.pairs import census_2000, counted, decade_nets, since_census, unknown_decade
from sim.evidence.validation.markdown import table
from sim.places.region import NATION

_NORTH_EAST = "north_east"
_YEAR = 2010
Regions = Mapping[str, str] | None


def unknown_section(root: Path) -> str:
    """The section: of the decade 2010-2020, and of the years since the census."""
    rows = [(name, *_said(*errors)) for name, errors in compared(root).items()]
    head = ("net migration 2010-2020 by", "RMS error", "mean", "mean, north-east")
    after = [(name, f"{100 * rms:.3f}") for name, rms in since_compared(root).items()]
    regions = since_regions(root)
    return (
        f"## Net migration where none was observed\n\n{_HEAD}\n\n{table(head, rows)}\n{_READ}\n\n"
        + table(("net migration since 2020 by", "RMS error"), after)
        + f"\n{_SINCE.format(100 * regions)}\n"
    )


def compared(root: Path) -> dict[str, tuple[Floats, Floats]]:
    """Errors of the yearly net rate of prefectures by method, and which of them lie in the north-east."""
    codes, away, nets = unknown_decade(root)
    province = [code[:2] for code in codes]
    economic = {code[:2]: region for code, region in economic_regions(root).items()}
    areas = {code: code[0] for code in economic}
    north_east = np.array([economic[p] == _NORTH_EAST for p in province])
    people = np.array([np.log(counted(root, code)[_YEAR].sum()) for code in codes])
    names = (code[:2] for code in sorted(set(census_2000(root)) - {NATION}))
    before = dict(zip(names, decade_nets(root)[0].tolist(), strict=True))
    line = np.column_stack([np.ones_like(away), away])
    tried: dict[str, tuple[Floats, Regions]] = {
        "residents over registered, one line": (line, None),
        "that, and size": (np.column_stack([line, people - people.mean()]), None),
        "that, a slope of its own where more live than are registered": (
            np.column_stack([line, np.maximum(away, 0.0)]),
            None,
        ),
        "that, and its province's migration of 2000-2010": (
            np.column_stack([line, [before[p] for p in province]]),
            None,
        ),
        "one line, provinces in the six areas of the codes": (line, areas),
        "one line, provinces in the four economic regions (`regions`)": (line, economic),
    }
    found = {"nobody moves": (-nets, north_east)}
    for name, (x, regions) in tried.items():
        found[name] = (left_out(x, nets, province, regions) - nets, north_east)
    return found


def since_compared(root: Path) -> dict[str, float]:
    """Root mean square error of the yearly net rate since the census, the decade's known, by method."""
    decade, since, province, economic = _since(root)
    x = decade[:, None]
    found = {"what lasts of the decade's": None, "that, provinces in the four economic regions": economic}
    return {
        name: float(np.sqrt(np.mean((left_out(x, since, province, regions) - since) ** 2)))
        for name, regions in found.items()
    }


def since_regions(root: Path) -> float:
    """Standard deviation of what economic regions have of their own since the census, a year."""
    decade, since, province, economic = _since(root)
    return nested(decade[:, None], since, province, [economic[p] for p in province]).spreads[0]


def _since(root: Path) -> tuple[Floats, Floats, list[str], dict[str, str]]:
    pairs = since_census(root)
    decade, since = (np.array([getattr(p, name) for p in pairs]) for name in ("decade", "since"))
    economic = {code[:2]: region for code, region in economic_regions(root).items()}
    return decade, since, [p.code[:2] for p in pairs], economic


def _said(errors: Floats, north_east: Floats) -> tuple[str, str, str]:
    rms = float(np.sqrt(np.mean(errors**2)))
    return f"{100 * rms:.3f}", f"{100 * errors.mean():+.3f}", f"{100 * errors[north_east].mean():+.3f}"


_HEAD = (
    "A prefecture's decade before 2010 is not held. What could have foretold the one after it, each province "
    "left out; per cent of the people a year, foretold less what came. Places lie in provinces, these in "
    "regions, with variances estimated by restricted maximum likelihood; of a province left out those of "
    "its region tell (`observation.unknown_by_region`)."
)
_READ = (
    "Size, and whether a place sent or received, add nothing that holds in another province; nor does what "
    "its province did in the decade before. The four economic regions are those by which the National Bureau "
    "of Statistics has divided the country since 2011; `observation.unknown_method=line` is the "
    "line alone. Where the decade before is known, as it is of every place from 2020 on, the region tells "
    "nothing more:"
)
_SINCE = (
    "44 provinces and prefectures, each province left out. The standard deviation of what regions have of "
    "their own is estimated at {:.3f} % a year: none is given to forecasts from 2020 on."
)
