"""Every key of the experiment schema moves something: no setting is documented that nothing reads."""

import csv
from pathlib import Path

import pytest
import small
import yaml
from pydantic import BaseModel

from sim.config import Experiment, read_experiment
from sim.config.experiment import GONE
from sim.errors import ConfigError, ParameterError
from sim.plan.targets import stated_targets
from sim.run import runner
from sim.run.migrate import migrate_file, migrated
from sim.run.parts import plan_parts
from sim.run.setup import set_up
from sim.run_folder import write_tables
from sim.stress.stress import ask
from sim.sweeps.sweep import plan_sweep

BASE = {
    "plan": "anyang_14fyp",
    "years": {"base": 2020, "end": 2026},
    "test_years": [2025],
    "scenarios": {"reference": ["shorter"]},
    "overrides": {"shorter": {"inpatient.alos": {"multiply": 0.9}}},
    "sweep": {
        "method": "lhs",
        "over": ["inpatient.alos", "supply.beds_growth"],
        "of": ["beds_required"],
        "n": 16,
    },
    "hospital": {"years": [2022], "replications": 4},
}


SHOWN = {"title", "titles"}  # for charts and tables alone


def _keys(model: type[BaseModel], prefix: str = "") -> set[str]:
    """Dotted names of all keys, those of blocks one by one."""
    found = set()
    for name, field in model.model_fields.items():
        key = prefix + (field.alias or name)
        blocks = [t for t in _types(field.annotation) if issubclass(t, BaseModel)]
        found |= _keys(blocks[0], f"{key}.") if blocks and key not in SHOWN else {key}
    return found


def _types(annotation) -> list[type]:
    parts = getattr(annotation, "__args__", ())
    if isinstance(annotation, type) and not parts:
        return [annotation]
    return [t for part in parts for t in _types(part)]


def computed(file: Path):
    """The blocks of a run by their keys, which hold every parameter, year, seed, draw and target."""
    return [(b.scenario, b.region, b.key) for b in runner.plan_blocks(set_up(file))]


def divided(file: Path):
    """The blocks of the parts of a run by their keys."""
    return [(b.region, b.codes, b.key) for b in plan_parts(set_up(file))]


def plan_tested(file: Path):
    """The rows of the plan with the years that each is tested in."""
    setup = set_up(file)
    found = stated_targets(setup.plan, setup.rules, setup.experiment.test_years)
    return [(s.statement.row.id, s.years) for s in found if s.target is not None]


def years_told(file: Path):
    """The years of the table of series; results.nc has all."""
    setup = set_up(file)
    done = runner.run(setup, file.parent / "out")
    write_tables(setup, done)
    with (done / "timeseries.csv").open(encoding="utf-8-sig", newline="") as table:
        return {row["year"] for row in csv.DictReader(table)}


def swept(file: Path):
    plan = plan_sweep(set_up(file))
    return (
        plan.design.method,
        plan.design.factors,
        len(plan.design.points),
        [(o.name, o.year) for o in plan.outputs],
    )


def stressed(file: Path):
    """What is put under load; tests/stress sees that each of its fields is heard."""
    return ask(set_up(file))


def folder(file: Path):
    return runner.run(set_up(file), file.parent / "out").parent.name


