"""Shares end at their bounds: at the bound is beyond the bound, for each limit that a stage sets.

Draws of a wide range pass a bound; what they then give must be what the bound gives, and the bound must
lie where it is said to: just inside of it the result still moves.
"""

import numpy as np
import pytest
import xarray as xr
from stage_chain import filled, outputs, params, run

from sim.burden import summary
from sim.burden.disease import relative_risk
from sim.catalogue import programmes
from sim.demand import elderly_care, inpatient
from sim.schema import AGES, SEXES
from sim.supply import coverage

INSIDE, BEYOND = 1e-3, 0.3

# stage, parameter, bound, side (+1 upper, -1 lower), variable, selection
LIMITS = (
    ("burden", "inpatient.primary_share", 0.0, -1, "admissions_level", {"level": "primary"}),
    ("burden", "inpatient.tertiary_share_of_hospital", 0.0, -1, "admissions_level", {"level": "tertiary"}),
    ("burden", "inpatient.tertiary_share_of_hospital", 1.0, 1, "admissions_level", {"level": "tertiary"}),
    ("burden", "outpatient.primary_share", 0.0, -1, "visits", {"level": "primary"}),
    ("burden", "outpatient.primary_share", 1.0, 1, "visits", {"level": "primary"}),
    ("burden", "outpatient.tertiary_share_of_hospital", 0.0, -1, "visits", {"level": "tertiary"}),
    ("burden", "outpatient.tertiary_share_of_hospital", 1.0, 1, "visits", {"level": "tertiary"}),
    ("demand", "coverage.detected", 0.0, -1, "managed_required", {"programme": "hypertension"}),
    ("demand", "coverage.detected", 1.0, 1, "managed_required", {"programme": "diabetes"}),
    ("demand", "coverage.migrant_share", 0.0, -1, "managed_required", {"programme": "migrants"}),
    ("demand", "coverage.migrant_share", 1.0, 1, "managed_required", {"programme": "migrants"}),
    ("demand", "disease.managed_share", 0.0, -1, "gps_required", {"staff_method": "wisn"}),
    ("demand", "disease.managed_share", 1.0, 1, "gps_required", {"staff_method": "wisn"}),
    ("demand", "emergency.city_district_share", 0.0, -1, "ambulances_required", {"ambulance_group": "urban"}),
    ("demand", "emergency.city_district_share", 1.0, 1, "ambulances_required", {"ambulance_group": "county"}),
    ("demand", "inpatient.private_share", 0.0, -1, "beds_required", {"bed_group": "private"}),
    ("demand", "inpatient.private_share", 1.0, 1, "beds_required", {"bed_group": "public"}),
    ("demand", "elderly_care.institution_share", 0.0, -1, "care_beds_required", {"care_group": "total"}),
    (
        "demand",
        "elderly_care.institution_share",
        1.0,
        1,
        "care_beds_required",
        {"care_group": "nursing_type"},
    ),
    ("demand", "elderly_care.home_share", 0.0, -1, "home_care_hours_required", {}),
    ("demand", "elderly_care.home_share", 1.0, 1, "home_care_hours_required", {}),
    ("demand", "childcare.wish", 0.0, -1, "childcare_slots_required", {"childcare_group": "total"}),
    ("demand", "childcare.wish", 1.0, 1, "childcare_slots_required", {"childcare_group": "age_0"}),
    (
        "demand",
        "population.urban_share",
        0.0,
        -1,
        "community_health_centres_required",
        {"chc_group": "dense"},
    ),
    (
        "demand",
        "population.urban_share",
        1.0,
        1,
        "community_health_centres_required",
        {"chc_group": "sparse"},
    ),
    ("demand", "population.urban_share", 1.0, 1, "rural_doctors_required", {"staff_method": "wisn"}),
    (
        "demand",
        "workforce.practising_share",
        0.0,
        -1,
        "practising_doctors_required",
        {"staff_method": "wisn"},
    ),
    ("demand", "workforce.practising_share", 1.0, 1, "practising_doctors_required", {"staff_method": "wisn"}),
    ("demand", "coverage.programme_time", 0.0, -1, "village_doctors_required", {"staff_method": "wisn"}),
    ("demand", "coverage.programme_time", 0.95, 1, "village_doctors_required", {"staff_method": "wisn"}),
    ("demand", "occupancy_by_size.bed_group", 0.99, 1, "beds_required", {"bed_group": "total"}),
    ("demand", "occupancy_by_size.bed_group", 0.05, -1, "beds_required", {"bed_group": "total"}),
    ("supply", "coverage.primary_share", 1.0, 1, "programme_hours", {"side": "available"}),
    ("supply", "coverage.uncovered", 0.0, -1, "managed_available", {"programme": "deliveries"}),
    ("supply", "coverage.gap_closing", 0.0, -1, "managed_available", {"programme": "prenatal_screening"}),
    ("supply", "coverage.tcm_in_primary", 0.0, -1, "managed_available", {"programme": "tcm_primary_visits"}),
    ("supply", "coverage.tcm_in_primary", 1.0, 1, "managed_available", {"programme": "tcm_primary_visits"}),
    ("supply", "supply.primary_bed_share", 1.0, 1, "beds_available", {"bed_group": "primary"}),
    ("supply", "supply.private_bed_share", 0.0, -1, "beds_available", {"bed_group": "private"}),
    ("supply", "supply.private_bed_share", 1.0, 1, "beds_available", {"bed_group": "private"}),
    ("supply", "supply.nursing_type_share", 0.0, -1, "care_beds_available", {"care_group": "nursing_type"}),
    ("supply", "supply.nursing_type_share", 1.0, 1, "care_beds_available", {"care_group": "nursing_type"}),
)


