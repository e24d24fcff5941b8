"""Every draw is led through what was counted: each count moved by 5 % moves its own figure by that."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np
import pytest
import xarray as xr
from paths import PARAMETERS, ROOT

from sim.arrays import exact_arithmetic
from sim.known import Count, conditioned, counted_parameters, observe, read_indicators
from sim.params import Parameter, Sampler, read_set
from sim.places import read_place
from sim.run import pipeline

INDICATORS = read_indicators(ROOT)
YEARS = range(2020, 2031)
DRAWS = 23
COUNTED, LATER = 2023, 2028
EXACT = [i for i in INDICATORS if INDICATORS[i].part != "people"]
PEOPLE = ["population", "population_60", "population_65", "births", "deaths", "life_expectancy"]
RARE = ["infant_deaths", "maternal_deaths"]


@cache
def place() -> Mapping[str, Parameter]:
    return read_place(ROOT, "410200")


@cache
def nation() -> Mapping[str, Parameter]:
    return read_set(PARAMETERS / "national", PARAMETERS)


def run(parameters: Mapping[str, Parameter]) -> tuple[xr.Dataset, dict[str, xr.DataArray]]:
    draws = list(range(DRAWS + 1))
    params = conditioned(Sampler(parameters, YEARS, 1).block(draws), YEARS, draws)
    with exact_arithmetic():
        return pipeline.project(params, YEARS, draws), params


@cache
def plain() -> tuple[xr.Dataset, dict[str, xr.DataArray]]:
    return run(place())


@cache
def met(*asked: tuple[str, int, float, str]) -> tuple[xr.Dataset, dict[str, xr.DataArray]]:
    """The projection that starts from its own figures times a factor."""
    counts = [count(*one) for one in asked]
    return run(counted_parameters(place(), counts, INDICATORS, YEARS, nation()))


def count(name: str, year: int, factor: float, quality: str) -> Count:
    return Count(INDICATORS[name], year, factor * observe(*plain(), name, year), "test", quality, "f: row 2")


def drawn(found: tuple[xr.Dataset, dict[str, xr.DataArray]], name: str, year: int) -> np.ndarray:
    return np.array([observe(state, params, name, year) for state, params in apart(found)])


APART: dict[int, list[tuple[xr.Dataset, dict[str, xr.DataArray]]]] = {}


def apart(
    found: tuple[xr.Dataset, dict[str, xr.DataArray]],
) -> list[tuple[xr.Dataset, dict[str, xr.DataArray]]]:
    """The draws of a projection one by one; it is one of those kept above."""
    if id(found) not in APART:
        names = ("childcare.occupancy_target", "elderly_care.occupancy_target")
        state, params = found
        APART[id(found)] = [
            (
                state.isel(draw=[i]),
                {n: params[n].isel(draw=[i]) if "draw" in params[n].dims else params[n] for n in names},
            )
            for i in range(DRAWS + 1)
        ]
    return APART[id(found)]


ALL = tuple((name, COUNTED, 1.05, "B") for name in EXACT if name != "occupancy")


@pytest.mark.sampled(4)
@pytest.mark.parametrize("name", [name for name in EXACT if name != "occupancy"])
def test_stocks_and_use_are_what_was_counted_and_go_on_from_there(name: str):
    before, after = drawn(plain(), name, COUNTED), drawn(met(*ALL), name, COUNTED)
    assert after[0] == pytest.approx(1.05 * before[0], rel=1e-4)  # the ages of stays move a little
    assert after[1:].std() / after[0] < before[1:].std() / before[0]
    assert after[1:].mean() == pytest.approx(1.05 * before[0], rel=0.03)
    later = drawn(met(*ALL), name, LATER)
    moved = later[0] / drawn(plain(), name, LATER)[0] - 1
    assert 0.015 < moved < 0.08  # cadres that add so many a year keep less of it, stays of fewer beds more
    assert later[1:].std() < drawn(plain(), name, LATER)[1:].std()


@pytest.mark.parametrize("name", ["admissions", "beds", "care_residents"])
def test_a_count_is_met_by_every_draw_but_for_its_own_error(name: str):
    found = met(*ALL)
    error = found[1][f"known.{name}_{COUNTED}"].values
    assert drawn(found, name, COUNTED) == pytest.approx(error, rel=1e-6)


def test_occupancy_alone_sets_the_admissions():
    before, found = drawn(plain(), "occupancy", COUNTED), met(("occupancy", COUNTED, 1.05, "A"))
    assert drawn(found, "occupancy", COUNTED)[0] == pytest.approx(1.05 * before[0], rel=1e-3)
    assert drawn(found, "admissions", COUNTED)[0] == pytest.approx(
        1.05 * drawn(plain(), "admissions", COUNTED)[0], rel=1e-3
    )
    assert drawn(found, "beds", COUNTED)[0] == pytest.approx(drawn(plain(), "beds", COUNTED)[0])


def test_occupancy_beside_admissions_sets_the_stays():
    found = met(("occupancy", COUNTED, 1.05, "A"), ("admissions", COUNTED, 0.97, "A"))
    assert drawn(found, "occupancy", COUNTED)[0] == pytest.approx(
        1.05 * drawn(plain(), "occupancy", COUNTED)[0], rel=1e-3
    )
    assert drawn(found, "alos", COUNTED)[0] == pytest.approx(
        1.05 / 0.97 * drawn(plain(), "alos", COUNTED)[0], rel=1e-3
    )


@pytest.mark.sampled(4)
@pytest.mark.parametrize("name", PEOPLE)
@pytest.mark.parametrize("factor", [0.95, 1.05])
def test_people_come_within_half_the_error_of_a_count(name: str, factor: float):
    factor = 1 + (factor - 1) / 10 if name == "life_expectancy" else factor
    before, found = drawn(plain(), name, COUNTED), met((name, COUNTED, factor, "A"))
    sd = float(nation()["known.error"].data.sel(count=name)) if name == "life_expectancy" else 0.0225
    after = drawn(found, name, COUNTED)
    assert abs(after[0] / (factor * before[0]) - 1) < sd / 2
    assert abs(after[0] / before[0] - 1) > 0.5 * abs(factor - 1)
    later = drawn(found, name, LATER)[0] / drawn(plain(), name, LATER)[0] - 1
    assert np.sign(later) == np.sign(factor - 1)


@pytest.mark.sampled(4)
@pytest.mark.parametrize("name", PEOPLE)
def test_bands_narrow_at_a_known_year_and_after(name: str):
    found = met(*((n, COUNTED, 1.0, "A") for n in PEOPLE))
    for year in (COUNTED, LATER):
        before, after = drawn(plain(), name, year), drawn(found, name, year)
        assert after[1:].std() < before[1:].std()
        assert after[0] == pytest.approx(before[0], rel=1e-3)


@pytest.mark.slow
def test_a_worse_grade_is_met_less_surely():
    widths = [drawn(met(("population", COUNTED, 1.0, q)), "population", COUNTED)[1:].std() for q in "ABCD"]
    assert widths == sorted(widths)
    assert widths[-1] < drawn(plain(), "population", COUNTED)[1:].std()


def test_a_level_by_interval_goes_through_each_total():
    asked = [
        ("population", 2021, 1.01, "A"),
        ("population", 2022, 0.99, "A"),
        ("population", 2024, 1.02, "A"),
    ]
    found = met(*asked)
    for name, year, factor, _ in asked:
        assert drawn(found, name, year)[0] == pytest.approx(factor * drawn(plain(), name, year)[0], rel=1e-3)


@pytest.mark.parametrize("name", RARE)
def test_few_deaths_move_a_rate_less_than_many(name: str):
    before, found = drawn(plain(), name, COUNTED)[0], met((name, COUNTED, 2.0, "A"))
    moved = drawn(found, name, COUNTED)[0] / before - 1
    weight = before / (before + 1 / 0.4**2)  # of the counted deaths, by hand
    assert moved == pytest.approx(weight, abs=0.02)


def test_counts_that_contradict_one_another_share_the_miss_and_leave_other_years_alone():
    found = met(("deaths", COUNTED, 1.1, "B"), ("life_expectancy", COUNTED, 1.01, "B"))
    deaths = drawn(found, "deaths", COUNTED)[0] / drawn(plain(), "deaths", COUNTED)[0]
    assert 0.9 < deaths < 1.1
    assert drawn(found, "life_expectancy", 2021)[0] == pytest.approx(
        drawn(plain(), "life_expectancy", 2021)[0], rel=0.02
    )


def test_draws_are_the_same_in_any_block():
    counts = [count(*one) for one in (*ALL, *((n, COUNTED, 1.01, "B") for n in PEOPLE))]
    sampler = Sampler(counted_parameters(place(), counts, INDICATORS, YEARS, nation()), YEARS, 1)
    whole = conditioned(sampler.block([0, 1, 2, 3, 4, 5, 6, 7]), YEARS, range(8))
    part = conditioned(sampler.block([0, 3]), YEARS, [0, 3])
    for name in ("migration.level", "supply.beds_base", "inpatient.admission_level", "inpatient.alos"):
        assert np.array_equal(whole[name].sel(draw=[0, 3]).values, part[name].values)


def test_without_counts_nothing_is_touched():
    params = Sampler(place(), YEARS, 1).block([0, 1])
    same = conditioned(params, YEARS, [0, 1])
    assert all(same[name] is array for name, array in params.items())
