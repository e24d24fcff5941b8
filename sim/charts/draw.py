"""The charts of a run, by name, drawn from its folder alone."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Unpack

import xarray as xr
from matplotlib.figure import Figure

from sim import saved
from sim.argument_kinds import looked_at
from sim.catalogue.language import Lang, label
from sim.charts.adequacy import adequacy_heatmap
from sim.charts.ageing import age_structure, ageing, grouped
from sim.charts.births_paths import births_paths
from sim.charts.costs import costed, costs
from sim.charts.decomposition import decomposed, decomposition
from sim.charts.demand import demand, demand_line, resource_name, resources
from sim.charts.drawing import Options, Sheet, draw_into, refuse_title
from sim.charts.fans import births_children, population_fan
from sim.charts.gaps import gaps, needs_by_scenario, supplied
from sim.charts.page import page
from sim.charts.parts import divided, parts
from sim.charts.probability import probability_bars
from sim.charts.proposal import proposal, proposals
from sim.charts.pyramid import population_pyramid
from sim.charts.review import review, reviewed
from sim.charts.revise import revisable, revise
from sim.charts.structure import bed_structure, bedded, cadres, staff_flow
from sim.errors import ConfigError, fault
from sim.saved.fertility_paths import has_paths
from sim.saved.run import TESTED, SavedRun, opened
from sim.textfile import pick

Chart = Callable[..., Figure]


def _always(run: xr.Dataset) -> bool:
    return True


def _tested(run: xr.Dataset) -> bool:
    return bool(run.attrs.get(TESTED, 1))


@dataclass(frozen=True)
class Kind:
    """A chart: how it is drawn, what it shows, and whether a run has what it takes.

    draw: takes (run, adequacy, *, scenario, region, lang), returns a Figure.
    """

    draw: Chart
    zh: str
    en: str
    fits: Callable[[xr.Dataset], bool] = _always


@dataclass(frozen=True)
class Family:
    """Charts of one kind, one for each member that the run holds: <family>_<member>.

    draw: takes `resource` besides.  zh, en: what a chart shows, with {} for the member.
    """

    draw: Chart
    zh: str
    en: str
    members: Callable[[xr.Dataset], list[str]]


KINDS: dict[str, Kind] = {
    "population_pyramid": Kind(population_pyramid, "人口金字塔：基年、期中、末年", "Pyramid of three years"),
    "population_fan": Kind(
        population_fan,
        "总人口与各年龄组人口：各情景与不确定区间",
        "Population and age groups: scenarios and band",
    ),
    "age_structure": Kind(
        age_structure, "分年龄人口构成与比重", "Population by age group, with shares", grouped
    ),
    "ageing": Kind(ageing, "人口老龄化率与抚养比", "Shares of the old, dependency ratios", grouped),
    "births_children": Kind(
        births_children, "出生人数与3岁以下儿童数", "Births and children under 3, by scenario"
    ),
    "births_paths": Kind(
        births_paths,
        "未来出生人数：生育率路径、联合国预测与不变生育率",
        "Births to come: the run's fertility, WPP's, and constant rates",
        has_paths,
    ),
    "adequacy_heatmap": Kind(
        adequacy_heatmap,
        "规划指标供需测算结果（指标×情景×年份）",
        "Plan indicators: target against need, by scenario and year",
        _tested,
    ),
    "probability_bars": Kind(
        probability_bars,
        "规划目标够用与达标的概率",
        "Probability that each target is enough, and reached",
        _tested,
    ),
    "gaps": Kind(
        gaps,
        "各类卫生资源供需缺口",
        "Gap between supply and need, by resource",
        lambda run: bool(supplied(run)),
    ),
    "needs_by_scenario": Kind(
        needs_by_scenario,
        "各情景末年需求与所选情景的差别",
        "Need in the last year: difference between scenarios",
        lambda run: len(saved.scenarios(run)) > 1,
    ),
    "bed_structure": Kind(
        bed_structure, "床位需求结构（级别、类型）", "Need for beds by level and type", bedded
    ),
    "costs": Kind(
        costs,
        "建设与运行费用：趋势、规划、修订或建议目标",
        "Costs of trend, plan, revised or proposed targets",
        costed,
    ),
    "review": Kind(
        review,
        "中期评估：各指标与规划路径之比及概率变化",
        "Mid-term review: indicators over their path, change of probability",
        reviewed,
    ),
    "parts": Kind(parts, "分县区（市）人口与需求", "People and needs by county or city", divided),
    "page": Kind(page, "一页总览（A4横向）", "All at a glance, one A4 page"),
}
FAMILIES: dict[str, Family] = {
    "demand": Family(demand, "{}：需求、供给与规划目标", "{}: need, supply and plan target", resources),
    "decomposition": Family(
        decomposition, "{}需求变化的因素分解", "{}: change of need by driver", decomposed
    ),
    "staff": Family(staff_flow, "{}队伍进出情况", "{}: entrants and leavers", cadres),
    "proposal": Family(proposal, "{}年建议目标", "Targets proposed for {}", proposals),
    "revise": Family(revise, "不同概率下够用的目标", "Targets that would be enough", revisable),
}
CHARTS: Mapping[str, Chart] = {name: kind.draw for name, kind in KINDS.items()}


def charts_of(run: xr.Dataset) -> dict[str, Chart]:
    """All charts that this run's results allow, by name, in drawing order; the page last."""
    found = {name: kind.draw for name, kind in KINDS.items() if kind.fits(run)}
    last = found.pop("page")
    for family, kind in FAMILIES.items():
        found |= {f"{family}_{name}": partial(kind.draw, resource=name) for name in kind.members(run)}
    found["page"] = last
    return found


