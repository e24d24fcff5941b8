"""The terminal: examples that parse, options that say they repeat, no table broken at 60 columns, no colour.

Every command is looked at, in both languages.
"""

from __future__ import annotations

import io
import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import click
import pytest
from paths import ROOT
from rich.cells import cell_len
from synthetic import write_extras, write_run
from working_folder import run_cli

from sim.catalogue.language import SETTING
from sim.cli import cli
from sim.commands.examples import EXAMPLES
from sim.commands.help import REPEATS
from sim.commands.plain_table import table
from sim.commands.run import Lines
from sim.commands.wrapped import wrap
from sim.plan import list_plans
from sim.report import adequacy_text
from sim.report.terminal import Page, add_figures, bare_table
from sim.saved.row_table import read

NARROW = 60
LANGUAGES = ("zh", "en")


def commands(command: click.Command, path: str = "") -> Iterator[tuple[str, click.Command]]:
    """Every command by its path."""
    yield path, command
    for name, below in command.commands.items() if isinstance(command, click.Group) else ():
        yield from commands(below, f"{path} {name}".strip())


EVERY = dict(commands(cli))
LEAVES = {path: c for path, c in EVERY.items() if not isinstance(c, click.Group)}
TYPED = [text for texts in EXAMPLES.values() for text in texts]


def test_every_command_has_examples_of_its_own():
    assert set(EXAMPLES) == set(EVERY)
    for path, texts in EXAMPLES.items():
        assert texts
        assert all(text.startswith(f"healthplan {path}".strip()) for text in texts), path


@pytest.mark.parametrize("text", TYPED)
def test_an_example_parses_and_names_what_is_there(text: str):
    words = shlex.split(text.partition(" > ")[0])[1:]
    path = max((p for p in LEAVES if words[: len(p.split())] == p.split()), key=len)
    command, left = LEAVES[path], words[len(path.split()) :]
    with command.make_context(path, list(left)) as context:  # raises where an option or value is wrong
        given = context.params
    repeated = {p.name for p in command.params if isinstance(p, click.Option) and p.multiple}
    assert repeated | set(given) == set(given)
    for file in re.findall(r"(?:experiments|parameters)/\S+\.yaml", text):
        assert (ROOT / file).is_file() or "old" in file, file
    for plan in re.findall(r"--plan (\w+)|audit (\w+)", text):
        assert "".join(plan) in list_plans(ROOT / "parameters")


@pytest.mark.slow
@pytest.mark.parametrize("text", [text for text in TYPED if "--dry-run" in text])
def test_a_dry_run_among_the_examples_says_how_long_it_takes(text: str):
    done = run_cli(*shlex.split(text)[1:], "--lang", "en", cwd=ROOT)
    assert done.code == 0, done.err
    assert re.search(r"about \d+ (s|min)", done.out)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("path", EVERY)
def test_help_ends_with_the_examples_and_says_what_repeats(
    monkeypatch: pytest.MonkeyPatch, path: str, lang: str
):
    monkeypatch.setenv(SETTING, lang)
    monkeypatch.setenv("COLUMNS", "200")
    told = run_cli(*path.split(), "--help").out
    for text in EXAMPLES[path]:
        assert f"  {text}\n" in f"{told}\n"
    many = [p for p in EVERY[path].params if isinstance(p, click.Option) and p.multiple]
    said = REPEATS if lang == "en" else "[可重复给出]"
    assert re.sub(r"\s+", " ", told).count(said) == len(many)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("path", EVERY)
def test_help_is_no_wider_than_a_narrow_terminal(monkeypatch: pytest.MonkeyPatch, path: str, lang: str):
    monkeypatch.setenv(SETTING, lang)
    monkeypatch.setenv("COLUMNS", str(NARROW))
    told = run_cli(*path.split(), "--help").out.splitlines()
    choice = re.compile(r"^(Usage: |用法：).*\|")  # what cannot be broken: an argument of many choices
    assert [x for x in told if cell_len(x) > NARROW and " " in x.strip() and not choice.match(x)] == []


LATIN = re.compile(r"[A-Za-z0-9_.,:=<>/-]*[A-Za-z0-9]")  # a name, a number, an assignment


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("path", EVERY)
def test_help_in_a_narrow_terminal_breaks_no_word(monkeypatch: pytest.MonkeyPatch, path: str, lang: str):
    monkeypatch.setenv(SETTING, lang)
    told = {}
    for columns in (NARROW, 100):
        monkeypatch.setenv("COLUMNS", str(columns))
        told[columns] = run_cli(*path.split(), "--help").out
    assert sorted(LATIN.findall(told[NARROW])) == sorted(LATIN.findall(told[100]))
    assert not [x for x in told[NARROW].splitlines() if x.lstrip()[:1] in tuple("。，、；：）”")]


