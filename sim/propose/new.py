"""A plan for the next period to start from: national goals, empty targets, what the last plan set.

parameters/plans/template_15fyp is copied for a place. What an earlier plan of the place aims at stands
beside it as history, each row with the line that it is from; nothing is invented.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from sim.config.names import name_fault
from sim.errors import ConfigError, fault
from sim.places import Region, find_region, list_regions
from sim.plan import list_plans, load_plan
from sim.plan.document import INDICATOR_COLUMNS
from sim.writing import whole, write_rows

TEMPLATE = "template_15fyp"
SCENARIOS = ("shrinking_place", "family_place", "reformed_care")
DRAWS, SEED, HORIZON, BASE = 200, 1, 2035, 2020


def start_plan(root: Path, name: str, code: str) -> tuple[Path, Path]:
    """Write parameters/plans/<name> and experiments/<name>.yaml; returns both.

    Raises ConfigError for a name that cannot be one or is taken, and for an unknown place.
    """
    folder = root / "parameters" / "plans" / name
    experiment = root / "experiments" / f"{name}.yaml"
    if wrong := name_fault(name):
        raise ConfigError(fault("name", wrong))
    for path in (folder, experiment):
        if path.exists():
            raise ConfigError(fault(str(path), "exists already", "choose another name"))
    region = find_region(root, code, list_regions(root))
    head = _head(root, name, region)
    rows = [*_template(root), *_earlier(root, region, head["period"][0])]
    folder.mkdir(parents=True)
    _yaml(folder / "plan.yaml", head)
    write_rows(folder / "indicators.csv", INDICATOR_COLUMNS, rows)
    experiment.parent.mkdir(exist_ok=True)
    _yaml(experiment, _experiment(name, region, head))
    return folder, experiment


def _head(root: Path, name: str, region: Region) -> dict[str, Any]:
    path = root / "parameters" / "plans" / TEMPLATE / "plan.yaml"
    head: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    zh = f"{region.name_zh}“十五五”卫生健康规划（待定）"
    en = f"{region.name_en}: health plan of the 15th five-year period, to be filled in"
    return head | {"id": name, "region": region.code, "name": {"zh": zh, "en": en}, "document": zh}


def _template(root: Path) -> list[dict[str, str]]:
    path = root / "parameters" / "plans" / TEMPLATE / "indicators.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _earlier(root: Path, region: Region, first: int) -> Iterator[dict[str, Any]]:
    """What earlier plans of the place state for the template's indicators, as history."""
    listed = {row["indicator_id"] for row in _template(root)}
    for name in list_plans(root / "parameters"):
        plan = load_plan(root / "parameters", name)
        if plan.region != region.code or plan.period[1] >= first:
            continue
        for row in plan.indicators:
            if row.id in listed and row.kind in ("baseline", "target") and row.value is not None:
                level = row.operator if row.kind == "target" else "="
                if level == "change" or row.last_year is None:
                    continue
                said = "目标" if row.kind == "target" else "基期"
                yield {
                    "indicator_id": row.id,
                    "kind": "history",
                    "year": row.year,
                    "operator": level,
                    "value": row.text,
                    "unit": row.unit.name,
                    "population_basis": row.population_basis,
                    "binding": "",
                    "scope": row.scope,
                    "location": f"{name}: {row.location}",
                    "line": row.line,
                    "note": f"{plan.document}的{said} / {row.kind} of {name}",
                }


def _experiment(name: str, region: Region, head: dict[str, Any]) -> dict[str, Any]:
    return {
        "schema": 1,
        "name": name.lower(),
        "title": head["name"],
        "regions": [region.code],
        "plan": name,
        "years": {"base": BASE, "end": HORIZON},
        "test_years": [head["target_year"], HORIZON],
        "scenarios": {"reference": [], **{scenario: [scenario] for scenario in SCENARIOS}},
        "draws": {"n": DRAWS, "seed": SEED},
    }


def _yaml(path: Path, content: dict[str, Any]) -> None:
    with whole(path) as part:
        part.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
