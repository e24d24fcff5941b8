"""A label misspelt in any table is named with its file, line and value before anything is run."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from paths import ROOT

from sim.commands.validate import validate
from sim.errors import SimError
from sim.plan import vocabulary
from sim.plan.floors import load_floors
from sim.plan.verdict_rules import load_verdict_rules
from sim.textfile import read_yaml

PARAMETERS = ROOT / "parameters"
SHARED = (  # table of all plans, columns whose words must be known
    ("verdict_rules.csv", ("indicator_id", "rule", "effect", "unless_local", "measure")),
    ("indicator_tests.csv", ("indicator_id", "test", "variable", "basis", "scale")),
    ("question_needs.csv", ("kind", "required", "available", "unit")),
    ("share_sets.csv", ("indicator_id",)),
    ("plausible_ranges.csv", ("indicator_id", "unit")),
    ("indicator_dictionary.csv", ("role", "better")),
    ("proposal.csv", ("indicator_id", "unit", "population_basis")),
)
OF_A_PLAN = (
    ("indicators.csv", ("indicator_id", "kind", "operator", "unit", "population_basis", "binding")),
    ("standards.csv", ("rule_type", "operator")),
)


def national_tables() -> Iterator[tuple[Path, Path]]:
    """Parameter file, and a table that it reads, of the nation and the standards."""
    for file in sorted((*PARAMETERS.glob("national/*.yaml"), *PARAMETERS.glob("standards/*.yaml"))):
        records = read_yaml(file)["parameters"].values()
        for name in sorted({str(r["table"]) for r in records if "table" in r}):
            yield file, file.parent / name


def words(rows: list[list[str]], column: int) -> list[tuple[int, str]]:
    """(row, word) of a column of labels; none where it holds numbers."""
    found = [(i, r[column]) for i, r in enumerate(rows) if i and len(r) > column and r[column].isascii()]
    return [(i, word) for i, word in found if re.fullmatch(r"[A-Za-z_][\w .*/+-]{2,}", word)]


def misspelt(path: Path, column: str) -> Iterator[tuple[int, str]]:
    """The table with one word of a column misspelt: its line, the wrong word; then as it was."""
    text = path.read_text(encoding="utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    at = rows[0].index(column)
    found = words(rows, at)
    if not found:
        return
    line, word = found[len(found) // 2]
    wrong = f"{word[:-1]}q{word[-1]}"
    rows[line][at] = wrong
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    path.write_text(out.getvalue(), encoding="utf-8")
    for cached in (vocabulary.load_vocabulary, load_verdict_rules, load_floors):
        getattr(cached, "cache_clear", lambda: None)()
    try:
        yield line + 1, wrong
    finally:
        path.write_text(text, encoding="utf-8")


def told(path: Path) -> str:
    """What validate says of a file, or a plan's folder."""
    try:
        return "\n".join(validate([path]))
    except SimError as error:
        return str(error)


def unnamed(table: Path, columns: list[str], of: Path) -> list[tuple[str, str, str]]:
    """Misspelt words that are not told with table, line and word."""
    out = []
    for column in columns:
        for line, wrong in misspelt(table, column):
            said, short = told(of), re.split("[./]", wrong)[-1]
            places = re.compile(rf"{re.escape(table.name)}:( line )?{line}\b")
            if not any(short in s and places.search(s) for s in said.split("\n")):
                out.append((column, wrong, said[:200]))
    return out


@pytest.mark.sampled(4)
@pytest.mark.parametrize(("table", "columns"), SHARED, ids=[t for t, _ in SHARED])
def test_a_word_of_a_table_of_all_plans(damaged: Path, table: str, columns: tuple[str, ...]):
    path = damaged / "parameters" / "plans" / table
    assert unnamed(path, list(columns), path) == []


@pytest.mark.parametrize(("table", "columns"), OF_A_PLAN, ids=[t for t, _ in OF_A_PLAN])
def test_a_word_of_a_table_of_a_plan(damaged: Path, table: str, columns: tuple[str, ...]):
    folder = damaged / "parameters" / "plans" / "anyang_14fyp"
    assert unnamed(folder / table, list(columns), folder) == []


@pytest.mark.slow
def test_a_label_of_every_table_of_parameters(damaged: Path):
    tried, found = 0, []
    for file, table in national_tables():
        here = damaged / table.relative_to(ROOT)
        with here.open(encoding="utf-8-sig", newline="") as open_file:
            rows = list(csv.reader(open_file))
        columns = [c for i, c in enumerate(rows[0]) if c != "value" and words(rows, i)]
        tried += len(columns)
        found += [(table.name, *f) for f in unnamed(here, columns, damaged / file.relative_to(ROOT))]
    assert found == []
    assert tried > 15


@pytest.mark.slow
def test_a_parameter_of_the_table_of_roles(damaged: Path):
    path = damaged / "parameters" / "roles.csv"
    assert unnamed(path, ["parameter"], damaged / "experiments" / "small.yaml") == []
