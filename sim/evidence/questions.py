"""`healthplan questions`: the planning questions against each plan, with verdicts, as a page.

Every experiment with a plan is run in its first scenario with its own draws; a question that a
plan raises shows which of its indicators were tested, with the verdict in the target year and in
the last tested year, which needs answer it where the plan sets no target, and which indicators
were declined, with the reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from sim.adequacy.stated_twice import SAYS
from sim.catalogue.verdicts import ROWS, VERDICTS
from sim.config import read_experiment
from sim.evidence.answers import given, of_plan, without_target
from sim.plan import list_plans, load_plan
from sim.plan.questions import questions
from sim.run import runner
from sim.run.setup import set_up
from sim.run_folder import run_experiment
from sim.saved.row import Row
from sim.saved.row_table import read as read_rows

Rows = list[Row]

TESTABLE_ZH = {"yes": "可", "part": "部分", "no": "否"}


def experiments(root: Path) -> list[Path]:
    """The first experiment file of each plan of a place."""
    paths = sorted((root / "experiments").glob("*.yaml"))
    first: dict[str, Path] = {}
    of_places = list_plans(root / "parameters")
    for path in paths:
        plan = read_experiment(path).plan
        if plan in of_places:
            first.setdefault(plan, path)
    return list(first.values())


def detail(experiment: Path, draws: int | None = None) -> Rows:
    """Rows of adequacy_detail.csv of an experiment's first scenario."""
    scenario = next(iter(read_experiment(experiment).scenarios))
    setup = set_up(experiment, scenarios=[scenario])
    if draws is not None:
        setup = runner.with_draws(setup, draws)
    with TemporaryDirectory() as folder:
        path = run_experiment(setup, Path(folder), charts=False)
        return read_rows(path)


def page(root: Path, runs: Mapping[str, Rows]) -> str:
    """Markdown: counts by plan, table question x plan, then each question with its indicators."""
    plans = {rows[0].plan: rows for rows in runs.values() if rows}
    asked = questions(root / "parameters")
    lines = [
        "# Questions and plans / 规划问题与规划",
        "",
        "Made by `healthplan questions --out docs/questions.md`, not by hand: every experiment is "
        "run in its reference scenario with its own draws.",
        "由命令生成，非手工编写：各实验的基准情景、按其自身抽样次数运行。",
        "",
        *_answers(asked, root, plans),
        *_counts(root, plans),
        *_matrix(asked, plans),
    ]
    for question in asked:
        lines += list(_question(question, plans))
    return "\n".join(lines) + "\n"


def _answers(asked: Sequence[Mapping[str, str]], root: Path, plans: Mapping[str, Rows]) -> Iterator[str]:
    """How many questions are answered and by what, and which are not, with their reasons."""
    found = {plan: given(root, plan, rows) for plan, rows in plans.items()}
    done = sum(len(a.answered) for a in found.values())
    left = sum(len(a.left_open) for a in found.values())
    by = Counter(_answered_by(q, plans[p]) for p, a in found.items() for q in a.answered)
    yield (
        f"**Answered: {done} of {done + left}** questions that a plan raises and a projection can "
        f"answer (testable yes), {len(plans)} plans together: {by['target']} by a verdict on the "
        f"plan's own figures, {by['need']} by a verdict on the supply that the trend brings (no "
        f"target), {by['figure']} by the need or the projected figure alone. "
        f"已回答：{done + left}个“可检验”问题中的{done}个（{len(plans)}个规划合计）："
        f"{by['target']}个按规划自身数值判定，{by['need']}个无目标、按趋势供给判定，"
        f"{by['figure']}个仅给出需求或预测值。"
    )
    yield ""
    names = {q["question"]: f"{q['name_en']} {q['name_zh']}" for q in asked}
    for plan, answers in found.items():
        for number, reasons in answers.left_open.items():
            text = "; ".join(reasons)
            yield f"- open 未回答: {plan}, {number} {names[number]}: {text}"
    if left:
        yield ""


def _answered_by(question: str, rows: Rows) -> str:
    mine = [r for r in rows if r.question == question and r.is_tested]
    if of_plan(mine):
        return "target"
    return "need" if any(r.has_target for r in mine) else "figure"


def indicators(rows: Sequence[Row]) -> tuple[set[str], set[str]]:
    """(the plan's indicators with at least one verdict, there or where the same is said; those with none)."""
    mine = of_plan(rows)
    every = {r.indicator_id for r in mine}
    tested = {r.indicator_id for r in mine if r.is_tested or r.reason.startswith(SAYS)}
    return tested, every - tested


def _counts(root: Path, plans: Mapping[str, Rows]) -> Iterator[str]:
    yield "## Tested and declined / 已检验与未检验"
    yield ""
    yield (
        "| plan 规划 | indicators 指标 | tested 已检验 | declined 未检验 | needs 无目标需求 "
        "| questions 问题 | verdicts on targets 目标判定 |"
    )
    yield "|---|---|---|---|---|---|---|"
    for plan, rows in plans.items():
        tested, declined = indicators(rows)
        name = load_plan(root / "parameters", plan).name_zh
        found = Counter(r.verdict for r in of_plan(rows) if r.is_tested)
        needs = {r.indicator_id for r in without_target(rows)}
        yield (
            f"| {plan} {name} | {len(tested) + len(declined)} | {len(tested)} | {len(declined)} "
            f"| {len(needs)} | {given(root, plan, rows).text} | {_by_verdict(found)} |"
        )
    yield ""


