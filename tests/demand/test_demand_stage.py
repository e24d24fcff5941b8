"""Beds, slots, care and staff: identities, WISN by hand, epidemic peak, laws."""

import numpy as np
import pytest
import xarray as xr
from health_world import needs
from place import people
from scipy.integrate import quad
from scipy.stats import norm

import sim.burden
import sim.demand
from sim.catalogue import cadres
from sim.demand import elderly_care, emergency, inpatient, workforce

LEVELS = ["tertiary", "secondary", "primary"]


def _project(inputs, params, **changes):
    return needs(inputs, params, **changes)[1]


@pytest.fixture(scope="module")
def result(inputs, params):
    return _project(inputs, params)


def _beds(result, *groups):
    return result.beds_required.sel(bed_group=list(groups)).sum("bed_group")


def test_writes_what_it_says(result):
    assert set(result.data_vars) == set(sim.demand.WRITES)


@pytest.mark.parametrize(
    "parts",
    [
        LEVELS,
        ["public", "private"],
        [
            "general",
            "obstetric",
            "paediatric",
            "geriatric_rehabilitation",
            "psychiatric",
            "tcm",
            "infectious_normal",
            "icu_normal",
        ],
    ],
)
def test_parts_of_beds_add_up_to_the_total(result, parts):
    np.testing.assert_allclose(_beds(result, *parts), _beds(result, "total"), rtol=1e-12)


def test_bed_identity_by_hand():
    """2021: 1 920 237 366 bed-days, 7 414 228 beds, 347.4 open days each: occupancy 74.55 %."""
    beds = inpatient.beds_from_bed_days(
        xr.DataArray(1920237366.0), xr.DataArray(0.7455), xr.DataArray(347.4 / 365)
    )
    assert float(beds) == pytest.approx(7414228, rel=1e-3)


def test_need_at_the_base_is_stock_x_use_over_target(inputs, result, params):
    """Beds needed in the base year: stock x occupancy x mean over levels of 1 / target."""
    stock = float(params["supply.beds_base"] * inputs.population.isel(year=0).sum())
    days = result.bed_days.isel(year=0, draw=0)
    target = inpatient.occupancy_target(params).sel(bed_group=LEVELS)
    spread = float((days.values / float(days.sum()) / target.values).sum())
    want = stock * float(params["inpatient.base_occupancy"]) * spread
    assert _beds(result, "total").isel(year=0).item() == pytest.approx(want, rel=1e-9)


def test_shorter_stays_free_beds(inputs, result, params):
    """Nanyang's 10.5 to 8 days: need falls by the same share, admissions held."""
    flat = {"inpatient.alos_growth": xr.DataArray(0.0)}
    own = dict(params) | flat
    calm = _project(inputs, own)
    fall = xr.DataArray(np.log(8 / 10.5) / 5)
    quick = _project(inputs, own, inpatient__alos_growth=fall, inpatient__alos_half_life=xr.DataArray(1e9))
    ratio = _beds(quick, *LEVELS) / _beds(calm, *LEVELS)
    assert ratio.sel(year=2025).item() == pytest.approx(8 / 10.5, rel=1e-6)


def test_planning_values_by_name(inputs, result, params):
    other = _project(inputs, params, inpatient__occupancy_source=xr.DataArray("planning_values"))
    target = params["inpatient.occupancy_target"].sel(bed_group="primary")
    beds = result.bed_days.sel(level="primary") / (365 * params["inpatient.open_share"] * target)
    np.testing.assert_allclose(other.beds_required.sel(bed_group="primary"), beds, rtol=1e-12)


def test_wisn_by_hand():
    """120 000 visits of 12 minutes and 18 000 bed-days of 50, 1760 hours, a fifth of them other
    work, one post in ten outside: (24 000 + 15 000) / 1760 / 0.8 / 0.9 = 30.78 posts."""
    hours = xr.DataArray(120000 * 12 / 60 + 18000 * 50 / 60)
    service = workforce.wisn_staff(hours, xr.DataArray(1760.0), xr.DataArray(0.8))
    posts = workforce.with_other_posts(service, xr.DataArray(0.1))
    assert float(posts) == pytest.approx(30.776515, abs=1e-6)


def test_wisn_category_allowance_is_the_inverse_of_the_service_share():
    hours, available = xr.DataArray(1000.0), xr.DataArray(1000.0)
    assert float(workforce.wisn_staff(hours, available, xr.DataArray(0.67))) == pytest.approx(1 / (1 - 0.33))


