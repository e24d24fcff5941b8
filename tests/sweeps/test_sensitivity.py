"""Sampling and analysis against published values and against SALib."""

from __future__ import annotations

import numpy as np
import pytest
from SALib.analyze import morris as salib_morris
from SALib.analyze import sobol as salib_sobol
from SALib.sample import sobol as salib_sample

from sim.errors import ConfigError
from sim.sweeps.folder import RANKED_BY
from sim.sweeps.sampling import METHODS, Design, design
from sim.sweeps.sensitivity import LEVELS, Measure, analyse, constant, elementary_effects

NAMES = ["x1", "x2", "x3"]
GROUPS = ["angles", "x2", "angles"]
# Ishigami and Homma's function with a = 7, b = 0.1: analytic indices
ISHIGAMI_FIRST = [0.3139, 0.4424, 0.0]
ISHIGAMI_TOTAL = [0.5576, 0.4424, 0.2437]


def ishigami(points: np.ndarray) -> np.ndarray:
    x = np.pi * (2 * points - 1)
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def g_function(points: np.ndarray, a: np.ndarray) -> np.ndarray:
    return np.prod((np.abs(4 * points - 2) + a) / (1 + a), axis=1)


def measures(plan: Design, values: np.ndarray, seed: int = 1) -> dict[str, np.ndarray]:
    return {m.name: m.value for m in analyse(plan, values, seed)}


def test_ishigami_has_its_published_indices():
    plan = design("sobol", NAMES, 4096, 3)
    found = measures(plan, ishigami(plan.points)[:, None])
    np.testing.assert_allclose(found["first_order"][:, 0], ISHIGAMI_FIRST, atol=0.01)
    np.testing.assert_allclose(found["total"][:, 0], ISHIGAMI_TOTAL, atol=0.01)


def test_sobol_g_has_its_analytic_indices():
    a = np.array([0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0])
    plan = design("sobol", [f"x{i}" for i in range(8)], 8192, 5)
    found = measures(plan, g_function(plan.points, a)[:, None])
    parts = 1 / (3 * (1 + a) ** 2)
    variance = np.prod(1 + parts) - 1
    first = parts / variance
    total = parts * np.prod(1 + parts) / (1 + parts) / variance
    np.testing.assert_allclose(found["first_order"][:, 0], first, atol=0.02)
    np.testing.assert_allclose(found["total"][:, 0], total, atol=0.02)


def problem(**more: object) -> dict[str, object]:
    """The three angles as SALib takes them."""
    return {"num_vars": 3, "names": NAMES, "bounds": [[0, 1]] * 3, **more}


def test_indices_and_intervals_are_those_of_salib():
    plan = design("sobol", NAMES, 128, 7)
    outputs = np.stack([ishigami(plan.points), plan.points[:, 0] ** 2 + 100], axis=1)
    sampled = salib_sample.sample(problem(), 128, calc_second_order=False, seed=7)
    np.testing.assert_array_equal(plan.points, sampled)
    ours = {m.name: m for m in analyse(plan, outputs, 11)}
    for k in range(2):
        theirs = salib_sobol.analyze(problem(), outputs[:, k], calc_second_order=False, seed=11)
        for name, key in (("first_order", "S1"), ("total", "ST")):
            np.testing.assert_allclose(ours[name].value[:, k], theirs[key], rtol=1e-9, atol=1e-12)
            half = ours[name].half_width
            assert half is not None
            np.testing.assert_allclose(half[:, k], theirs[f"{key}_conf"], rtol=1e-6, atol=1e-9)


def test_groups_are_those_of_salib():
    groups = {"angles": ["x1", "x3"]}
    plan = design("sobol", NAMES, 256, 7, groups=groups)
    assert plan.factors == ("angles", "x2")
    values = ishigami(plan.points)
    theirs = salib_sobol.analyze(problem(groups=GROUPS), values, calc_second_order=False, seed=2)
    np.testing.assert_allclose(measures(plan, values[:, None])["total"][:, 0], theirs["ST"])


def test_a_constant_output_has_indices_of_nothing():
    plan = design("sobol", NAMES, 16, 1)
    rounding = 1 + 2e-16 * np.arange(len(plan.points))
    lone = np.zeros(len(plan.points))
    lone[1] = 1.0  # seen by no row of A or B
    values = np.stack([np.ones(len(plan.points)), rounding, lone], axis=1)
    for name, found in measures(plan, values).items():
        assert (found[:, :2] == 0).all(), name
        assert np.isnan(found[:, 2]).all(), name  # it varies, but not where the indices look


