"""Base population: groups exact, cohort peaks kept, open group stable, two months on."""

import numpy as np
import pytest
from paths import ROOT
from place import people, regions

from sim.demography.base_population import move_forward, split_groups, spread_open
from sim.errors import ParameterError
from sim.places import read_censuses


def test_groups_are_kept_exactly_and_peaks_survive():
    reference = np.array([50.0, 40, 90, 45, 42, 41, 20, 44, 46, 45])  # a birth peak and a trough
    groups = np.array([600.0, 500.0])
    single = split_groups(groups, [0, 5], 9, reference)
    np.testing.assert_allclose(np.add.reduceat(single, [0, 5]), groups, rtol=1e-14)
    assert single.argmax() == 2
    assert single[5:].argmin() == 1
    np.testing.assert_allclose(single[2] / single[1], 90 / 40, rtol=0.05)  # tilted a little, not flattened


def test_a_region_like_the_reference_is_the_reference():
    reference = np.random.default_rng(1).uniform(50, 100, 85)
    starts = [0, 1, *range(5, 85, 5)]
    groups = 0.1 * np.add.reduceat(reference, starts)
    np.testing.assert_allclose(split_groups(groups, starts, 84, reference), 0.1 * reference, rtol=1e-12)


def test_open_group_of_a_stable_population_comes_back():
    ages = np.arange(101)
    Lx = np.exp(-np.cumsum(1e-4 * np.exp(0.09 * ages)))
    stable = Lx * np.exp(-0.02 * ages)
    tail = spread_open(stable[85:].sum(), stable[80:85].sum(), Lx, 85, 5)
    np.testing.assert_allclose(tail, stable[85:], rtol=1e-9)


def test_two_months_on_by_hand():
    people = np.array([600.0, 1200.0, 100.0])
    mx = np.array([0.0, 0.0, 0.6])
    later = move_forward(people, mx, 1 / 6, births=90.0)
    # a sixth of each age has its birthday; the open group loses exp(-0.1)
    np.testing.assert_allclose(later, [500 + 90, 1000 + 100, 200 + 100 * np.exp(-0.1)], rtol=1e-12)
    none = move_forward(people, mx * 0, 1 / 6, births=0.0)
    np.testing.assert_allclose(none.sum(), people.sum())


def test_refusals():
    with pytest.raises(ParameterError, match="reference has nobody in the group from age 5"):
        split_groups(np.array([5.0, 5.0]), [0, 5], 9, np.r_[np.ones(5), np.zeros(5)])
    with pytest.raises(ParameterError, match=r"part 2"):
        move_forward(np.ones(3), np.ones(3), 2.0, 0.0)


@pytest.mark.sampled(3)
@pytest.mark.parametrize("code", sorted(regions()))
def test_every_region_is_near_its_census_groups(code):
    """Census groups of 1 November 2020 against single ages two months later."""
    census = read_censuses(ROOT / "parameters", regions()[code])[2020]
    base = people(code).values
    assert abs(base.sum() / census.counts.sum() - 1) < 0.01
    ends = [*census.starts[1:], 101]
    for i in range(2):  # two months move a thirtieth of a group on
        for first, end, value in list(zip(census.starts, ends, census.counts[i], strict=True))[2:]:
            assert base[i, first:end].sum() == pytest.approx(value, rel=0.06)
    both = base.sum(axis=0)
    assert both[59:62].mean() < 0.75 * both[52:58].mean()  # born in the famine of 1959-61
