"""A comparison as a chart and as one page that holds it; written into the folder of the second run."""

from __future__ import annotations

import base64
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from sim.catalogue.language import label
from sim.charts.files import save
from sim.charts.letters import wrap
from sim.charts.names import chart_file
from sim.charts.style import figure, frame, ink, muted, pt, tint, use
from sim.document.compare import Comparison, Difference
from sim.document.compare_text import heading, meta_of, percent, tables
from sim.document.page import read_web
from sim.saved.numbers import tick
from sim.writing import whole

WIDTH, ROW, LABELS = 6.3, 0.24, 2.1  # inches
SHOWN = 5e-4  # of A: what differs by less is left to the table


def write_comparison(c: Comparison, folder: Path) -> list[Path]:
    """Page and chart of a comparison; returns their paths."""
    other = meta_of(c)["a"]
    charts = folder / "charts"
    charts.mkdir(exist_ok=True)
    with use(c.lang):
        chart = save(difference_chart(c), charts / chart_file("compare", c.lang, "png", to=other))
    page = folder / f"compare_{other}_{c.lang}.html"
    with whole(page) as part:
        part.write_text(page_text(c, chart), encoding="utf-8")
    return [page, chart]


def difference_chart(c: Comparison) -> Figure:
    """Differences over A with their bands, the largest first."""
    lang = c.lang
    shown = [d for d in c.differences if d.a and np.abs([d.middle, *_ends(d)]).max() / abs(d.a) > SHOWN]
    fig = figure((WIDTH, 1.4 + ROW * max(len(shown), 1)))
    ax = fig.subplots()
    for y, d in enumerate(shown):
        low, high = (100 * v / abs(d.a) for v in _ends(d))
        ax.plot([low, high], [y, y], color=tint("need"), lw=2)
        ax.plot([100 * d.middle / abs(d.a)], [y], marker="o", ms=4, color=ink())
        where: dict[str, Any] = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points"}
        ax.annotate(
            percent(d), (1.0, y), xytext=(6, 0), size=pt(6), va="center", annotation_clip=False, **where
        )
    ax.axvline(0, color=muted(), lw=0.9)
    ax.set_yticks(
        np.arange(len(shown)), ["\n".join(wrap(d.name, pt(6.8), LABELS - 0.16)) for d in shown], size=pt(6.8)
    )
    ax.set_ylim(max(len(shown), 1) - 0.4, -0.6)
    ax.xaxis.set_major_formatter(lambda v, _: f"{tick(v)}%")
    ax.grid(visible=False, axis="y")
    ids = meta_of(c)
    note = label(f"{c.a.place}，{c.a.scenario_name}情景", f"{c.a.place}, {c.a.scenario_name} scenario", lang)
    foot = label(
        f"注：点为中位数，线为差的第10–90百分位。A {ids['a']}，B {ids['b']}。",
        f"Note: points: medians; lines: P10–P90 of the difference. A {ids['a']}, B {ids['b']}.",
        lang,
    )
    title = label(f"{c.year}年B与A之差占A的比例", f"B less A in {c.year}, of A", lang)
    frame(fig, title, note=note, foot=[foot], left=LABELS, right=0.5)
    return fig


def _ends(d: Difference) -> tuple[float, float]:
    return (d.low, d.high) if np.isfinite(d.low) else (d.middle, d.middle)


def page_text(c: Comparison, chart: Path) -> str:
    """The page: heading, chart, tables; style and picture inside."""
    title = label("两次运行比较", "Two runs compared", c.lang)
    picture = base64.b64encode(chart.read_bytes()).decode()
    parts = [f"<p>{escape(line)}</p>" for line in heading(c)]
    parts.append(
        f'<section id="verdicts"><img alt="{escape(title)}" src="data:image/png;base64,{picture}"></section>'
    )
    for name, heads, rows in tables(c):
        head = "".join(f"<th>{escape(h)}</th>" for h in heads)
        lines = ["".join(f"<td>{escape(cell)}</td>" for cell in row) for row in rows]
        body = "".join(f"<tr>{line}</tr>" for line in lines)
        table = (
            f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
        )
        parts.append(
            f'<section id="verdicts"><h2>{escape(name)}</h2>{table}</section>'.replace(' id="verdicts"', "")
        )
    language = "zh-CN" if c.lang == "zh" else "en"
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{escape(title)}</title><link rel="icon" href="data:,"><style>{read_web("page.css")}\n'
        "main { grid-template-columns: minmax(0, 1fr); } img { max-width: 100%; background: #fff; "
        "} td, th { overflow-wrap: break-word; } td:first-child { overflow-wrap: anywhere; min-width: 8em; "
        '} html[data-theme="dark"] img { filter: invert(.9) hue-rotate(180deg); }</style>'
        f"<script>{read_web('theme.js')}</script></head>"
        f"<body><header><h1>{escape(title)}</h1>{parts[0]}{parts[1]}</header><main>{''.join(parts[2:])}</main>"
        "</body></html>\n"
    )
