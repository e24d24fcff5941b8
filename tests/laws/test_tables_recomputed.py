"""Tables of a run recomputed from its saved series; parts add up to the totals that are printed."""

from __future__ import annotations

import re

import numpy as np
import pytest
from laws.plan_runs import PlanRun

from sim.adequacy import standards
from sim.plan.needs import needs_of

SERIES = {  # what a rule's `arithmetic` names -> text of a saved series
    "pop": "population_basis.resident",
    "pop_resident": "population_basis.resident",
    "pop_registered": "population_basis.registered",
    "pop_urban": "population_basis.urban",
    "pop_agricultural": "population_basis.agricultural",
    "pop_served": "population_basis.served",
    "pop_county": "population_basis.county",
    "pop_65plus": "population_group.65+",
    "pop_u3": "population_group.0-2",
    "births": "births.total",
    "beds_primary": "beds_available.primary",
    "doctors": "doctors_available.total",
    "slots": "childcare_slots_available.total",
    "ambulances": "ambulances_required.rule",
    "severe_mental_registered": "managed_required.severe_mental",
    "hypertension_known": "managed_required.hypertension",
}


def median(run: PlanRun, name: str, year: int) -> float:
    if name == "pop_urban_districts":
        return median(run, "pop_resident", year) - median(run, "pop_county", year)
    return float(np.median(run.read(SERIES[name], "", year)))


# standards.csv


def test_every_input_of_a_rule_is_a_series_of_every_run(run: PlanRun):
    year = run.setup.plan.target_year
    found = standards.inputs(run.case.measures, max(year, run.setup.years[0]))
    assert set(found) >= set(standards.INPUTS)
    for name, value in found.items():
        assert value == pytest.approx(median(run, name, max(year, run.setup.years[0])), rel=1e-6), name


def test_every_requirement_of_a_rule_is_its_arithmetic_on_the_saved_series(run: PlanRun):
    """The printed input is the run's, and figure x input (people / figure) is what is required."""
    rules = {s.standard_id: s for s in run.setup.plan.standards}
    worked = 0
    for row in run.table("standards"):
        at = row["standard_id"], row["year"]
        assert bool(row["required"]) != bool(row["reason"]), at
        if not row["required"] or row["rule_type"] == "total":
            continue
        rule, year = rules[row["standard_id"]], int(row["year"])
        counted = run.setup.plan.administrative_units
        if rule.input in SERIES or rule.input == "pop_urban_districts":
            amount = median(run, rule.input, year)
        else:
            amount = float(counted[rule.input])
        assert f"{rule.input} {amount:g}" in row["arithmetic"], at
        amount *= rule.scale
        low, high = rule.value * rule.unit.factor, rule.value_high * rule.unit.factor
        if row["rule_type"] == "population_per_unit":
            want = amount / high, amount / low
        elif row["rule_type"] == "growth":
            base = next(
                i for i in run.setup.plan.rows(rule.base_indicator, "baseline") if i.value is not None
            )
            want = (base.value * base.unit.factor * (1 + low) * amount,) * 2
        else:
            want = low * amount, high * amount
        got = float(row["required"]), float(row["required_high"])
        assert got == pytest.approx(want, rel=1e-5, abs=0.051), at
        worked += 1
    assert worked or not run.setup.plan.standards


# e0_goal.csv


def by_goal(run: PlanRun) -> dict[tuple[str, ...], dict[str, list[dict[str, str]]]]:
    found: dict[tuple[str, ...], dict[str, list[dict[str, str]]]] = {}
    for row in run.table("e0_goal"):
        key = row["region"], row["scenario"], row["year"], row["goal"]
        found.setdefault(key, {}).setdefault(row["part"], []).append(row)
    return found


def test_ages_and_causes_add_up_to_the_gain_of_a_goal(run: PlanRun):
    """Gain in years, share and deaths averted; by age the whole, by cause the whole with other ages."""
    for parts in by_goal(run).values():
        (total,) = parts["total"]
        assert set(parts) == {"total", "age", "cause"}
        for name in ("age", "cause"):
            for column, last in (("gain_years", 1e-4), ("share", 1e-4), ("deaths_averted", 0.1)):
                added = sum(float(r[column]) for r in parts[name])
                slack = 0.5 * last * (len(parts[name]) + 1)
                assert added == pytest.approx(float(total[column]), abs=slack), (name, column)


