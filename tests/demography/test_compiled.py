"""What is compiled of the demography beside NumPy's: the same numbers to 1e-12 of each."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import xarray as xr
from numba_beside import assert_block_is_the_same, found_anew, numba

from sim.demography import (
    flows_compiled,
    kernel,
    kernel_compiled,
    mortality_compiled,
    old_age,
    parity,
    parity_compiled,
    stage,
)
from sim.errors import BalanceError, ParameterError
from sim.lifetable import infant_ax, infant_pieces

AGE = np.arange(101)
USERS = {stage: flows_compiled, kernel: kernel_compiled, old_age: mortality_compiled, parity: parity_compiled}
DRAWS = 41
MX = np.minimum(4e-5 * np.exp(0.095 * AGE), 0.7) * np.ones((2, 1))
MX[:, 0] = 0.004, 0.03


def people(draws: int = DRAWS, years: int = 4, **changes: Any) -> dict[str, Any]:
    """A projection with migrants, of whom some draws have too few to leave."""
    rng = np.random.default_rng(1)
    cells = (years, 2, AGE.size, draws)
    base = 1e3 * np.exp(-AGE[None, :, None] / 60) * rng.uniform(0.5, 1.5, (2, 1, draws))
    leave = rng.uniform(-40, 30, cells)
    leave[:, :, :, draws // 2 :] = rng.uniform(-900, 0, (years, 2, AGE.size, draws - draws // 2))
    asfr = np.exp(-(((np.arange(10, 55) - 28) / 6.0) ** 2))[None, :, None] * rng.uniform(
        0.05, 0.2, (years, 1, draws)
    )
    return {
        "base": base,
        "mx": MX[None, :, :, None] * rng.uniform(0.8, 1.2, cells),
        "asfr": asfr,
        "srb": rng.uniform(1.0, 1.2, (years, draws)),
        "net_migration": leave,
        "least": 0.6 * base[None] * np.ones((years, 1, 1, 1)),
        "out_migration": "cap",
        "deaths": False,
    } | changes


def given_rates(draws: int = DRAWS, **changes: Any) -> dict[str, Any]:
    """One without migrants, of rates of survival."""
    own = people(draws)
    sx = kernel.mx_to_sx(own["mx"])
    return (
        own
        | {"mx": None, "sx": sx, "net_migration": None, "least": None, "out_migration": "refuse"}
        | changes
    )


def projected(**given: Any) -> dict[str, np.ndarray]:
    block = kernel.project_block(given.pop("base"), **given)
    names = ("population", "births", "births_by_age", "capped_migration")
    return {name: array for name in names if (array := getattr(block, name)) is not None}


def fertility(draws: int = DRAWS, **changes: Any) -> dict[str, Any]:
    """Women who have children from 16 to 48, some of whose multipliers go far up, one year without births."""
    rng = np.random.default_rng(2)
    shares = rng.dirichlet((3.0, 2.0, 2.0, 1.0), AGE.size)
    shares[AGE < 18] = 1.0, 0.0, 0.0, 0.0
    hump = np.exp(-(((AGE[:, None] - 28) / 7.0) ** 2)) * ((AGE >= 16) & (AGE < 49))[:, None]
    tfr = rng.uniform(0.8, 2.0, (4, draws))
    tfr[:, 3], tfr[2, 5] = 4.5, 0.0  # most of all women: beyond the ratio
    mix = np.ones((4, 4, draws))
    mix[:, 2:] = rng.uniform(0.5, 2.0, (4, 1, draws))
    return {
        "shares": shares,
        "hazards": hump * np.array([0.3, 0.25, 0.05, 0.02]),
        "tfr": tfr,
        "policy": None,
        "mix": mix,
    } | changes


def by_parity(**given: Any) -> dict[str, np.ndarray]:
    path = parity.project_parity(
        given["shares"], given["hazards"], given["tfr"], given["policy"], mix=given["mix"]
    )
    return {name: getattr(path, name) for name in ("asfr", "shares", "multiplier")}


def deaths(draws: int = DRAWS, **changes: Any) -> dict[str, Any]:
    rng = np.random.default_rng(3)
    reference = np.stack([MX, 0.9 * MX])
    own = np.array([old_age.expectancy_by_sex(mx[None, ..., None])[0, :, 0] for mx in reference])
    return {
        "reference": reference,
        "target": own[..., None] + rng.uniform(-4, 6, (2, 2, draws)),
        "factor": rng.uniform(0.7, 1.3, draws),
        "young": 75,
    } | changes


def shifted(**given: Any) -> dict[str, np.ndarray]:
    return {"mx": old_age.solve_with_old_age(*given.values(), "logit", None)}


def passed(draws: int = DRAWS, **changes: Any) -> dict[str, Any]:
    """People of four years with deaths and migrants by age, of whom the first year's are not looked at."""
    own = people(draws)
    rng = np.random.default_rng(5)
    stock = np.concatenate([own["base"][None], projected(**people(draws))["population"][1:]])
    came = np.concatenate(
        [np.full((1, 2, AGE.size, draws), 7.0), rng.uniform(-5, 5, (4, 2, AGE.size, draws))]
    )
    mx = MX[None, :, :, None] * rng.uniform(0.8, 1.2, (5, 2, AGE.size, draws))
    asfr = np.exp(-(((AGE - 28) / 6.0) ** 2))[None, :, None] * rng.uniform(0.05, 0.2, (5, 1, draws))
    srb = rng.uniform(1.0, 1.2, (5, draws))
    return {"population": stock, "mx": mx, "asfr": asfr, "srb": srb, "moved": came} | changes


