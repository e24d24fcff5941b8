"""Charts of costs and of proposed targets show what the tables hold."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text
from paths import read_rows

from sim.catalogue.language import Lang
from sim.charts.costs import costs
from sim.charts.draw import chart_lines, charts_of
from sim.charts.proposal import proposal, proposals
from sim.charts.style import use
from sim.saved import regions, scenarios
from sim.saved.attached import PROPOSAL
from sim.saved.run import SavedRun, open_saved

COLUMNS = ("year", "name_zh", "name_en", "unit", "now_year", "now_p50", "need_p10", "need_p50", "need_p90")
COLUMNS += ("trend_p50", "recommended")
ROWS = [
    (
        "2030",
        "每千人口床位数",
        "Beds per 1000 population",
        "per 1000",
        "2025",
        "5",
        "3",
        "4",
        "6",
        "5.5",
        "6.00",
    ),
    ("2030", "重症监护床位", "ICU beds", "bed", "2025", "100", "150", "200", "400", "110", "400"),
    (
        "2035",
        "每千人口床位数",
        "Beds per 1000 population",
        "per 1000",
        "2025",
        "5",
        "3",
        "4",
        "6",
        "5.6",
        "6.50",
    ),
]


@pytest.fixture(scope="module")
def run(small_run: Path) -> SavedRun:
    return open_saved(small_run)


def lines(fig: Figure, panel: int) -> list[np.ndarray]:
    return [np.asarray(line.get_ydata(), dtype=float) for line in fig.axes[panel].lines]


def test_costs_are_those_of_the_table(run: SavedRun) -> None:
    with use("en") as lang:
        fig = costs(run.results, run.adequacy, scenario="reference", region="410500", lang=lang)
    rows = [
        r
        for r in read_rows(run.folder / "costs.csv")
        if (r["scenario"], r["region"], r["item"]) == ("reference", "410500", "total")
    ]
    for panel, kind, first in ((0, "capital", 2021), (1, "yearly_more", 2020)):
        wanted = [
            [
                float(r["p50"])
                for r in rows
                if (r["option"], r["cost"]) == (option, kind) and int(r["year"]) >= first
            ]
            for option in ("trend", "plan", "revised")
        ]
        assert np.allclose(lines(fig, panel), wanted)
    legend = [text.get_text() for text in fig.legends[0].get_texts()]
    assert legend == ["trend", "plan", "revised targets"]


def test_proposed_targets_stand_over_the_level_of_today(run: SavedRun) -> None:
    table = run.results.assign_attrs({PROPOSAL: [dict(zip(COLUMNS, row, strict=True)) for row in ROWS]})
    assert proposals(table) == ["2030", "2035"]
    assert {"proposal_2030", "proposal_2035"} <= set(charts_of(table))
    with use("zh") as lang:
        fig = proposal(table, (), scenario="reference", region="410500", lang=lang, resource="2030")
    ax = fig.axes[0]
    marks = next(line for line in ax.lines if line.get_marker() == "|" and len(line.get_xdata()) == 2)
    assert np.allclose(np.asarray(marks.get_xdata(), dtype=float), [1.2, np.nan], equal_nan=True)
    figures = [text.get_text() for text in ax.texts]
    assert figures == ["6.00", "400"]
    arrows = ax.collections[-1].get_offsets()
    assert np.allclose(arrows, [[2.5, 1]])


def test_runs_without_them_have_no_such_charts(run: SavedRun, tmp_path: Path) -> None:
    known = charts_of(run.results)
    assert "costs" in known
    assert not any(name.startswith("proposal") for name in known)
    assert "costs" not in charts_of(run.results.drop_vars("costs"))


def test_they_are_listed_in_both_languages(small_run: Path) -> None:
    named = dict(chart_lines(small_run, "zh"))
    assert named["costs"] == "建设与运行费用：趋势、规划、修订或建议目标"
    assert dict(chart_lines(small_run, "en"))["costs"].startswith("Costs of trend")


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_chart_of_need_is_listed_as_it_is_headed(run: SavedRun, small_run: Path, lang: Lang) -> None:
    """The list names a target, a present level or a supply only where the chart draws one."""
    seen = set()
    for name, line in chart_lines(small_run, lang):
        if name.startswith("demand_"):
            first = {"scenario": scenarios(run.results)[0], "region": regions(run.results)[0]}
            with use(lang):
                fig = charts_of(run.results)[name](run.results, run.adequacy, lang=lang, **first)
            drawn = " ".join(text.get_text().replace("\n", " ") for text in fig.findobj(Text))
            assert line.replace(" ", "") in drawn.replace(" ", "")
            seen.add(line.removeprefix(line.split(":")[0]) if lang == "en" else line[-4:])
    assert len(seen) > 1


def test_a_saved_proposal_is_drawn(small_run: Path, tmp_path: Path) -> None:
    from document.edit import copied

    folder = copied(small_run, tmp_path)
    with (folder / "propose.csv").open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *ROWS])
    assert dict(chart_lines(folder, "zh"))["proposal_2035"] == "2035年建议目标"
