"""The dictionary and the rules of verdicts: laws over all rows, refusals with their text."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from paths import read_rows

from sim.errors import PlanError
from sim.params import read_sets, read_sources
from sim.plan import load_plan
from sim.plan.statements import sense_of
from sim.plan.targets import good_interval
from sim.plan.verdict_rules import load_verdict_rules
from sim.plan.vocabulary import Entry, load_vocabulary

Edit = Callable[[str, str, str], Path]


@pytest.fixture
def edit(root: Path, tmp_path: Path) -> Edit:
    """A copy of the plans with `old` exchanged for `new` in one of its tables."""
    folder = tmp_path / "plans"
    shutil.copytree(root / "plans", folder)

    def changed(table: str, old: str, new: str) -> Path:
        path = folder / table
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1
        path.write_text(text.replace(old, new), encoding="utf-8")
        return folder

    return changed


def table(root: Path, name: str) -> list[dict[str, str]]:
    return read_rows(root / "plans" / name)


def how_tested(root: Path) -> dict[str, str]:
    return {r["indicator_id"]: r["test"] for r in table(root, "indicator_tests.csv")}


# laws


def test_every_range_is_sourced_and_plausible(root: Path):
    """The good range lies inside the values that can be true."""
    words = load_vocabulary(root)
    faults: list[str] = []
    sources = read_sources(root, faults)
    ranged = [e for e in words.indicators.values() if e.better == "range"]
    assert {e.id for e in ranged} == {"bed_occupancy", "alos", "sex_ratio_at_birth"}
    for entry in ranged:
        assert entry.good_source in sources
        bounds = words.ranges[entry.id]
        factor = words.units[bounds.unit].factor
        assert bounds.low * factor < entry.good_low < entry.good_high < bounds.high * factor


def test_planning_assumptions_have_no_direction_and_no_target(root: Path):
    for entry in load_vocabulary(root).indicators.values():
        kinds = {r.rule for r in load_verdict_rules(root).get(entry.id, ())}
        if entry.role == "planning_assumption":
            assert entry.better == "none", entry.id
            assert "no_target" in kinds, entry.id
        else:
            assert "no_target" not in kinds, entry.id


def test_what_is_good_of_a_tested_outcome_or_coverage_is_stated(root: Path):
    """Nobody can judge an outcome or a coverage without a direction."""
    tests = how_tested(root)
    for entry in load_vocabulary(root).indicators.values():
        if tests.get(entry.id) not in (None, "none") and entry.role in ("outcome", "coverage", "provision"):
            shares_of_stock = entry.id.startswith("beds_") and entry.id.endswith("_share")
            assert entry.better != "none" or shares_of_stock, entry.id


def test_rules_stand_only_on_tested_indicators_and_say_so_in_both_languages(root: Path):
    tests = how_tested(root)
    for name, rules in load_verdict_rules(root).items():
        assert tests[name] != "none", name
        for rule in rules:
            assert any("\u4e00" <= c <= "\u9fff" for c in rule.note_zh), (name, rule.rule)
            assert rule.note_en.isascii(), (name, rule.rule)


def test_parameters_that_lift_a_rule_exist(root: Path):
    known = set(read_sets(root, ["national"]))
    for rules in load_verdict_rules(root).values():
        for rule in rules:
            names = {n for n in rule.unless_local if not n.startswith("plan.")}
            assert names <= known, (rule.indicator_id, names - known)


def test_names_carry_their_subject(root: Path):
    words = load_vocabulary(root).indicators
    for name, entry in words.items():
        if name.startswith("severe_mental"):
            assert "精神" in entry.name_zh, name
    names = [e.name_zh for e in words.values()]
    assert len(set(names)) == len(names), {n for n in names if names.count(n) > 1}


# known answers


def test_local_counts_lift_the_national_pattern(root: Path):
    (rule,) = load_verdict_rules(root)["in_county_primary_visit_rate"]
    assert (rule.rule, rule.effect) == ("national_pattern", "decline")
    assert not rule.falls(["inpatient.primary_share"], ["in_county_primary_visit_rate"])
    assert rule.falls(["outpatient.primary_share"], [])
    (covered,) = load_verdict_rules(root)["hypertension_mgmt_rate"]
    assert covered.falls([], ["hypertension_mgmt_rate"])
    assert not covered.falls([], ["diabetes_mgmt_rate"])


def test_distance_from_the_good_range(root: Path):
    occupancy = load_vocabulary(root).indicators["bed_occupancy"]
    assert occupancy.outside(0.857) == 0.0
    assert occupancy.outside(0.9373) == pytest.approx(0.0173)
    assert occupancy.outside(0.70) == pytest.approx(0.05)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [("8", 6.0, 8.0), ("10", 6.0, 10.0), ("6.5", 6.5, 9.0), ("5", 5.0, 9.0)],
)
def test_a_plain_figure_of_a_range_bounds_its_side_and_the_range_the_other(
    root: Path, text: str, low: float, high: float
):
    plan = load_plan(root, "nanyang_13fyp")
    stay = replace(plan.rows("alos", "target")[0], text=text)
    stay = replace(stay, entry=replace(stay.entry, good_low=6.0, good_high=9.0))
    assert sense_of(stay) == "in"
    assert good_interval(stay, float(text)) == (low, high)


def test_an_entry_without_bounds_is_nowhere_outside():
    assert Entry("a", "a", "a", "a", "use", "higher").outside(7.0) == 0.0


# refusals


@pytest.mark.parametrize(
    ("table_name", "old", "new", "message"),
    [
        (
            "indicator_dictionary.csv",
            "use,range,75,92,%,bed_occupancy_bounds",
            "use,range,92,75,%,bed_occupancy_bounds",
            "bed_occupancy: good_low 92 is not below good_high 75 . turn them round",
        ),
        (
            "indicator_dictionary.csv",
            "use,range,75,92,%,bed_occupancy_bounds",
            "use,range,75,92,,",
            "bed_occupancy: a range without good_unit, good_source",
        ),
        (
            "indicator_dictionary.csv",
            "use,range,75,92,%,bed_occupancy_bounds",
            "use,lower,75,92,%,bed_occupancy_bounds",
            "good_low, good_high, good_unit, good_source with better 'lower'",
        ),
        (
            "indicator_dictionary.csv",
            "use,range,75,92,%,bed_occupancy_bounds",
            "utilisation,neutral,,,,",
            "(?s)better 'neutral' is unknown . one of higher, lower, range, none.*role 'utilisation'",
        ),
        (
            "verdict_rules.csv",
            "tfr,,no_target,decline",
            "tfr,,norm_only,decline",
            "planning assumption 'tfr' without the rule no_target",
        ),
        (
            "verdict_rules.csv",
            "tfr,,no_target,decline",
            "tfr,,no_taget,forget",
            "(?s)rule 'no_taget' . did you mean 'no_target'.*effect 'forget'",
        ),
        (
            "verdict_rules.csv",
            "tfr,,no_target,decline,,,",
            "tfr,,no_target,decline,plan.alosx,births/deaths,",
            "(?s)measure 'births/deaths' with limit ''.*unless_local 'plan.alosx'",
        ),
    ],
)
def test_refusals(edit: Edit, table_name: str, old: str, new: str, message: str):
    with pytest.raises(PlanError, match=message):
        load_verdict_rules(edit(table_name, old, new))