def _matrix(asked: Sequence[Mapping[str, str]], plans: Mapping[str, Rows]) -> Iterator[str]:
    yield "## Question x plan / 问题×规划"
    yield ""
    yield (
        "Verdicts in the last tested year; need: raised without a target, the projected supply "
        "against the need (no_target: no supply is counted); `-`: not raised. "
        "末个检验年的判定；need为仅有文字无目标，按趋势供给判定（无供给数则为无目标）；`-`为未提出。"
    )
    yield ""
    yield "| # | question 问题 | testable 可检验 | " + " | ".join(plans) + " |"
    yield "|---|---|---|" + "---|" * len(plans)
    for q in asked:
        cells = [_cell(q, plan, rows) for plan, rows in plans.items()]
        name = f"{q['name_en']} {q['name_zh']}"
        testable = f"{q['testable']} {TESTABLE_ZH.get(q['testable'], '')}"
        yield f"| {q['question']} | {name} | {testable} | " + " | ".join(cells) + " |"
    yield ""


def _cell(question: Mapping[str, str], plan: str, rows: Rows) -> str:
    mine = [r for r in rows if r.question == question["question"]]
    if not mine:
        return "words only 仅文字" if plan in question["plans"].split() else "-"
    tested, declined = indicators(mine)
    parts = [_by_verdict(_last(of_plan(mine)))] if tested else []
    needs = _last(without_target(mine))
    if needs:
        parts.append(f"need 需求: {_by_verdict(needs)}")
    if declined:
        parts.append(f"declined 未检验 {len(declined)}")
    return "; ".join(parts)


def _last(rows: Sequence[Row]) -> Counter[str]:
    """Verdicts in the last tested year, one for each target."""
    last = {(r.indicator_id, r.scope, r.target): r.verdict for r in _in_order(rows)}
    return Counter(last.values())


def _in_order(rows: Sequence[Row]) -> list[Row]:
    tested = [r for r in rows if r.is_tested]
    return sorted(tested, key=lambda r: r.year)


def _by_verdict(found: Mapping[str, int]) -> str:
    return ", ".join(f"{v.both()} {found[v.id]}" for v in ROWS if found.get(v.id))


def _question(question: Mapping[str, str], plans: Mapping[str, Rows]) -> Iterator[str]:
    yield f"### {question['question']} {question['name_en']} / {question['name_zh']}"
    yield ""
    for plan, rows in plans.items():
        mine = [r for r in rows if r.question == question["question"]]
        if not mine:
            if plan in question["plans"].split():
                yield f"- **{plan}**: raised in words, without a figure / 仅有文字，无数值"
            continue
        yield f"- **{plan}**"
        yield from _tested(of_plan(mine))
        yield from _needed(without_target(mine))
        yield from _declined(mine)
    yield ""


def _needed(rows: Sequence[Row]) -> Iterator[str]:
    by_need: dict[str, list[Row]] = {}
    for row in _in_order(rows):
        by_need.setdefault(row.indicator_id, []).append(row)
    for found in by_need.values():
        first = found[0]
        said = ", ".join(
            f"{r.year} {_short(r.required_p50)} ({_short(r.required_p10)}–"
            f"{_short(r.required_p90)}) {VERDICTS[r.verdict].both()} "
            f"({r.grade})"
            for r in found
        )
        yield f"  - need 需求: {first.name_zh} {first.name_en} [{first.unit}]: {said}"


def _short(value: float | None) -> str:
    """A figure with three digits, whole from 1000 on."""
    if value is None:
        return "-"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _tested(rows: Sequence[Row]) -> Iterator[str]:
    by_target: dict[tuple[str, str, str], list[Row]] = {}
    for row in _in_order(rows):
        key = (row.indicator_id, row.scope, row.target)
        by_target.setdefault(key, []).append(row)
    for found in by_target.values():
        first = found[0]
        aim = f"{first.target} {first.unit}" if first.target else "baseline carried 基期外推"
        said = ", ".join(f"{r.year} {VERDICTS[r.verdict].both()} ({r.grade})" for r in found)
        yield f"  - {first.name_zh} {first.name_en} [{aim}]: {said}"


def _declined(rows: Rows) -> Iterator[str]:
    """Indicators and needs without any verdict, with the reason of their first year."""
    tested = {r.indicator_id for r in rows if r.is_tested}
    first: dict[str, str] = {}
    for row in rows:
        first.setdefault(row.indicator_id, row.reason)
    reasons: dict[str, list[str]] = {}
    for name, reason in first.items():
        if name not in tested:
            reasons.setdefault(reason, []).append(name)
    for reason, names in reasons.items():
        yield f"  - declined 未检验: {', '.join(names)} ({reason})"
