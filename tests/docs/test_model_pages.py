"""The pages of the model name what there is: modules, parameters, series, and each stage whole."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest
from docs.pages import broken, code_words, formulas, links, prose
from paths import ROOT

import sim.burden
import sim.demand
import sim.demography
import sim.supply
from sim.saved.row_table import DETAIL_COLUMNS
from sim.schema import VARIABLES, kept_labels
from sim.textfile import read_yaml

PAGES = [ROOT / "docs" / "model.md", *sorted((ROOT / "docs" / "model").glob("*.md"))]
STAGES: dict[str, ModuleType] = {
    "demography": sim.demography,
    "burden": sim.burden,
    "demand": sim.demand,
    "supply": sim.supply,
}
ROOMS = [*STAGES, "adequacy", "hospital"]
_DOTTED = re.compile(r"[a-z][a-z0-9_]*\.[a-z0-9_*]+(\.[a-z0-9_]+)?")
_FILES = ("csv", "yaml", "json", "nc", "md", "py")


def parameters() -> set[str]:
    """Dotted names of every record in parameters/."""
    names = set()
    for path in sorted((ROOT / "parameters").rglob("*.yaml")):
        content = read_yaml(path)
        records = content.get("parameters") if isinstance(content, dict) else None
        if isinstance(records, dict):
            names |= {f"{path.stem}.{key}" for key in records}
    return names


PARAMETERS = parameters()


def page_of(room: str) -> Path:
    return ROOT / "docs" / "model" / f"{room}.md"


def words_of(page: Path) -> set[str]:
    """Code words of a page; of `name: value` and `name@year` the name."""
    return {re.split("[:@]", word)[0] for word in code_words(page)}


@cache
def imported() -> set[str]:
    """Every module that some module of the model imports, by dotted name."""
    found = set()
    for path in (ROOT / "sim").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
    return found


def is_named(name: str, words: Iterable[str]) -> bool:
    """Whether a word is the name, or a pattern that it fits."""
    return any(fnmatchcase(name, word) for word in words)


def is_known(word: str) -> bool:
    """Whether a dotted word is a parameter (or some of them), or a series and its group."""
    if any(fnmatchcase(name, word) for name in PARAMETERS):
        return True
    series, _, group = word.partition(".")
    labels = kept_labels()
    return group in (labels.get(series) or ())


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_every_link_leads_somewhere(page: Path) -> None:
    assert links(page)
    assert broken(page) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_every_dotted_name_is_a_parameter_or_a_series(page: Path) -> None:
    dotted = {w for w in words_of(page) if _DOTTED.fullmatch(w) and w.rpartition(".")[2] not in _FILES}
    assert sorted(w for w in dotted if not is_known(w)) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_every_path_exists(page: Path) -> None:
    paths = [w for w in code_words(page) if re.fullmatch(r"(sim|parameters)/[\w/.]+", w)]
    assert [p for p in paths if not (ROOT / p).exists()] == []


@pytest.mark.sampled(3)
@pytest.mark.parametrize("room", ROOMS)
def test_every_module_of_a_stage_is_on_its_page(room: str) -> None:
    page, used = page_of(room), imported()
    named = {(page.parent / link.partition("#")[0]).resolve() for link in links(page)}
    modules = {p for p in (ROOT / "sim" / room).glob("*.py") if f"sim.{room}.{p.stem}" in used}
    assert len(modules) > 2
    assert sorted(str(m.relative_to(ROOT)) for m in modules - named) == []


@pytest.mark.parametrize("room", STAGES)
def test_every_parameter_that_a_stage_reads_is_on_its_page(room: str) -> None:
    words = words_of(page_of(room))
    assert [name for name in STAGES[room].PARAMETERS if not is_named(name, words)] == []


@pytest.mark.parametrize("room", STAGES)
def test_every_variable_that_a_stage_writes_is_on_its_page(room: str) -> None:
    words = words_of(page_of(room))
    kept = {name: {name, name.replace("_available", "_projected")} for name in STAGES[room].WRITES}
    assert [name for name, as_kept in kept.items() if not any(is_named(k, words) for k in as_kept)] == []


@pytest.mark.parametrize("room", STAGES)
def test_symbol_tables_name_series(room: str) -> None:
    text = prose(page_of(room))
    named = re.findall(r"`([\w]+)`", text[text.index("## Symbols") :])
    assert named
    assert [n for n in named if n.replace("_projected", "_available") not in VARIABLES] == []


def test_symbols_of_the_verdict_page_are_columns() -> None:
    text = prose(page_of("adequacy"))
    named = re.findall(r"`(\w+)`", text[text.index("## Symbols") :])
    assert named
    assert [name for name in named if name not in DETAIL_COLUMNS] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_formulas_inside_lines_survive_markdown(page: Path) -> None:
    """A backslash before a mark is eaten before the formula is read, a bar ends a cell of a table."""
    assert [f for f in formulas(page) if re.search(r"\\[^A-Za-z]|\|", f)] == []
    assert "$$" not in prose(page)
