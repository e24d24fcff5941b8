"""The table of proposed targets for a terminal, from propose.csv of a run folder."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.table import Table

from sim.catalogue.language import Lang, label
from sim.errors import ConfigError, fault
from sim.intact import META, read_meta
from sim.report.terminal import Page, add_figures, bare_table
from sim.saved.numbers import grouped, or_nan, plain_cell
from sim.saved.probability_text import probability_text
from sim.saved.rows import name_with_unit
from sim.saved.run import draws_of

BASES = {
    "use": ("需求", "need"),
    "wish": ("意愿", "wish"),
    "trend": ("趋势", "trend"),
    "reach": ("可达", "reach"),
    "present": ("现状", "today"),
    "norm": ("标准", "norm"),
    "floor": ("国家目标", "national"),
}
Row = Mapping[str, str]


def read_proposal(folder: Path) -> list[dict[str, str]]:
    """Rows of propose.csv.

    Raises ConfigError where the folder is of no `propose`.
    """
    path = folder / "propose.csv"
    if not path.is_file():
        raise ConfigError(fault(str(path), "is not there", "name a folder that `healthplan propose` made"))
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def propose_text(folder: Path, lang: str = "zh", *, width: int | None = None) -> str:
    """Proposed targets, one table a year, with the reasons below."""
    language: Lang = "en" if lang == "en" else "zh"
    rows = read_proposal(folder)
    page, draws = Page(None, width), draws_of(read_meta(folder / META))
    for year in dict.fromkeys(row["year"] for row in rows):
        mine = [row for row in rows if row["year"] == year]
        names = [name_with_unit(row[f"name_{language}"], row["unit"], language) for row in mine]
        wide = _table(mine, year, names, language, draws)
        if page.fits(wide):
            page.table(wide)
        else:
            page.table(_table(mine, year, (), language, draws), names)
    page.line(_legend(rows[0], language) if rows else "")
    return page.text()


def _table(rows: Sequence[Row], year: str, names: Sequence[str], lang: Lang, draws: int | None) -> Table:
    now = rows[0]["now_year"]
    by_province = any(row["province_goal"] for row in rows)
    table = bare_table(f"{rows[0]['region']}  {label(f'{year}年建议指标', f'proposed for {year}', lang)}")
    if names:
        table.add_column(label("指标", "Indicator", lang), min_width=20, no_wrap=True, overflow="ellipsis")
    heads = (
        (f"{now}年", now),
        ("全国", "Nation"),
        ("需求", "Need"),
        ("标准", "Norm"),
        ("趋势", "Trend"),
        ("80%", "80%"),
        ("90%", "90%"),
        ("95%", "95%"),
        ("国家目标", "Goal"),
        *([("省目标", "Province")] if by_province else []),
        ("建议", "Proposed"),
        ("依据", "By"),
        ("概率", "P"),
        ("趋势达到", "P trend"),
        ("年增", "/yr"),
    )
    add_figures(table, heads, lang)
    for i, row in enumerate(rows):
        cells = [
            *(plain_cell(row[c]) for c in ("now_p50", "nation", "need_p50", "norm", "trend_p50")),
            *(plain_cell(row[c]) for c in ("enough_80", "enough_90", "enough_95", "floor")),
            *([plain_cell(row["province_goal"])] if by_province else []),
            grouped(row["recommended"]),
            label(*BASES.get(row["basis"], ("", "")), lang),
            probability_text(or_nan(row["p"]), draws),
            probability_text(or_nan(row["p_trend"]), draws) if row["need_p50"] else "",
            _yearly(row["per_year"]),
        ]
        table.add_row(*([names[i]] if names else []), *cells)
    return table


def _yearly(text: str) -> str:
    value = float(text) if text else 0.0
    return "" if not text else "0" if value <= 0 else f"{value:,.0f}"


def _legend(row: Row, lang: Lang) -> str:
    p = f"{100 * float(row['p_asked']):g}%"
    return label(
        f"需求、趋势为中位数；80/90/95%：以该概率够用（结果与覆盖率：可达到）的值；建议：以{p}够用且可达的值，"
        "不低于现状、国家标准与国家目标，依据为其决定因素；概率：建议值够用（结果与覆盖率：达到）的概率；"
        f"年增：自{row['now_year']}年底起每年新增（人员含离职补充）；理由与证据见 propose.csv 与工作簿",
        "Need and Trend are medians; 80/90/95%: the value that is enough (outcomes and coverage: reached) "
        f"with that probability; Proposed: enough with {p} and within reach, never worse than today, the "
        "national norm and goal, By says what decides; P: probability that the proposed value is enough "
        "(outcomes and coverage: reached); /yr: build or recruitment each year from the end of "
        f"{row['now_year']} on (staff with replacement of leavers); reasons and evidence: propose.csv and "
        "the workbook",
        lang,
    )