MOVES = {
    "name": ({"name": "another"}, folder),
    "regions": ({"regions": ["410500", "410700"]}, computed),
    "plan": ({"plan": None}, computed),
    "parts": ({"parts": "counties"}, divided),
    "years.end": ({"years": {"base": 2020, "end": 2025}}, computed),
    "test_years": ({"test_years": [2026]}, plan_tested),
    "scenarios": ({"scenarios": {"reference": ["shorter", "fertility_low"]}}, computed),
    "overrides": (
        {"scenarios": {"a": ["shorter"]}, "overrides": {"shorter": {"inpatient.alos": 5}}},
        computed,
    ),
    "draws.n": ({"draws": {"n": 4, "seed": 7}}, computed),
    "draws.seed": ({"draws": {"n": 3, "seed": 8}}, computed),
    "sweep.method": ({"sweep": BASE["sweep"] | {"method": "sobol"}}, swept),
    "sweep.n": ({"sweep": BASE["sweep"] | {"n": 32}}, swept),
    "sweep.over": ({"sweep": BASE["sweep"] | {"over": ["inpatient.alos", "inpatient.alos_growth"]}}, swept),
    "sweep.of": ({"sweep": BASE["sweep"] | {"of": ["nurses_required"]}}, swept),
    "sweep.groups": ({"sweep": BASE["sweep"] | {"groups": {"both": BASE["sweep"]["over"]}}}, swept),
    "hospital.years": ({"hospital": {"years": [2021], "replications": 4}}, stressed),
    "hospital.replications": ({"hospital": {"years": [2022], "replications": 3}}, stressed),
    "results.series": ({"plan": None, "results": {"series": ["deaths"]}}, computed),
    "results.years": ({"plan": None, "results": {"series": ["deaths"], "years": [2022]}}, years_told),
    "results.digits": ({"results": {"digits": 5}}, computed),
    "hospital.surge": ({"hospital": BASE["hospital"] | {"surge": "winter_wave_2022"}}, stressed),
}
REFUSED = {  # keys whose other values are refused by name, so that the one they have is heard
    "schema": ({"schema": 2}, "schema"),
    "years.base": ({"years": {"base": 2019, "end": 2026}}, "base 2019, but the base population is of 2020"),
    "known": ({"known": {"410501": "known.csv"}}, "no region '410501' here"),
    "parameters": ({"parameters": ["national"]}, "norm"),
}


def write(folder: Path, changes=()) -> Path:
    return small.experiment(folder, n=3, **(BASE | dict(changes)))


@pytest.mark.slow
@pytest.mark.parametrize("key", MOVES)
def test_a_key_moves_something(key, tmp_path):
    changes, seen = MOVES[key]
    before = seen(write(tmp_path))
    assert seen(write(tmp_path, changes)) != before


@pytest.mark.sampled(4)
@pytest.mark.parametrize("key", REFUSED)
def test_a_key_is_held_against_what_there_is(key, tmp_path):
    changes, text = REFUSED[key]
    set_up(write(tmp_path))
    with pytest.raises((ConfigError, ParameterError), match=text):
        set_up(write(tmp_path, changes))


def test_every_key_is_held_to_it():
    assert _keys(Experiment) == {*MOVES, *REFUSED, *SHOWN}


@pytest.mark.parametrize(("block", "key"), [(block, key) for block, keys in GONE.items() for key in keys])
def test_a_key_that_is_gone_is_refused_by_name_and_migrated(block, key, tmp_path):
    file = write(tmp_path, {block: BASE[block] | {key: 90}})
    wrong = rf"small.yaml: {block}.{key} . is gone since version 0.2: it {GONE[block][key].split(':')[0]}"
    with pytest.raises(ConfigError, match=rf"{wrong}.* . take it out, or `healthplan migrate`"):
        read_experiment(file)
    new, notes = migrate_file(file, write=True)
    assert notes[0] == f"{block}.{key}: 90 left out; it {GONE[block][key]}"
    assert read_experiment(new) == read_experiment(write(tmp_path))
    assert yaml.safe_load(file.with_name("small.yaml.old").read_text())[block][key] == 90


def test_the_record_of_an_old_run_is_read_without_keys_that_are_gone():
    """run.json holds every setting, those at their defaults too."""
    old = {"schema": 1, "hospital": {"warm_up_days": 90, "run_days": 365, "years": [2025]}}
    new, notes = migrated(old, "run.json")
    assert new == {"schema": 1, "hospital": {"years": [2025]}}
    assert len(notes) == 2
    assert "warm_up_days" in old["hospital"]
