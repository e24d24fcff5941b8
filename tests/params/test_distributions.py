"""Every named distribution against scipy's own, and what a correlated group reaches."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from scipy import stats

from sim.params import Parameter, Record, Sampler

YEARS = (2020, 2021)
U = np.array([0.001, 0.025, 0.1, 0.37, 0.5, 0.8, 0.975, 0.999])
Z = stats.norm.ppf(0.975)
PLACE = (0.9 - 0.5) / (1.7 - 0.5)  # of the mode 0.9 between 0.5 and 1.7


def parameter(spread: dict[str, Any], value: float = 0.9, name: str = "a.x") -> Parameter:
    record = Record.model_validate(
        {
            "name": {"en": "a", "zh": "甲"},
            "unit": "1",
            "value": value,
            "year": 2020,
            "source": "s",
            "basis": "measured",
            "quality": "A",
            "range": {"scale": "value", **spread},
        }
    )
    return Parameter(name, record, xr.DataArray(value), Path("p.yaml"), "hash")


def drawn(one: Parameter, n: int = 20_000) -> np.ndarray:
    return np.asarray(Sampler({one.name: one}, YEARS, 5).block(range(1, n + 1))[one.name].values)


CASES: dict[str, tuple[dict[str, Any], Any]] = {
    "normal": ({"low": 0.5, "high": 1.7}, stats.norm(1.1, 1.2 / (2 * Z))),
    "lognormal": (
        {"low": 0.5, "high": 1.7},
        stats.lognorm(np.log(1.7 / 0.5) / (2 * Z), scale=np.sqrt(0.5 * 1.7)),
    ),
    "uniform": ({"low": 0.5, "high": 1.7}, stats.uniform(0.5, 1.2)),
    "triangular": ({"low": 0.5, "high": 1.7}, stats.triang(PLACE, 0.5, 1.2)),
    "pert": ({"low": 0.5, "high": 1.7}, stats.beta(1 + 4 * PLACE, 1 + 4 * (1 - PLACE), 0.5, 1.2)),
}


@pytest.mark.parametrize("name", CASES)
def test_quantiles_and_moments_are_those_of_scipy(name: str):
    spread, known = CASES[name]
    one = parameter({"distribution": name, **spread})
    found = Sampler({one.name: one}, YEARS, 1).steered({one.name: U})[one.name].values
    np.testing.assert_allclose(found, known.ppf(U), rtol=1e-9)
    values = drawn(one)
    n = len(values)
    assert values.mean() == pytest.approx(known.mean(), abs=4 * known.std() / np.sqrt(n))
    assert values.std() == pytest.approx(known.std(), rel=0.03)
    assert stats.kstest(values, known.cdf).pvalue > 0.001


def test_beta_has_the_mean_and_the_spread_that_are_stated():
    """Mean = the central value; standard deviation = that of a normal with the same 95 % ends."""
    mean, sd = 0.9, (0.97 - 0.8) / (2 * Z)
    k = mean * (1 - mean) / sd**2 - 1
    known = stats.beta(mean * k, (1 - mean) * k)
    assert (known.mean(), known.std()) == pytest.approx((mean, sd))
    one = parameter({"distribution": "beta", "low": 0.8, "high": 0.97})
    found = Sampler({one.name: one}, YEARS, 1).steered({one.name: U})[one.name].values
    np.testing.assert_allclose(found, known.ppf(U), rtol=1e-9)
    assert stats.kstest(drawn(one), known.cdf).pvalue > 0.001


def test_pert_has_the_mean_and_variance_of_its_definition():
    """Mean (a + 4 m + b) / 6; variance (mean - a)(b - mean) / 7."""
    a, m, b = 0.5, 0.9, 1.7
    mean = (a + 4 * m + b) / 6
    values = drawn(parameter({"distribution": "pert", "low": a, "high": b}))
    assert values.mean() == pytest.approx(mean, abs=0.006)
    assert values.var() == pytest.approx((mean - a) * (b - mean) / 7, rel=0.05)


def test_empirical_is_read_between_its_values():
    seen = [0.4, 0.9, 1.0, 1.6, 3.0]
    one = parameter({"distribution": "empirical", "values": seen})
    found = Sampler({one.name: one}, YEARS, 1).steered({one.name: U})[one.name].values
    np.testing.assert_allclose(found, np.quantile(seen, U), rtol=1e-9)
    values = drawn(one)
    np.testing.assert_allclose(np.quantile(values, [0.25, 0.5, 0.75]), [0.9, 1.0, 1.6], atol=0.05)
    assert values.min() >= 0.4
    assert values.max() <= 3.0


def test_a_mixture_of_scenarios_has_its_weights():
    """Chi-square of 20,000 draws against weights 2 : 5 : 3."""
    seen, weights = [0.7, 0.9, 1.4], [2.0, 5.0, 3.0]
    one = parameter({"distribution": "discrete", "values": seen, "weights": weights})
    values = drawn(one)
    counts = [int((values == v).sum()) for v in seen]
    assert sum(counts) == len(values)
    expected = np.array(weights) / sum(weights) * len(values)
    assert stats.chisquare(counts, expected).pvalue > 0.001


# correlated groups: parameters i and j have the normal correlation sqrt(rho_i rho_j), and so the
# rank correlation 6 / pi arcsin(r / 2) whatever their distributions are (standard identity)


def member(name: str, distribution: str, rho: float) -> Parameter:
    spread = {"distribution": distribution, "low": 0.5, "high": 1.7}
    return parameter({**spread, "correlate": {"group": "g", "rho": rho}}, name=name)


@pytest.mark.parametrize("first", [0.3, 0.7, 0.95])
@pytest.mark.parametrize("second", [0.7, -0.7])
def test_a_group_reaches_its_rank_correlation(first: float, second: float):
    both = {
        "a.x": member("a.x", "lognormal", first),
        "a.y": member("a.y", "triangular", second),
    }
    block = Sampler(both, YEARS, 3).block(range(1, 20_001))
    found = stats.spearmanr(block["a.x"].values, block["a.y"].values).statistic
    r = np.sign(second) * np.sqrt(first * abs(second))
    assert found == pytest.approx(6 / np.pi * np.arcsin(r / 2), abs=0.02)


def test_members_keep_their_own_distribution():
    one = member("a.x", "lognormal", 0.7)
    values = Sampler({"a.x": one}, YEARS, 3).block(range(1, 20_001))["a.x"].values
    assert stats.kstest(values, CASES["lognormal"][1].cdf).pvalue > 0.001


def test_a_new_parameter_moves_no_stream():
    """Neither one before or after in the alphabet, nor a new member of the same group."""
    own = {
        "m.x": member("m.x", "normal", 0.5),
        "m.y": parameter(CASES["pert"][0] | {"distribution": "pert"}, name="m.y"),
    }
    more = {
        "a.new": parameter({"distribution": "uniform", "low": 0, "high": 2}, name="a.new"),
        **own,
        "m.z": member("m.z", "normal", -0.9),
        "z.path": parameter(
            {"distribution": "ar1", "rho": 0.5, "sd": 0.1, "scale": "absolute"}, name="z.path"
        ),
    }
    alone = Sampler(own, YEARS, 11).block(range(2000))
    beside = Sampler(more, YEARS, 11).block(range(2000))
    for name in own:
        np.testing.assert_array_equal(beside[name].values, alone[name].values)


def test_scenarios_are_paired_draw_by_draw():
    """Another central value, range or distribution keeps each draw at its own probability."""
    low = parameter({"distribution": "uniform", "low": 0, "high": 1})
    high = parameter({"distribution": "uniform", "low": 10, "high": 30}, 20.0)
    u = drawn(low, 500)
    np.testing.assert_allclose(drawn(high, 500), 10 + 20 * u, rtol=1e-9)