@lru_cache(maxsize=1)
def _charts(run: SavedRun) -> Mapping[str, Chart]:
    """`charts_of` a saved run, asked once for all the shares of its charts."""
    return charts_of(run.results)


def chart_names(run_dir: Path | str) -> list[str]:
    """Names of the charts that a saved run can be drawn as."""
    return list(_charts(opened(run_dir)))


def chart_lines(run_dir: Path | str, lang: Lang) -> list[tuple[str, str]]:
    """Name of each chart of a saved run, and what it shows in a language."""
    found = opened(run_dir)
    run = found.results
    lines = []
    for name in charts_of(run):
        kind = KINDS.get(name)
        if kind is not None:
            lines.append((name, label(kind.zh, kind.en, lang)))
            continue
        family = next(f for f in FAMILIES if name.startswith(f"{f}_"))
        member = name.removeprefix(f"{family}_")
        if family == "demand":
            lines.append((name, demand_line(run, found.adequacy, member, lang)))
            continue
        text = label(FAMILIES[family].zh, FAMILIES[family].en, lang)
        named = resource_name(run, member, lang) if f"{member}_required" in run else member
        lines.append((name, text.format(named)))
    return lines


@looked_at
def draw_charts(
    run_dir: Path | str,
    names: Sequence[str] | None = None,
    *,
    scenario: str | None = None,
    region: str | None = None,
    **options: Unpack[Options],
) -> list[Path]:
    """Draw charts of a saved run into its folder `charts/`; returns the files written.

    names: chart names, or a family (`demand`); all if None.  scenario: the one drawn with its
    band; region: the one drawn; each the run's first by default.
    Files are named `<chart>_<lang>.<fmt>`, with the region's code before the language if the run
    has several and `scenario-<name>` if it is not the run's first: no chart takes another's place.
    Raises ConfigError for a folder that is no run and for an unknown chart, language, format,
    scenario, region or style.
    """
    run = opened(run_dir)
    chosen = _chosen(run, names)
    codes, known = saved.regions(run.results), saved.scenarios(run.results)
    main = pick("--scenario", scenario, known)
    code = pick("--region", region, codes)
    refuse_title(chosen, options.get("title"), "chart")
    place = {"region": code if len(codes) > 1 else "", "scenario": main if main != known[0] else ""}
    sheets = (Sheet(name, place, partial(_figure, chart, run, main, code)) for name, chart in chosen.items())
    return draw_into(run.folder / "charts", sheets, **options)


def _figure(chart: Chart, run: SavedRun, scenario: str, region: str, lang: Lang) -> Figure:
    return chart(run.results, run.adequacy, scenario=scenario, region=region, lang=lang)


def _chosen(run: SavedRun, names: Sequence[str] | None) -> dict[str, Chart]:
    known = _charts(run)
    if not names:
        return dict(known)
    chosen: dict[str, Chart] = {}
    for name in names:
        family = {k: v for k, v in known.items() if name in FAMILIES and k.startswith(f"{name}_")}
        if name in known:
            chosen[name] = known[name]
        elif family:
            chosen |= family
        else:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]!r}? " if near else ""
            raise ConfigError(
                fault("--chart", f"{name!r}: no such chart", f"{hint}known: {', '.join(known)}")
            )
    return chosen


__all__ = ["CHARTS", "FAMILIES", "KINDS", "Chart", "chart_lines", "charts_of", "draw_charts"]
