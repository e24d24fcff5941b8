"""A record's table in a workbook: the same array as its .csv, and what is unclear in a sheet refused."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.styles import PatternFill
from paths import PARAMETERS
from workbooks import Sheet, book_of

from sim.errors import ParameterError
from sim.params import Parameter, read_file
from sim.textfile import read_yaml

NATIONAL = PARAMETERS / "national"


def _shipped() -> list[tuple[Path, str, str]]:
    """File, record and table of each record with a table."""
    found = []
    for path in sorted([*NATIONAL.glob("*.yaml"), *PARAMETERS.glob("provinces/*/*.yaml")]):
        records = read_yaml(path)["parameters"]
        found += [(path, name, r["table"]) for name, r in records.items() if "table" in r]
    return found


SHIPPED = _shipped()


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder `parameters` with the shipped catalogue and the nation's folder."""
    folder = tmp_path_factory.mktemp("work") / "parameters"
    folder.mkdir()
    for path in PARAMETERS.glob("*.*"):
        shutil.copy(path, folder)
    shutil.copytree(PARAMETERS / "sources", folder / "sources")
    shutil.copytree(NATIONAL, folder / "national")
    (folder / "own").mkdir()
    return folder


@pytest.fixture(scope="module")
def read(root: Path) -> Callable[..., Parameter]:
    """The parameter of a shipped record, its table in the file that `make` writes into an empty folder."""

    def one(path: Path, name: str, ending: str, make: Callable[[Path], object]) -> Parameter:
        own = root / "own"
        shutil.rmtree(own)
        own.mkdir()
        content = read_yaml(path)
        record = content["parameters"][name]
        if record.get("split", "evenly") != "evenly":
            shutil.copy(path.parent / record["split"], own)
        make(own / f"t{ending}")
        content["parameters"] = {name: record | {"table": f"t{ending}"}}
        (own / path.name).write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
        return read_file(own / path.name, root)[f"{path.stem}.{name}"]

    return one


@pytest.mark.sampled(9)
@pytest.mark.parametrize(("path", "name", "table"), SHIPPED, ids=[f"{p.stem}.{n}" for p, n, _ in SHIPPED])
def test_every_shipped_table_is_the_same_in_a_workbook(
    path: Path, name: str, table: str, read: Callable[..., Parameter]
) -> None:
    text = (path.parent / table).read_text(encoding="utf-8-sig")
    plain = read(path, name, ".csv", lambda to: to.write_text(text, encoding="utf-8"))
    book = read(path, name, ".xlsx", lambda to: book_of(text, to))
    assert book.data.dims == plain.data.dims
    assert book.data.identical(plain.data)
    assert book.data.values.tobytes() == plain.data.values.tobytes()


PATH, NAME = NATIONAL / "inpatient.yaml", "admission_rate"
TEXT = (NATIONAL / "admission_rate.csv").read_text(encoding="utf-8")


def _text_figures(sheet: Sheet) -> None:
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            cell.value = f" {cell.value} "


def _computed_elsewhere(sheet: Sheet) -> None:
    """Cells without content, but with a colour, behind and below the table."""
    sheet.cell(900, 14).fill = PatternFill("solid", start_color="FFFF00")
    sheet.cell(3, 9).value = "  "


def _empty_between(sheet: Sheet) -> None:
    sheet.insert_rows(5)
    sheet.insert_rows(1)


def _hidden_empty(sheet: Sheet) -> None:
    sheet.row_dimensions[400].hidden = True
    sheet.column_dimensions["H"].hidden = True
    sheet.merge_cells("H2:I9")
    sheet.parent.create_sheet("Sheet2").cell(4, 4).fill = PatternFill("solid", start_color="FF0000")


