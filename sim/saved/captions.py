"""The lines under a picture: place, scenario and years, what line and band mean, where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import xarray as xr

from sim.catalogue.language import Lang, label
from sim.catalogue.words import SCENARIOS, Titles, word
from sim.saved.run import titles_of
from sim.saved.series import years


def region_name(run: xr.Dataset, region: str, lang: Lang) -> str:
    """The region's name if the run carries it, else its code."""
    for coord in ("region_name", "region_name_en") if lang == "zh" else ("region_name_en",):
        if coord in run.coords:
            return str(run[coord].sel(region=region).item()) or region
    return region


def scenario_name(name: str, lang: Lang, titles: Titles | xr.Dataset | None = None) -> str:
    """The scenario in the chart's language.

    titles: the experiment's own names, or a run that carries them.
    """
    own = titles_of(titles) if isinstance(titles, xr.Dataset) else titles or {}
    return own[name][lang] if name in own else word(SCENARIOS, name, lang)


def subtitle(run: xr.Dataset, region: str, scenario: str | None, lang: Lang, span: str = "") -> str:
    """Region, scenario and years, for the grey line under a title."""
    parts = [region_name(run, region, lang)]
    if scenario is not None:
        parts.append(scenario_name(scenario, lang, run) + label("情景", " scenario", lang))
    if span:
        parts.append(span + label("年", "", lang))
    return label("，", ", ", lang).join(parts)


def period(run: xr.Dataset) -> str:
    """First and last year."""
    known = years(run)
    return f"{known[0]}\u2013{known[-1]}"


def foot(run: xr.Dataset, lang: Lang, *notes: str, grades: str = "", band: bool = True) -> list[str]:
    """Lines at the foot of a chart: notes, what line and band mean, and where it comes from."""
    draws = int(run.sizes.get("draw", 1)) - 1
    said = [note for note in notes if note]
    if band and draws > 0:
        said.append(
            label(
                f"线为中位数，色带为第10–90百分位（{draws}次抽样）",
                f"line: median; band: P10–P90 of {draws} draws",
                lang,
            )
        )
    if grades:
        said.append(label(f"所据数据最低等级：{grades}", f"weakest grade of the data: {grades}", lang))
    joint, end = label("；", "; ", lang), label("。", ".", lang)
    first = label("注：", "Note: ", lang) + joint.join(said) + end if said else ""
    return [first, source(run.attrs, lang)]


def source(attrs: Mapping[Any, Any], lang: Lang) -> str:
    """The source line: data, plan, model and run, as far as the run's own files say."""
    plan = str(attrs.get(f"plan_{lang}", "")) if attrs.get("plan") else ""
    made = label("healthplan 模型测算", "projected with healthplan", lang)
    run_id = str(attrs.get("run_id", ""))
    if run_id:
        made += label(f"（运行编号 {run_id}）", f" (run {run_id})", lang)
    parts = [str(attrs.get(f"sources_{lang}", "")).replace("; ", label("；", "; ", lang)), plan, made]
    joint, end = label("；", "; ", lang), label("。", ".", lang)
    return label("资料来源：", "Source: ", lang) + joint.join(part for part in parts if part) + end
