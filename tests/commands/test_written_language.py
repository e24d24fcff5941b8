"""What commands write into a working folder reads in the language of the call: no free text in English alone.

A text is English where a word of Latin letters stands beside another or a number, and no Chinese character
does.
No free text: words that the program reads (ids, units, scopes, what a rule requires), names of files and
commands, what stands under `en`, and where a figure was published.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import paperwork
import pytest
import yaml
from paths import ROOT
from working_folder import linked, run_cli

from sim.drafting.review import YES
from sim.places import place_censuses

_WORDS = re.compile(
    r"(?<![\w./-])[A-Za-z][a-z]+[ ,;:]+(?:[A-Za-z][a-z]+|[0-9.]+)(?![\w./-])|^(?:approx|words)$"
)
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_COMMAND = re.compile(r"`[^`]*`|healthplan [a-z]+")
_COMMENT = re.compile(r"\s#\s(.*)")
_NOT_FREE = re.compile(r"(?:.*_)?en|unit|scope|population_basis|output|publisher|locator")
"""Keys and columns: the other language, words of the vocabulary, citations."""
Text = tuple[str, str]
"""Where, what."""


def is_english(text: str) -> bool:
    return bool(_WORDS.search(_COMMAND.sub("", text))) and not _CHINESE.search(text)


def of_yaml(path: Path) -> Iterator[Text]:
    text = path.read_text(encoding="utf-8")
    yield from of_comments(path)
    yield from _values(yaml.safe_load(text), path.name)


def _values(node: Any, where: str) -> Iterator[Text]:
    if isinstance(node, dict):
        for key, value in node.items():
            if not _NOT_FREE.fullmatch(str(key)):
                yield from _values(value, f"{where}: {key}")
    elif isinstance(node, list):
        for value in node:
            yield from _values(value, where)
    elif isinstance(node, str):
        yield where, node


def of_comments(path: Path) -> Iterator[Text]:
    """What follows #; lines of comments one below the other are one text."""
    block = ""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        whole = line.lstrip().startswith("#")
        if whole:
            block += line
        elif block:
            yield f"{path}:{number}: above", block
            block = ""
        if not whole and (comment := _COMMENT.search(line)) is not None:
            yield f"{path}:{number}", comment[1]


def of_table(path: Path) -> Iterator[Text]:
    for number, row in enumerate(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))), 2):
        for column, value in row.items():
            if not _NOT_FREE.fullmatch(column):
                yield f"{path.name}:{number}: {column}", value


def of_book(path: Path) -> Iterator[Text]:
    """Cells, but for those of the sheet of words; a sheet may name its columns in its second line."""
    for sheet in openpyxl.load_workbook(path).worksheets:
        named = sheet.row_dimensions[2].hidden
        for row in sheet.iter_rows(min_row=3 if named else 1):
            for cell in row:
                column = str(sheet.cell(2, cell.column).value) if named else ""
                if isinstance(cell.value, str) and sheet.title != "词表" and not _NOT_FREE.fullmatch(column):
                    yield f"{path.name}: {sheet.title} {cell.coordinate}", cell.value


READERS: dict[str, Callable[[Path], Iterator[Text]]] = {
    ".yaml": of_yaml,
    ".csv": of_table,
    ".xlsx": of_book,
}


def files(folder: Path) -> dict[Path, bytes]:
    return {p: p.read_bytes() for p in folder.rglob("*") if p.is_file() and p.suffix in READERS}


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder with a plan document and a census table in it."""
    root = tmp_path_factory.mktemp("work")
    linked(root, "regions")
    plans = root / "parameters" / "plans"
    shipped = plans.resolve()
    plans.unlink()
    plans.mkdir()
    for part in shipped.iterdir():
        (plans / part.name).symlink_to(part)
    (root / "experiments").mkdir()
    paperwork.as_docx(root / "plan.docx")
    (root / "table.csv").write_text("\n".join(census_lines()), encoding="utf-8")
    return root


def census_lines() -> Iterator[str]:
    """The counts of a county as those of a made-up place."""
    census = place_censuses(ROOT, "410581")[2020]
    yield "年龄,女,男"
    for i, (start, after) in enumerate(zip(census.starts, [*census.starts[1:], 0], strict=True)):
        last = (
            f"{start}岁及以上"
            if not after
            else f"{start}岁"
            if after == start + 1
            else f"{start}-{after - 1}岁"
        )
        yield ",".join([last, *(f"{n:.0f}" for n in census.counts[:, i])])


def accepted(work: Path) -> None:
    """The sheet of sure rows and a rule marked."""
    assert run_cli("plan", "draft", "plan.docx", "--lang", "zh", "--out", "review.xlsx", cwd=work).code == 0
    book = openpyxl.load_workbook(work / "review.xlsx")
    for sheet in ("待核", "规则"):
        for row in book[sheet].iter_rows(min_row=3):
            if row[1].value:
                row[0].value = YES
    book.save(work / "review.xlsx")


CALLS: dict[str, tuple[str, ...]] = {
    "plan new": ("plan", "new", "handan_15fyp", "--region", "130400"),
    "plan new, a plan before it": ("plan", "new", "anyang_15fyp", "--region", "410500"),
    "plan draft": ("plan", "draft", "plan.docx", "--out", "draft.xlsx"),
    "plan accept": ("plan", "accept", "review.xlsx", "--name", "yunze", "--region", "410500", "--all-sure"),
    "region new": (
        "region",
        "new",
        "table.csv",
        "--name",
        "云泽县",
        "--name-en",
        "Yunze",
        "--parent",
        "410500",
    ),
    "propose": ("propose", "130400", "--year", "2030", "--draws", "8", "--workers", "1"),
}


@pytest.mark.parametrize(
    "call", [pytest.param(c, marks=pytest.mark.slow) if c == "propose" else c for c in CALLS]
)
def test_nothing_that_is_written_is_english_alone(call: str, work: Path) -> None:
    if call == "plan accept":
        accepted(work)
    before = files(work)
    outcome = run_cli(*CALLS[call], "--lang", "zh", cwd=work)
    assert outcome.code == 0, outcome.err
    new = [path for path, content in files(work).items() if before.get(path) != content]
    assert new
    texts = [text for path in sorted(new) for text in READERS[path.suffix](path)]
    assert any(_CHINESE.search(text) for _, text in texts)
    assert not [f"{where}: {text}" for where, text in texts if is_english(text)]


def test_comments_of_files_that_init_copies_are_in_both_languages() -> None:
    copied = [*(ROOT / "experiments").glob("*.yaml"), *(ROOT / "parameters").rglob("*.yaml")]
    texts = [text for path in copied for text in of_comments(path)]
    assert [f"{where}: {text}" for where, text in texts if _CHINESE.search(text)]
    assert not [f"{where}: {text}" for where, text in texts if is_english(text)]


@pytest.mark.parametrize(
    ("call", "plan"),
    [
        (("plan", "new", "in_english", "--region", "410500"), "in_english"),
        pytest.param((*CALLS["propose"], "--name", "proposed"), "proposed", marks=pytest.mark.slow),
    ],
)
def test_the_other_language_is_written_where_it_is_asked_for(
    call: tuple[str, ...], plan: str, work: Path
) -> None:
    assert run_cli(*call, "--lang", "en", cwd=work).code == 0
    table = work / "parameters" / "plans" / plan / "indicators.csv"
    assert [f"{where}: {text}" for where, text in of_table(table) if _CHINESE.search(text)] == []
