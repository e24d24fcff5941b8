"""Faults of workbooks (.xlsx): a table of records, a census, yearly figures, counts, a review."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import paperwork
from paths import PARAMETERS
from refusals.command import _SHEET, _without
from refusals.command import _TABLE as _SHEET_OF
from refusals.fault import RUN, Change, Fault, data, gone, swap, text
from workbooks import Sheet, book_of
from working_folder import run_cli

from sim.drafting.review import YES

_RATES = "parameters/national/admission_rate"
_INPATIENT = "parameters/national/inpatient.yaml"
_REGION = "parameters/regions/410500_anyang"
_COUNTS = (
    "indicator,year,value,unit,source,quality\n"
    "beds,2023,37398,bed,yearbook,A\n"
    "occupancy,2023,83.5,percent,yearbook,A\n"
)
Edit = Callable[[Sheet], object]


def _put(at: str, value: Any, shown: str = "") -> Edit:
    def change(sheet: Sheet) -> None:
        sheet[at].value = value
        if shown:
            sheet[at].number_format = shown

    return change


def _row_hidden(number: int) -> Edit:
    def change(sheet: Sheet) -> None:
        sheet.row_dimensions[number].hidden = True

    return change


def _column_hidden(letter: str) -> Edit:
    def change(sheet: Sheet) -> None:
        sheet.column_dimensions[letter].hidden = True

    return change


def _merged(cells: str) -> Edit:
    return lambda sheet: sheet.merge_cells(cells)


def _second(sheet: Sheet) -> None:
    sheet.parent.create_sheet("说明").append(["见年鉴"])


def _times(at: str, by: float) -> Edit:
    def change(sheet: Sheet) -> None:
        sheet[at].value = sheet[at].value * by

    return change


def _book(content: str, *edits: Edit) -> Change:
    def change(sheet: Sheet) -> None:
        for edit in edits:
            edit(sheet)

    def make(path: Path) -> None:
        book_of(content, path, change)

    return make


def _shipped(name: str) -> str:
    return (PARAMETERS.parent / name).read_text(encoding="utf-8-sig")


def _rates(id_: str, did: str, edit: Edit, *says: str) -> Fault:
    """Of a record's table, given as a workbook."""
    return Fault(
        f"book-{id_}",
        f"a record's table: {did}",
        (f"{_RATES}.xlsx", *says),
        {
            f"{_RATES}.csv": gone,
            f"{_RATES}.xlsx": _book(_shipped(f"{_RATES}.csv"), edit),
            _INPATIENT: swap("admission_rate.csv", "admission_rate.xlsx"),
        },
    )


def _of_region(name: str, id_: str, did: str, edit: Edit, *says: str) -> Fault:
    """Of a table of a region's folder, given as a workbook."""
    path = f"{_REGION}/{name}"
    return Fault(
        f"book-{id_}",
        f"{name}.xlsx of a region: {did}",
        (f"{path}.xlsx", *says),
        {f"{path}.csv": gone, f"{path}.xlsx": _book(_shipped(f"{path}.csv"), edit)},
    )


def _counted(id_: str, did: str, edit: Edit, *says: str) -> Fault:
    path = f"{_REGION}/known.xlsx"
    return Fault(f"book-{id_}", f"known.xlsx of a region: {did}", (path, *says), {path: _book(_COUNTS, edit)})