@pytest.mark.parametrize(
    ("stage", "name", "bound", "side", "variable", "where"), LIMITS, ids=lambda v: str(v).replace(" ", "")
)
def test_at_the_bound_is_beyond_the_bound(stage, name, bound, side, variable, where):
    def result(value):
        found = run(stage, **{name.replace(".", "__"): filled(name, value)})[variable].sel(where)
        return found.isel(year=slice(1, None))

    at, beyond, inside = (result(bound + side * step) for step in (0.0, BEYOND, -INSIDE))
    xr.testing.assert_allclose(at, beyond, rtol=1e-12)
    assert not np.allclose(at, inside, rtol=1e-6, atol=1e-9)


def test_treated_in_primary_care_alone_leaves_none_for_hospitals():
    """At a primary share of 1 and beyond; in the index, stays of primary care make the base year."""
    at, beyond, inside = (
        run("burden", inpatient__primary_share=filled("inpatient.primary_share", v))["admissions_level"]
        for v in (1.0, 1.3, 0.999)
    )
    xr.testing.assert_allclose(at, beyond, rtol=1e-12)
    assert float(at.sel(level=["tertiary", "secondary"]).sum()) == 0.0
    assert float(inside.sel(level=["tertiary", "secondary"]).sum()) > 0.0


def test_childcare_use_ends_with_every_child_enrolled():
    flat = filled("childcare.enrolment_by_age", 1.0)

    def enrolled(value):
        rate = filled("childcare.enrolment", value)
        found = run("demand", childcare__enrolment=rate, childcare__enrolment_by_age=flat)
        return found["childcare_slots_required"].sel(childcare_group="enrolled")

    xr.testing.assert_equal(enrolled(1.0), enrolled(1.3))
    xr.testing.assert_equal(enrolled(0.0), enrolled(-0.3))
    assert not np.allclose(enrolled(1.0), enrolled(0.999), rtol=1e-6)
    assert float(enrolled(0.0).max()) == 0.0


@pytest.mark.parametrize("bound", [0.0, 1.0])
def test_management_coverage_cuts_risk_up_to_everybody(bound):
    """Burden of a path of coverage: cases of later years at the bound and beyond it."""
    share = params()["disease.managed_share"]
    years = xr.DataArray(np.arange(2020, 2036), dims="year", coords={"year": np.arange(2020, 2036)})
    path = share * xr.ones_like(years, dtype=float)

    def cases(value):
        return run("burden", disease__managed_share=path.where(path.year == 2020, value))["cases"]

    side = 1 if bound else -1
    xr.testing.assert_equal(cases(bound), cases(bound + side * BEYOND))
    assert not np.allclose(cases(bound), cases(bound - side * INSIDE), rtol=1e-9)


