"""Every formula of demand written out in plain numbers, on parameters among which none is neutral."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import xarray as xr
from generic_world import YEARS, births, by, generic, mothers, people, plain, total
from scipy.special import erf

from sim.demand import (
    childcare,
    elderly_care,
    emergency,
    epidemic_beds,
    inpatient,
    maternity,
    outpatient,
    programmes,
    workforce,
)
from sim.errors import ParameterError
from sim.year import DAYS_PER_YEAR, HOURS_PER_YEAR

P = generic()
LEVELS = ("tertiary", "secondary", "primary")
GONE = np.array(YEARS)[:, None] - 2020.0


def same(found: Any, want: Any, *dims: str) -> None:
    np.testing.assert_allclose(plain(found, *dims), want, rtol=1e-10)


def fades(growth: str, half_life: str) -> np.ndarray:
    decay = np.log(2) / plain(half_life)
    return np.exp(plain(growth) * (1 - np.exp(-decay * GONE)) / decay)


def old(array: np.ndarray, first: int, last: int = 100) -> np.ndarray:
    """Sum over sex and ages of (year, sex, age, draw)."""
    return array[:, :, first : last + 1].sum(axis=(1, 2))


PEOPLE = people()
N = plain(PEOPLE, "year", "sex", "age")


def test_childcare_is_wish_trend_and_rule():
    found = childcare.slots(PEOPLE, P)
    n = N[:, :, :3].sum(axis=1)
    full = plain("childcare.occupancy_target")
    wish = plain("childcare.wish", "age")[:3] * plain("childcare.take_up")
    for a in range(3):
        same(found[f"age_{a}"], n[:, a] * wish[a] / full, "year")
    same(found["total"], (n * wish).sum(axis=1) / full, "year")
    use = plain("childcare.enrolment", "year")[:, None] * plain("childcare.enrolment_by_age", "age")[:3]
    same(childcare.enrolled(PEOPLE, P), n * np.minimum(use, 1), "year", "age")
    same(found["enrolled"], (n * np.minimum(use, 1)).sum(axis=1) / full, "year")
    same(found["rule"], old(N, 0) * plain("childcare.slots_per_resident"), "year")
    slots = by("age", "0", "1", "2").assign_coords(age=[0, 1, 2])
    carers = (plain(slots, "year", "age") * full / plain("childcare.children_per_carer", "age")[:3]).sum(
        axis=1
    )
    same(childcare.staff(slots, P), carers * (1 + plain("childcare.other_staff")), "year")


def test_care_of_older_people_by_setting():
    dependent = by("severity", "mild", "moderate", "severe", size=2e3)
    users = elderly_care.institution_users(PEOPLE, dependent, P)
    d = plain(dependent, "year", "severity")
    share = plain("elderly_care.institution_share", "severity")
    everybody = np.concatenate([(old(N, 65) - d.sum(axis=1))[:, None], d], axis=1)
    same(users.sel(severity=["none", "mild", "moderate", "severe"]), everybody * share, "year", "severity")
    u = everybody * share
    full = plain("elderly_care.occupancy_target")
    beds = elderly_care.care_beds(users, P)
    same(beds["institution"], u.sum(axis=1) / full, "year")
    same(beds["nursing_type"], (u[:, 2] + u[:, 3]) / full, "year")
    same(beds["total"], u.sum(axis=1) / full * (1 + plain("elderly_care.community_bed_share")), "year")
    same(elderly_care.care_beds_by_norm(PEOPLE, P), old(N, 60) * plain("norm.care_beds", "year"), "year")
    formal, family = elderly_care.home_care(dependent, users, P)
    at_home = d - u[:, 1:]
    alone = (1 - plain("elderly_care.home_share", "severity")) * (
        1 - plain("elderly_care.shift_to_formal")
    ) ** GONE[:, None]
    given = at_home * (1 - alone) * plain("elderly_care.home_hours", "severity")
    due = at_home * plain("elderly_care.care_hours", "severity")
    same(formal, given.sum(axis=1), "year")
    same(family, np.maximum(due - given, 0).sum(axis=1), "year")
    hours = total()
    posts = (u / plain("elderly_care.residents_per_worker", "severity")).sum(axis=1)
    want = posts + plain(hours, "year") / plain("workforce.available_hours")
    same(elderly_care.care_workers(users, hours, P), want, "year")


def test_more_dependent_than_old_people_or_more_in_homes_than_dependent_is_refused():
    many = by("severity", "mild", "moderate", "severe", size=1e9)
    with pytest.raises(ParameterError, match="less the dependent"):
        elderly_care.institution_users(PEOPLE, many, P)
    few = many * 1e-9
    with pytest.raises(ParameterError, match="dependent less users"):
        elderly_care.home_care(few, many, P)
    with pytest.raises(ParameterError, match=r"users: severity .* \['mild'\]"):
        elderly_care.care_beds(many.sel(severity=["moderate", "severe"]), P)
    with pytest.raises(ParameterError, match=r"users .*severity"):
        elderly_care.care_beds(total(), P)


def test_ambulances_by_use_and_by_rule():
    found = emergency.ambulances(PEOPLE, P)
    city = plain("emergency.city_district_share")
    calls = (N.sum(axis=1) * plain("emergency.call_ratio", "age")).sum(axis=1)
    calls = calls * fades("emergency.missions_growth", "emergency.missions_half_life")
    by_use = []
    for i, share in enumerate((city, 1 - city)):
        each = [
            plain(f"emergency.{k}", "ambulance_area")[i] for k in ("missions_per_person", "mission_hours")
        ]
        load = calls * share * each[0] * each[1] * plain("emergency.peak_factor") / HOURS_PER_YEAR
        busy = plain("emergency.utilisation_target", "ambulance_area")[i]
        by_use.append(load / busy / plain("emergency.fleet_in_service"))
        same(found[("urban", "county")[i]], by_use[i], "year")
    same(found["total"], by_use[0] + by_use[1], "year")
    counted = city + (1 - city) * plain("emergency.county_multiplier")
    rule = old(N, 0) * counted / plain("emergency.population_per_ambulance")
    same(found["rule"], rule, "year")
    same(found["negative_pressure"], rule * plain("emergency.negative_pressure_share"), "year")
    with pytest.raises(ParameterError, match="'rural' unknown"):
        emergency.vehicles_by_use(total(), "rural", P)


def test_the_wave_of_an_epidemic_and_its_beds():
    peak = emergency.epidemic_peak(PEOPLE, P)
    sd = plain("emergency.wave_half_width") / np.sqrt(2 * np.log(2))
    want = {}
    for name, fraction in (("ward", "hospital_fraction"), ("icu", "icu_fraction")):
        ill = N.sum(axis=1) * plain("emergency.attack_rate") * plain(f"emergency.{fraction}", "age")
        at_once = erf(plain(f"emergency.{name}_days") / (2 * np.sqrt(2) * sd))
        want[name] = ill.sum(axis=1) * plain("emergency.severity_scale") * at_once
        same(peak[name], want[name], "year")
    wards, icu = total(6, 300.0), total(7, 100.0)
    beds = emergency.epidemic_beds(wards, icu, peak, P)
    w, i = plain(wards, "year"), plain(icu, "year")
    isolated = want["ward"] * plain("emergency.isolation_share")
    kept = i * (1 - plain("emergency.deferrable_icu_share"))
    same(beds["infectious"], w + isolated, "year")
    same(beds["icu"], np.maximum(kept + want["icu"], i), "year")
    small = {name: array * 1e-6 for name, array in peak.items()}
    same(
        emergency.epidemic_beds(wards, icu, small, P)["icu"], i, "year"
    )  # a wave that those who wait make room for
    found = epidemic_beds.stress(PEOPLE, {"infectious": wards, "icu": icu}, peak, P)
    named = plain("emergency.severity_named", "wave_severity") / plain("emergency.severity_scale")
    for k, name in enumerate(P["emergency.severity_named"].wave_severity.values):
        same(found[f"infectious_{name}"], w + isolated * named[k], "year")
        same(found[f"icu_{name}"], np.maximum(kept + want["icu"] * named[k], i), "year")
    same(found["icu_convertible"], old(N, 0) * plain("norm.icu_convertible_beds", "year"), "year")


def test_infectious_beds_by_the_norm_s_rows():
    """Cities in proportion between rows, counties by the row they reach."""
    norm = P | {
        "norm.city_infectious_beds": xr.DataArray(
            [60.0, 100, 600], {"city_people": [0, 5e5, 1e7]}, ("city_people",)
        ),
        "norm.county_infectious_beds": xr.DataArray(
            [20.0, 50, 80], {"county_people": [0, 3e5, 5e5]}, ("county_people",)
        ),
    }
    for size, county, each in ((3.0, 2.9e5, 20), (200.0, 3e5, 50), (1e5, 4.9e5, 50), (30.0, 5e5, 80)):
        n = people(size=size)
        here = norm | {"emergency.residents_per_county": xr.DataArray(county)}
        share, cities = plain("emergency.city_district_share"), plain("emergency.cities")
        all_ = old(plain(n, "year", "sex", "age"), 0)
        beds = np.interp(all_ * share / cities, [0, 5e5, 1e7], [60, 100, 600])
        want = cities * beds + all_ * (1 - share) / county * each
        same(epidemic_beds.infectious_beds_by_norm(n, here), want, "year")


# --- beds ---------------------------------------------------------------------------------------

ADMITTED = people(8, 400.0)
TREATED = by("level", *LEVELS, seed=9, size=2e4)
DAYS = by("level", *LEVELS, seed=10, size=2e5)
WORK = xr.Dataset(
    {
        "population": PEOPLE,
        "admissions": ADMITTED,
        "admissions_level": TREATED,
        "bed_days": DAYS,
        "deliveries": total(11, 3e3),
    }
)
A = plain(ADMITTED, "year", "sex", "age")


def weights() -> np.ndarray:
    return plain("inpatient.stay_by_age", "age") ** plain("inpatient.stay_age_slope")


def test_stays_lengthen_with_the_patients_ages():
    mean = (A.sum(axis=1) * weights()).sum(axis=1) / A.sum(axis=(1, 2))
    same(inpatient.case_mix(ADMITTED, P), mean / mean[:1], "year")
    change = fades("inpatient.alos_growth", "inpatient.alos_half_life") * mean / mean[:1]
    want = plain("inpatient.alos", "level")[None] * change[:, None]
    same(inpatient.alos(ADMITTED, P), want, "year", "level")


def test_bed_days_fall_on_patients_by_their_stay():
    found = inpatient.bed_days_by_patient(WORK, P)
    weighted = A * weights()
    days = plain(DAYS, "year", "level").sum(axis=1)
    for s, sex in enumerate(("female", "male")):
        part = weighted[:, s, :15].sum(axis=1) / weighted.sum(axis=(1, 2))
        same(found.sel(patient_group=f"{sex}_0-14"), part * days, "year")
    same(found.sum("patient_group"), days, "year")


def kinds(many: float = 1.0) -> dict[str, np.ndarray]:
    """Bed-days by kind, written out; many: times the admissions treated."""
    t, days = many * plain(TREATED, "year", "level"), plain(DAYS, "year", "level").sum(axis=1)
    inflow = t.sum(axis=1) / A.sum(axis=(1, 2))
    own = np.minimum(inflow, 1)
    caesarean = plain("inpatient.caesarean_share")
    stay = caesarean * plain("inpatient.caesarean_alos") + (1 - caesarean) * plain("inpatient.vaginal_alos")
    each = stay * plain("inpatient.obstetric_admissions_per_birth")
    children = old(A, 0, 14) * plain("inpatient.paediatric_share")
    elders = old(A, 65) * plain("inpatient.rehabilitation_share")
    return {
        "obstetric": plain(WORK["deliveries"], "year") * each * own,
        "paediatric": children * plain("inpatient.paediatric_alos") * inflow,
        "geriatric_rehabilitation": elders * plain("inpatient.rehabilitation_alos") * inflow,
        "psychiatric": old(N, 0) * plain("inpatient.psychiatric_bed_days") * own,
        "tcm": days * plain("inpatient.tcm_share"),
        "infectious": days * plain("inpatient.infectious_share"),
        "icu": t[:, :2].sum(axis=1) * plain("inpatient.icu_share") * plain("inpatient.icu_alos"),
    }


@pytest.mark.parametrize("many", [1.0, 4.0])
def test_special_beds_take_the_days_of_their_patients(many: float):
    """With more patients from outside than from here (4.0) births and psychiatric days are the residents'."""
    found = inpatient.typed_days(WORK.assign(admissions_level=TREATED * many), P)
    for name, want in kinds(many).items():
        same(found[f"{name}_normal" if name in ("infectious", "icu") else name], want, "year")


