"""A sweep folder as charts read it: its table, and its outputs and factors in words."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim import saved
from sim.catalogue.language import Lang, label
from sim.catalogue.words import GROUPS, unit, word
from sim.errors import ConfigError, fault
from sim.schema import RESOURCES

Row = Mapping[str, str]


@dataclass(frozen=True)
class SavedSweep:
    """A sweep folder as read."""

    folder: Path
    meta: dict[str, Any]
    rows: list[dict[str, str]]


def open_sweep(folder: Path) -> SavedSweep:
    """The sweep in a folder.

    Raises ConfigError if it is not a sweep folder.
    """
    meta, table = folder / "sweep.json", folder / "sensitivity.csv"
    if not meta.is_file() or not table.is_file():
        remedy = "give outputs/<experiment>/sweep-<id>"
        raise ConfigError(fault(str(folder), "is not a sweep folder", remedy))
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return SavedSweep(folder, json.loads(meta.read_text(encoding="utf-8")), rows)


def about(sweep: SavedSweep, row: Row, lang: Lang) -> str:
    """Output with its unit, region, scenario and year."""
    units = unit(row["unit"], lang)
    output = output_name(sweep, row["output"], lang)
    output += label(f"（{units}）", f" ({units})", lang) if units else ""
    names = {str(r["code"]): str(r[f"name_{lang}"]) for r in sweep.meta.get("regions", ())}
    scenario = saved.scenario_name(row["scenario"], lang, saved.titles_of(sweep.meta)) + label(
        "情景", " scenario", lang
    )
    year = row["year"] + label("年", "", lang)
    return label("，", ", ", lang).join([output, names.get(row["region"], row["region"]), scenario, year])


def foot(sweep: SavedSweep, note: str, lang: Lang) -> list[str]:
    """A note, then run and sources."""
    experiment = sweep.meta.get("experiment") or {}
    attrs = {
        "run_id": str(sweep.meta.get("run_id") or saved.final_name(sweep.folder)),
        "plan": str(experiment.get("plan") or ""),
        f"plan_{lang}": saved.plan_title(sweep.meta, lang, draft=True),
        f"sources_{lang}": "; ".join(saved.source_names(sweep.meta, lang)),
    }
    return [label(f"注：{note}。", f"Note: {note}.", lang), saved.source(attrs, lang)]


def output_name(sweep: SavedSweep, output: str, lang: Lang) -> str:
    """An output in words: as the sweep names it, else as its resource."""
    named = sweep.meta.get("output_names", {}).get(output)
    return str(named[lang]) if named else output_text(output, lang)


def output_text(output: str, lang: Lang) -> str:
    """An output's name in words where it is a resource's."""
    name, _, group = output.partition(".")
    stem, _, ending = name.rpartition("_")
    if stem not in RESOURCES:
        return output
    sides = {
        "ratio": ("供给与需求之比", "available / required"),
        "gap": ("供给与需求之差", "available less required"),
        "required": ("需求", "required"),
        "available": ("规划供给", "available"),
        "projected": ("趋势供给", "projected"),
    }
    zh, en = sides.get(ending, (ending, ending))
    resource = RESOURCES[stem]
    shown = label(
        f"{resource.long_name_zh}{zh}", f"{resource.long_name[0].upper()}{resource.long_name[1:]}: {en}", lang
    )
    return shown if group in ("", "total") else f"{shown} ({word(GROUPS, group, lang)})"


def outputs_of(
    rows: Sequence[dict[str, str]], scenario: str, region: str
) -> dict[tuple[str, str], list[dict[str, str]]]:
    """The rows of one scenario and region by output and year."""
    found: dict[tuple[str, str], list[dict[str, str]]] = {}
    for row in rows:
        if (row["scenario"], row["region"]) == (scenario, region):
            found.setdefault((row["output"], row["year"]), []).append(row)
    return found


def factor_name(sweep: SavedSweep, factor: str, lang: Lang) -> str:
    """A factor in words, where the sweep has a name for it."""
    names = sweep.meta.get("names", {}).get(factor)
    return factor if names is None else str(names[lang])


def taken_values(sweep: SavedSweep) -> dict[str, tuple[str, str]]:
    """The low and the high value of each factor that was moved alone, as runs.csv has them."""
    path = sweep.folder / "runs.csv"
    if not path.is_file():
        return {}
    found: dict[str, list[str]] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            for factor in sweep.meta.get("names", {}):
                text = (row.get(factor) or "").replace("quantile 0.", "P").strip()
                if text and text != "central" and text not in found.setdefault(factor, []):
                    found[factor].append(f"{text}0" if text in ("P1", "P9") else text)
    return {factor: (texts[0], texts[-1]) for factor, texts in found.items() if texts}
