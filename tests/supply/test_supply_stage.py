"""Stocks with fading growth; staff by age: balance, retirement, additive and multiplicative."""

import numpy as np
import pytest
import xarray as xr
from health_world import health_params
from paths import PARAMETERS, read_rows

import sim.supply
from sim.catalogue import programmes
from sim.errors import ParameterError
from sim.supply import coverage
from sim.supply.stocks import projected
from sim.supply.workforce import run_stock_flow, yearly_inflow
from sim.trend import fading_growth

AGES = np.arange(20, 75)  # of the table of ages

YEARS = xr.DataArray(np.arange(2020, 2036), dims="year", coords={"year": np.arange(2020, 2036)})


def _project(inputs, params, **changes):
    own = {n: params[n] for n in sim.supply.PARAMETERS} | {
        k.replace("__", "."): v for k, v in changes.items()
    }
    days = xr.DataArray(
        np.full((16, 3, 1), 1e6),
        {"year": inputs.year, "level": ["tertiary", "secondary", "primary"], "draw": inputs.draw},
        ("year", "level", "draw"),
    )
    own_inputs = {
        "population": inputs.population,
        "births": inputs.births,
        "bed_days": days,
        "managed_required": _full(inputs),
        "childcare_slots_required": xr.DataArray(
            np.full((16, 1, 1), ENROLLED_SLOTS),
            {"year": inputs.year, "childcare_group": ["enrolled"], "draw": inputs.draw},
            ("year", "childcare_group", "draw"),
        ),
    }
    return sim.supply.project(xr.Dataset(own_inputs), own)


PROGRAMMES = {  # people at full coverage of a made-up region
    "elderly_65": 800e3,
    "hypertension": 500e3,
    "diabetes": 200e3,
    "severe_mental": 20e3,
    "severe_mental_visits": 80e3,
    "severe_mental_medication": 20e3,
    "pregnant_women": 50e3,
    "antenatal_care": 50e3,
    "postnatal_visits": 50e3,
    "prepregnancy_checks": 50e3,
    "children_u3": 150e3,
    "children_0_6": 350e3,
    "vaccination": 350e3,
    "newborn_screening": 50e3,
    "prenatal_screening": 50e3,
    "deliveries": 50e3,
    "family_doctor_key_groups": 1500e3,
    "migrants": 700e3,
    "tcm_primary_visits": 15e6,
    "blood_donors": 2.5e6,
    "childcare": 150e3,
}
ENROLLED_SLOTS = 12e3  # slots that the children enrolled by trend take


def _full(inputs):
    people = xr.DataArray(list(PROGRAMMES.values()), {"programme": list(PROGRAMMES)}, ("programme",))
    return people * xr.ones_like(inputs.population.sum(("sex", "age")))


@pytest.fixture(scope="module")
def result(inputs, params):
    return _project(inputs, params)


def test_writes_what_it_says(result):
    assert set(result.data_vars) == set(sim.supply.WRITES)


def test_growth_halves_every_half_life():
    index = fading_growth(YEARS, xr.DataArray(0.04), xr.DataArray(5.0)).values
    rate = np.diff(np.log(index))
    np.testing.assert_allclose(rate[5:] / rate[:-5], 0.5)
    want = np.exp(0.04 * 5 / np.log(2) * (1 - 2.0**-3))
    assert index[15] == pytest.approx(want, rel=1e-12)


def test_base_year_is_the_stock(inputs, result, params):
    people = inputs.population.isel(year=0).sum()
    beds = result.beds_available.sel(bed_group="total").isel(year=0)
    assert beds.item() == pytest.approx(float(people * params["supply.beds_base"]))
    doctors = result.doctors_available.isel(year=0, staff_method=0)
    assert doctors.item() == pytest.approx(float(people * params["supply.doctors_base"]))


def test_public_and_private_beds_add_up(result):
    beds = result.beds_available
    parts = beds.sel(bed_group=["public", "private"]).sum("bed_group")
    np.testing.assert_allclose(parts, beds.sel(bed_group="total"))


def test_classes_of_institution_add_up(result, params):
    beds = result.beds_available
    parts = beds.sel(bed_group=["city_public", "county_primary", "private"]).sum("bed_group")
    np.testing.assert_allclose(parts, beds.sel(bed_group="total"))
    hospitals = beds.sel(bed_group="public") - beds.sel(bed_group="primary")
    share = beds.sel(bed_group="city_public") / hospitals
    np.testing.assert_allclose(share, float(params["inpatient.city_share_of_public"]))


