"""A saved run, as charts and tables see it: results.nc, adequacy.csv and run.json of one folder."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from sim.catalogue.language import Lang, label
from sim.catalogue.verdicts import is_judged
from sim.catalogue.words import SCENARIOS, Titles, word
from sim.draws import quantiles
from sim.errors import ConfigError, fault
from sim.plan.needs import is_need
from sim.saved.attached import attach
from sim.store import open_results, read_meta

Row = dict[str, Any]
NUMBERS = (
    "baseline",
    "target",
    "required_p10",
    "required_p50",
    "required_p90",
    "available_p50",
    "ratio_p50",
    "p_enough",
    "p_reached",
    "projected_p50",
    "required_count_p50",
    "available_count_p50",
    "need_norm_p50",
    "p_enough_norm",
    "capacity_p50",
    "p_capacity",
)
TEXTS = ("verdict_norm", "on_the_line", "first_short_year", "level_short_year", "special")
TITLES = "titles"  # attribute: the experiment's own names of its scenarios
TESTED = "tested"  # attribute: 1 where the run judges a plan
_ID = re.compile(r"\d{8}-\d{6}-\w+|\d{8}-\w+")
MOST_DRAWS = 2000  # of a large run: a picture's band needs no more, its tables use them all


@dataclass(frozen=True)
class SavedRun:
    """What a run folder holds; `results` carries run_id, experiment and plan as attributes."""

    folder: Path
    results: xr.Dataset
    adequacy: list[Row]
    meta: Mapping[str, Any]


def open_saved(folder: Path | str) -> SavedRun:
    """The run in `folder`.

    Raises ConfigError that names the file missing from a folder that is not a whole run.
    """
    folder = Path(folder)
    missing = [n for n in ("run.json", "results.nc", "adequacy.csv") if not (folder / n).is_file()]
    if missing:
        wrong = f"holds no {', '.join(missing)}"
        raise ConfigError(fault(str(folder), wrong, "give a folder outputs/<experiment>/<run_id>"))
    with open_results(folder / "results.nc") as stored:
        if "draw" in stored.sizes:
            stored = stored.isel(draw=slice(MOST_DRAWS + 1))
        results = stored[[str(name) for name in stored.data_vars if _drawn(str(name))]].load()
    names = [n for n in ("region_name", "region_name_en") if n in results.data_vars]
    results = results.set_coords(names)
    meta = read_meta(folder / "run.json")
    detail = folder / "adequacy_detail.csv"  # the same rows with more columns
    rows = read_adequacy(detail if detail.is_file() else folder / "adequacy.csv")
    for row in rows:
        row["draws"] = draws_of(meta)
    results.attrs.setdefault("run_id", run_name(meta, folder))
    results.attrs.setdefault("experiment", _experiment_name(meta, folder))
    results.attrs[TITLES] = titles_of(meta)
    results.attrs.setdefault("plan", rows[0].get("plan", "") if rows else "")
    results.attrs[TESTED] = int(any(is_judged(row["verdict"]) for row in rows_on_plan(rows)))
    for lang, name in (("zh", "title_zh"), ("en", "title_en")):
        results.attrs.setdefault(name, str(_mapping(_experiment(meta).get("title")).get(lang, "")))
        results.attrs.setdefault(f"sources_{lang}", "; ".join(source_names(meta, lang)))
    return SavedRun(folder, attach(folder, results, rows), rows, meta)


def draws_of(meta: Mapping[str, Any]) -> int | None:
    """Number of draws of a run, from its run.json; None where it does not say."""
    n = _mapping(_experiment(meta).get("draws")).get("n")
    return n if isinstance(n, int) else None


def _drawn(name: str) -> bool:
    ends = ("_required", "_required_norm", "_available", "_projected", "_change")
    return name.startswith(("region_name", "population_", "births", "staff_")) or name.endswith(ends)


def run_name(meta: Mapping[str, Any], folder: Path) -> str:
    """The run's id: as run.json says; of an older run its folder's, if that is an id at all.

    A folder that was renamed gives the time at which the run began.
    """
    if meta.get("run_id"):
        return str(meta["run_id"])
    name = folder.name
    if name.startswith(".") and name.endswith(".part"):  # while the run is being written
        name = name[1:].rsplit(".", 2)[0]
    if _ID.fullmatch(name):
        return name
    return str(_mapping(meta.get("times")).get("started", ""))


def source_names(meta: Mapping[str, Any], lang: str) -> list[str]:
    """Titles of the sources that run.json names for its figures of people, in a language."""
    sources = _mapping(meta.get("sources"))
    named = [_mapping(sources[key]) for key in sorted(sources)]
    return [str(s.get(f"title_{lang}") or s.get("title_en", "")) for s in named]


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _experiment(meta: Mapping[str, Any]) -> Mapping[str, Any]:
    return _mapping(meta.get("experiment"))


def _experiment_name(meta: Mapping[str, Any], folder: Path) -> str:
    return str(_experiment(meta).get("name") or meta.get("experiment") or folder.parent.name)


def read_adequacy(path: Path) -> list[Row]:
    """Rows of adequacy.csv; years and figures as numbers, empty figures as NaN."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [tidy(row) for row in csv.DictReader(file)]


