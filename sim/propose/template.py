"""A plan for a place to start from: the indicators of a plan's table, levels and targets to be written.

Base year, target year and the indicators are those of a proposal (parameters/plans/proposal.csv). What
the nation asks by the target year is a row of kind `standard`, judged for the place and never called its
own target; where the nation asks nothing the target is empty. What an earlier plan of the place printed
stands as history with its line. Notes are in the language asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.catalogue.language import LANGS, Lang, label, located
from sim.config import check_name
from sim.errors import ConfigError, fault
from sim.places import Region, find_region, list_regions
from sim.plan import list_plans, load_plan
from sim.plan.document import INDICATOR_COLUMNS
from sim.plan.floors import Floor, in_force, load_floors
from sim.plan.vocabulary import BINDING
from sim.propose.folder import BASE
from sim.propose.listed import load_listed
from sim.propose.plan_folder import write_yaml
from sim.propose.reason import STATUS
from sim.writing import whole_folder, write_rows

_PRINTED = {"baseline": ("基期值", "baseline"), "target": ("目标值", "target")}
_SIGN = {"at_least": ">=", "at_most": "<="}
_AFTER = 5  # years of the next plan, looked at beside a plan's own target year
SCENARIOS = ("shrinking_place", "family_place", "reformed_care")
"""Mixtures of the standard set that stand beside the reference."""


@dataclass(frozen=True)
class Years:
    """Base year of the plan, year that its targets are for, last year that is looked at."""

    base: int
    target: int
    end: int


def new_plan(root: Path, name: str, code: str, years: Years, lang: Lang = "zh") -> tuple[Path, Path]:
    """Write parameters/plans/<name> and experiments/<name>.yaml under the working folder `root`.

    lang: of its notes; titles are in both languages.
    Raises ConfigError for an unknown place, years out of order, or where one of the two is there.
    """
    if not years.base < years.target <= years.end:
        wrong = f"base {years.base}, target {years.target}, end {years.end}"
        raise ConfigError(fault("plan new", wrong, "years that rise: 2025, 2030, 2035"))
    check_name(name, "plan new")
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
    rows = [*_rows(parameters, years, lang), *_earlier(parameters, region, years, lang)]
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
        "source": label("尚未印发", "not issued yet", lang),
    }
    with whole_folder(folder) as part:
        write_yaml(part / "plan.yaml", head)
        write_rows(part / "indicators.csv", INDICATOR_COLUMNS, rows)
        _write_experiment(experiment, name, title, region.code, (years.target, years.end), years.base)
    return folder, experiment


def experiment_of(root: Path, name: str) -> Path | None:
    """Write experiments/<name>.yaml for a plan that is there: its target year and five years on.

    Returns its path; None where that file is there already, which stays as it is.
    """
    plan = load_plan(root / "parameters", name)
    path = root / "experiments" / f"{name}.yaml"
    if path.exists():
        return None
    years = [y for y in (plan.target_year, plan.target_year + _AFTER) if y > BASE]
    title = {"zh": plan.name_zh, "en": plan.name_en}
    _write_experiment(path, name, title, plan.region, years, plan.base_year)
    return path


def _write_experiment(
    path: Path, name: str, title: dict[str, str], region: str, test_years: Sequence[int], base: int = BASE
) -> None:
    """An experiment of a plan.  base: up to which year all is history."""
    content = {
        "schema": 1,
        "name": name,
        "title": title,
        "regions": [region],
        "plan": name,
        "years": {"base": max(base, BASE), "end": max(test_years)},
        "test_years": sorted(set(test_years)),
        "scenarios": {"reference": [], **{name: [name] for name in SCENARIOS}},
        "draws": {"n": 200, "seed": 1},
    }
    path.parent.mkdir(exist_ok=True)
    write_yaml(path, content)


def _rows(parameters: Path, years: Years, lang: Lang) -> Iterator[dict[str, object]]:
    """A row for the level of each indicator, and one for its target or what the nation asks."""
    line = 0
    for one in load_listed(parameters):
        floor = in_force(load_floors(parameters).get(one.indicator_id, ()), years.target)
        last: tuple[str, str, str, str]
        if floor is not None and floor.unit.name == one.unit:
            last = ("standard", _SIGN[floor.direction], f"{floor.value:g}", _asked(floor, lang))
        else:
            unset = label(f"未设定：{years.target}年目标", f"not set: target of {years.target}", lang)
            last = ("target", one.operator, "", unset)
        unfilled = label(f"未填写：{years.base}年现状", f"not filled in: level of {years.base}", lang)
        level = ("baseline", "=", "", unfilled)
        for kind, operator, value, note in (level, last):
            line += 1
            yield {
                "indicator_id": one.indicator_id,
                "kind": kind,
                "year": years.base if kind == "baseline" else years.target,
                "operator": operator,
                "value": value,
                "unit": one.unit,
                "population_basis": one.population_basis,
                "binding": BINDING[0],
                "scope": one.scope,
                "location": label(one.section_zh, one.section_en, lang),
                "line": line,
                "note": note,
            }


def _asked(floor: Floor, lang: Lang) -> str:
    """What the nation asks, with what force and by which source, and how to set a target beside it."""
    status = STATUS[floor.status][LANGS.index(lang)]
    return label(
        f"国家自{floor.year}年起的要求（{status}，{floor.source}）：{floor.note_zh}；"
        "如设本地目标，请将 kind 改为 target 并填写数值",
        f"asked by the nation from {floor.year} ({status}, {floor.source}): {floor.note_en}; "
        "for a target of your own write kind target and its value",
        lang,
    )


def _earlier(parameters: Path, region: Region, years: Years, lang: Lang) -> Iterator[dict[str, object]]:
    """What earlier plans of the place print for these indicators, as history."""
    listed = {one.indicator_id for one in load_listed(parameters)}
    for name in list_plans(parameters):
        plan = load_plan(parameters, name)
        if plan.region != region.code or plan.period[1] > years.base:
            continue
        for row in plan.indicators:
            is_level = row.kind in ("baseline", "target") and row.operator != "change"
            if row.id in listed and is_level and row.value is not None and row.last_year is not None:
                yield {
                    "indicator_id": row.id,
                    "kind": "history",
                    "year": row.year,
                    "operator": row.operator,
                    "value": row.text,
                    "unit": row.unit.name,
                    "population_basis": row.population_basis,
                    "binding": BINDING[0],
                    "scope": row.scope,
                    "location": f"{name}: {located(row.location, lang)}",
                    "line": row.line,
                    "note": label("{1}的{0[0]}", "{0[1]} of {1}", lang).format(_PRINTED[row.kind], name),
                }
