"""`healthplan goal`, and e0_goal.csv of a run: what a plan's life expectancy target takes.

Central values: from the region's rates of the baseline year to those that meet the target, by age,
by cause at ages 30-69, and the deaths averted in the target's year.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import xarray as xr

import sim.demography
from sim.demography.goal import OTHER, e0_goal, mx_meeting
from sim.params import Parameter, central
from sim.plan.statements import goal_of, statements
from sim.run.setup import Setup
from sim.schema import SEXES, person_years

INDICATOR = "life_expectancy"
COLUMNS = (
    "region",
    "scenario",
    "baseline_year",
    "year",
    "e0_baseline",
    "goal",
    "e0_expected",
    "part",
    "group",
    "gain_years",
    "share",
    "deaths_averted",
)
AGE_PARTS = ((0, 0), (1, 14), (15, 29), (30, 44), (45, 59), (60, 69), (70, 79), (80, 100))
NAMES = {
    "cancer": ("癌症", "cancer"),
    "cardiovascular": ("心脑血管病", "cardiovascular"),
    "chronic_respiratory": ("慢性呼吸系统病", "chronic respiratory"),
    "diabetes": ("糖尿病", "diabetes"),
    OTHER: ("其他死因", "other causes"),
}


def goal_rows(setup: Setup) -> Iterator[dict[str, Any]]:
    """Rows of every target for life expectancy that the plan states with a number.

    A baseline or target year before the base of the projection is read as the base year's rates
    shifted to it; nothing comes for a target year beyond the projection.
    """
    plan = setup.plan
    if plan is None:
        return
    base, end = setup.years[0], setup.years[-1]
    seen = set()
    for stated in statements(plan):
        statement, baseline = stated.row, stated.baseline
        if statement.id != INDICATOR or statement.kind != "target" or statement.scope != "all":
            continue
        goal = goal_of(stated)
        if goal is None or baseline is None or baseline.value is None:
            continue
        year = int(statement.year)
        if year > end or (goal, year) in seen:
            continue
        seen.add((goal, year))
        for scenario in setup.scenarios:
            parameters = setup.parameters[scenario, plan.region]
            yield from _rows(
                parameters,
                setup.years,
                (int(baseline.year), baseline.value),
                (year, goal),
                {"region": plan.region, "scenario": scenario},
                base,
            )


def _rows(
    parameters: Mapping[str, Parameter],
    years: tuple[int, ...],
    start: tuple[int, float],
    aim: tuple[int, float],
    head: Mapping[str, str],
    base: int,
) -> Iterator[dict[str, Any]]:
    read = (*sim.demography.PARAMETERS, "disease.ncd_share")
    params = central({name: parameters[name] for name in read}, years)
    done = sim.demography.project(xr.Dataset(), params)
    year = max(aim[0], base)
    then, now = (done.mx.isel(draw=0, drop=True).sel(year=y, drop=True) for y in (base, year))
    people = person_years(done.population.isel(draw=0, drop=True)).sel(year=year, drop=True)
    srb = params["fertility.srb"]
    ratio = float(srb.sel(year=base) if "year" in srb.dims else srb)
    share = params["disease.ncd_share"].rename(ncd="cause")
    share = share.sel(year=year, drop=True) if "year" in share.dims else share
    was = mx_meeting(then, start[1], ratio)
    found = e0_goal(was, now, aim[1], people, share, ratio)
    both = {s: (1.0 if s == SEXES[0] else ratio) / (1 + ratio) for s in SEXES}
    weight = xr.DataArray([both[s] for s in SEXES], {"sex": list(SEXES)}, ("sex",))
    expected = float((found["e0_expected"] * weight).sum())
    gain, averted = (found["gain"] * weight).sum("sex"), found["averted"].sum("sex")
    whole = float(gain.sum())
    common = {
        **head,
        "baseline_year": start[0],
        "year": aim[0],
        "e0_baseline": f"{start[1]:g}",
        "goal": f"{aim[1]:g}",
        "e0_expected": f"{expected:.2f}",
    }

    def row(part: str, group: str, years_gained: float, deaths: float) -> dict[str, Any]:
        figures = (
            part,
            group,
            f"{years_gained:.4f}",
            f"{years_gained / whole:.4f}" if whole else "",
        )
        return {**common, **dict(zip(COLUMNS[7:11], figures, strict=True)), "deaths_averted": f"{deaths:.1f}"}

    yield row("total", "total", whole, float(averted.sum()))
    for first, last in AGE_PARTS:
        ages = slice(first, last)
        group = f"{first}+" if last == AGE_PARTS[-1][1] else f"{first}-{last}"
        yield row("age", group, float(gain.sel(age=ages).sum()), float(averted.sel(age=ages).sum()))
    by_cause = (found["gain_cause"] * weight).sum("sex")
    rest = 1 - share.sum("cause")
    first, last = _split_ages(share)
    inside = slice(first, last)
    for cause in by_cause.cause.values.tolist():
        part = rest if cause == OTHER else share.sel(cause=cause, drop=True)
        deaths = float((found["averted"] * part).sel(age=inside).sum())
        years_gained = float(by_cause.sel(cause=cause, age=inside).sum())
        yield row("cause", f"{cause} ({first}-{last})", years_gained, deaths)
    for name, ages in (
        (f"all causes (0-{first - 1})", slice(0, first - 1)),
        (f"all causes ({last + 1}+)", slice(last + 1, None)),
    ):
        yield row("cause", name, float(gain.sel(age=ages).sum()), float(averted.sel(age=ages).sum()))


def _split_ages(share: xr.DataArray) -> tuple[int, int]:
    """First and last age whose deaths are known by cause."""
    known = share.age.values[(share.sum([d for d in share.dims if d != "age"]) > 0).values]
    return int(known[0]), int(known[-1])
