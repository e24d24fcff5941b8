"""`healthplan questions`: the planning questions against each plan, with verdicts, as a page.

Every experiment with a plan is run in its first scenario with its own draws; a question that a
plan raises shows which of its indicators were tested, with the verdict in the target year and in
the last tested year, and which were declined, with the reason.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from sim.config import find_root, read_experiment
from sim.plan import load_plan
from sim.plan.summary import questions
from sim.run import runner
from sim.run.setup import set_up

Rows = list[dict[str, str]]

VERDICTS = ("short", "tight", "adequate", "surplus")
VERDICTS_ZH = {"short": "不足", "tight": "偏紧", "adequate": "充足", "surplus": "富余"}
TESTABLE_ZH = {"yes": "可", "part": "部分", "no": "否"}


def questions_command(start: Path, out: Path | None, draws: int | None) -> str:
    """The page; written to `out` if given.  Returns the text, or the path that was written."""
    root = find_root(start)
    text = page(root, {e.stem: detail(e, draws) for e in _experiments(root)})
    if out is None:
        return text
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(text, encoding="utf-8")
    return str(out)


def _experiments(root: Path) -> list[Path]:
    paths = sorted((root / "experiments").glob("*.yaml"))
    first: dict[str, Path] = {}
    for path in paths:
        plan = read_experiment(path).plan
        if plan is not None:
            first.setdefault(plan, path)
    return list(first.values())


def detail(experiment: Path, draws: int | None = None) -> Rows:
    """Rows of adequacy_detail.csv of an experiment's first scenario."""
    scenario = next(iter(read_experiment(experiment).scenarios))
    setup = set_up(experiment, scenarios=[scenario])
    if draws is not None:
        setup = runner.with_draws(setup, draws)
    with TemporaryDirectory() as folder:
        path = runner.run(setup, Path(folder), charts=False)
        with (path / "adequacy_detail.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))


def page(root: Path, runs: Mapping[str, Rows]) -> str:
    """Markdown: counts by plan, table question x plan, then each question with its indicators."""
    plans = {rows[0]["plan"]: rows for rows in runs.values() if rows}
    asked = questions(root / "parameters")
    lines = [
        "# Questions and plans / 规划问题与规划",
        "",
        "Made by `healthplan questions --out docs/questions.md`, not by hand: every experiment is "
        "run in its reference scenario with its own draws.",
        "由命令生成，非手工编写：各实验的基准情景、按其自身抽样次数运行。",
        "",
        *_counts(root, plans),
        *_matrix(asked, plans),
    ]
    for question in asked:
        lines += list(_question(question, plans))
    return "\n".join(lines) + "\n"


def indicators(rows: Sequence[Mapping[str, str]]) -> tuple[set[str], set[str]]:
    """(indicators with at least one verdict, those with none)."""
    every = {r["indicator_id"] for r in rows}
    tested = {r["indicator_id"] for r in rows if r["verdict"] != "not_tested"}
    return tested, every - tested


def _counts(root: Path, plans: Mapping[str, Rows]) -> Iterator[str]:
    yield "## Tested and declined / 已检验与未检验"
    yield ""
    yield "| plan 规划 | indicators 指标 | tested 已检验 | declined 未检验 | verdicts 判定 |"
    yield "|---|---|---|---|---|"
    for plan, rows in plans.items():
        tested, declined = indicators(rows)
        name = load_plan(root / "parameters", plan).name_zh
        found = Counter(r["verdict"] for r in rows if r["verdict"] != "not_tested")
        yield (
            f"| {plan} {name} | {len(tested) + len(declined)} | {len(tested)} | {len(declined)} "
            f"| {_by_verdict(found)} |"
        )
    yield ""


def _matrix(asked: Sequence[Mapping[str, str]], plans: Mapping[str, Rows]) -> Iterator[str]:
    yield "## Question x plan / 问题×规划"
    yield ""
    yield "Verdicts in the last tested year; `-`: not raised. 末个检验年的判定；`-`为未提出。"
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
    mine = [r for r in rows if r["question"] == question["question"]]
    if not mine:
        return "words only 仅文字" if plan in question["plans"].split() else "-"
    tested, declined = indicators(mine)
    last = {(r["indicator_id"], r["scope"], r["target"]): r["verdict"] for r in _in_order(mine)}
    found = Counter(v for v in last.values() if v != "not_tested")
    parts = [_by_verdict(found)] if tested else []
    if declined:
        parts.append(f"declined 未检验 {len(declined)}")
    return "; ".join(parts)


def _in_order(rows: Rows) -> Rows:
    tested = [r for r in rows if r["verdict"] != "not_tested"]
    return sorted(tested, key=lambda r: int(r["year"]))


def _by_verdict(found: Mapping[str, int]) -> str:
    return ", ".join(f"{v} {VERDICTS_ZH[v]} {found[v]}" for v in VERDICTS if found.get(v))


def _question(question: Mapping[str, str], plans: Mapping[str, Rows]) -> Iterator[str]:
    yield f"### {question['question']} {question['name_en']} / {question['name_zh']}"
    yield ""
    for plan, rows in plans.items():
        mine = [r for r in rows if r["question"] == question["question"]]
        if not mine:
            if plan in question["plans"].split():
                yield f"- **{plan}**: raised in words, without a figure / 仅有文字，无数值"
            continue
        yield f"- **{plan}**"
        yield from _tested(mine)
        yield from _declined(mine)
    yield ""


def _tested(rows: Rows) -> Iterator[str]:
    by_target: dict[tuple[str, str, str], Rows] = {}
    for row in _in_order(rows):
        key = (row["indicator_id"], row["scope"], row["target"])
        by_target.setdefault(key, []).append(row)
    for found in by_target.values():
        first = found[0]
        aim = (
            f"{first['target']} {first['unit']}" if first["target"] else "baseline carried 基期外推"
        )
        said = ", ".join(
            f"{r['year']} {r['verdict']} {VERDICTS_ZH[r['verdict']]} ({r['grade']})" for r in found
        )
        yield f"  - {first['name_zh']} {first['name_en']} [{aim}]: {said}"


def _declined(rows: Rows) -> Iterator[str]:
    declined = indicators(rows)[1]
    reasons: dict[str, list[str]] = {}
    for row in rows:
        if row["indicator_id"] in declined:
            names = reasons.setdefault(row["reason"], [])
            if row["indicator_id"] not in names:
                names.append(row["indicator_id"])
    for reason, names in reasons.items():
        yield f"  - declined 未检验: {', '.join(names)} ({reason})"
