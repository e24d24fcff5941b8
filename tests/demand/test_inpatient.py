"""Hospital care: stays by age and kind, parts and wholes, laws of beds."""

import numpy as np
import pytest
import xarray as xr
from health_world import needs

from sim.demand import inpatient

KINDS = (
    "general",
    "obstetric",
    "paediatric",
    "geriatric_rehabilitation",
    "psychiatric",
    "tcm",
    "infectious",
    "icu",
)
SECOND = ["geriatric_rehabilitation", "icu"]  # stays of patients who were admitted before


@pytest.fixture(scope="module")
def both(inputs, params):
    return needs(inputs, params)


def _total(result):
    return result.beds_required.sel(bed_group="total", drop=True)


def test_every_kind_has_admissions_and_bed_days(both):
    _, result = both
    for name in ("admissions_type", "bed_days_type"):
        assert set(result[name].bed_type.values) == set(KINDS)
        assert bool((result[name] > 0).all())
    stay = (result.bed_days_type / result.admissions_type).isel(year=0, draw=0)
    wanted = {
        "obstetric": (3, 6),
        "paediatric": (5, 7),
        "geriatric_rehabilitation": (13, 24),
        "psychiatric": (20, 62),
        "tcm": (8, 10),
        "infectious": (9, 14),
        "icu": (4, 8),
        "general": (5, 10),
    }
    for kind, (low, high) in wanted.items():
        assert low <= float(stay.sel(bed_type=kind)) <= high, kind


def test_kinds_add_up_to_the_whole(both):
    burden, result = both
    np.testing.assert_allclose(result.bed_days_type.sum("bed_type"), result.bed_days.sum("level"), rtol=1e-12)
    first = result.admissions_type.drop_sel(bed_type=SECOND).sum("bed_type")
    np.testing.assert_allclose(first, burden.admissions_level.sum("level"), rtol=1e-12)


def test_patients_add_up_to_the_whole(both):
    _, result = both
    groups = result.bed_days_patient
    assert groups.sizes["patient_group"] == 10
    np.testing.assert_allclose(groups.sum("patient_group"), result.bed_days.sum("level"), rtol=1e-12)


def test_old_patients_take_more_days_than_their_share_of_admissions(both):
    burden, result = both
    old = [g for g in result.bed_days_patient.patient_group.values if str(g).endswith("75+")]
    days = result.bed_days_patient.sel(patient_group=old).sum("patient_group")
    days = days / result.bed_days.sum("level")
    people = burden.admissions.sum("sex")
    stays = people.sel(age=slice(75, 100)).sum("age") / people.sum("age")
    assert bool((days > stays).all())


def test_bed_days_are_admissions_times_stay_and_the_base_is_the_observed_mean(both, params):
    burden, result = both
    np.testing.assert_allclose(result.bed_days, burden.admissions_level * result["alos"], rtol=1e-12)
    first = result["alos"].isel(year=0, draw=0)
    np.testing.assert_allclose(first, params["inpatient.alos"].sel(level=first.level), rtol=1e-12)


def test_bed_identity_of_every_year_and_level(both, params):
    """occupancy = admissions x stay / (365 x open beds), solved for the occupancy aimed at."""
    burden, result = both
    levels = list(result.bed_days.level.values)
    beds = result.beds_required.sel(bed_group=levels).rename(bed_group="level")
    open_beds = beds * params["inpatient.open_share"]
    occupancy = burden.admissions_level * result["alos"] / (365 * open_beds)
    target = inpatient.occupancy_target(params).sel(bed_group=levels).rename(bed_group="level")
    xr.testing.assert_allclose(occupancy, target.broadcast_like(occupancy))


def test_shorter_stays_fewer_beds(inputs, params, both):
    shorter = {"inpatient__alos_growth": params["inpatient.alos_growth"] - 0.01}
    _, less = needs(inputs, params, **shorter)
    later = slice(1, None)
    assert bool((_total(less) < _total(both[1])).isel(year=later).all())
    np.testing.assert_allclose(_total(less).isel(year=0), _total(both[1]).isel(year=0))


def test_more_old_people_longer_stays(inputs, params, both):
    """Twice as many people of 75 and over from the second year on: the mean stay of each level
    rises; with no difference by age it does not."""
    older = inputs.copy(deep=True)
    older["population"].loc[{"year": slice(2021, None), "age": slice(75, 100)}] *= 2.0
    _, more = needs(older, params)
    ratio = more["alos"] / both[1]["alos"]
    assert bool((ratio.isel(year=slice(1, None)) > 1.005).all())
    np.testing.assert_allclose(ratio.isel(year=0), 1.0)
    flat = {"inpatient__stay_age_slope": xr.DataArray(0.0)}
    same = needs(older, params, **flat)[1]["alos"] / needs(inputs, params, **flat)[1]["alos"]
    np.testing.assert_allclose(same, 1.0, rtol=1e-12)


def test_ageing_lengthens_stays_at_given_ages(both, params):
    """The made-up population ages: stays lengthen every year, by less than 0.4 per cent."""
    burden, _ = both
    mix = inpatient.case_mix(burden.admissions, params).isel(draw=0)
    step = mix.diff("year")
    assert bool((step > 0).all())
    assert float(step.max()) < 0.004


SHARES = (  # parameter, kind, whether bed-days and admissions follow it
    ("inpatient.paediatric_share", "paediatric", True, True),
    ("inpatient.paediatric_alos", "paediatric", True, False),
    ("inpatient.rehabilitation_share", "geriatric_rehabilitation", True, True),
    ("inpatient.rehabilitation_alos", "geriatric_rehabilitation", True, False),
    ("inpatient.psychiatric_bed_days", "psychiatric", True, True),
    ("inpatient.tcm_share", "tcm", True, True),
    ("inpatient.infectious_share", "infectious", True, True),
    ("inpatient.icu_share", "icu", True, True),
    ("inpatient.icu_alos", "icu", True, False),
    ("inpatient.obstetric_admissions_per_birth", "obstetric", True, True),
)


@pytest.fixture(scope="module")
def of_kinds(inputs, params, both):
    """Function: parameters that change -> admissions and bed-days by kind."""
    made = inputs.merge(both[0]).assign(both[1][["bed_days", "deliveries"]].data_vars)
    return lambda **changed: inpatient.by_type(made, params | changed)


@pytest.mark.parametrize(("name", "kind", "days", "admissions"), SHARES)
def test_a_kind_of_bed_follows_each_of_its_figures_and_the_others_do_not(
    of_kinds, params, name, kind, days, admissions
):
    plain, more = of_kinds(), of_kinds(**{name: params[name] * 0.8})
    for follows, before, after in zip((admissions, days), plain, more, strict=True):
        for each in before:
            want = before[each] * (0.8 if follows and each == kind else 1.0)
            if each != "general":
                np.testing.assert_allclose(after[each], want, rtol=1e-12, err_msg=each)


def test_where_special_kinds_take_all_and_more_nothing_is_left_for_general_beds(of_kinds, params):
    admissions, days = of_kinds(**{"inpatient.paediatric_share": params["inpatient.paediatric_share"] * 100})
    assert float(admissions["general"].max()) == float(days["general"].max()) == 0.0
