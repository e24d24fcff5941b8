"""What answers a question without a target: the table is read whole or refused whole."""

from __future__ import annotations

import pytest

from sim.errors import PlanError
from sim.plan import load_plan
from sim.plan.needs import is_need, load_needs
from sim.plan.questions import questions


def test_every_need_belongs_to_a_question_that_its_plans_raise(root):
    asked = {q["question"]: q["plans"].split() for q in questions(root)}
    needs = load_needs(root)
    assert len({n.id for n in needs}) == len(needs) > 30
    for need in needs:
        assert is_need(need.id)
        assert need.plans
        assert set(need.plans) <= set(asked[need.question])


@pytest.mark.slow
def test_needs_take_figures_that_their_plans_print(root):
    plans = {name: load_plan(root, name) for n in load_needs(root) for name in n.plans}
    for need in load_needs(root):
        for name in (plan for plan in need.plans if need.stated):
            for indicator in need.stated:
                rows = plans[name].rows(indicator, "baseline")
                assert any(r.value is not None for r in rows), (need.id, name)
    assert sum(bool(need.stated) for need in load_needs(root)) == 3


def test_faults_are_named_with_their_line_and_all_at_once(copied):
    path = copied / "plans" / "question_needs.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    bad = lines[1].replace("question_04_resident,4", "question_99_resident,99")
    wrong = [
        bad,
        lines[1].replace("persons", "person"),
        lines[2].replace(",figure,", ",figures,"),
        lines[2].replace(",4,,", ",28,anyang_14fyp,").replace("question_04", "question_28"),
        lines[3],
        lines[3],
    ]
    path.write_text("".join([lines[0], *wrong]), encoding="utf-8")
    with pytest.raises(PlanError) as refusal:
        load_needs(copied)
    said = str(refusal.value)
    assert "question '99' | a number of questions.csv" in said
    assert "unknown unit 'person' | did you mean 'persons'?" in said
    assert "kind 'figures' | did you mean 'figure'?" in said
    assert "anyang_14fyp does not raise question 28" in said
    assert "question_04_served stands twice" in said
    assert "question_needs.csv:7" in said
