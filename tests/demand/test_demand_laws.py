"""How each need answers to each of its figures: proportional, inverse, or by hand."""

import numpy as np
import pytest
import xarray as xr
from health_world import world

import sim.burden
import sim.demand
from sim.demand import childcare, elderly_care, inpatient, maternity, programmes, workforce

SHARE = 0.9


@pytest.fixture(scope="module")
def state(inputs, params):
    burden = sim.burden.project(inputs[list(sim.burden.READS)], {n: params[n] for n in sim.burden.PARAMETERS})
    return inputs.merge(burden)


def _demand(state, params, **changes):
    own = {n: params[n] for n in sim.demand.PARAMETERS}
    own |= {k.replace("__", "."): v for k, v in changes.items()}
    return sim.demand.project(state[list(sim.demand.READS)], own)


@pytest.fixture(scope="module")
def before(state, params):
    return _demand(state, params)


PROPORTIONAL = (  # parameter, variable, group, power of the parameter
    ("norm.beds", "beds_required_norm", "total", 1),
    ("norm.primary_beds", "beds_required_norm", "primary", 1),
    ("norm.psychiatric_beds", "beds_required_norm", "psychiatric", 1),
    ("norm.icu_beds", "beds_required_norm", "icu", 1),
    ("norm.care_beds", "care_beds_required_norm", "total", 1),
    ("norm.doctors", "doctors_required", "ratio", 1),
    ("norm.gps", "gps_required", "ratio", 1),
    ("norm.tcm_doctors", "tcm_doctors_required", "ratio", 1),
    ("norm.pharmacists", "pharmacists_required", "ratio", 1),
    ("norm.public_health_staff", "public_health_staff_required", "total", 1),
    ("norm.supervision_staff", "supervision_staff_required", "total", 1),
    ("norm.village_doctors", "village_doctors_required", "total", 1),
    ("inpatient.private_share", "beds_required", "private", 1),
    ("inpatient.paediatric_alos", "bed_days_type", "paediatric", 1),
    ("inpatient.rehabilitation_alos", "bed_days_type", "geriatric_rehabilitation", 1),
    ("inpatient.psychiatric_bed_days", "bed_days_type", "psychiatric", 1),
    ("inpatient.obstetric_admissions_per_birth", "bed_days_type", "obstetric", 1),
    ("inpatient.icu_alos", "bed_days_type", "icu", 1),
    ("inpatient.open_share", "beds_required", "total", -1),
    ("workforce.available_hours", "doctors_required", "wisn", -1),
    ("workforce.patient_share", "nurses_required", "wisn", -1),
    ("workforce.staff_per_bed", "doctors_required", "service_target", 1),
    ("workforce.doctor_share_of_staff", "doctors_required", "service_target", 1),
    ("workforce.nurses_per_bed", "nurses_required", "service_target", 1),
    ("workforce.residents_per_gp", "gps_required", "service_target", -1),
    ("workforce.gp_share_of_primary", "gps_required", "wisn", 1),
    ("workforce.technical_staff_per_doctor", "pharmacists_required", "service_target", 1),
    ("workforce.pharmacist_share_of_technical", "pharmacists_required", "service_target", 1),
    ("workforce.pharmacist_minutes", "pharmacists_required", "wisn", 1),
    ("workforce.rural_use", "rural_doctors_required", "wisn", 1),
    ("outpatient.tcm_share", "tcm_doctors_required", "wisn", 1),
    ("outpatient.residents_per_centre", "community_health_centres_required", "dense", -1),
    ("population.urban_share", "community_health_centres_required", "sparse", 1),
    ("elderly_care.institution_share", "care_beds_required", "nursing_type", 1),
    ("elderly_care.occupancy_target", "care_beds_required", "total", -1),
    ("childcare.take_up", "childcare_slots_required", "total", 1),
    ("childcare.occupancy_target", "childcare_slots_required", "total", -1),
    ("childcare.occupancy_target", "childcare_slots_required", "enrolled", -1),
    ("childcare.enrolment", "childcare_slots_required", "enrolled", 1),
    ("childcare.enrolment_by_age", "childcare_slots_required", "enrolled", 1),
    ("childcare.slots_per_resident", "childcare_slots_required", "rule", 1),
    ("childcare.children_per_carer", "childcare_staff_required", "total", -1),
    ("maternity.deliveries_per_birth", "deliveries", "", 1),
    ("maternity.deliveries_per_midwife", "midwives_required", "total", -1),
    ("coverage.severe_mental_visits", "managed_required", "severe_mental_visits", 1),
    ("workforce.registered_severe_mental", "managed_required", "severe_mental", 1),
    ("coverage.migrant_share", "managed_required", "migrants", 1),
    ("emergency.peak_factor", "ambulances_required", "total", 1),
    ("emergency.utilisation_target", "ambulances_required", "total", -1),
    ("emergency.fleet_in_service", "ambulances_required", "total", -1),
    ("emergency.population_per_ambulance", "ambulances_required", "rule", -1),
    ("emergency.severity_scale", "epidemic_peak", "ward", 1),
)