def test_risk_never_falls_below_none():
    """Effect times coverage ends at 1: at an effect of 1 with everybody managed nobody is at risk."""
    years = xr.DataArray([2020, 2021], dims="year", coords={"year": [2020, 2021]})
    given = {
        "disease.managed_share": xr.DataArray([[0.0, 1.0]], {"year": years}, ("programme_cause", "year")),
        "disease.attributable_share": xr.DataArray([1.0], dims="programme_cause"),
    }

    def risk(effect):
        own = given | {"disease.management_effect": xr.DataArray([effect], dims="programme_cause")}
        return relative_risk(years, own, "patients").sel(year=2021).item()

    assert risk(1.0) == risk(1.3) == 0.0
    assert risk(0.0) == risk(-0.3) == 1.0
    assert risk(0.999) == pytest.approx(0.001)


def test_causes_of_death_are_no_more_than_all_deaths():
    coords = {"sex": list(SEXES), "age": list(AGES)}
    people = xr.DataArray(np.ones((2, 101)), coords, ("sex", "age"))
    share = people.expand_dims(ncd=["a", "b"])
    rates = [summary.ncd_rates(people, 0.01 * people, share * s) for s in (0.5, 0.65, 0.4995)]
    np.testing.assert_array_equal(rates[0], 0.01)
    np.testing.assert_array_equal(rates[0], rates[1])
    np.testing.assert_allclose(rates[2], 0.00999)


def test_families_owe_no_care_where_services_give_all_of_it():
    """Served people get the service's hours; beyond what they need families give nothing, not less."""
    need = params()["elderly_care.care_hours"]
    severities = elderly_care.SEVERITIES
    dependent = xr.DataArray(
        np.full((2, 3, 1), 100.0),
        {"year": [2020, 2021], "severity": severities},
        ("year", "severity", "draw"),
    )
    users = dependent * 0.0
    own = dict(params()) | {"elderly_care.home_share": filled("elderly_care.home_share", 1.0)}

    def family(factor):
        return elderly_care.home_care(dependent, users, own | {"elderly_care.home_hours": need * factor})[1]

    np.testing.assert_allclose(family(1.0), 0.0, atol=1e-9)
    np.testing.assert_array_equal(family(1.3), 0.0)
    np.testing.assert_allclose(family(0.9), 0.1 * 100.0 * float(need.sum()), rtol=1e-9)


def test_special_beds_take_no_more_than_all_bed_days():
    """Where typed beds pass the whole, general wards are empty, not negative."""
    for share in (1.0, 1.3):
        found = run("demand", inpatient__tcm_share=filled("inpatient.tcm_share", share))
        assert float(found["beds_required"].sel(bed_group="general").max()) == 0.0
        assert float(found["bed_days_type"].sel(bed_type="general").max()) == 0.0
        assert float(found["admissions_type"].sel(bed_type="general").min()) >= 0.0
    assert float(outputs("demand")["beds_required"].sel(bed_group="general").min()) > 0.0


def test_patients_from_outside_bring_no_births_and_no_psychiatric_days():
    """Inflow beyond residents' own use fills other beds; outflow takes both kinds along."""
    state = outputs("burden").assign(population=outputs_population(), deliveries=deliveries())
    residents = state["admissions"].sum(("sex", "age"))
    mix = state["admissions_level"] / state["admissions_level"].sum("level")

    def days(inflow):
        level = (residents * inflow * mix).transpose("year", "level", "draw")
        made = state.assign(admissions_level=level, bed_days=level * 8.0)
        return inpatient.typed_days(made, params())

    one, more, less = days(1.0), days(1.3), days(0.9)
    for kind in ("obstetric", "psychiatric"):
        np.testing.assert_allclose(one[kind], more[kind], rtol=1e-12)
        np.testing.assert_allclose(less[kind] / one[kind], 0.9, rtol=1e-12)
    np.testing.assert_allclose(more["paediatric"] / one["paediatric"], 1.3, rtol=1e-12)


def outputs_population():
    from health_world import world

    return world()["population"]


