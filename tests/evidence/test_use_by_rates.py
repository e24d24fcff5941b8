"""Misfit of use and beds against what regions counted."""

import numpy as np
import pytest
import xarray as xr
from health_world import health_params
from paths import PARAMETERS, read_rows
from place import people, place

import sim.burden
import sim.demography
from sim.burden import utilisation
from sim.evidence.validation import use_by_rates as calibration
from sim.params import central
from sim.schema import person_years


@pytest.fixture(scope="module")
def observed():
    return read_rows(PARAMETERS / "observed_use.csv")


def _population(code):
    return people(code).expand_dims(year=[2020]).expand_dims(draw=[0], axis=-1)


def test_bed_identity_of_every_region_with_data(observed):
    """Guangzhou counts open beds; the nation's hospitals had 347.4 open days a year-end bed."""
    found = calibration.bed_identities(observed, {"hospitals": 347.4 / 365})
    assert {(m.region, m.year) for m in found} == {
        ("440100", 2021),
        ("440100", 2022),
        ("000000", 2021),
        ("000000", 2023),
    }
    for m in found:
        assert abs(m.misfit) < 0.08, m


def test_a_misfit_is_the_model_over_what_was_observed():
    """292 days x 100 beds in use of 365 x 100: 80 %, where 90 % is stated: 11 % too low."""
    known = {"admissions": 3650, "alos": 8, "beds": 100, "bed_occupancy": 90}
    rows = [
        {"region": "1", "year": "2021", "scope": "all", "indicator": name, "value": str(value)}
        for name, value in known.items()
    ]
    (found,) = calibration.bed_identities(rows, {})
    assert (found.modelled, found.observed) == (pytest.approx(0.8), pytest.approx(0.9))
    assert found.misfit == pytest.approx(0.8 / 0.9 - 1)


def test_stocks_carried_on_with_the_province(observed):
    """2015 to 2020 with Henan's growth: Nanyang -14 %, Xinxiang +4 %; hence the ranges."""
    province = {"411300": "410000", "410700": "410000"}
    found = {m.region: m.misfit for m in calibration.carried_stocks(observed, province, 2015, 2020)}
    assert found["411300"] == pytest.approx(-0.136, abs=0.005)
    assert found["410700"] == pytest.approx(0.043, abs=0.005)


def test_what_the_fourth_must_be(observed):
    """Zhengzhou 2015: 76 321 beds, 93.73 %, 10.5 days are 2.49 million discharges; Longhu's
    787 beds at 65.7 % and 24 420 admissions mean stays of 7.7 days."""
    found = {(r, n): v for r, _, n, v in calibration.implied_by_identity(observed, {})}
    assert found["410100", "admissions (all)"] == pytest.approx(2.487e6, rel=1e-3)
    assert found["440507", "alos (all)"] == pytest.approx(7.73, abs=0.01)


YEARS = list(range(2020, 2036))


@pytest.fixture(scope="module")
def nation():
    """Parameters of the nation and its demography to 2035, central values."""
    parameters = place("000000")
    params = central(parameters, YEARS)
    done = sim.demography.project(xr.Dataset(), {n: params[n] for n in sim.demography.PARAMETERS})
    return parameters, params, done


def _counts(observed, name):
    return {
        int(r["year"]): float(r["value"])
        for r in observed
        if (r["region"], r["scope"], r["indicator"]) == ("000000", "all", name)
    }


def _past(parameters, done, year):
    rows = read_rows(PARAMETERS / "national/census_2010.csv")
    now = done["population"].isel(year=0, draw=0, drop=True)
    then = xr.zeros_like(now)
    for row in rows:
        last = 100 if row["age_end"] in ("", "120") else int(row["age_end"])
        ages = {"sex": row["sex"], "age": slice(int(row["age_start"]), min(last, 100))}
        part = now.sel(ages)
        then.loc[ages] = float(row["value"]) * part / part.sum()
    people = calibration.people_between(then, now, year, (2010 + 10 / 12, 2021.0))
    births = calibration.births_behind(now, 2020, year)
    names = [n for n in sim.burden.PARAMETERS if n.startswith(("inpatient.", "outpatient."))]
    return people, births, central({n: parameters[n] for n in names}, [year])


