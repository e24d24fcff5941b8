"""The table of tests: every indicator has one or a reason, and what is wrong with a row is said."""

from __future__ import annotations

import re

import pytest
from paths import read_rows

from sim.catalogue.language import LANGS, said
from sim.errors import PlanError
from sim.plan import list_plans, load_plan
from sim.plan.needs import load_needs
from sim.plan.questions import questions
from sim.plan.targets import stated_targets
from sim.plan.tests import KINDS, load_rules, rule_for
from sim.schema import VARIABLES


def test_every_indicator_has_a_test_or_a_reason(root):
    rows = read_rows(root / "plans/indicator_tests.csv")
    words = load_plan(root, "anyang_14fyp").vocabulary
    assert {r["indicator_id"] for r in rows} == set(words.indicators)
    for row in rows:
        assert row["test"] in KINDS
        assert row["reason_en"]
        assert row["reason_zh"]
        assert bool(row["variable"]) == KINDS[row["test"]].tested, row
        assert 1 <= int(row["question"]) <= 35


def test_a_reason_names_what_it_points_to_in_words(root):
    """A planner reads “产科床位”, no question_17_obstetric_beds; what is quoted is so called elsewhere."""
    needs, entries = load_needs(root), load_plan(root, "anyang_14fyp").vocabulary.indicators.values()
    called = {"en": {x.name_en for x in (*needs, *entries)}, "zh": {x.name_zh for x in (*needs, *entries)}}
    called["en"] |= {v.long_name for v in VARIABLES.values()}
    called["zh"] |= {v.long_name_zh for v in VARIABLES.values()}
    quoted = {"en": 0, "zh": 0}
    for row in read_rows(root / "plans/indicator_tests.csv"):
        both = f"{row['reason_en']} / {row['reason_zh']}"
        ids = re.findall(r"[a-z]+_[a-z_]+", both)
        assert not ids or "standards.csv" in both or "plan.yaml" in both, row["indicator_id"]
        assert "question_" not in both
        for lang in LANGS:
            reason = row[f"reason_{lang}"]
            assert said(both, lang) == reason
            found = re.findall("“(.*?)”", reason)
            assert set(found) <= called[lang], row["indicator_id"]
            quoted[lang] += len(found)
    assert quoted["en"] == quoted["zh"] > 25


def test_ratios_keep_a_population_basis(root):
    for rule in load_rules(root.parent).values():
        assert bool(rule.basis) or not rule.kind.per_head, rule.indicator_id


def test_every_statement_of_every_plan_is_there_once(root):
    """Every indicator is stated; no two targets of one say the same; places are kept."""
    rules = load_rules(root.parent)
    lines = 0
    for name in list_plans(root):
        plan = load_plan(root, name)
        found = list(stated_targets(plan, rules, ()))
        assert {s.statement.row.id for s in found} == set(plan.indicator_ids)
        targets = [s.target for s in found if s.target is not None]
        assert len(set(targets)) == len(targets)
        rows = [r for s in found for r in (s.statement.row, *s.statement.also)]
        assert len({r.row for r in rows}) == len(rows)
        aims = {r.row for r in plan.indicators if r.kind == "target"}
        assert aims <= {r.row for r in rows}
        lines += len(plan.indicators)
    assert lines == 765
    assert len(questions(root)) == 35


def test_the_same_said_twice_is_one_statement_with_both_places(root):
    plan = load_plan(root, "anyang_14fyp")
    found = [
        s
        for s in stated_targets(plan, load_rules(root.parent), ())
        if s.statement.row.id == "nurses_per_1000"
    ]
    (nurses,) = found
    assert [r.operator for r in nurses.statement.also] == [">"]
    assert nurses.statement.places.count("line ") == 2


def test_a_row_that_is_not_there_is_named(root):
    rules = load_rules(root.parent)
    with pytest.raises(PlanError, match=r"no row for indicator 'bedz' \| add it"):
        rule_for(rules, "bedz", "")
