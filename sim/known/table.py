"""A table of local counts, .csv or .xlsx: read whole or refused whole, each fault with its cell."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.cells import GRADES, number, number_remedy, whole
from sim.drafting.document import Cell
from sim.errors import ConfigError, fault, raise_all
from sim.known.words import Indicator
from sim.places.sheet import letter, read_grid
from sim.sheets import read_sheet
from sim.textfile import did_you_mean

FILE = "known.csv"
RARE = ("infant_deaths", "maternal_deaths")
"""Indicators that are few enough for chance."""
NEEDED = ("indicator", "year", "value", "unit", "source", "quality")
_HEADS = {
    "indicator": ("指标", "指标名称"),
    "year": ("年份", "年"),
    "value": ("数值", "值"),
    "unit": ("单位", "计量单位"),
    "source": ("来源", "出处"),
    "quality": ("质量", "质量等级"),
    "note": ("备注", "说明"),
    "old_basis": ("旧口径", "旧口径数值"),
}


@dataclass(frozen=True)
class Count:
    """One count, in the unit of its indicator."""

    indicator: Indicator
    year: int
    value: float
    source: str
    quality: str
    place: str
    """File and cell of its value."""
    note: str = ""
    old_basis: float | None = None
    """The same on the basis of the years before, of a population whose basis was revised."""

    @property
    def label(self) -> str:
        """`<indicator>_<year>`: the end of its parameter's name."""
        return f"{self.indicator.id}_{self.year}"


def read_counts(
    path: Path, indicators: Mapping[str, Indicator], first: int, last: int, encoding: str | None = None
) -> list[Count]:
    """The counts of a table whose head names indicator, year, value, unit, source, quality (note).

    first: the census; last: the last year that can have been counted.  encoding: of a .csv, where the
    command has an option for it.
    Raises ConfigError with every fault, each with file, row, column, value and remedy.
    """
    grid = _grid(path, encoding)
    if not grid:
        raise ConfigError(fault(str(path), "holds nothing", f"a head {','.join(NEEDED)} and a row a count"))
    columns = _columns(path, grid[0])
    faults: list[str] = []
    found: list[Count] = []
    for row in grid[1:]:
        cells = {name: row[at] for name, at in columns.items()}
        count = _read(path, cells, indicators, (first, last), faults)
        if count is not None:
            found.append(count)
    if len(grid) == 1:
        faults.append(fault(str(path), "no row below the head", "write a row for each count"))
    faults += _repeated(found)
    faults += contradictions(found)
    raise_all(ConfigError, faults)
    return found


def _grid(path: Path, encoding: str | None) -> list[list[Cell]]:
    """The rows that hold something; of a workbook each cell as the number it holds, or refused."""
    if path.suffix.lower() == ".xlsx" and path.is_file():
        sheet = read_sheet(path)
        return [
            [Cell(text, line, f"row {line}, column {letter(at)}") for at, text in enumerate(row)]
            for row in sheet
            for line in (sheet.line_num,)
        ]
    grid = read_grid(path, encoding or "utf-8", said=encoding is not None)
    return [row for row in grid if any(cell.text for cell in row)]


def _columns(path: Path, head: Sequence[Cell]) -> dict[str, int]:
    """Column of each field; in English or in Chinese."""
    words = {w: name for name, also in _HEADS.items() for w in (name, *also)}
    found: dict[str, int] = {}
    faults: list[str] = []
    for at, cell in enumerate(head):
        name = words.get(cell.text.strip().lower())
        if name is None:
            if cell.text:
                wrong = f"unknown column '{cell.text}'"
                faults.append(fault(f"{path}: {cell.place}", wrong, did_you_mean(cell.text, list(words))))
        elif name in found:
            faults.append(
                fault(f"{path}: {cell.place}", f"column '{cell.text}' once more", "keep one of them")
            )
        else:
            found[name] = at
    for name in NEEDED:
        if name not in found:
            remedy = f"write {name} or {_HEADS[name][0]} in the first row"
            faults.append(fault(str(path), f"no column '{name}'", remedy))
    raise_all(ConfigError, faults)
    return found


