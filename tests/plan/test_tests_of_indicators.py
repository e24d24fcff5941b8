"""indicator_tests.csv and question_needs.csv: what they name is checked when they are read."""

from __future__ import annotations

from pathlib import Path

import pytest
import small
from paths import PARAMETERS
from working_folder import linked

from sim.errors import ConfigError, PlanError
from sim.plan.needs import load_needs
from sim.plan.tests import load_rules
from sim.plan.verdict_rules import load_verdict_rules

PLANS = PARAMETERS / "plans"


def folder(tmp_path: Path, table: str, old: str, new: str) -> Path:
    """A working folder whose one table has another text in one place."""
    plans = linked(tmp_path / "work", "plans", without=table)
    (tmp_path / "work" / "experiments").mkdir()
    text = (PLANS / table).read_text(encoding="utf-8")
    assert text.count(old) == 1
    (plans / table).write_text(text.replace(old, new), encoding="utf-8")
    return plans.parents[1]


def line_of(table: str, text: str) -> int:
    lines = (PLANS / table).read_text(encoding="utf-8").splitlines()
    return next(i for i, line in enumerate(lines, 1) if text in line)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (
            "births.male/births.female",
            "births.male/births.femal",
            "sex_ratio_at_birth: births has no group 'femal' | did you mean 'female'?",
        ),
        (
            "births.male/births.female",
            "birth.male/births.female",
            "sex_ratio_at_birth: no series 'birth' | did you mean 'births'?",
        ),
        ("demography,tfr,,5", "demography,tfr,male,5", "tfr: tfr has no groups, so no 'male' | write tfr"),
        (
            "access,ambulances,urban,13",
            "access,ambulances,town,13",
            "ambulance_population_ratio: ambulances_required has no group 'town'",
        ),
        (
            "ratio,childcare_slots,total,7",
            "ratio,childcare_slot,total,7",
            "no series 'childcare_slot_required' | did you mean 'childcare_slots_required'?",
        ),
        (
            "coverage,managed,vaccination,29",
            "coverage,managed,vaccinations,29",
            "managed_required has no group 'vaccinations' | did you mean 'vaccination'?",
        ),
        ("outcome,e0,both,6", "outcome,e0,female+male,6", "life_expectancy: e0 is a mean"),
        ("outcome,visits,*,9", "outcome,visits,,9", "visits_total: visits has no group 'total'"),
    ],
)
def test_a_test_names_what_a_run_keeps(tmp_path: Path, old: str, new: str, fault: str):
    work = folder(tmp_path, "indicator_tests.csv", old, new)
    with pytest.raises(PlanError) as caught:
        load_rules(work)
    assert fault in str(caught.value)
    assert f"indicator_tests.csv:{line_of('indicator_tests.csv', old)} |" in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("figure,births.total,", "figure,births.totl,", "births has no group 'totl' | did you mean 'total'?"),
        (
            "/plan.family_doctor_teams",
            "/plan.family_doctor_team",
            "no indicator 'family_doctor_team' | did you mean 'family_doctor_teams'?",
        ),
        (
            "figure,visits.primary/visits.*",
            "figure,visits.primary/population_group.total",
            "a share of visit/person | a quotient of two series of one unit",
        ),
        (
            "midwives_required.total,midwives_projected.total",
            "midwives_required.total,beds_projected.total",
            "need in person, supply in bed | two series of one unit",
        ),
    ],
)
def test_a_need_names_what_a_run_keeps(tmp_path: Path, old: str, new: str, fault: str):
    work = folder(tmp_path, "question_needs.csv", old, new)
    with pytest.raises(PlanError) as caught:
        load_needs(work / "parameters")
    assert fault in str(caught.value)
    assert f"question_needs.csv:{line_of('question_needs.csv', old)} |" in str(caught.value)


def test_a_disease_that_the_parameters_do_not_have_is_refused_at_set_up(tmp_path: Path):
    work = folder(tmp_path, "indicator_tests.csv", "cases.severe_mental_disorder/", "cases.severe_disorder/")
    load_rules(work)
    with pytest.raises(
        ConfigError, match=r"cases has no group 'severe_disorder' \| did you mean 'severe_mental"
    ):
        small.setup(tmp_path, plan="anyang_14fyp", end=2025)


def test_a_share_that_is_no_parameter_is_refused_at_set_up(tmp_path: Path):
    old = "managed_projected.diabetes,programme.diabetes_standard"
    folder(tmp_path, "question_needs.csv", old, "managed_projected.diabetes,programme.diabets_standard")
    with pytest.raises(
        ConfigError, match=r"share 'programme.diabets_standard' is no parameter \| did you mean"
    ):
        small.setup(tmp_path, plan="xinxiang_14fyp", regions=["410700"], end=2025)


@pytest.mark.parametrize("table", ["indicator_tests.csv", "question_needs.csv"])
def test_validate_names_the_fault(cli, tmp_path: Path, table: str):
    old = {"indicator_tests.csv": "births.male/births.female", "question_needs.csv": "births.total"}[table]
    work = folder(tmp_path, table, old, "births.nonsense")
    done = cli("validate", work / "parameters" / "plans" / table)
    assert done.code == 2
    assert "births has no group 'nonsense'" in done.err
    assert "Traceback" not in done.err


def test_a_measure_of_a_verdict_rule_names_what_a_run_keeps(tmp_path: Path):
    line = next(
        x
        for x in (PLANS / "verdict_rules.csv").read_text(encoding="utf-8").splitlines()
        if x.startswith("beds_total,")
    )
    work = folder(tmp_path, "verdict_rules.csv", line, line.replace("/admissions,", "/admission,"))
    with pytest.raises(PlanError, match=r"no series 'admission' \| did you mean 'admissions'"):
        load_verdict_rules(work / "parameters")
