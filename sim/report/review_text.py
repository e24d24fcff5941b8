"""A mid-term review on the terminal: each target on its path, reached and enough, and why it moved."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.table import Table

from sim.catalogue.language import Lang, label
from sim.catalogue.verdicts import verdict_text
from sim.catalogue.words import COUNTED_PARTS as PARTS
from sim.catalogue.words import PACES
from sim.errors import ConfigError, fault
from sim.report.known_text import known_text
from sim.report.terminal import Page, add_figures, bare_table
from sim.saved.numbers import or_nan, plain_cell
from sim.saved.probability_text import probability_text
from sim.saved.rows import name_with_unit, target_text

QUANTITIES = {
    "p_enough": ("够用概率", "P enough"),
    "p_reached": ("达标概率", "P reached"),
    "need": ("需求", "need"),
    "trend": ("趋势供给", "trend"),
    "value": ("预期值", "value"),
    "": ("", ""),
}
_CHANCES = ("p_enough", "p_reached")
Row = Mapping[str, str]


def read_review(folder: Path) -> tuple[list[dict[str, str]], list[dict[str, str]], dict[str, Any]]:
    """review.csv, review_parts.csv and review.json of a run folder.

    Raises ConfigError where the run was not reviewed.
    """
    files = [folder / name for name in ("review.csv", "review_parts.csv", "review.json")]
    for path in files:
        if not path.is_file():
            raise ConfigError(fault(str(path), "is not there", "healthplan review RUN --known known.csv"))
    tables = []
    for path in files[:2]:
        with path.open(encoding="utf-8-sig", newline="") as file:
            tables.append(list(csv.DictReader(file)))
    return tables[0], tables[1], json.loads(files[2].read_text(encoding="utf-8"))


def review_text(folder: Path, lang: str = "zh", *, width: int | None = None) -> str:
    """The table, the counts, and how to read it."""
    language: Lang = "en" if lang == "en" else "zh"
    rows, _, meta = read_review(folder)
    page = Page(None, width)
    names = [name_with_unit(row[f"name_{language}"], row["unit"], language) for row in rows]
    wide = _table(rows, meta, names, language)
    if page.fits(wide):
        page.table(wide)
    else:
        page.table(_table(rows, meta, (), language), names)
    page.line(_legend(meta, language))
    page.line(known_text(meta["counts"], language))
    return page.text()


def _table(rows: Sequence[Row], meta: Mapping[str, Any], names: Sequence[str], lang: Lang) -> Table:
    year, place = meta["year"], meta["region"][f"name_{lang}"]
    title = label(
        f"{place} {meta['plan']} 中期评估（{year}年）", f"{place} {meta['plan']}, review {year}", lang
    )
    table = bare_table(title)
    if names:
        table.add_column(label("指标", "Indicator", lang), min_width=20, no_wrap=True, overflow="ellipsis")
    heads = (
        ("应达", "Path"),
        ("实际", "Stands"),
        ("进度", "Pace"),
        ("目标", "Target"),
        ("达标概率", "P reached"),
        ("够用概率", "P enough"),
        ("判定", "Verdict"),
        ("变化主因", "Moved by"),
    )
    add_figures(table, heads, lang)
    for i, row in enumerate(rows):
        cells = [
            plain_cell(row["path"]),
            plain_cell(row["stands"]) + ("*" if row["counted"] else ""),
            label(*PACES[row["pace"]], lang),
            f"{target_text(row['target'], lang)} ({row['target_year']})",
            _moved(row, "p_reached", meta["draws"]),
            _moved(row, "p_enough", meta["draws"]),
            _verdict(row, lang),
            why(row, lang),
        ]
        table.add_row(*([names[i]] if names else []), *cells)
    return table


def _moved(row: Row, name: str, draws: int) -> str:
    was, now = (probability_text(or_nan(row[f"{name}{side}"]), draws) for side in ("_before", ""))
    return now if not now or was in ("", now) else f"{was}→{now}"


def _verdict(row: Row, lang: Lang) -> str:
    words = [verdict_text(v, lang) if v else "" for v in (row["verdict_before"], row["verdict"])]
    return words[1] if words[0] in ("", words[1]) else "→".join(words)


def why(row: Row, lang: Lang) -> str:
    """What moved a target most, by how much of which figure."""
    if not row["main"]:
        return ""
    share = float(row[f"by_{row['main']}"])
    points = label("个百分点", " points", lang)
    amount = f"{100 * share:+.0f}{points}" if row["of"] in _CHANCES else f"{share:+.3g}"
    part, of = label(*PARTS[row["main"]], lang), label(*QUANTITIES[row["of"]], lang)
    return f"{part}（{of} {amount}）" if lang == "zh" else f"{part} ({of} {amount})"


def _legend(meta: Mapping[str, Any], lang: Lang) -> str:
    year, draws = meta["year"], meta["draws"]
    return label(
        f"应达：规划路径在{year}年的值（规划基期以前为空）；实际：据统计数推算的{year}年末值"
        f"（* 当年有统计数）；概率、判定：→ 前为不用这些统计数，后为采用后，同一组{draws}次抽样；"
        "变化主因：统计数中人口、利用、供给哪一部分影响最大，各部分相加等于全部变化（review_parts.csv、review.xlsx）",
        f"Path: where the plan's way is in {year} (empty before its base year); Stands: the end of "
        f"{year} as counts put it (* counted that year); probabilities and verdicts: without these counts → "
        f"with them, on the same {draws} draws; Moved by: what of the counts (people, use, supply) moved it "
        "most; the parts add up to the change (review_parts.csv, review.xlsx)",
        lang,
    )