@pytest.mark.parametrize("method", METHODS)
def test_no_method_finds_a_factor_in_rounding_noise(method: str):
    """0.1 + 0.2 and 0.3 differ in their last digit: that is no answer to a question."""
    plan = design(method, NAMES, 16, 1)
    noise = np.where(np.arange(len(plan.points)) % 2, 0.1 + 0.2, 0.3)
    values = np.stack([noise, 1e6 * noise, np.zeros(len(noise))], axis=1)
    assert constant(values).all()
    for measure in analyse(plan, values):
        if measure.name not in LEVELS:
            assert (measure.value == 0).all(), measure.name
            assert measure.interval is None or not np.any(measure.interval)


@pytest.mark.parametrize("method", METHODS)
def test_an_output_that_moves_is_not_taken_for_constant(method: str):
    plan = design(method, NAMES, 16, 1)
    points = np.nan_to_num(plan.points, nan=0.5)
    values = (1e6 + points @ [1e-3, 0.0, 0.0])[:, None]
    assert not constant(values).any()
    (ranked,) = [m.value for m in analyse(plan, values) if m.name == RANKED_BY[method]]
    assert ranked[0, 0] > 3 * np.abs(ranked[1:, 0]).max()


def test_undefined_is_not_constant():
    assert not constant(np.array([[np.nan], [1.0], [1.0]])).any()
    assert not constant(np.array([[np.inf], [np.inf]])).any()


def test_elementary_effects_are_those_of_salib():
    plan = design("morris", NAMES, 12, 3)
    values = np.stack([ishigami(plan.points), plan.points @ [3.0, -2.0, 0.5]], axis=1)
    found = measures(plan, values)
    for k in range(2):
        theirs = salib_morris.analyze(problem(), plan.points, values[:, k], num_levels=4)
        for key in ("mu", "mu_star", "sigma"):
            np.testing.assert_allclose(found[key][:, k], theirs[key], rtol=1e-9, atol=1e-12)


def test_effects_of_a_straight_line_are_its_slopes():
    plan = design("morris", NAMES, 5, 1)
    effects = elementary_effects(plan, (plan.points @ [3.0, -2.0, 0.5])[:, None])
    np.testing.assert_allclose(effects, np.broadcast_to([[[3.0], [-2.0], [0.5]]], effects.shape))


def test_morris_groups_give_mu_star_only():
    plan = design("morris", NAMES, 8, 3, groups={"g": ["x1", "x2"]})
    found = measures(plan, (plan.points @ [1.0, 1.0, 4.0])[:, None])
    assert np.isnan(found["mu"][0, 0])
    assert found["mu_star"][1, 0] == pytest.approx(4.0)


def test_hypercube_finds_the_order_of_a_straight_line():
    plan = design("lhs", NAMES, 200, 1)
    found = measures(plan, (plan.points @ [3.0, -2.0, 0.0])[:, None])
    assert found["prcc"][0, 0] > 0.95
    assert found["prcc"][1, 0] < -0.95
    assert found["src"][0, 0] / found["src"][1, 0] == pytest.approx(-1.5, rel=0.02)


@pytest.mark.parametrize("slope", [0.0, 0.2, 1.0, 50.0])
def test_intervals_of_correlations_stay_inside_one(slope: float):
    plan = design("lhs", NAMES, 24, 3)
    noise = np.random.default_rng(4).normal(size=24)
    found = next(m for m in analyse(plan, (slope * plan.points[:, 0] + 0.1 * noise)[:, None]))
    assert found.name == "prcc"
    assert found.interval is not None
    low, high = found.interval
    assert (low >= -1).all()
    assert (high <= 1).all()
    assert (low <= found.value).all()
    assert (found.value <= high).all()


