"""From a reviewed workbook to a plan folder: marked rows only, checked as any plan before it is in place."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from sim.config.names import name_fault
from sim.drafting.review import (
    HEAD,
    NO,
    PLAN_HEAD,
    ROW,
    RULE,
    RULES,
    SURE,
    UNPLACED,
    UNSURE,
    YES,
    sheet_key,
    sheet_title,
)
from sim.errors import PlanError, fault, raise_all
from sim.folders import scratch
from sim.packed import load_book
from sim.plan import load_plan
from sim.plan.document import INDICATOR_COLUMNS, STANDARD_COLUMNS
from sim.plan.vocabulary import plans_folder
from sim.writing import whole_folder, write_rows

_YES = frozenset((YES, "y", "是", "√", "✓", "1", "true", "采纳"))
_NO = frozenset(("", NO, "n", "否", "×", "0", "false"))
_NEEDED = frozenset(("accept", *INDICATOR_COLUMNS, *STANDARD_COLUMNS))
_HEADS = frozenset(("accept", "采纳"))
_SHEETS = 5  # that a review is read from
_LOOKED = 5000  # lines of a sheet among which sorting may have put the line of names
_NAME = re.compile(r"[a-z][a-z0-9_]{1,40}")


@dataclass(frozen=True)
class Marked:
    """A row of the workbook that is marked, and where it stands."""

    place: str
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Review:
    """A reviewed workbook: what the plan is, rows and rules that are marked, rows that are not, by sheet."""

    path: Path
    head: Mapping[str, str]
    rows: tuple[Marked, ...]
    rules: tuple[Marked, ...]
    left_out: Mapping[str, int]


def read_review(path: Path, *, all_sure: bool = False) -> Review:
    """The workbook at `path`.  all_sure: rows of the sure sheet are marked unless they say no.

    Raises PlanError with every cell that cannot be understood.
    """
    remedy = "give the workbook that `healthplan plan draft` wrote"
    book = load_book(path, "is no review workbook", remedy)
    sheets = {sheet_key(s.title): s for s in book.worksheets}
    missing = [key for key in (HEAD, SURE, UNSURE, UNPLACED, RULES) if key not in sheets]
    if missing:
        wrong = f"has no sheet {', '.join(sheet_title(key) for key in missing)}"
        others = [s.title for s in book.worksheets if not sheet_key(s.title)]
        if len(missing) < _SHEETS and others:  # a review, one of its sheets renamed
            remedy = f"name it so again; unknown here: {', '.join(map(repr, others))}"
        raise PlanError(fault(str(path), wrong, remedy))
    faults: list[str] = []
    head = _head(sheets[HEAD])
    rows: list[Marked] = []
    left_out: dict[str, int] = {}
    for key in (SURE, UNSURE, UNPLACED):
        taken, left_out[key] = _marked(sheets[key], path, key == SURE and all_sure, faults)
        rows += taken
    rules, left_out[RULES] = _marked(sheets[RULES], path, False, faults)
    raise_all(PlanError, faults)
    return Review(path, head, tuple(rows), tuple(rules), left_out)


def accept(root: Path, review: Review, name: str, region: str = "", *, replace: bool = False) -> Path:
    """Make the plan folder `name` under the parameter folder `root` from a review; returns it.

    region: administrative code, where the workbook gives none.  replace: put it in place of one there.
    Raises PlanError with every fault, at the workbook's cells; nothing is written then.
    """
    plans = plans_folder(root)
    folder = plans / name
    if not _NAME.fullmatch(name):
        raise PlanError(fault(f"--name {name}", "is no folder's name", "write e.g. handan_15fyp"))
    if wrong := name_fault(name):
        raise PlanError(fault("--name", wrong))
    if folder.exists() and not replace:
        raise PlanError(fault(str(folder), "exists already", "give another name, or --replace"))
    if not review.rows:
        wrong = f"no row is marked ({sum(review.left_out.values())} are there)"
        raise PlanError(
            fault(str(review.path), wrong, f"write {YES} in the first cell of the rows to accept")
        )
    with scratch() as work:
        bench = work / "plans"
        bench.mkdir()
        for shared in plans.glob("*.*"):
            shutil.copy(shared, bench / shared.name)
        made = bench / name
        made.mkdir()
        _write(made, review, name, region)
        try:
            load_plan(bench, name)
        except PlanError as error:
            raise PlanError(_at_cells(str(error), made, review, folder)) from None
        with whole_folder(folder, replace=replace) as part:
            shutil.copytree(made, part, dirs_exist_ok=True)
    return folder


def _head(sheet: Any) -> dict[str, str]:
    keys = {key for key, *_ in PLAN_HEAD}
    found = {}
    for row in sheet.iter_rows():
        if len(row) > 2 and row[2].value in keys:
            found[str(row[2].value)] = _plain(row[1])
    return found


def _marked(sheet: Any, path: Path, all_in: bool, faults: list[str]) -> tuple[list[Marked], int]:
    wanted = RULE if sheet_key(sheet.title) == RULES else ROW
    id_ = wanted[1]
    names = next((n for n in range(1, min(sheet.max_row, _LOOKED) + 1) if id_ in _texts(sheet, n)), 0)
    keys = _texts(sheet, names) if names else []
    lacking = [k for k in wanted if k not in keys and k in _NEEDED]
    if lacking:
        wrong = (
            f"no column {', '.join(lacking)}"
            if names
            else "the hidden line 2 with the names of columns is gone"
        )
        faults.append(
            fault(f"{path}: {sheet.title}", wrong, "bring it back from the workbook that was drafted")
        )
        return [], 0
    found, out = [], 0
    for number, row in enumerate(sheet.iter_rows(), start=1):
        cells = {k: _plain(v) for k, v in zip(keys, row, strict=False) if k}
        if number == names or cells.get("accept", "").lower() in _HEADS:  # wherever sorting put them
            continue
        if not any(v for k, v in cells.items() if k != "accept"):
            continue
        place = f"{path}: {sheet.title} row {number}"
        said = cells.get("accept", "").lower()
        if said not in _YES | _NO:
            faults.append(fault(place, f"accept '{cells['accept']}'", f"{YES}, {NO} or empty"))
        if said in _YES or (all_in and not said):
            found.append(Marked(place, cells))
        else:
            out += 1
    return found, out


def _texts(sheet: Any, number: int) -> list[str]:
    return [_plain(cell) for cell in sheet[number]]


def _plain(cell: Any) -> str:
    """A cell as text; a number that is shown as a share is told as it is shown: 0.95 as 95%."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, float | int) and not isinstance(value, bool) and "%" in str(cell.number_format):
        return f"{round(value * 100, 9):g}%"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{value:.12g}"
    return str(value).strip()