def flowing(**given: Any) -> dict[str, np.ndarray]:
    return stage._flows(*given.values())


def foretold(draws: int = DRAWS, **changes: Any) -> dict[str, Any]:
    """Migrants of four years, of whom nobody is at one age."""
    rng = np.random.default_rng(6)
    closed = 1e3 * np.exp(-AGE[None, None, :, None] / 60) * rng.uniform(0.5, 1.5, (4, 2, AGE.size, draws))
    closed[:, 1, 100] = 0.0
    profiles = rng.dirichlet(np.ones(2 * AGE.size), 2).reshape(2, 2, AGE.size)
    cohorts = np.arange(0, 101, 5)
    return {
        "closed": closed,
        "level": rng.uniform(-900, 900, (4, draws)),
        "level_error": rng.uniform(-1e-3, 1e-3, draws),
        "inflow": rng.uniform(500, 900, draws),
        "outflow": rng.uniform(500, 900, draws),
        "old_error": rng.uniform(-0.02, 0.02, draws),
        "profile_in": profiles[0],
        "profile_out": profiles[1],
        "retained": rng.uniform(0.2, 0.9, cohorts.size),
        "change": rng.uniform(0.0, 1.0, (2, cohorts.size)),
        "old_shape": (cohorts >= 60) * 1.0,
    } | changes


def labels(values: np.ndarray) -> xr.DataArray:
    """A figure of migration by the dims that its shape says."""
    if values.ndim == 0:
        return xr.DataArray(values)
    sexes = ["female", "male"]
    known = {
        101: ("age", AGE),
        21: ("at_age", np.arange(0, 101, 5)),
        4: ("year", np.arange(2020, 2024)),
        2: ("sex", sexes),
    }
    dims = [known.get(n, ("draw", np.arange(n))) for n in values.shape[:-1]]
    dims.append(
        known[values.shape[-1]] if values.shape[-1] in (101, 21) else ("draw", np.arange(values.shape[-1]))
    )
    return xr.DataArray(values, coords=dict(dims), dims=[name for name, _ in dims])


def moving(**given: Any) -> dict[str, np.ndarray]:
    closed = given.pop("closed")
    params = {f"migration.{name}": labels(np.asarray(values)) for name, values in given.items()}
    params["migration.method"] = xr.DataArray("regressed")
    params["population.base"] = labels(1e3 * np.exp(-AGE / 60) * np.ones((2, 1)))
    return {"moved": stage.migrants(params, np.arange(2020, 2024), closed.shape[-1], closed)}


