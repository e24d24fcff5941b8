"""Shares and multiples that a text says in words: 百分之八十五, 三分之二, 七成半, 半数, 翻一番."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sim.drafting.numerals import CHINESE, chinese_number

_CN = rf"[{CHINESE}]+(?:点[零〇一二三四五六七八九]+)?"
_NUM = rf"\d+(?:\.\d+)?|{_CN}"
_PARTS_OF = {"百": "%", "千": "‰", "万": "/万", "十万": "/10万"}
_PARTS = re.compile(
    rf"(?P<of>十万|百|千|万)分之(?P<low>{_NUM})(?:(?:至|到|-|—|~|～)(?:(?P=of)分之)?(?P<high>{_NUM}))?"
)
_FRACTION = re.compile(r"(?P<of>[二三四五六七八九])分之(?P<n>[一二三四五六七八九])")
_TENTHS = re.compile(
    r"(?P<n>[一二三四五六七八九1-9])成(?P<more>[一二三四五六七八九半])?(?=\s*(?:以|及|左右|[，。；、,;）)]|的|$))"
)
_HALF = re.compile(r"(?P<over>超?过|超)?(?P<half>半数|半(?=以上))|(?P<most>过半)")
_DOUBLED = re.compile(r"翻(?P<n>[一二两三])?番|倍增")


@dataclass(frozen=True)
class Spoken:
    """A number in words, `start`..`end`.  change: it says by how much something grows; over: 过半."""

    value: str
    measure: str
    start: int
    end: int
    approx: bool = False
    change: bool = False
    over: bool = False


def spoken_in(text: str) -> Iterator[Spoken]:
    """The numbers in words of a text, kind by kind."""
    for match in _PARTS.finditer(text):
        low, high = _number(match["low"]), _number(match["high"] or "")
        if low:
            value = f"{low}-{high}" if high and high != low else low
            yield Spoken(value, _PARTS_OF[match["of"]], *match.span())
    for match in _FRACTION.finditer(text):
        of, part = chinese_number(match["of"]) or 0, chinese_number(match["n"]) or 0
        if part < of:
            percent = 100 * part / of
            yield Spoken(f"{round(percent, 1):g}", "%", *match.span(), approx=100 * part % of != 0)
    for match in _TENTHS.finditer(text):
        more = match["more"] or ""
        tens = int(_number(match["n"]))
        yield Spoken(str(10 * tens + (5 if more == "半" else int(_number(more) or 0))), "%", *match.span())
    for match in _HALF.finditer(text):
        yield Spoken("50", "%", *match.span(), over=bool(match["over"] or match["most"]))
    for match in _DOUBLED.finditer(text):
        times = chinese_number(match["n"] or "一") or 1
        yield Spoken(str(100 * (2**times - 1)), "%", *match.span(), change=True)


def _number(text: str) -> str:
    """A number in figures or characters as figures; empty for none."""
    if not text or text[0].isdigit():
        return text
    whole, _, part = text.partition("点")
    value = chinese_number(whole)
    digits = "".join(str(chinese_number(c)) for c in part)
    return "" if value is None else f"{value}.{digits}" if digits else str(value)