def _shown_rounded(sheet: Sheet) -> None:
    for row in sheet.iter_rows(min_row=2):
        row[-1].number_format = "0"


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    "change", [_text_figures, _computed_elsewhere, _empty_between, _hidden_empty, _shown_rounded]
)
def test_what_says_nothing_in_a_sheet_moves_nothing(
    change: Callable[[Sheet], None], read: Callable[..., Parameter]
) -> None:
    plain = read(PATH, NAME, ".xlsx", lambda to: book_of(TEXT, to))
    found = read(PATH, NAME, ".xlsx", lambda to: book_of(TEXT, to, change))
    assert found.data.identical(plain.data)


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=st.floats(0.001, 300, allow_nan=False), row=st.integers(2, 23))
def test_a_cell_is_read_to_its_last_digit(value: float, row: int, read: Callable[..., Parameter]) -> None:
    """And it moves the ages of its own row, no others."""

    def change(sheet: Sheet) -> None:
        sheet.cell(row, 4).value = value

    lines = TEXT.splitlines()
    lines[row - 1] = lines[row - 1].rpartition(",")[0] + f",{value!r}"
    plain = read(PATH, NAME, ".csv", lambda to: to.write_text("\n".join(lines), encoding="utf-8"))
    found = read(PATH, NAME, ".xlsx", lambda to: book_of(TEXT, to, change))
    assert found.data.identical(plain.data)
    sex, first, last, was = TEXT.splitlines()[row - 1].split(",")
    before = read(PATH, NAME, ".xlsx", lambda to: book_of(TEXT, to))
    moved = found.data != before.data
    own = moved.sel(sex=sex, age=slice(int(first), int(last)))
    assert bool(own.all()) == (value != float(was))
    assert int(moved.sum()) == int(own.sum())


def _set(at: str, value: Any, shown: str = "General") -> Callable[[Sheet], None]:
    def change(sheet: Sheet) -> None:
        sheet[at].value = value
        sheet[at].number_format = shown

    return change


def _hide_row(sheet: Sheet) -> None:
    sheet.row_dimensions[7].hidden = True


def _hide_column(sheet: Sheet) -> None:
    sheet.column_dimensions["B"].hidden = True


def _two(sheet: Sheet) -> None:
    sheet.parent.create_sheet("说明").append(["see the yearbook"])


def _hide_sheet(sheet: Sheet) -> None:
    sheet.parent.create_sheet("Sheet2")
    sheet.sheet_state = "hidden"


REFUSED: dict[str, tuple[Callable[[Sheet], object], str]] = {
    "per cent": (
        _set("D3", 0.05, "0.0%"),
        "D3 | '5%' is shown, 0.05 is held | format the cell as a number in the record's unit",
    ),
    "a date": (
        _set("B4", date(2025, 5, 9), "yyyy-mm-dd"),
        "B4 | '2025-05-09 00:00:00' is a date | format the cell as text and write it anew",
    ),
    "a formula never computed": (
        _set("D3", "=D4*2"),
        "D3 | the formula '=D4*2' was never computed | open it in Excel and save it, or write the value",
    ),
    "an error": (_set("D3", "#N/A"), "D3 | '#N/A' could not be computed | write the value"),
    "a truth": (_set("D3", True), "row 3 | value 'True' | a number is wanted"),
    "full width": (
        _set("D3", "１２"),
        "row 3 | value '１２' | a number is wanted: write 12, in plain digits",
    ),
    "separators": (
        _set("D3", "1,234"),
        "row 3 | value '1,234' | a number is wanted: write 1234, without separators",
    ),
    "an empty cell": (_set("D3", None), "row 3 | value '' | a number is wanted"),
    "a year with a fraction": (_set("B3", 0.5), "row 3 | age_start '0.5' | a whole number is wanted"),
    "an unknown label": (_set("A3", "femal"), "row 3 | sex 'femal' is unknown | did you mean 'female'?"),
    "a negative": (_set("D3", -4), "row 3 | value -4 per 100 person-years | want 0"),
    "a hidden row": (_hide_row, "row 7 | is hidden and holds 'female' | show it, or delete it"),
    "a hidden column": (_hide_column, "column B | is hidden and holds 'age_start' | show it, or delete it"),
    "a merged label": (
        lambda sheet: sheet.merge_cells("A2:A5"),
        "A2:A5 | is one merged cell with 'female' | unmerge it, and write the value into each cell",
    ),
    "a hidden sheet": (_hide_sheet, "the sheet is hidden | show it, or give the table that is shown"),
    "a figure beside": (
        _set("F6", "check"),
        "F6 | 'check' stands outside the table | name its column, or delete it",
    ),
    "a column without a name": (_set("C1", None), "C1 | '' | name the column, or delete it"),
    "an unknown column": (_set("E1", "rate"), "unknown column 'rate'"),
    "a row twice": (
        lambda sheet: sheet.append([c.value for c in sheet[3]]),
        "stands twice (also on sheet '数据': row 3) | keep one of them",
    ),
    "a row too few": (lambda sheet: sheet.delete_rows(4), "no value for age"),
    "two tables": (_two, "2 sheets hold something: 数据, 说明 | leave that of the table alone"),
}


