"""Words of the labels of a census table: ages, sexes, totals, units; Chinese and English."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import TypeVar

OPEN = 999  # last age of an open group
Span = tuple[int, int]
WHOLE: Span = (0, OPEN)
_OLDEST = 120  # a bare number above it is no age

_T = TypeVar("_T")
_CHINESE, _LATIN = re.compile(r"[\u4e00-\u9fff]"), re.compile(r"[a-z]+")
BOTH = "both"
UNITS = {"人": 1, "千人": 1_000, "万人": 10_000}
"""Persons in a unit."""

_YEARS = r"(?:周岁|岁|yearsold|years|year|yrs)?"
_AGE = re.compile(rf"(?:ages?|aged)?(\d{{1,3}}){_YEARS}")
_GROUP = re.compile(rf"(?:ages?|aged)?(\d{{1,3}}){_YEARS}(?:[-~至到]|to)(\d{{1,3}}){_YEARS}")
_OLDER = re.compile(
    rf"(?:ages?|aged)?(\d{{1,3}}){_YEARS}(?:(?:及|及其|和)?以上|\+|andover|andolder|andabove|orolder|orover|plus)"
)
_AT_LEAST = re.compile(rf"(?:≥|>=)(\d{{1,3}}){_YEARS}")
_OF_WHICH = re.compile(r"其中:?|#")
_INFANT = re.compile(r"(?:under|below|lessthan|不满|未满|<)1(?:周?岁|year)?")
_TOTAL = re.compile(r"总计|合计|总人口|全部|小计|计|total|alltogether|allages|all")
_SEXES = {
    "male": re.compile(r"(?:男|males?|men|m|boys)(?:性|人)?(?:人口|人口数|人数|population|persons)?"),
    "female": re.compile(r"(?:女|females?|women|f|girls)(?:性|人)?(?:人口|人口数|人数|population|persons)?"),
    BOTH: re.compile(
        r"(?:男女)?(?:合计|总计|小计|计)(?:人口|人数)?|(?:总)?人口(?:数)?|人数|total(?:population)?|bothsexes"
        r"|population|persons|people|all|value|count|number"
    ),
}
_AGE_HEAD = re.compile(r"年龄(?:组|别|分组)?|岁|组别|ages?(?:groups?)?")
_SEX_HEAD = re.compile(r"性别|sex|gender")
_SHARE = re.compile(r"比重|比例|占比|占总|构成|百分比|性别比|%|‰|percent|share|ratio|proportion")
_SOME = re.compile(
    r"死亡|出生人口|户籍人口|流动人口|外来人口|迁移人口|家庭户人口|集体户人口|城镇人口|城市人口|乡村人口|农村人口"
    r"|抽样|长表|deaths?|sample|longform|registered|migrants?"
)
_SOME_ALONE = re.compile(r"家庭户|集体户|城镇|城市|乡村|农村|镇|乡|户籍|urban|rural|cities|towns")
_UNIT = re.compile(r"万人|千人|10000|tenthousand|thousands?|1000")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
DATE = re.compile(r"\d{4}-\d\d-\d\d00:00:00")
"""How a spreadsheet shows an age group that it took for a date."""


def plain(text: str) -> str:
    """A label without blanks, full-width letters, dashes of all kinds, what stands in brackets and
    marks of notes (², ①).
    """
    text = "".join(c for c in text if unicodedata.category(c) != "No")
    text = unicodedata.normalize("NFKC", text).lower()
    text = re.sub(r"[—–‒―−－]+", "-", text)
    return re.sub(r"\s+|\([^)]*\)", "", text)


def _in_two_languages(read: Callable[[str], _T | None], label: str) -> _T | None:
    """What a label says in Chinese and once more in English; None where they are not the same."""
    for cut in range(1, len(label)):
        said = read(label[:cut])
        if said is not None and _CHINESE.search(label[:cut]) and _LATIN.search(label[cut:]):
            if read(label[cut:]) == said:
                return said
    return None


def age_of(text: str) -> Span | None:
    """First and last age of a label, OPEN for an open group; None for what is no age group.

    A label may stand in Chinese and English, and be led by 其中 (of which).
    """
    label = plain(text)
    label = label[led.end() :] if (led := _OF_WHICH.match(label)) else label
    return _ages(label) or _in_two_languages(_ages, label)


def _ages(label: str) -> Span | None:
    if match := _AGE.fullmatch(label):
        return (int(match[1]), int(match[1])) if int(match[1]) <= _OLDEST else None
    if match := _GROUP.fullmatch(label):
        return (int(match[1]), int(match[2])) if int(match[1]) < int(match[2]) <= _OLDEST else None
    if match := _OLDER.fullmatch(label) or _AT_LEAST.fullmatch(label):
        return int(match[1]), OPEN
    return (0, 0) if _INFANT.fullmatch(label) else None


def is_total(text: str) -> bool:
    """Whether a label is that of all ages."""
    label = plain(text)
    return _total(label) is not None or _in_two_languages(_total, label) is not None


def _total(label: str) -> str | None:
    return BOTH if _TOTAL.fullmatch(label) else None


def sex_of(text: str) -> str | None:
    """`female`, `male`, `both`, or None for a label of none of them."""
    label = plain(text)
    return _sex(label) or _in_two_languages(_sex, label)


def _sex(label: str) -> str | None:
    return next((sex for sex, words in _SEXES.items() if words.fullmatch(label)), None)


def is_age_head(text: str) -> bool:
    """Whether a label stands over ages."""
    label = plain(text)
    return bool(_AGE_HEAD.fullmatch(label) or _AGE_HEAD.fullmatch(_LATIN.sub("", label)))


def is_sex_head(text: str) -> bool:
    """Whether a label stands over sexes."""
    return bool(_SEX_HEAD.fullmatch(plain(text)))


def is_share(text: str) -> bool:
    """Whether a label stands over shares, not counts; a note of units is none."""
    label = unicodedata.normalize("NFKC", text).lower()
    return bool(_SHARE.search(label)) and not label.startswith(("单位", "计量单位", "unit"))


def some_of(text: str) -> str | None:
    """The word of a title or head by which a table counts others than all residents; None without one."""
    said = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text).lower())
    found = _SOME.search(said) or _SOME_ALONE.fullmatch(plain(text))
    return found and found[0]


def unit_in(text: str) -> str | None:
    """The unit other than persons that a label names."""
    found = _UNIT.search(re.sub(r"\s+", "", unicodedata.normalize("NFKC", text).lower()))
    if found is None:
        return None
    return "万人" if found[0] in ("万人", "10000", "tenthousand") else "千人"


def years_in(text: str) -> set[int]:
    """Calendar years that a label names."""
    return {int(year) for year in _YEAR.findall(unicodedata.normalize("NFKC", text))}


def shown(span: Span) -> str:
    """An age group as messages name it."""
    first, last = span
    if span == WHOLE:
        return "all ages"
    return f"{first}+" if last == OPEN else f"{first}" if first == last else f"{first}-{last}"
