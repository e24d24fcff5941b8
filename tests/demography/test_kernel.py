import numpy as np
import pytest

from sim.demography.kernel import (
    blocks,
    deaths_by_age,
    mx_to_sx,
    project_block,
)
from sim.errors import BalanceError, ParameterError
from sim.lifetable import life_expectancy

YEARS, AGES, DRAWS, PARITIES = 5, 101, 7, 4
FERTILE = slice(10, 55)


def made(seed=0, draws=DRAWS):
    """Base, rates and migrants with a draw axis."""
    rng = np.random.default_rng(seed)
    age = np.arange(AGES)
    mx = np.minimum(1e-3 + 5e-5 * np.exp(0.09 * age), 0.7)[None, None, :, None]
    mx = mx * rng.uniform(0.8, 1.2, (YEARS, 2, 1, draws))
    asfr = 0.12 * np.exp(-(((age[FERTILE] - 28) / 6.0) ** 2))[None, :, None]
    asfr = asfr * rng.uniform(0.8, 1.2, (YEARS, 1, draws))
    base = 1e4 * np.exp(-age / 70)[None, :, None] * rng.uniform(0.9, 1.1, (2, 1, draws))
    migrants = rng.normal(0, 20, (YEARS, 2, AGES, draws))
    return base, {
        "mx": mx,
        "asfr": asfr,
        "srb": np.full((YEARS, 1), 1.07),
        "net_migration": migrants,
    }


def test_survival_ratios_are_those_of_the_life_table():
    _, rates = made()
    sx = mx_to_sx(rates["mx"])
    for s, sex in enumerate(("female", "male")):
        mx = rates["mx"][0, s]
        # e0 = sum of L(x): L0 = sx0, L(x) = L(x-1) sx(x), the open group T from its ratio
        lived = np.cumprod(sx[0, s, :-1], axis=0)
        last = lived[-1] * sx[0, s, -1] / (1 - sx[0, s, -1])
        np.testing.assert_allclose(lived.sum(axis=0) + last, life_expectancy(mx, sex), rtol=1e-12)


@pytest.mark.parametrize("size", [1, 3])
def test_a_draw_does_not_depend_on_the_block_it_is_in(size):
    base, rates = made()
    whole = project_block(base, **rates)
    for part in blocks(DRAWS, size):
        some = {k: v[..., part] if v.shape[-1] > 1 else v for k, v in rates.items()}
        block = project_block(base[..., part], **some)
        np.testing.assert_array_equal(block.population, whole.population[..., part])
        np.testing.assert_array_equal(block.births, whole.births[..., part])


def test_blocks_cover_all_draws_once():
    found = [i for part in blocks(1000, 256) for i in range(part.start, part.stop)]
    assert found == list(range(1000))


def test_a_written_block_is_used_again():
    base, rates = made()
    first = project_block(base, **rates)
    wanted = first.population.copy()
    first.population[1:] = np.nan
    assert project_block(base, **rates, out=first) is first
    np.testing.assert_array_equal(first.population, wanted)


def test_deaths_by_age_at_death_add_up_and_follow_the_rates():
    base, rates = made()
    rates.pop("net_migration")
    block = project_block(base, **rates)
    start, end = block.population[:-1], block.population[1:]
    deaths = deaths_by_age(rates["mx"], start, end, block.deaths)
    np.testing.assert_allclose(deaths.sum(axis=2), block.deaths.sum(axis=2), rtol=1e-12)
    np.testing.assert_allclose(
        deaths[:, :, 50], rates["mx"][:, :, 50] * (start + end)[:, :, 50] / 2, rtol=1e-12
    )
    assert deaths.min() > 0
    open_rate = deaths[:, :, -1] / (0.5 * (start + end)[:, :, -1])
    np.testing.assert_allclose(open_rate, rates["mx"][:, :, -1], rtol=0.3)


def test_refusals():
    base, rates = made()
    migrants = rates["net_migration"].copy()
    migrants[2, 1, 40] = -1e7
    with pytest.raises(BalanceError, match="population: year=3, sex=1, age=40"):
        project_block(base, **(rates | {"net_migration": migrants}))
    with pytest.raises(ParameterError, match="either sx or mx"):
        project_block(base, asfr=rates["asfr"], srb=rates["srb"])
    with pytest.raises(ParameterError, match=r"asfr .* shape"):
        project_block(base, **(rates | {"asfr": rates["asfr"][:, :-1]}))
    with pytest.raises(ParameterError, match="'late' unknown"):
        project_block(base, **rates, migration="late")


def _leaving(least, leavers):
    """One year of 1000 people at each age, of whom `leavers` of women aged 20 leave; nobody else."""
    base, rates = made(draws=2)
    base = np.full((2, AGES, 2), 1000.0)
    moved = np.zeros((1, 2, AGES, 2))
    moved[0, 0, 20] = -np.asarray(leavers)
    one = {key: value[:1] for key, value in rates.items()}
    closed = project_block(base, **{**one, "net_migration": None})
    bound = None if least is None else least * closed.population[1:]
    found = project_block(base, **{**one, "net_migration": moved}, out_migration="cap", least=bound)
    return closed.population[1], found.population[1], found.capped_migration[0], moved[0]


def test_a_cohort_keeps_what_it_must_and_others_leave_in_its_place():
    """Of about 998 women 900 would leave, 185 of 1000 must stay: the level is met, by the others too."""
    closed, people, moved, asked = _leaving(0.185, [900.0, 10.0])
    np.testing.assert_allclose(people[0, 20, 0], 0.185 * closed[0, 20, 0])
    np.testing.assert_allclose(moved[..., 0].sum(), -900.0)
    others = np.delete(moved[0, :, 0], 20)
    assert others.max() < 0
    np.testing.assert_allclose(others / np.delete(closed[0, :, 0], 20), others[0] / closed[0, 0, 0])
    np.testing.assert_array_equal(moved[..., 1], asked[..., 1])  # a draw that asks little is let alone


def test_a_level_that_all_ages_cannot_meet_is_met_as_far_as_it_can_be():
    closed, people, moved, _ = _leaving(0.185, [1e6, 0.0])
    np.testing.assert_allclose(people[..., 0], 0.185 * closed[..., 0])
    np.testing.assert_allclose(moved[..., 0].sum(), -0.815 * closed[..., 0].sum())


def test_without_a_bound_an_age_may_be_emptied():
    _, people, moved, _ = _leaving(None, [5000.0, 0.0])
    assert people[0, 20, 0] == 0
    assert people.min() >= 0
    assert -1000 < moved[..., 0].sum() < 0


def test_each_year_has_its_own_rates_however_few_there_are():
    """Two years' rates are two years'; one year's hold for all."""
    base, rates = made()
    long = project_block(base, **rates)
    two = project_block(base, **{k: v[:2] for k, v in rates.items()})
    np.testing.assert_array_equal(two.population, long.population[:3])
    np.testing.assert_array_equal(two.births, long.births[:2])
    held = {k: np.broadcast_to(v[:1], v.shape) for k, v in rates.items()}
    want = project_block(base, **held)
    one = project_block(base, **{k: held[k] if k == "mx" else v[:1] for k, v in rates.items()})
    np.testing.assert_array_equal(one.population, want.population)
