"""Supply foretold and what came, one province left out at a time: tables, and the charts beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from sim.catalogue import cadres
from sim.charts.reliability import Panel, draw_reliability, draw_spread
from sim.evidence.calibration.parts.supply_growth import CHOSEN, Growth
from sim.evidence.scores import MIDDLE, Reliability, pit_histogram
from sim.evidence.supply_reliability import (
    FEWEST,
    HORIZONS,
    ORIGINS,
    STEPS,
    Forecast,
    Scores,
    forecasts,
    reliabilities,
    scores,
)
from sim.evidence.validation.markdown import table
from sim.places import Yearly

PICTURES = ("validation_supply_reliability.png", "validation_supply_spread.png")
_FOOT = (
    f"31 provinces, origins {ORIGINS[0]}-{ORIGINS[-1]}, {HORIZONS[0]}-{HORIZONS[-1]} years ahead, "
    "the province left out of what is estimated"
)


_COMES_TO = (2030, 2035, 2050)
_MOST, _LEAST = 0.10, 0.10  # said less happened of a bin; Brier skill: what was asked
_OTHERS = ("pace", "fading, nearing")  # methods beside the one chosen


def supply(
    found: Sequence[Forecast],
    others: Mapping[str, Sequence[Forecast]] | None = None,
    known: Mapping[str, Growth] | None = None,
) -> str:
    """The section of the page.

    others: the same by other methods, by their names.  known: the growth of each resource as it is used.
    """
    said, every = reliabilities(found), scores(found)
    parts = [_introduction(), _skill(said), _asked(said), _pictures(), _bins(said), _spread(every)]
    parts.append(_methods({CHOSEN: found, **(others or {})}))
    return "\n".join([*parts, *([_nation(known)] if known else [])])


def by_other_methods(yearly: Yearly) -> dict[str, list[Forecast]]:
    """Forecasts by the methods that were not chosen."""
    return {name: forecasts(yearly, name) for name in _OTHERS}


def draw_supply(found: Sequence[Forecast], folder: Path) -> list[Path]:
    """The charts of the section, in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    known, every = reliabilities(found), scores(found)
    panels = [_panel(name, known[name], every) for name in known]
    first, second = (folder / name for name in PICTURES)
    return [draw_reliability(panels, first, "en", _FOOT), draw_spread(panels, second, "en", _FOOT)]


def _panel(resource: str, known: Reliability, every: Sequence[Scores]) -> Panel:
    own = [s for s in every if s.resource == resource]
    cadre = cadres.CADRES.get(resource)
    whole = next(s for s in own if s.lead == 0)
    return Panel(
        cadre.zh if cadre else "床位",
        cadre.en if cadre else resource,
        [b.said for b in known.bins],
        [b.happened for b in known.bins],
        [b.n for b in known.bins],
        list(pit_histogram(whole.pit)),
        {s.lead: s.coverage for s in own if s.lead},
        MIDDLE,
    )


def _introduction() -> str:
    steps = f"{100 * STEPS[0]:.0f} to {100 * STEPS[-1]:+.0f}"
    return (
        "## Supply of beds and staff, and how surely\n\nEach province is foretold from each year of "
        f"{ORIGINS[0]}-{ORIGINS[-1]}, one to five years ahead, with what was known then: its stock, the "
        "nation's growth, its own last five years, its distance from the nation's stock per resident; "
        "variances, the speed at which that shrinks and the ceiling come from the other provinces "
        "(`healthplan calibrate supply_growth`). Targets per 1000 residents lie around the province's own "
        f"five-year trend, {steps} points of growth a year; *said* is the share of the draws that reach one, "
        "*happened* how often it was reached. Residents of the target's year are taken as known. "
        "The error of the nation's growth is estimated on all years. Figures of general "
        "practitioners by province are too few (nine provinces, 2012-2017) to be judged here.\n"
    )


def _pictures() -> str:
    titles = ("Reliability of p_reached", "PIT histograms and coverage by lead")
    return "\n".join(f"![{t}](img/{name})\n" for t, name in zip(titles, PICTURES, strict=True))


