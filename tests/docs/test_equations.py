"""Equations of docs/model, written down as the pages print them, beside the functions that compute them."""

from __future__ import annotations

from math import ceil, erf, exp, floor, log, sqrt

import numpy as np
import pytest
import xarray as xr
from scipy.linalg import expm
from scipy.stats import poisson

from sim.adequacy.effort import yearly_inflow
from sim.adequacy.poisson import rate_met
from sim.adequacy.sufficient import enough_with
from sim.burden.disease import step
from sim.burden.small_counts import Prior, shrunk_rate
from sim.demand.emergency import peak_share
from sim.demand.inpatient import beds_from_bed_days
from sim.demand.workforce import wisn_staff, with_other_posts
from sim.demography.migration import net_migrants
from sim.demography.policy import Policy, tempo
from sim.draws import probability_mcse
from sim.hospital.erlang import erlang_b, erlang_c, mean_wait
from sim.lifetable import mx_to_sx
from sim.supply.plan_path import plan_path
from sim.supply.workforce import run_stock_flow
from sim.trend import fading_growth

YEARS = xr.DataArray(np.arange(2020, 2031), {"year": np.arange(2020, 2031)}, ("year",))


def a(value: float) -> xr.DataArray:
    return xr.DataArray(value)


def test_growth_that_fades() -> None:
    g, h = 0.03, 7.0
    page = [exp(g * h * (1 - 2 ** (-t / h)) / log(2)) for t in range(11)]
    np.testing.assert_allclose(fading_growth(YEARS, a(g), a(h)), page)


def test_survival_ratios_of_death_rates() -> None:
    mx = np.linspace(0.002, 0.3, 101)
    page = np.empty(101)
    q = mx / (1 + 0.5 * mx)
    lx = np.concatenate([[1.0], np.cumprod(1 - q[:-1])])
    lived = np.concatenate([lx[1:] + 0.5 * (lx[:-1] - lx[1:]), [lx[-1] / mx[-1]]])
    page = np.concatenate([lived[1:-1] / lived[:-2], [lived[-1] / (lived[-1] + lived[-2])]])
    both = np.repeat(mx[None, :, None], 2, axis=0)
    np.testing.assert_allclose(mx_to_sx(both, ax_rule="midpoint")[0, 1:, 0], page)


def test_tempo_of_a_policy() -> None:
    policy = Policy("p", 1, 2022, np.array([0.1]), bulge=0.8, peak=3.0, ramp=2.0, uptake=np.ones(101))
    page = [0.0, 0.0]
    page += [1 - exp(-(s + 0.5) / 2.0) + 0.8 * s / 3.0 * exp(1 - s / 3.0) for s in range(9)]
    np.testing.assert_allclose(tempo(policy, YEARS.values), page)


@pytest.mark.parametrize("level", [-9.0, -3.0, 0.0, 4.0])
def test_net_migrants_of_a_level(level: float) -> None:
    into, out = 5.0, 8.0
    share_in, share_out = np.array([0.25, 0.75]), np.array([0.6, 0.4])
    s = min(max(level / (into - out), 0.0), 1.0)
    more = s * into + max(level - s * (into - out), 0.0)
    less = s * out + max(s * (into - out) - level, 0.0)
    one = np.ones((1, 1))
    found = net_migrants(
        level * one, into * one, out * one, share_in[None, None, :, None], share_out[None, None, :, None]
    )
    np.testing.assert_allclose(found[0, 0, :, 0], more * share_in - less * share_out, atol=1e-12)
    assert found.sum() == pytest.approx(level)


def test_a_year_of_illness_and_death() -> None:
    p, i, r, f = 0.2, 0.03, 0.1, 0.05
    healthy, ill = expm(np.array([[-i, r], [i, -(r + f)]])) @ np.array([1 - p, p])
    found, _ = step(np.array(p), np.array(i), np.array(r), np.array(f))
    assert float(found) == pytest.approx(ill / (healthy + ill))


def test_a_rate_of_few_deaths() -> None:
    k, mean, d, n = 6.25, 9.27e-5, 9.0, 46_344.0
    assert shrunk_rate(d, n, Prior(mean, k)).mean == pytest.approx((k + d) / (k / mean + n))


