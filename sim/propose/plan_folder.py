"""A proposal as a plan: parameters/plans/<name> and experiments/<name>.yaml, which `run` takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from sim.catalogue.language import Lang
from sim.errors import ConfigError, fault
from sim.plan.document import INDICATOR_COLUMNS
from sim.run.setup import Setup
from sim.writing import whole, whole_folder, write_rows

MADE = "healthplan propose"  # source of a plan that may be made again


def write_plan(
    setup: Setup, name: str, rows: Iterable[Mapping[str, Any]], years: Sequence[int], now: int, lang: Lang
) -> tuple[Path, Path]:
    """Write the plan folder and its experiment; returns both.

    lang: of the reasons that stand as notes; titles are in both languages.
    Raises ConfigError where a plan of that name was made by hand: it is not overwritten.
    """
    region = setup.regions[0]
    folder = setup.root / "parameters" / "plans" / name
    experiment = setup.root / "experiments" / f"{name}.yaml"
    check_free(folder)
    head = {
        "schema": 1,
        "id": name,
        "region": region.code,
        "name": {
            "zh": f"{region.name_zh}{years[0]}年卫生健康指标建议",
            "en": f"{region.name_en}: proposed targets for {years[0]}",
        },
        "period": [now + 1, years[0]],
        "base_year": now,
        "target_year": years[0],
        "status": "draft",
        "document": f"{region.name_zh}{years[0]}年卫生健康指标建议（模型建议，非正式文件）",
        "source": MADE,
    }
    draws = setup.experiment.draws
    content = {
        "schema": 1,
        "name": name,
        "title": head["name"],
        "regions": [region.code],
        "plan": name,
        "years": {"base": now, "end": setup.years[-1]},
        "test_years": list(years),
        "draws": {"n": draws.n, "seed": draws.seed},
    }
    with whole_folder(folder, replace=True) as part:
        write_yaml(part / "plan.yaml", head)
        write_rows(part / "indicators.csv", INDICATOR_COLUMNS, _indicators(rows, lang))
        write_yaml(experiment, content)
    return folder, experiment


def check_free(folder: Path) -> None:
    """Raise ConfigError where a folder holds a plan that this command did not make."""
    head = folder / "plan.yaml"
    if not folder.exists():
        return
    made = head.is_file() and yaml.safe_load(head.read_text(encoding="utf-8")).get("source") == MADE
    if not made:
        raise ConfigError(fault(str(folder), "exists already and is no proposal", "give --name another"))


def _indicators(rows: Iterable[Mapping[str, Any]], lang: Lang) -> Iterable[dict[str, Any]]:
    for line, row in enumerate((r for r in rows if r.get("recommended")), 1):
        yield {
            "indicator_id": row["indicator_id"],
            "kind": "target",
            "year": row["year"],
            "operator": row["operator"],
            "value": row["recommended"],
            "unit": row["unit"],
            "population_basis": row["population_basis"],
            "binding": "",
            "scope": row["scope"],
            "location": row[f"section_{lang}"],
            "line": line,
            "note": row[f"reason_{lang}"],
        }


def write_yaml(path: Path, content: Mapping[str, Any]) -> None:
    """A YAML file with its keys in order, written whole or not at all."""
    with whole(path) as part:
        part.write_text(yaml.safe_dump(dict(content), allow_unicode=True, sort_keys=False), encoding="utf-8")
