"""A region's censuses and counts in workbooks: the same figures as of the .csv, refused by sheet and row."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from paths import PARAMETERS
from workbooks import Sheet, book_of

from sim.config import find_root
from sim.errors import ConfigError
from sim.known import read_counts, read_indicators
from sim.places import list_regions, read_census, read_censuses, read_place
from sim.run.counted import counts_of

CENSUSES = sorted(PARAMETERS.glob("regions/*/census_*.csv"))
ROOT = find_root(PARAMETERS)
HEAD = "indicator,year,value,unit,source,quality,note\n"
KNOWN = f"{HEAD}births,2023,31234,person,bulletin,B,\nalos,2023,8.37,day,bulletin,B,of all\n"


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8-sig")


@pytest.mark.parametrize("path", CENSUSES, ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_a_census_workbook_says_what_the_csv_says(path: Path, tmp_path: Path) -> None:
    book = read_census(book_of(_text(path), tmp_path / f"{path.stem}.xlsx"))
    plain = read_census(path)
    assert (book.year, book.starts, book.key) == (plain.year, plain.starts, plain.key)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A working folder with the shipped parameters, of which Anyang's folder may be changed."""
    shutil.copytree(PARAMETERS, tmp_path / "parameters")
    return tmp_path


def _as_books(folder: Path) -> None:
    for path in folder.glob("census_*.csv"):
        book_of(_text(path), path.with_suffix(".xlsx"))
        path.unlink()


def test_a_place_of_workbooks_has_the_same_parameters(root: Path) -> None:
    folder = root / "parameters" / "regions" / "410500_anyang"
    before = read_place(ROOT, "410500")
    _as_books(folder)
    after = read_place(root, "410500")
    assert before.keys() == after.keys()
    for name, parameter in before.items():
        if not parameter.is_method:
            assert np.asarray(parameter.data).tobytes() == np.asarray(after[name].data).tobytes(), name


def test_a_census_as_both_files_and_one_copied_are_refused(root: Path) -> None:
    folder = root / "parameters" / "regions" / "410500_anyang"
    shipped = folder / "census_2020.csv"
    region = list_regions(root)["410500"]
    book = book_of(_text(shipped), folder / "census_2020.xlsx")
    with pytest.raises(ConfigError, match=r"keep census_2020\.(csv or census_2020\.xlsx|xlsx or)"):
        read_censuses(root / "parameters", region)
    shipped.unlink()
    book_of(_text(PARAMETERS / "regions" / "410100_zhengzhou" / "census_2020.csv"), book)
    with pytest.raises(ConfigError, match=r"census_2020\.xlsx \| the table of 410100_zhengzhou, 38 of 38"):
        read_censuses(root / "parameters", region)


def test_a_wrong_count_of_a_census_workbook_is_told_by_sheet_and_row(tmp_path: Path) -> None:
    def wrong(sheet: Sheet) -> None:
        sheet["D9"] = sheet["D9"].value * 10
        sheet["D12"] = "12,345"

    with pytest.raises(ConfigError, match=r"census_2020\.xlsx: sheet '数据': row 12 \| value '12,345'"):
        read_census(book_of(_text(CENSUSES[-1]), tmp_path / "census_2020.xlsx", wrong))


def _counts(path: Path) -> list[tuple[str, float, str]]:
    return [(c.label, c.value, c.note) for c in read_counts(path, read_indicators(ROOT), 2020, 2026)]


def test_known_counts_of_a_workbook_are_those_of_the_csv(tmp_path: Path) -> None:
    plain = tmp_path / "known.csv"
    plain.write_text(KNOWN, encoding="utf-8")
    assert _counts(book_of(KNOWN, tmp_path / "known.xlsx")) == _counts(plain)


@pytest.mark.parametrize(
    ("cell", "change", "says"),
    [
        ("C3", lambda s: setattr(s["C3"], "number_format", "0%"), "C3 | '837%' is shown, 8.37 is held"),
        ("C2", lambda s: s.__setitem__("C2", "=1+1"), "the formula '=1+1' was never computed"),
        (
            "row 3",
            lambda s: setattr(s.row_dimensions[3], "hidden", True),
            "row 3 | is hidden and holds 'alos'",
        ),
    ],
)
def test_known_counts_that_a_sheet_does_not_say_plainly(cell, change, says, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ConfigError) as told:
        _counts(book_of(KNOWN, tmp_path / "known.xlsx", change))
    assert says in str(told.value), cell


def test_the_counts_of_a_folder_may_be_a_workbook_but_not_both(root: Path) -> None:
    folder = root / "parameters" / "regions" / "410500_anyang"
    region = list_regions(root)["410500"]
    book_of(KNOWN, folder / "known.xlsx")
    assert [c.label for c in counts_of(root, region, None, (2020, 2026))] == ["births_2023", "alos_2023"]
    (folder / "known.csv").write_text(KNOWN, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"keep known\.csv or known\.xlsx"):
        counts_of(root, region, None, (2020, 2026))
