"""The charts of a run, by name, drawn from its folder alone."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import xarray as xr
from matplotlib.figure import Figure

from sim.errors import ConfigError, fault
from sim.report import saved
from sim.report.charts.adequacy import adequacy_heatmap
from sim.report.charts.decomposition import decomposed, decomposition
from sim.report.charts.demand import demand, resources
from sim.report.charts.fans import births_children, population_fan
from sim.report.charts.probability import probability_bars
from sim.report.charts.pyramid import population_pyramid
from sim.report.charts.revise import revisable, revise
from sim.report.page import page
from sim.report.saved import SavedRun, open_saved
from sim.report.style import FORMATS, save, use

Chart = Callable[..., Figure]

# A chart takes (run, adequacy, *, scenario, region, lang) and returns a Figure.
CHARTS: dict[str, Chart] = {
    "population_pyramid": population_pyramid,
    "population_fan": population_fan,
    "births_children": births_children,
    "adequacy_heatmap": adequacy_heatmap,
    "probability_bars": probability_bars,
    "page": page,
}
# Families: one chart for each resource of the run, named <family>_<resource>.
FAMILIES: dict[str, tuple[Chart, Callable[[xr.Dataset], list[str]]]] = {
    "demand": (demand, resources),
    "decomposition": (decomposition, decomposed),
    "revise": (revise, revisable),
}


def charts_of(run: xr.Dataset) -> dict[str, Chart]:
    """All charts that this run's results allow, by name, in drawing order."""
    found = dict(CHARTS)
    last = found.pop("page")
    for family, (chart, members) in FAMILIES.items():
        found |= {f"{family}_{name}": partial(chart, resource=name) for name in members(run)}
    found["page"] = last
    return found


def chart_names(run_dir: Path | str) -> list[str]:
    """Names of the charts that a saved run can be drawn as."""
    return list(charts_of(open_saved(run_dir).results))


def draw_charts(
    run_dir: Path | str,
    names: Sequence[str] | None = None,
    *,
    lang: str = "zh",
    fmt: str = "png",
    scenario: str | None = None,
    region: str | None = None,
) -> list[Path]:
    """Draw charts of a saved run into its folder `charts/`; returns the files written.

    names: chart names, or a family (`demand`); all if None.  scenario: the one drawn with its
    band; region: the one drawn; each the run's first by default. Files are named
    `<chart>_<lang>.<fmt>`, with the region's code before the language if the run has several.
    Raises ConfigError for a folder that is no run and for an unknown chart, language, format,
    scenario or region.
    """
    run = open_saved(run_dir)
    chosen = _chosen(run, names)
    codes = saved.regions(run.results)
    main = _known("--scenario", scenario, saved.scenarios(run.results))
    code = _known("--region", region, codes)
    if fmt not in FORMATS:
        raise ConfigError(fault("--format", f"{fmt!r} is not a format", f"write one of {', '.join(FORMATS)}"))
    target = run.folder / "charts"
    written = []
    stem = f"{code}_{lang}" if len(codes) > 1 else lang
    with use(lang) as language:
        target.mkdir(exist_ok=True)
        for name, chart in chosen.items():
            fig = chart(run.results, run.adequacy, scenario=main, region=code, lang=language)
            written.append(save(fig, target / f"{name}_{stem}.{fmt}"))
    return written


def _chosen(run: SavedRun, names: Sequence[str] | None) -> dict[str, Chart]:
    known = charts_of(run.results)
    if not names:
        return known
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


def _known(option: str, name: str | None, known: Sequence[str]) -> str:
    if name is None:
        return known[0]
    if name not in known:
        raise ConfigError(fault(option, f"{name!r} is not in this run", f"known: {', '.join(known)}"))
    return name


__all__ = ["CHARTS", "FAMILIES", "Chart", "charts_of", "draw_charts"]