def test_kinds_are_admitted_by_their_stay_and_general_beds_take_the_rest():
    treated, days = inpatient.by_type(WORK, P)
    want, t = kinds(), plain(TREATED, "year", "level").sum(axis=1)
    all_days = plain(DAYS, "year", "level").sum(axis=1)
    mean = all_days / t
    c = plain("inpatient.caesarean_share")
    stays = {
        "obstetric": c * plain("inpatient.caesarean_alos") + (1 - c) * plain("inpatient.vaginal_alos"),
        "paediatric": plain("inpatient.paediatric_alos"),
        "psychiatric": plain("inpatient.psychiatric_alos"),
        "tcm": mean * plain("inpatient.tcm_stay"),
        "infectious": mean * plain("inpatient.infectious_stay"),
        "geriatric_rehabilitation": plain("inpatient.rehabilitation_alos"),
        "icu": plain("inpatient.icu_alos"),
    }
    for name, stay in stays.items():
        same(treated[name], want[name] / stay, "year")
        same(days[name], want[name], "year")
    first = sum(want[n] / stays[n] for n in ("obstetric", "paediatric", "psychiatric", "tcm", "infectious"))
    same(treated["general"], np.maximum(t - first, 0), "year")
    same(days["general"], np.maximum(all_days - sum(want.values()), 0), "year")


