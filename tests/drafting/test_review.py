"""From a document to a plan folder: what is marked enters, all else stays out and is counted."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import paperwork
import pytest
import yaml
from paths import ROOT, read_rows
from working_folder import run_cli

from sim.drafting.learn import Example, lexicon_of
from sim.drafting.readers import read_document
from sim.drafting.review import YES
from sim.drafting.wording import load_wording
from sim.evidence import plan_reading
from sim.plan import load_plan
from sim.plan.vocabulary import load_vocabulary


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder with a review workbook of the made-up plan."""
    made = tmp_path_factory.mktemp("work")
    shutil.copytree(ROOT / "parameters", made / "parameters")
    document = paperwork.as_docx(made / "plan.docx")
    outcome = run_cli("plan", "draft", document, "--lang", "en", "--out", made / "review.xlsx", cwd=made)
    assert outcome.code == 0, outcome.err
    return made


def cells(book: Any, sheet: str) -> Iterator[dict[str, Any]]:
    """Rows of a sheet: cells by the hidden names of the columns."""
    keys = [c.value for c in book[sheet][2]]
    for row in book[sheet].iter_rows(min_row=3):
        yield dict(zip(keys, row, strict=True))


def reviewed(folder: Path, name: str, mark: dict[str, set[str]]) -> tuple[Path, dict[str, int]]:
    """A copy of the review with rows of these indicators marked, by sheet; how many rows stay unmarked."""
    book = openpyxl.load_workbook(folder / "review.xlsx")
    left: dict[str, int] = {}
    for sheet in ("sure", "unsure", "not placed", "rules"):
        for row in cells(book, sheet):
            if row["indicator_id"].value in mark.get(sheet, set()):
                row["accept"].value = YES
            else:
                left[sheet] = left.get(sheet, 0) + 1
    path = folder / name
    book.save(path)
    return path, left


def test_nothing_enters_that_is_not_marked(folder: Path) -> None:
    outcome = run_cli(
        "plan", "accept", folder / "review.xlsx", "--name", "yunze", "--region", "410500", cwd=folder
    )
    assert outcome.code == 2
    assert "no row is marked" in outcome.err
    assert not (folder / "parameters" / "plans" / "yunze").exists()


def test_marked_rows_become_a_plan_that_is_checked_and_audited(folder: Path) -> None:
    mark = {"sure": {"life_expectancy", "beds_per_1000", "gps_per_10000"}, "rules": {"beds_per_1000"}}
    path, left = reviewed(folder, "marked.xlsx", mark)
    outcome = run_cli(
        "plan", "accept", path, "--name", "yunze_15fyp", "--region", "410500", "--lang", "en", cwd=folder
    )
    assert outcome.code == 0, outcome.err
    plan = load_plan(folder / "parameters", "yunze_15fyp")
    assert {i.id for i in plan.indicators} == mark["sure"]
    assert len(plan.indicators) == 6
    assert (plan.base_year, plan.target_year, plan.period) == (2025, 2030, (2026, 2030))
    assert plan.name_zh == paperwork.TITLE
    assert [s.entry.id for s in plan.standards] == ["beds_per_1000"]
    said = f"left out, not marked: sure {left['sure']}, unsure {left['unsure']}"
    assert said in outcome.out
    assert "improves" in outcome.out  # the audit: life expectancy 78.6 -> 80.2
    rows = read_rows(folder / "parameters" / "plans" / "yunze_15fyp" / "indicators.csv")
    (target,) = (r for r in rows if r["indicator_id"] == "gps_per_10000" and r["kind"] == "target")
    assert (target["value"], target["binding"], target["line"]) == ("4.5", "binding", "13")
    assert "next: healthplan run experiments/yunze_15fyp.yaml" in outcome.out
    checked = run_cli("validate", "experiments/yunze_15fyp.yaml", cwd=folder)
    assert checked.code == 0, checked.err
    written = yaml.safe_load((folder / "experiments" / "yunze_15fyp.yaml").read_text(encoding="utf-8"))
    assert (written["plan"], written["test_years"], written["years"]["end"]) == (
        "yunze_15fyp",
        [2030, 2035],
        2035,
    )
    again = run_cli("plan", "accept", path, "--name", "yunze_15fyp", "--region", "410500", cwd=folder)
    assert again.code == 2
    assert "exists already" in again.err


