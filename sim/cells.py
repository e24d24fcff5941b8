"""Cells of tables typed by hand: a number or a whole number that every reader reads alike, or none."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path

from sim.errors import ConfigError, fault, raise_all

_NUMBER = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]{1,4})?|[-+]?(nan|inf)", re.I | re.A)
_WHOLE = re.compile(r"-?[0-9]{1,6}", re.A)

GRADES = ("A", "B", "C", "D")
"""How sure a figure is: a count that was checked, published, an estimate, rough."""


def grade_fault(place: str, text: str) -> list[str]:
    """What is said of a grade that is none."""
    return [] if text in GRADES else [fault(f"{place}: grade", f"'{text}'", "write A, B, C or D")]


def number(text: str) -> float | None:
    """The number that a cell holds; None where it is none that every reader reads alike."""
    return float(text) if _NUMBER.fullmatch(text) else None


def whole(text: str) -> int | None:
    """The whole number (a year, an age) that a cell holds; None where it is none."""
    return int(text) if _WHOLE.fullmatch(text) else None


def numbers(path: Path, rows: Sequence[Mapping[str, str]], columns: Sequence[str]) -> list[list[float]]:
    """The numbers in some columns of every row.

    Raises ConfigError with every cell that holds none.
    """
    faults = [
        fault(f"{path}: line {row['_line']}: {c}", f"'{row[c]}'", number_remedy(row[c]))
        for row in rows
        for c in columns
        if number(row[c]) is None
    ]
    raise_all(ConfigError, faults)
    return [[float(row[c]) for c in columns] for row in rows]


def plain_width(text: str) -> str:
    """Full-width letters, digits and signs as plain ones; marks of notes (², ①) stay what they are."""
    return "".join(
        unicodedata.normalize("NFKC", c) if "！" <= c <= "～" or c == "\u3000" else c for c in text
    )


def number_remedy(text: str) -> str:
    """What would be right where a number is wanted."""
    if unseen := dict.fromkeys(f"U+{ord(c):04X}" for c in text if unicodedata.category(c) == "Cf"):
        return f"a number is wanted: take out {', '.join(unseen)}, which is not seen"
    half = plain_width(text)
    if half != text and number(half) is not None:
        return f"a number is wanted: write {half}, in plain digits"
    plain = re.sub(r"[, _']", "", text)
    if re.fullmatch(r"-?[0-9]{1,3}([, _'][0-9]{3})+(\.[0-9]+)?", text):
        return f"a number is wanted: write {plain}, without separators"
    if re.fullmatch(r"-?[0-9]+,[0-9]+", text):
        return f"a number is wanted: write {text.replace(',', '.')}, with a point"
    if re.fullmatch(r"-?[0-9.]+ *[%‰]", text):
        return "a number is wanted: leave the sign out, the record states the unit"
    return "a number is wanted"


def age_remedy(column: str, text: str) -> str:
    """What would be right where an age or a year is wanted."""
    if column.startswith("age") and re.fullmatch(r"[0-9]+ *[-–~+].*", text):
        return "a whole number is wanted; write age groups in columns age_start and age_end"
    return "a whole number is wanted"