def test_practising_doctors_are_their_share_of_all_doctors(result, params):
    part, whole = (result[f"{c}_available"].isel(staff_method=0) for c in ("practising_doctors", "doctors"))
    share = params["workforce.practising_share"].sel(year=part.year)
    np.testing.assert_allclose((part / whole).isel(draw=0), share)


def test_nursing_beds_are_the_share_of_those_in_institutions(result, params):
    beds = result.care_beds_available.isel(draw=0)
    share = beds.sel(care_group="nursing_type") / beds.sel(care_group="institution")
    np.testing.assert_allclose(share, params["supply.nursing_type_share"].sel(year=beds.year))
    assert (beds.sel(care_group="institution") < beds.sel(care_group="total")).all()


def test_no_more_children_are_enrolled_than_slots_take(inputs, result, params):
    """The trend counts until the slots there are hold no more."""
    full = float(params["childcare.occupancy_target"])
    few = _project(inputs, params, supply__childcare_slots_base=xr.DataArray(1e-4))
    for made, limited in ((result, False), (few, True)):
        most = made.childcare_slots_available.isel(childcare_group=0) * full
        enrolled = made.managed_covered.sel(programme="childcare", drop=True)
        np.testing.assert_allclose(
            enrolled.isel(year=-1), most.isel(year=-1) if limited else ENROLLED_SLOTS * full
        )
        np.testing.assert_allclose(made.managed_available.sel(programme="childcare", drop=True), most)


def test_bed_identity_of_what_will_exist(result, params):
    beds = result.beds_available.sel(bed_group="total", drop=True)
    use = result.bed_occupancy.sel(bed_group="total", drop=True)
    np.testing.assert_allclose(use * beds * 365 * params["inpatient.open_share"], 3e6)


def test_staff_balance_every_year(result):
    """Headcount = headcount before + entrants - leavers, for every cadre."""
    for cadre in result.cadre.values:
        stock = result[f"{cadre}_available"].sel(staff_method="total", drop=True)
        flow = (result.staff_entrants - result.staff_leavers).sel(cadre=cadre, drop=True)
        np.testing.assert_allclose(stock.diff("year"), flow.isel(year=slice(1, None)), atol=1e-8)


def _flow(start=1000.0, growth=0.0, years=16, retire=(55.0, 60.0), **changes):
    share = np.zeros((1, 2, AGES.size, 1))
    share[:, :, 5:35] = start / 60
    entry = np.zeros((1, 2, AGES.size))
    entry[:, :, 5] = 0.5
    given = {
        "growth": np.atleast_2d(growth),
        "half_life": np.array([5.0]),
        "attrition": np.array([[0.02]]),
        "stay": np.array([[0.5]]),
        "leave": np.array([0.1]),
    } | changes
    form = given.pop("multiplicative", False)
    return run_stock_flow(
        share, retirement=np.tile(retire, (years, 1)), entry=entry, ages=AGES, multiplicative=form, **given
    )


def test_a_later_retirement_age_keeps_more_staff():
    early, late = _flow(), _flow(retire=(58.0, 63.0))
    assert late.leavers[1:].sum() < early.leavers[1:].sum()


def test_without_leaving_and_growth_nothing_moves():
    still = _flow(attrition=np.array([[0.0]]), stay=np.array([[1.0]]), leave=np.array([0.0]))
    np.testing.assert_allclose(still.headcount[:10], 1000.0)
    np.testing.assert_allclose(still.entrants[:10], 0.0, atol=1e-9)


@pytest.mark.parametrize("multiplicative", [False, True])
def test_from_zero_stays_zero_and_finite(multiplicative):
    path = _flow(start=0.0, growth=0.05, multiplicative=multiplicative)
    assert (path.headcount == 0).all()


def test_multiplicative_growth_leads_where_stock_grows():
    assert _flow(growth=0.05, multiplicative=True).headcount[-1] > _flow(growth=0.05).headcount[-1]


def test_a_shrinking_cadre_does_not_come_back_by_itself():
    """Five per cent fewer in the base year, less and less after: never more than the year before.

    Summed up, growth x half-life / ln 2 is lost: 0.05 x 5 / 0.693 = 36 % of a stock that would
    otherwise hold.
    """
    stock = _flow(growth=-0.05, attrition=np.array([[0.08]])).headcount[:, 0, 0]
    assert (np.diff(stock[:8]) < 0).all()
    steady = _flow(attrition=np.array([[0.08]])).headcount[:, 0, 0]
    assert stock[-1] < 0.8 * steady[-1]


_STAYS = {"attrition": np.array([[0.0]]), "stay": np.array([[1.0]]), "leave": np.array([0.0])}


