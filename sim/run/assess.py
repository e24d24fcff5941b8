"""Each indicator of the plan against the projection: reached? enough? how surely?

For every target the plan's own figure is carried out on the plan's own population basis
(available), set against what the population needs (required), and against what the trend of
supply would bring without the plan (projected).  p_enough = P(available >= required),
p_reached = P(projected meets the target).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import xarray as xr
from scipy import special

from sim.adequacy import (
    MEETS,
    Comparison,
    Thresholds,
    compare,
    judge,
    probability_mcse,
    quantile_mcse,
    quantiles,
    weakest,
)
from sim.params import Parameter
from sim.plan import Indicator, Plan, load_plan
from sim.run.influence import Swings
from sim.run.measures import Floats, Measures, expression, sampled
from sim.run.planpath import BASES_ZH, read_basis
from sim.run.setup import Setup, thresholds
from sim.run.testrule import TestRule, load_rules, rule_for
from sim.schema import RESOURCES
from sim.store import number

COLUMNS = (
    "plan", "region", "scenario", "indicator_id", "name_zh", "name_en", "year", "unit",
    "population_basis", "baseline", "target", "required_p10", "required_p50", "required_p90",
    "available_p50", "ratio_p50", "p_enough", "p_reached", "verdict", "grade", "reason",
)  # fmt: skip
EXTRA_COLUMNS = (
    "test", "variable", "group", "question", "operator", "binding", "scope", "location",
    "target_year", "projected_p50", "need_norm_p50", "need_plan_p50", "available_count_p50",
    "required_count_p50", "projected_count_p50", "p_enough_projected", "p_enough_mcse",
    "p_reached_mcse", "required_p50_mcse", "rests_on", "scale", "sense",
    "unit_factor", "goal", "basis_read", "basis_effect",
)  # fmt: skip
DETAIL_COLUMNS = (*COLUMNS, *EXTRA_COLUMNS)
_NUMBERS = frozenset(
    c for c in DETAIL_COLUMNS
    if c.startswith(("required", "available", "ratio", "p_", "projected", "need_"))
)  # fmt: skip

Row = dict[str, Any]


@dataclass(frozen=True)
class Context:
    """What every indicator of one region and scenario is tested with."""

    plan: Plan
    region: str
    scenario: str
    rules: Mapping[tuple[str, str], TestRule]
    measures: Measures
    swings: Swings
    thresholds: Thresholds
    influence: float
    after_target: str
    unstated_basis: str = "resident"
    """The population that a ratio without a stated basis is read on."""
    norm_gap: float = 0.25
    """Relative distance of need by use from the norm beyond which the reason says so."""
    swung: Measures = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "swung", Measures(dict(self.swings.series)))


@dataclass(frozen=True)
class Held:
    """One target held against the model: arrays over draws in the model's own unit.

    `shown` turns them into the plan's unit.
    """

    available: Floats
    required: Floats | None = None
    projected: Floats | None = None
    norm: Floats | None = None
    p_meets: Floats | None = None
    """Probability in each draw that an outcome meets the target."""
    per: Floats | None = None
    """Model units in one of the plan's units; None: the plan divides `people` by the number."""
    people: Floats | None = None

    def shown(self, values: Floats) -> Floats:
        """Values in the plan's unit."""
        if self.per is not None:
            return values / self.per
        assert self.people is not None
        with np.errstate(divide="ignore"):
            return self.people / values


def assess(setup: Setup, results: xr.Dataset, swings: Mapping[str, Swings]) -> list[Row]:
    """Rows for every indicator of the plan, tested year, region and scenario."""
    rows: list[Row] = []
    for context in contexts(setup, results, swings):
        rows += _rows(context, setup.experiment.test_years)
    return rows


def contexts(setup: Setup, results: xr.Dataset, swings: Mapping[str, Swings]) -> Iterator[Context]:
    """One for each scenario and region of an experiment with a plan."""
    if setup.experiment.plan is None:
        return
    plan = load_plan(setup.root / "parameters", setup.experiment.plan)
    rules = load_rules(setup.root)
    for s, scenario in enumerate(setup.scenarios):
        for r, region in enumerate(setup.regions):
            parameters = setup.parameters[scenario, region.code]
            yield Context(
                plan, region.code, scenario, rules, Measures.of(results, s, r),
                swings[region.code], thresholds(parameters), _value(parameters, "influence"),
                str(parameters["adequacy.after_target"].data.item()),
                str(parameters["adequacy.unstated_basis"].data.item()),
                _value(parameters, "norm_gap"),
            )  # fmt: skip