def _skill(known: dict[str, Reliability]) -> str:
    rows = [
        (
            name,
            str(r.n),
            f"{r.brier:.3f}",
            f"{r.climatology:.3f}",
            f"{r.skill:+.2f}",
            f"{r.reliability:.4f}",
            f"{r.resolution:.3f}",
            f"{r.worst(FEWEST):.3f}",
        )
        for name, r in known.items()
    ]
    head = ("resource", "targets", "Brier", "climatology", "skill", "reliability", "resolution", "worst bin")
    note = f"*worst bin*: said less happened, of bins of a tenth with {FEWEST} targets and more.\n"
    return table(head, rows) + "\n" + note


def _asked(known: dict[str, Reliability]) -> str:
    rows = []
    for name, r in known.items():
        worst, skill = r.worst(FEWEST), r.skill
        rows.append((name, "worst bin", f"<= {_MOST:.2f}", f"{worst:.3f}", _met(worst <= _MOST)))
        rows.append((name, "Brier skill", f">= {_LEAST:.2f}", f"{skill:+.2f}", _met(skill >= _LEAST)))
    return table(("resource", "measure", "asked", "found", ""), rows)


def _met(yes: bool) -> str:
    return "met" if yes else "not met"


def _nation(known: Mapping[str, Growth]) -> str:
    """What the nation's growth comes to per 1000 residents, and its ceiling."""
    rows = []
    for name, growth in known.items():
        newest = int(growth.slowing.density.year[-1])
        now, years = growth.slowing.at(newest), [y for y in _COMES_TO if y > newest]
        ahead = growth.slowing.ahead(growth.pooled.nation, newest, years[-1] - newest)
        later = [f"{1e3 * now * np.exp(ahead[: y - newest].sum()):.2f}" for y in years]
        top = f"{1e3 * growth.ceiling.value:.2f} ({1e3 * growth.ceiling.sd:.2f})"
        rows.append((name, f"{1e3 * now:.2f} ({newest})", *later, top, str(growth.ceiling.n)))
    head = ("resource", "counted", *map(str, _COMES_TO), "ceiling (standard error)", "n")
    text = (
        "The nation per 1000 residents, their number held and who works on to a later retirement age left "
        "out. Of every 1000 residents no province has had as many doctors or nurses yet as the ceilings "
        "say; that of general practitioners is as far above the nation as those of the others.\n\n"
    )
    return text + table(head, rows)


def _methods(found: Mapping[str, Sequence[Forecast]]) -> str:
    """All leads together, method beside method."""
    rows = []
    for name, own in found.items():
        known = reliabilities(own)
        rows += [
            (
                name,
                s.resource,
                f"{s.coverage:.2f}",
                f"{100 * s.crps:.2f}",
                f"{100 * s.interval:.1f}",
                f"{100 * s.rmse:.1f}",
                f"{known[s.resource].worst(FEWEST):.3f}",
            )
            for s in scores(own)
            if s.lead == 0
        ]
    head = ("method", "resource", "80 % band holds", "CRPS %", "interval score %", "RMSE %", "worst bin")
    text = (
        "Methods side by side, one to five years ahead (`supply.trend_form`; *pace*: a province's own "
        "difference lasts and it nears nobody; *fading*: the nation's growth halves in so many years instead "
        "of ending at a ceiling):\n\n"
    )
    return text + table(head, rows)


def _bins(known: dict[str, Reliability]) -> str:
    rows = [
        (name, f"{b.low:.1f}-{b.high:.1f}", str(b.n), f"{b.said:.2f}", f"{b.happened:.2f}", f"{b.gap:+.2f}")
        for name, r in known.items()
        for b in r.bins
    ]
    return table(("resource", "bin", "targets", "said", "happened", "said - happened"), rows)


def _spread(every: Sequence[Scores]) -> str:
    rows = [
        (
            s.resource,
            str(s.lead or "all"),
            str(s.n),
            f"{s.coverage:.2f}",
            f"{100 * s.crps:.2f}",
            f"{100 * s.interval:.1f}",
            f"{100 * s.rmse:.1f}",
            f"{100 * s.rmse_last:.1f}",
            f"{100 * s.rmse_trend:.1f}",
        )
        for s in every
    ]
    head = (
        "resource",
        "years ahead",
        "n",
        "80 % band holds",
        "CRPS %",
        "interval score %",
        "RMSE %",
        "last value %",
        "linear trend %",
    )
    return "Errors in per cent of what came.\n\n" + table(head, rows)
