"""Supply of left-out provinces: what is said happens; nothing of the future is known at the origin."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from paths import ROOT

from sim.evidence import supply_reliability as sr
from sim.evidence.calibration.parts.supply_growth import growths
from sim.evidence.calibration.pooling import pooled, yearly_growth
from sim.places import read_yearly


@pytest.fixture(scope="module")
def yearly():
    return read_yearly(ROOT)


def _later_doubled(yearly, region: str, resource: str, after: int):
    """The same figures, those of a province after a year doubled."""
    figures = dict(yearly.figures)
    own = figures[resource].copy()
    later = own.year > after
    figures[resource] = own.where(~((own.region == region) & later), 2 * own)
    return type(yearly)(yearly.indicators, figures, yearly.doubts)


@pytest.mark.slow
def test_what_comes_later_moves_no_forecast_and_the_province_is_left_out(yearly, monkeypatch):
    monkeypatch.setattr(sr, "ORIGINS", range(2016, 2017))
    other = _later_doubled(yearly, "410000", "nurses", 2016)
    for a, b in zip(_of(yearly), _of(other), strict=True):
        np.testing.assert_array_equal(a.draws, b.draws)
        assert b.observed == pytest.approx(2 * a.observed)
        assert a.last == b.last


def _of(yearly):
    growth = growths(yearly, leave_out="410000")["nurses"]
    return list(sr._of_region(yearly, "nurses", "410000", growth))


@pytest.mark.slow
def test_moments_find_what_made_the_growth():
    """31 regions, 13 years: what lasts and what swings are given back; half of the own mean is kept."""
    rng, years = np.random.default_rng(3), range(2010, 2023)
    lasting, swing = 0.015, 0.02
    own = lasting * rng.standard_normal(400)
    growth = 0.05 + own[:, None] + swing * rng.standard_normal((400, len(years)))
    coords = {"region": [f"{i:06d}" for i in range(400)], "year": list(years)}
    array = xr.DataArray(growth, coords, ("region", "year"))
    nation = xr.DataArray(np.full(len(years), 0.05), {"year": list(years)}, ("year",))
    nowhere = xr.zeros_like(array)  # all stand where the nation does
    found = pooled(array, nation, nowhere)
    assert found.lasting == pytest.approx(lasting, rel=0.15)
    assert found.swing == pytest.approx(swing, rel=0.15)
    kept = np.array([found.own(array[i], nowhere[i], 2022)[0] for i in range(400)])
    weight = lasting**2 / (lasting**2 + swing**2 / 5)
    assert np.polyfit(array.sel(year=slice(2018, None)).mean("year") - 0.05, kept, 1)[0] == pytest.approx(
        weight, abs=0.08
    )
    spread = np.std(own - kept)
    assert found.own(array[0], nowhere[0], 2022)[1] == pytest.approx(spread, rel=0.15)


def test_growth_of_a_stock_is_unknown_beside_an_unknown_year(yearly):
    growth = yearly_growth(yearly.of("beds"))
    assert growth.sel(year=[2008, 2009]).isnull().all()
    assert growth.sel(year=slice(2010, 2022)).notnull().all()


@pytest.mark.slow
def test_what_is_said_happens_for_every_resource(yearly):
    """The bars: bins of a tenth within 0.10, skill of 0.10 and more, bands that hold 70 to 90 %."""
    found = sr.forecasts(yearly)
    for resource, known in sr.reliabilities(found).items():
        assert known.worst(sr.FEWEST) <= 0.10, resource
        assert known.skill >= 0.10, resource
    for s in sr.scores(found):
        assert 0.70 <= s.coverage <= 0.90, (s.resource, s.lead)
        assert s.rmse < s.rmse_trend + 0.005, (s.resource, s.lead)
        assert s.rmse < s.rmse_last, (s.resource, s.lead)