def _value(parameters: Mapping[str, Parameter], name: str) -> float:
    return float(parameters[f"adequacy.{name}"].data)


def _rows(context: Context, test_years: tuple[int, ...]) -> Iterator[Row]:
    for statement, baseline in statements(context.plan):
        rule = rule_for(context.rules, statement.id, statement.scope)
        target_year, tested = years_tested(context.plan, statement, test_years)
        for year in tested:
            yield _row(context, statement, baseline, rule, target_year, year)


def years_tested(
    plan: Plan, statement: Indicator, test_years: tuple[int, ...]
) -> tuple[int, tuple[int, ...]]:
    """The target year of a statement, and the years it is tested in: that one and later ones."""
    stated = statement.kind in ("target", "standard")
    target_year = (statement.last_year if stated else None) or plan.target_year
    return target_year, (target_year, *(y for y in test_years if y > target_year))


def statements(plan: Plan) -> Iterator[tuple[Indicator, Indicator | None]]:
    """Each indicator of the plan once for each different target, with its baseline.

    An indicator without a target is represented by its standard, baseline or history row.
    """
    for indicator_id in plan.indicator_ids:
        rows = plan.rows(indicator_id)
        baselines = [r for r in rows if r.kind == "baseline"]
        chosen: dict[tuple[str, ...], Indicator] = {}
        for kind in ("target", "standard", "baseline", "history"):
            same = [r for r in rows if r.kind == kind]
            for r in sorted(same, key=lambda r: r.binding != "binding"):
                chosen.setdefault((r.scope, r.year, r.operator, r.text, r.unit.name), r)
            if chosen:
                break
        if next(iter(chosen.values())).kind in ("baseline", "history"):
            latest = max(chosen.values(), key=lambda r: r.last_year or 0)
            chosen = {(): latest}
        for row in chosen.values():
            yield row, _baseline_of(row, baselines)


def _baseline_of(row: Indicator, baselines: list[Indicator]) -> Indicator | None:
    known = [b for b in baselines if b.value is not None]
    same = [b for b in known if b.unit.name == row.unit.name]
    if row.operator == "change" and not same:  # 30 % more than 0.70 per 1000
        same = known
    exact = [b for b in same if b.scope == row.scope]
    return next(iter(exact or same), None)


def _row(
    context: Context, statement: Indicator, baseline: Indicator | None, rule: TestRule,
    target_year: int, year: int,
) -> Row:  # fmt: skip
    row = _head(context, statement, baseline, rule, target_year, year)
    years = context.measures.years()
    if rule.test == "none":
        return {**row, "reason": rule.reason}
    if not years[0] <= year <= years[-1]:
        return {**row, "reason": f"{year} is outside {years[0]}..{years[-1]} / 年份超出预测期"}
    goal = target_value(statement, baseline)
    if goal is None and rule.test == "outcome" and statement.operator == "change":
        goal = statement.fraction
    if goal is None:
        return {**row, "reason": "the document gives no number / 文件未给出数值"}
    statement = as_level(statement, baseline, rule)
    if rule.test in ("ratio", "count") and statement.operator == "change":
        factor = statement.unit.factor
        row |= {"unit": statement.unit.name, "unit_factor": repr(factor)}
        row["goal"] = number(goal / factor)
    if rule.test == "coverage":
        return {**row, **_coverage(context, statement, rule, goal, target_year, year)}
    held = hold(context.measures, context, statement, rule, goal, target_year, year)
    if held is None:
        missing = f"the model has no {rule.variable} {rule.group}".rstrip()
        return {**row, "reason": f"{missing} / 模型未覆盖该变量"}
    return {**row, **_judged(context, statement, rule, goal, target_year, year, held)}


