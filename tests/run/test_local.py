"""What is known of a place itself, what of the place around it, and which rules fall for it."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest
from paths import PARAMETERS, ROOT

from sim.params import Parameter
from sim.places import find_region, list_regions, read_place
from sim.plan.verdict_rules import load_verdict_rules
from sim.run.cases import _around, _special, local

BEDS, DOCTORS, GPS = ("supply.beds_base", "supply.doctors_base", "supply.gps_base")
SHARE = "inpatient.primary_share"


def known(code: str, own: dict[str, Parameter] | None = None) -> tuple[frozenset[str], frozenset[str]]:
    own = read_place(ROOT, code) if own is None else own
    region = find_region(ROOT, code, list_regions(ROOT))
    return local(SimpleNamespace(root=ROOT), region, own), _around(own)  # type: ignore[arg-type]


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("code", "here", "around"),
    [
        ("410500", {BEDS, DOCTORS, GPS}, set()),  # its folder
        ("410522", {BEDS}, {DOCTORS}),  # its own beds in the county yearbook; Henan's doctors
        ("130400", set(), {BEDS, DOCTORS}),  # Handan: Hebei's, general practitioners the nation's
        ("130000", {BEDS, DOCTORS}, {BEDS, DOCTORS}),  # Hebei: what is the province's is its own
    ],
)
def test_whose_count_a_stock_is(code: str, here: set[str], around: set[str]):
    own, near = known(code)
    stocks = {BEDS, DOCTORS, GPS}
    assert own & stocks == here
    assert near & stocks == around


def test_the_nations_figure_that_a_made_place_takes_is_not_its_own():
    """Handan's beds as if no figure of Hebei were to be trusted: the same record, of the nation's level."""
    own = read_place(ROOT, "130400")
    own = own | {BEDS: replace(own[BEDS], level="nation")}
    here, near = known("130400", own)
    assert BEDS not in here | near


def lifted(own: dict[str, Parameter], here: frozenset[str]) -> bool:
    """Whether the rule on beds of hospitals, which falls with a local share of primary care, fell."""
    rules = load_verdict_rules(PARAMETERS)
    found = _special(rules, SimpleNamespace(indicators=[]), own, here)  # type: ignore[arg-type]
    assert any(r.unless_local == (SHARE,) for r in rules["beds_hospitals"])
    return not any(r.rule == "national_pattern" for r in found["beds_hospitals"])


def test_a_rule_falls_with_a_measured_figure_of_the_place_alone():
    own = read_place(ROOT, "130400")
    share = own[SHARE]
    measured, assumed = (
        own | {SHARE: replace(share, level="place", record=share.record.model_copy(update={"basis": basis}))}
        for basis in ("measured", "assumed")
    )
    provinces = own | {SHARE: replace(measured[SHARE], level="province")}
    assert lifted(measured, known("130400", measured)[0])
    assert not lifted(assumed, known("130400", assumed)[0])
    assert not lifted(provinces, known("130400", provinces)[0])
    assert not lifted(own, known("130400", own)[0])


def test_a_rule_falls_with_the_plans_own_baseline():
    name = "elderly_65_health_mgmt_rate"
    rules, own = load_verdict_rules(PARAMETERS), read_place(ROOT, "130400")
    assert rules[name][0].unless_local == (f"plan.{name}",)
    for baselines, there in (((), True), ((name,), False), (("tfr",), True)):
        printed = [SimpleNamespace(id=b, kind="baseline", value=1.0) for b in baselines]
        found = _special(rules, SimpleNamespace(indicators=printed), own, frozenset())  # type: ignore[arg-type]
        assert bool(found[name]) == there
