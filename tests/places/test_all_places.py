"""Every code has counts or is refused; every prefecture is projected, the smallest places run whole."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
import xarray as xr
from paths import ROOT

from sim import demography
from sim.config import read_experiment
from sim.errors import SimError
from sim.params import Sampler
from sim.places import find_region, list_places, list_regions, place_censuses, read_place
from sim.places.counts import FEWEST, counts
from sim.run.blocks import Block
from sim.run.pipeline import walk
from sim.run.possible import input_faults
from sim.run.runner import plan_blocks
from sim.run.setup import Setup, set_up

PLACES = list_places(ROOT)
PROVINCES = [p.code for p in PLACES.values() if p.level == "province"]
REGIONS = list_regions(ROOT)
DRAWS, BASE, END = 7, 2020, 2025
"""Draw 0 and seven: as many as a block is computed at in any case."""
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


def _setup(codes: Sequence[str]) -> Setup:
    years = {"base": BASE, "end": END}
    draws = {"n": DRAWS, "seed": 1}
    changes = {"regions": tuple(codes), "draws": draws, "years": years, "test_years": (END,)}
    return set_up(ROOT / "experiments/henan_prefectures.yaml", changes=changes)


def _wrong(people: xr.DataArray) -> str:
    """Residents (year, draw) who double, or of whom less than two thirds are left, in five years."""
    ratio = people.sel(year=END) / people.sel(year=BASE)
    low, high = float(ratio.min()), float(ratio.max())
    return "" if 2 / 3 < low <= high < 3 / 2 else f"{low:.2f}..{high:.2f} of the people"


def _projected(block: Block) -> xr.DataArray:
    """Residents of a block by its first stage alone: the one that a place's own counts go into."""
    own = {name: block.parameters[name] for name in demography.PARAMETERS}
    draws = list(range(block.first, block.stop))
    state = xr.Dataset(coords={"year": list(block.years), "draw": draws})
    params = Sampler(own, block.years, block.seed).block(draws)
    return walk(state, params, (demography,)).population.sum(("sex", "age"))


@pytest.mark.parametrize("province", PROVINCES)
def test_every_prefecture_is_projected(province: str):
    codes = [c for c in RUN if PLACES[c].province == province and PLACES[c].level == "prefecture"]
    blocks = plan_blocks(_setup(sorted(codes) or [province]))
    wrong = {block.region: _wrong(_projected(block)) for block in blocks}
    assert {code: text for code, text in wrong.items() if text} == {}


@pytest.mark.parametrize("province", PROVINCES)
def test_the_smallest_place_of_each_level_runs(province: str):
    smallest = _smallest(province)
    assert "county" in smallest
    for block in plan_blocks(_setup(sorted(smallest.values()))):
        assert _wrong(block.compute()["population_basis"].sel(basis="resident")) == "", block.region


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