def test_growth_by_year_acts_in_its_own_year():
    """The same every year is as good as one number; a stop after five years stops there."""
    one = _flow(growth=0.05)
    same = _flow(growth=np.full((16, 1, 1), 0.05), half_life=np.full((16, 1, 1), 5.0))
    np.testing.assert_array_equal(same.headcount, one.headcount)
    growth = np.full((16, 1, 1), 0.05)
    growth[6:] = 0.0
    stop = _flow(growth=growth, **_STAYS)
    np.testing.assert_array_equal(stop.entrants[:6], _flow(growth=0.05, **_STAYS).entrants[:6])
    np.testing.assert_allclose(stop.entrants[6:10], 0.0, atol=1e-9)


def test_a_half_life_by_year_fades_by_each_year_s_own():
    """Half-lives of 5 and, from year 6 on, 2: what is left in mid-year 8 is 2^-(5/5 + 2.5/2)."""
    half_life = np.full((16, 1, 1), 5.0)
    half_life[6:] = 2.0
    left = _flow(growth=0.05, half_life=half_life, **_STAYS).entrants[:, 0, 0] / (0.05 * 1000)
    assert left[4] == pytest.approx(2 ** -(3.5 / 5))
    assert left[8] == pytest.approx(2 ** -(5 / 5 + 2.5 / 2))


def test_a_followed_path_is_held_and_its_leavers_are_replaced():
    goal = np.linspace(1000.0, 1300.0, 16)[:, None, None]
    path = _flow(goal=goal)
    np.testing.assert_allclose(path.headcount, goal)
    np.testing.assert_allclose(path.entrants[1:], np.diff(goal, axis=0) + path.leavers[1:])
    assert (path.leavers[1:] > 0.02 * path.headcount[:-1] * 0.99).all()


def test_a_path_that_falls_faster_than_people_leave_is_not_followed():
    goal = np.full((16, 1, 1), 1000.0)
    goal[1:] = 100.0
    path = _flow(goal=goal)
    assert path.headcount[1, 0, 0] > 900.0
    np.testing.assert_allclose(path.entrants[1], 0.0)


def test_childcare_staff_follow_slots_and_one_in_eight_leaves(result, params):
    slots = result.childcare_slots_available.sel(childcare_group="total", drop=True)
    staff = result.childcare_staff_available.sel(staff_method="total", drop=True)
    per_slot = (1 + float(params["childcare.other_staff"])) / float(params["supply.slots_per_carer"])
    np.testing.assert_allclose(staff, slots * per_slot)
    left = result.staff_leavers.sel(cadre="childcare_staff", drop=True).isel(year=1)
    share = (left / staff.isel(year=0)).item()
    attrition = float(params["workforce.attrition"].sel(cadre="childcare_staff"))
    assert attrition < share < attrition + 0.02


def test_village_doctors_of_the_base_year_are_those_per_rural_resident(inputs, result, params):
    """Anyang 2020: 2.04 for every thousand of the 47 % who are rural; fewer every year."""
    rural = float(inputs.population.isel(year=0).sum() * (1 - params["population.urban_share"][0]))
    village = result.village_doctors_available.sel(staff_method="total").isel(draw=0)
    assert village[0].item() == pytest.approx(rural * 2.04e-3)
    assert (village.diff("year")[:8] < 0).all()


def test_newborn_beds_stay_when_births_fall(inputs, params):
    fewer = inputs.copy(deep=True)
    fewer["births"] = fewer.births * np.linspace(1.0, 0.5, 16)[:, None, None]
    beds = _project(fewer, params).newborn_beds_available
    base = float(params["supply.newborn_beds_base"] * 55000.0)
    np.testing.assert_allclose(beds, base)


def test_yearly_inflow_reaches_the_target():
    """Anyang's nurses, 2.78 to 4.3 per 1000 in five years with 2 % leaving."""
    base, target, leaving = 15228.0, 22860.0, 0.02
    k = yearly_inflow(base, target, 5, leaving)
    stock = base
    for _ in range(5):
        stock = stock * (1 - leaving) + k
    assert stock == pytest.approx(target, rel=1e-12)
    assert yearly_inflow(0.0, 500.0, 5, 0.0) == 100.0


def test_multiplicative_growth_from_zero_is_refused():
    with pytest.raises(ParameterError, match="use additive"):
        yearly_inflow(0.0, 100.0, 5, 0.0, form="multiplicative")
    assert yearly_inflow(100.0, 200.0, 10, 0.0, form="multiplicative") == pytest.approx(0.0717735)