SCALED = tuple(dict.fromkeys(name for name, *_ in PROPORTIONAL))


@pytest.fixture(scope="module")
def scaled(params):
    """Needs of draws in which one parameter each is a tenth lower; draw 0 has them all as read."""
    inputs = world(draws=len(SCALED) + 1)
    burden = sim.burden.project(inputs[list(sim.burden.READS)], {n: params[n] for n in sim.burden.PARAMETERS})
    changes = {}
    for number, name in enumerate(SCALED, start=1):
        factor = xr.DataArray(np.ones(len(SCALED) + 1), {"draw": inputs.draw}, ("draw",))
        factor[number] = SHARE
        changes[name] = params[name] * factor
    return _demand(inputs.merge(burden), params, **changes)


def _series(result, variable, group):
    array = result[variable]
    dim = next((d for d in array.dims if d not in ("year", "draw")), None)
    return array.sel({dim: group}, drop=True) if dim else array


@pytest.mark.parametrize(("name", "variable", "group", "power"), PROPORTIONAL)
def test_need_is_proportional_or_inverse_to_its_figure(scaled, name, variable, group, power):
    series = _series(scaled, variable, group)
    then, now = series.isel(draw=0), series.isel(draw=SCALED.index(name) + 1)
    assert (then > 0).all()
    np.testing.assert_allclose(now, then * SHARE**power, rtol=1e-9)


def test_public_beds_are_what_private_ones_leave(before, params):
    beds = before.beds_required
    share = params["inpatient.private_share"]
    total = beds.sel(bed_group="total", drop=True)
    np.testing.assert_allclose(beds.sel(bed_group="private", drop=True), total * share)
    np.testing.assert_allclose(beds.sel(bed_group="public", drop=True), total * (1 - share))


def test_norms_on_a_million_people(inputs, params):
    """6 beds, 1.2 in primary care and 0.575 psychiatric per 1000, 15 intensive per 100 000."""
    one = inputs.population.isel(year=[0])
    million = one / one.sum() * 1e6
    own = {n: v.isel(year=[0]) if "year" in v.dims else v for n, v in params.items()}
    beds = inpatient.beds_by_norm(million, own)
    for kind, want in (("total", 6000), ("primary", 1200), ("psychiatric", 575), ("icu", 150)):
        assert float(beds[kind].squeeze()) == pytest.approx(want, rel=1e-6)
    old = float(million.sel(age=slice(60, 100)).sum())
    care = elderly_care.care_beds_by_norm(million, own)
    assert float(care.squeeze()) == pytest.approx(0.03 * old)


def test_stay_of_a_delivery_is_the_mean_of_both_ways(params):
    """40 % caesarean of 6 days, 60 % of 3.5: 4.5 days."""
    own = {
        "inpatient.caesarean_share": xr.DataArray(0.4),
        "inpatient.caesarean_alos": xr.DataArray(6.0),
        "inpatient.vaginal_alos": xr.DataArray(3.5),
        "inpatient.obstetric_admissions_per_birth": xr.DataArray(1.2),
    }
    assert float(inpatient.delivery_days(own)) == pytest.approx(4.5 * 1.2)


def test_intensive_care_follows_admissions_above_primary_care(state, before, params):
    treated = state.admissions_level
    above = treated.sel(level=["tertiary", "secondary"]).sum("level")
    want = above * params["inpatient.icu_share"] * params["inpatient.icu_alos"]
    np.testing.assert_allclose(before.bed_days_type.sel(bed_type="icu", drop=True), want)


def test_patients_from_outside_fill_childrens_beds_too(state, params, before):
    twice = _demand(state.assign(admissions_level=state.admissions_level * 2), params)
    days = [r.bed_days_type.sel(bed_type="paediatric", drop=True) for r in (twice, before)]
    np.testing.assert_allclose(days[0], days[1] * 2)


def _visits(visits, bed_days):
    level = ["tertiary", "secondary", "primary"]
    return xr.Dataset(
        {"visits": ("level", [visits, 0.0, 0.0]), "bed_days": ("level", [bed_days, 0.0, 0.0])},
        coords={"level": level},
    )


def test_hours_of_nurses_and_pharmacists_by_hand(params):
    """Visits and bed-days both take time: 60 visits of 6 minutes and 10 bed-days of 2.2 hours are
    28 nurse hours; 60 x 2.5 and 10 x 5 minutes 3.33 pharmacist hours."""
    hours = workforce.clinical_hours(_visits(60.0, 10.0), params)
    assert float(hours["nurses"]) == pytest.approx(6.0 + 22.0)
    assert float(hours["pharmacists"]) == pytest.approx((60 * 2.5 + 10 * 5) / 60)
    minutes = float(params["workforce.minutes_per_visit"].sel(level="tertiary")) * 60
    minutes += float(params["workforce.minutes_per_bed_day"].sel(level="tertiary")) * 10
    assert float(hours["doctors"]) == pytest.approx(minutes / 60)


