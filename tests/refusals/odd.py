"""Faults that spreadsheets, editors and scripts of many languages make: local counts, odd characters."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
from refusals.command import _AGES, _NEW
from refusals.fault import EXPERIMENT, RUN, Change, Fault, data, edit, folder_there, small, swap, text
from refusals.tables import _census

_KNOWN = "known.csv"
_HEAD = "indicator,year,value,unit,source,quality"
_ROW = "beds,2023,37398,bed,yearbook,A"
_BOOK = "known.xlsx"


def _known(id_: str, did: str, change: Change, *says: str, args: tuple[str, ...] = ()) -> Fault:
    return Fault(
        f"known-{id_}", did, says, {_KNOWN: change}, (*RUN, "--known", _KNOWN) if not args else (*RUN, *args)
    )


def _rows(*rows: str, head: str = _HEAD) -> Change:
    return text("\n".join([head, *rows]) + "\n")


def _with(old: str, new: str) -> Change:
    """The row of beds with a text in it changed."""
    assert old in _ROW
    return _rows(_ROW.replace(old, new, 1))


def _book(*rows: Sequence[Any], look: str = "") -> Change:
    """A workbook of such rows; look: the number format of its last figure."""

    def change(path: Path) -> None:
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        for row in rows:
            sheet.append(row)
        if look:
            sheet.cell(sheet.max_row, 3).number_format = look
        book.save(path)

    return change


def _people(label: Any, at: int = 2, hidden: int = 0) -> Change:
    """The census table of a county as a workbook, one age group called so, a row hidden."""

    def change(path: Path) -> None:
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        sheet.append(["age", "male", "female"])
        for i, age in enumerate(_AGES):
            sheet.append([label if i == at else age, 4000 - 30 * i, 3900 - 20 * i])
        if hidden:
            sheet.row_dimensions[hidden].hidden = True
        book.save(path)

    return change


def _sheet(id_: str, did: str, change: Change, *says: str) -> Fault:
    args = tuple("county.xlsx" if word == "county.csv" else word for word in _NEW)
    return Fault(f"sheet-{id_}", did, ("county.xlsx", *says), {"county.xlsx": change}, args)


KNOWN = [
    _known(
        "gbk",
        "saved in GBK",
        text(f"{_HEAD}\n{_ROW.replace('yearbook', '年鉴')}\n", "gbk"),
        _KNOWN,
        "line 2",
        "GBK",
    ),
    _known("utf16", "saved as UTF-16", text(f"{_HEAD}\n{_ROW}\n", "utf-16"), _KNOWN, "UTF-16"),
    _known("nul", "holds zero bytes", _with("37398", "37\x00398"), _KNOWN, "zero bytes"),
    _known("empty", "is empty", data(b""), _KNOWN, "empty"),
    _known("head", "has a heading and no rows", _rows(), _KNOWN),
    _known(
        "indicator",
        "has an indicator that is not known",
        _with("beds", "bedz"),
        _KNOWN,
        "'bedz'",
        "did you mean 'beds'",
    ),
    _known("before", "counts a year before the census", _with("2023", "2011"), _KNOWN, "2011"),
    _known("after", "counts a year to come", _with("2023", "2093"), _KNOWN, "2093"),
    _known("year-part", "has a year with a fraction", _with("2023", "2023.5"), _KNOWN, "2023.5"),
    _known("year-words", "has a year in words", _with("2023", "二〇二三"), _KNOWN, "二〇二三"),
    _known("no-value", "has a row without a value", _with("37398", ""), _KNOWN, "row 2"),
    _known("comma", "has a decimal comma", _with("37398", '"37398,5"'), _KNOWN, "37398,5", "37398.5"),
    _known("thousands", "has a separator of thousands", _with("37398", '"37,398"'), _KNOWN, "37,398"),
    _known("arabic", "has Arabic-Indic digits", _with("37398", "٣٧٣٩٨"), _KNOWN, "٣٧٣٩٨"),
    _known("negative", "has negative beds", _with("37398", "-37398"), _KNOWN, "-37398"),
    _known("zero", "has no bed at all", _with("37398", "0"), _KNOWN),
    _known("nan", "has no number", _with("37398", "nan"), _KNOWN, "nan"),
    _known("inf", "has a number beyond what a computer holds", _with("37398", "1e999"), _KNOWN),
    _known("unit", "states the unit of another indicator", _with("bed,", "birth,"), _KNOWN, "birth"),
    _known("unit-words", "states a unit that is not known", _with("bed,", "bedd,"), _KNOWN, "bedd"),
    _known("scale", "has ten thousand times the beds", _with("37398", "373980000"), _KNOWN, "373980000"),
    _known("source", "names no source", _with("yearbook", ""), _KNOWN, "source"),
    _known("grade", "grades itself E", _with(",A", ",E"), _KNOWN, "'E'"),
    _known("twice", "has a year twice", _rows(_ROW, _ROW), _KNOWN),
    _known("column", "has no column of years", _rows(_ROW, head=_HEAD.replace("year,", "")), _KNOWN),
    _known("column-twice", "has a column twice", _rows(_ROW, head=_HEAD.replace("source", "unit")), _KNOWN),
    _known(
        "wide-commas",
        "has its columns parted by the comma of lists (、)",
        text(f"{_HEAD}\n{_ROW}\n".replace(",", "、")),
        _KNOWN,
        "、",
    ),
    _known("folder", "is a folder", folder_there, _KNOWN, "folder"),
    _known("gone", "is not there", text(""), "nowhere.csv", args=("--known", "nowhere.csv")),
    _known(
        "place",
        "is of a place that the experiment has not",
        _rows(_ROW),
        "130400",
        args=("--known", f"130400={_KNOWN}"),
    ),
    Fault(
        "known-formula",
        "has a formula that was never computed",
        (_BOOK,),
        {_BOOK: _book(_HEAD.split(","), ["beds", 2023, "=A1*2", "bed", "yearbook", "A"])},
        (*RUN, "--known", _BOOK),
    ),
    Fault(
        "known-percent",
        "has beds as a percentage",
        (_BOOK,),
        {_BOOK: _book(_HEAD.split(","), ["beds", 2023, 0.37, "bed", "yearbook", "A"], look="0%")},
        (*RUN, "--known", _BOOK),
    ),
    Fault(
        "known-date",
        "has a year that a spreadsheet made a date",
        (_BOOK,),
        {_BOOK: _book(_HEAD.split(","), ["beds", datetime(2023, 1, 1), 37398, "bed", "yearbook", "A"])},
        (*RUN, "--known", _BOOK),
    ),
]

SHEETS = [
    _sheet("date-age", "has the age group 5-9 as the 9th of May, a date", _people(datetime(2025, 5, 9))),
    _sheet("formula", "has an age group that is a formula", _people("=B2")),
    _sheet("error", "has a cell that Excel could not compute", _people("#REF!")),
]


def _odd(id_: str, did: str, cell: str, *says: str) -> Fault:
    return _census(f"odd-{id_}", did, swap("female,0,0,23023", f"female,0,0,{cell}"), *says)


CENSUS = [
    _odd("nbsp", "has a blank that does not break between thousands", "23\u00a0023"),
    _odd("arabic", "has Arabic-Indic digits", "٢٣٠٢٣"),
    _odd("bom", "has a byte order mark in the middle", "\ufeff23023", "line 2", "before '23023'"),
    _odd("zero-width", "has a letter of no width in a number", "23\u200b023", "line 2", "take out U+200B"),
    _odd("hex", "has a hexadecimal number", "0x59EF"),
    _odd("fraction", "has a fraction with a stroke", "46046/2"),
    _odd("minus", "has a long minus", "−23023"),
    _odd("superscript", "has a note's mark behind a number", "23023²"),
    _odd("brackets", "has a number in brackets", "(23023)"),
    _odd("formula", "has a formula for a number", "=23000+23"),
    _odd("excel-error", "has Excel's #N/A", "#N/A"),
    _odd("currency", "has a currency before a number", "￥23023"),
    _odd("approx", "has a number called about", "约23023"),
    _odd("roman", "has a Roman number", "Ⅻ"),
    _odd("chinese", "has a number in Chinese letters", "二万三千"),
    _odd("percent", "has a percentage for people", "0.42%"),
    _census(
        "odd-cr",
        "ends its lines as an old Mac did, and has a cell too few",
        edit(lambda s: s.replace("\n", "\r").replace("female,0,0,23023", "female,0,23023")),
    ),
]


def _yaml(id_: str, did: str, change: Change, *says: str) -> Fault:
    return Fault(f"odd-{id_}", did, (EXPERIMENT, *says), {EXPERIMENT: change})


YAML = [
    _yaml("year-date", "has a date for a year", small("end: 2030", "end: 2030-12-31"), "end"),
    _yaml("year-octal", "has an octal year", small("end: 2030", "end: 0o3756")),
    _yaml(
        "wide-digits",
        "has a region in full-width digits",
        small('"410500"', '"４１０５００"'),
        "４１０５００",
    ),
    _yaml("key-blank", "has a key with a blank that does not break", small("draws:", "draws\u00a0:")),
    _yaml("key-wide", "has a full-width colon", small("plan: anyang", "plan： anyang")),
    _yaml(
        "rtl",
        "has a mark that turns the direction of writing in its name",
        small("name: small", 'name: "sm\u202eall"'),
    ),
    _yaml(
        "dot-end",
        "has a scenario that ends in a dot, which Windows drops",
        small("shorter_stays:", '"shorter.":'),
    ),
    _yaml(
        "blank-end",
        "has a scenario that ends in a blank, which Windows drops",
        small("shorter_stays:", '"shorter ":'),
    ),
    _yaml("nul", "is called as a device of Windows", small("name: small", "name: nul"), "name"),
    _yaml(
        "merge", "merges keys by << from what is no mapping", small("draws: {n: 8", "draws: {<<: [1], n: 8")
    ),
    _yaml(
        "draws-number",
        "has a number of draws where keys are wanted",
        small("draws: {n: 8, seed: 7}", "draws: 8"),
        "draws",
    ),
    _yaml("regions-text", "has a region that is not in a list", small('["410500"]', '"410500"'), "regions"),
    _yaml(
        "regions-nested", "has a list of regions in a list", small('["410500"]', '[["410500"]]'), "regions"
    ),
    _yaml("regions-null", "has an empty region", small('["410500"]', "[~]"), "regions"),
    _yaml("years-list", "has years as a list", small("{base: 2020, end: 2030}", "[2020, 2030]"), "years"),
    _yaml(
        "bom", "has a byte order mark in the middle", small("regions", "\ufeffregions"), "before 'regions: "
    ),
    _yaml("smart", "has the quotes of a word processor", small('["410500"]', "[“410500”]"), "regions"),
    _yaml(
        "negative-zero",
        "sets a length of stay to less than nothing",
        small("{multiply: {2020: 1, 2030: 0.9}}", "-0.0"),
    ),
    _yaml(
        "factor-negative",
        "multiplies by less than nothing",
        small("2030: 0.9", "2030: -0.9"),
        "inpatient.alos",
    ),
    _yaml("years-swapped", "sets a path with a year of another century", small("2030: 0.9", "20300: 0.9")),
]
