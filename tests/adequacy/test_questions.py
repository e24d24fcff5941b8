"""Rows that answer a question without a target: against the saved series, and kept apart."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from paths import ROOT, read_rows
from working_folder import linked

from sim.adequacy import quantiles
from sim.evidence.answers import Answers, asked, expected, given, of_plan, with_test
from sim.plan import list_plans, load_plan
from sim.plan.needs import is_need, needs_of
from sim.report import adequacy_text
from sim.saved import row_table as rows_file
from sim.saved import rows_of

PLANS = list_plans(ROOT / "parameters")

# (plan, question) marked `yes` that nothing answers, with the reason that the page must list
LEFT_OPEN: dict[tuple[str, str], str] = {}


def read(path: Path) -> list[dict[str, str]]:
    return read_rows(path)


@pytest.fixture(scope="module")
def detail(small_run: Path) -> list[dict[str, str]]:
    return read(small_run / "adequacy_detail.csv")


@pytest.fixture(scope="module")
def needs(detail) -> list[dict[str, str]]:
    return [r for r in detail if is_need(r["indicator_id"])]


@pytest.mark.parametrize("plan", PLANS)
def test_every_answerable_question_has_an_answer_or_a_listed_reason(plan: str):
    found = expected(ROOT, load_plan(ROOT / "parameters", plan))
    missing = {(plan, q) for q in found.left_open}
    assert missing == {k for k in LEFT_OPEN if k[0] == plan}
    assert len(found.answered) + len(found.left_open) == len(asked(ROOT, plan)) >= 20


@pytest.mark.parametrize("plan", PLANS)
def test_an_answer_that_vanishes_is_noticed(plan: str, tmp_path: Path):
    """Without their rows in the table of needs, questions stand open again, with a reason."""
    plans = linked(tmp_path, "plans", without="question_needs.csv")
    lines = (ROOT / "parameters/plans/question_needs.csv").read_text(encoding="utf-8").splitlines()
    kept = "\n".join((lines[0], *(x for x in lines if x.startswith("question_30_people"))))
    (plans / "question_needs.csv").write_text(kept + "\n", encoding="utf-8")
    found = expected(tmp_path, load_plan(tmp_path / "parameters", plan))
    assert "8" in found.left_open
    assert all(reasons and all(reasons) for reasons in found.left_open.values())


def test_a_run_gives_every_answer_that_the_tables_expect(small_run: Path):
    plan = load_plan(ROOT / "parameters", "anyang_14fyp")
    typed = rows_file.read(small_run)
    assert given(ROOT, plan.id, typed) == expected(ROOT, plan)
    again = "says the same as"  # judged in the row of another indicator
    rows = of_plan(typed)
    tested = {r.indicator_id for r in rows if r.is_tested or again in r.reason}
    assert tested == with_test(ROOT, plan)


def test_every_need_of_the_plan_has_a_row_in_every_tested_year_and_scenario(needs):
    ids = {n.id for n in needs_of(ROOT / "parameters", "anyang_14fyp")}
    assert {r["indicator_id"] for r in needs} == ids
    years = {r["year"] for r in needs}
    scenarios = {r["scenario"] for r in needs}
    assert len(needs) == len(ids) * len(years) * len(scenarios)
    assert all(r["verdict"] != "not_tested" and not r["target"] for r in needs)
    assert all(r["grade"] in "ABCD" and "/" in r["reason"] for r in needs)


def test_needs_are_the_saved_series(small_run: Path, needs):
    with xr.open_dataset(small_run / "results.nc", engine="netcdf4") as results:
        for row in needs:
            name, _, group = row["variable"].partition(".")
            if "/" in row["variable"] or name not in results:
                continue
            place = {"scenario": row["scenario"], "region": row["region"], "year": int(row["year"])}
            array = results[name].sel(place)
            if array.ndim > 1:
                array = array.sel({array.dims[0]: group})
            want = quantiles(array.values[1:].astype(float)) / float(row["unit_factor"])
            have = [float(row[f"required_p{q}"]) for q in (10, 50, 90)]
            np.testing.assert_allclose(have, want, rtol=1e-5)


def test_a_need_with_a_supply_is_judged_and_one_without_is_not(needs):
    for row in needs:
        if row["verdict"] == "national_pattern":
            assert row["available_p50"]
            assert "no count of the place's own stock" in row["reason"]
            assert not row["p_enough"]
        elif row["available_p50"]:
            p = float(row["p_enough"])
            assert row["verdict"] != "surplus" or not row["variable"].startswith("managed_")
            assert row["verdict"] in ("short", "tight", "adequate", "surplus")
            assert (row["verdict"] == "short") == (p < 0.5)
        else:
            assert row["verdict"] == "no_target"
            assert not row["p_enough"]
            assert not row["ratio_p50"]
    assert {r["verdict"] for r in needs} > {"no_target"}


def test_they_are_no_targets_for_revise_charts_and_the_table(small_run: Path, needs):
    revised = [r for r in read(small_run / "revise.csv") if is_need(r["indicator_id"])]
    assert {(r["kind"], r["revised"]) for r in revised} <= {("none", "")}
    rows = rows_file.read(small_run)
    assert not [r for r in rows_of(rows, "410500", None) if is_need(r.indicator_id)]
    text = adequacy_text(rows, "en")
    assert not any(n["name_en"] in text for n in needs if n["name_en"].startswith("Home-care"))
    ids = {n["indicator_id"] for n in needs}
    assert f"{len(ids)} needs that the plan asks about without a target" in text


def test_the_basis_rows_say_which_verdicts_hang_on_it(needs):
    rows = [r for r in needs if r["indicator_id"] == "question_04_registered"]
    assert all("ratios get another verdict" in r["reason"] for r in rows)


def test_the_page_in_docs_agrees_with_the_listing():
    """Made anew after a change of plans, tests or needs: `healthplan questions --out`."""
    lines = (ROOT / "docs" / "questions.md").read_text(encoding="utf-8").splitlines()
    found: list[Answers] = []
    for name in PLANS:
        plan = load_plan(ROOT / "parameters", name)
        found.append(expected(ROOT, plan))
        line = next(x for x in lines if x.startswith(f"| {name} "))
        cells = [c.strip() for c in line.split("|")[2:7]]
        tested, ids = len(with_test(ROOT, plan)), len(plan.indicator_ids)
        needed = len(needs_of(ROOT / "parameters", name))
        want = [ids, tested, ids - tested, needed, found[-1].text]
        assert cells == [str(x) for x in want], "make docs"
    done = sum(len(a.answered) for a in found)
    total = done + sum(len(a.left_open) for a in found)
    assert any(x.startswith(f"**Answered: {done} of {total}**") for x in lines), "make docs"