@pytest.mark.parametrize("source", ["hospital_model", "planning_values"])
def test_beds_are_days_over_what_a_bed_can_give(source: str):
    own = P | {"inpatient.occupancy_source": xr.DataArray(source)}
    found = inpatient.beds_required(WORK, own)
    name = "occupancy_by_size.bed_group" if source == "hospital_model" else "inpatient.occupancy_target"
    target = P[name].clip(P["inpatient.least_occupancy"], P["inpatient.most_occupancy"])

    def need(days: np.ndarray, group: str) -> np.ndarray:
        given = DAYS_PER_YEAR * plain("inpatient.open_share") * plain(target.sel(bed_group=group, drop=True))
        return days / given

    levels = {v: need(plain(DAYS, "year", "level")[:, i], v) for i, v in enumerate(LEVELS)}
    all_ = sum(levels.values())
    typed = {k: need(d, k) for k, d in kinds().items()}
    private = all_ * plain("inpatient.private_share", "year")
    city = np.maximum(all_ - private - levels["primary"], 0) * plain("inpatient.city_share_of_public")
    want = {
        "total": all_,
        **levels,
        **{f"{k}_normal" if k in ("infectious", "icu") else k: v for k, v in typed.items()},
        "general": np.maximum(all_ - sum(typed.values()), 0),
        "private": private,
        "public": all_ - private,
        "city_public": city,
        "county_primary": all_ - private - city,
    }
    assert set(found) == set(want)
    for k, v in want.items():
        same(found[k], v, "year")