def tidy(row: Mapping[str, Any]) -> Row:
    """One adequacy row with numbers in place of text; NaN where there is none.

    The target's own words (">=570", "change 30") stay as `target_text`; `target` is their number,
    NaN for a change, which says nothing without its baseline.
    """
    out: Row = {key: ("" if value is None else value) for key, value in row.items()}
    if "target_text" not in out:
        out["target_text"] = str(out.get("target", "")).removesuffix(".0")
        out["target"] = out["target_text"].lstrip("<>=≤≥ ")
    for key in NUMBERS:
        out[key] = _float(out.get(key, ""))
    year = _float(out.get("year", ""))
    out["year"] = int(year) if np.isfinite(year) else 0
    draws = out.get("draws")  # behind each probability, where the run is known
    out["draws"] = None if draws in (None, "") else int(draws)
    for key in ("region", "scenario", "verdict", "grade", "unit", "reason", *TEXTS):
        value = out.get(key, "")
        out[key] = "" if isinstance(value, float) and np.isnan(value) else str(value)
    return out


def rows_on_plan(rows: Sequence[Row]) -> list[Row]:
    """The rows on what a plan sets, without the questions that it has no target for."""
    return [row for row in rows if not is_need(str(row.get("indicator_id", "")))]


def _float(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return float("nan")


def rows_of(rows: Sequence[Mapping[str, Any]], region: str, scenario: str | None) -> list[Row]:
    """Rows on the plan's indicators of one region and one scenario (all scenarios if None).

    Answers to questions without a target stay out of charts, which show what the plan sets.
    """
    return [
        tidy(row)
        for row in rows
        if not is_need(str(row.get("indicator_id", "")))
        and str(row.get("region", region)) in (region, "")
        and (scenario is None or row.get("scenario", scenario) in (scenario, ""))
    ]


def scenarios(run: xr.Dataset) -> list[str]:
    """Names of the run's scenarios, the first one first."""
    return [str(name) for name in np.atleast_1d(run["scenario"].values)]


def regions(run: xr.Dataset) -> list[str]:
    """Codes of the run's regions."""
    return [str(code) for code in np.atleast_1d(run["region"].values)]


def years(run: xr.Dataset) -> np.ndarray[Any, Any]:
    """The run's years, base first."""
    return np.asarray(run["year"].values, dtype=int)


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


def titles_of(run: xr.Dataset | Mapping[str, Any]) -> Titles:
    """The experiment's own names of its scenarios: of a run that was opened, or of a run.json."""
    if isinstance(run, xr.Dataset):
        found = run.attrs.get(TITLES, {})
    else:
        found = _mapping(_experiment(run).get("titles"))
    return {name: {"zh": str(t["zh"]), "en": str(t["en"])} for name, t in found.items()}


def central_and_band(
    array: xr.DataArray,
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """P10, P50 and P90 over draws 1..N (draw 0, the central values, if there is no other).

    array: any unit, with dim draw.  Returns three arrays without it.
    """
    if "draw" not in array.dims:
        values = np.asarray(array.values, dtype=float)
        return values, values, values
    values = np.moveaxis(np.asarray(array.values, dtype=float), array.dims.index("draw"), -1)
    sampled = np.asarray(array["draw"].values) > 0 if "draw" in array.coords else None
    if sampled is not None and sampled.any():
        values = values[..., sampled]
    elif sampled is None and values.shape[-1] > 1:
        values = values[..., 1:]
    low, middle, high = quantiles(values)
    return low, middle, high


def has_band(run: xr.Dataset) -> bool:
    """True if the run has draws besides the central one."""
    return "draw" in run.sizes and run.sizes["draw"] > 1


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
    plan = str(attrs.get(f"title_{lang}", "")) if attrs.get("plan") else ""
    made = label("healthplan 模型测算", "projected with healthplan", lang)
    run_id = str(attrs.get("run_id", ""))
    if run_id:
        made += label(f"（运行编号 {run_id}）", f" (run {run_id})", lang)
    parts = [str(attrs.get(f"sources_{lang}", "")).replace("; ", label("；", "; ", lang)), plan, made]
    joint, end = label("；", "; ", lang), label("。", ".", lang)
    return label("资料来源：", "Source: ", lang) + joint.join(part for part in parts if part) + end
