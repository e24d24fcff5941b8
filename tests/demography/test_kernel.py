import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.demography.kernel import (
    blocks,
    deaths_by_age,
    mx_to_sx,
    project_block,
    project_parity_block,
)
from sim.demography.lifetable import life_expectancy
from sim.errors import BalanceError, ParameterError

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


def parity_of(women, seed=0):
    """Women spread over parities; none has children before age 10."""
    mix = np.random.default_rng(seed).uniform(0.1, 1, (PARITIES, *women.shape))
    mix[1:, :10] = 0.0
    return women * mix / mix.sum(axis=0)


def test_survival_ratios_are_those_of_the_life_table():
    _, rates = made()
    sx = mx_to_sx(rates["mx"])
    for s, sex in enumerate(("female", "male")):
        mx = rates["mx"][0, s]
        # e0 = sum of L(x): L0 = sx0, L(x) = L(x-1) sx(x), the open group T from its ratio
        lived = np.cumprod(sx[0, s, :-1], axis=0)
        last = lived[-1] * sx[0, s, -1] / (1 - sx[0, s, -1])
        np.testing.assert_allclose(lived.sum(axis=0) + last, life_expectancy(mx, sex), rtol=1e-12)


@pytest.mark.parametrize("migration", ["end", "split", "even"])
@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 99))
def test_parity_model_with_equal_rates_is_the_plain_model(migration, seed):
    base, rates = made(seed)
    plain = project_block(base, **rates, migration=migration)
    asfr = rates.pop("asfr")
    by_parity = np.repeat(asfr[:, None], PARITIES, axis=1)
    parity = project_parity_block(
        base, parity_of(base[0], seed), rates=by_parity, **rates, migration=migration
    )
    np.testing.assert_allclose(parity.births, plain.births, rtol=1e-10)
    np.testing.assert_allclose(parity.population, plain.population, rtol=1e-10)
    np.testing.assert_allclose(parity.births_by_age, plain.births_by_age, rtol=1e-10, atol=1e-10)


def parity_rates(seed=0):
    base, rates = made(seed)
    asfr = rates.pop("asfr")
    factor = np.array([1.2, 0.8, 0.3, 0.2])[None, :, None, None]
    return base, asfr[:, None] * factor, rates


def test_women_are_the_sum_of_their_parities():
    base, by_parity, rates = parity_rates()
    block = project_parity_block(base, parity_of(base[0]), rates=by_parity, **rates)
    np.testing.assert_allclose(block.women_by_parity.sum(1), block.population[:, 0], rtol=1e-9)
    np.testing.assert_allclose(block.births_by_parity.sum(1), block.births_by_age, rtol=1e-12)
    assert block.women_by_parity.min() >= 0


def test_parity_moves_by_hand():
    """One cohort, no deaths or migrants: half the rate at each of the two ages it passes."""
    base = np.zeros((2, AGES, 1))
    base[0, 20] = 1000.0
    women = np.zeros((PARITIES, AGES, 1))
    women[0, 20] = 600.0
    women[1, 20] = 400.0
    f = np.zeros((1, PARITIES, 45, 1))
    f[0, 0, 10], f[0, 0, 11], f[0, 1, 10] = 0.10, 0.20, 0.05
    sx = np.ones((1, 2, AGES, 1))
    block = project_parity_block(base, women, rates=f, sx=sx, srb=np.ones((1, 1)))
    firsts = 0.5 * 0.10 * 600 + 0.5 * 0.20 * 600
    seconds = 0.5 * 0.05 * 400
    np.testing.assert_allclose(block.births_by_parity[0].sum(axis=1)[:, 0], [firsts, seconds, 0, 0])
    np.testing.assert_allclose(
        block.women_by_parity[1, :, 21, 0], [600 - firsts, 400 + firsts - seconds, seconds, 0]
    )


def test_births_of_each_order_raise_the_next_parity():
    """Without deaths and migrants children ever born grow by the births."""
    base, by_parity, rates = parity_rates()
    sx = np.ones((1, 2, AGES, 1))
    women = parity_of(base[0])
    women[2] += women[3]
    women[3] = 0.0
    by_parity[:, 2:] = 0.0
    block = project_parity_block(base, women, rates=by_parity, srb=rates["srb"], sx=sx)
    born = np.einsum("k,ykad->yd", [0, 1, 2, 3], block.women_by_parity)
    np.testing.assert_allclose(np.diff(born, axis=0), block.births.sum(axis=1), rtol=1e-10)


def test_parity_distribution_converges_with_constant_rates():
    base, by_parity, rates = parity_rates()
    one = {k: v[:1, ..., :1] for k, v in rates.items() if k != "net_migration"}
    steady = {k: np.repeat(v, 120, axis=0) for k, v in one.items()}
    mixes = []
    for seed in (1, 2):
        block = project_parity_block(
            base[..., :1], parity_of(base[0, :, :1], seed), rates=by_parity[:1, ..., :1], **steady
        )
        last = block.women_by_parity[-1][:, 20:60]
        mixes.append(last / last.sum(axis=0))
    np.testing.assert_allclose(mixes[0], mixes[1], atol=1e-9)


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
    with pytest.raises(ParameterError, match=r"rates .* shape"):
        project_block(base, **(rates | {"asfr": rates["asfr"][:, :-1]}))
    with pytest.raises(ParameterError, match="'late' unknown"):
        project_block(base, **rates, migration="late")
    base, by_parity, rates = parity_rates()
    with pytest.raises(BalanceError, match="do not add up"):
        project_parity_block(base, 0.9 * parity_of(base[0]), rates=by_parity, **rates)
    by_parity[:] = 3.0
    with pytest.raises(BalanceError, match="women_by_parity: year=1, parity=0, age=10"):
        project_parity_block(base, parity_of(base[0]), rates=by_parity, **rates)
