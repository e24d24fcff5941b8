"""A new plan from the template: national goals in force, empty targets, the last plan as history."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml
from paths import PARAMETERS, ROOT, read_rows

from sim.adequacy.indicators import assess
from sim.config.standard import load_standard
from sim.errors import ConfigError
from sim.plan import list_plans, load_plan
from sim.plan.floors import in_force, load_floors
from sim.plan.vocabulary import load_vocabulary
from sim.propose.listed import load_listed
from sim.propose.new import SCENARIOS, TEMPLATE, start_plan
from sim.run import runner
from sim.run.cases import cases
from sim.run.setup import set_up
from sim.store import open_results

EXAMPLE = "example_anyang_15fyp"


@pytest.fixture
def work(tmp_path: Path) -> Path:
    (tmp_path / "experiments").mkdir()
    shutil.copytree(PARAMETERS, tmp_path / "parameters")
    return tmp_path


def test_the_template_states_the_goals_in_force_and_nothing_else():
    """Each listed indicator once: the nation's figure of 2030 where there is one in its unit, else empty."""
    plan, floors = load_plan(PARAMETERS, TEMPLATE), load_floors(PARAMETERS)
    units = load_vocabulary(PARAMETERS).units
    listed = [(one.indicator_id, one.scope) for one in load_listed(PARAMETERS)]
    assert [(row.id, row.scope) for row in plan.indicators] == listed
    for row in plan.indicators:
        floor = in_force(floors.get(row.id, ()), plan.target_year)
        if floor is None or floor.unit != units[row.unit.name]:
            assert (row.kind, row.value) == ("target", None), row.id
        else:
            assert (row.kind, row.value) == ("standard", floor.value), row.id
            assert row.operator == {"at_least": ">=", "at_most": "<="}[floor.direction]


def test_templates_and_examples_are_no_plans_of_places():
    assert not [n for n in list_plans(PARAMETERS) if n.startswith(("template_", "example_"))]
    assert load_plan(PARAMETERS, EXAMPLE).region == "410500"


@pytest.mark.parametrize("code", ["130400", "410500"])
def test_a_new_plan_runs_as_it_is(work, code):
    """A place of the censuses and one with an earlier plan; each row is judged or says why not."""
    folder, experiment = start_plan(work, "my_15fyp", code)
    setup = set_up(experiment, scenarios=["reference"])
    assert setup.plan is not None
    assert (setup.plan.base_year, setup.plan.target_year, setup.plan.region) == (2025, 2030, code)
    run = runner.run(runner.with_draws(setup, 4, 1), work / "outputs")
    with open_results(run / "results.nc") as results:
        rows = assess(cases(setup, results))
    judged = {r.indicator_id for r in rows if r.year == 2030 and r.verdict not in ("not_tested", "no_target")}
    assert {"nurses_per_1000", "practising_doctors_per_1000", "life_expectancy"} <= judged
    empty = [r for r in rows if r.verdict == "not_tested"]
    assert empty
    assert all("gives no number" in r.reason for r in empty)
    history = [r for r in read_rows(folder / "indicators.csv") if r["kind"] == "history"]
    assert bool(history) == (code == "410500")


def test_the_shipped_example_is_what_the_command_makes(work):
    """No figure in it but national goals and what the city's last plan prints."""
    shutil.rmtree(work / "parameters/plans" / EXAMPLE)
    folder, experiment = start_plan(work, EXAMPLE, "410500")
    for made in (*folder.iterdir(), experiment):
        shipped = ROOT / made.relative_to(work)
        assert made.read_bytes() == shipped.read_bytes(), made.name
    earlier = {(r.id, r.scope, r.text, r.line) for r in load_plan(PARAMETERS, "anyang_14fyp").indicators}
    for row in load_plan(PARAMETERS, EXAMPLE).indicators:
        if row.kind == "history":
            assert (row.id, row.scope, row.text, row.line) in earlier
        else:
            assert row.kind == "standard" or row.value is None


def test_its_experiment_compares_the_standard_mixtures(work):
    _, experiment = start_plan(work, "my_15fyp", "130400")
    assert set(SCENARIOS) <= {n for n, s in load_standard(ROOT).items() if s.of}
    content = yaml.safe_load(experiment.read_text(encoding="utf-8"))
    assert content["test_years"] == [2030, 2035]


@pytest.mark.parametrize(
    ("name", "code", "text"),
    [
        ("anyang_14fyp", "410500", "exists already | choose another name"),
        ("a/b", "410500", "becomes a file name"),
        ("mine", "410599", "no region '410599'"),
    ],
)
def test_what_cannot_be_started_is_refused(work, name, code, text):
    with pytest.raises(ConfigError) as error:
        start_plan(work, name, code)
    assert text in str(error.value)
    assert not (work / "experiments" / "mine.yaml").exists()