def test_the_interval_of_a_correlation_is_fishers():
    """r = 0.5 among 28 runs, two other factors taken out: atanh 0.5 -+ 1.96 / sqrt(28 - 3 - 2)."""
    plan = design("lhs", NAMES, 28, 3)
    found = analyse(
        plan, plan.points @ np.array([[1.0], [0.3], [-0.2]]) + 0.2 * np.sin(99 * plan.points[:, :1])
    )
    prcc = found[0]
    assert prcc.interval is not None
    r = prcc.value[0, 0]
    want = np.tanh(np.arctanh(r) + np.array([-1, 1]) * 1.959964 / np.sqrt(23))
    np.testing.assert_allclose([prcc.interval[0][0, 0], prcc.interval[1][0, 0]], want, rtol=1e-6)


def test_intervals_of_correlations_hold_the_truth_as_often_as_they_say():
    """y = x1 + e: the partial correlation of ranks in large samples, in 95 of 100 small ones."""

    def one(n: int, seed: int) -> Measure:
        plan = design("lhs", NAMES, n, seed)
        noise = np.random.default_rng(seed).uniform(size=n)
        return analyse(plan, (plan.points[:, 0] + noise)[:, None])[0]

    truth = one(20_000, 1).value[0, 0]
    inside = 0
    for seed in range(200):
        bounds = one(60, seed).interval
        assert bounds is not None
        inside += int(bounds[0][0, 0] <= truth <= bounds[1][0, 0])
    assert 0.90 * 200 <= inside <= 0.995 * 200


def test_the_interval_of_mu_star_lies_above_zero():
    plan = design("morris", NAMES, 4, 3)
    lone = np.where(np.arange(len(plan.points)) == 1, 100.0, plan.points[:, 0])
    found = analyse(plan, lone[:, None])[0]
    assert found.interval is not None
    assert (found.interval[0] >= 0).all()
    assert (found.interval[0] <= found.value).all()
    assert (found.value <= found.interval[1]).all()


def test_one_at_a_time_finds_swings_around_the_centre():
    plan = design("oat", ["a", "b"], 2, 1)
    points = np.where(np.isnan(plan.points), 0.5, plan.points)
    found = measures(plan, (10 + points @ [5.0, -1.0])[:, None])
    np.testing.assert_allclose(found["swing"][:, 0], [4.0, 0.8])
    np.testing.assert_allclose(found["at_low"][:, 0], [10.0, 12.4])


def test_grid_shares_of_an_additive_output_add_up():
    plan = design("grid", ["a", "b"], 3, 1, levels={"b": 2})
    assert len(plan.points) == 6
    found = measures(plan, (plan.points @ [1.0, 2.0])[:, None])
    assert found["share"].sum() == pytest.approx(1.0)
    assert found["main_range"][1, 0] == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("method", "n", "text"),
    [
        ("sobol", 100, "n = 100 is not a power of two.*--n 64 or --n 128"),
        ("morris", 1, "n = 1 trajectories"),
        ("lhs", 3, "n = 3 is too few.*--n 7 or more"),
        ("grid", 1000, r"1e\+09 runs.*fewer factors"),
    ],
)
def test_refusals(method: str, n: int, text: str):
    with pytest.raises(ConfigError, match=text):
        design(method, NAMES, n, 1)


# listed values: a discrete factor, each value as likely as the others


@pytest.mark.parametrize("method", ["sobol", "morris", "lhs"])
@pytest.mark.parametrize("k", range(2, 10))
def test_a_list_is_cut_into_equal_parts(method: str, k: int):
    plan = design(method, NAMES, 256, 2, levels={"x2": k})
    places = plan.places()
    found = np.bincount(places[:, 1].astype(int), minlength=k) / len(places)
    assert set(np.unique(places[:, 1])) <= set(range(k))
    np.testing.assert_allclose(found, 1 / k, atol=0.01 if method != "morris" else 0.05)
    np.testing.assert_array_equal(places[:, [0, 2]], plan.points[:, [0, 2]])


