"""Numbers at the edge in the functions themselves: right, or refused by name; never a number that is none.

tests/laws/test_edges.py takes the same edges through whole runs.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import xarray as xr
from generic_world import AGE, SEX, births, generic, mothers, people
from place import place
from stage_chain import STAGES, filled, inputs, outputs, params, run

from sim import demography
from sim.adequacy import compare, quantile_mcse, quantiles
from sim.adequacy.verdict import Thresholds, judge
from sim.burden import utilisation
from sim.demand import maternity
from sim.demography import project_cohorts, shift_to_e0
from sim.demography.parity import conditional_hazards, project_parity
from sim.errors import ParameterError, SchemaError
from sim.lifetable import life_expectancy
from sim.params import central

MX = np.minimum(5e-5 * np.exp(0.09 * AGE) + 2e-4, 0.7)
CURVE = np.where((AGE >= 15) & (AGE < 50), np.exp(-(((AGE - 28) / 6.0) ** 2)), 0.0)
CURVE = CURVE / CURVE.sum()


def labelled(values: Any, *dims: str) -> xr.DataArray:
    coords = {"sex": SEX, "age": AGE}
    return xr.DataArray(np.array(values, float), {d: coords[d] for d in dims if d in coords}, dims)


def projected(persons: np.ndarray, tfr: float = 1.5, **more: Any) -> xr.Dataset:
    """Three years of people (sex, age)."""
    rates = {"mx": labelled([[MX, 1.4 * MX]] * 3, "year", "sex", "age"), "asfr": labelled(tfr * CURVE, "age")}
    return project_cohorts(labelled(persons, "sex", "age"), **rates, srb=1.06, **more)


@pytest.mark.parametrize("size", [1e-6, 1.0, 1e10])
def test_one_person_or_ten_thousand_million_are_the_same_in_proportion(size: float):
    shape = np.random.default_rng(1).random((2, 101))
    shape = shape / shape.sum()
    found, unit = projected(size * shape), projected(shape)
    for name in found.data_vars:
        np.testing.assert_allclose(found[name], size * unit[name], rtol=1e-10)
    alone = np.zeros((2, 101))
    alone[0, 30] = 1.0
    one = projected(alone)
    assert float(one.population[1].sel(sex="female", age=31)) == pytest.approx(1 - MX[30], abs=1e-4)
    assert float(one.births[0].sum()) == pytest.approx(1.5 * (CURVE[30] + CURVE[31]) / 2, rel=1e-2)
    assert float(one.population[1].sum()) == pytest.approx(
        float(1 + one.births[0].sum() - one.deaths[0].sum()), rel=1e-12
    )


def test_an_empty_age_stays_empty_as_it_grows_older_and_nobody_at_all_stays_nobody():
    persons = np.full((2, 101), 100.0)
    persons[:, 30:35] = 0.0
    found = projected(persons)
    assert not found.population.isel(year=3).sel(age=slice(33, 37)).any()
    assert (found.population.isel(year=3).sel(age=[32, 38]) > 0).all()
    nobody = projected(np.zeros((2, 101)))
    assert not any(nobody[name].any() for name in nobody.data_vars)


def test_who_would_leave_beyond_those_there_is_refused_or_leaves_nobody():
    persons, gone = np.full((2, 101), 100.0), np.zeros((3, 2, 101))
    gone[1, 1, 40] = -1e4
    with pytest.raises(ParameterError, match=r"sex=male, age=40 .* more people leave"):
        projected(persons, net_migration=labelled(gone, "year", "sex", "age"))
    capped = projected(persons, net_migration=labelled(gone, "year", "sex", "age"), out_migration="cap")
    assert float(capped.population[2].sel(sex="male", age=40)) == 0.0
    assert float(capped.population[3].sel(sex="male", age=41)) == 0.0


@pytest.mark.parametrize("tfr", [0.0, 10.0])
def test_no_children_and_ten_of_them(tfr: float):
    """By rates of women both are what they say; by parity ten are more than these women can have."""
    found = projected(np.full((2, 101), 100.0), tfr)
    ages = slice(15, 49)
    women = (found.population[0].sel(sex="female") + found.population[1].sel(sex="female")) / 2
    moved = women.sel(age=ages).values * tfr * CURVE[15:50]
    np.testing.assert_allclose(found.births_by_age[0].sel(age=ages), moved, rtol=2e-2)
    assert float(found.births.sum()) == 0.0 or tfr == 10.0
    shares = np.tile([0.4, 0.3, 0.2, 0.1], (101, 1))
    hazards = conditional_hazards(1.2 * CURVE[:, None] * shares, shares)
    if tfr:
        few = np.tile([0.94, 0.03, 0.02, 0.01], (101, 1))
        young = np.where((AGE < 24)[:, None], hazards, 0.0)
        with pytest.raises(ParameterError, match=r"TFR 10\.000, though women of these parities can have"):
            project_parity(few, young, np.array([[10.0]]))
    else:
        path = project_parity(shares, hazards, np.array([[0.0], [1.2]]))
        assert not path.asfr[0].any()
        assert path.asfr[1].sum() == pytest.approx(1.2)


def test_twenty_years_are_reached_from_a_reference_that_is_near_and_else_refused():
    near, far = (labelled([np.minimum(k * MX, 0.9)] * 2, "sex", "age") for k in (10, 1))
    found = shift_to_e0(near, labelled([20.0, 20.0], "sex"))
    for sex in SEX:
        assert float(life_expectancy(found.sel(sex=sex).values, sex)) == pytest.approx(20.0, abs=1e-3)
    for method, e0 in (("logit", 20.0), ("lee_carter", 20.0), ("logit", 110.0), ("lee_carter", 110.0)):
        with pytest.raises(ParameterError, match=rf"e0: female \| {e0:g} years is not reached"):
            shift_to_e0(far, labelled([e0, e0], "sex"), method)


def test_without_beds_nobody_is_treated_and_without_stock_there_is_none():
    none = generic() | {"supply.beds_base": xr.DataArray(0.0)}
    residents, treated = utilisation.admissions(people(), people(2), mothers(), none)
    assert np.isfinite(residents).all()
    np.testing.assert_allclose(treated, 0.0, atol=1e-9)
    with pytest.raises(SchemaError, match=r"bed_occupancy: not finite at year=2020, bed_group=total"):
        run("supply", supply__beds_base=filled("supply.beds_base", 0.0))  # the use of no beds is no number
    names = [n for n in STAGES["supply"].PARAMETERS if n.endswith("_base") and n != "supply.beds_base"]
    empty = run("supply", **{n.replace(".", "__"): 0.0 * params()[n] for n in names})
    for name, array in empty.items():
        if name.endswith("_available") and name not in ("managed_available", "beds_available"):
            assert not array.any(), name
    assert not any(np.isnan(empty[n]).any() and not np.isnan(outputs("supply")[n]).any() for n in empty)


def test_no_births_ask_for_no_newborn_beds():
    none = maternity.newborn_beds(births() * 0, mothers() * 0, generic())
    np.testing.assert_array_equal(none, 0.0)
    assert float(inputs("burden")["births"].min()) > 0


def test_a_figure_that_no_draw_moves_has_no_spread_and_a_need_of_none_is_met():
    same = np.full(50, 7.0)
    np.testing.assert_array_equal(quantiles(same), [7.0, 7.0, 7.0])
    assert quantile_mcse(same, 0.9) == 0.0
    at = Thresholds(0.9, 0.5, 1.2, 0.9)
    none = compare(np.zeros(50), same, at.surplus_ratio)
    assert (none.ratio, none.p_enough, none.p_surplus) == (np.inf, 1.0, 1.0)
    assert judge(none.p_enough, none.p_surplus, at) == "surplus"
    both = compare(np.zeros(50), np.zeros(50), at.surplus_ratio)
    assert (both.p_enough, both.available) == (1.0, 0.0)
    for bad in (np.append(same, np.nan), np.append(same, np.inf)):
        with pytest.raises(ParameterError, match="available"):
            compare(np.ones(51), bad, at.surplus_ratio)


RATES = {"mx", "alos", "hale", "infant_mortality", "u5_mortality", "maternal_mortality", "bed_occupancy"}
RATES |= {"premature_ncd_mortality"}
SIZES = {"beds_required_norm"}
"""What counties and cities must have by their size is no number per head."""


@pytest.mark.parametrize("stage", STAGES)
def test_a_place_a_thousand_millionth_as_large_has_as_much_for_each(stage: str):
    """Of parts of a person too: a guard against nobody begins at nobody, not at one."""
    before, tiny = outputs(stage), 1e-9
    small = inputs(stage)
    small = small.map(lambda a: a if a.name in RATES else a * tiny, keep_attrs=True)
    module = STAGES[stage]
    found = module.project(small[list(module.READS)], {n: params()[n] for n in module.PARAMETERS})
    for name in set(before) - SIZES:
        want = before[name] if name in RATES else tiny * before[name]
        np.testing.assert_allclose(found[name], want, rtol=1e-7, err_msg=name)
    if stage == "demand":
        kinds = [g for g in before.bed_group.values if g != "infectious"]
        norm = before["beds_required_norm"].sel(bed_group=kinds)
        np.testing.assert_allclose(found["beds_required_norm"].sel(bed_group=kinds), tiny * norm, rtol=1e-7)


def test_a_place_a_thousand_millionth_as_large_has_the_same_people_in_proportion():
    own = central(place("410500"), range(2020, 2024))
    own |= {"migration.level_error": own["migration.level_error"] * 0}
    one = demography.project(xr.Dataset(), own)
    moved = {n: own[f"migration.{n}"] * 1e-9 for n in ("level", "inflow", "outflow")}
    small = own | {f"migration.{n}": v for n, v in moved.items()}
    small["population.base"] = own["population.base"] * 1e-9
    found = demography.project(xr.Dataset(), small)
    for name in ("population", "births", "deaths", "net_migration", "births_by_order"):
        np.testing.assert_allclose(found[name], 1e-9 * one[name], rtol=1e-7, atol=1e-15, err_msg=name)
    np.testing.assert_allclose(found["e0"], one["e0"], rtol=1e-12)
    some = own["population.base"].copy()
    some.loc[{"age": 100}] = 0.0
    assert (
        not demography.project(xr.Dataset(), own | {"population.base": some}).population[0].sel(age=100).any()
    )
