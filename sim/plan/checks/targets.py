"""Targets against what the document prints beside them: baselines and quoted benchmarks."""

from __future__ import annotations

from collections.abc import Iterator

from sim.plan.checks.finding import Finding, finding
from sim.plan.checks.phrase import Phrase, apart, bound, moved, said
from sim.plan.checks.quoted import Relation
from sim.plan.checks.rows import distinct
from sim.plan.document import Plan
from sim.plan.indicator import Indicator
from sim.plan.vocabulary import Unit


def benchmarks(plan: Plan) -> Iterator[Finding]:
    """Targets against the standards that the plan quotes without a year: its own yardstick."""
    for benchmark in plan.indicators:
        if benchmark.kind != "standard" or benchmark.year:
            continue
        for target in distinct(plan.rows(benchmark.id, "target")):
            if target.value is not None and target.operator != "change":
                yield against_benchmark(plan, [target], benchmark)


def against_benchmark(
    plan: Plan,
    targets: list[Indicator],
    benchmark: Indicator,
    relation: Relation | None = None,
) -> Finding:
    """Target (or the sum of targets) as a share of the quoted benchmark."""
    total = sum(i.fraction or 0.0 for i in targets)
    share = total / (benchmark.fraction or float("nan"))
    short = {"higher": share < 1, "lower": share > 1}.get(benchmark.entry.better, False)
    text = " + ".join(i.text for i in targets)
    return finding(
        plan,
        "target vs own benchmark",
        [*targets, benchmark],
        "below own benchmark" if short else "consistent",
        arithmetic=Phrase(f"{text} against ", f"{text}对自引标准") + said(benchmark),
        values=(share * 100,),
        computed=Phrase(f"{share:.0%} of the benchmark", f"为该标准的{share:.0%}"),
        stated=Phrase("100 %", "100%"),
        relation=relation,
    )


def targets_against_baselines(plan: Plan) -> Iterator[Finding]:
    """Each target with each printed baseline of the same indicator.

    A bound on the wrong side of the baseline is laxer than what exists; a fixed level on the wrong
    side falls below it. Counts of activities (role process) and indicators without a direction of
    good have no side; of a range only what lies outside it has.
    """
    for target in distinct(plan.targets):
        if target.operator == "change" or target.value is None or target.entry.better == "none":
            continue
        if target.value != target.value_high:
            continue  # "3-5 new ones" is not a level
        if target.entry.role == "process" and target.unit.name == "count":
            continue
        for baseline in distinct(plan.rows(target.id, "baseline")):
            same = (baseline.unit, baseline.scope) == (target.unit, target.scope)
            if same and baseline.value is not None and baseline.operator != "change":
                if not _gain(target, baseline) and target.value != baseline.value:
                    continue  # both inside the good range
                yield _against_baseline(plan, target, baseline)


def _gain(target: Indicator, baseline: Indicator) -> float:
    """How much better the target is than the baseline, in their unit."""
    if target.entry.better == "range":
        now, then = (target.entry.outside(i.fraction or 0.0) for i in (baseline, target))
        return round((now - then) / target.unit.factor, 9)
    step = round((target.value or 0.0) - (baseline.value or 0.0), 9)
    return step if target.entry.better == "higher" else -step


def _against_baseline(plan: Plan, target: Indicator, baseline: Indicator) -> Finding:
    step = round((target.value or 0.0) - (baseline.value or 0.0), 9)
    gain = _gain(target, baseline)
    if gain == 0:
        verdict = "equal to baseline"
    elif gain > 0:
        verdict = "improves"
    else:
        verdict = "falls below baseline" if target.operator == "=" else "laxer than baseline"
    return finding(
        plan,
        "target vs baseline",
        [baseline, target],
        verdict,
        arithmetic=moved(said(baseline), said(target)),
        values=(step,),
        computed=_step(step, target.unit),
        stated=bound(target),
    )


def _step(step: float, unit: Unit) -> Phrase:
    """From a baseline to a target: +1.8, 提高1.8; of percentages in points."""
    if not step:
        return Phrase("no change", "无变化")
    return apart(abs(step), unit, "+" if step > 0 else "-", "提高" if step > 0 else "降低")
