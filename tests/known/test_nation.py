"""The nation's draws go through its counts: births, deaths, totals, admissions and visits to 2025."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from paths import ROOT

from sim.config import Experiment
from sim.known import conditioned, observe, read_indicators
from sim.params import Sampler
from sim.places import list_regions, read_place
from sim.run import pipeline
from sim.run.counted import with_counts

YEARS = list(range(2020, 2027))
DRAWS = list(range(41))
NATION = "000000"


@pytest.fixture(scope="module")
def run():
    """Entries, parameters of the block, and the state."""
    experiment = Experiment.model_validate(
        {
            "schema": 1,
            "name": "nation",
            "regions": [NATION],
            "years": {"base": YEARS[0], "end": YEARS[-1]},
            "test_years": [2025],
        }
    )
    region = list_regions(ROOT)[NATION]
    own, entries = with_counts(ROOT, region, read_place(ROOT, NATION), experiment, YEARS)
    with xr.set_options(arithmetic_join="exact"):
        params = conditioned(Sampler(own, YEARS, 7).block(DRAWS), YEARS, DRAWS)
        return entries, params, pipeline.project(params, YEARS, DRAWS)


def _drawn(run, name: str, year: int) -> np.ndarray:
    _, params, state = run
    used = {n: params[n] for n in ("childcare.occupancy_target", "elderly_care.occupancy_target")}
    at = state.sel(year=[year])
    one = [observe(at.isel(draw=[d]), {n: _of(p, d) for n, p in used.items()}, name, year) for d in DRAWS]
    return np.array(one)


def _of(array: xr.DataArray, draw: int) -> xr.DataArray:
    return array.isel(draw=[draw]) if "draw" in array.dims else array


def test_every_kind_of_count_is_there(run):
    entries, _, _ = run
    years = {(e.count.indicator.id, e.count.year) for e in entries}
    for name in ("births", "deaths", "population"):
        assert {y for kind, y in years if kind == name} == set(range(2021, 2026)), name
    for name in ("admissions", "visits"):  # in years without an epidemic
        assert {y for kind, y in years if kind == name} == {2025}, name
    assert {e.count.indicator.id for e in entries} <= set(read_indicators(ROOT))


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", ["population", "births", "deaths"])
def test_the_median_is_the_count_and_the_band_its_error(run, name):
    entries, _, _ = run
    for entry in (e for e in entries if e.count.indicator.id == name):
        drawn = _drawn(run, name, entry.count.year)[1:] / entry.count.value
        assert np.median(drawn) == pytest.approx(1.0, abs=0.006), (name, entry.count.year)
        assert drawn.std() < (0.003 if name == "population" else 0.02), (name, entry.count.year)


@pytest.mark.parametrize("name", ["admissions", "visits"])
def test_use_of_the_last_counted_year(run, name):
    (entry,) = [e for e in run[0] if e.count.indicator.id == name]
    drawn = _drawn(run, name, 2025)[1:] / entry.count.value
    assert np.median(drawn) == pytest.approx(1.0, abs=0.02)
    assert drawn.std() < 0.045
    assert entry.after == pytest.approx(entry.count.value, rel=1e-3)


def test_ages_counted_are_nearer_than_without(run):
    for entry in run[0]:
        if entry.count.indicator.id in ("population_60", "population_65"):
            assert abs(entry.after / entry.count.value - 1) < 0.008
