"""The past run over the cohorts: the two-child policy of 2016 in the births by order observed."""

import numpy as np
import pytest

from sim.demography.past import nation_past, order_shares
from sim.params import read_file

LAST = 2022


@pytest.fixture(scope="module")
def past(region, national):
    params = {n: p.data for n, p in (region("000000") | read_file(national / "fertility_past.yaml")).items()}
    path = nation_past(params, LAST)
    return path, dict(zip(range(2010, LAST + 1), order_shares(path), strict=True)), params


def test_the_tfr_of_each_year_is_met(past):
    path, _, params = past
    tfr = params["fertility.tfr"].sel(year=slice(2010, LAST)).values
    np.testing.assert_allclose(path.asfr.sum(axis=(1, 2))[:, 0], tfr, rtol=1e-10)


@pytest.mark.parametrize(
    ("year", "observed", "within"),
    [(2010, 31.3, 1.5), (2013, 30, 5), (2017, 50, 1.5), (2020, 43.1, 1.5), (2022, 38.9, 1.5)],
)
def test_the_two_child_policy_of_2016_in_second_births(past, year, observed, within):
    """In 2013 the run is 4.6 points high: rates of 2010 at the TFR of then bring more seconds."""
    assert 100 * past[1][year][1] == pytest.approx(observed, abs=within)


@pytest.mark.parametrize(("year", "observed", "within"), [(2010, 6.5, 0.5), (2020, 11.1, 2), (2022, 15.0, 3)])
def test_third_and_later_births(past, year, observed, within):
    """The census of 2020 and the commission's series differ by about three points."""
    assert 100 * past[1][year][2] == pytest.approx(observed, abs=within)


def test_without_the_policy_second_births_would_not_have_peaked(past, national):
    params = past[2] | {"fertility_past.two_child_quantum": past[2]["fertility_past.two_child_quantum"] * 0}
    params |= {"fertility_past.later_quantum": params["fertility_past.later_quantum"] * 0}
    without = order_shares(nation_past(params, LAST))
    assert without[:, 1].max() < 0.38
    assert past[1][2017][1] - without[7, 1] > 0.1


def test_parities_of_today_come_from_that_past(past, region):
    """Above 30 the shares of 2020 are the run's, moved to childlessness and children ever born.

    The census of 2020 counts more childless women of 40 (7.85 %) than the same women ten years
    younger allow by the census of 2010: the run alone ends at 4-5 %.
    """
    run = past[0].shares[10, :, :, 0]
    start = region("000000")["fertility.parity_initial"].data.transpose("age", "parity").values
    assert np.abs(run - start)[30:45].max() < 0.13
    assert 1 - start[40, 0] == pytest.approx(1 - 0.0785, abs=0.002)
    assert run[40, 0] < start[40, 0]
