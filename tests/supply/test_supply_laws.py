"""How each stock answers to each of its figures: proportional, inverse, or by hand."""

import numpy as np
import pytest
import xarray as xr
from health_world import world

import sim.supply
from sim.catalogue import cadres, programmes
from sim.supply import coverage
from sim.supply.workforce import age_profile, run_stock_flow

AGES = np.arange(20, 75)  # of the table of ages

SHARE = 0.9
PEOPLE = {"elderly_65": 8e5, "deliveries": 5e4, "blood_donors": 2.5e6, "tcm_primary_visits": 15e6}

PROPORTIONAL = (  # parameter, variable, group, power of the parameter
    ("supply.beds_base", "beds_available", "total", 1),
    ("supply.beds_base", "beds_available", "public", 1),
    ("supply.primary_bed_share", "beds_available", "primary", 1),
    ("supply.private_bed_share", "beds_available", "private", 1),
    ("supply.icu_beds_base", "beds_available", "icu", 1),
    ("supply.infectious_beds_base", "beds_available", "infectious", 1),
    ("supply.care_beds_base", "care_beds_available", "total", 1),
    ("supply.institution_share_of_care_beds", "care_beds_available", "nursing_type", 1),
    ("supply.nursing_type_share", "care_beds_available", "nursing_type", 1),
    ("supply.childcare_slots_base", "childcare_slots_available", "total", 1),
    ("supply.slots_per_carer", "childcare_staff_available", "total", -1),
    ("supply.newborn_beds_base", "newborn_beds_available", "", 1),
    ("supply.ambulances_base", "ambulances_available", "total", 1),
    ("inpatient.open_share", "bed_occupancy", "total", -1),
    ("supply.nurses_base", "nurses_available", "total", 1),
    ("supply.village_doctors_base", "village_doctors_available", "total", 1),
    ("workforce.available_hours", "programme_hours", "available", 1),
    ("coverage.programme_part", "programme_hours", "available", 1),
    ("coverage.programme_time", "programme_hours", "available", 1),
    ("coverage.primary_share", "programme_hours", "available", 1),
    ("workforce.management_hours", "programme_hours", "in_use", 1),
    ("coverage.donations_per_donor_age", "managed_available", "blood_donors", 1),
    ("coverage.tcm_in_primary", "managed_available", "tcm_primary_visits", 1),
    ("workforce.patient_share", "managed_available", "tcm_primary_visits", 1),
    ("workforce.minutes_per_visit", "managed_available", "tcm_primary_visits", -1),
)
SCALED = tuple(dict.fromkeys(name for name, *_ in PROPORTIONAL))


def _inputs(draws=1):
    made = world(draws=draws)
    level = ["tertiary", "secondary", "primary"]
    all_programmes = [*dict.fromkeys([*(row.id for row in programmes.ROWS if row.limit == "hours"), *PEOPLE])]
    required = [PEOPLE.get(name, 1e5) for name in all_programmes]
    shape = made.population.sum(("sex", "age"))
    one = xr.ones_like(shape)
    return xr.Dataset(
        {
            "population": made.population,
            "births": made.births,
            "bed_days": one * xr.DataArray([1e6] * 3, {"level": level}, ("level",)),
            "managed_required": one * xr.DataArray(required, {"programme": all_programmes}, ("programme",)),
            "childcare_slots_required": one
            * xr.DataArray([15e3], {"childcare_group": ["enrolled"]}, ("childcare_group",)),
        }
    )


def _supply(params, draws=1, **changes):
    own = {n: params[n] for n in sim.supply.PARAMETERS}
    return sim.supply.project(_inputs(draws), own | changes)


@pytest.fixture(scope="module")
def scaled(params):
    """Stocks of draws in which one parameter each is a tenth lower; draw 0 has them as read."""
    changes = {}
    for number, name in enumerate(SCALED, start=1):
        factor = xr.DataArray(np.ones(len(SCALED) + 1), dims="draw")
        factor[number] = SHARE
        changes[name] = params[name] * factor
    return _supply(params, len(SCALED) + 1, **changes)