def test_beds_and_the_peak_of_a_wave() -> None:
    assert float(beds_from_bed_days(a(3650.0), a(0.8), a(0.9))) == pytest.approx(3650 / (365 * 0.9 * 0.8))
    sd = 21 / sqrt(2 * log(2))
    assert float(peak_share(a(10.0), a(21.0))) == pytest.approx(erf(10 / (2 * sqrt(2) * sd)))


def test_posts_by_workload() -> None:
    posts = wisn_staff(a(9000.0), a(1800.0), a(0.8), 1.5)
    assert float(with_other_posts(posts, a(0.1))) == pytest.approx((9000 / 1800 / 0.8 + 1.5) / 0.9)


def test_staff_by_age() -> None:
    start = np.zeros((1, 1, 55, 1))
    start[0, 0, 10] = 100.0  # aged 30
    entry = np.zeros((1, 1, 55))
    entry[0, 0, 5] = 1.0  # aged 25
    one = np.ones((1, 1))
    found = run_stock_flow(
        start,
        0.02 * one,
        np.array([5.0]),
        0.03 * one,
        0.3 * one,
        np.array([0.1]),
        np.full((3, 1), 60.0),
        entry,
        np.arange(20, 75),
        multiplicative=True,
    )
    stock, entered = 100.0, [0.0]
    for t in (1, 2):
        entered.append((0.03 + 0.02 * 2 ** (-(t - 0.5) / 5.0)) * stock)
        stock = stock * (1 - 0.03) + entered[-1]
    np.testing.assert_allclose(found.entrants[:, 0, 0], entered)
    assert found.headcount[-1, 0, 0] == pytest.approx(stock)


@pytest.mark.parametrize("after", ["hold_ratio", "hold_count", "trend"])
def test_the_path_of_a_plan(after: str) -> None:
    goal, trend = 50.0 + YEARS.values[:, None] - 2020, 30.0 + 2.0 * (YEARS.values[:, None] - 2020)
    at = 5
    page = [30 * (2025 - y) / 5 + goal[at, 0] * (y - 2020) / 5 for y in range(2020, 2026)]
    later = {"hold_ratio": goal, "hold_count": goal[at] + 0 * goal, "trend": goal[at] + trend - trend[at]}
    page += later[after][at + 1 :, 0].tolist()
    np.testing.assert_allclose(plan_path(YEARS.values, goal, 2025, trend, after)[:, 0], page)


def test_rare_deaths_and_the_error_of_a_probability() -> None:
    goal, rate, births = 1e-4, 1.2e-4, 46_344.0
    found = rate_met("<=", goal, np.array([rate]), np.array([births]))
    assert found[0] == pytest.approx(poisson.cdf(floor(goal * births), rate * births))
    alpha, beta = 20 * 0.9 + 0.5, 20 * 0.1 + 0.5
    page = sqrt(alpha * beta / ((alpha + beta) ** 2 * (alpha + beta + 1)))
    assert probability_mcse(0.9, 20) == pytest.approx(page)


def test_the_smallest_target_that_is_enough() -> None:
    needed = np.array([5.0, 1.0, 4.0, 2.0, 3.0])
    assert enough_with(needed, 0.7) == np.sort(needed)[ceil(0.7 * 5) - 1]


def test_recruitment_of_every_year() -> None:
    base, count, leaving = 100.0, 150.0, [0.05, 0.04, 0.06]
    left = np.array([np.prod([1 - rate for rate in leaving[t + 1 :]]) for t in range(3)])
    entrants = (count - base * np.prod([1 - rate for rate in leaving])) / left.sum()
    found = yearly_inflow(base, count, 3, leaving)
    assert found.total == pytest.approx(entrants)
    assert found.replacement == pytest.approx(entrants - (count - base) / 3)


def test_queues() -> None:
    load, beds = 8.0, 10
    blocked = 1.0
    for n in range(1, beds + 1):
        blocked = load * blocked / (n + load * blocked)
    waits = blocked / (1 - load / beds * (1 - blocked))
    assert float(erlang_b(load, beds)) == pytest.approx(blocked)
    assert float(erlang_c(load, beds)) == pytest.approx(waits)
    page = waits * 6.0 / (beds - load) * (1 + 0.5**2) / 2
    assert float(mean_wait(load, beds, 6.0, 0.5)) == pytest.approx(page)