@pytest.mark.parametrize("cadre", cadres.IDS)
def test_every_method_stands_side_by_side(result, cadre):
    need = result[f"{cadre}_required"]
    assert list(need.staff_method.values) == ["total", "ratio", "wisn", "service_target"]
    others = need.sel(staff_method=["ratio", "wisn", "service_target"])
    assert (abs(others - need.sel(staff_method="total")).min("staff_method") < 1e-9).all()


def test_slots_by_age_add_up(result):
    slots = result.childcare_slots_required
    parts = slots.sel(childcare_group=["age_0", "age_1", "age_2"]).sum("childcare_group")
    np.testing.assert_allclose(parts, slots.sel(childcare_group="total"), rtol=1e-12)


def test_rule_of_anyang_means_5_3_million_people():
    """23 870 slots at 4.5 per 1000 are 5.304 million residents."""
    assert 23870 / 0.0045 == pytest.approx(5.304e6, rel=1e-3)


def test_no_wish_no_slots(inputs, params):
    none = _project(inputs, params, childcare__wish=params["childcare.wish"] * 0)
    assert float(none.childcare_slots_required.sel(childcare_group="total").max()) == 0.0
    staff = none.childcare_staff_required
    assert float(staff.sel(staff_method="service_target").max()) == 0.0
    assert float(staff.sel(staff_method="ratio").min()) > 0.0  # the rule's slots want staff still


def test_ambulances_by_rule_by_hand(inputs, params):
    """3 million people, a third in city districts: 33.3 + 3 x 66.7 = 233.3 vehicles, 40 % of
    them with negative pressure."""
    one = inputs.population.isel(year=[0])
    people = one / one.sum() * 3e6
    own = dict(params) | {"emergency.city_district_share": xr.DataArray(1 / 3)}
    got = emergency.ambulances(people, own)
    assert float(got["rule"].squeeze()) == pytest.approx(233.333, abs=1e-3)
    assert float(got["negative_pressure"].squeeze()) == pytest.approx(93.333, abs=1e-3)


def test_peak_share_equals_the_integral_of_the_curve():
    half_width, stay = 11.0, 8.0
    sd = half_width / np.sqrt(2 * np.log(2))
    area, _ = quad(norm(scale=sd).pdf, -stay / 2, stay / 2)
    got = emergency.peak_share(xr.DataArray(stay), xr.DataArray(half_width))
    assert float(got) == pytest.approx(area, rel=1e-10)


def test_epidemic_peak_of_the_winter_2022_23_in_china(params):
    """11.5 inpatients and 0.9 severe cases per 10 000 residents: within a factor of 1.6."""
    china = people()
    peak = emergency.epidemic_peak(china, params)
    for name, seen in (("ward", 11.5e-4), ("icu", 0.9e-4)):
        assert seen / 1.6 < float(peak[name] / china.sum()) < seen * 1.6


def test_a_milder_wave_needs_no_more_beds(inputs, result, params):
    mild = _project(inputs, params, emergency__attack_rate=xr.DataArray(0.05))
    for group in ("infectious", "icu"):
        assert (_beds(mild, group) <= _beds(result, group)).all()


def test_more_dependence_more_care(inputs, result, params):
    more = _project(inputs, params, dependency__prevalence=params["dependency.prevalence"] * 1.2)
    assert (more.care_beds_required > result.care_beds_required).all()
    assert (more.home_care_hours_required > result.home_care_hours_required).all()
    workers = more.care_workers_required - result.care_workers_required
    assert (workers > 0).all()


def test_ambulances_by_use_by_hand():
    """30 000 missions of 1.5 h at a peak factor of 1.5: 7.70 busy; at 30 % busy and 80 % in
    service 32.1 vehicles."""
    area = {"ambulance_area": ["urban", "county"]}

    def both(value):
        return xr.DataArray([value, value], area, ("ambulance_area",))

    params = {
        "emergency.missions_per_person": both(0.01),
        "emergency.mission_hours": both(1.5),
        "emergency.peak_factor": xr.DataArray(1.5),
        "emergency.utilisation_target": both(0.3),
        "emergency.fleet_in_service": xr.DataArray(0.8),
    }
    got = emergency.vehicles_by_use(xr.DataArray(3e6), "county", params)
    assert float(got) == pytest.approx(30000 * 1.5 * 1.5 / (24 * 365) / 0.3 / 0.8)


