"""An empty plan for a place: valid, run as it stands, no target dressed as the place's own."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from paths import ROOT
from working_folder import run_cli

from sim.plan import load_plan
from sim.propose.listed import load_listed
from sim.run.setup import set_up


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("work")
    shutil.copytree(ROOT / "parameters", made / "parameters")
    (made / "experiments").mkdir()
    return made


def test_an_empty_plan_is_valid_and_its_experiment_is_set_up(folder: Path) -> None:
    outcome = run_cli("plan", "new", "handan_15fyp", "--region", "130400", cwd=folder)
    assert outcome.code == 0, outcome.err
    plan = load_plan(folder / "parameters", "handan_15fyp")
    listed = load_listed(folder / "parameters")
    assert [(i.id, i.scope) for i in plan.targets] == [(one.indicator_id, one.scope) for one in listed]
    assert (plan.region, plan.base_year, plan.target_year) == ("130400", 2025, 2030)
    assert {i.value for i in plan.indicators} == {None}
    assert run_cli("plan", "new", "anyang_15fyp", "--region", "410500", cwd=folder).code == 0
    setup = set_up(folder / "experiments" / "anyang_15fyp.yaml")
    assert setup.experiment.test_years == (2030, 2035)


def test_what_the_nation_asks_stands_in_the_note_alone(folder: Path) -> None:
    assert run_cli("plan", "new", "asked", "--region", "410500", cwd=folder).code == 0
    (target,) = load_plan(folder / "parameters", "asked").rows("life_expectancy", "target")
    assert target.note.startswith("not set: target of 2030; the nation asks >= 80 years from 2030")
    assert target.value is None


def test_a_filled_row_is_a_target_of_the_run(folder: Path) -> None:
    assert run_cli("plan", "new", "filled", "--region", "410500", cwd=folder).code == 0
    path = folder / "parameters" / "plans" / "filled" / "indicators.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("beds_per_1000,target,2030,>=,,", "beds_per_1000,target,2030,>=,7.3,", 1), "utf-8"
    )
    (target,) = load_plan(folder / "parameters", "filled").rows("beds_per_1000", "target")
    assert (target.operator, target.value, target.population_basis) == (">=", 7.3, "resident")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("twice", "--region", "410500"), "exists already"),
        (("nowhere", "--region", "999999"), "no region '999999'"),
        (("back", "--region", "410500", "--target", "2020"), "years that rise"),
    ],
)
def test_what_is_refused_leaves_nothing(arguments: tuple[str, ...], said: str, folder: Path) -> None:
    run_cli("plan", "new", "twice", "--region", "410500", cwd=folder)
    outcome = run_cli("plan", "new", *arguments, cwd=folder)
    assert outcome.code == 2
    assert said in outcome.err
    if arguments[0] != "twice":
        assert not (folder / "parameters" / "plans" / arguments[0]).exists()