@pytest.mark.parametrize("path", [path for path in EVERY if path not in LEAVES])
def test_the_list_of_commands_cuts_no_sentence(monkeypatch: pytest.MonkeyPatch, path: str):
    monkeypatch.setenv(SETTING, "en")
    monkeypatch.setenv("COLUMNS", str(NARROW))
    told = re.sub(r"\s", "", run_cli(*path.split(), "--help").out)
    for command in cast(click.Group, EVERY[path]).commands.values():
        assert re.sub(r"\s", "", (command.help or "").partition("\n\n")[0]) in told


def test_what_a_line_of_a_terminal_may_break():
    assert wrap("用一种方法（PRIM 方法）。", 18) == ["用一种方法（PRIM", "方法）。"]
    assert wrap("例如 inpatient.alos=-0.02。", 22) == ["例如", "inpatient.alos=-0.02。"]
    assert wrap("[one|two|three]", 10) == ["[one|two|", "three]"]
    assert wrap("abcdefghij", 4) == ["abcd", "efgh", "ij"]
    assert wrap("画图。 [可重复]", 9) == ["画图。", "[可重复]"]
    assert wrap("", 8) == []


def _sentence(line: str) -> bool:
    """Whether a line is no row of a table: text that a terminal breaks, a path."""
    return bool(re.search(r"[;；。：]|: |/", line)) and not re.search(r" {3,}", line.strip())


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_extras(write_run(tmp_path_factory.mktemp("narrow")))


@pytest.fixture(params=[NARROW, 80])
def columns(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setenv("COLUMNS", str(request.param))
    return request.param


LISTS = ["regions", "plans", "parameters", "scenarios", "experiments"]
TABLES = {
    **{f"list {what}": ["list", what] for what in LISTS},
    "list indicators": ["list", "indicators", "--plan", "longhu_13fyp"],
}


@pytest.mark.sampled(4)
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", TABLES)
def test_no_row_of_a_list_is_wider_than_the_terminal(name: str, lang: str, columns: int):
    done = run_cli(*TABLES[name], "--lang", lang, cwd=ROOT)
    assert done.code == 0, done.err
    assert [line for line in done.out.splitlines() if cell_len(line) > columns] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_row_of_a_runs_table_is_wider_than_the_terminal(lang: str, saved: Path, columns: int):
    text = adequacy_text(read(saved), lang)
    wide = [line for line in text.splitlines() if cell_len(line) > columns and not _sentence(line)]
    assert wide == []


def test_a_row_too_wide_goes_on_in_the_next_line_and_loses_nothing():
    page = Page(False, NARROW)
    figures = bare_table("title")
    heads = [f"column{i}" for i in range(12)]
    add_figures(figures, [(head, head) for head in heads], "en")
    for row in range(3):
        figures.add_row(*(f"{row}.{i:05d}" for i in range(12)))
    page.table(figures, ["first", "", "third of a name that is longer than the terminal is wide, by far"])
    text = page.text()
    assert max(map(cell_len, text.splitlines())) <= NARROW
    assert all(head in text for head in heads)
    assert all(f"{row}.{i:05d}" in text for row in range(3) for i in range(12))
    assert text.index("first") < text.index("0.00000") < text.index("0.00011") < text.index("1.00000")


def test_a_narrow_table_loses_no_cell_and_a_pipe_keeps_a_row_in_a_line(monkeypatch: pytest.MonkeyPatch):
    heads = ("code", "name", "note")
    rows = [("410500", "安阳市" * 9, "a note of many words that goes on " * 4), ("1", "", "short")]
    monkeypatch.setenv("COLUMNS", "40")
    narrow = table(heads, rows)
    assert all(cell_len(line) <= 40 for line in narrow.splitlines())
    squeezed = re.sub(r"\s", "", narrow)
    for row in rows:
        for cell in row:
            assert re.sub(r"\s", "", cell) in squeezed
    monkeypatch.delenv("COLUMNS")
    assert len(table(heads, rows).splitlines()) == 4


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """As a terminal does."""
        return True


def test_no_colour_where_none_is_wanted(saved: Path, monkeypatch: pytest.MonkeyPatch):
    rows = read(saved)
    monkeypatch.setattr(sys, "stdout", Terminal())
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert "\x1b[" in adequacy_text(rows)
    monkeypatch.setenv("TERM", "dumb")
    assert "\x1b" not in adequacy_text(rows)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in adequacy_text(rows)


@pytest.mark.parametrize(("kind", "moving"), [("xterm", True), ("dumb", False)])
def test_a_dumb_terminal_gets_plain_lines_of_progress(
    kind: str, moving: bool, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("TERM", kind)
    stream = Terminal()
    Lines(stream)(1, 2, "draws 0..4")
    assert ("\r" in stream.getvalue()) is moving
