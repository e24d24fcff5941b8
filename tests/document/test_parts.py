"""The parts of a region in its documents: the annex's table and picture, the page's places, the workbook."""

from __future__ import annotations

from pathlib import Path

import docx
import openpyxl
import pytest
from document.edit import copied
from document.test_page import data_of
from paths import read_rows
from shared import run_with_parts

from sim.document import write_report


@pytest.fixture(scope="module")
def divided(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of a city with its counties beside it."""
    return copied(run_with_parts(tmp_path_factory), tmp_path_factory.mktemp("parts"))


def medians(folder: Path, variable: str, year: str) -> dict[str, float]:
    """The median of a series' total by the part's name."""
    wanted = {"variable": variable, "year": year, "group": "total", "scenario": "reference"}
    rows = [r for r in read_rows(folder / "parts.csv") if all(r[k] == v for k, v in wanted.items())]
    return {r["part_zh"]: float(r["p50"]) for r in rows}


@pytest.mark.slow
def test_the_annex_has_people_and_needs_of_each_part(divided: Path) -> None:
    file = docx.Document(str(write_report(divided, "docx", "zh")))
    assert "（三）分县（市、区）" in [p.text for p in file.paragraphs]
    table = next(t for t in file.tables if t.rows[0].cells[1].text == "2020年\n人口\n（万人）")
    heads = [cell.text for cell in table.rows[0].cells]
    cells = {row.cells[0].text: [c.text for c in row.cells] for row in table.rows[1:]}
    people, beds = medians(divided, "population", "2020"), medians(divided, "beds_required", "2022")
    assert set(cells) == set(people)
    for name, line in cells.items():
        assert float(line[1]) == pytest.approx(people[name] / 1e4, abs=0.051)
        assert float(line[heads.index("床位")].replace(",", "")) == pytest.approx(beds[name], abs=0.51)


@pytest.mark.slow
def test_the_page_lets_a_part_be_chosen(divided: Path) -> None:
    data = data_of(write_report(divided, "html", "zh"))
    beds = medians(divided, "beds_required", "2022")
    parts = dict(data["regions"][1:])
    assert set(parts.values()) == set(beds)
    for code, name in parts.items():
        three = data["series"]["beds_required.total"]["values"][f"reference|{code}"]
        assert three[1][-1] == pytest.approx(beds[name], rel=1e-4)


@pytest.mark.slow
def test_the_workbook_has_a_sheet_of_them(divided: Path) -> None:
    book = openpyxl.load_workbook(write_report(divided, "xlsx", "zh"), read_only=True)
    rows = list(book["分县区"].iter_rows(values_only=True))
    head = next(row for row in rows if row and "部分代码" in row)
    assert len(rows) > len(read_rows(divided / "parts.csv"))
    at = head.index("P50")
    assert all(isinstance(row[at], int | float) for row in rows[rows.index(head) + 1 : 50])


@pytest.mark.slow
def test_a_run_without_parts_has_none(small_run: Path, tmp_path: Path) -> None:
    file = docx.Document(str(write_report(copied(small_run, tmp_path), "docx", "zh")))
    assert not any(p.text.startswith("（三）") for p in file.paragraphs)
