"""Numbers as text: scales in 万 or thousands, labels with one number of decimals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.catalogue.language import Lang

MINUS = "\u2212"
_NOISE = 1e-9  # below it a figure on a chart is rounding of the machine


def scale(largest: float, lang: Lang) -> tuple[float, str]:
    """Divisor and its word for an axis whose largest value is `largest`: 万 or thousand, ..."""
    steps: tuple[tuple[float, float, str], ...]
    if lang == "zh":
        steps = ((1e8, 1e8, "亿"), (1e4, 1e4, "万"))
    else:
        steps = ((1e6, 1e6, "million"), (1e4, 1e3, "thousand"))
    for at_least, divisor, word in steps:
        if abs(largest) >= at_least:
            return divisor, word
    return 1.0, ""


def number(value: float, lang: Lang) -> str:
    """A count in a text: 548万, 5.48 million; three or four figures are plenty."""
    divisor, word = scale(value, lang)
    if divisor == 1.0:
        return plain(value)
    return f"{plain(value / divisor)}{'' if lang == 'zh' else ' '}{word}"


def plain(value: float) -> str:
    """A number with about three figures, thousands parted by commas; never as a power of ten."""
    size = abs(value)
    if size < _NOISE:
        return "0"
    if size < 0.1:
        return f"{value:.{_leading_zeros(size) + 2}f}"
    digits = 0 if size >= 100 else 1 if size >= 10 else 2
    return f"{value:,.{digits}f}"


def or_nan(cell: Any) -> float:
    """The number of a saved table's cell; NaN where it is empty or a word."""
    try:
        return float(cell)
    except (TypeError, ValueError):
        return float("nan")


def plain_cell(text: str) -> str:
    """A cell of a saved table as `plain` has it; an empty one stays empty."""
    return plain(float(text)) if text else ""


def grouped(text: str) -> str:
    """A figure of a saved table with its thousands parted, its decimals as they are; no figure as it is."""
    front, point, rest = text.partition(".")
    return f"{int(front):,}{point}{rest}" if front.lstrip("-").isdigit() else text


def _leading_zeros(size: float) -> int:
    return int(-np.floor(np.log10(size))) - 1


def digits_for(values: Sequence[float]) -> int:
    """Decimals that tell such values apart: three figures of the largest, at most six decimals."""
    largest = max((abs(v) for v in values if np.isfinite(v)), default=0.0)
    if largest == 0:
        return 0
    return int(np.clip(2 - np.floor(np.log10(largest)), 0, 6))


def alike(values: Sequence[float], *, signed: bool = False) -> list[str]:
    """Labels of values that stand together, all with as many decimals.

    What rounds to nothing is written without a sign: 0.00.
    """
    digits = digits_for(values)
    return [fixed(value, digits, signed=signed) for value in values]


def fixed(value: float, digits: int, *, signed: bool = False) -> str:
    """A value with so many decimals and a true minus; rounding noise is plain zero."""
    rounded = round(float(value), digits)
    if rounded == 0:
        return f"{0.0:.{digits}f}"
    sign = MINUS if rounded < 0 else "+" if signed else ""
    return f"{sign}{abs(rounded):,.{digits}f}"


def tick(value: float) -> str:
    """A tick's label; the float noise of a tick at nought is 0."""
    value = 0.0 if abs(value) < _NOISE else value
    return f"{value:,.6g}".replace("-", MINUS)