@pytest.mark.parametrize("k", range(2, 10))
def test_each_step_of_morris_goes_to_another_value_of_the_list(k: int):
    """Every value runs, comes first as often as any other, and each step is one of the list's."""
    n = 4 * k * (k - 1)
    plan = design("morris", NAMES, n, 5, levels={"x2": k})
    paths = plan.places().reshape(n, 4, 3)[:, :, 1].astype(int)
    first, last = paths[:, 0], paths[:, -1]
    assert (first != last).all()
    assert (np.abs(np.diff(paths, axis=1)) > 0).sum() == n  # one step in each trajectory
    assert set(np.bincount(first, minlength=k)) == {n // k}
    distances = np.bincount((last - first) % k, minlength=k)
    assert set(distances[1:]) == {n // (k - 1)}


@pytest.mark.parametrize("k", range(2, 10))
def test_numbers_beside_a_list_keep_their_trajectories(k: int):
    """The sample of the other factors is that without a list."""
    plain, listed = design("morris", NAMES, 12, 5), design("morris", NAMES, 12, 5, levels={"x2": k})
    np.testing.assert_array_equal(plain.points[:, [0, 2]], listed.points[:, [0, 2]])


def test_mu_star_of_a_list_is_the_mean_change_between_its_values():
    """Values 0, 0, 9 of three choices: two of three steps change the output, by 9 each."""
    plan = design("morris", NAMES, 300, 5, levels={"x2": 3})
    output = np.array([0.0, 0.0, 9.0])[plan.places()[:, 1].astype(int)]
    found = measures(plan, output[:, None])
    assert found["mu_star"][1, 0] == pytest.approx(6.0, rel=0.05)
    assert np.isnan(found["mu"][1, 0])
    assert np.isnan(found["sigma"][1, 0])
    assert (found["mu_star"][[0, 2], 0] == 0).all()


@pytest.mark.parametrize(
    ("method", "n", "k", "text"),
    [
        ("morris", 4, 9, "n = 4 is too few for the 9 values of x2.*--n 5 or more"),
        ("lhs", 8, 9, "n = 8 is too few for the 9 values of x2.*--n 9 or more"),
        ("sobol", 8, 9, "n = 8 is too few for the 9 values of x2.*--n 16 or more"),
    ],
)
def test_a_list_that_is_longer_than_the_sample_is_refused(method: str, n: int, k: int, text: str):
    with pytest.raises(ConfigError, match=text):
        design(method, NAMES, n, 1, levels={"x2": k})


def test_a_listed_value_has_its_analytic_indices():
    """y = place among three + uniform: variances 2/3 and 1/12, no interaction."""
    plan = design("sobol", ["x", "method"], 2048, 4, levels={"method": 3})
    places = plan.places()
    found = measures(plan, (places[:, 0] + places[:, 1])[:, None])
    for name in ("first_order", "total"):
        np.testing.assert_allclose(found[name][:, 0], [1 / 9, 8 / 9], atol=0.01)


def test_a_listed_value_in_a_hypercube_counts_by_its_place():
    plan = design("lhs", ["x", "method"], 400, 4, levels={"method": 2})
    places = plan.places()
    found = measures(plan, (0.01 * places[:, 0] + places[:, 1])[:, None])
    assert found["src"][1, 0] == pytest.approx(1.0, abs=0.01)
    assert found["prcc"][0, 0] > 0.8


def test_every_morris_step_of_two_choices_changes_the_choice():
    plan = design("morris", ["x", "method"], 20, 4, levels={"method": 2})
    effects = elementary_effects(plan, plan.places()[:, 1:])
    assert (np.abs(effects[:, 1, 0]) > 0).all()
    assert (effects[:, 0, 0] == 0).all()


def test_groups_of_morris_are_those_of_salib():
    plan = design("morris", NAMES, 12, 3, groups={"angles": ["x1", "x3"]})
    assert plan.factors == ("angles", "x2")
    values = ishigami(plan.points)
    theirs = salib_morris.analyze(problem(groups=GROUPS), plan.points, values, num_levels=4)
    found = measures(plan, values[:, None])["mu_star"][:, 0]
    np.testing.assert_allclose(found, np.asarray(theirs["mu_star"], float), rtol=1e-9)


def test_bootstrap_intervals_of_indices_hold_the_analytic_ones():
    """Over 60 samples the 95 % intervals of Ishigami's total indices hold the truth about so often.

    Interval of the count itself: 60 x 3 at 95 %, with room for a bootstrap of 100.
    """
    inside = 0
    for seed in range(60):
        plan = design("sobol", NAMES, 256, seed)
        total = next(m for m in analyse(plan, ishigami(plan.points)[:, None], seed) if m.name == "total")
        assert total.half_width is not None
        inside += int((np.abs(total.value - np.array([ISHIGAMI_TOTAL]).T) < total.half_width).sum())
    assert inside >= 0.9 * 180