@pytest.mark.parametrize("name", ["admissions", "visits"])
@pytest.mark.parametrize("year", [2015, 2019])
def test_counts_before_the_base_are_given_back(nation, observed, name, year):
    parameters, _, done = nation
    used = calibration.use_by_rates(*_past(parameters, done, year))
    assert used[name][year] == pytest.approx(_counts(observed, name)[year], rel=0.005)


@pytest.mark.parametrize("name", ["admissions", "visits"])
def test_counts_since_the_base_are_given_back_and_dips_shown(nation, observed, name):
    """2020-2025: 230, 247, 247, 302, 312 and 299 million admissions; 7.7 to 10.7 billion visits."""
    _, params, done = nation
    lived, births = person_years(done["population"]), done["births_by_age"]
    counted = calibration.use_by_rates(lived, births, params)[name]
    normal = calibration.use_by_rates(lived, births, params, counted=False)[name]
    seen = _counts(observed, name)
    for year in range(2020, 2026):
        assert counted[year] == pytest.approx(seen[year], rel=0.005), year
    for year in (2020, 2021, 2022):
        assert counted[year] < 0.95 * normal[year]
    assert counted[2025] == pytest.approx(normal[2025])
    assert all(normal[y + 1] > normal[y] for y in range(2020, 2025))


def test_the_nation_s_run_is_its_count(nation, observed):
    """The whole stage with the nation's own file, epidemic years as counted."""
    _, params, done = nation
    own = {n: params[n] for n in sim.burden.PARAMETERS}
    own |= {f"{t}.epidemic_years": xr.DataArray("counted") for t in ("inpatient", "outpatient")}
    out = sim.burden.project(done[list(sim.burden.READS)], own)
    for variable, name in (("admissions_level", "admissions"), ("visits", "visits")):
        seen = _counts(observed, name)
        for year in range(2020, 2026):
            got = float(out[variable].sel(year=year).sum())
            assert got == pytest.approx(seen[year], rel=0.005), (name, year)


def test_shares_of_levels_are_those_counted(nation, observed):
    _, params, _ = nation
    inpatient = utilisation.inpatient_shares(params)
    outpatient = utilisation.level_shares(
        params["outpatient.primary_share"], params["outpatient.tertiary_share_of_hospital"]
    )
    for name, shares in (("admissions", inpatient), ("visits", outpatient)):
        whole = _counts(observed, name)
        rows = [r for r in observed if r["region"] == "000000" and r["indicator"] == name]
        for row in rows:
            if row["scope"] not in ("tertiary", "secondary", "primary"):
                continue
            got = float(shares.sel(year=int(row["year"]), level=row["scope"]))
            assert got == pytest.approx(float(row["value"]) / whole[int(row["year"])], abs=0.003)


def test_growth_begins_after_the_last_count(nation):
    _, params, _ = nation
    year = xr.DataArray(YEARS, {"year": YEARS}, ("year",))
    level = utilisation.rate_level(year, params, "inpatient", "admission")
    faster = dict(params) | {"inpatient.admission_growth": xr.DataArray(0.01)}
    more = utilisation.rate_level(year, faster, "inpatient", "admission")
    np.testing.assert_allclose(more.sel(year=slice(2020, 2025)), level.sel(year=slice(2020, 2025)))
    assert (more > level).sel(year=slice(2026, 2035)).all()
    own = dict(params) | {"inpatient.admission_regional_growth": xr.DataArray(0.009)}
    apart = utilisation.rate_level(year, own, "inpatient", "admission") / level
    assert float(apart.sel(year=2020)) == 1.0
    assert 1.02 < float(apart.sel(year=2025)) < 1.045  # half in five years: 3 % by 2025


def test_a_region_keeps_its_own_base():
    """Henan by its beds: the base year's admissions do not hang on the nation's level."""
    henan = _population("410000").isel(year=[0, 0]).assign_coords(year=[2020, 2021])
    births = xr.zeros_like(henan.isel(sex=0, drop=True))
    params = {
        k: v.isel(year=slice(0, 2)) if "year" in v.dims else v
        for k, v in health_params("410000_henan").items()
    }
    one, _ = utilisation.admissions(henan, henan, births, params)
    higher = dict(params) | {"inpatient.admission_level": params["inpatient.admission_level"] * 1.1}
    other, _ = utilisation.admissions(henan, henan, births, higher)
    xr.testing.assert_allclose(one, other)