Found = dict[str, np.ndarray]
POLICY = 1 + np.random.default_rng(4).uniform(0, 0.5, (4, AGE.size, 4, DRAWS))
CASES: dict[str, tuple[ModuleType, Callable[..., Found], Callable[..., dict[str, Any]], dict[str, Any]]] = {
    "people who come and leave": (kernel, projected, people, {}),
    "nobody has to stay": (kernel, projected, people, {"least": np.zeros((1, 2, 101, DRAWS))}),
    "rates of survival": (kernel, projected, given_rates, {}),
    "rates of one year": (kernel, projected, given_rates, {"asfr": people()["asfr"][:1]}),
    "births by parity": (parity, by_parity, fertility, {}),
    "no mix": (parity, by_parity, fertility, {"mix": None}),
    "a policy": (parity, by_parity, fertility, {"policy": POLICY}),
    "a policy of all draws": (parity, by_parity, fertility, {"policy": POLICY[..., :1]}),
    "life expectancy": (old_age, shifted, deaths, {}),
    "births and deaths": (stage, flowing, passed, {}),
    "migrants": (stage, moving, foretold, {}),
    "no errors of their own": (stage, moving, foretold, {"old_error": np.array(0.0)}),
    "old age from birth on": (old_age, shifted, deaths, {"young": 0}),
}


BY_HAND = {
    stage: flows_compiled.Compiled(flows_compiled.migrants, flows_compiled.flows),
    kernel: kernel_compiled.Compiled(
        kernel_compiled.survival, kernel_compiled.people, kernel_compiled.arrived
    ),
    old_age: mortality_compiled.Compiled(mortality_compiled.expected, mortality_compiled.rates),
    parity: parity_compiled.strip,
}
FEW = np.array([3, 5, 20, 40])


def cut(given: dict[str, Any]) -> dict[str, Any]:
    """The same of a few draws."""
    return {k: a[..., FEW] if np.shape(a)[-1:] == (DRAWS,) else a for k, a in given.items()}


def beside(
    case: str,
    monkeypatch: pytest.MonkeyPatch,
    fast: Any,
    cut: Callable[[dict[str, Any]], dict[str, Any]] = dict,
) -> tuple[Found, Found]:
    """A case by what is compiled, or its Python, and by NumPy."""
    user, work, given, changes = CASES[case]
    with monkeypatch.context() as patch:
        patch.setattr(user, "compiled", lambda: fast)
        found = work(**cut(given(**changes)))
        patch.setattr(user, "compiled", lambda: None)
        return found, work(**cut(given(**changes)))


def assert_same(found: Found, want: Found) -> None:
    """To 1e-12 of each; where numbers are what is left of others, to the last digits of these."""
    assert found.keys() == want.keys()
    for name, array in want.items():
        assert np.abs(array).max() > 0
        np.testing.assert_allclose(
            found[name], array, rtol=1e-12, atol=1e-15 * np.abs(array).max(), err_msg=name
        )


@pytest.mark.parametrize("case", CASES)
def test_the_loops_say_what_numpy_says(case: str, monkeypatch: pytest.MonkeyPatch):
    assert_same(*beside(case, monkeypatch, BY_HAND[CASES[case][0]], cut))


@numba
@pytest.mark.parametrize("case", CASES)
def test_compiled_it_is_the_same_to_1e_12(case: str, monkeypatch: pytest.MonkeyPatch):
    assert_same(*beside(case, monkeypatch, USERS[CASES[case][0]].compiled()))


@numba
@pytest.mark.parametrize("case", CASES)
def test_a_draw_alone_is_as_among_others(case: str, monkeypatch: pytest.MonkeyPatch):
    fast = USERS[CASES[case][0]].compiled()
    among, _ = beside(case, monkeypatch, fast)
    alone, _ = beside(case, monkeypatch, fast, cut)
    for name, array in alone.items():
        np.testing.assert_array_equal(array, among[name][..., FEW])


def by_loops(monkeypatch: pytest.MonkeyPatch, *users: ModuleType) -> None:
    for user in users:
        monkeypatch.setattr(user, "compiled", lambda user=user: BY_HAND[user])


