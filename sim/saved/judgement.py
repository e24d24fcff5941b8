"""How a row's judgement is written everywhere: by use, by norm, on the line, or from when too little.

One row has one or two verdicts: on the need by use and, where a national norm is modelled, on the
need by norm.  A verdict whose probability lies within two standard errors of a threshold carries a
plus-minus: more draws may turn it.  A year after the target year has no verdict: its ratio stands
with the year from which the level is too little.
"""

from __future__ import annotations

from sim.catalogue.language import Lang, label
from sim.catalogue.verdicts import VERDICTS, is_judged
from sim.saved.numbers import plain
from sim.saved.row import Row

ON_LINE = "±"


def judged_by_norm(row: Row) -> bool:
    """Whether the row has a verdict by national norm beside the one by use."""
    return row.is_judged and is_judged(row.verdict_norm)


def on_line(row: Row) -> str:
    """± where more draws may turn the verdict; "" elsewhere."""
    return ON_LINE if row.on_the_line and row.is_judged else ""


def marks(row: Row) -> str:
    """Marks of both verdicts, as a cell of a picture has them: "■±/▼"; "" for what is not judged."""
    if not row.is_judged:
        return ""
    norm = f"/{VERDICTS[row.verdict_norm].mark}" if judged_by_norm(row) else ""
    return f"{VERDICTS[row.verdict].mark}{on_line(row)}{norm}"


def by_use(row: Row, lang: Lang) -> str:
    """The verdict by use (of outcomes and coverage: on reaching the target), with mark and word."""
    verdict = VERDICTS[row.verdict]
    joint = "" if lang == "zh" else " "
    sign = on_line(row)
    return f"{verdict.mark} {verdict.text(lang)}" + (f"{joint}{sign}" if sign else "")


def by_norm(row: Row, lang: Lang, *, word: bool = True) -> str:
    """The verdict by norm, with mark and (if wanted) word; "" where there is none."""
    if not judged_by_norm(row):
        return ""
    verdict = VERDICTS[row.verdict_norm]
    return f"{verdict.mark} {verdict.text(lang)}" if word else verdict.mark


def too_little_from(row: Row) -> str:
    """The year from which the level is too little, as text; "" where it never is."""
    return row.level_short_year


def from_text(row: Row, lang: Lang) -> str:
    """The same as a cell has it: 2029起, 2029–."""
    year = too_little_from(row)
    return year and label(f"{year}起", f"{year}–", lang)


def carries_text(row: Row, lang: Lang) -> str:
    """What staff and services can carry of a coverage, in the plan's unit; "" for others."""
    if row.capacity_p50 is None:
        return ""
    figure = plain(row.capacity_p50)
    return label(f"能力{figure}", f"carries {figure}", lang)


def mark_words(lang: Lang) -> str:
    """What the signs of a table or picture mean."""
    return label(
        f"“/”后为按国家标准的结论；{ON_LINE}临界：在抽样误差内，增加抽样可能改判",
        f"after '/': the verdict by national norm; {ON_LINE} on the line: more draws may turn it",
        lang,
    )
