"""`healthplan run` of every prefecture and the smallest place of each level of a province; who is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import xarray as xr
import yaml
from paths import ROOT
from working_folder import run_cli

from sim.config import read_experiment
from sim.errors import SimError
from sim.places import find_region, list_places, list_regions, place_censuses, read_place
from sim.places.counts import FEWEST, counts
from sim.run.possible import input_faults
from sim.store import open_results

PLACES = list_places(ROOT)
PROVINCES = [p.code for p in PLACES.values() if p.level == "province"]
REGIONS = list_regions(ROOT)
DRAWS, BASE, END = 10, 2020, 2025
NEEDS = ("beds_required", "doctors_required", "childcare_slots_required", "care_beds_required")
MOST = 0.2
"""Beds, doctors, slots and care beds for a resident: more of any would be a fault of units."""
STRIDE = 10
"""Every tenth of the codes is read."""

SMALL = {"prefectures": ("prefecture",), "counties": ("county", "zone")}
ONCE_EMPTIED = (
    *("150925", "150927", "230108", "450311", "610828", "620621"),  # leavers beyond those there
    *("441581", "513436", "522633", "622926", "652929", "653129", "653221", "653222"),  # births above one
)

pytestmark = pytest.mark.slow


def _people(code: str) -> float:
    return float(place_censuses(ROOT, code)[2020].counts.sum())


def _too_empty(code: str) -> bool:
    """By the stated rule: fewer than FEWEST girls or boys of age 0, or no women of an age group."""
    census = place_censuses(ROOT, code)[2020]
    return bool(census.counts[:, 0].min() < FEWEST or census.women(15, 45).min() <= 0)


RUN = {code for code in PLACES if code in REGIONS or not _too_empty(code)}


def _smallest(province: str) -> dict[str, str]:
    """The place of fewest people of each level in a province, of those that run."""
    inside = sorted((c for c in RUN if PLACES[c].province == province), key=_people, reverse=True)
    return {PLACES[code].level: code for code in inside}


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> xr.Dataset:
    """`healthplan run` of every prefecture and of the smallest place of each level of every province."""
    folder = tmp_path_factory.mktemp("places")
    (folder / "experiments").mkdir()
    (folder / "parameters").symlink_to(ROOT / "parameters", target_is_directory=True)
    cities = {code for code in RUN if PLACES[code].level == "prefecture"}
    smallest = {code for province in PROVINCES for code in _smallest(province).values()}
    experiment = {
        "schema": 1,
        "name": "places",
        "regions": sorted(cities | smallest | {"000000"}),
        "years": {"base": BASE, "end": END},
        "parameters": ["national", "standards"],
        "test_years": [END],
        "draws": {"n": DRAWS, "seed": 1},
        "results": {"series": list(NEEDS)},
    }
    (folder / "experiments/places.yaml").write_text(yaml.safe_dump(experiment), encoding="utf-8")
    done = run_cli("run", "experiments/places.yaml", "--no-charts", "--quiet", "--workers", "2", cwd=folder)
    assert done.code == 0, done.err
    with open_results(Path(done.out.strip()) / "results.nc") as found:
        return found.isel(scenario=0).load()


def _wrong(run: xr.Dataset, code: str) -> str:
    """What cannot be true of a place's run: people who double, a need that nobody or everybody has."""
    own = run.sel(region=code)
    people = own.population_group.sel(age_group="total")
    ratio = people.sel(year=END) / people.sel(year=BASE)
    low, high = float(ratio.min()), float(ratio.max())
    if not 2 / 3 < low <= high < 3 / 2:
        return f"{low:.2f}..{high:.2f} of the people"
    for name in NEEDS:
        (dim,) = (d for d in own[name].dims if d not in ("year", "draw"))
        need = own[name].sel({dim: "total"}) / people
        if not bool(np.isfinite(need).all()) or not 0 < float(need.min()) <= float(need.max()) < MOST:
            return f"{name}: {float(need.min()):.3g}..{float(need.max()):.3g} a resident"
    return ""


@pytest.mark.parametrize("province", PROVINCES)
def test_every_prefecture_runs(runs: xr.Dataset, province: str):
    codes = [c for c in RUN if PLACES[c].province == province and PLACES[c].level == "prefecture"]
    assert bool(codes) != (province in ("110000", "120000", "310000", "500000"))
    assert {code: text for code in codes if (text := _wrong(runs, code))} == {}


@pytest.mark.parametrize("province", PROVINCES)
def test_the_smallest_place_of_each_level_runs(runs: xr.Dataset, province: str):
    smallest = _smallest(province)
    assert {"province", "county"} <= set(smallest)
    assert {code: text for code in smallest.values() if (text := _wrong(runs, code))} == {}


def test_the_nation_runs_and_its_needs_are_near_those_of_its_prefectures(runs: xr.Dataset):
    """Places' own figures differ; all of them together are the nation, but for the municipalities."""
    assert _wrong(runs, "000000") == ""
    cities = [c for c in RUN if PLACES[c].level == "prefecture"]
    people = runs.population_group.sel(age_group="total", year=BASE, draw=0)
    nation = float(people.sel(region="000000"))
    share = float(people.sel(region=cities).sum("region")) / nation
    assert 0.9 < share < 0.95
    for name in NEEDS:
        (dim,) = (d for d in runs[name].dims if d not in ("region", "year", "draw"))
        need = runs[name].sel({dim: "total", "year": END, "draw": 0})
        assert float(need.sel(region=cities).sum("region") / need.sel(region="000000")) == pytest.approx(
            share, rel=0.2
        ), name


def test_every_code_has_counts_or_is_refused_as_too_empty():
    """By the bound alone, and named with a place above it that is not refused itself."""
    refused = set()
    for place in PLACES.values():
        try:
            counts(ROOT, place)
        except SimError as error:
            refused.add(place.code)
            for line in str(error).splitlines():
                assert f"regions: {place.code} {place.name_zh} | " in line
                assert f"fewer than {FEWEST}" in line or "no women of" in line
                assert line.rsplit(", ", 1)[1] in RUN
    assert refused == {code for code in PLACES if _too_empty(code)}
    assert 0 < len(refused) < len(PLACES) / 500  # hardly any: else the bound is wrong


@pytest.mark.parametrize("word", ["prefectures", "counties"])
def test_the_experiments_of_all_china_leave_out_only_who_is_too_empty(word: str):
    named = read_experiment(ROOT / f"experiments/china_{word}.yaml").regions
    assert set(named) <= RUN
    left_out = [code for code in PLACES if code not in RUN and PLACES[code].level in SMALL[word]]
    nation = sum(map(_people, PROVINCES))
    assert sum(map(_people, (*named, *left_out))) == nation == _people("000000")


@pytest.mark.parametrize("code", ONCE_EMPTIED)
def test_small_counties_of_extreme_rates_run_to_2035(code: str):
    """Decade rates that would empty a cohort, or more first births than childless women."""
    parameters = read_place(ROOT, find_region(ROOT, code, REGIONS), regions=REGIONS)
    assert input_faults(parameters, range(BASE, 2036)) == []


def test_every_tenth_code_is_read():
    faults = {}
    for code in sorted(RUN)[::STRIDE]:
        try:
            read_place(ROOT, find_region(ROOT, code, REGIONS), ["national", "standards"], regions=REGIONS)
        except SimError as error:
            faults[code] = str(error)
    assert faults == {}