@pytest.mark.parametrize("wrong", [-0.1, np.nan, np.inf])
@pytest.mark.parametrize("where", [(0, 0, 0, 1), (2, 1, 100, 3), (3, 0, 30, 0)])
@pytest.mark.parametrize("name", ["sx", "mx", "asfr"])
def test_rates_that_are_none_are_refused(
    name: str, where: tuple[int, ...], wrong: float, monkeypatch: pytest.MonkeyPatch
):
    by_loops(monkeypatch, kernel)
    given = cut(given_rates() if name != "mx" else people())
    at = where if name != "asfr" else (where[0], where[2] % 45, where[3])
    given[name][at] = wrong
    with (
        np.errstate(all="ignore"),
        pytest.raises(ParameterError, match="asfr" if name == "asfr" else "sx or mx"),
    ):
        projected(**given)


def test_more_people_than_numbers_can_say_are_refused(monkeypatch: pytest.MonkeyPatch):
    by_loops(monkeypatch, kernel)
    given = cut(given_rates())
    given["sx"][0, 1, 60] = 1e307
    with np.errstate(all="ignore"), pytest.raises(BalanceError, match="population"):
        projected(**given)


def test_what_no_shift_reaches_is_refused_by_name(monkeypatch: pytest.MonkeyPatch):
    by_loops(monkeypatch, old_age)
    given = cut(deaths())
    given["target"][1, 1, 2] = 130.0
    with pytest.raises(ParameterError, match="130 years is not reached"):
        shifted(**given)


def test_rates_that_end_all_lives_are_refused(monkeypatch: pytest.MonkeyPatch):
    by_loops(monkeypatch, old_age)
    with pytest.raises(ParameterError):
        shifted(**cut(deaths(factor=np.full(DRAWS, 40.0), young=0)))


def test_more_births_than_women_can_have_are_refused(monkeypatch: pytest.MonkeyPatch):
    by_loops(monkeypatch, parity)
    given = cut(fertility())
    given["tfr"][1, 2] = 40.0
    with pytest.raises(ParameterError, match=r"draw 2"):
        by_parity(**given)


@pytest.mark.parametrize("name", ["level", "inflow", "retained", "change"])
def test_migrants_that_are_no_numbers_are_refused(name: str, monkeypatch: pytest.MonkeyPatch):
    by_loops(monkeypatch, stage)
    given = cut(foretold())
    given[name][..., 0] = np.nan
    with np.errstate(all="ignore"), pytest.raises(ParameterError, match=r"level|decade|retained|change"):
        moving(**given)


def test_migrants_where_nobody_changes_are_refused(monkeypatch: pytest.MonkeyPatch):
    by_loops(monkeypatch, stage)
    given = cut(foretold(change=np.zeros((2, 21))))
    with (
        np.errstate(all="ignore"),
        pytest.raises(ParameterError, match="nobody lives at the ages that change"),
    ):
        moving(**given)


@pytest.mark.parametrize("rule", ["wpp", "andreev_kingkade", "coale_demeny", "midpoint"])
@pytest.mark.parametrize("sex", ["female", "male"])
def test_the_rows_of_a_rule_for_infants_are_the_rule(sex: str, rule: str):
    rows = infant_pieces(sex, rule)
    for m0 in (0.0, 0.01, 0.0199, 0.05, 0.09, 0.3):
        lived = [constant + slope * m0 for cut, constant, slope in rows if m0 < cut][-1]
        assert lived == infant_ax(np.array(m0), sex, rule)
    with pytest.raises(ParameterError, match="both"):
        infant_pieces("both", rule)


def test_without_numba_numpy_computes(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    for module in USERS.values():
        module.compiled.cache_clear()
        assert module.compiled() is None


@numba
@pytest.mark.parametrize("user", USERS)
def test_a_whole_block_is_the_same_to_1e_12(
    user: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    assert_block_is_the_same(tmp_path, monkeypatch, user)


_found_anew = found_anew(*(module.compiled for module in USERS.values()))
