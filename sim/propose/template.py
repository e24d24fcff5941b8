"""An empty plan for a place: the indicators of a plan's table, levels and targets still to be written.

Base year, target year and the indicators are those of a proposal (parameters/plans/proposal.csv); what
the nation asks by the target year stands in the note of a row, never as the place's own target.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sim.errors import ConfigError, fault
from sim.places import find_region, list_regions
from sim.plan.document import INDICATOR_COLUMNS
from sim.plan.floors import in_force, load_floors
from sim.plan.vocabulary import BINDING
from sim.propose.folder import BASE
from sim.propose.listed import Listed, load_listed
from sim.propose.plan_folder import write_yaml
from sim.writing import write_rows

_SIGN = {"at_least": ">=", "at_most": "<="}


@dataclass(frozen=True)
class Years:
    """Base year of the plan, year that its targets are for, last year that is looked at."""

    base: int
    target: int
    end: int


def new_plan(root: Path, name: str, code: str, years: Years) -> tuple[Path, Path]:
    """Write parameters/plans/<name> and experiments/<name>.yaml under the working folder `root`.

    Raises ConfigError for an unknown place, years out of order, or where one of the two is there.
    """
    if not years.base < years.target <= years.end:
        wrong = f"base {years.base}, target {years.target}, end {years.end}"
        raise ConfigError(fault("plan new", wrong, "years that rise: 2025, 2030, 2035"))
    parameters = root / "parameters"
    folder, experiment = parameters / "plans" / name, root / "experiments" / f"{name}.yaml"
    for path in (folder, experiment):
        if path.exists():
            raise ConfigError(fault(str(path), "exists already", "give another name"))
    region = find_region(root, code, list_regions(root))
    title = {
        "zh": f"{region.name_zh}{years.base + 1}—{years.target}年卫生健康规划",
        "en": f"{region.name_en}: health plan {years.base + 1}-{years.target}",
    }
    rows = list(_rows(parameters, years))
    folder.mkdir(parents=True)
    head = {
        "schema": 1,
        "id": name,
        "region": region.code,
        "name": title,
        "period": [years.base + 1, years.target],
        "base_year": years.base,
        "target_year": years.target,
        "status": "draft",
        "document": title["zh"],
        "source": "not issued yet",
    }
    write_yaml(folder / "plan.yaml", head)
    write_rows(folder / "indicators.csv", INDICATOR_COLUMNS, rows)
    content = {
        "schema": 1,
        "name": name,
        "title": title,
        "regions": [region.code],
        "plan": name,
        "years": {"base": BASE, "end": years.end},
        "test_years": sorted({years.target, years.end}),
        "draws": {"n": 200, "seed": 1},
    }
    write_yaml(experiment, content)
    return folder, experiment


def _rows(parameters: Path, years: Years) -> Iterator[dict[str, object]]:
    """A row for the level and one for the target of each indicator, without a value."""
    line = 0
    for one in load_listed(parameters):
        asked = _asked(parameters, one, years)
        for kind, year, operator, note in (
            ("baseline", years.base, "=", f"not filled in: level of {years.base}"),
            ("target", years.target, one.operator, f"not set: target of {years.target}{asked}"),
        ):
            line += 1
            yield {
                "indicator_id": one.indicator_id,
                "kind": kind,
                "year": year,
                "operator": operator,
                "value": "",
                "unit": one.unit,
                "population_basis": one.population_basis,
                "binding": BINDING[0],
                "scope": one.scope,
                "location": one.section_zh,
                "line": line,
                "note": note,
            }


def _asked(parameters: Path, one: Listed, years: Years) -> str:
    """What the nation asks of an indicator by the target year, as words of a note."""
    floor = in_force(load_floors(parameters).get(one.indicator_id, ()), years.target)
    if floor is None:
        return ""
    figure = f"{_SIGN[floor.direction]} {floor.value:g} {floor.unit.name}"
    return f"; the nation asks {figure} from {floor.year} ({floor.status}, {floor.source})"