def _head(
    context: Context, statement: Indicator, baseline: Indicator | None, rule: TestRule,
    target_year: int, year: int,
) -> Row:  # fmt: skip
    is_target = statement.kind in ("target", "standard")
    scope = "" if statement.scope in ("", "all") else f" ({statement.scope})"
    return {
        "plan": context.plan.id,
        "region": context.region,
        "scenario": context.scenario,
        "indicator_id": statement.id,
        "name_zh": statement.entry.name_zh + scope,
        "name_en": statement.entry.name_en + scope,
        "year": year,
        "unit": statement.unit.name,
        "population_basis": statement.population_basis or rule.basis,
        "baseline": baseline.text if baseline is not None else "",
        "target": _target_text(statement, baseline) if is_target else "",
        "verdict": "not_tested",
        "test": rule.test,
        "variable": rule.variable,
        "group": rule.group,
        "question": rule.question,
        "operator": statement.operator,
        "binding": statement.binding,
        "scope": statement.scope,
        "location": f"{statement.location}; line {statement.line}",
        "target_year": target_year,
        "scale": rule.scale,
        "unit_factor": repr(statement.unit.factor),
        "goal": _goal(statement, baseline),
        "sense": operator_of(statement),
        "basis_read": basis_read(context, statement, rule) if rule.test == "ratio" else "",
    }


def _target_text(statement: Indicator, baseline: Indicator | None) -> str:
    apart = baseline is None or baseline.unit.name != statement.unit.name
    unit = f" {statement.unit.name}" if statement.operator == "change" and apart else ""
    return f"{_operator(statement)}{statement.text}{unit if statement.text else ''}"


def _operator(statement: Indicator) -> str:
    return {"=": "", "change": "change "}.get(statement.operator, statement.operator)


def target_value(statement: Indicator, baseline: Indicator | None) -> float | None:
    """The figure to hold against the model, in the model's unit.

    A target written as a change is added to its baseline (years, points) or multiplies it (%).
    """
    if statement.fraction is None:
        return None
    if statement.operator != "change":
        return statement.fraction
    if baseline is None or baseline.fraction is None:
        return None
    if statement.unit.name == baseline.unit.name and statement.unit.quantity != "share":
        return baseline.fraction + statement.fraction
    if statement.unit.quantity == "change":
        return baseline.fraction + statement.fraction
    return baseline.fraction * (1 + statement.fraction)


def as_level(statement: Indicator, baseline: Indicator | None, rule: TestRule) -> Indicator:
    """The statement in its baseline's unit, if it is a change of a level: 30 % more than 0.70."""
    level = rule.test in ("ratio", "count") and statement.operator == "change"
    return replace(statement, unit=baseline.unit) if level and baseline is not None else statement


def testable(statement: Indicator, baseline: Indicator | None, rule: TestRule) -> bool:
    """Whether a run can give a verdict: there is a test, and a figure to hold against it."""
    if rule.test == "none":
        return False
    change = rule.test == "outcome" and statement.operator == "change"
    return target_value(statement, baseline) is not None or (
        change and statement.fraction is not None
    )


def _goal(statement: Indicator, baseline: Indicator | None) -> str:
    """The figure of a target in its own unit, a change added to its baseline; "" if there is none.

    A change in another unit than its baseline's (30 % more beds) has no figure in its own unit.
    """
    value = target_value(statement, baseline)
    apart = baseline is None or baseline.unit.name != statement.unit.name
    if value is None or (statement.operator == "change" and apart):
        return ""
    return number(value / statement.unit.factor)


def hold(
    m: Measures, context: Context, statement: Indicator, rule: TestRule, goal: float,
    target_year: int, year: int,
) -> Held | None:  # fmt: skip
    """The target against the model's series; None where a series is not modelled."""
    if rule.test in ("ratio", "count"):
        return _resource(m, context, statement, rule, goal, target_year, year)
    value = expression(m, rule.variable, rule.group, year)
    if value is None:
        return None
    if rule.test == "outcome" and statement.operator == "change" and goal == statement.fraction:
        base = expression(m, rule.variable, rule.group, m.years()[0])
        assert base is not None
        value = value / base - 1.0  # no level in the document: the change since the base year
    per = np.full_like(value, statement.unit.factor)
    if rule.test == "share" and all("_required" in t for t in rule.variable.split("/")):
        projected = expression(
            m, rule.variable.replace("_required", "_projected"), rule.group, year
        )
        available = np.full_like(value, goal)
        norm = _norm_share(m, rule.variable, year)
        return Held(available=available, required=value, projected=projected, norm=norm, per=per)
    return Held(available=value, p_meets=_meets(m, statement, goal, value, year), per=per)


