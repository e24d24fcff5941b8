"""Words of the labels of a census table: ages, sexes, totals, units; Chinese and English."""

from __future__ import annotations

import re
import unicodedata

OPEN = 999  # last age of an open group
Span = tuple[int, int]
WHOLE: Span = (0, OPEN)
_OLDEST = 120  # a bare number above it is no age

BOTH = "both"
UNITS = {"人": 1, "千人": 1_000, "万人": 10_000}
"""Persons in a unit."""

_YEARS = r"(?:周岁|岁|yearsold|years|year|yrs)?"
_AGE = re.compile(rf"(?:ages?|aged)?(\d{{1,3}}){_YEARS}")
_GROUP = re.compile(rf"(?:ages?|aged)?(\d{{1,3}}){_YEARS}(?:[-~至]|to)(\d{{1,3}}){_YEARS}")
_OLDER = re.compile(
    rf"(?:ages?|aged)?(\d{{1,3}}){_YEARS}(?:及以上|以上|\+|andover|andolder|andabove|orolder|orover|plus)"
)
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
_UNIT = re.compile(r"万人|千人|10000|tenthousand|thousands?|1000")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
DATE = re.compile(r"\d{4}-\d\d-\d\d00:00:00")
"""How a spreadsheet shows an age group that it took for a date."""


def plain(text: str) -> str:
    """A label without blanks, full-width letters, dashes of all kinds and what stands in brackets."""
    text = unicodedata.normalize("NFKC", text).lower()
    text = re.sub(r"[—–‒―−－]+", "-", text)
    return re.sub(r"\s+|\([^)]*\)", "", text)


def age_of(text: str) -> Span | None:
    """First and last age of a label, OPEN for an open group; None for what is no age group."""
    label = plain(text)
    if match := _AGE.fullmatch(label):
        return (int(match[1]), int(match[1])) if int(match[1]) <= _OLDEST else None
    if match := _GROUP.fullmatch(label):
        return (int(match[1]), int(match[2])) if int(match[1]) < int(match[2]) <= _OLDEST else None
    if match := _OLDER.fullmatch(label):
        return int(match[1]), OPEN
    return (0, 0) if _INFANT.fullmatch(label) else None


def is_total(text: str) -> bool:
    """Whether a label is that of all ages."""
    return bool(_TOTAL.fullmatch(plain(text)))


def sex_of(text: str) -> str | None:
    """`female`, `male`, `both`, or None for a label of none of them."""
    label = plain(text)
    return next((sex for sex, words in _SEXES.items() if words.fullmatch(label)), None)


def is_age_head(text: str) -> bool:
    """Whether a label stands over ages."""
    return bool(_AGE_HEAD.fullmatch(plain(text)))


def is_sex_head(text: str) -> bool:
    """Whether a label stands over sexes."""
    return bool(_SEX_HEAD.fullmatch(plain(text)))


def is_share(text: str) -> bool:
    """Whether a label stands over shares, not counts; a note of units is none."""
    label = unicodedata.normalize("NFKC", text).lower()
    return bool(_SHARE.search(label)) and not label.startswith(("单位", "计量单位", "unit"))


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
