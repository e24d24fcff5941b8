"""Every method by name: each does what its name says, each differs, and no other name is taken."""

import numpy as np
import pytest
import xarray as xr
from paths import ROOT
from place import place
from stage_chain import STAGES, filled, inputs, outputs, params, run

import sim.demography
from sim.demand.inpatient import occupancy_target
from sim.errors import ParameterError
from sim.params import Sampler, central
from sim.run.acting import conditions
from sim.year import DAYS_PER_YEAR

RECORDS = place("410500")
METHODS = {
    name: tuple(RECORDS[name].record.choices)
    for stage in (*STAGES.values(), sim.demography)
    for name in stage.PARAMETERS
    if RECORDS[name].record.choices
}


def _stage(name: str) -> str:
    owners = [s for s, module in STAGES.items() if name in module.PARAMETERS]
    return owners[0] if owners else "demography"


@pytest.fixture(scope="module")
def people() -> dict[str, xr.DataArray]:
    """Central parameters of demography to 2030."""
    return {n: a for n, a in central(RECORDS, range(2020, 2031)).items() if n in sim.demography.PARAMETERS}


def _result(name: str, choice: str, people: dict[str, xr.DataArray]) -> xr.Dataset:
    if _stage(name) == "demography":
        return sim.demography.project(xr.Dataset(), people | {name: xr.DataArray(choice)})
    return run(_stage(name), **{name.replace(".", "__"): xr.DataArray(choice)})


def test_the_methods_are_these():
    """A new one is met by these laws of itself; one that is gone is noticed."""
    assert len(METHODS) >= 13
    assert all(len(choices) >= 2 for choices in METHODS.values())


# counted years differ from normal ones only in 2020-2024 and only where a count was disturbed
@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", sorted(METHODS))
def test_each_method_gives_something_else(name, people):
    found = [_result(name, choice, people) for choice in METHODS[name]]
    for other in found[1:]:
        assert any(not np.allclose(found[0][v], other[v], equal_nan=True) for v in found[0].data_vars)


@pytest.mark.parametrize("name", sorted(METHODS))
def test_no_other_name_is_taken(name, people):
    with pytest.raises(ParameterError, match=r"(?s)" + name.replace(".", r"\.") + ".*nonsense"):
        _result(name, "nonsense", people)


@pytest.mark.parametrize("source", METHODS["inpatient.occupancy_source"])
def test_beds_times_their_occupancy_are_the_bed_days(source):
    """Two ways to one number: beds x 365 x open x occupancy of the kind = bed-days of the kind."""
    word = xr.DataArray(source)
    found = run("demand", inpatient__occupancy_source=word)
    own = params() | {"inpatient.occupancy_source": word}
    target = occupancy_target(own)
    for kind in ("obstetric", "paediatric", "geriatric_rehabilitation", "psychiatric", "tcm"):
        beds = found["beds_required"].sel(bed_group=kind, drop=True)
        used = beds * DAYS_PER_YEAR * own["inpatient.open_share"] * target.sel(bed_group=kind, drop=True)
        want = found["bed_days_type"].sel(bed_type=kind, drop=True)
        np.testing.assert_allclose(used.transpose(*want.dims), want, rtol=1e-12, err_msg=kind)


def test_index_meets_the_regions_own_beds_and_rates_take_their_factor():
    index = outputs("burden")["admissions_level"].isel(year=0)
    days = float((index * params()["inpatient.alos"]).sum())
    beds = float(inputs("burden")["population"].isel(year=0).sum() * params()["supply.beds_base"])
    open_days = beds * params()["inpatient.open_share"] * DAYS_PER_YEAR
    assert days == pytest.approx(float(open_days * params()["inpatient.base_occupancy"]), rel=1e-12)

    def by_rates(factor):
        found = run("burden", inpatient__calibration="national_rates", inpatient__regional_factor=factor)
        return found["admissions"].sel(sex="male")

    np.testing.assert_allclose(by_rates(1.2), 1.2 * by_rates(1.0), rtol=1e-12)
    for calibration in METHODS["outpatient.calibration"]:
        found = run("burden", outpatient__calibration=calibration)["visits"].isel(year=0).sum()
        own = inputs("burden")["population"].isel(year=0).sum() * params()["outpatient.visits_per_resident"]
        met = bool(np.isclose(found, own, rtol=1e-12))
        assert met == (calibration == "index")


def test_mothers_go_out_with_the_rest_where_little_is_treated_at_home():
    """With less treated per obstetric admission than the ratio, one factor holds for all of them."""
    rates = run("burden", inpatient__calibration="national_rates", inpatient__regional_factor=1.0)
    base = outputs("burden")["admissions_level"].isel(year=0).sum().item()
    inflow = 1.0 + params()["inpatient.net_inflow"]
    births = inputs("burden")["births_by_age"].isel(year=0).sum().item()
    mothers = births * params()["inpatient.obstetric_admissions_per_birth"].item()
    at = base / float(inflow if inflow.ndim == 0 else inflow[0]) / mothers  # treated per obstetric one
    for ratio, together in ((at * 1.01, True), (at * 0.99, False)):
        found = run("burden", inpatient__obstetric_home_ratio=ratio)["admissions"]
        assert found.isel(year=0).sum().item() * float(inflow) == pytest.approx(base, rel=1e-12)
        factor = (found / rates["admissions"]).isel(year=0).sel(sex="female", age=slice(0, 50))
        assert bool(np.allclose(factor, factor.max(), rtol=1e-9)) == together


