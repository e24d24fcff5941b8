"""A plan to start from: valid, run as it stands, no target dressed as the place's own."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from paths import ROOT
from working_folder import run_cli

from sim.adequacy.indicators import assess
from sim.plan import list_plans, load_plan
from sim.plan.floors import in_force, load_floors
from sim.propose.listed import load_listed
from sim.run import runner
from sim.run.cases import cases
from sim.run.setup import set_up
from sim.store import open_results


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
    last = [i for i in plan.indicators if i.kind in ("target", "standard")]
    assert [(i.id, i.scope) for i in last] == [(one.indicator_id, one.scope) for one in listed]
    assert (plan.region, plan.base_year, plan.target_year) == ("130400", 2025, 2030)
    assert {i.value for i in plan.indicators if i.kind != "standard"} == {None}
    assert run_cli("plan", "new", "anyang_15fyp", "--region", "410500", cwd=folder).code == 0
    setup = set_up(folder / "experiments" / "anyang_15fyp.yaml")
    assert setup.experiment.test_years == (2030, 2035)


def test_what_the_nation_asks_is_a_standard_and_no_target_of_the_place(folder: Path) -> None:
    """The figure in force in the year, in the indicator's own unit; without one the target is empty."""
    assert run_cli("plan", "new", "asked", "--region", "130400", cwd=folder).code == 0
    plan, floors = load_plan(folder / "parameters", "asked"), load_floors(folder / "parameters")
    for row in plan.indicators:
        floor = in_force(floors.get(row.id, ()), 2030)
        if row.kind == "baseline":
            assert (row.value, row.last_year) == (None, 2025)
        elif floor is None or floor.unit != row.unit:
            assert (row.kind, row.value) == ("target", None), row.id
        else:
            assert (row.kind, row.value) == ("standard", floor.value), row.id
            assert row.operator == {"at_least": ">=", "at_most": "<="}[floor.direction]


@pytest.mark.slow
def test_national_goals_are_judged_and_empty_rows_say_so(folder: Path) -> None:
    assert run_cli("plan", "new", "judged", "--region", "130400", cwd=folder).code == 0
    setup = set_up(folder / "experiments" / "judged.yaml", scenarios=["reference"])
    run = runner.run(runner.with_draws(setup, 4, 1), folder / "outputs")
    with open_results(run / "results.nc") as results:
        rows = [r for r in assess(cases(setup, results)) if r.year == 2030]
    judged = {r.indicator_id for r in rows if r.verdict not in ("not_tested", "no_target")}
    assert {"nurses_per_1000", "practising_doctors_per_1000", "institution_nursing_bed_share"} <= judged
    empty = [r for r in rows if r.verdict == "not_tested"]
    assert empty
    assert all("gives no number" in r.reason for r in empty)


@pytest.mark.parametrize(("name", "code"), [("template_15fyp", "000000"), ("example_anyang_15fyp", "410500")])
def test_the_shipped_ones_are_what_the_command_makes(folder: Path, name: str, code: str) -> None:
    """No figure in them but what the nation asks and what the city's last plan prints, with its line."""
    shutil.rmtree(folder / "parameters" / "plans" / name)
    assert run_cli("plan", "new", name, "--region", code, cwd=folder).code == 0
    for made in sorted((folder / "parameters" / "plans" / name).iterdir()):
        one, other = (p.read_text(encoding="utf-8-sig") for p in (made, ROOT / made.relative_to(folder)))
        assert one == other, made.name
    earlier = {
        (r.id, r.scope, r.text, r.line) for r in load_plan(ROOT / "parameters", "anyang_14fyp").indicators
    }
    for row in load_plan(ROOT / "parameters", name).indicators:
        if row.kind == "history":
            assert (row.id, row.scope, row.text, row.line) in earlier
        else:
            assert row.kind == "standard" or row.value is None


def test_templates_and_examples_are_no_plans_of_places() -> None:
    listed = list_plans(ROOT / "parameters")
    assert not [n for n in listed if n.startswith(("template_", "example_"))]
    assert "anyang_14fyp" in listed


def test_a_filled_row_is_a_target_of_the_run(folder: Path) -> None:
    assert run_cli("plan", "new", "filled", "--region", "410500", cwd=folder).code == 0
    path = folder / "parameters" / "plans" / "filled" / "indicators.csv"
    text = path.read_text(encoding="utf-8-sig")
    path.write_text(
        text.replace("icu_beds_total,target,2030,>=,,", "icu_beds_total,target,2030,>=,900,", 1), "utf-8"
    )
    (target,) = load_plan(folder / "parameters", "filled").rows("icu_beds_total", "target")
    assert (target.operator, target.value, target.unit.name) == (">=", 900, "beds")


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
