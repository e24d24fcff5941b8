"""A comparison of two runs in words and tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from sim.catalogue.language import Lang, label
from sim.document.compare import Comparison, Difference
from sim.saved.numbers import MINUS, number


def difference_text(d: Difference, lang: Lang) -> str:
    """A paired difference with its band: +1,200 (+800 to +1,500)."""
    middle = _signed(d.middle, lang)
    if not np.isfinite(d.low):
        return middle
    low, high = _signed(d.low, lang), _signed(d.high, lang)
    return label(f"{middle}（{low}—{high}）", f"{middle} ({low} to {high})", lang)


def _signed(value: float, lang: Lang) -> str:
    text = number(abs(value), lang)
    return text if text == "0" else f"{'+' if value > 0 else MINUS}{text}"


def percent(d: Difference) -> str:
    """The difference over A, in percent."""
    if not d.a:
        return ""
    share = round(d.middle / abs(d.a), 3)
    return f"{'+' if share > 0 else MINUS if share < 0 else ''}{abs(share):.1%}"


def heading(c: Comparison) -> list[str]:
    """Which runs, of which place, scenario and year, and whether they are paired."""
    lang = c.lang
    ids = [str(m.run.results.attrs["run_id"]) for m in (c.a, c.b)]
    out = [f"A {ids[0]}  B {ids[1]}", f"{c.a.place}, {c.a.scenario_name}, {c.year}"]
    out.append(
        label(
            "同一种子，逐次抽样成对相减；括号为差的80%区间",
            "one seed: differences draw by draw, 80% band of them",
            lang,
        )
        if c.paired
        else label(
            "种子不同或没有抽样：只列中位数之差，没有区间",
            "other seeds or no draws: differences of medians alone, without a band",
            lang,
        )
    )
    if c.paired and c.a.draws != c.b.draws:
        n = min(c.a.draws, c.b.draws)
        out.append(
            label(
                f"A有{c.a.draws}次抽样，B有{c.b.draws}次：差别一表取共同的前{n}次",
                f"A has {c.a.draws} draws, B {c.b.draws}: the differences are of the {n} that both have",
                lang,
            )
        )
    return out


def tables(c: Comparison) -> list[tuple[str, Sequence[str], Sequence[Sequence[str]]]]:
    """Title, heads and rows of what was given, what turned, and the differences."""
    lang = c.lang
    nothing = [(label("（没有不同）", "(nothing)", lang), "", "")]
    found = [
        (label("输入的不同", "What they were given", lang), c.given),
        (
            label(f"改变的结论（相同的{c.same}项）", f"Verdicts that turned ({c.same} are the same)", lang),
            c.turned,
        ),
    ]
    out: list[tuple[str, Sequence[str], Sequence[Sequence[str]]]] = [
        (title, ("", "A", "B"), rows or nothing) for title, rows in found
    ]
    title = label(f"{c.year}年的差别（B减A）", f"Differences in {c.year} (B less A)", lang)
    heads = ("", "A", "B", label("差", "difference", lang), "%", label("单位", "unit", lang))
    body: list[tuple[str, ...]] = [
        (d.name, number(d.a, lang), number(d.b, lang), difference_text(d, lang), percent(d), d.unit)
        for d in c.differences
        if d.moved
    ]
    still = len(c.differences) - len(body)
    if still:
        said = label(f"（{still}项没有差别）", f"({still} do not differ)", lang)
        body.append((said, *[""] * (len(heads) - 1)))
    return [*out, (title, heads, body)]


def compare_text(c: Comparison) -> str:
    """The comparison for a terminal."""
    from sim.report.terminal import Page, bare_table

    page = Page()
    for line in heading(c):
        page.line(line)
    for title, heads, rows in tables(c):
        page.line("")
        table = bare_table(title)
        for i, head in enumerate(heads):
            table.add_column(
                head, justify="left" if i == 0 or len(heads) == 3 else "right", no_wrap=len(heads) > 3
            )
        for row in rows:
            table.add_row(*row)
        page.table(table)
    return page.text()


def meta_of(c: Comparison) -> Mapping[str, str]:
    """Ids of both runs."""
    return {"a": str(c.a.run.results.attrs["run_id"]), "b": str(c.b.run.results.attrs["run_id"])}