def deliveries():
    return outputs("demand")["deliveries"]


def test_hours_are_those_of_the_doctors_who_are_no_general_practitioners():
    """More general practitioners than doctors leave no other doctor, and no hours below zero."""
    one = xr.DataArray(np.ones((1, 1)), dims=("year", "draw"))
    staff = {n: one * 100.0 for n in ("gps", "doctors", "nurses", "public_health_staff", "village_doctors")}
    at = coverage.programme_hours(staff, params())
    fewer = coverage.programme_hours(staff | {"doctors": one * 50.0}, params())
    more = coverage.programme_hours(staff | {"doctors": one * 101.0}, params())
    np.testing.assert_array_equal(at, fewer)
    assert more.item() > at.item()


NURSES, VACCINATION = {"programme_cadre": "nurses"}, {"programme": "vaccination"}
CELLS = (  # parameter, cell, bound, side, variable, selection
    (
        "coverage.primary_share",
        {"programme_cadre": "nurses"},
        0.0,
        -1,
        "programme_hours",
        {"side": "available"},
    ),
    (
        "coverage.uncovered",
        {"programme": "vaccination"},
        1.0,
        1,
        "managed_available",
        {"programme": "vaccination"},
    ),
    ("coverage.uncovered", {"programme": "elderly_65"}, 1.0, 1, "programme_hours", {"side": "in_use"}),
)


@pytest.mark.parametrize(("name", "cell", "bound", "side", "variable", "where"), CELLS)
def test_at_the_bound_of_one_cell_is_beyond_it(name, cell, bound, side, variable, where):
    """Where not every cell can be at the bound: with no hours at all nothing is in use."""

    def result(value):
        share = params()[name].astype(float).copy()
        share.loc[cell] = value
        return run("supply", **{name.replace(".", "__"): share})[variable].sel(where)

    at, beyond, inside = (result(bound + side * step) for step in (0.0, BEYOND, -INSIDE))
    xr.testing.assert_allclose(at, beyond, rtol=1e-12)
    assert not np.allclose(at, inside, rtol=1e-7, atol=1e-9)


def test_nobody_is_covered_twice():
    """Staff with a hundred times the hours that are in use cover everybody, and no more."""
    found = run("supply", coverage__hours_in_use=0.01)["managed_available"]
    full = outputs("demand")["managed_required"]
    for name in (row.id for row in programmes.ROWS if row.limit == "hours"):
        np.testing.assert_allclose(
            found.sel(programme=name)[1:], full.sel(programme=name)[1:], rtol=1e-12, err_msg=name
        )


def test_hours_of_posts_are_no_more_than_their_working_time():
    """A share of 1.2 in primary care works as one of 1: headcount x hours x share of programmes."""
    one = xr.DataArray(np.ones((1, 1)), dims=("year", "draw"))
    staff = {n: one * 100.0 for n in ("gps", "nurses", "public_health_staff", "village_doctors")}
    staff["doctors"] = one * 200.0
    own = dict(params()) | {"coverage.primary_share": filled("coverage.primary_share", 1.2)}
    time = own["coverage.programme_time"].sum("programme_cadre")
    most = 100.0 * time * own["workforce.available_hours"] * own["coverage.programme_part"]
    np.testing.assert_allclose(coverage.programme_hours(staff, own).squeeze(), most, rtol=1e-12)


def test_deaths_that_a_disease_does_not_cause_are_not_cut():
    """Of everybody's deaths the attributable share is cut, of patients' all."""
    years = xr.DataArray([2020, 2021], dims="year", coords={"year": [2020, 2021]})
    own = {
        "disease.managed_share": xr.DataArray([[0.0, 0.5]], {"year": years}, ("programme_cause", "year")),
        "disease.attributable_share": xr.DataArray([0.4], dims="programme_cause"),
        "disease.management_effect": xr.DataArray([0.3], dims="programme_cause"),
    }
    found = {
        among: relative_risk(years, own, among).sel(year=2021).item() for among in ("patients", "everybody")
    }
    assert found == {
        "patients": pytest.approx(1 - 0.5 * 0.3),
        "everybody": pytest.approx(1 - 0.5 * 0.3 * 0.4),
    }