def test_beds_by_norm_are_of_all_people_or_of_children():
    found = inpatient.beds_by_norm(PEOPLE, P)
    for name in ("total", "primary", "psychiatric", "icu", "private"):
        norm = "norm.beds" if name == "total" else f"norm.{name}_beds"
        same(found[name], old(N, 0) * plain(norm, "year"), "year")
    same(found["paediatric"], old(N, 0, 14) * plain("norm.paediatric_beds", "year"), "year")


@pytest.mark.parametrize(
    ("days", "occupancy", "open_share", "text"),
    [
        (-1.0, 0.9, 0.9, "bed_days"),
        (1.0, 0.0, 0.9, "occupancy"),
        (1.0, 1.1, 0.9, "occupancy"),
        (1.0, 0.9, 0.0, "open_share"),
    ],
)
def test_no_bed_gives_more_than_its_days(days: float, occupancy: float, open_share: float, text: str):
    with pytest.raises(ParameterError, match=text):
        inpatient.beds_from_bed_days(*(xr.DataArray(v) for v in (days, occupancy, open_share)))
    one = inpatient.beds_from_bed_days(xr.DataArray(365.0), xr.DataArray(1.0), xr.DataArray(1.0))
    assert float(one) == pytest.approx(365.0 / DAYS_PER_YEAR)