def test_longer_missions_and_faster_response_take_more_vehicles(inputs, result, params):
    for change in (
        {"emergency__mission_hours": params["emergency.mission_hours"] * 1.2},
        {"emergency__utilisation_target": params["emergency.utilisation_target"] * 0.8},
    ):
        more = _project(inputs, params, **change).ambulances_required
        use = ["urban", "county", "total"]
        before = result.ambulances_required
        assert (more > before).sel(ambulance_group=use).all()
        np.testing.assert_allclose(more.sel(ambulance_group="rule"), before.sel(ambulance_group="rule"))


def test_norms_stand_beside_use_for_every_kind_that_has_one(inputs, result, params):
    norm_beds = result.beds_required_norm
    known = [
        str(g) for g in norm_beds.bed_group.values if bool(np.isfinite(norm_beds.sel(bed_group=g)).all())
    ]
    kinds = {"total", "primary", "paediatric", "psychiatric", "infectious", "icu", "private"}
    assert set(known) == kinds
    people = inputs.population.sum(("sex", "age"))
    np.testing.assert_allclose(
        norm_beds.sel(bed_group="private"), people * float(params["norm.private_beds"][0])
    )
    children = inputs.population.sel(age=slice(0, 14)).sum(("sex", "age"))
    np.testing.assert_allclose(
        norm_beds.sel(bed_group="paediatric"), children * float(params["norm.paediatric_beds"][0])
    )


def test_bed_days_by_kind_add_up_and_follow_admissions(result):
    days = result.bed_days_type
    parts = days.drop_sel(bed_type=[]).sum("bed_type")
    np.testing.assert_allclose(parts, result.bed_days.sum("level"), rtol=1e-9)
    mothers = result.admissions_type.sel(bed_type="obstetric")
    assert (mothers >= result.deliveries).all()


def test_newborn_beds_follow_births_and_older_mothers(inputs, result, params):
    base = float(params["maternity.newborn_beds"]) * 55000.0
    np.testing.assert_allclose(result.newborn_beds_required.isel(year=0), base)
    older = inputs.copy(deep=True)
    by_age = older.births_by_age.values
    by_age[1:, 40] += 0.2 * by_age[1:].sum(axis=1)
    more = _project(older, params)
    later = slice(1, None)
    assert (more.newborn_beds_required > result.newborn_beds_required).isel(year=later).all()
    assert (more.high_risk_births > result.high_risk_births).isel(year=later).all()


def test_known_patients_are_a_part_of_the_cases(inputs, params):
    all_known = _project(inputs, params, coverage__detected=xr.ones_like(params["coverage.detected"]))
    few = _project(inputs, params).managed_required
    for cause in ("hypertension", "diabetes"):
        share = few.sel(programme=cause) / all_known.managed_required.sel(programme=cause)
        want = float(params["coverage.detected"].sel(programme_cause=cause))
        np.testing.assert_allclose(share, want)


def test_full_coverage_counts_people(inputs, result):
    managed = result.managed_required
    old = inputs.population.sel(age=slice(65, 100)).sum(("sex", "age"))
    np.testing.assert_allclose(managed.sel(programme="elderly_65"), old)
    np.testing.assert_allclose(managed.sel(programme="newborn_screening"), 55000.0)


def test_nurses_by_norm_meet_the_norm_per_resident_and_per_doctor(inputs, result, params):
    """2020: 3.14 per 1000 is more than 1.25 x 2.5; 2025: 1.2 x 3.2 = 3.84 is more than 3.8."""
    people = inputs.population.sum(("sex", "age"))
    by_norm = result.nurses_required.sel(staff_method="ratio", drop=True) / people
    assert by_norm.sel(year=2020).item() == pytest.approx(3.14e-3)
    assert by_norm.sel(year=2025).item() == pytest.approx(1.2 * 3.2e-3)
    more = _project(
        inputs, params, norm__nurse_doctor_ratio=params["norm.nurse_doctor_ratio"] * 2
    ).nurses_required
    assert (more.sel(staff_method="ratio") > result.nurses_required.sel(staff_method="ratio")).all()
    np.testing.assert_allclose(more.sel(staff_method="wisn"), result.nurses_required.sel(staff_method="wisn"))


def test_village_doctors_by_hand(params):
    """1000 hours in village clinics, 58.3 % of them theirs, 1800 hours of which 75 % for patients
    and 45 % of those for programmes: 583 / (1800 x 0.4125) = 0.785 posts."""
    got = workforce.village_doctors(xr.DataArray(1000.0), params)
    assert float(got) == pytest.approx(1000 * (1 - 0.417) / (1800 * 0.75 * 0.55))


