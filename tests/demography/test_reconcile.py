"""Parts add up to their whole in every component, and keep their own balance."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.demography.kernel import deaths_by_age
from sim.demography.reconcile import People, raked, reconcile, two_margins
from sim.lifetable import mx_to_sx

YEARS, AGES, DRAWS = 4, 101, 2
ADDED = ("population", "net_migration", "births", "births_by_age", "deaths")


def lived(people: np.ndarray, mx: np.ndarray, moved: np.ndarray, rate: np.ndarray) -> People:
    """A place projected by hand: people (sex, age, draw) on, births by rate at ages 15-49."""
    stock, births, by_mother, deaths, net = [people], [], [], [], []
    sx = mx_to_sx(mx, 1, "wpp")
    for t in range(YEARS):
        before = stock[-1]
        if t == 0:
            women = before[0]
            after = before
        else:
            after = np.zeros_like(before)
            after[:, 1:] = before[:, :-1] * sx[:, 1:]
            after[:, -1] += before[:, -1] * sx[:, -1]
            women = (before[0] + after[0]) / 2
        by_mother.append(rate[:, None] * women)
        total = by_mother[-1].sum(axis=0)
        births.append(np.stack([total * 0.48, total * 0.52]))
        if t == 0:
            deaths.append(mx * before)
            net.append(moved * before)
            continue
        after[:, 0] = births[-1] * sx[:, 0]
        start = np.zeros_like(before)
        start[:, 1:] = before[:, :-1]
        start[:, -1] += before[:, -1]
        start[:, 0] = births[-1]
        deaths.append(deaths_by_age(mx, before, after, start - after))
        net.append(moved * after)
        stock.append(after + net[-1])
    rates = np.broadcast_to(mx, (YEARS, *mx.shape))
    return People(*(np.stack(x)[None] for x in (stock, net, births, by_mother, deaths, rates)))


def place(seed: int, size: float, harsh: float = 1.0) -> People:
    draw = np.random.default_rng(seed)
    age = np.arange(AGES)[None, :, None]
    people = size * np.exp(-age / 60) * draw.uniform(0.5, 1.5, (2, AGES, DRAWS))
    mx = np.minimum(harsh * 0.0005 * np.exp(age / 13), 0.7) * draw.uniform(0.8, 1.2, (2, AGES, DRAWS))
    moved = draw.uniform(-0.3, 0.2, (2, AGES, DRAWS))
    rate = np.where((np.arange(AGES) >= 15) & (np.arange(AGES) < 50), draw.uniform(0, 0.15), 0.0)
    return lived(people, mx, moved, rate)


def together(places: list[People]) -> People:
    names = [f.name for f in fields(People)]
    return People(*(np.concatenate([getattr(p, n) for p in places]) for n in names))


def gap(parts: People, whole: People) -> float:
    """Largest difference between the sums and the whole, of each component's largest cell."""
    found = 0.0
    for name in ADDED:
        want = getattr(whole, name)[0]
        found = max(found, float(np.abs(getattr(parts, name).sum(axis=0) - want).max() / np.abs(want).max()))
    return found


def balance(parts: People) -> float:
    """Largest part of the people of a place and year that no component accounts for."""
    stock = parts.population.sum(axis=(2, 3))
    flows = parts.births.sum(axis=2) - parts.deaths.sum(axis=(2, 3)) + parts.net_migration.sum(axis=(2, 3))
    return float(np.abs(np.diff(stock, axis=1) - flows[:, 1:]).max() / stock.max())


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), count=st.integers(1, 5), harsh=st.floats(0.3, 3.0))
def test_parts_add_up_and_balance_whatever_they_are(seed: int, count: int, harsh: float):
    whole = place(seed, 50_000.0, harsh)
    parts = together([place(seed + 1 + i, 10.0 ** (i + 1)) for i in range(count)])
    found = reconcile(whole, parts)
    assert gap(found, whole) < 1e-9
    assert balance(found) < 1e-9
    for name in ("population", "births", "births_by_age", "deaths"):
        assert getattr(found, name).min() >= 0


def test_parts_that_add_up_already_stay_as_they_are():
    one = place(3, 1000.0)
    whole, other = (replace(one, **{n: k * getattr(one, n) for n in ADDED}) for k in (3, 2))
    parts = together([one, other])
    found = reconcile(whole, parts)
    for name in ADDED:
        want = getattr(parts, name)
        assert np.abs(getattr(found, name) - want).max() <= 1e-9 * np.abs(want).max()


def test_a_lone_part_becomes_the_whole():
    whole = place(5, 1000.0)
    found = reconcile(whole, place(6, 77.0))
    assert gap(found, whole) < 1e-12


def test_the_part_of_higher_mortality_keeps_the_higher_one():
    """One factor on the rates of all parts: their order stays, and nobody dies twice."""
    healthy, ill = place(7, 1000.0, 0.5), place(7, 1000.0, 3.0)
    found = reconcile(place(7, 2000.0, 4.0), together([healthy, ill]))
    rate = found.deaths.sum(axis=(2, 3)) / found.population.sum(axis=(2, 3))
    assert (rate[1, 1:] > rate[0, 1:]).all()


def test_where_no_part_has_anybody_its_size_says_who_does():
    shares = np.array([[[0.0], [2.0]], [[0.0], [6.0]]])
    total = np.array([[[4.0], [4.0]]])
    size = np.array([[[0.25]], [[0.75]]])
    assert raked(shares, total, size).tolist() == [[[1.0], [1.0]], [[3.0], [3.0]]]


def test_two_margins_of_deming_and_stephan():
    """A table that its margins determine: independent rows and columns."""
    table = np.ones((2, 1, 2, 1))
    rows, columns = np.array([[[30.0]], [[70.0]]]), np.array([[[[40.0], [60.0]]]])
    size = np.full((2, 1, 1, 1), 0.5)
    assert two_margins(table, rows, columns, size)[:, 0, :, 0].tolist() == [[12.0, 18.0], [28.0, 42.0]]


@pytest.mark.parametrize("draws", [slice(0, 1), slice(1, 2)])
def test_a_draw_does_not_depend_on_the_others(draws: slice):
    def cut(p: People) -> People:
        return People(*(getattr(p, f.name)[..., draws] for f in fields(People)))

    whole, parts = place(9, 3000.0), together([place(10, 900.0), place(11, 500.0)])
    both, alone = reconcile(whole, parts), reconcile(cut(whole), cut(parts))
    for field in fields(People):
        want = getattr(both, field.name)[..., draws]
        assert np.abs(getattr(alone, field.name) - want).max() <= 1e-12 * np.abs(want).max()


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10_000), count=st.integers(2, 4))
def test_parts_of_every_kind_that_add_up_already_stay_as_they_are(seed: int, count: int):
    """Each with its own mortality, fertility and migration: nothing is missing, so nothing moves."""
    parts = together([place(seed + i, 10.0 ** (i + 2), 0.5 + i) for i in range(count)])
    sums = {name: getattr(parts, name).sum(axis=0, keepdims=True) for name in ADDED}
    found = reconcile(replace(place(seed, 1.0), **sums), parts)
    for name in ADDED:
        want = getattr(parts, name)
        assert np.abs(getattr(found, name) - want).max() <= 1e-7 * np.abs(want).max(), name