def test_all_sure_takes_that_sheet_but_for_no(folder: Path) -> None:
    book = openpyxl.load_workbook(folder / "review.xlsx")
    sure = list(cells(book, "sure"))
    sure[0]["accept"].value = "no"
    book.save(folder / "all.xlsx")
    arguments = ("--name", "yunze_all", "--region", "410500", "--all-sure")
    outcome = run_cli("plan", "accept", folder / "all.xlsx", *arguments, cwd=folder)
    assert outcome.code == 0, outcome.err
    assert len(load_plan(folder / "parameters", "yunze_all").indicators) == len(sure) - 1


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("indicator_id", "bed_per_1000", "unknown indicator 'bed_per_1000'"),
        ("unit", "per 10000", "beds_per_1000 is given per 10000"),
        ("value", "about 7", "value 'about 7' is not a number"),
        ("year", "2030年", "year '2030年' is not a year"),
        ("accept", "maybe", "accept 'maybe'"),
    ],
)
def test_a_wrong_cell_is_told_at_its_row(
    column: str, value: str, said: str, folder: Path, tmp_path: Path
) -> None:
    path, _ = reviewed(folder, "wrong.xlsx", {"sure": {"beds_per_1000"}})
    book = openpyxl.load_workbook(path)
    number, row = next(
        (n, r)
        for n, r in enumerate(cells(book, "sure"), start=3)
        if r["indicator_id"].value == "beds_per_1000"
    )
    row[column].value = value
    book.save(path)
    outcome = run_cli("plan", "accept", path, "--name", "wrong", "--region", "410500", cwd=folder)
    assert outcome.code == 2
    assert f"{path}: sure row {number} | " in outcome.err
    assert said in outcome.err
    assert not (folder / "parameters" / "plans" / "wrong").exists()


def test_the_same_document_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    for out in ("a.xlsx", "b.xlsx"):
        assert run_cli("plan", "draft", folder / "plan.docx", "--out", tmp_path / out, cwd=folder).code == 0
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_both_languages_are_taken_back(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "zh.xlsx"
    assert run_cli("plan", "draft", folder / "plan.docx", "--lang", "zh", "--out", path, cwd=folder).code == 0
    assert openpyxl.load_workbook(path).sheetnames == [
        "说明",
        "确定",
        "待核",
        "未归",
        "规则",
        "略过的数",
        "原文",
        "词表",
    ]
    arguments = ("--name", "yunze_zh", "--region", "410500", "--all-sure")
    assert run_cli("plan", "accept", path, *arguments, cwd=folder).code == 0


def edited(folder: Path, edit: Callable[[Any], None], name: str) -> Path:
    path, _ = reviewed(folder, name, {"sure": {"beds_per_1000", "nurses_per_1000", "infant_mortality"}})
    book = openpyxl.load_workbook(path)
    edit(book)
    book.save(path)
    return path


def taken(folder: Path, path: Path, name: str) -> list[tuple[str, ...]]:
    outcome = run_cli("plan", "accept", path, "--name", name, "--region", "410500", cwd=folder)
    assert outcome.code == 0, outcome.err
    rows = read_rows(folder / "parameters" / "plans" / name / "indicators.csv")
    return sorted(
        (r["indicator_id"], r["kind"], r["year"], r["operator"], r["value"], r["unit"]) for r in rows
    )


def _sort(book: Any) -> None:
    """All lines of the sheet sorted by its first cell, heads and hidden names too."""
    sheet = book["sure"]
    lines = [[c.value for c in row] for row in sheet.iter_rows()]
    lines.sort(key=lambda row: tuple(str(v or "") for v in row), reverse=True)
    for row, values in zip(sheet.iter_rows(), lines, strict=True):
        for cell, value in zip(row, values, strict=True):
            cell.value = value


def _move_columns(book: Any) -> None:
    sheet = book["sure"]
    for row in sheet.iter_rows():
        values = [c.value for c in row]
        for cell, value in zip(row, values[3:] + values[:3], strict=True):
            cell.value = value


def _insert(book: Any) -> None:
    book["sure"].insert_rows(4, 2)
    book["unsure"].delete_rows(3, 2)


def _numbers(book: Any) -> None:
    """Values, years and lines typed as numbers."""
    for row in cells(book, "sure"):
        for column in ("value", "year", "line"):
            text = str(row[column].value)
            if text.replace(".", "", 1).isdigit():
                row[column].value = float(text)


@pytest.mark.sampled(4)
@pytest.mark.parametrize("edit", [_sort, _move_columns, _insert, _numbers])
def test_a_workbook_that_was_worked_in_gives_the_same_plan(edit, folder: Path) -> None:
    name = edit.__name__.strip("_")
    before = taken(folder, edited(folder, lambda book: None, f"{name}_0.xlsx"), f"a_{name}")
    after = taken(folder, edited(folder, edit, f"{name}_1.xlsx"), f"b_{name}")
    assert len(before) >= 4
    assert [(*r[:4], float(r[4]), r[5]) for r in before] == [(*r[:4], float(r[4]), r[5]) for r in after]


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_what_libreoffice_saves_gives_the_same_plan(folder: Path, tmp_path: Path) -> None:
    path = edited(folder, lambda book: None, "office.xlsx")
    before = taken(folder, path, "office_0")
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", str(tmp_path), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    assert taken(folder, tmp_path / "office.xlsx", "office_1") == before


def _rename(book: Any) -> None:
    book["sure"].title = "checked rows"


def _no_names(book: Any) -> None:
    book["sure"].delete_rows(2)


def _no_unit(book: Any) -> None:
    sheet = book["sure"]
    at = next(c.column for c in sheet[2] if c.value == "unit")
    sheet.delete_cols(at)


def _share(book: Any) -> None:
    row = next(r for r in cells(book, "sure") if r["indicator_id"].value == "infant_mortality")
    row["value"].value = 0.032
    row["value"].number_format = "0.0%"


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (_rename, ("has no sheet '确定' / 'sure'", "name it so again; unknown here: 'checked rows'")),
        (_no_names, (": sure | the hidden line 2 with the names of columns is gone", "bring it back")),
        (_no_unit, (": sure | no column unit", "bring it back")),
        (_share, ("sure row", "'3.2%'")),
    ],
)
def test_a_workbook_that_cannot_be_understood_is_told_where(edit, said, folder: Path) -> None:
    name = edit.__name__.strip("_")
    path = edited(folder, edit, f"{name}.xlsx")
    outcome = run_cli("plan", "accept", path, "--name", name, "--region", "410500", cwd=folder)
    assert outcome.code == 2
    for part in said:
        assert part in outcome.err
    assert not (folder / "parameters" / "plans" / name).exists()