@pytest.mark.parametrize(("name", "variable", "group", "power"), PROPORTIONAL)
def test_stock_is_proportional_or_inverse_to_its_figure(scaled, name, variable, group, power):
    array = scaled[variable]
    dim = next((d for d in array.dims if d not in ("year", "draw")), None)
    series = array.sel({dim: group}, drop=True) if dim else array
    then, now = series.isel(draw=0), series.isel(draw=SCALED.index(name) + 1)
    assert (then > 0).all()
    np.testing.assert_allclose(now, then * SHARE**power, rtol=1e-9)


GROWTH = {
    "beds_growth": ("beds_available", "total"),
    "icu_growth": ("beds_available", "icu"),
    "care_beds_growth": ("care_beds_available", "total"),
    "childcare_slots_growth": ("childcare_slots_available", "total"),
    "newborn_beds_growth": ("newborn_beds_available", ""),
    **{f"{c}_growth": (f"{c}_available", "total") for c in (row.id for row in cadres.STOCKS)},
}


def test_more_growth_means_more_of_everything_after_the_base_year(params):
    changes = {f"supply.{n}": params[f"supply.{n}"] + 0.02 for n in GROWTH}
    more, usual = _supply(params, **changes), _supply(params)
    for variable, group in GROWTH.values():
        array = more[variable] - usual[variable]
        dim = next((d for d in array.dims if d not in ("year", "draw")), None)
        gain = array.sel({dim: group}, drop=True) if dim else array
        assert gain.isel(year=0).item() == pytest.approx(0.0, abs=1e-9)
        assert (gain.isel(year=slice(1, None)) > 0).all(), variable


def test_the_gap_of_programmes_in_hospital_closes_at_its_rate(params):
    """0.1 % without a delivery in hospital; a tenth of them less every year."""
    result = _supply(params).managed_available.sel(programme="deliveries").isel(draw=0)
    rate = float(params["coverage.gap_closing"].sel(programme="deliveries"))
    gap = 1 - result / PEOPLE["deliveries"]
    years = np.arange(result.sizes["year"])
    np.testing.assert_allclose(gap, 0.001 * np.exp(-rate * years), rtol=1e-6)


def test_programme_hours_by_hand(params):
    """Other doctors are those who are not GPs; each cadre by its share and time."""
    staff = {
        "gps": 100.0,
        "doctors": 1100.0,
        "nurses": 0.0,
        "public_health_staff": 0.0,
        "village_doctors": 0.0,
    }
    hours = coverage.programme_hours({c: xr.DataArray(n) for c, n in staff.items()}, params)
    want = (100 * 0.85 * 0.30 + 1000 * 0.30 * 0.20) * 1800 * 0.30
    assert float(hours) == pytest.approx(want)


def test_ages_lean_to_the_old_with_a_positive_tilt(params):
    """Ten years more are exp(tilt) times as many, relative to no tilt."""
    young, old = (int(np.flatnonzero(AGES == a)[0]) for a in (35, 45))
    profile = [
        age_profile(params | {"workforce.age_tilt": xr.DataArray(t)}, ["doctors"], 1)[0, 0, :, 0]
        for t in (0.0, 0.1)
    ]
    odds = [p[old] / p[young] for p in profile]
    assert odds[1] / odds[0] == pytest.approx(np.exp(0.1))
    assert profile[1].sum() == pytest.approx(profile[0].sum())


def _one_age(age, years=3, attrition=0.0, stay=0.5, leave=0.1, retirement=60.0):
    start = np.zeros((1, 2, AGES.size, 1))
    start[0, 1, np.flatnonzero(AGES == age)[0], 0] = 1000.0
    entry = np.zeros((1, 2, AGES.size))
    entry[0, :, 0] = 0.5
    path = run_stock_flow(
        start,
        np.zeros((1, 1)),
        np.array([5.0]),
        np.array([[attrition]]),
        np.array([[stay]]),
        np.array([leave]),
        np.full((years, 2), retirement),
        entry,
        AGES,
        multiplicative=False,
        goal=np.zeros((years, 1, 1)),
    )
    return path.headcount[:, 0, 0]


