"""Every file in experiments/ and parameters/ is read and checked, each by its own name."""

from __future__ import annotations

import functools
from pathlib import Path

import pytest
from paths import ROOT
from working_folder import run_cli

from sim.config import read_experiment
from sim.params import Parameter, read_file, read_sources
from sim.places import list_regions, read_region
from sim.plan import list_plans, load_plan
from sim.plan.tests import load_rules, rule_for
from sim.run.setup import set_up
from sim.textfile import read_csv, read_text

PARAMETERS = ROOT / "parameters"
EXPERIMENTS = sorted((ROOT / "experiments").glob("*.yaml"))
FILES = sorted(
    path
    for path in PARAMETERS.rglob("*.yaml")
    if not {"plans", "sources", "scenarios"} & set(path.relative_to(PARAMETERS).parts)
    and path.name not in ("region.yaml", "sources.yaml", "labels.yaml")
)
_EVIDENCE = (
    "census_",
    "observed",
    "population_reference_",
    "rare_counts",
    "goals_without_indicator",
    "counts",
)  # calibration and tests read these
MOST, SAMPLE = 50, 30
"""An experiment of more regions is set up with about so many of them: each takes a fifth of a second."""
PLANS = {
    "anyang_14fyp": ("410500", 2020, 2025),
    "xinxiang_14fyp": ("410700", 2020, 2025),
    "nanyang_13fyp": ("411300", 2015, 2020),
    "longhu_13fyp": ("440507", 2015, 2020),
    "zhengzhou_13fyp": ("410100", 2015, 2020),
}


@functools.cache
def parameters(path: Path) -> dict[str, Parameter]:
    return read_file(path, PARAMETERS)


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_the_five_plans_have_their_experiments():
    found = {read_experiment(p).plan: read_experiment(p) for p in EXPERIMENTS}
    for plan, (region, _, target) in PLANS.items():
        experiment = found[plan]
        assert region in experiment.regions
        assert experiment.years.base == 2020
        assert experiment.years.end >= 2035
        assert {y for y in (2025, 2035) if y >= target} <= set(experiment.test_years)


@pytest.mark.parametrize(
    "path",
    [p if p.stem == "anyang_14fyp" else pytest.param(p, marks=pytest.mark.slow) for p in EXPERIMENTS],
    ids=name,
)
def test_every_experiment_can_be_run(path: Path):
    regions = read_experiment(path).regions
    chosen = regions if len(regions) <= MOST else regions[:: len(regions) // SAMPLE]
    setup = set_up(path, changes={"regions": chosen})
    assert setup.scenarios == tuple(setup.experiment.scenarios)
    assert path.stem == setup.experiment.name


@pytest.mark.sampled(4)
@pytest.mark.parametrize("path", FILES, ids=name)
def test_every_parameter_file_is_right(path: Path):
    found = parameters(path)
    assert found
    for parameter in found.values():
        record = parameter.record
        chinese = any("\u4e00" <= c <= "\u9fff" for c in record.name.zh)
        assert chinese, f"{parameter.name} has no Chinese name"
        if record.quality in "CD" or record.basis == "assumed":
            assert record.range or record.exact or parameter.is_method, parameter.name


@pytest.mark.slow
def test_every_source_that_a_file_names_is_listed():
    faults: list[str] = []
    sources = read_sources(PARAMETERS, faults)
    assert faults == []
    used = {p.record.source for path in FILES for p in parameters(path).values()}
    assert used <= set(sources)


@pytest.mark.slow
def test_every_table_is_used():
    """A CSV that no record and no reader names would be a figure that counts for nothing."""
    records = [(path.parent, p.record) for path in FILES for p in parameters(path).values()]
    named = {(folder / r.table).resolve() for folder, r in records if r.table}
    code = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "sim").rglob("*.py"))
    for path in PARAMETERS.rglob("*.csv"):
        used = path.resolve() in named or path.name in code
        assert used or path.name.startswith(_EVIDENCE), name(path)


@pytest.mark.parametrize("path", sorted(PARAMETERS.rglob("region.yaml")), ids=name)
def test_every_region_is_right(path: Path):
    region = read_region(path)
    assert path.parent.name.startswith(region.code)
    assert region.name_zh
    assert region.name_en


def test_region_codes_are_unique():
    assert {code for code, *_ in PLANS.values()} <= set(list_regions(ROOT))


@pytest.mark.parametrize("plan", sorted(PLANS))
def test_every_plan_is_right_and_every_indicator_has_a_test(plan: str):
    found = load_plan(PARAMETERS, plan)
    assert (found.region, found.base_year, found.target_year) == PLANS[plan]
    rules = load_rules(ROOT)
    for row in found.indicators:
        rule = rule_for(rules, row.id, row.scope)
        assert rule.test != "none" or rule.reason_zh, row.place


def test_all_765_rows_of_the_five_plans_are_there():
    found = [load_plan(PARAMETERS, plan) for plan in list_plans(PARAMETERS)]
    assert sum(len(p.indicators) for p in found) == 765


def test_every_file_is_clean_text():
    for path in PARAMETERS.rglob("*"):
        if path.suffix in (".csv", ".yaml"):
            assert "\ufffd" not in read_text(path), path  # what a damaged encoding leaves behind
        if path.suffix == ".csv":
            read_csv(path)


@pytest.mark.slow
def test_validate_accepts_every_file():
    shared = sorted((PARAMETERS / "sources").glob("*.yaml"))
    plans = [PARAMETERS / "plans" / plan for plan in PLANS]
    regions = sorted(PARAMETERS.rglob("region.yaml"))
    experiments = [path for path in EXPERIMENTS if len(read_experiment(path).regions) <= MOST]
    everything = [*experiments, *FILES, *shared, *plans, *regions]
    done = run_cli("validate", *everything)
    assert done.code == 0, done.err
    assert len(done.out.splitlines()) == len(everything)