@pytest.mark.parametrize("topic", ["inpatient", "outpatient"])
def test_counted_years_are_normal_years_times_the_count(topic):
    name = f"{topic}__epidemic_years"
    variable = {"inpatient": "admissions", "outpatient": "visits"}[topic]
    normal, counted = (run("burden", **{name: word})[variable] for word in ("normal", "counted"))
    if topic == "inpatient":  # obstetric admissions of women go on as they were
        normal, counted = normal.sel(sex="male"), counted.sel(sex="male")
    factor = params()[f"{topic}.epidemic_factor"]
    xr.testing.assert_allclose(counted, (normal * factor).transpose(*counted.dims), rtol=1e-12)


def test_constant_prevalence_is_prevalence_times_people_in_every_year():
    people = inputs("burden")["population"]
    held = xr.dot(people, params()["disease.prevalence"], dim=["sex", "age"])
    constant = run("burden", disease__method="constant_prevalence")["cases"]
    np.testing.assert_allclose(constant.values, held.transpose(*constant.dims).values, rtol=1e-12)
    moving = outputs("burden")["cases"]
    xr.testing.assert_allclose(moving.isel(year=0), constant.isel(year=0), rtol=1e-12)


def test_hours_alone_or_what_is_delivered_decide_on_coverage():
    """wisn: coverage x hours over need; calibrated: that, relative to the base year's hours in use."""
    state = inputs("supply")
    hours = outputs("supply")["programme_hours"]
    ratio = hours.sel(side="available", drop=True) / hours.sel(side="in_use", drop=True)
    covered = (1 - params()["coverage.uncovered"]).sel(programme="elderly_65").item()
    people = state["managed_required"].sel(programme="elderly_65", drop=True)
    level = {"wisn": ratio, "calibrated": ratio / ratio.isel(year=0) / params()["coverage.hours_in_use"]}
    for method, factor in level.items():
        found = run("supply", coverage__method=method)["managed_available"]
        want = people * np.minimum(covered * factor, 1.0)
        got = found.sel(programme="elderly_65", drop=True)
        xr.testing.assert_allclose(got, want.transpose(*got.dims), rtol=1e-12)


def test_staff_grow_by_a_number_or_by_a_share():
    """Without fading, leaving or retiring: a straight line, or a constant ratio."""
    own = {
        "supply__midwives_growth": 0.05,
        "supply__staff_half_life": 1e9,
        "workforce__attrition": filled("workforce.attrition", 0.0),
        "workforce__stay_after_retirement": filled("workforce.stay_after_retirement", 1.0),
        "workforce__leave_after_retirement": 0.0,
    }
    paths = {
        form: run("supply", supply__staff_growth_form=form, **own)["midwives_available"]
        .sel(staff_method="total")
        .squeeze()
        for form in METHODS["supply.staff_growth_form"]
    }
    steps = {form: path.values[1:6] - path.values[:5] for form, path in paths.items()}
    base = float(paths["additive"][0])
    assert steps["additive"][0] == pytest.approx(0.05 * base, rel=0.02)
    growth = steps["multiplicative"] / paths["multiplicative"].values[:5]
    np.testing.assert_allclose(growth, growth[0], rtol=0.02)
    assert steps["multiplicative"][-1] > 1.1 * steps["additive"][-1]


@pytest.mark.parametrize("method", METHODS["mortality.method"])
def test_both_shifts_of_mortality_meet_the_same_life_expectancy(method, people):
    """And lee_carter moves the ages along the reference's own fall, the same for both sexes."""
    reference = _result("mortality.method", "logit", people)
    found = _result("mortality.method", method, people)
    np.testing.assert_allclose(found["e0"], reference["e0"], atol=2e-3)
    if method == "lee_carter":
        apart = people | {"mortality.method": xr.DataArray(method), "mortality.e0_change": xr.DataArray(1.0)}
        more = sim.demography.project(xr.Dataset(), apart)["mx"]
        change = np.log(more / found["mx"]).isel(year=3, draw=0).sel(age=slice(0, 74))
        ratio = change.sel(sex="female") / change.sel(sex="male")
        np.testing.assert_allclose(ratio, ratio.mean(), rtol=1e-6)


def test_draws_and_central_line_share_every_method():
    """The methods are no matter of draws: a block of draws takes the words it is given."""
    block = Sampler(RECORDS, range(2020, 2023), 1).block(range(3))
    assert all("draw" not in block[name].dims for name in METHODS)


_BY_SHAPE = ("migration.profile_in", "migration.profile_out", "fertility.marriages")
"""Shares that add up to 1, and counts read in ratios of a year to the one before."""


@pytest.mark.sampled(4)
@pytest.mark.parametrize("name", sorted(conditions(ROOT)))
def test_what_acts_with_a_method_alone_moves_nothing_without_it(name, people):
    """acts_with.csv: a parameter moves what its stage writes under the choices that it names, no others."""
    condition = conditions(ROOT)[name]
    stage = _stage(condition.method)
    own = people if stage == "demography" else params()
    value = own[name]
    other = value * 0.98 if float(abs(value).max()) else value + 0.001
    if name in _BY_SHAPE:
        other = value.copy(data=np.flip(value.values))
    moved = {name.replace(".", "__"): other}
    for choice in METHODS[condition.method]:
        method = {condition.method.replace(".", "__"): xr.DataArray(choice)}
        found = [_changed(stage, people, method | change) for change in ({}, moved)]
        same = all(found[0][v].equals(found[1][v]) for v in found[0].data_vars)
        assert same == (choice not in condition.choices), (name, choice)


def _changed(stage: str, people: dict[str, xr.DataArray], changes: dict[str, xr.DataArray]) -> xr.Dataset:
    if stage != "demography":
        return run(stage, **changes)
    own = people | {key.replace("__", "."): value for key, value in changes.items()}
    return sim.demography.project(xr.Dataset(), own)
