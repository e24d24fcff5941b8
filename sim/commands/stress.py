"""What `healthplan stress` prints: the figures of each pool that a planner asks for."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.catalogue.bed_groups import pool_text
from sim.commands.plain_table import table
from sim.commands.refusals import spoken
from sim.schema import RESOURCES
from sim.stress.stress import stress

_SHOWN: dict[str, tuple[str, str, float, int]] = {  # figure -> heading in English and Chinese, factor, digits
    "load_per_bed": ("load/bed", "每床负荷", 1.0, 2),
    "occupancy": ("occupancy %", "使用率%", 100.0, 1),
    "peak_occupancy": ("peak %", "峰值%", 100.0, 1),
    "blocked": ("full %", "遇满%", 100.0, 2),
    "wait": ("wait, days", "等待天数", 1.0, 1),
    "turned_away_per_year": ("turned away", "转出/年", 1.0, 0),
    "ran_out": ("P(runs out) %", "用尽概率%", 100.0, 0),
    "beds_needed": ("beds needed", "所需床位", 1.0, 0),
    "wave_peak_census": ("wave peak", "疫情峰值", 1.0, 0),
}
_READ = ("hospital.", "emergency.", "inpatient.open_share")  # parameters that a stress test reads


def stress_command(
    run_folder: Path,
    years: Sequence[int],
    surge: str | None,
    replications: int | None,
    no_charts: bool,
    scenario: str | None,
    seed: int | None,
    workers: int | None,
    lang: str,
    quiet: bool,
) -> None:
    """Stress a run, print a row for each pool and year, and say where the tables are."""
    say = None if quiet else lambda text: print(text, file=sys.stderr, flush=True)
    found = stress(
        run_folder,
        tuple(years),
        surge,
        replications,
        workers or os.cpu_count() or 1,
        scenario=scenario,
        seed=seed,
        progress=say,
        charts=not no_charts,
        lang=lang,
    )
    for note in notes_text(found.notes):
        print(spoken(f"{run_folder}: {note}", lang), file=sys.stderr)
    if not quiet:
        print(stress_text(found.rows, lang))
    print(found.table)


def notes_text(notes: Sequence[str]) -> list[str]:
    """What has changed since the run: the figures of the hospital model first, then so many others."""
    own = [n for n in notes if not n.startswith("parameter ") or n.split()[1].startswith(_READ)]
    others = len(notes) - len(own)
    return [*own, f"and {others} parameters that the stress test does not read"] if others else own


def stress_text(rows: Sequence[dict[str, Any]], lang: str) -> str:
    """Rows of the hospital table as a table: a line for each year and pool."""
    shown = [f for f in _SHOWN if any(r["figure"] == f for r in rows)]
    lines: dict[tuple[str, str], dict[str, str]] = {}
    beds: dict[tuple[str, str], str] = {}
    for row in rows:
        key = (str(row["year"]), str(row["pool"]))
        beds[key] = f"{float(row['beds']):,.0f}" if row["beds"] not in ("", None) else ""
        if row["figure"] in shown and row["mean"] not in ("", None):
            _, _, factor, digits = _SHOWN[row["figure"]]
            text = f"{factor * float(row['mean']):,.{digits}f}"
            lines.setdefault(key, {})[row["figure"]] = text
    head = ("year", "pool", "beds") if lang == "en" else ("年份", "单元", "床位")
    body = [
        (year, _name(pool, lang), beds[year, pool], *(found.get(f, "") for f in shown))
        for (year, pool), found in lines.items()
    ]
    names = [_SHOWN[f][1] if lang == "zh" else _SHOWN[f][0] for f in shown]
    return table((*head, *names), body)


def _name(pool: str, lang: str) -> str:
    """A pool's word; the ambulances stand beside the pools."""
    resource = RESOURCES.get(pool)
    if resource is None:
        return pool_text(pool, lang)
    return resource.long_name_zh if lang == "zh" else resource.long_name
