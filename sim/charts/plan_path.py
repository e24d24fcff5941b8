"""What a plan sets for one resource, as counts by year, and how that is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from sim import saved
from sim.catalogue.language import Lang, label
from sim.catalogue.verdicts import VERDICTS, verdict_text
from sim.charts.style import ink
from sim.plan.targets import built_on
from sim.saved.row import Row

GRADES = "ABCD"
DASH = (0, (2.2, 1.6))


@dataclass(frozen=True)
class PlanPath:
    """What a plan sets for one resource, as counts by year; verdict by year."""

    years: list[int]
    counts: list[float]
    verdicts: list[str]
    grade: str
    is_target: bool
    """False where the plan states a level but no target: that level carried on."""


def plan_path(
    run: xr.Dataset,
    rows: Sequence[Row],
    resource: str,
    scenario: str,
    region: str,
    need: np.ndarray[Any, Any],
) -> PlanPath | None:
    """Counts that the plan's target means by year, from its baseline on; None without one.

    The count stands in the row (`available_count_p50`); where only the figure in the plan's unit
    is there (`available_p50`), it is scaled by need as a count over need in that unit. The
    baseline is scaled alike, with the population moved back to the plan's base year (the run's if later).
    """
    mine = [r for r in rows if serves(r) == (resource, "total") and (r.available_p50 or 0.0) > 0]
    mine = [r for r in mine if r.verdict in VERDICTS]
    if not mine:
        return None
    first = next((row for row in mine if row.target), mine[0])
    mine = [r for r in mine if (r.indicator_id, r.target) == (first.indicator_id, first.target)]
    year = [int(y) for y in saved.years(run)]
    people = run["population_group"].sel(scenario=scenario, region=region, age_group="total")
    total = saved.central_and_band(people.transpose("year", ...))[1]
    points: dict[int, tuple[float, str]] = {}
    for row in (row for row in mine if row.year in year):
        i = year.index(row.year)
        planned, count = row.available_p50 or 0.0, row.available_count_p50
        if count is None:
            per = row.required_p50 or 0.0
            count = planned * (need[i] / per if per > 0 else 1.0)
        if (row.level or 0.0) > 0 and i > 0:
            since = 0 if row.held is None else row.held.since
            base = built_on(year, row.target_year, since)
            back = total[year.index(base)] / total[i] if row.unit.startswith("per ") else 1.0
            points.setdefault(base, ((row.level or 0.0) * count / planned * back, ""))
        points[year[i]] = (count, row.verdict if row.is_judged else "")
    if not points:
        return None
    known = sorted(points)
    grade = max((row.grade for row in mine if row.grade in GRADES), default="")
    counts, verdicts = [points[y][0] for y in known], [points[y][1] for y in known]
    return PlanPath(known, counts, verdicts, grade, bool(first.target))


def serves(row: Row) -> tuple[str, str]:
    """Resource and group that a plan row sets a target for; empty texts if none."""
    if not row.variable or not row.kind.provides or row.kind.by_rule:
        return "", ""
    return row.variable, row.group or "total"


def draw_path(ax: Axes, path: PlanPath, divisor: float, lang: Lang, small: bool) -> list[tuple[Any, str]]:
    """Dashed line through the plan's points, marks coloured by verdict; returns legend entries."""
    counts = np.asarray(path.counts) / divisor
    ax.plot(path.years, counts, color=ink(), lw=1.0, ls=DASH, zorder=3.5)
    size = 22 if small else 40
    name = label("规划目标（到期后延续）", "plan target, carried on", lang)
    if not path.is_target:
        name = label("现状水平（规划无目标）", "present level, no target", lang)
    entries: list[tuple[Any, str]] = [
        (Line2D([], [], color=ink(), lw=1.0, ls=DASH), name),
    ]
    seen: set[str] = set()
    for year, count, verdict in zip(path.years, counts, path.verdicts, strict=True):
        row = VERDICTS.get(verdict)
        colour, shape = (row.fill, row.marker) if row else ("white", "o")
        if verdict:
            ax.scatter(
                [year],
                [count],
                s=size,
                marker=shape,
                color=colour,
                edgecolor=ink(),
                lw=0.8,
                zorder=4,
                clip_on=False,
            )
        else:
            ax.scatter([year], [count], s=size * 0.4, color=ink(), zorder=4, clip_on=False)
        if verdict and verdict not in seen:
            seen.add(verdict)
            handle = Line2D(
                [],
                [],
                ls="",
                marker=shape,
                color=colour,
                markeredgecolor=ink(),
                markeredgewidth=0.8,
                markersize=6,
            )
            target = label("目标", "target: ", lang) if path.is_target else ""
            entries.append((handle, target + verdict_text(verdict, lang)))
    return entries