def _resource(
    m: Measures, context: Context, statement: Indicator, rule: TestRule, goal: float,
    target_year: int, year: int,
) -> Held | None:  # fmt: skip
    group = rule.group or "total"
    required = expression(m, f"{rule.variable}_required", group, year)
    if required is None:
        return None
    projected = expression(m, f"{rule.variable}_projected", group, year)
    basis = basis_read(context, statement, rule)
    reached = max(target_year, m.years()[0])
    people, then = m.population(basis, year), m.population(basis, reached)
    per: Floats | None
    if rule.scale == "inverse":
        planned, base, per = people / goal, then / goal, None
    elif rule.test == "ratio":
        planned, base, per = goal * people, goal * then, people * statement.unit.factor
    else:
        planned = base = np.full_like(required, goal)
        per = np.full_like(required, statement.unit.factor)
    if year > target_year and context.after_target == "hold_count":
        planned = base
    elif year > target_year and context.after_target == "trend" and projected is not None:
        then_projected = expression(m, f"{rule.variable}_projected", group, reached)
        assert then_projected is not None
        planned = base + projected - then_projected
    norm = _norm(m, rule.variable, group, year)
    return Held(planned, required, projected, norm, per=per, people=people)


def _norm(m: Measures, variable: str, group: str, year: int) -> Floats | None:
    """Need by national norm: its own series, or for staff the method `ratio`."""
    if m.has(f"{variable}_required_norm", group):
        return m.at(f"{variable}_required_norm", group, year)
    resource = RESOURCES.get(variable)
    if resource is not None and resource.group_dim == "staff_method":
        return m.at(f"{variable}_required", "ratio", year)
    return None


def _norm_share(m: Measures, text: str, year: int) -> Floats | None:
    """A quotient of two needs by norm; None where one of them has none."""
    found = []
    for term in text.split("/"):
        name, _, group = term.strip().partition(".")
        by_norm = _norm(m, name.removesuffix("_required"), group or "total", year)
        if by_norm is None:
            return None
        found.append(by_norm)
    return found[0] / found[1] if len(found) == 2 else None


def basis_read(context: Context, statement: Indicator, rule: TestRule) -> str:
    """The population that a ratio is read on: the plan's, else the rule's, else the default."""
    return read_basis(statement.population_basis, rule.basis, context.unstated_basis)


def _meets(m: Measures, statement: Indicator, goal: float, value: Floats, year: int) -> Floats:
    """Probability in each draw that the outcome meets the target.

    For deaths per live birth the year's count is Poisson around its mean: a small region misses
    or meets a target by chance.
    """
    if statement.unit.name.endswith("live births"):
        births = m.at("births", "total", year)
        return rate_met(operator_of(statement), goal, value, births)
    return np.asarray(meets(statement, value, np.full_like(value, goal)), float)


def rate_met(operator: str, goal: float, rate: Floats, births: Floats) -> Floats:
    """P(deaths per live birth meet the goal) in each draw, deaths Poisson around rate x births."""
    limit = np.floor(goal * births + 1e-9)
    most = limit - (limit >= goal * births) * (operator == "<")
    below = np.where(most < 0, 0.0, special.pdtr(np.maximum(most, 0.0), rate * births))
    return np.asarray(below if operator in ("<", "<=") else 1 - below)


def operator_of(statement: Indicator) -> str:
    """How the statement compares; a plain figure is a floor, or a cap where less is better."""
    operator = statement.operator if statement.operator in MEETS else "="
    return "<=" if operator == "=" and statement.entry.better == "lower" else operator


def meets(statement: Indicator, value: Floats, goal: Floats) -> Any:
    """Whether values meet a target; equal means equal to the digits that a run stores."""
    slack = goal * 1e-6
    return MEETS[operator_of(statement)](
        value + slack if operator_of(statement) in ("=", ">=") else value - slack, goal
    )


def _judged(
    context: Context, statement: Indicator, rule: TestRule, goal: float, target_year: int,
    year: int, held: Held,
) -> Row:  # fmt: skip
    out = _outcome(context, held) if held.p_meets is not None else _supply(context, statement, held)
    rests = _rests_on(context, statement, rule, goal, target_year, year)
    out["grade"] = weakest([q for _, q in rests]) or "A"
    out["rests_on"] = "; ".join(f"{name} ({quality})" for name, quality in rests)
    notes = [out.pop("note", ""), _notes(context, statement, rule, target_year, year)]
    out["reason"] = "; ".join(n for n in notes if n)
    return out


