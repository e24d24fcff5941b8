"""Each indicator of the plan against the projection: reached? enough? how surely? since when?

Every statement becomes one row for each year that is looked at. Its target is held against need
and supply by the test of its kind (kinds.py), judged (judged.py), and what it rests on is found
(evidence.py); what cannot be tested says why. A verdict is given on what the plan sets, in the
year it sets it for: on later years, baselines and assumptions of planning the row says from when
the level is too little.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sim.adequacy import evidence
from sim.adequacy.case import Case, nations_alone
from sim.adequacy.gap import TIE
from sim.adequacy.judged import judge_standing
from sim.adequacy.kinds import kind_of
from sim.adequacy.series import median
from sim.adequacy.stated_twice import stated_elsewhere
from sim.catalogue.bases import BASES, UNSTATED
from sim.plan.statements import goal_text, target_text
from sim.plan.targets import Stated, Target, built_on, stated_targets
from sim.saved.row import Row


def assess(cases: Iterable[Case]) -> list[Row]:
    """Rows for every indicator of the plan, year, region and scenario."""
    return [row for case in cases for row in case_rows(case)]


def case_rows(case: Case) -> Iterator[Row]:
    """Rows of one region and scenario, in the order of the document."""
    found = list(stated_targets(case.plan, case.rules, case.test_years))
    again = stated_elsewhere(case, found)
    for stated in found:
        target = stated.target
        short = None if target is None else first_short_year(case, target)
        level = None if target is None else first_short_year(case, target, since=target.year)
        for year in stated.years:
            row = _head(case, stated, year)
            if stated.target is None or stated in again:
                row.say(again.get(stated) or _untested(stated))
            elif not case.measures.years()[0] <= year <= case.measures.years()[-1]:
                first, last = case.measures.years()[0], case.measures.years()[-1]
                row.say(f"{year} is outside {first}..{last} / 年份超出预测期")
            else:
                _test(case, stated, stated.target, year, row, (short, level))
            yield row


def _untested(stated: Stated) -> str:
    if not stated.rule.kind.tested:
        return stated.rule.reason
    if stated.statement.row.value is not None:
        return "a change, and no baseline to start from / 只有变化幅度，没有起点（基期值）"
    return "the document gives no number / 文件未给出数值"


def _test(
    case: Case, stated: Stated, target: Target, year: int, row: Row, short: tuple[int | None, int | None]
) -> None:
    row.hold(target, case.reading.basis(target))
    base = stated.statement.baseline
    if base is not None and base.unit.name == target.unit:
        row.baseline_value = base.value
    if row.operator == "change" and not row.goal:
        row.goal = "" if target.growth else f"{target.goal / target.factor:.7g}"
    row.floor = case.floor(target, year)
    test = kind_of(target)
    standing = test.standing(case.reading, target, year)
    if standing is None:
        row.say(test.untested(case.reading, target, year))
        return
    judge_standing(case, target, standing, row)
    evidence.rest(case, target, year, row)
    row.first_short_year, row.level_short_year = (str(found or "") for found in short)
    _qualify(case, stated, target, year, row)


def _qualify(case: Case, stated: Stated, target: Target, year: int, row: Row) -> None:
    """What limits a verdict: a rule, a later year, no target; and the words for it."""
    row.say(stated.rule.reason)
    if stated.statement.row.kind == "standard":
        row.say("a standard that the plan cites / 规划引用的标准")
    if target.basis == UNSTATED:
        read = case.reading.basis(target)
        zh = BASES[read].zh
        row.say(f"population basis unstated, read as {read} / 人口口径未注明，按{zh}")
    rules = case.rules_on(target.indicator, target.scope, year)
    row.special = " ".join(rule.rule for rule in rules)
    for rule in rules:
        row.say(f"{rule.note_en} / {rule.note_zh}")
        if rule.effect == "not_below_stock" and row.verdict == "surplus":
            row.verdict = "adequate"  # of its own patients' need alone: not more than the place needs
    if nations_alone(rules):
        row.follow_nation()
    elif any(rule.effect == "decline" for rule in rules) or not target.stated or year > target.year:
        row.verdict, row.verdict_norm, row.on_the_line = "no_target", "", ""
        row.p_reached = row.p_reached_mcse = None
        row.say(_level(target, year, row))


def _level(target: Target, year: int, row: Row) -> str:
    """What is said of a level that is no target of the year."""
    if not target.stated:
        what, zh = "no target; the present level held", "无目标，按基期水平比较"
    else:
        what, zh = f"the plan ends in {target.year}; its level held", f"规划期至{target.year}年，按该水平比较"
    if row.required_p50 is None:
        return f"{what} / {zh}"
    if row.level_short_year:
        since = row.level_short_year
        return f"{what}: too little from {since} on / {zh}：{since}年起不足"
    return f"{what}: enough through the run / {zh}：预测期内够用"


def first_short_year(case: Case, target: Target, since: int = 0) -> int | None:
    """The first year after the plan's base year (with it where the target is due) in which need is more.

    The run's, where that is later: before it the plan has no way.  since: no year before it.  Medians over
    the draws.  None where it never is, where the target is no provision (outcomes), and where the target
    year is beyond the run.  What has no stock known of the place, shares and coverage count from the
    target year on.
    """
    years = case.measures.years()
    if target.year > years[-1]:
        return None
    test, base = kind_of(target), built_on(years, target.year, target.since)
    if target.kind.provides and not case.knows_stock(target.variable, target.group):
        since = max(since, target.year)  # the way starts from a stock that is the nation's
    for year in years:
        if year < since or year <= base < target.year:
            continue
        pair = test.pair(case.reading, target, year)
        if pair is not None and median(pair[0]) > median(pair[1]) * (1 + TIE):
            return year
    return None


def _head(case: Case, stated: Stated, year: int) -> Row:
    row, baseline = stated.statement.row, stated.statement.baseline
    scope = "" if row.scope in ("", "all") else f" ({row.scope})"
    return Row(
        plan=case.plan.id,
        region=case.region,
        scenario=case.scenario,
        indicator_id=row.id,
        name_zh=row.entry.name_zh + scope,
        name_en=row.entry.name_en + scope,
        year=year,
        unit=row.unit.name,
        population_basis=row.population_basis or stated.rule.basis,
        baseline=baseline.text if baseline is not None else "",
        target=target_text(stated.statement) if stated.statement.is_stated else "",
        test=stated.rule.test,
        variable=stated.rule.variable,
        group=stated.rule.group,
        question=stated.rule.question,
        operator=row.operator,
        binding=row.binding,
        scope=row.scope,
        location=stated.statement.places,
        target_year=stated.year,
        scale=stated.rule.scale,
        unit_factor=row.unit.factor,
        goal=goal_text(stated.statement),
        better=row.entry.better,
    )