@pytest.mark.sampled(4)
@pytest.mark.parametrize("what", REFUSED)
def test_what_is_unclear_is_refused_with_its_cell(what: str, read: Callable[..., Parameter]) -> None:
    change, said = REFUSED[what]
    with pytest.raises(ParameterError) as raised:
        read(PATH, NAME, ".xlsx", lambda to: book_of(TEXT, to, change))
    message = str(raised.value)
    assert "t.xlsx" in message
    assert said in message


@pytest.mark.parametrize(
    ("ending", "content", "said"),
    [
        (".xlsx", b"sex,age_start,age_end,value\n", "is text under the name .xlsx | name it .csv"),
        (".xlsx", b"PK\x03\x04 cut off", "is no .xlsx file, or damaged | save it again in Excel"),
        (".xlsx", b"\xd0\xcf\x11\xe0", "is an old .xls workbook, or has a password"),
        (".xlsx", b"<html><table></table></html>", "is a web page under the name .xlsx"),
        (".xlsx", b"", "is no .xlsx file, or damaged"),
        (".csv", b"PK\x03\x04", "is a workbook under the name .csv | name it .xlsx"),
        (".xls", b"\xd0\xcf\x11\xe0", "ends with '.xls' | save the table as .xlsx or .csv"),
        (".ods", b"PK\x03\x04", "ends with '.ods' | save the table as .xlsx or .csv"),
    ],
)
def test_what_is_no_workbook_is_told(
    ending: str, content: bytes, said: str, read: Callable[..., Parameter]
) -> None:
    with pytest.raises(ParameterError) as raised:
        read(PATH, NAME, ending, lambda to: to.write_bytes(content))
    assert said in str(raised.value)


def test_an_empty_workbook_and_one_too_large(read: Callable[..., Parameter]) -> None:
    with pytest.raises(ParameterError, match="no sheet holds anything"):
        read(PATH, NAME, ".xlsx", lambda to: openpyxl.Workbook().save(to))
    with pytest.raises(ParameterError, match=r"reaches to row 1000000, column 4 \| delete the empty rows"):
        read(PATH, NAME, ".xlsx", lambda to: book_of(TEXT, to, _set("D1000000", 1)))


def test_both_kinds_of_one_table_are_refused(read: Callable[..., Parameter]) -> None:
    def both(to: Path) -> None:
        book_of(TEXT, to)
        to.with_suffix(".csv").write_text(TEXT, encoding="utf-8")

    with pytest.raises(ParameterError) as raised:
        read(PATH, NAME, ".xlsx", both)
    assert "t.xlsx | t.csv stands beside it, one table twice | keep t.xlsx or t.csv" in str(raised.value)


def test_a_computed_formula_is_its_value(tmp_path: Path, read: Callable[..., Parameter]) -> None:
    """As Excel saves it: the formula with what it came to."""
    import xlsxwriter

    def make(to: Path) -> None:
        with xlsxwriter.Workbook(str(to)) as book:
            sheet = book.add_worksheet("t")
            for r, line in enumerate(TEXT.splitlines()):
                for c, cell in enumerate(line.split(",")):
                    if r and c == 3:
                        sheet.write_formula(r, c, f"={cell}*1", None, float(cell))
                    else:
                        sheet.write(r, c, cell if not r or c == 0 else int(cell))

    plain = read(PATH, NAME, ".csv", lambda to: to.write_text(TEXT, encoding="utf-8"))
    assert read(PATH, NAME, ".xlsx", make).data.identical(plain.data)