# --- mothers, programmes, staff -------------------------------------------------------------------


def test_births_ask_for_midwives_and_beds_by_the_mothers_ages():
    born, by_age = births(), mothers()
    b, m = plain(born, "year", "sex").sum(axis=1), plain(by_age, "year", "age")
    deliveries = b * plain("maternity.deliveries_per_birth")
    same(maternity.deliveries(born, P), deliveries, "year")
    want = deliveries / plain("maternity.deliveries_per_midwife")
    same(maternity.midwives(maternity.deliveries(born, P), P), want, "year")
    first = int(P["maternity.older_mothers_age"])
    late = m[:, first:].sum(axis=1)
    same(maternity.high_risk_births(by_age, P), late, "year")
    weight = 1 + (plain("maternity.high_risk_bed_ratio") - 1) * late / m.sum(axis=1)
    beds = b * plain("maternity.newborn_beds") * weight / weight[:1]
    same(maternity.newborn_beds(born, by_age, P), beds, "year")
    none = by_age.where(by_age.year != 2022, 0.0)
    found = plain(maternity.newborn_beds(born, none, P), "year")
    np.testing.assert_allclose(found[2], b[2] * plain("maternity.newborn_beds") / weight[0])


def test_community_centres_by_the_bounds_of_the_rule():
    found = outpatient.community_centres(PEOPLE, P)
    urban = old(N, 0) * plain("population.urban_share", "year")
    rule = plain("outpatient.residents_per_centre", "chc_group")
    same(found["dense"], urban / rule[0], "year")
    same(found["sparse"], urban / rule[1], "year")


CASES = by("cause", "hypertension", "diabetes", "stroke", seed=12, size=5e4)
VISITS = by("level", *LEVELS, seed=13, size=1e6)


