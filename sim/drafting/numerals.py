"""Numbers as Chinese plans print them: 1.7 万, 三十, 5—6, 1:0.89, 百分之五."""

from __future__ import annotations

import re

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10**4, "亿": 10**8}
PRINTED = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
"""Pattern of a number in figures, its thousands parted by commas or not."""
PER_HEADS = {"1000": "/千人口", "10000": "/万人口", "100000": "/10万"}
"""How a Chinese plan writes what an English one calls per so many."""
CHINESE = "零〇一二两三四五六七八九十百千万亿"


def chinese_number(text: str) -> int | None:
    """Value of a whole number in Chinese characters; None if it is none (千万别, an empty text)."""
    if not text or any(c not in CHINESE for c in text):
        return None
    if len(text) > 1 and all(c in _DIGITS for c in text):  # 二〇二五
        return int("".join(str(_DIGITS[c]) for c in text))
    total = section = digit = 0
    for c in text:
        if c in _DIGITS:
            digit = _DIGITS[c]
        elif c in _TENS:
            section += (digit or 1) * _TENS[c]
            digit = 0
        else:
            total = (total + section + digit) * _MYRIADS[c]
            section = digit = 0
    return total + section + digit


def scaled(text: str, by: float) -> str:
    """A printed number times a power of ten, with no digit invented: '1.7' x 10000 = '17000'."""
    value = float(text) * by
    if by == 1:
        return text
    return f"{round(value, 6):.12g}"


def scaled_range(text: str, by: float) -> str:
    """A printed number or range (3-5) times a power of ten."""
    return "-".join(scaled(end, by) for end in text.split("-"))


def joined(text: str) -> str:
    """A printed number without thousands' commas and blanks."""
    return re.sub(r"[,，\s]", "", text)
