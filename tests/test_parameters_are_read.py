"""No dead parameter: every record of the parameter folder is read by a stage or a command."""

import ast
import importlib
import re
from functools import cache
from pathlib import Path

import pytest
import xarray as xr
from health_world import health_params, world
from paths import ROOT

import sim.burden
import sim.demand
import sim.demography
import sim.supply
from sim.catalogue import cadres
from sim.demography import fertility
from sim.params import read_sets
from sim.plan.needs import load_needs
from sim.textfile import read_yaml

STAGES = (sim.demography, sim.burden, sim.demand, sim.supply)
NOT_READ = {  # dotted name -> why it is kept all the same
    "occupancy_by_size.target": "table of the hospital model for a planner's own unit sizes; the "
    "need takes the typical unit of each kind, occupancy_by_size.bed_group, made by the same run",
}


@cache
def _sources() -> dict[str, str]:
    return {str(p): p.read_text(encoding="utf-8") for p in (ROOT / "sim").rglob("*.py")}


def _names() -> set[str]:
    """Dotted names of all sets, every region included."""
    files = [
        p
        for folder in ("national", "standards", "regions")
        for p in (ROOT / "parameters" / folder).rglob("*.yaml")
    ]
    found = set()
    for path in files:
        records = (read_yaml(path) or {}).get("parameters", {})
        found |= {f"{path.stem}.{key}" for key in records}
    return found


@cache
def _shares() -> frozenset[str]:
    """Parameters that needs without a target multiply by."""
    return frozenset(n.share for n in load_needs(ROOT / "parameters") if n.share)


def _is_read(name: str) -> bool:
    """Declared by a stage, named in full or by a table, or put together from topic and key."""
    if any(name in stage.PARAMETERS for stage in STAGES):
        return True
    if name in _shares():
        return True
    topic, key = name.split(".")
    built = re.compile(rf'f"{topic}\.\{{')
    return any(
        f'"{name}"' in text or (built.search(text) and re.search(rf'"{key}"', text))
        for text in _sources().values()
    )


def test_every_parameter_is_read():
    dead = sorted(n for n in _names() if not _is_read(n) and n not in NOT_READ)
    assert dead == []


@pytest.mark.slow
def test_no_name_shows_an_id_to_the_reader():
    """Names stand in charts and documents; what a table is called in the folder has no place there."""
    shown = []
    for path in (ROOT / "parameters").rglob("*.yaml"):
        records = (read_yaml(path) or {}).get("parameters", {})
        for key, record in records.items() if isinstance(records, dict) else ():
            names = record.get("name", {}) if isinstance(record, dict) else {}
            shown += [f"{path.stem}.{key}: {text}" for text in dict(names).values() if "_" in text]
    assert shown == []


def test_what_is_kept_unread_exists_and_is_unread():
    for name in NOT_READ:
        assert name in _names()
        assert not _is_read(name)


def _strings(path: Path) -> tuple[set[str], list[re.Pattern[str]]]:
    """Texts of a module outside its own PARAMETERS: whole ones, and patterns of those put together."""
    body = [n for n in ast.parse(path.read_text(encoding="utf-8")).body if not _is_statement(n)]
    nodes = [n for top in body for n in ast.walk(top)]
    whole = {n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    built = []
    for node in (n for n in nodes if isinstance(n, ast.JoinedStr)):
        parts = [re.escape(v.value) if isinstance(v, ast.Constant) else r"[a-z0-9_]+" for v in node.values]
        text = "".join(parts)
        if re.match(r"([a-z_]+|\[a-z0-9_\]\+)\\\.", text):  # topic.key
            built.append(re.compile(text))
    return whole, built


def _is_statement(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "PARAMETERS"


def _modules() -> list[tuple[str, str]]:
    """(stage, module) of every module of a stage that reads parameters by name."""
    found = []
    for stage in STAGES:
        folder = Path(stage.__file__).parent
        for path in sorted(folder.glob("*.py")):
            if "PARAMETERS = (" in path.read_text(encoding="utf-8"):
                found.append((stage.__name__, path.stem))
    return found


@pytest.mark.parametrize("stage", STAGES, ids=lambda s: s.__name__)
def test_a_stage_states_each_parameter_once(stage):
    assert len(set(stage.PARAMETERS)) == len(stage.PARAMETERS)


@pytest.mark.parametrize(("stage", "module"), _modules())
def test_a_module_states_what_it_reads(stage, module):
    """Each name that a module states stands in its functions too, and none twice."""
    found = importlib.import_module(f"{stage}.{module}")
    own = [n for n in found.PARAMETERS if module != "stage" or n not in fertility.PARAMETERS]
    assert len(set(own)) == len(own)
    whole, built = _strings(Path(found.__file__))
    looked_up = {row.half_life for row in cadres.ROWS}
    unread = [n for n in own if n not in whole | looked_up and not any(b.fullmatch(n) for b in built)]
    assert unread == []


@pytest.mark.parametrize("stage", [sim.burden, sim.demand, sim.supply], ids=lambda s: s.__name__)
def test_a_module_reads_only_what_it_states(stage):
    """A dotted name of some parameter in a module of a stage is in that module's PARAMETERS."""
    known = {name for each in STAGES for name in each.PARAMETERS}
    for path in sorted(Path(stage.__file__).parent.glob("*.py")):
        name = stage.__name__ if path.stem == "__init__" else f"{stage.__name__}.{path.stem}"
        stated = set(getattr(importlib.import_module(name), "PARAMETERS", ()))
        whole, _ = _strings(path)
        assert sorted(whole & known - stated) == [], path


class _Recorded(dict):
    """Parameters that remember which of them were asked for."""

    def __init__(self, items):
        super().__init__(items)
        self.asked = set()

    def __getitem__(self, name):
        self.asked.add(name)
        return super().__getitem__(name)


@pytest.mark.slow
@pytest.mark.parametrize("stage", [sim.burden, sim.demand, sim.supply], ids=lambda s: s.__name__)
def test_a_stage_reads_all_that_it_declares(stage):
    """Under one of its named methods, for what only some methods need."""
    params = health_params()
    asked = set()
    for method in ({}, _other_methods(params)):
        state = world()
        for each in (sim.burden, sim.demand, sim.supply):
            own = _Recorded({n: (params | method)[n] for n in each.PARAMETERS})
            state = state.assign(each.project(state[list(each.READS)], own).data_vars)
            if each is stage:
                asked |= own.asked
                break
    assert sorted(set(stage.PARAMETERS) - asked) == []


def _other_methods(params):
    """Every method switched to its last choice."""
    records = read_sets(ROOT / "parameters", ["national", "standards"])
    return {
        name: xr.DataArray(parameter.record.choices[-1])
        for name, parameter in records.items()
        if parameter.record.choices and name in params
    }
