"""People behind counts and rates of one thing, and whether one population can stand behind them all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from sim.plan.checks.finding import Finding, finding
from sim.plan.checks.phrase import Phrase, clauses, named
from sim.plan.checks.quoted import Relation, model
from sim.plan.checks.rows import change_of, distinct, level_of
from sim.plan.document import Plan
from sim.plan.figure import Figure, agreement, common
from sim.plan.indicator import Indicator

_RATES = ("_per_1000", "_per_10000", "_per_capita")


def implied_populations(plan: Plan) -> Iterator[Finding]:
    """Population = count / rate for each count with a rate, and whether they agree by year."""
    by_year: dict[str, list[tuple[Indicator, Figure]]] = defaultdict(list)
    settled: dict[str, bool] = defaultdict(lambda: True)
    for count, rates in _count_rate_pairs(plan):
        for rate in rates:
            people = model(count) / model(rate)
            yield _population(plan, [count, rate], people, f"{count.text} / {rate.text}")
            by_year[rate.year].append((rate, people))
        settled[count.year] &= len(rates) == 1
    for year, rate, rows, people, text in _earlier_populations(plan):
        yield _population(plan, rows, people, text)
        by_year[year].append((rate, people))
    for year, found in by_year.items():
        if not settled[year]:
            continue  # a count with two rates: which one to believe is for relations.yaml
        main = [f for f in found if f[0].unit.name == "per 1000"]
        for group in (main, found) if len(found) > len(main) else (main,):
            if len(group) > 1:
                yield population_agreement(plan, group)


def _population(plan: Plan, rows: list[Indicator], people: Figure, text: str) -> Finding:
    return finding(
        plan,
        "implied population",
        rows,
        "implied",
        arithmetic=text,
        values=(people.mid, people.low, people.high),
        computed=Phrase(
            f"{people.mid:.0f} people [{people.low:.0f} to {people.high:.0f}]",
            f"{people.mid:.0f}人（{people.low:.0f}至{people.high:.0f}）",
        ),
    )


def population_agreement(
    plan: Plan, group: list[tuple[Indicator, Figure]], relation: Relation | None = None
) -> Finding:
    """Whether one population can stand behind several ratios."""
    low, high = common([people for _, people in group])
    verdict = agreement([people for _, people in group])
    if low <= high:
        computed = Phrase(
            f"one population of {low:.0f} to {high:.0f}", f"可为同一人口{low:.0f}至{high:.0f}人"
        )
    else:
        gap, relative = low - high, low / high - 1
        computed = Phrase(
            f"no common population: gap of {gap:.0f} people, {relative:.2%}",
            f"无共同人口，相差{gap:.0f}人（{relative:.2%}）",
        )
    return finding(
        plan,
        "implied population: agreement",
        [r for r, _ in group],
        verdict,
        arithmetic=clauses(_span(rate, people) for rate, people in group),
        values=(low, high) if low <= high else (low - high,),
        computed=computed,
        stated=Phrase("one population", "同一人口"),
        relation=relation,
    )


def _span(rate: Indicator, people: Figure) -> Phrase:
    name, ends = named(rate), (people.low, people.high)
    millions = "-".join(f"{end / 1e6:.4f}" for end in ends)
    wan = "至".join(f"{end / 1e4:.2f}" for end in ends)  # 万, ten thousand
    return Phrase(f"{name.en} {millions} million", f"{name.zh}对应{wan}万人")


def _count_rate_pairs(plan: Plan) -> Iterator[tuple[Indicator, list[Indicator]]]:
    for count in distinct(i for i in plan.indicators if i.id.endswith("_total")):
        if count.kind not in ("baseline", "target") or count.operator == "change":
            continue
        names = [count.id.removesuffix("_total") + suffix for suffix in _RATES]
        rates = distinct(
            i
            for i in plan.indicators
            if i.id in names
            and (i.kind, i.year) == (count.kind, count.year)
            and i.value
            and i.operator != "change"
        )
        if rates:
            yield count, rates


def _earlier_populations(
    plan: Plan,
) -> Iterator[tuple[str, Indicator, list[Indicator], Figure, str]]:
    """Population at the start of a printed increase: (count - change) / (rate - change)."""
    for change in plan.indicators:
        stem, suffix = _split_rate(change.id)
        if not suffix or change.kind != "history" or change.operator != "change":
            continue
        if change.unit.quantity != "ratio":
            continue
        start, end = str(change.first_year), str(change.last_year)
        rate = level_of(plan, change.id, end)
        count = level_of(plan, f"{stem}_total", start)
        if rate is None:
            continue
        rows = [rate, change]
        if count is not None:
            before, text = count.figure, count.text
            rows.append(count)
        else:
            now = level_of(plan, f"{stem}_total", end)
            step = change_of(plan, f"{stem}_total", change.year, now)
            if now is None or step is None:
                continue
            before, text = now.figure - step.figure, f"({now.text} - {step.text})"
            rows += [now, step]
        people = before / (model(rate) - model(change))
        yield start, rate, rows, people, f"{text} / ({rate.text} - {change.text}), {start}"


def _split_rate(name: str) -> tuple[str, str]:
    for suffix in _RATES:
        if name.endswith(suffix):
            return name.removesuffix(suffix), suffix
    return name, ""