def test_full_coverage_of_each_programme():
    work = WORK.assign(births=births(), cases=CASES, visits=VISITS)
    found = programmes.managed(work, P)
    both, b = N.sum(axis=1), plain(births(), "year", "sex").sum(axis=1)
    known = plain("coverage.detected", "programme_cause")
    ill = [plain(CASES, "year", "cause")[:, i] * known[i] for i in range(2)]
    mental = old(N, 0) * plain("workforce.registered_severe_mental")
    first, last, child = (
        int(P[f"coverage.{n}"]) for n in ("first_donor_age", "last_donor_age", "last_child_age")
    )
    young, elders = both[:, : child + 1].sum(axis=1), both[:, 65:].sum(axis=1)
    by_age = elders + young + b
    deliveries = plain(WORK["deliveries"], "year")
    want = {
        "elderly_65": elders,
        "hypertension": ill[0],
        "diabetes": ill[1],
        "severe_mental": mental,
        "severe_mental_visits": mental * plain("coverage.severe_mental_visits"),
        "severe_mental_medication": mental,
        "pregnant_women": b,
        "antenatal_care": b,
        "postnatal_visits": deliveries,
        "prepregnancy_checks": b,
        "children_u3": both[:, :3].sum(axis=1),
        "children_0_6": young,
        "vaccination": young,
        "newborn_screening": b,
        "prenatal_screening": deliveries,
        "deliveries": deliveries,
        "family_doctor_key_groups": by_age + sum(ill) * plain("coverage.patients_under_65") + mental,
        "migrants": old(N, 0) * plain("coverage.migrant_share"),
        "tcm_primary_visits": plain(VISITS, "year", "level")[:, 2],
        "blood_donors": both[:, first : last + 1].sum(axis=1),
        "childcare": both[:, :3].sum(axis=1),
    }
    assert set(found) == set(want)
    for name, value in want.items():
        same(found[name], value, "year")
    hours = P["workforce.management_hours"]
    covered = plain("disease.managed_share", "programme_cause")
    client = {"elderly": elders, "severe_mental": mental, "pregnant": b, "child": young}
    client |= {
        n: plain(CASES, "year", "cause")[:, i] * covered[i]
        for i, n in enumerate(("hypertension", "diabetes"))
    }
    all_ = sum(client[str(n)] * plain(hours.sel(client=n, drop=True)) for n in hours.client.values)
    same(programmes.management_hours(found, CASES, P), all_, "year")


def clinics() -> dict[str, np.ndarray]:
    """Hours written out."""
    v, d = plain(VISITS, "year", "level"), plain(DAYS, "year", "level")
    seen = v.copy()
    village = v[:, 2] * plain("outpatient.village_share")
    seen[:, 2] -= village
    minutes = plain("workforce.minutes_per_visit", "level")
    doctor = (seen * minutes + d * plain("workforce.minutes_per_bed_day", "level")) / 60
    each = plain("workforce.pharmacist_minutes", "service")
    nurse = (d * plain("workforce.nurse_hours_per_bed_day", "level")).sum(axis=1)
    return {
        "doctors": doctor.sum(axis=1),
        "primary_doctors": doctor[:, 2],
        "county_doctors": doctor[:, 1] + doctor[:, 2],
        "village_clinics": village * minutes[2] / 60,
        "nurses": nurse + seen.sum(axis=1) * plain("workforce.nurse_minutes_per_visit") / 60,
        "pharmacists": (seen.sum(axis=1) * each[0] + d.sum(axis=1) * each[1]) / 60,
    }


def test_hours_on_visits_and_beds():
    found = workforce.clinical_hours(WORK.assign(visits=VISITS), P)
    assert list(P["workforce.pharmacist_minutes"].service.values) == ["visit", "bed_day"]
    for name, want in clinics().items():
        same(found[name], want, "year")