def test_a_cohort_of_forty_leaves_by_attrition_alone():
    np.testing.assert_allclose(_one_age(40, attrition=0.02), [1000, 980, 960.4])


def test_a_cohort_at_retirement_age_halves_and_then_fades():
    """59 to 60: half work on; to 61: exp(-0.1) of them."""
    want = [1000, 500, 500 * np.exp(-0.1)]
    np.testing.assert_allclose(_one_age(59), want)


def test_a_cohort_that_nobody_of_stays_is_gone_at_retirement_age():
    """59 to 60: none works on, nor is there a rest of those who are older."""
    np.testing.assert_allclose(_one_age(58, stay=0.0), [1000, 1000, 0])
    np.testing.assert_allclose(_one_age(65, stay=0.0), [1000, 0, 0])


def test_growth_of_staff_halves_every_half_life():
    """Nobody leaves: the first year adds growth x 2^(-0.5 / 5), the sixth half of that."""
    start = np.zeros((1, 2, AGES.size, 1))
    start[0, 1, 5, 0] = 1000.0
    entry = np.zeros((1, 2, AGES.size))
    entry[0, 1, 5] = 1.0
    path = run_stock_flow(
        start,
        np.array([[0.04]]),
        np.array([5.0]),
        np.zeros((1, 1)),
        np.ones((1, 1)),
        np.zeros(1),
        np.full((8, 2), 70.0),
        entry,
        AGES,
        multiplicative=False,
    )
    added = path.entrants[1:, 0, 0]
    assert added[0] == pytest.approx(40 * 2**-0.1)
    assert added[5] == pytest.approx(added[0] / 2)


def test_visits_to_tcm_doctors_by_hand(params):
    """100 doctors, 38 % in primary care, 1800 hours, 75 % for patients, 14 minutes a visit."""
    visits = coverage._tcm_visits(xr.DataArray(100.0), params)
    assert float(visits) == pytest.approx(38 * 1800 * 0.75 * 60 / 14)


def test_donations_grow_with_their_trend(params):
    """Growth of 2 % a year, halving every six years: 1.9 % more in the first year."""
    year = xr.DataArray([2020, 2021], dims="year", coords={"year": [2020, 2021]})
    per_person = coverage._donations(year, params)
    assert float(per_person[0]) == pytest.approx(0.020)
    growth = 0.02 * 6 / np.log(2) * (1 - 2 ** (-1 / 6))
    assert float(per_person[1] / per_person[0]) == pytest.approx(np.exp(growth))


def _even_staff(retirement, growth):
    """1000 of each age 20-59, nobody leaves before the retirement age, nobody works on after it."""
    start = np.zeros((1, 2, len(AGES), 1))
    start[0, 0, AGES < 60, 0] = 1000.0
    entry = np.zeros((1, 2, len(AGES)))
    entry[0, 0, 0] = 1.0
    zero = np.zeros((1, 1))
    given = (start, np.array([[growth]]), np.array([1e6]), zero, zero, np.zeros(1))
    path = run_stock_flow(*given, retirement, entry, AGES, multiplicative=True, net=True)
    return path


def test_who_works_on_to_a_later_retirement_age_comes_on_top_once():
    """From 60 to 63 in one year: three ages more are at work for good, and as many enter as before."""
    years = 16
    later = np.full((years, 2), 63.0)
    later[0] = 60.0
    path = _even_staff(later, 0.0)
    np.testing.assert_allclose(path.entrants[1:, 0, 0], 1000.0)
    np.testing.assert_allclose(path.headcount[:4, 0, 0], [40000.0, 41000.0, 42000.0, 43000.0])
    np.testing.assert_allclose(path.headcount[4:, 0, 0], 43000.0)


def test_a_stock_whose_growth_is_net_falls_as_far_as_is_said():
    """5 % fewer a year, though only a fortieth retires: the rest leaves before."""
    path = _even_staff(np.full((6, 2), 60.0), np.log(0.95))
    np.testing.assert_allclose(
        path.headcount[:, 0, 0], 40000.0 * (1.0 + np.log(0.95)) ** np.arange(6), rtol=1e-6
    )
    np.testing.assert_allclose(path.entrants[1:], 0.0)