def test_the_gain_of_a_goal_is_from_the_level_stated_to_the_goal(run: PlanRun):
    for parts in by_goal(run).values():
        (total,) = parts["total"]
        gain = float(total["goal"]) - float(total["e0_baseline"])
        assert float(total["gain_years"]) == pytest.approx(gain, abs=0.02)
        series = run.results["e0"].isel(scenario=0, region=0, draw=0).sel(year=int(total["year"]))
        (dim,) = series.dims
        both = float(series.sel({dim: "both"}))
        assert float(total["e0_expected"]) == pytest.approx(both, abs=0.006)


def test_a_group_of_ages_says_which_ages_and_the_groups_are_all_of_them(run: PlanRun):
    """0-0, 1-14, ..., 80+ in the order of age without a gap; so for causes with the ages around."""
    for parts in by_goal(run).values():
        ends = [r["group"].rstrip("+").split("-") for r in parts["age"]]
        firsts = [int(e[0]) for e in ends]
        lasts = [int(e[-1]) for e in ends[:-1]]
        assert firsts[0] == 0
        assert parts["age"][-1]["group"].endswith("+")
        assert firsts[1:] == [last + 1 for last in lasts]
        spans = {re.search(r"\((.*)\)", r["group"])[1] for r in parts["cause"]}
        inside = next(s for s in spans if not s.startswith("0-") and not s.endswith("+"))
        first, last = map(int, inside.split("-"))
        assert spans == {f"0-{first - 1}", inside, f"{last + 1}+"}
        # two ways to one figure: the ages after the causes' are the age groups from there on
        old = next(r for r in parts["cause"] if r["group"].endswith("+)"))
        same = [r for r, age in zip(parts["age"], firsts, strict=True) if age > last]
        for column, digit in (("gain_years", 1e-4), ("deaths_averted", 0.1)):
            added = sum(float(r[column]) for r in same)
            assert float(old[column]) == pytest.approx(added, abs=digit * len(same)), column


# question rows of adequacy.csv


def test_every_need_in_words_is_its_quotient_of_saved_series(run: PlanRun):
    """required, available and ratio of each question, divided where the table divides."""
    needs = {n.id: n for n in needs_of(run.setup.root / "parameters", run.setup.plan.id)}
    seen = divided = 0
    for row in run.table("adequacy_detail"):
        need = needs.get(row["indicator_id"])
        if need is None or not row["required_p50"]:
            continue
        year, factor, at = int(row["year"]), need.unit.factor, (need.id, row["year"])
        required = worked(run, need.required, year) * share(run, need.share, year) / factor
        assert float(row["required_p50"]) == pytest.approx(np.median(required), rel=1e-5), at
        for q, name in ((0.1, "required_p10"), (0.9, "required_p90")):
            assert float(row[name]) == pytest.approx(np.quantile(required, q), rel=1e-5), at
        if row["available_p50"]:
            supply = worked(run, need.available, year) / factor
            assert float(row["available_p50"]) == pytest.approx(np.median(supply), rel=1e-5), at
            assert float(row["ratio_p50"]) == pytest.approx(np.median(supply / required), rel=1e-5), at
            if row["verdict"] == "national_pattern":  # nothing counted here: no chance is claimed
                assert row["p_enough"] == "", at
                continue
            p = np.mean(supply * (1 + 1e-6) >= required)
            assert float(row["p_enough"]) == pytest.approx(p, abs=1e-6), at
        seen += 1
        divided += "/" in need.required or "/" in need.available
    assert seen > 10
    assert divided


def worked(run: PlanRun, text: str, year: int) -> np.ndarray:
    """A quotient in which plan.<indicator> is the baseline that the plan prints."""
    value: np.ndarray | None = None
    for term in text.split("/"):
        name = term.strip()
        if name.startswith("plan."):
            part = np.asarray(of_plan(run, name))
        else:
            part = run.read(name, "", year)
        value = part if value is None else value / part
    assert value is not None
    return value