TABLES = [
    _rates(
        "percent", "a figure shown in per cent", _put("D3", 0.05, "0.0%"), "D3", "'5%' is shown, 0.05 is held"
    ),
    _rates(
        "date", "an age that became a date", _put("B4", date(2025, 5, 9), "yyyy-mm-dd"), "B4", "is a date"
    ),
    _rates(
        "formula", "a formula never computed", _put("D3", "=D4*2"), "'=D4*2' was never computed", "save it"
    ),
    _rates(
        "error", "#DIV/0!", _put("D3", "#DIV/0!"), "D3", "'#DIV/0!' could not be computed", "write the value"
    ),
    _rates("text", "a number as text with separators", _put("D3", "1,234"), "row 3", "'1,234'", "write 1234"),
    _rates("wide", "a number in full-width digits", _put("D3", "１２"), "row 3", "'１２'", "write 12"),
    _rates("truth", "TRUE for a number", _put("D3", True), "row 3", "'True'", "a number is wanted"),
    _rates("empty", "an empty cell", _put("D3", None), "row 3", "value ''", "a number is wanted"),
    _rates("hidden-row", "a row that is hidden", _row_hidden(7), "row 7", "is hidden and holds", "show it"),
    _rates("hidden-column", "a hidden column", _column_hidden("B"), "column B", "'age_start'", "show it"),
    _rates("merged", "labels in one merged cell", _merged("A2:A5"), "A2:A5", "one merged cell", "unmerge it"),
    _rates("beside", "a figure beside the table", _put("F6", "check"), "F6", "'check' stands outside"),
    _rates("nameless", "a column without a name", _put("C1", None), "C1", "name the column"),
    _rates("second", "a second sheet that holds something", _second, "2 sheets hold something", "leave that"),
    Fault(
        "book-both",
        "a record's table: stands as .csv and as .xlsx",
        (f"{_RATES}.csv", "admission_rate.xlsx stands beside it", "remove the other"),
        {f"{_RATES}.xlsx": _book(_shipped(f"{_RATES}.csv"))},
    ),
    Fault(
        "book-old",
        "a record's table: an old .xls",
        ("admission_rate.xls", "'.xls'", "save the table as .xlsx or .csv"),
        {
            "parameters/national/admission_rate.xls": data(b"\xd0\xcf\x11\xe0"),
            _INPATIENT: swap("admission_rate.csv", "admission_rate.xls"),
        },
    ),
    _of_region(
        "census_2020", "census-hidden", "a hidden row", _row_hidden(9), "row 9", "is hidden", "show it"
    ),
    _of_region("census_2020", "census-merged", "the sex merged", _merged("A2:A20"), "A2:A20", "unmerge it"),
    _of_region("census_2020", "census-second", "two sheets with tables", _second, "2 sheets hold something"),
    _of_region(
        "census_2020", "census-text", "a separator of thousands", _put("D9", "261,565"), "row 9", "261565"
    ),
    _of_region(
        "census_2020", "census-units", "a group in ten thousands", _times("D9", 1e-4), "row 9", "26.1565"
    ),
    _of_region(
        "census_2020", "census-age", "ages that became dates", _put("B4", date(2025, 5, 9)), "B4", "is a date"
    ),
    Fault(
        "book-census-both",
        "a census stands as .csv and as .xlsx",
        (f"{_REGION}/census_2020.csv", "census_2020.xlsx stands beside it", "remove the other"),
        {f"{_REGION}/census_2020.xlsx": _book(_shipped(f"{_REGION}/census_2020.csv"))},
    ),
    _of_region(
        "observed", "observed-date", "a date for a year", _put("A2", date(2020, 12, 31)), "A2", "is a date"
    ),
    _of_region(
        "observed", "observed-error", "#REF!", _put("D2", "#REF!"), "D2", "'#REF!' could not be computed"
    ),
    _of_region(
        "observed", "observed-formula", "a sum never computed", _put("D2", "=SUM(D3:D4)"), "'=SUM(D3:D4)'"
    ),
    _of_region(
        "observed", "observed-ten", "a figure times 10", _times("D3", 10), "sheet '数据': row 3", "want"
    ),
    _counted(
        "known-percent",
        "per cent by its format",
        _put("C3", 0.835, "0.0%"),
        "C3",
        "'83.5%' is shown",
        "number",
    ),
    _counted(
        "known-hidden", "a row filtered out", _row_hidden(3), "row 3", "is hidden and holds 'occupancy'"
    ),
    _counted("known-merged", "one source for two rows", _merged("E2:E3"), "E2:E3", "unmerge it"),
    _counted("known-second", "a second sheet", _second, "2 sheets hold something"),
    _counted(
        "known-ten", "ten times the beds", _times("C2", 10), "row 2, column C", "373980", "10 times too large"
    ),
    Fault(
        "book-known-both",
        "counts of a region stand as .csv and as .xlsx",
        (f"{_REGION}/known", "stands beside it", "remove the other"),
        {f"{_REGION}/known.xlsx": _book(_COUNTS), f"{_REGION}/known.csv": text(_COUNTS)},
    ),
]
_BOOK = _SHEET_OF.replace(".csv", ".xlsx")


def _table(id_: str, did: str, edit: Edit, *says: str) -> Fault:
    """Of a census table for a new region, given as a workbook."""
    call = tuple(_BOOK if word == _SHEET_OF else word for word in _without(()))
    return Fault(f"table-book-{id_}", did, (_BOOK, *says), {_BOOK: _book(_SHEET, edit)}, call)


