"""A saved run, as charts and tables see it: results.nc, adequacy.csv and run.json of one folder."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import xarray as xr

from sim.catalogue.words import Titles
from sim.intact import intact
from sim.plan.needs import is_need
from sim.saved.attached import attach
from sim.saved.fertility_paths import FOLDER
from sim.saved.row import Row
from sim.saved.row_table import read_known
from sim.store import open_results

TITLES = "titles"  # attribute: the experiment's own names of its scenarios
HISTORY = "history"  # attribute of the years: the last that is history, the same in all scenarios
TESTED = "tested"  # attribute: 1 where the run judges a plan
_ID = re.compile(r"\d{8}-\d{6}-\w+|\d{8}-\w+")
MOST_DRAWS = 2000  # of a large run: a picture's band needs no more, its tables use them all


@dataclass(frozen=True, eq=False)
class SavedRun:
    """What a run folder holds; `results` carries run_id, experiment and plan as attributes."""

    folder: Path
    results: xr.Dataset
    adequacy: list[Row]
    meta: Mapping[str, Any]


def open_saved(folder: Path | str) -> SavedRun:
    """The run in `folder`.

    Raises ConfigError for a folder that is no run, or not whole and as the run wrote it.
    """
    folder = Path(folder)
    meta = intact(folder)
    with open_results(folder / "results.nc") as stored:
        if "draw" in stored.sizes:
            stored = stored.isel(draw=slice(MOST_DRAWS + 1))
        results = stored[[str(name) for name in stored.data_vars if _drawn(str(name))]].load()
    names = [n for n in ("region_name", "region_name_en") if n in results.data_vars]
    results = results.set_coords(names)
    rows = read_known(folder)
    for row in rows:
        row.draws = draws_of(meta)
    results.attrs.setdefault("run_id", run_name(meta, folder))
    results.attrs.setdefault("experiment", _experiment_name(meta, folder))
    results.attrs[TITLES] = titles_of(meta)
    results.attrs[FOLDER] = str(folder.resolve())
    results.attrs.setdefault("plan", rows[0].plan if rows else "")
    results.attrs[TESTED] = int(any(row.is_judged for row in rows_on_plan(rows)))
    for lang, name in (("zh", "title_zh"), ("en", "title_en")):
        results.attrs.setdefault(name, str(_mapping(_experiment(meta).get("title")).get(lang, "")))
        results.attrs.setdefault(f"plan_{lang}", plan_title(meta, lang, draft=True))
        results.attrs.setdefault(f"sources_{lang}", "; ".join(source_names(meta, lang)))
    whole = attach(folder, results, rows)
    if history := meta.get("history"):
        whole = whole.assign_coords(year=("year", whole["year"].values, {HISTORY: int(max(history))}))
    return SavedRun(folder, whole, rows, meta)


def opened(folder: Path | str) -> SavedRun:
    """`open_saved`, once for all that one process draws and writes of a run; its files are not changing.

    Processes that are forked after it have it too.  What it holds is to be read, not to be changed.
    """
    return _opened(Path(folder).resolve(), tuple(_stamps(Path(folder))))


@lru_cache(maxsize=1)
def _opened(folder: Path, _: tuple[tuple[str, int, int], ...]) -> SavedRun:
    return open_saved(folder)


def _stamps(folder: Path) -> Iterator[tuple[str, int, int]]:
    """Name, time and size of a run's data files: another time is another run."""
    for path in sorted(folder.glob("*")):
        if path.suffix in (".nc", ".csv", ".json"):
            stat = path.stat()
            yield path.name, stat.st_mtime_ns, stat.st_size


def draws_of(meta: Mapping[str, Any]) -> int | None:
    """Number of draws of a run, from its run.json; None where it does not say."""
    n = _mapping(_experiment(meta).get("draws")).get("n")
    return n if isinstance(n, int) else None


def _drawn(name: str) -> bool:
    ends = ("_required", "_required_norm", "_available", "_projected", "_change")
    starts = ("region_name", "population_", "births", "staff_")
    return name == "tfr" or name.startswith(starts) or name.endswith(ends)


def run_name(meta: Mapping[str, Any], folder: Path) -> str:
    """The run's id: as run.json says; of an older run its folder's, if that is an id at all.

    A folder that was renamed gives the time at which the run began.
    """
    if meta.get("run_id"):
        return str(meta["run_id"])
    name = final_name(folder)
    if _ID.fullmatch(name):
        return name
    return str(_mapping(meta.get("times")).get("started", ""))


def final_name(folder: Path) -> str:
    """The name of a folder of results; of one that is being written, the name that it will have."""
    name = folder.name
    return name[1:].rsplit(".", 2)[0] if name.startswith(".") and name.endswith(".part") else name


def source_names(meta: Mapping[str, Any], lang: str) -> list[str]:
    """Titles of the sources that run.json names for its figures of people, in a language."""
    sources = _mapping(meta.get("sources"))
    named = [_mapping(sources[key]) for key in sorted(sources)]
    return [str(s.get(f"title_{lang}") or s.get("title_en", "")) for s in named]


def plan_title(meta: Mapping[str, Any], lang: str, *, draft: bool = False) -> str:
    """The plan's own title; of a run that stored none its experiment's.

    draft: of one that is not issued that is said.
    """
    stored = _mapping(meta.get("plan_name"))
    if not stored:
        return str(_mapping(_experiment(meta).get("title")).get(lang, ""))
    said = {"zh": "（征求意见稿）", "en": " (draft)"}[lang]
    return str(stored[lang]) + (said if draft and stored.get("status") == "draft" else "")


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _experiment(meta: Mapping[str, Any]) -> Mapping[str, Any]:
    return _mapping(meta.get("experiment"))


def _experiment_name(meta: Mapping[str, Any], folder: Path) -> str:
    return str(_experiment(meta).get("name") or meta.get("experiment") or folder.parent.name)


def rows_on_plan(rows: Sequence[Row]) -> list[Row]:
    """The rows on what a plan sets, without the questions that it has no target for."""
    return [row for row in rows if not is_need(row.indicator_id)]


def rows_of(rows: Sequence[Row], region: str, scenario: str | None) -> list[Row]:
    """Rows on the plan's indicators of one region and one scenario (all scenarios if None).

    Answers to questions without a target stay out of charts, which show what the plan sets.
    """
    return [
        row
        for row in rows_on_plan(rows)
        if row.region in (region, "") and (scenario is None or row.scenario in (scenario, ""))
    ]


def titles_of(run: xr.Dataset | Mapping[str, Any]) -> Titles:
    """The experiment's own names of its scenarios: of a run that was opened, or of a run.json."""
    if isinstance(run, xr.Dataset):
        found = run.attrs.get(TITLES, {})
    else:
        found = _mapping(_experiment(run).get("titles"))
    return {name: {"zh": str(t["zh"]), "en": str(t["en"])} for name, t in found.items()}
