"""A cell of any file of `parameters/` that is damaged is told by `validate`: file, line, column and value."""

from __future__ import annotations

import csv
import functools
import gzip
import io
import random
import re
import shutil
import sys
from fnmatch import fnmatch
from pathlib import Path

import pytest
from paths import PARAMETERS

from sim.commands.validate import validate
from sim.errors import SimError

MARK = "#DAMAGED"
UNREAD = ("rare_counts.csv", "standards/goals_without_indicator.csv")
"""Kept as a record of counts and goals; no run and no command reads them."""
FREE = {
    ("*", "why"),
    ("*", "note"),
    ("*", "location"),
    ("*", "locator"),
    ("*", "good_source_locator"),
    ("*", "section_en"),
    ("*", "section_zh"),
    ("*", "name"),
    ("known.csv", "id"),
    ("known.csv", "zh"),
    ("known.csv", "en"),
    ("observed_birth_orders.csv", "source"),
    ("regions/*/observed.csv", "source"),
    ("places/places.csv", "pinyin"),
    ("plans/*/standards.csv", "standard_id"),
    ("plans/*/indicators.csv", "scope"),
    ("plans/indicator_dictionary.csv", "domain"),
    ("plans/questions.csv", "plans"),
    ("plans/rule_outputs.csv", "output"),
    ("plans/units.csv", "base"),
    ("plans/reading/*", "word"),
    ("plans/reading/*", "measure"),
    ("plans/reading/*", "with"),
    ("plans/reading/*", "phrase"),
    ("plans/reading/*", "printed"),
    ("plans/reading/*", "meant"),
}
"""Words for people, or of documents to come: any text will do.  A scope near one that there is is told."""
KEYS = {
    ("limits.csv", "parameter"),
    ("series/indicators.csv", "indicator"),
    ("plans/indicator_dictionary.csv", "id"),
    ("plans/population_bases.csv", "basis"),
    ("plans/share_sets.csv", "set"),
    ("plans/units.csv", "unit"),
    ("national/occupancy_by_size_target.csv", "unit_beds"),
}
"""Names that others ask for: told where they are asked for."""
WIDE = 12  # columns beyond which a table is one of many alike
_RECORD = re.compile(r"^(    (?:value|unit|quality|source|basis): )(.+)$", re.MULTILINE)


def _kind(rel: Path) -> tuple[str, ...]:
    """One file of each kind: places and plans have many of one form."""
    parts = rel.parts
    many = parts[0] in ("regions", "provinces") or parts[:2] in (("places", "led"),)
    if many or (parts[0] == "plans" and len(parts) == 3 and parts[1] != "reading"):
        return parts[0], rel.name
    return parts


def _one_of_each(pattern: str) -> list[Path]:
    found: dict[tuple[str, ...], Path] = {}
    for path in sorted(PARAMETERS.rglob(pattern)):
        found.setdefault(_kind(path.relative_to(PARAMETERS)), path.relative_to(PARAMETERS))
    return [rel for rel in found.values() if rel.as_posix() not in UNREAD]


def _listed(known: set[tuple[str, str]], rel: Path, column: str) -> bool:
    return any(fnmatch(rel.as_posix(), pattern) and column == name for pattern, name in known)


def _text(path: Path) -> str:
    raw = path.read_bytes()
    return (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8-sig")


def _columns(rel: Path) -> list[str]:
    head, *rows = csv.reader(io.StringIO(_text(PARAMETERS / rel)))
    head = [name for at, name in enumerate(head) if any(row[at] for row in rows)]
    chosen = head if len(head) <= WIDE else [*head[:3], head[5], head[-1]]
    free = [c for c in chosen if _listed(FREE, rel, c) or re.search(r"_(en|zh)$", c)]
    return [c for c in chosen if c not in free]


TABLES = [(rel, column) for rel in _one_of_each("*.csv*") for column in _columns(rel)]
RECORDS = [rel for rel in _one_of_each("*.yaml") if _RECORD.search(_text(PARAMETERS / rel))]
QUICK = (
    "national/hospital_rules.csv",
    "national/occupancy_by_size.csv",
    "observed_bounds.csv",
    "places/e0_2020.csv",
)
FAST = [(rel, column) for rel, column in TABLES if rel.as_posix() in QUICK]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("work")
    shutil.copytree(PARAMETERS, folder / "parameters")
    return folder


def _told(path: Path) -> str:
    """What `validate` says of a file, nothing of it remembered; "" where it is said to be right."""
    for name, module in list(sys.modules.items()):
        for held in list(vars(module).values()) if name.startswith("sim.") else ():
            if isinstance(held, functools._lru_cache_wrapper):
                held.cache_clear()
    try:
        validate([path])
    except SimError as error:
        return str(error)
    return ""


def _damaged(root: Path, rel: Path, column: str) -> tuple[str, int]:
    """What is said where a cell of a column is damaged, and its line."""
    path = root / "parameters" / rel
    kept, rows = path.read_bytes(), list(csv.reader(io.StringIO(_text(path))))
    at = rows[0].index(column)
    line = random.Random(f"{rel}{column}").choice([n for n, r in enumerate(rows) if n and r and r[at]])
    rows[line][at] = MARK
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    data = text.getvalue().encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    try:
        return _told(path), line + 1
    finally:
        path.write_bytes(kept)


def _is_told(root: Path, rel: Path, column: str) -> None:
    told, line = _damaged(root, rel, column)
    if _listed(KEYS, rel, column):
        assert told, f"{rel}: {column} damaged in line {line} passes"
        return
    own = [part for part in told.splitlines() if MARK in part and rel.name in part]
    assert own, f"{rel}: {column} damaged in line {line}: {told[:300]}"
    assert any(re.search(rf"(line |:){line}\b", part) for part in own), own[:3]
    if rel.parts[0] not in ("plans", "standards"):  # the messages of plans name the thing, not the column
        assert any(column in part for part in own), own[:3]


@pytest.mark.parametrize(("rel", "column"), FAST, ids=[f"{r}-{c}" for r, c in FAST])
def test_a_damaged_cell_of_a_table_is_told(root: Path, rel: Path, column: str) -> None:
    _is_told(root, rel, column)


@pytest.mark.slow
@pytest.mark.parametrize(("rel", "column"), TABLES, ids=[f"{r}-{c}" for r, c in TABLES])
def test_a_damaged_cell_of_every_table_is_told(root: Path, rel: Path, column: str) -> None:
    _is_told(root, rel, column)


@pytest.mark.slow
@pytest.mark.parametrize("rel", RECORDS, ids=str)
def test_a_damaged_field_of_every_file_of_records_is_told(root: Path, rel: Path) -> None:
    path = root / "parameters" / rel
    kept = path.read_bytes()
    text = kept.decode("utf-8")
    chosen = random.Random(str(rel)).choice(list(_RECORD.finditer(text)))
    path.write_text(f"{text[: chosen.start(2)]}'{MARK}'{text[chosen.end(2) :]}", encoding="utf-8")
    try:
        told = _told(path)
    finally:
        path.write_bytes(kept)
    assert any(MARK in part and rel.name in part for part in told.splitlines()), (chosen[0], told[:300])


@pytest.mark.slow
def test_every_file_of_tables_is_read_by_a_command(root: Path) -> None:
    told = [t for rel in _one_of_each("*.csv*") if (t := _told(root / "parameters" / rel))]
    assert told == []