SHEETS = [
    _table("error", "is a workbook with #DIV/0!", _put("B5", "#DIV/0!"), "row 5, column B", "#DIV/0!"),
    _table("formula", "is a workbook with a formula never computed", _put("B5", "=B6"), "row 5, column B"),
    _table(
        "percent", "is a workbook with a count in per cent", _put("B5", 0.5, "0%"), "row 5, column B", "50%"
    ),
    _table("second", "is a workbook of two sheets", _second, "2 sheets hold something", "--sheet"),
]


@cache
def _review() -> bytes:
    """A review workbook of the made-up plan."""
    import shutil
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(PARAMETERS, folder / "parameters")
        document = paperwork.as_docx(folder / "plan.docx")
        run_cli("plan", "draft", document, "--lang", "en", "--out", folder / "review.xlsx", cwd=folder)
        return (folder / "review.xlsx").read_bytes()


def _accepted(id_: str, did: str, edit: Callable[[Any], object], *says: str) -> Fault:
    """Of a review that comes back: edit, of the book."""

    def change(path: Path) -> None:
        path.write_bytes(_review())
        book = openpyxl.load_workbook(path)
        edit(book)
        book.save(path)

    call = ("plan", "accept", "review.xlsx", "--name", "back", "--region", "410500")
    return Fault(f"review-{id_}", did, ("review.xlsx", *says), {"review.xlsx": change}, call)


def _in_row(
    column: str, value: Any, shown: str = "General", of: str = "beds_per_1000"
) -> Callable[[Any], None]:
    """A cell of the row of an indicator, which is marked."""

    def edit(book: Any) -> None:
        sheet = book["sure"]
        keys = {cell.value: cell.column for cell in sheet[2]}
        line = next(r for r in range(3, sheet.max_row + 1) if sheet.cell(r, keys["indicator_id"]).value == of)
        sheet.cell(line, keys["accept"]).value = YES
        sheet.cell(line, keys[column]).value = value
        if shown:
            sheet.cell(line, keys[column]).number_format = shown

    return edit


def _without_line(book: Any) -> None:
    book["sure"].delete_rows(2)


def _renamed(book: Any) -> None:
    book["sure"].title = "checked rows"


REVIEWS = [
    _accepted(
        "value", "is a review with a value in words", _in_row("value", "about 7"), "sure row", "'about 7'"
    ),
    _accepted(
        "percent",
        "is a review with a value in per cent",
        _in_row("value", 0.032, "0.0%"),
        "sure row",
        "'3.2%'",
    ),
    _accepted("error", "is a review with #N/A", _in_row("value", "#N/A"), "sure row", "'#N/A'"),
    _accepted(
        "formula", "is a review with a formula never computed", _in_row("value", "=1+1"), "sure row", "value"
    ),
    _accepted(
        "date",
        "is a review with a date for a year",
        _in_row("year", date(2025, 1, 1), "yyyy-mm-dd"),
        "sure row",
        "2025-01-01",
    ),
    _accepted(
        "mark", "is a review with a mark that is none", _in_row("accept", "maybe"), "sure row", "'maybe'"
    ),
    _accepted(
        "names", "is a review whose hidden line of names is gone", _without_line, "sure", "bring it back"
    ),
    _accepted("sheet", "is a review with a sheet renamed", _renamed, "'checked rows'", "name it so again"),
]
_PROVINCES = "parameters/places/economic_regions.csv"


def _economic(id_: str, did: str, change: Change, *says: str) -> Fault:
    call = ("calibrate", "unobserved", "--check")
    return Fault(
        f"economic-{id_}", f"economic_regions.csv: {did}", (_PROVINCES, *says), {_PROVINCES: change}, call
    )


ECONOMIC = [
    _economic(
        "word", "a region that is none", swap("110000,east", "110000,eastern"), "line 2", "'eastern'", "east"
    ),
    _economic(
        "twice", "a province twice", swap("120000,east", "110000,east"), "line 3", "110000 stands twice"
    ),
    _economic("gone", "a province left out", swap("110000,east\n", ""), "no row 110000", "add it"),
    _economic(
        "code",
        "a code of no province",
        swap("110000,east", "119999,east"),
        "line 2",
        "'119999' is no province",
    ),
    _economic("gbk", "saved in GBK", lambda p: p.write_bytes("province,区域\n".encode("gbk")), "GBK"),
    Fault(
        "economic-validate",
        "economic_regions.csv: a region that is none, told by validate",
        (_PROVINCES, "line 2", "'eastern'"),
        {_PROVINCES: swap("110000,east", "110000,eastern")},
        ("validate", _PROVINCES),
    ),
]
__all__ = ["ECONOMIC", "REVIEWS", "RUN", "SHEETS", "TABLES"]
