"""The kernel against the same projection written out cell by cell, in every way of migrating and width."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sampling import examples

from sim.demography.kernel import Block, _kept_back, blocks, deaths_by_age, project_block
from sim.errors import BalanceError, ParameterError
from sim.lifetable import infant_ax

AGES = 13
WAYS = ("end", "split", "even")
YOUNG = slice(3, 8)  # fertile


def made(seed: int, draws: int = 2, years: int = 3) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    return {
        "base": rng.uniform(50, 150, (2, AGES, draws)),
        "mx": rng.uniform(0.001, 0.1, (years, 2, AGES, draws)),
        "asfr": rng.uniform(0.0, 0.2, (years, 5, draws)),
        "srb": rng.uniform(1.0, 1.2, (years, draws)),
        "net_migration": rng.uniform(-5, 8, (years, 2, AGES, draws)),
    }


def survival(mx: np.ndarray, n: int, sex: str) -> np.ndarray:
    """Ratios of one schedule (age,) by a life table of textbook form."""
    ages = len(mx)
    a0 = float(infant_ax(np.array([mx[0]]), sex)[0]) if n == 1 else 0.5 * n
    alive, lived = [1.0], []
    for x in range(ages - 1):
        a = a0 if x == 0 else 0.5 * n
        q = n * mx[x] / (1 + (n - a) * mx[x])
        alive.append(alive[-1] * (1 - q))
        lived.append(n * alive[-1] + a * (alive[-2] - alive[-1]))
    rest = alive[-1] / mx[-1]
    return np.array(
        [lived[0] / n, *(lived[x] / lived[x - 1] for x in range(1, ages - 1)), rest / (rest + lived[-1])]
    )


def by_cells(i: dict[str, Any], way: str, n: int, d: int) -> dict[str, np.ndarray]:
    """One draw, one cell after the other."""
    years = len(i["mx"])
    stock = [i["base"][..., d]]
    births, by_age, deaths = [], [], []
    for t in range(years):
        sx = [survival(i["mx"][t, s, :, d], n, sex) for s, sex in enumerate(("female", "male"))]
        moved = i["net_migration"][t, ..., d]
        start = stock[-1] + (moved / 2 if way == "split" else 0)
        end, late, lost = np.zeros((2, AGES)), np.zeros((2, AGES)), np.zeros((2, AGES))
        for s in range(2):
            for x in range(1, AGES):
                exposed = start[s, x - 1] + (start[s, x] if x == AGES - 1 else 0)
                end[s, x] = start[s, x - 1] * sx[s][x]
                if x == AGES - 1:
                    end[s, x] += start[s, x] * sx[s][x]
                lost[s, x] = exposed - end[s, x]
            for x in range(AGES):
                late[s, x] = {"end": 1, "split": 0.5, "even": (1 + sx[s][x]) / 2}[way] * moved[s, x]
        born = np.zeros(5)
        for k, x in enumerate(range(3, 8)):
            there = late[0, x] if way != "end" else 0
            born[k] = (start[0, x] + end[0, x] + there) / 2 * i["asfr"][t, k, d] * n
        srb = i["srb"][t, d]
        by_sex = np.array([born.sum() / (1 + srb), born.sum() * srb / (1 + srb)])
        for s in range(2):
            end[s, 0] = by_sex[s] * sx[s][0]
            lost[s, 0] = by_sex[s] - end[s, 0]
        if way == "even":
            lost += moved - late
        stock.append(end + late)
        births.append(by_sex)
        by_age.append(born)
        deaths.append(lost)
    return {
        "population": np.stack(stock),
        "births": np.stack(births),
        "births_by_age": np.stack(by_age),
        "deaths": np.stack(deaths),
    }


@settings(max_examples=12, deadline=None)
@given(
    seed=st.integers(0, 999), way=st.sampled_from(WAYS), n=st.sampled_from([1, 5]), draws=st.integers(1, 2)
)
def test_every_cell_is_what_it_is_written_out(seed: int, way: str, n: int, draws: int):
    i = made(seed, draws)
    base = i.pop("base")
    done = project_block(base, **i, fertile=YOUNG, migration=way, n=n)
    for d in range(draws):
        for name, want in by_cells({"base": base, **i}, way, n, d).items():
            np.testing.assert_allclose(getattr(done, name)[..., d], want, rtol=1e-10, err_msg=name)


def test_an_input_without_years_or_draws_of_its_own_stands_for_all_of_them():
    i = made(1)
    one = {**i, "mx": i["mx"][:1, ..., :1], "asfr": i["asfr"][:1, :, :1], "srb": i["srb"][:1, :1]}
    every = {
        name: np.broadcast_to(one[name], i[name].shape) if name in ("mx", "asfr", "srb") else one[name]
        for name in i
    }
    found, want = (project_block(d.pop("base"), **d, fertile=YOUNG) for d in (one, every))
    for name in ("population", "births", "births_by_age", "deaths"):
        np.testing.assert_allclose(getattr(found, name), getattr(want, name), rtol=1e-13)


def test_survival_given_is_survival_of_the_rates_and_deaths_may_be_left_out():
    i = made(2)
    base, mx = i.pop("base"), i["mx"]
    sx = np.stack(
        [
            [[survival(mx[t, s, :, d], 1, x) for d in range(2)] for s, x in enumerate(("female", "male"))]
            for t in range(3)
        ]
    )
    by_rates = project_block(base, **i, fertile=YOUNG)
    i["mx"] = None
    by_ratio = project_block(base, **i, sx=np.moveaxis(sx, 2, 3), fertile=YOUNG, deaths=False)
    np.testing.assert_allclose(by_ratio.population, by_rates.population, rtol=1e-12)
    assert by_ratio.deaths is None
    assert by_ratio.capped_migration is None


def kept_by_cells(end: np.ndarray, late: np.ndarray, least: np.ndarray | None) -> np.ndarray:
    if least is None:
        return np.array([max(-x, 0.0) for x in end.ravel()]).reshape(end.shape)
    bound = [
        min(b, max(e - x, 0.0)) for b, e, x in zip(least.ravel(), end.ravel(), late.ravel(), strict=True)
    ]
    short = [max(b - e, 0.0) for b, e in zip(bound, end.ravel(), strict=True)]
    room = [max(e - b, 0.0) for b, e in zip(bound, end.ravel(), strict=True)]
    share = 0.0 if sum(short) == 0 else min(sum(short) / sum(room), 1.0) if sum(room) > 0 else 1.0
    return np.array([s - r * share for s, r in zip(short, room, strict=True)]).reshape(end.shape)


@settings(max_examples=examples(40), deadline=None)
@given(seed=st.integers(0, 9999), leave=st.floats(0, 300), bounded=st.booleans())
def test_who_must_stay_stays_and_others_leave_in_proportion_to_the_room(seed, leave, bounded):
    rng = np.random.default_rng(seed)
    late = rng.uniform(-leave, 40, (2, 4, 1))
    end = rng.uniform(0, 100, (2, 4, 1)) + late
    least = rng.uniform(0, 80, (2, 4, 1)) if bounded else None
    found = _kept_back(end, late, least)
    np.testing.assert_allclose(found, kept_by_cells(end, late, least), atol=1e-9)


def test_each_draw_is_kept_back_by_its_own_need():
    end = np.array([[[-10.0, 10.0], [30.0, 10.0]]])
    late = np.array([[[-30.0, 0.0], [0.0, 0.0]]])
    found = _kept_back(end, late, np.full((1, 2, 2), 5.0))
    np.testing.assert_allclose(found, [[[15.0, 0.0], [-15.0, 0.0]]])


def test_deaths_by_age_at_death_by_hand():
    rng = np.random.default_rng(3)
    mx, start, end, lost = (rng.uniform(0.01, 0.5, (2, 4, 1)) for _ in range(4))
    found = deaths_by_age(mx, start, end, lost)
    for s, sex in enumerate(("female", "male")):
        a = float(infant_ax(mx[s, 0], sex)[0])
        want = [
            mx[s, 0, 0] * (a * start[s, 0, 0] + (1 - a) * end[s, 0, 0]),
            *(mx[s, x, 0] * (start[s, x, 0] + end[s, x, 0]) / 2 for x in (1, 2)),
        ]
        np.testing.assert_allclose(found[s, :, 0], [*want, lost[s].sum() - sum(want)], rtol=1e-12)


def test_blocks_are_as_many_as_must_be_and_nearly_equal():
    for draws, size in ((10, 4), (256, 256), (257, 256), (1, 256), (9, 3)):
        found = [part.stop - part.start for part in blocks(draws, size)]
        assert len(found) == int(np.ceil(draws / size))
        assert max(found) - min(found) <= 1
    assert list(blocks(0)) == [slice(0, 0)]


def wrong(**changes: Any) -> dict[str, Any]:
    return {**made(1), "fertile": YOUNG} | changes


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"mx": None}, "give either sx or mx"),
        ({"sx": made(1)["mx"]}, "give either sx or mx"),
        ({"migration": "middle"}, "'middle' unknown .* end, split, even"),
        ({"base": np.ones((3, AGES, 2))}, r"base \| shape \(3, 13, 2\)"),
        ({"base": np.ones((2, AGES, 3))}, r"draws 1 or 3"),
        ({"asfr": np.ones((3, 4, 2))}, r"asfr \| shape \(4, 2\) \| \(5,\)"),
        ({"mx": np.full((3, 2, AGES - 1, 2), 0.1)}, r"sx or mx \| shape \(2, 12, 2\)"),
        ({"net_migration": np.ones((3, 1, AGES, 2))}, r"net_migration \| shape"),
        ({"srb": np.full((2, 2), 1.05)}, r"year axes differ \| 1 or 3"),
        ({"asfr": np.full((3, 5, 2), -0.1)}, "asfr: year=0, age=0, draw=0 .* negative"),
        ({"srb": np.full((3, 2), -1.05)}, "srb"),
        ({"mx": np.full((3, 2, AGES, 2), -0.1)}, "sx or mx: year=0, sex=0, age=0"),
        ({"out_migration": "lose"}, "'lose' unknown .* refuse or cap"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(changes: dict[str, Any], text: str):
    inputs = wrong(**changes)
    with pytest.raises(ParameterError, match=text):
        project_block(inputs.pop("base"), **inputs)


@given(
    name=st.sampled_from(["sx", "asfr"]),
    rate=st.sampled_from([-0.1, -1e-300, -np.inf, np.inf, np.nan]),
    people=st.sampled_from([0.0, 100.0]),
    migrants=st.booleans(),
    data=st.data(),
)
def test_one_rate_that_is_none_is_refused_whoever_lives_there(
    name: str, rate: float, people: float, migrants: bool, data: st.DataObject
):
    mx = made(1)["mx"]
    inputs = wrong(mx=None, sx=np.ones_like(mx), base=np.full((2, AGES, 2), people))
    at = data.draw(st.tuples(*(st.integers(0, n - 1) for n in inputs[name].shape)))
    inputs[name] = inputs[name].copy()
    inputs[name][at] = rate
    if migrants:
        inputs["net_migration"] = np.zeros_like(mx)
    first = "sx or mx" if name == "sx" else name
    with pytest.raises(ParameterError, match=f"{first}: year={at[0]},"):
        project_block(inputs.pop("base"), **inputs)


def test_the_first_cell_below_nobody_is_named_and_a_cap_ends_there():
    moved = np.zeros((3, 2, AGES, 2))
    moved[1, 1, 6, 1] = -1e4
    inputs = wrong(net_migration=moved)
    base = inputs.pop("base")
    with pytest.raises(BalanceError, match=r"population: year=2, sex=1, age=6, draw=1 .* -\d+\.?\d* persons"):
        project_block(base, **inputs)
    block: Block = project_block(base, **inputs, out_migration="cap")
    assert block.population[2, 1, 6, 1] == 0.0
    assert block.capped_migration is not None
    gone = block.capped_migration[1, 1, 6, 1]
    free = project_block(base, **{**inputs, "net_migration": None})
    assert gone == pytest.approx(-free.population[2, 1, 6, 1])
    inputs["net_migration"] = np.full((3, 2, AGES, 2), np.nan)
    with pytest.raises(BalanceError, match=r"year=1, sex=0, age=0, draw=0 .* nan persons"):
        project_block(base, **inputs)