def test_legal_retirement_age_ends_at_63_and_58():
    path = PARAMETERS / "national/retirement_age.csv"
    age = {(r["sex"], int(r["year"])): float(r["value"]) for r in read_rows(path)}
    assert (age["male", 2024], age["male", 2040]) == (60, 63)
    assert (age["female", 2024], age["female", 2040]) == (55, 58)
    # four months of birth for one month of delay: 0.2 year a year of retirement
    assert age["male", 2035] - age["male", 2030] == pytest.approx(1.0, abs=0.02)


def test_stock_without_growth_holds_its_number(inputs):
    stock = projected(inputs.population, xr.DataArray(0.001), xr.DataArray(0.0), xr.DataArray(1.0))
    np.testing.assert_allclose(stock.diff("year"), 0.0, atol=1e-9)


def test_coverage_of_the_base_year_is_the_present_one(result, inputs, params):
    """With 95 % of the hours in use there is room for 1 / 0.95 of it, never for more than all."""
    covered = (result.managed_available / _full(inputs)).isel(year=0, draw=0)
    uncovered = params["coverage.uncovered"]
    for name in ("elderly_65", "hypertension", "migrants"):
        want = (1 - float(uncovered.sel(programme=name))) / float(params["coverage.hours_in_use"])
        assert float(covered.sel(programme=name)) == pytest.approx(want)
    assert float(covered.sel(programme="deliveries")) == pytest.approx(0.999)
    people = [p for p in PROGRAMMES if p not in ("tcm_primary_visits", "blood_donors")]
    assert float(covered.sel(programme=people).max()) <= 1.0


def test_more_staff_never_cover_fewer(result, inputs, params):
    """More nurses, or more time for the programmes, never lower any programme's capacity."""
    for change in (
        {"supply__nurses_growth": params["supply.nurses_growth"] + 0.03},
        {
            "coverage__method": xr.DataArray("wisn"),
            "coverage__programme_part": params["coverage.programme_part"] * 3.0,
        },
    ):
        other = _project(inputs, params, **change).managed_available
        assert bool((other >= result.managed_available - 1e-6).all())


def test_twice_the_clients_halve_the_coverage_of_shared_programmes(inputs, params):
    hours = xr.DataArray([2e6], {"year": [2020]}, ("year",))
    one = xr.DataArray(list(PROGRAMMES.values()), {"programme": list(PROGRAMMES)}, ("programme",))
    covered = 1.0 - params["coverage.uncovered"]
    wisn = dict(params) | {"coverage.method": xr.DataArray("wisn")}
    first, second = (
        coverage.room(hours, coverage.hours_in_use(one * k, covered, params), wisn) for k in (1.0, 2.0)
    )
    assert float(second[0]) == pytest.approx(0.5 * float(first[0]))


def test_hours_in_use_by_hand(params):
    """1000 old people at 66 % and 1 hour, 100 patients at 74 % and 1.6 hours: 778.4 hours."""
    required = xr.DataArray(
        [1000.0, 100.0, 0, 0, 0, 0], {"programme": [row.id for row in programmes.WITH_CLIENT]}, ("programme",)
    )
    covered = 1.0 - params["coverage.uncovered"]
    own = dict(params)
    hours = params["workforce.management_hours"]
    assert float(hours.sel(client="elderly")) == 1.0
    got = float(coverage.hours_in_use(required, covered, own))
    assert got == pytest.approx(1000 * 0.66 * 1.0 + 100 * 0.74 * 1.6)


def test_the_staff_of_china_give_the_coverage_of_china(params):
    """2020: 191.8 million people 65+, 112.5 of 0-6, 12.0 births, 146 and 56 million known patients;
    staff by the bulletin. Hours by WISN are within a tenth of the hours that coverage takes."""
    china = dict(params) | health_params("000000")
    one = {k: v.isel(year=[0]) if "year" in v.dims else v for k, v in china.items()}
    people = one["population.base"].expand_dims(year=[2020], draw=[0])
    total = float(people.sum())
    staff = {
        c: xr.DataArray([total * float(one[f"supply.{c}_base"])], {"year": [2020]}, ("year",))
        for c in ("gps", "doctors", "nurses", "public_health_staff")
    }
    rural = total * (1.0 - 0.6389) * float(one["supply.village_doctors_base"])
    staff["village_doctors"] = xr.DataArray([rural], {"year": [2020]}, ("year",))
    clients = [191.8e6, 146.0e6, 55.7e6, 6.06e6, 12.0e6, 112.5e6]
    required = xr.DataArray(
        clients, {"programme": [row.id for row in programmes.WITH_CLIENT]}, ("programme",)
    )
    covered = 1.0 - one["coverage.uncovered"]
    in_use = float(coverage.hours_in_use(required, covered, one))
    hours = float(coverage.programme_hours(staff, one).squeeze())
    assert hours / in_use == pytest.approx(1.0, abs=0.1)
