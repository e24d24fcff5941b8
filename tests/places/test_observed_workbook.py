"""A region's yearly figures in a workbook: the rows of its .csv, and the same refusals by sheet and row."""

from __future__ import annotations

from pathlib import Path

import pytest
from paths import PARAMETERS
from workbooks import Sheet, book_of

from sim.errors import ConfigError
from sim.places.tables import read_observed

OBSERVED = sorted(PARAMETERS.glob("regions/*/observed.csv"))


@pytest.mark.sampled(4)
@pytest.mark.parametrize("path", OBSERVED, ids=lambda p: p.parent.name)
def test_the_workbook_says_what_the_csv_says(path: Path, tmp_path: Path) -> None:
    book_of(path.read_text(encoding="utf-8-sig"), tmp_path / "observed.xlsx")
    assert read_observed(tmp_path / "observed.csv") == read_observed(path)


def test_one_cell_moves_one_figure(tmp_path: Path) -> None:
    def more(sheet: Sheet) -> None:
        sheet["D2"] = sheet["D2"].value + 1000

    book_of(OBSERVED[0].read_text(encoding="utf-8-sig"), tmp_path / "observed.xlsx", more)
    found, shipped = read_observed(tmp_path / "observed.csv"), read_observed(OBSERVED[0])
    moved = [(a, b) for a, b in zip(found, shipped, strict=True) if a != b]
    assert [(a.year, a.indicator, a.value - b.value) for a, b in moved] == [
        (shipped[0].year, shipped[0].indicator, 1000.0)
    ]


def test_a_wrong_cell_is_told_by_sheet_and_row_and_two_files_are_one_too_many(tmp_path: Path) -> None:
    def wrong(sheet: Sheet) -> None:
        sheet["D3"] = sheet["D3"].value * 10

    text = OBSERVED[0].read_text(encoding="utf-8-sig")
    book = book_of(text, tmp_path / "observed.xlsx", wrong)
    with pytest.raises(ConfigError, match=r"observed\.xlsx: sheet '数据': row 3"):
        read_observed(tmp_path / "observed.csv")
    (tmp_path / "observed.csv").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"keep observed\.csv or observed\.xlsx, and remove the other"):
        read_observed(tmp_path / "observed.csv")
    book.unlink()
    assert read_observed(tmp_path / "observed.csv")