def test_staff_by_each_method():
    beds, manage = by("level", *LEVELS, seed=14, size=5e3), total(15, 1e5)
    work = WORK.assign(visits=VISITS, beds_level=beds, management_hours=manage)
    found = workforce.staff_required(work, P)
    hours, n = clinics(), old(N, 0)
    year, share = plain("workforce.available_hours"), plain("workforce.patient_share")
    cadres = [str(c) for c in P["workforce.other_posts_share"].cadre.values]

    def load(work_: np.ndarray, cadre: str) -> np.ndarray:
        return work_ / year / share / (1 - plain("workforce.other_posts_share", "cadre")[cadres.index(cadre)])

    doctors = load(hours["doctors"], "doctors")
    rural = 1 - plain("population.urban_share", "year")
    norm = {
        c: n * plain(f"norm.{c}", "year") for c in ("doctors", "nurses", "gps", "tcm_doctors", "pharmacists")
    }
    b = plain(beds, "year", "level")
    theirs = hours["village_clinics"] * (1 - plain("workforce.licensed_in_village"))
    index = list(P["coverage.programme_time"].programme_cadre.values).index("village_doctors")
    time = np.clip(
        plain("coverage.programme_time", "programme_cadre")[index], 0, plain("coverage.most_programme_time")
    )
    technical = doctors * plain("workforce.technical_staff_per_doctor")
    primary = (hours["primary_doctors"] + plain(manage, "year")) * plain("workforce.gp_share_of_primary")
    per_doctor = norm["doctors"] * plain("norm.nurse_doctor_ratio", "year")
    norm_practising = n * plain("norm.practising_doctors", "year")
    practising = doctors * plain("workforce.practising_share", "year")
    wanted: dict[str, tuple[Any, Any, Any]] = {
        "doctors": (
            norm["doctors"],
            doctors,
            b.sum(axis=1) * plain("workforce.staff_per_bed") * plain("workforce.doctor_share_of_staff"),
        ),
        "practising_doctors": (norm_practising, practising, practising),
        "tcm_doctors": (norm["tcm_doctors"], doctors * plain("outpatient.tcm_share"), None),
        "nurses": (
            np.maximum(norm["nurses"], per_doctor),
            load(hours["nurses"], "nurses"),
            (b * plain("workforce.nurses_per_bed", "level")).sum(axis=1),
        ),
        "rural_doctors": (
            norm["doctors"] * rural,
            load(hours["county_doctors"] * rural * plain("workforce.rural_use"), "doctors"),
            None,
        ),
        "village_doctors": (
            n * rural * plain("norm.village_doctors", "year"),
            theirs / year / (share * (1 - time)),
            None,
        ),
        "gps": (norm["gps"], primary / year / share, n / plain("workforce.residents_per_gp")),
        "pharmacists": (
            norm["pharmacists"],
            load(hours["pharmacists"], "pharmacists"),
            technical * plain("workforce.pharmacist_share_of_technical"),
        ),
    }
    by_ratio = ("village_doctors",)
    for cadre, (ratio, wisn, target) in wanted.items():
        main = ratio if cadre in by_ratio else wisn
        same(found[cadre]["ratio"], ratio, "year")
        same(found[cadre]["wisn"], wisn, "year")
        same(found[cadre]["service_target"], main if target is None else target, "year")
        same(found[cadre]["total"], main, "year")
    for cadre in ("public_health_staff", "supervision_staff"):
        for method in ("total", "ratio", "wisn", "service_target"):
            same(found[cadre][method], n * plain(f"norm.{cadre}", "year"), "year")
    more = P | {"norm.nurse_doctor_ratio": P["norm.nurse_doctor_ratio"] * 5}
    same(
        workforce.staff_required(work, more)["nurses"]["ratio"],
        np.maximum(norm["nurses"], 5 * per_doctor),
        "year",
    )


def test_posts_and_their_allowances():
    one = xr.DataArray
    posts = workforce.wisn_staff(one(9000.0), one(1800.0), one(0.75), one(2.0))
    assert float(posts) == pytest.approx(9000 / 1800 / 0.75 + 2)
    assert float(workforce.with_other_posts(one(8.0), one(0.2))) == pytest.approx(10.0)
    assert float(workforce.with_other_posts(one(8.0), one(0.0))) == 8.0
    with pytest.raises(ParameterError, match="below 1"):
        workforce.with_other_posts(one(8.0), one(1.0))
    with pytest.raises(ParameterError, match="total"):
        workforce.methods("wisn", one(1.0))
    for bad in ((-1.0, 1.0, 0.5), (1.0, 0.0, 0.5), (1.0, 1.0, 0.0), (1.0, 1.0, 1.1)):
        with pytest.raises(ParameterError):
            workforce.wisn_staff(*map(one, bad))
    assert float(workforce.wisn_staff(one(1.0), one(1.0), one(1.0))) == 1.0