def _supply(context: Context, statement: Indicator, held: Held) -> Row:
    assert held.required is not None
    required, available = sampled(held.required), sampled(held.available)
    c: Comparison = compare(required, available, context.thresholds.surplus_ratio)
    low, mid, high = quantiles(sampled(held.shown(held.required)))
    shown = held.shown(held.available)
    out: Row = {
        "required_p10": float(low),
        "required_p50": float(mid),
        "required_p90": float(high),
        "available_p50": _median(shown),
        "ratio_p50": c.ratio,
        "p_enough": c.p_enough,
        "p_enough_mcse": probability_mcse(c.p_enough, c.n),
        "required_p50_mcse": float(quantile_mcse(sampled(held.shown(held.required)), 0.5)),
        "verdict": judge(c.p_enough, c.p_surplus, context.thresholds),
        "required_count_p50": c.required[1],
        "available_count_p50": c.available,
        "need_plan_p50": _median(shown),
    }
    if held.norm is not None:
        out["need_norm_p50"] = _median(held.shown(held.norm))
        out["note"] = _norm_note(context, statement, held)
    if held.projected is not None:
        projected = sampled(held.projected)
        trend = sampled(held.shown(held.projected))  # in the plan's unit: its operator counts there
        reached = float(np.mean(meets(statement, trend, sampled(shown))))
        out |= {
            "projected_p50": _median(held.shown(held.projected)),
            "projected_count_p50": float(np.median(projected)),
            "p_reached": reached,
            "p_reached_mcse": probability_mcse(reached, c.n),
            "p_enough_projected": compare(required, projected, 1.0).p_enough,
        }
    return out


def _norm_note(context: Context, statement: Indicator, held: Held) -> str:
    """What to know where need by use and by national norm lie far apart; "" where they do not."""
    assert held.required is not None
    assert held.norm is not None
    use, norm = _median(held.shown(held.required)), _median(held.shown(held.norm))
    if abs(norm - use) <= context.norm_gap * norm:
        return ""
    unit = statement.unit.name
    return (
        f"need by use {use:.4g} {unit} counts what is used inside the region, "
        f"by national norm {norm:.4g} / "
        f"使用需求{use:.4g}只计本地区内实际利用，按国家标准为{norm:.4g}"
    )


def _median(values: Floats) -> float:
    return float(np.median(sampled(values)))


def _outcome(context: Context, held: Held) -> Row:
    assert held.p_meets is not None
    met = sampled(held.p_meets)
    p = float(np.mean(met))
    return {
        "available_p50": _median(held.shown(held.available)),
        "p_reached": p,
        "p_reached_mcse": float(np.std(met) / np.sqrt(len(met))),
        "verdict": judge(p, 0.0, context.thresholds),
        "note": "verdict on reaching the target / 按达标概率判定",
    }


def _coverage(
    context: Context, statement: Indicator, rule: TestRule, goal: float, target_year: int,
    year: int,
) -> Row:  # fmt: skip
    """A coverage target as a workload: the people it means, beside the staff time there is."""
    people = _covered_people(context.measures, rule, year)
    if people is None:
        missing = f"the model has no {rule.variable} {rule.group}".rstrip()
        return {"reason": f"{missing} / 模型未覆盖该变量"}
    if statement.unit.quantity == "count" and rule.scale != "visits per patient":
        need = np.full_like(people, goal)
        if statement.kind in ("baseline", "history") and goal > _median(people):
            return {
                "reason": f"a past count without a target; now {_median(people):,.0f} in all / "
                f"仅有基期人次、无目标；现目标人群共{_median(people):,.0f}"
            }
    else:
        need = people * goal
    text = f"{_median(need):,.0f}"
    capacity = expression(context.measures, _projected(rule), rule.group, year)
    if capacity is None:
        return {
            "required_count_p50": _median(need),
            "reason": f"means {text} people or events a year; the plan states no capacity / "
            f"意味着每年 {text} 人（次），规划未给出服务能力; {rule.reason}",
        }
    held = Held(capacity, need, per=need / goal * statement.unit.factor)
    rests = _coverage_rests(context, rule, year)
    out = _supply(context, statement, held)
    del out["need_plan_p50"]
    return {
        **out,
        "p_reached": out["p_enough"],
        "grade": weakest([q for _, q in rests]) or "A",
        "rests_on": "; ".join(f"{name} ({quality})" for name, quality in rests),
        "reason": _coverage_note(context, statement, rule, target_year, year, text),
    }


