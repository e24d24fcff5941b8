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
from sim.known import conditioned, is_known
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
        year, since = statement.last_year, baseline.last_year
        if year is None or since is None or year > end or (goal, year) in seen:
            continue
        seen.add((goal, year))
        for scenario in setup.scenarios:
            parameters = setup.parameters[scenario, plan.region]
            yield from _rows(
                parameters,
                setup.years,
                (since, baseline.value),
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
    read = tuple(parameters) if is_known(parameters) else read
    params = conditioned(central({name: parameters[name] for name in read}, years), years)
    done = sim.demography.project(xr.Dataset(), params)
    year = max(aim[0], base)
    then, now = (done.mx.isel(draw=0, drop=True).sel(year=y, drop=True) for y in (base, year))
    people = person_years(done.population.isel(draw=0, drop=True)).sel(year=year, drop=True)
    ratio = float(_at(params["fertility.srb"], base))
    share = _at(params["disease.ncd_share"].rename(ncd="cause"), year)
    was = mx_meeting(then, start[1], ratio)
    found = e0_goal(was, now, aim[1], people, share, ratio)
    weight = _born(ratio)
    expected = float((found["e0_expected"] * _born(float(_at(params["fertility.srb"], year)))).sum())
    gain, averted = (found["gain"] * weight).sum("sex"), found["averted"].sum("sex")
    whole = float(gain.sum())
    common = {**head, **_stated(start, aim), "e0_expected": f"{expected:.2f}"}

    def row(part: str, group: str, years_gained: float, deaths: float) -> dict[str, Any]:
        share_of = f"{years_gained / whole:.4f}" if whole else ""
        figures = (part, group, f"{years_gained:.4f}", share_of)
        return {**common, **dict(zip(COLUMNS[7:11], figures, strict=True)), "deaths_averted": f"{deaths:.1f}"}

    yield row("total", "total", whole, float(averted.sum()))
    for first, last in AGE_PARTS:
        group = f"{first}+" if last == AGE_PARTS[-1][1] else f"{first}-{last}"
        yield row("age", group, *_within(gain, averted, slice(first, last)))
    by_cause = (found["gain_cause"] * weight).sum("sex")
    for name, years_gained, deaths in _causes(by_cause, found["averted"], share):
        yield row("cause", name, years_gained, deaths)
    first, last = _split_ages(share)
    yield row("cause", f"all causes (0-{first - 1})", *_within(gain, averted, slice(0, first - 1)))
    yield row("cause", f"all causes ({last + 1}+)", *_within(gain, averted, slice(last + 1, None)))


def _stated(start: tuple[int, float], aim: tuple[int, float]) -> dict[str, Any]:
    """What the plan says: baseline and goal with their years."""
    return {
        "baseline_year": start[0],
        "year": aim[0],
        "e0_baseline": f"{start[1]:g}",
        "goal": f"{aim[1]:g}",
    }


def _born(ratio: float) -> xr.DataArray:
    """Shares of girls and boys among those born, dim sex; ratio: boys per girl."""
    both = {s: (1.0 if s == SEXES[0] else ratio) / (1 + ratio) for s in SEXES}
    return xr.DataArray([both[s] for s in SEXES], {"sex": list(SEXES)}, ("sex",))


def _at(array: xr.DataArray, year: int) -> xr.DataArray:
    return array.sel(year=year, drop=True) if "year" in array.dims else array


def _within(gain: xr.DataArray, averted: xr.DataArray, ages: slice) -> tuple[float, float]:
    """Years of life gained and deaths averted at some ages."""
    return float(gain.sel(age=ages).sum()), float(averted.sel(age=ages).sum())


def _causes(
    gain: xr.DataArray, averted: xr.DataArray, share: xr.DataArray
) -> Iterator[tuple[str, float, float]]:
    """The same by cause, at the ages whose deaths are known by cause."""
    first, last = _split_ages(share)
    inside = slice(first, last)
    for cause in gain.cause.values.tolist():
        part = 1 - share.sum("cause") if cause == OTHER else share.sel(cause=cause, drop=True)
        deaths = float((averted * part).sel(age=inside).sum())
        yield f"{cause} ({first}-{last})", float(gain.sel(cause=cause, age=inside).sum()), deaths


def _split_ages(share: xr.DataArray) -> tuple[int, int]:
    """First and last age whose deaths are known by cause."""
    known = share.age.values[(share.sum([d for d in share.dims if d != "age"]) > 0).values]
    return int(known[0]), int(known[-1])