def of_plan(run: PlanRun, name: str) -> float:
    rows = [
        i for i in run.setup.plan.indicators if i.id == name.removeprefix("plan.") and i.kind == "baseline"
    ]
    rows.sort(key=lambda i: i.binding != "binding")
    return next(i.value * i.unit.factor for i in rows if i.value is not None)


def share(run: PlanRun, name: str, year: int) -> float:
    if not name:
        return 1.0
    if name.startswith("plan."):
        return of_plan(run, name)
    data = run.case.parameters[name].data
    return float(np.interp(year, data.year, data)) if "year" in data.dims else float(data)  # held beyond


# revise.csv


def test_every_figure_of_a_proposal_is_that_of_the_saved_draws(run: PlanRun):
    """Exact on the draws: the proposed figure is enough with p, the next draw's is not."""
    from laws.test_verdicts_recomputed import recomputed

    key = ("indicator_id", "scope", "year", "unit", "location")
    rows = {tuple(r[k] for k in key): r for r in run.table("adequacy_detail")}
    proposed = 0
    for one in run.table("revise"):
        row = rows[tuple(one[k] for k in key)]
        if one["kind"] not in ("build", "recruit", "share") or one["p"] == "plan" or not one["enough"]:
            continue
        enough, factor = float(one["enough"]), float(row["unit_factor"])
        p, tie = float(one["p"]), 2e-6 * enough
        n = run.results.sizes["draw"] - 1
        up = -1 if row["scale"] == "inverse" else 1
        for figure, holds in ((enough + up * tie, True), (enough - up * 1e-4 * enough, False)):
            there = recomputed(run, row | {"goal_model": repr(figure * factor), "step": "0"})["p_enough"]
            assert (there >= p - 1e-9) == holds or n * (1 - p) < 1e-9, (row["indicator_id"], one["p"], figure)
        proposed += 1
    assert proposed or run.setup.plan.id == ""


def test_what_a_proposal_takes_every_year_leads_from_the_stock_to_the_count(run: PlanRun):
    counted = 0
    for one in run.table("revise"):
        if not one["net_per_year"]:
            continue
        years = int(one["year"]) - int(one["base_year"])
        stock, count, net = (float(one[c]) for c in ("stock_base", "count_p50", "net_per_year"))
        assert stock + years * net == pytest.approx(count, rel=1e-5, abs=1e-3), one["indicator_id"]
        if one["per_year"]:
            both = net + float(one["replacement_per_year"] or 0)
            assert float(one["per_year"]) == pytest.approx(both, rel=1e-5, abs=1e-3)
        counted += 1
    assert counted or len(run.setup.years) < 2


# decomposition.csv


def test_factors_add_up_to_the_change_that_is_printed(run: PlanRun):
    """Central changes of a resource's factors and groups: their sum is the change of the saved series."""
    whole: dict[tuple[str, ...], dict[str, float]] = {}
    for row in run.table("decomposition"):
        key = tuple(row[c] for c in ("scenario", "region", "resource", "group", "year", "against"))
        whole.setdefault(key, {})[row["factor"]] = float(row["change"])
    assert whole
    seen = 0
    for (_, _, resource, group, year, against), factors in whole.items():
        if not against.isdigit():
            continue
        if "total" in factors:
            rest = sum(v for f, v in factors.items() if f != "total")
            size = max(abs(v) for v in factors.values())
            assert rest == pytest.approx(factors["total"], abs=1e-5 * size + 1e-6), (resource, group, year)
            series = run.results[f"{resource}_required"].isel(scenario=0, region=0, draw=0).astype(float)
            dims = [d for d in series.dims if d != "year"]
            series = series.sel({d: group for d in dims}) if dims else series
            change = float(series.sel(year=int(year)) - series.sel(year=int(against)))
            slack = 3e-7 * float(abs(series).max()) + 1e-6  # stored as 32-bit numbers
            assert factors["total"] == pytest.approx(change, rel=1e-5, abs=slack), (resource, group, year)
            seen += 1
    assert seen