def test_village_clinics_see_what_primary_care_does_not(inputs, params):
    """All primary visits are seen in village clinics or by the doctors of primary care."""
    own = dict(params)
    work = xr.Dataset(
        {
            "visits": ("level", [0.0, 0.0, 1e6]),
            "bed_days": ("level", [0.0, 0.0, 0.0]),
        },
        coords={"level": LEVELS},
    )
    hours = workforce.clinical_hours(work, own)
    both = hours["village_clinics"] + hours["primary_doctors"]
    minutes = float(params["workforce.minutes_per_visit"].sel(level="primary"))
    assert float(both) == pytest.approx(1e6 * minutes / 60)
    share = float(params["outpatient.village_share"])
    assert float(hours["village_clinics"] / both) == pytest.approx(share)


def test_rural_doctors_are_the_rural_part_of_work_below_tertiary_care(inputs, result, params):
    """Never more than all doctors; none where everybody is urban; the norm is one for all."""
    rural = result.rural_doctors_required
    assert (rural.sel(staff_method="wisn") < result.doctors_required.sel(staff_method="wisn")).all()
    urban = _project(inputs, params, population__urban_share=xr.ones_like(params["population.urban_share"]))
    assert float(urban.rural_doctors_required.max()) == 0.0
    assert float(urban.village_doctors_required.sel(staff_method="ratio").max()) == 0.0
    share = 1 - params["population.urban_share"]
    all_by_norm = result.doctors_required.sel(staff_method="ratio")
    np.testing.assert_allclose(rural.sel(staff_method="ratio"), all_by_norm * share)


def test_formal_and_family_care_give_the_hours_that_people_at_home_need(inputs, result, params):
    """More formal services leave families just as many hours less; more care homes leave both."""
    formal, family = result.home_care_hours_required, result.informal_care_hours_required
    more = _project(inputs, params, elderly_care__home_share=params["elderly_care.home_share"] * 2)
    np.testing.assert_allclose(more.home_care_hours_required, 2 * formal)
    np.testing.assert_allclose(
        more.home_care_hours_required + more.informal_care_hours_required, formal + family
    )
    workers = more.care_workers_required - result.care_workers_required
    np.testing.assert_allclose(
        workers.sel(staff_method="total"), formal / float(params["workforce.available_hours"])
    )
    homes = _project(
        inputs, params, elderly_care__institution_share=params["elderly_care.institution_share"] * 2
    )
    assert (homes.informal_care_hours_required < family).all()
    assert (homes.home_care_hours_required < formal).all()
    assert (homes.care_beds_required > result.care_beds_required).all()


def test_fewer_family_carers_turn_to_formal_services(inputs, result, params):
    """1 % a year: after 15 years 14 % of those whom families alone cared for have a service."""
    shifted = _project(inputs, params, elderly_care__shift_to_formal=xr.DataArray(0.01))
    ratio = shifted.home_care_hours_required / result.home_care_hours_required
    assert ratio.isel(year=0).item() == pytest.approx(1.0)
    share = params["elderly_care.home_share"]
    grown = (1 - (1 - share) * 0.99**15) / share  # by severity
    assert float(grown.min()) < ratio.isel(year=-1).item() < float(grown.max())
    assert (shifted.informal_care_hours_required <= result.informal_care_hours_required).all()


def test_care_of_one_dependent_person_by_hand():
    """1000 severe at home, 15 % with a service of 550 hours, 2860 hours needed each: 82 500 formal
    and 2 777 500 by families."""
    severity = {"severity": ["mild", "moderate", "severe"]}

    def by(*values):
        return xr.DataArray(list(values), severity, ("severity",))

    params = {
        "elderly_care.home_share": by(0.0, 0.0, 0.15),
        "elderly_care.home_hours": by(0, 0, 550.0),
        "elderly_care.care_hours": by(0.0, 0.0, 2860.0),
        "elderly_care.shift_to_formal": xr.DataArray(0.0),
    }
    people = by(0.0, 0.0, 1200.0).expand_dims(year=[2020])
    formal, family = elderly_care.home_care(people, people * 200 / 1200, params)
    assert float(formal.squeeze()) == pytest.approx(82500)
    assert float(family.squeeze()) == pytest.approx(2777500)