def _coverage_note(
    context: Context, statement: Indicator, rule: TestRule, target_year: int, year: int, text: str
) -> str:
    said = (
        f"means {text} people or events a year against what the staff and services there are "
        f"can cover / 意味着每年 {text} 人（次），与现有人力和服务能力比较"
    )
    return f"{said}; {_notes(context, statement, rule, target_year, year)}"


def _covered_people(m: Measures, rule: TestRule, year: int) -> Floats | None:
    """What the plan's figure multiplies: people or events at full coverage.

    scale "per population": all residents; "visits per patient": the patients of <group>_visits.
    """
    if rule.scale == "per population":
        return m.population("resident", year)
    return expression(m, _required(rule), _patients(rule), year)


def coverage_pair(
    m: Measures, statement: Indicator, rule: TestRule, goal: float, year: int
) -> tuple[Floats, Floats] | None:
    """(people or events that a coverage target means, those that can be covered), by draw."""
    people = _covered_people(m, rule, year)
    capacity = expression(m, _projected(rule), rule.group, year)
    if people is None or capacity is None:
        return None
    counted = statement.unit.quantity == "count" and rule.scale != "visits per patient"
    return (np.full_like(people, goal) if counted else people * goal), capacity


def _patients(rule: TestRule) -> str:
    if rule.scale == "visits per patient":
        return rule.group.removesuffix("_visits")
    return rule.group


def _required(rule: TestRule) -> str:
    return f"{rule.variable}_required" if rule.variable in RESOURCES else rule.variable


def _projected(rule: TestRule) -> str:
    return f"{rule.variable}_projected" if rule.variable in RESOURCES else "none"


def _coverage_rests(context: Context, rule: TestRule, year: int) -> list[tuple[str, str]]:
    need = _covered_people(context.swung, rule, year)
    capacity = expression(context.swung, _projected(rule), rule.group, year)
    return [] if need is None or capacity is None else _influential(context, capacity / need)


def _rests_on(
    context: Context, statement: Indicator, rule: TestRule, goal: float, target_year: int,
    year: int,
) -> list[tuple[str, str]]:  # fmt: skip
    """Parameters (and their grades) that move the answer, strongest first."""
    held = hold(context.swung, context, statement, rule, goal, target_year, year)
    if held is None:
        return []
    if held.required is None:
        return _influential(context, held.available)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(held.required > 0, held.available / held.required, 0.0)
    return _influential(context, ratio)


def _influential(context: Context, values: Floats) -> list[tuple[str, str]]:
    swing = context.swings.relative(np.nan_to_num(values))
    order = [int(i) for i in np.argsort(-swing, kind="stable") if swing[i] >= context.influence]
    return [(context.swings.names[i], context.swings.qualities[i]) for i in order]


def _notes(
    context: Context, statement: Indicator, rule: TestRule, target_year: int, year: int
) -> str:
    notes = [rule.reason]
    if statement.kind in ("baseline", "history"):
        notes.append("no target; the baseline carried forward / 无目标，按基期水平外推")
    if statement.kind == "standard":
        notes.append("a standard that the plan cites / 规划引用的标准")
    if year > target_year:
        notes.append(f"target of {target_year} carried forward / {target_year}年目标外推")
    if statement.population_basis == "unstated" and rule.test == "ratio":
        basis = basis_read(context, statement, rule)
        zh = BASES_ZH.get(basis, basis)
        notes.append(f"population basis unstated, read as {basis} / 人口口径未注明，按{zh}")
    return "; ".join(n for n in notes if n)


def printed(row: Row) -> Row:
    """A row of adequacy.csv, numbers as text."""
    return {c: _text(c, row.get(c, "")) for c in COLUMNS}


def detail(row: Row) -> Row:
    """A row of adequacy_detail.csv."""
    return {c: _text(c, row.get(c, "")) for c in DETAIL_COLUMNS}


def _text(column: str, value: Any) -> Any:
    if column in _NUMBERS and isinstance(value, float):
        return number(round(value, 6) if abs(value) < 1e6 else value) if np.isfinite(value) else ""
    return value
