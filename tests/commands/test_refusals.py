"""Refusals and click's own errors follow the language; their catalogue is whole and fresh."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from paths import ROOT
from working_folder import Outcome

from sim.commands.refusals import CATALOGUE, catalogue, spoken

GAP = re.compile(r"\{\d*\}")
# rooms whose faults a planner's own files and commands bring about
FOR_PLANNERS = ("config", "params", "plan", "run", "saved", "store.py", "textfile.py", "commands", "sweeps")
FOR_PLANNERS += ("places", "drafting", "document", "report", "charts", "propose", "stress", "adequacy")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run"], "错误：缺少参数“EXPERIMENT”。"),
        (["run", "x.yaml", "--drws", "5"], "错误：没有选项“--drws”。"),
        (["run", "experiments/small.yaml", "--draws", "-1"], "“--draws”的值无效：-1 不在范围"),
        (["report", "x", "--to", "pdf"], "“--to”的值无效：“pdf”不在可选之列"),
        (["frobnicate"], "错误：没有命令“frobnicate”。"),
        (["plan", "accept", "x"], "错误：缺少选项“--name”。"),
        (["run", "experiments/smal.yaml"], "没有这个文件 | 是否想写“experiments/small.yaml”？"),
        (
            ["run", "experiments/small.yaml", "--set", "inpatient.alos_grwth=1"],
            "参数有误：\n--set | 没有参数“inpatient.alos_grwth” | 是否想写“inpatient.alos_growth”？",
        ),
        (
            ["run", "experiments/small.yaml", "--scenario", "refrence"],
            "没有情景“refrence” | 是否想写“reference”？",
        ),
        (["plot", "experiments"], "不是已存的运行、敏感性分析或回测 | 请给出 outputs/<实验>/<运行号>"),
    ],
)
def test_a_refused_call_is_told_in_chinese(
    cli: Callable[..., Outcome], workspace: Path, arguments: list[str], said: str
) -> None:
    outcome = cli(*arguments, cwd=workspace, translated=True)
    assert outcome.code == 2
    assert said in outcome.err
    assert "Error" not in outcome.err


def test_english_is_as_it_was_raised(
    cli: Callable[..., Outcome], workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEALTHPLAN_LANG", "en")
    outcome = cli("run", "--drws", "5", cwd=workspace, translated=True)
    assert outcome.err.startswith("Usage: healthplan run")
    assert "Try 'healthplan run --help' for help.\nError: No such option '--drws'." in outcome.err
    assert cli("validate", "nowhere.yaml", cwd=workspace, translated=True).err.startswith("ConfigError:\n")


def test_every_fault_of_a_file_is_told_in_chinese(
    cli: Callable[..., Outcome], experiment: Callable[..., Path]
) -> None:
    path = experiment(regions=[410500], draws={"n": "many", "sede": 1}, test_years=[])
    lines = cli("validate", path, cwd=path.parent.parent, translated=True).err.splitlines()
    assert lines[0] == "命令或文件有误："
    assert f"{path}: draws.sede | 未知的键 | 是否想写“seed”？" in lines
    assert any(line.endswith("| 请写成文本，加引号") for line in lines)


@pytest.mark.slow
def test_a_dry_run_tells_its_size_in_the_language(cli: Callable[..., Outcome], workspace: Path) -> None:
    chinese = cli("run", "experiments/small.yaml", "--dry-run", cwd=workspace, translated=True).out
    assert chinese.startswith("2 个情景 × 1 个地区 × 9 次抽样，11 年：")
    english = cli(
        "run", "experiments/small.yaml", "--dry-run", "--lang", "en", cwd=workspace, translated=True
    )
    assert english.out.startswith("2 scenarios x 1 regions x 9 draws, 11 years:")


@given(st.sampled_from(sorted(catalogue())), st.data())
def test_what_is_filled_in_comes_through(text: str, data: st.DataObject) -> None:
    """Each gap of a text stands in its Chinese, whatever the order of the words."""
    words = [f"w{k}w" for k in range(len(GAP.findall(text)))]
    fill = iter(words)
    said = spoken(GAP.sub(lambda _: next(fill), text), "zh")
    assert all(word in said for word in words)
    assert not GAP.search(said.replace("{}", "", text.count("{{}")))


def test_each_text_of_the_catalogue_stands_once_with_its_gaps() -> None:
    lines = [line for line in CATALOGUE.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    assert len(lines) == len(catalogue())
    for line in lines:
        english, chinese = line.split("\t")
        there, here = len(GAP.findall(english)), re.findall(r"\{(\d*)\}", chinese)
        assert sorted(here) in (["" for _ in range(there)], [str(k) for k in range(there)]), line


@pytest.mark.slow
def test_what_a_planner_is_told_is_in_the_catalogue() -> None:
    """Of the texts of faults that stand in the rooms of a planner's files, at most 1 in 25 lacks Chinese."""
    texts = sorted({text for path in _modules() for text in _texts(ast.parse(path.read_text("utf-8")))})
    assert len(texts) > 500
    lacking = [text for text in texts if _words(text) and not _known(text)]
    assert len(lacking) <= len(texts) / 25, "\n".join(lacking)


def _known(text: str) -> bool:
    fill = iter(range(99))
    plain = GAP.sub(lambda _: f"w{next(fill)}w", text)
    return spoken(plain, "zh") != plain


def _words(text: str) -> bool:
    """Whether a text has words at all: `{}..{}` has none, and neither have names of this project alone."""
    return bool(re.search(r"[a-z]{2,} [a-z]{2,}|^[a-z]{2,} ", GAP.sub("", text)))


def _modules() -> Iterator[Path]:
    for room in FOR_PLANNERS:
        path = ROOT / "sim" / room
        yield from sorted(path.rglob("*.py")) if path.is_dir() else [path]


def _texts(tree: ast.Module) -> Iterator[str]:
    """What stands as `what is wrong` and `what would be right` in calls of fault()."""
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        calls = [n for n in ast.walk(function) if isinstance(n, ast.Call) and _name(n.func) == "fault"]
        for call in calls:
            for argument in call.args[1:]:
                yield from _templates(argument)
        for node in ast.walk(function) if calls else ():
            if isinstance(node, ast.Assign) and _name(node.targets[0]) in ("wrong", "remedy"):
                yield from _templates(node.value)


def _name(node: ast.expr) -> str:
    return getattr(node, "id", getattr(node, "attr", ""))


def _templates(node: ast.expr) -> Iterator[str]:
    """Texts that an expression can be, {} where something is filled in."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(str(v.value) if isinstance(v, ast.Constant) else "{}" for v in node.values)
    elif isinstance(node, ast.IfExp):
        yield from (*_templates(node.body), *_templates(node.orelse))


def test_how_many_lines_share_a_fault_is_told_in_chinese() -> None:
    told = spoken("a.csv: line 3 | cause 'strokes' is unknown (202 lines) | did you mean 'stroke'?", "zh")
    assert told == "a.csv：第3行 | cause “strokes”未知（202 行） | 是否想写“stroke”？"


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        ("births of 2021", "2021 年出生人数"),
        ("deaths of 2021", "2021 年死亡人数"),
        ("population_total of 2021", "2021 年总人口"),
        ("population_60+ of 2021", "2021 年 60+ 岁人口"),
    ],
)
def test_the_figure_of_a_line_is_told_in_chinese(figure: str, said: str) -> None:
    assert spoken(f"/x/observed.csv: line 5: {figure}", "zh") == f"/x/observed.csv：第5行：{said}"
