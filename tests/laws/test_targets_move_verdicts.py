"""What a plan asks for moves its verdicts one way: more is never less enough, and harder to reach."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from laws.plan_runs import EACH_PLAN, PlanRun

from sim.adequacy.indicators import case_rows, first_short_year
from sim.adequacy.judged import judge_standing
from sim.adequacy.kinds import kind_of
from sim.catalogue.verdicts import severity
from sim.plan.targets import Target, stated_targets
from sim.saved.row import Row

FACTORS = (0.0, 0.5, 0.8, 0.95, 1.0, 1.05, 1.25, 2.0, 4.0)  # from less to more of what is asked
Figures = tuple[float | None, ...]


def targets_of(run: PlanRun) -> list[tuple[Target, int]]:
    """Every target of a plan with each year that it is looked at in."""
    found = []
    known = run.case.measures.years()
    for stated in stated_targets(run.setup.plan, run.setup.rules, run.setup.experiment.test_years):
        if stated.target is not None:
            found += [(stated.target, y) for y in stated.years if known[0] <= y <= known[-1]]
    return found


def scaled(target: Target, k: float) -> Target:
    """The same target, k times the figure."""
    return replace(target, goal=target.goal * k, low=target.low * k, high=target.high * k)


def judged(run: PlanRun, target: Target, year: int) -> Row | None:
    """A bare row with the figures of the verdict; None where the model has nothing to say."""
    standing = kind_of(target).standing(run.case.reading, target, year)
    if standing is None:
        return None
    row = Row("", "", "", target.indicator, "", "", year, target.unit)
    judge_standing(run.case, target, standing, row)
    return row


def steps(values: list[float | None]) -> np.ndarray:
    return np.diff([v for v in values if v is not None])


def ladder(run: PlanRun, target: Target, year: int) -> list[Row]:
    """Rows from the smallest to the largest figure; those that divide by a figure leave out 0."""
    factors = [k for k in FACTORS if k > 0 or not target.inverse]
    return [r for k in factors if (r := judged(run, scaled(target, k), year)) is not None]


def test_a_larger_provision_is_never_less_enough(run: PlanRun):
    """p_enough, by use and by norm, and the verdict on it, for every ratio, count and share."""
    seen = 0
    for target, year in targets_of(run):
        rows = ladder(run, target, year)
        more = -1 if target.inverse else 1  # of people for one unit fewer are more
        for name in ("p_enough", "p_enough_norm", "ratio_p50", "available_count_p50"):
            if rows and rows[0].required_p50 is not None:
                assert (more * steps([getattr(r, name) for r in rows]) >= 0).all(), (target, year, name)
        if rows and rows[0].required_p50 is not None:
            bad = [severity(r.verdict) for r in rows]
            assert (more * np.diff(bad) >= 0).all(), (target, year)
            seen += bad[0] != bad[-1]
    assert seen  # four times as much turns some verdict, none at all another


def test_a_stricter_target_is_never_reached_more_surely(run: PlanRun):
    """p_reached of what the trend, an outcome or a coverage is held against."""
    seen = 0
    for target, year in targets_of(run):
        if target.sense == "in":
            continue  # a range moved is neither stricter nor laxer: the next law
        values = [r.p_reached for r in ladder(run, target, year)]
        if target.goal <= 0 or not values or values[0] is None:
            continue
        laxer = 1 if target.sense in ("<", "<=") else -1
        assert (laxer * steps(values) >= 0).all(), (target, year, values)
        seen += values[0] != values[-1]
    assert seen


@pytest.mark.parametrize("name", EACH_PLAN)
def test_a_wider_good_range_is_never_met_less_often(plan_runs, name: str):
    run = plan_runs(name)
    for target, year in targets_of(run):
        if target.sense != "in":
            continue
        centre = 0.5 * (target.low + target.high)
        values = []
        for width in (0.0, 0.5, 1.0, 2.0, 10.0):
            half = width * 0.5 * (target.high - target.low)
            row = judged(run, replace(target, low=centre - half, high=centre + half), year)
            values.append(None if row is None else row.p_reached)
        assert (steps(values) >= 0).all(), (target, year, values)


def test_a_larger_coverage_is_never_carried_more_surely(run: PlanRun):
    """Staff and services there are against the workload that the target means."""
    seen = 0
    for target, year in targets_of(run):
        rows = ladder(run, target, year)
        if target.test != "coverage" or not rows:
            continue
        assert len({r.available_p50 for r in rows}) == 1  # what is reached is no wish
        if rows[0].p_capacity is not None:
            assert (steps([r.p_capacity for r in rows]) <= 0).all(), (target, year)
            assert rows[0].p_capacity == 1.0  # nothing asked is carried
            seen += 1
    assert seen


def test_a_larger_provision_is_never_too_little_sooner(run: PlanRun):
    for target, year in targets_of(run):
        standing = kind_of(target).standing(run.case.reading, target, year)
        if standing is None or standing.required is None:
            continue
        factors = [k for k in FACTORS if k > 0]
        found = [first_short_year(run.case, scaled(target, k)) for k in factors]
        later = np.array([9999 if y is None else y for y in found])
        assert ((-1 if target.inverse else 1) * np.diff(later) >= 0).all(), (target, found)


def test_a_stricter_figure_in_the_document_moves_its_row_the_same_way(run: PlanRun):
    """The law of the tables: the printed figure doubled and halved, read again as a document is."""
    base = {_key(r): r for r in case_rows(run.case)}
    moved = 0
    for k in (0.5, 2.0):
        plan = replace(run.case.plan, indicators=tuple(_doubled(i, k) for i in run.case.plan.indicators))
        for row in case_rows(replace(run.case, plan=plan)):
            old = base.get(_key(row))
            if old is None or old.held is None or row.held is None or old.held.sense == "in":
                continue
            if not old.held.stated:
                assert row.held.goal == old.held.goal, _key(row)
                continue
            if row.operator != "change":
                assert row.held.goal == pytest.approx(k * old.held.goal, rel=1e-9), _key(row)
            larger = row.held.goal > old.held.goal
            assert larger == (k > 1), _key(row)  # no plan asks for a fall below what is
            more = larger != (row.scale == "inverse")
            if row.p_enough is not None and old.p_enough is not None:
                assert row.p_enough >= old.p_enough if more else row.p_enough <= old.p_enough, _key(row)
                moved += row.p_enough != old.p_enough
            if row.p_reached is not None and old.p_reached is not None:
                laxer = larger == (old.held.sense in ("<", "<="))
                assert row.p_reached >= old.p_reached if laxer else row.p_reached <= old.p_reached, _key(row)
                moved += row.p_reached != old.p_reached
    assert moved > 3


def _key(row: Row) -> tuple[object, ...]:
    return row.indicator_id, row.scope, row.year, row.operator, row.unit, row.location.split(" (")[0]


def _doubled(indicator, k: float):
    """Its printed figure times k, to more digits; baselines, ranges and what has no number stay."""
    if indicator.kind not in ("target", "standard"):
        return indicator
    try:
        value = float(indicator.text)
    except ValueError:
        return indicator
    places = len(indicator.text.partition(".")[2])
    return replace(indicator, text=f"{value * k:.{places + 2}f}".rstrip("0").rstrip("."))
