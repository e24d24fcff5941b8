"""Rows of adequacy.csv as charts and tables name them: indicator, target, ratio."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from sim.catalogue.bases import BASES
from sim.catalogue.language import Lang, label
from sim.catalogue.words import SCOPES, unit
from sim.saved.probability_text import probability_text
from sim.saved.row import Row

Key = tuple[str, int]
_SAYS = ("national_pattern", "no_target", "not_tested")  # the first says most
_ONE = re.compile(r"(?<![\d.,])1$")  # one of a unit: its name is no plural


def keyed(rows: Sequence[Row]) -> list[tuple[Key, Row]]:
    """Each row with its indicator and its running number where a plan states one twice."""
    seen: dict[tuple[str, str, int], int] = {}
    out = []
    for row in rows:
        at = row.indicator_id, row.scenario, row.year
        seen[at] = seen.get(at, -1) + 1
        out.append(((at[0], seen[at]), row))
    return out


def indicator_keys(rows: Sequence[Row]) -> list[Key]:
    """Indicators judged in at least one row, in the plan's order."""
    return list(dict.fromkeys(key for key, row in keyed(rows) if row.is_judged))


def left_out(rows: Sequence[Row]) -> Counter[str]:
    """Number of indicators that no row judges, by what is said of them instead.

    `no_target`, `national_pattern` or `not_tested`, whichever says most of an indicator.
    """
    judged = set(indicator_keys(rows))
    said: dict[Key, str] = {}
    for key, row in keyed(rows):
        if key in judged:
            continue
        at = _SAYS.index(row.verdict) if row.verdict in _SAYS else len(_SAYS) - 1
        known = said.get(key)
        said[key] = _SAYS[at if known is None else min(at, _SAYS.index(known))]
    return Counter(said.values())


def not_tested(rows: Sequence[Row]) -> int:
    """Number of indicators that no row judges."""
    return len({key for key, _ in keyed(rows)} - set(indicator_keys(rows)))


def indicator_text(row: Row, lang: Lang, among: Sequence[Row] = ()) -> str:
    """Name of the indicator with its target and unit.

    The unit is left out where the name already says "per 1000" or 每千.  among: the rows that it stands
    with; where one of them differs by the population that it is per alone, that is said.
    """
    name = indicator_name(row.name(lang), lang)
    units = unit(row.unit, lang)
    said = says_unit(row.unit, name) or (lang == "en" and units != "%" and units.lower() in name.lower())
    target = target_text(row.target, lang)
    if not row.target and row.level is not None:
        target = label("现状", "now ", lang) + f"{row.level:,.10g}"
    if target:
        joint = "" if lang == "zh" or units == "%" else " "
        target += "" if said or target.endswith(units) else joint + of_one(target, units, lang)
    return f"{name}{basis_text(row, among, lang)}  {target}".rstrip()


def of_one(figure: str, units: str, lang: Lang) -> str:
    """A unit behind a figure: +1 year, +2 years."""
    return units.removesuffix("s") if lang == "en" and _ONE.search(figure) else units


def basis_text(row: Row, among: Sequence[Row], lang: Lang) -> str:
    """The population that a ratio is per, in brackets, where it alone tells two rows apart; else ""."""
    same = [r for r in among if _stated(r) == _stated(row)]
    basis = BASES.get(row.population_basis)
    if basis is None or all(r.population_basis == row.population_basis for r in same):
        return ""
    return label(f"（{basis.zh}）", f" ({basis.en})", lang)


def _stated(row: Row) -> tuple[str, str, int, str]:
    return row.indicator_id, row.scope, row.year, row.target


def target_text(text: str, lang: Lang) -> str:
    """A target as the plan writes it: ≥570, change +30%, 增加30%."""
    for written, sign in ((">=", "≥"), ("<=", "≤")):
        text = text.replace(written, sign)
    if text.startswith("change"):
        value = text.removeprefix("change").strip()
        if not value:
            return ""
        fewer, size = value.startswith("-"), value.lstrip("+-").replace(" %", "%")
        if lang == "zh":
            number, _, units = size.partition(" ")
            return ("减少" if fewer else "增加") + number + (unit(units, lang) if units else "")
        return f"change {'-' if fewer else '+'}{size}"
    return text


def indicator_name(name: str, lang: Lang) -> str:
    """The indicator's name, its scope in the same language, left out where the name says it."""
    base, found, scope = name.removesuffix(")").partition(" (")
    if not (found and scope in SCOPES and name.endswith(")")):
        return name
    zh, en = SCOPES[scope]
    if label(zh, en.split()[0].lower(), lang) in base.lower().replace("-", " "):
        return base
    return base + label(f"（{zh}）", f" ({en})", lang)


def says_unit(units: str, name: str) -> bool:
    """Whether a name holds its unit already: per 1000, 每千."""
    return units.startswith("per 1") and ("每" in name or "per 1" in name)


def name_with_unit(name: str, units: str, lang: Lang) -> str:
    """The indicator's name, with its unit where the name does not say it."""
    name, said = indicator_name(name, lang), unit(units, lang)
    return name + (label(f"（{said}）", f" ({said})", lang) if said and not says_unit(units, name) else "")


def cell_text(row: Row) -> str:
    """Ratio of target to need; the probability that the target is met where there is no ratio."""
    if row.ratio_p50 is not None:
        return ratio_text(row.ratio_p50)
    return probability_text(row.chance, row.draws)


def ratio_text(value: float) -> str:
    """A ratio with two decimals; what is beyond 99 as >99."""
    return f"{value:.2f}" if value < 99 else ">99"
