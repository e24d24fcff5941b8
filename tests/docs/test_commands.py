"""Every command, option, setting, file and word that a page names is one that there is."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest
from docs.test_links import PAGES
from docs.test_model_pages import PARAMETERS
from paths import ROOT, read_rows

from sim.cli import cli
from sim.plan.tests import KINDS
from sim.plan.verdict_rules import EFFECTS, RULES
from sim.saved.row_table import DETAIL_COLUMNS

README = (ROOT / "README.md").read_text(encoding="utf-8")
OUTPUTS = (ROOT / "outputs" / "README.md").read_text(encoding="utf-8")
PLANS = (ROOT / "parameters" / "plans" / "README.md").read_text(encoding="utf-8")


def commands(page: Path) -> list[list[str]]:
    """Words behind `healthplan` of every command on a page."""
    text = page.read_text(encoding="utf-8")
    found = re.findall(r"`healthplan ([^`\n]+)`", text) + re.findall(
        r"^ *healthplan ([^#\n]+)", text, re.MULTILINE
    )
    return [shlex.split(command) for command in found]


def options_of(command: click.Command) -> set[str]:
    return {name for option in command.params for name in option.opts}


def section(text: str, title: str) -> str:
    return text.split(f"## {title}\n", 1)[1].split("\n## ", 1)[0]


def first_cells(table: str) -> list[str]:
    """What stands in the first column, the head left out."""
    lines = [line for line in table.splitlines() if line.startswith("|")]
    return [line.strip("|").split("|")[0].strip() for line in lines[2:]]


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_commands_and_their_options_are_there(page: Path) -> None:
    wrong, text = [], page.read_text(encoding="utf-8")  # a page may write the file that it runs
    for words in commands(page):
        if words[0].startswith("-"):
            continue
        command = cli.commands.get(words[0])
        if isinstance(command, click.Group):  # healthplan plan draft
            words = words[1:]
            command = command.commands.get(words[0])
        if command is None:
            wrong.append(words[0])
            continue
        given = [w.split("=")[0] for w in words[1:] if w.startswith("--")]
        wrong += [f"{words[0]} {option}" for option in given if option not in options_of(command)]
        files = [w for w in words[1:] if w.startswith(("experiments/", "parameters/"))]
        wrong += [w for w in files if not named(w) and not re.search(rf"(New file|新建文件) `{w}`", text)]
    assert wrong == []


def named(path: str) -> bool:
    """Whether a path is there; one with a placeholder is not asked for."""
    return "<" in path or (ROOT / path).exists()


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_settings_name_parameters(page: Path) -> None:
    found = re.findall(r"--set '?([a-z_]+\.[a-z_]+)", page.read_text(encoding="utf-8"))
    assert [name for name in found if name not in PARAMETERS] == []


def test_the_readme_lists_every_command() -> None:
    table = section(README, "All commands")
    shown = set(
        re.findall(r"`([a-z-]+)", "\n".join(line.split("|")[1] for line in table.splitlines() if "|" in line))
    )
    assert shown == set(cli.commands)


def test_the_list_of_a_run_folder_names_columns_of_the_table() -> None:
    for file in ("adequacy.csv", "adequacy_detail.csv"):
        (line,) = (row for row in OUTPUTS.splitlines() if row.startswith(f"| {file} "))
        words = [w for w in re.findall(r"`([a-z_*]+)`", line) if w != "question_*"]
        assert [
            w for w in words if not any(re.fullmatch(w.replace("*", ".*"), c) for c in DETAIL_COLUMNS)
        ] == []


def test_the_page_on_plans_lists_every_kind_of_test_and_rule() -> None:
    tests = first_cells(section(PLANS, "indicator_tests.csv"))
    assert set(tests) == set(KINDS)
    text = section(PLANS, "verdict_rules.csv")
    assert set(RULES) <= set(first_cells(text))
    (line,) = (row for row in text.splitlines() if row.startswith("| effect "))
    assert set(re.findall(r"`([a-z_]+)` ", line)) == set(EFFECTS)


def test_the_page_on_plans_names_roles_and_directions_of_the_dictionary() -> None:
    path = ROOT / "parameters" / "plans" / "indicator_dictionary.csv"
    entries = read_rows(path)
    text = section(PLANS, "indicator_dictionary.csv")
    for column in ("role", "better"):
        (line,) = (row for row in text.splitlines() if row.startswith(f"| {column} "))
        assert set(re.findall(r"`([a-z_]+)`", line)) == {entry[column] for entry in entries}
    assert f"| indicator_dictionary.csv | {len(entries)} indicators" in PLANS
