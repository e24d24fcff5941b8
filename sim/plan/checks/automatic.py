"""Checks that need no declaration: the rows of a plan say themselves what belongs together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from sim.plan.checks.finding import Finding, Relation, finding, model
from sim.plan.checks.phrase import Phrase, amount, bound, clauses, moved, named, said, versus
from sim.plan.document import Plan
from sim.plan.figure import Figure, agreement, common, decimals
from sim.plan.indicator import Indicator

_RATES = ("_per_1000", "_per_10000", "_per_capita")


def automatic(plan: Plan) -> Iterator[Finding]:
    """Every finding that follows from the rows of the plan alone."""
    yield from implied_populations(plan)
    yield from changes(plan)
    yield from stated_twice(plan)
    yield from definitions(plan)
    yield from benchmarks(plan)
    yield from targets_against_baselines(plan)


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
    for count in _distinct(i for i in plan.indicators if i.id.endswith("_total")):
        if count.kind not in ("baseline", "target") or count.operator == "change":
            continue
        names = [count.id.removesuffix("_total") + suffix for suffix in _RATES]
        rates = _distinct(
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
        rate = _level(plan, change.id, end)
        count = _level(plan, f"{stem}_total", start)
        if rate is None:
            continue
        rows = [rate, change]
        if count is not None:
            before, text = count.figure, count.text
            rows.append(count)
        else:
            now = _level(plan, f"{stem}_total", end)
            step = _change(plan, f"{stem}_total", change.year, now)
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


def changes(plan: Plan) -> Iterator[Finding]:
    """Printed increases against the levels at both ends; growth of a level without its start."""
    lone: dict[tuple[str, str], list[tuple[Indicator, Indicator]]] = defaultdict(list)
    for change in plan.indicators:
        if change.kind != "history" or change.operator != "change" or change.value is None:
            continue
        end = _level(plan, change.id, str(change.last_year))
        if end is None or end.unit.name == "%":
            continue
        start = _level(plan, change.id, str(change.first_year))
        if change.unit.name == "%" and start is not None:
            yield _growth(plan, start, end, change)
        elif change.unit.name == "%":
            lone[change.year, change.text].append((end, change))
        elif start is not None:
            step = end.figure - start.figure
            yield finding(
                plan,
                "difference",
                [start, end, change],
                agreement([step, change.figure]),
                arithmetic=f"{end.text} - {start.text}",
                values=(step.mid,),
                stated=change.text,
            )
    for (_, growth), pairs in lone.items():
        yield _lone_growth(plan, growth, pairs)


def _growth(plan: Plan, start: Indicator, end: Indicator, change: Indicator) -> Finding:
    percent = ((end.figure - start.figure) / start.figure).scaled(100)
    level = (end.figure / start.figure).scaled(100)
    tight = Figure(level.low - 100, percent.mid, level.high - 100)
    if change.operator == "change" and _exact(start) and _exact(end):
        tight = Figure(percent.mid, percent.mid, percent.mid)
    return finding(
        plan,
        "growth",
        [start, end, change],
        agreement([tight, change.figure]),
        arithmetic=f"({end.text} / {start.text} - 1) x 100",
        values=(percent.mid,),
        stated=amount(change.text, change.unit),
    )


def _exact(row: Indicator) -> bool:
    return row.unit.quantity == "count"


def _lone_growth(plan: Plan, growth: str, pairs: list[tuple[Indicator, Indicator]]) -> Finding:
    before = [(end.value or 0.0) / (1 + float(growth) / 100) for end, _ in pairs]
    copied = len(pairs) > 1 and decimals(growth) > 0
    return finding(
        plan,
        "growth",
        [change for _, change in pairs],
        "doubtful" if copied else "implied",
        arithmetic=clauses(
            Phrase(f"{end.text} / (1 + {growth} %)", f"{end.text} / (1 + {growth}%)") for end, _ in pairs
        ),
        values=before,
        stated=Phrase(f"+{growth} %", f"增长{growth}%")
        + (Phrase(" for each", "，各项相同") if copied else Phrase()),
        relation={"comment": {"en": "identical growth: possible copy error", "zh": "增长率相同，疑为误抄"}}
        if copied
        else None,
    )


def stated_twice(plan: Plan) -> Iterator[Finding]:
    """The same indicator, kind, year and scope with two different figures."""
    groups: dict[tuple[str, ...], list[Indicator]] = defaultdict(list)
    for i in plan.indicators:
        if i.kind in ("baseline", "target") and i.value is not None:
            groups[i.id, i.kind, i.year, i.scope, i.unit.name].append(i)
    for rows in groups.values():
        different = _distinct(rows)
        if len(different) > 1:
            yield compare_statements(plan, different)


def compare_statements(plan: Plan, rows: list[Indicator], relation: Relation | None = None) -> Finding:
    """Verdict on statements of one indicator.

    A fact may be printed as two bounds that are both true; a target is one number. Figures that
    differ only by operator or by digits are `rounding`.
    """
    first = rows[0]
    figures = [i.figure if i.unit == first.unit else model(i).scaled(1 / first.unit.factor) for i in rows]
    check = "stated twice"
    same_number = len({f.mid for f in figures}) == 1
    bounds = {i.operator[0] for i in rows}
    if len({(i.operator, f.mid) for i, f in zip(rows, figures, strict=True)}) == 1:
        verdict = "consistent"
    elif same_number:
        verdict = "rounding"
    elif first.unit.name == "count":
        check, verdict = "count stated twice", "inconsistent"
    elif first.kind == "baseline" and bounds in ({">"}, {"<"}):
        verdict = "consistent"
    else:
        verdict = "rounding" if agreement(figures) == "consistent" else "inconsistent"
    gap = max(f.mid for f in figures) - min(f.mid for f in figures)
    return finding(
        plan,
        check,
        rows,
        verdict,
        arithmetic=versus(said(i) for i in rows),
        values=(gap, *(f.mid for f in figures)),
        computed=Phrase(f"differ by {gap:.4g}", f"相差{gap:.4g}"),
        relation=relation,
    )


def definitions(plan: Plan) -> Iterator[Finding]:
    """One target value over two different populations."""
    groups: dict[tuple[str, ...], dict[str, Indicator]] = defaultdict(dict)
    for i in plan.targets:
        if i.population_basis in plan.vocabulary.whole_population - {"unstated"}:
            groups[i.id, i.year, i.text, i.unit.name].setdefault(i.population_basis, i)
    for rows in groups.values():
        if len(rows) > 1:
            yield finding(
                plan,
                "definition",
                rows.values(),
                "inconsistent",
                arithmetic=versus(
                    said(i) + Phrase(f" of {b} population", f"按{plan.vocabulary.bases[b]}计")
                    for b, i in rows.items()
                ),
                computed=Phrase("same value, different denominators", "数值相同，分母不同"),
            )


def benchmarks(plan: Plan) -> Iterator[Finding]:
    """Targets against the standards that the plan quotes without a year: its own yardstick."""
    for benchmark in plan.indicators:
        if benchmark.kind != "standard" or benchmark.year:
            continue
        for target in _distinct(plan.rows(benchmark.id, "target")):
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
    for target in _distinct(plan.targets):
        if target.operator == "change" or target.value is None or target.entry.better == "none":
            continue
        if target.value != target.value_high:
            continue  # "3-5 new ones" is not a level
        if target.entry.role == "process" and target.unit.name == "count":
            continue
        for baseline in _distinct(plan.rows(target.id, "baseline")):
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
        computed=f"{step:+.4g}",
        stated=bound(target),
    )


def _distinct(rows: Iterable[Indicator]) -> list[Indicator]:
    """Rows without repetitions of the same figure for the same kind, year, scope and unit."""
    seen: dict[tuple[object, ...], Indicator] = {}
    for i in rows:
        if i.value is not None:
            key = (
                i.id,
                i.kind,
                i.last_year,
                i.scope,
                i.unit.name,
                i.operator,
                i.value,
                i.value_high,
            )
            seen.setdefault(key, i)
    return list(seen.values())


def _level(plan: Plan, name: str, year: str) -> Indicator | None:
    """The one printed level of an indicator in a year; None if there is none or several."""
    found = _distinct(
        i
        for i in plan.rows(name)
        if i.kind in ("baseline", "history") and i.year == year and i.operator == "="
    )
    return found[0] if len(found) == 1 else None


def _change(plan: Plan, name: str, years: str, level: Indicator | None) -> Indicator | None:
    found = [
        i
        for i in plan.rows(name, "history")
        if i.operator == "change" and i.year == years and level and i.unit == level.unit
    ]
    return found[0] if found else None