def test_another_workbook_is_no_review(folder: Path, tmp_path: Path) -> None:
    other = paperwork.as_xlsx(tmp_path / "table.xlsx")
    outcome = run_cli("plan", "accept", other, "--name", "other", cwd=folder)
    assert outcome.code == 2
    assert "has no sheet" in outcome.err


@pytest.mark.slow
def test_a_document_is_scored_by_what_others_teach_alone(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("one", "two"):
        arguments = ("--name", name, "--region", "410500", "--all-sure")
        assert run_cli("plan", "accept", folder / "review.xlsx", *arguments, cwd=folder).code == 0
    root, document = folder / "parameters", read_document(folder / "plan.docx")
    examples = [Example(load_plan(root, name), document) for name in ("one", "two")]
    taught: list[set[str]] = []

    def watched(words: Any, wording: Any, rows: Any, phrases: Any) -> Any:
        taught.append({r.plan for r in rows})
        return lexicon_of(words, wording, rows, phrases)

    monkeypatch.setattr(plan_reading, "lexicon_of", watched)
    plan_reading.score(examples, load_vocabulary(root), load_wording(root))
    assert taught == [{"two"}, {"one"}]


@pytest.mark.slow
def test_a_plan_is_learnt_from_and_scored(folder: Path) -> None:
    """Two made-up plans: each is read with what the other teaches; a wrong row of the plan is a miss."""
    for name in ("first", "second"):
        arguments = ("--name", name, "--region", "410500", "--all-sure")
        assert run_cli("plan", "accept", folder / "review.xlsx", *arguments, cwd=folder).code == 0
    pairs = [f"{name}={folder / 'plan.docx'}" for name in ("first", "second")]
    outcome = run_cli("plan", "score", *pairs, "--lang", "en", cwd=folder)
    assert outcome.code == 0, outcome.err
    first = outcome.out.splitlines()[2].split("|")
    assert float(first[7]) == 1.0  # what was accepted as sure is right
    path = folder / "parameters" / "plans" / "second" / "indicators.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",=,80.2,", ",=,80.3,"), encoding="utf-8")
    worse = run_cli("plan", "score", *pairs, "--lang", "en", "--misses", cwd=folder).out
    assert "second: missed life_expectancy target 2030 = 80.3" in worse
    assert "second: wrong life_expectancy target 2030 = 80.2" in worse
    learnt = run_cli("plan", "learn", pairs[0], cwd=folder)
    assert learnt.code == 0
    synonyms = read_rows(folder / "parameters" / "plans" / "reading" / "synonyms.csv")
    assert {"indicator_id": "life_expectancy", "phrase": "人均期望寿命"} in synonyms
    assert {"indicator_id": "health_literacy", "phrase": "居民健康素养水平"} in synonyms  # without its city
    assert run_cli("plan", "score", pairs[0], cwd=folder).code == 2
