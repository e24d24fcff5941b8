"""Charts of a sweep, from its folder alone: one for each output of a scenario and region."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Unpack

from sim.catalogue.language import Lang, label
from sim.charts.drawing import Options, Sheet, draw_into, refuse_title
from sim.charts.grid import heat_map, is_pair
from sim.charts.names import safe
from sim.charts.sensitivity import chart
from sim.charts.swept import open_sweep, output_name, outputs_of
from sim.errors import ConfigError, fault

MOST_CHARTS = 12


def draw_sweep(
    folder: Path,
    outputs: Sequence[str] | None = None,
    *,
    scenario: str | None = None,
    region: str | None = None,
    **options: Unpack[Options],
) -> list[Path]:
    """A chart for each output of one scenario and region, each the sweep's first by default.

    outputs: names as in sensitivity.csv; the first twelve if None. A grid of two factors has a map
    of both beside the bars of each.  A chart's name carries output
    and year, and scenario and region where the sweep has several.
    Raises ConfigError for an unknown output, scenario, region, format or language.
    """
    sweep = open_sweep(folder)
    places = {key: list(dict.fromkeys(r[key] for r in sweep.rows)) for key in ("scenario", "region")}
    main = _known("--scenario", scenario, places["scenario"])
    code = _known("--region", region, places["region"])
    found = outputs_of(sweep.rows, main, code)
    known = list(dict.fromkeys(output for output, _ in found))
    for name in outputs or ():
        _known("--chart", name, known)
    chosen = [key for key in found if not outputs or key[0] in outputs]
    chosen = chosen if outputs else chosen[:MOST_CHARTS]
    refuse_title(chosen, options.get("title"), "output")
    several = len(places["scenario"]) > 1
    place = {
        "region": code if len(places["region"]) > 1 else "",
        "scenario": main if several and main != places["scenario"][0] else "",
    }
    method = sweep.meta["method"]
    sheets = [
        Sheet(f"{method}_{safe(key[0])}_{key[1]}", place, partial(chart, sweep, found[key])) for key in chosen
    ]
    if is_pair(sweep):
        sheets += [
            Sheet(f"grid_map_{safe(key[0])}_{key[1]}", place, partial(heat_map, sweep, found[key]))
            for key in chosen
        ]
    return draw_into(folder / "charts", sheets, **options)


def sweep_lines(folder: Path, lang: Lang) -> list[tuple[str, str]]:
    """Name of each output that a sweep's charts can show, and what it is in a language."""
    sweep = open_sweep(folder)
    names = dict.fromkeys(r["output"] for r in sweep.rows)
    both = label("：主效应与两因素热图", ": main effects, and a map of both factors", lang)
    return [(name, output_name(sweep, name, lang) + both * is_pair(sweep)) for name in names]


def _known(option: str, name: str | None, known: Sequence[str]) -> str:
    if name is None and known:
        return known[0]
    if name is None or name not in known:
        wrong = "the table is empty" if not known else f"{name!r} is not in this sweep"
        raise ConfigError(fault(option, wrong, f"known: {', '.join(known)}"))
    return name