def _write(folder: Path, review: Review, name: str, region: str) -> None:
    head = review.head
    faults = []

    def year(key: str) -> int:
        text = head.get(key, "")
        if not re.fullmatch(r"(19|20)\d\d", text):
            faults.append(fault(f"{review.path}: {key}", f"'{text}' is no year", "write e.g. 2030"))
            return 0
        return int(text)

    content = {
        "schema": 1,
        "id": name,
        "region": head.get("region") or region,
        "name": {"zh": head.get("name_zh") or name, "en": head.get("name_en") or name},
        "period": [year("first_year"), year("last_year")],
        "base_year": year("base_year"),
        "target_year": year("target_year"),
        "status": head.get("status", ""),
        "document": head.get("name_zh") or name,
        "source": head.get("source", ""),
    }
    if not content["region"]:
        faults.append(fault(f"{review.path}: region", "is empty", "write the code, or give --region 130400"))
    raise_all(PlanError, faults)
    (folder / "plan.yaml").write_text(
        yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8"
    )
    write_rows(folder / "indicators.csv", INDICATOR_COLUMNS, _only(review.rows, INDICATOR_COLUMNS))
    if review.rules:
        write_rows(folder / "standards.csv", STANDARD_COLUMNS, _only(review.rules, STANDARD_COLUMNS))


def _only(rows: Sequence[Marked], columns: Sequence[str]) -> Iterator[dict[str, str]]:
    return ({c: row.cells.get(c, "") for c in columns} for row in rows)


def _at_cells(text: str, made: Path, review: Review, folder: Path) -> str:
    """Faults of the folder's files, said at the cells that the rows come from."""
    for file, rows in (("indicators.csv", review.rows), ("standards.csv", review.rules)):
        path = re.escape(str(made / file))
        text = re.sub(
            rf"{path}:(\d+)",
            lambda m, rows=rows: rows[int(m[1]) - 2].place if int(m[1]) - 2 < len(rows) else m[0],  # type: ignore[misc]
            text,
        )
    return text.replace(str(made / "plan.yaml"), f"{review.path}: {HEAD}").replace(str(made), str(folder))