def test_work_on_patients_under_management_needs_general_practitioners(state, params, before):
    """Twice the hours for each client: more GPs by workload, as many other doctors."""
    hours = params["workforce.management_hours"]
    more = _demand(state, params, workforce__management_hours=hours * 2)
    gps = [r.gps_required.sel(staff_method="wisn") for r in (more, before)]
    assert (gps[0] > gps[1]).all()
    np.testing.assert_allclose(more.doctors_required, before.doctors_required)


def test_management_hours_by_hand(params):
    """1000 patients with hypertension of whom the managed share takes 1.6 hours each."""
    causes = {"cause": ["hypertension", "diabetes"]}
    cases = xr.DataArray([1000.0, 0.0], causes, ("cause",))
    none = xr.DataArray(0.0)
    full = dict.fromkeys(("severe_mental", "elderly_65", "children_0_6", "pregnant_women"), none)
    own = dict(params)
    share = xr.DataArray([0.3, 0.3], {"programme_cause": causes["cause"]}, ("programme_cause",))
    own["disease.managed_share"] = share
    assert float(programmes.management_hours(full, cases, own)) == pytest.approx(300 * 1.6)


def test_care_settings_by_hand(params):
    """100 000 people 65+, of them 4000 mild, 5000 moderate, 2000 severe: residents by share, beds
    over the occupancy, workers by residents each."""
    severity = ["mild", "moderate", "severe"]
    dependent = xr.DataArray([4000.0, 5000.0, 2000.0], {"severity": severity}, ("severity",))
    people = xr.DataArray(
        np.full((2, 101), 0.0), {"sex": ["female", "male"], "age": np.arange(101)}, ("sex", "age")
    )
    people[{"age": 70}] = 50000.0
    users = elderly_care.institution_users(people, dependent, params)
    want = [89000 * 0.0035, 4000 * 0.025, 5000 * 0.06, 2000 * 0.15]
    np.testing.assert_allclose(users, want)
    beds = elderly_care.care_beds(users, params)
    assert float(beds["nursing_type"]) == pytest.approx((want[2] + want[3]) / 0.8)
    assert float(beds["total"]) == pytest.approx(sum(want) / 0.8 * 1.57)
    workers = elderly_care.care_workers(users, xr.DataArray(3600.0), params)
    posts = want[0] / 15 + want[1] / 8 + want[2] / 6 + want[3] / 4 + 3600 / 1800
    assert float(workers) == pytest.approx(posts)


def test_childcare_staff_by_hand(params):
    """Slots for 30, 50 and 70 children in use are 10 carers in each class, 1.9 staff a carer."""
    ages = {"age": [0, 1, 2]}
    per_carer = params["childcare.children_per_carer"].sel(age=[0, 1, 2])
    np.testing.assert_allclose(per_carer, [3, 5, 7])
    slots = xr.DataArray([30.0, 50.0, 70.0], ages, ("age",)) / params["childcare.occupancy_target"]
    assert float(childcare.staff(slots, params)) == pytest.approx(30 * 1.9)


def test_older_mothers_are_those_from_35_on():
    by_age = xr.DataArray([1.0, 2.0, 4.0], {"age": [34, 35, 44]}, ("age",))
    older = maternity.high_risk_births(by_age, {"maternity.older_mothers_age": xr.DataArray(35.0)})
    assert float(older) == 6.0


def test_key_groups_count_each_chronic_patient_once(params):
    """100 by age, 200 patients of whom 45 % are in no other group, 10 registered: 200 people."""
    got = programmes.key_groups(
        xr.DataArray(100.0), {"hypertension": xr.DataArray(200.0)}, xr.DataArray(10.0), params
    )
    assert float(got) == pytest.approx(100 + 200 * 0.45 + 10)


def test_donors_are_of_donor_age(inputs, before):
    people = inputs.population.sel(age=slice(18, 55)).sum(("sex", "age"))
    np.testing.assert_allclose(before.managed_required.sel(programme="blood_donors"), people)


def test_the_wave_adds_to_wards_and_takes_the_beds_that_can_wait(before, params):
    peak, beds = before.epidemic_peak, before.beds_required
    normal = beds.sel(bed_group="infectious_normal", drop=True)
    isolated = peak.sel(epidemic_group="ward") * params["emergency.isolation_share"]
    np.testing.assert_allclose(beds.sel(bed_group="infectious", drop=True), normal + isolated)
    usual = beds.sel(bed_group="icu_normal", drop=True)
    kept = usual * (1 - params["emergency.deferrable_icu_share"])
    with_wave = kept + peak.sel(epidemic_group="icu")
    np.testing.assert_allclose(
        beds.sel(bed_group="icu", drop=True), with_wave.where(with_wave > usual, usual)
    )


def test_calls_grow_with_their_trend(state, params):
    more = _demand(state, params, emergency__missions_growth=xr.DataArray(0.05))
    flat = _demand(state, params, emergency__missions_growth=xr.DataArray(0.0))
    ratio = (more.ambulances_required / flat.ambulances_required).sel(ambulance_group="total")
    assert ratio.isel(year=0).item() == pytest.approx(1.0)
    assert (ratio.isel(year=slice(1, None)) > 1).all()