def _read(
    path: Path,
    cells: Mapping[str, Cell],
    indicators: Mapping[str, Indicator],
    span: tuple[int, int],
    faults: list[str],
) -> Count | None:
    """The count of a row; None, and `faults`, where something is wrong with it."""
    before = len(faults)

    def wrong(name: str, what: str, remedy: str) -> None:
        faults.append(fault(f"{path}: {cells[name].place} ({name})", what, remedy))

    named = {word: i for i in indicators.values() for word in i.names}
    indicator = named.get(cells["indicator"].text)
    if indicator is None:
        text = cells["indicator"].text
        wrong("indicator", f"'{text}' is no indicator", did_you_mean(text, [*named]))
    if _exchanged(cells["year"].text, cells["value"].text, span):
        what = f"year '{cells['year'].text}', value '{cells['value'].text}'"
        wrong("year", what, f"the two look exchanged: write {cells['value'].text} as the year")
        return None
    year = _year(cells["year"].text, span, lambda what, remedy: wrong("year", what, remedy))
    factor = 1.0
    if indicator is not None:
        unit = cells["unit"].text
        if unit not in indicator.units:
            remedy = f"write {indicator.unit_zh} or {indicator.unit}"
            wrong("unit", f"'{unit}' is no unit of {indicator.id}", remedy)
        factor = indicator.units.get(unit, 1.0)
    value = _value(cells["value"].text, lambda what, remedy: wrong("value", what, remedy))
    if not cells["source"].text:
        wrong("source", "''", "say where it was counted or published")
    quality = cells["quality"].text.upper()
    if quality not in GRADES:
        remedy = "write A (a count, checked), B (published), C (an estimate) or D (rough)"
        wrong("quality", f"'{cells['quality'].text}'", remedy)
    if value is not None and indicator is not None and indicator.id in RARE and value * factor % 1:
        wrong("value", f"{value * factor:g} deaths", "whole deaths of one year: no rate, no mean of years")
    old = _old_basis(cells, indicator, factor, wrong)
    if len(faults) > before or indicator is None or year is None or value is None:
        return None
    note = cells["note"].text if "note" in cells else ""
    place = f"{path}: {cells['value'].place}"
    return Count(indicator, year, value * factor, cells["source"].text, quality, place, note, old)


def _old_basis(
    cells: Mapping[str, Cell],
    indicator: Indicator | None,
    factor: float,
    wrong: Callable[[str, str, str], None],
) -> float | None:
    """The figure on the basis of the years before, in the indicator's unit; None where the row has none."""
    if "old_basis" not in cells or not cells["old_basis"].text:
        return None
    name = "old_basis"
    if indicator is not None and indicator.id != "population":
        wrong(name, f"of {indicator.id}", "leave it empty: a revision is told beside the population alone")
        return None
    value = _value(cells[name].text, lambda what, remedy: wrong(name, what, remedy))
    if value == 0:
        wrong(name, "'0'", "the year's population on the earlier basis")
        return None
    return None if value is None else value * factor


def _exchanged(year: str, value: str, span: tuple[int, int]) -> bool:
    """Whether the year is none that can have been counted, and the value is one."""

    def counted(text: str) -> bool:
        said = number(text)
        return said is not None and said in range(span[0], span[1] + 1)

    return not counted(year.removesuffix("年").strip()) and number(year) is not None and counted(value)


def _year(text: str, span: tuple[int, int], wrong) -> int | None:  # type: ignore[no-untyped-def]
    plain = text.removesuffix("年").strip()
    plain = plain[:-2] if plain.endswith(".0") else plain
    first, last = span
    if (year := whole(plain)) is None:
        wrong(f"'{text}'", "write a whole calendar year, such as 2023; stocks are those of its 31 December")
    elif year < first:
        wrong(
            f"{plain} is before the census of {first}",
            f"counts of {first} and later; the census holds before",
        )
    elif year > last:
        wrong(f"{plain} is in the future: nothing can have been counted after {last}", f"a year to {last}")
    else:
        return year
    return None


def _value(text: str, wrong) -> float | None:  # type: ignore[no-untyped-def]
    value = number(text)
    if value is None:
        remedy = number_remedy(text)
        alone = "write a number alone; its unit has a column"
        wrong(f"'{text}'", alone if remedy == "a number is wanted" or "sign" in remedy else remedy)
        return None
    if not math.isfinite(value) or value < 0:
        wrong(f"'{text}'", "a count of 0 or more")
        return None
    return value


def _repeated(found: Sequence[Count]) -> list[str]:
    seen: dict[str, Count] = {}
    faults = []
    for count in found:
        if count.label in seen:
            wrong = f"{count.indicator.id} of {count.year} stands twice (first {seen[count.label].value:g})"
            faults.append(fault(count.place, wrong, "keep one of them"))
        seen.setdefault(count.label, count)
    return faults


def contradictions(found: Sequence[Count]) -> list[str]:
    """Counts of one year of which a part is more than its whole."""
    values = {(c.indicator.id, c.year): c for c in found}
    faults = []
    for count in found:
        part, whole = count.indicator.id, count.indicator.within
        above = values.get((whole, count.year))
        if above is not None and count.value > above.value:
            wrong = f"{part} {count.value:g} of {count.year}, {whole} {above.value:g} ({above.place})"
            faults.append(fault(count.place, wrong, f"no more than {whole}: one of the two is wrong"))
    return faults
