"""What moves the need: parts that add up, factors that mean what they say."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from paths import read_rows

from sim.drivers import counterfactual as held
from sim.drivers import decompose as d
from sim.params import Sampler
from sim.run.setup import Setup, set_up

PATHS = {
    "three_child": {"fertility.three_child_quantum": 0.1, "fertility.three_child_start": 2026},
    "managed": {"disease.managed_share.hypertension": {2020: 0.4, 2030: 0.7}},
    "shorter": {"inpatient.alos": {"multiply": {2020: 1, 2030: 0.9}}},
}
SCENARIOS = {"reference": [], "all": list(PATHS), "managed": ["managed"]}


@pytest.fixture(scope="module")
def setup(workspace: Path) -> Setup:
    path = workspace / "experiments" / "decomposed.yaml"
    content = {
        "schema": 1,
        "name": "decomposed",
        "regions": ["410500"],
        "plan": "anyang_14fyp",
        "years": {"base": 2020, "end": 2026},
        "test_years": [2025],
        "draws": {"n": 4, "seed": 5},
        "scenarios": SCENARIOS,
        "overrides": PATHS,
    }
    path.write_text(json.dumps(content), encoding="utf-8")
    made = set_up(path)
    path.unlink()
    return made


def roles(setup: Setup) -> dict[str, str | None]:
    return {name: p.role for name, p in setup.parameters["reference", "410500"].items()}


def changes(setup: Setup, scenario: str, draws: int = 3) -> dict[str, d.Change]:
    parameters = setup.parameters[scenario, "410500"]
    found = d.decompose(parameters, setup.years, setup.experiment.draws.seed, range(draws))
    return {change.resource: change for change in found}


@pytest.fixture(scope="module")
def found(setup: Setup) -> dict[str, dict[str, d.Change]]:
    return {scenario: changes(setup, scenario) for scenario in SCENARIOS}


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_parts_add_up_to_the_change_of_the_model(found, setup: Setup, scenario: str):
    from sim.run import pipeline

    parameters = setup.parameters[scenario, "410500"]
    params = Sampler(parameters, setup.years, setup.experiment.draws.seed).block(range(3))
    state = pipeline.project(params, setup.years, range(3))
    assert len(found[scenario]) > 15
    for name, change in found[scenario].items():
        need = state[f"{name}_required"].values.reshape(change.whole.shape)
        scale = np.abs(need).max()
        np.testing.assert_allclose(change.whole, need - need[:1], atol=1e-9 * scale)
        parts = sum(change.parts.values())
        np.testing.assert_allclose(parts, change.whole, atol=1e-9 * scale, err_msg=name)
        for part in change.parts.values():
            assert np.abs(part[0]).max() <= 1e-9 * scale  # nothing has changed in the base year


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_with_everything_frozen_no_need_moves(setup: Setup, scenario: str):
    """A new trend that the freezing does not know would show here, with its resource."""
    parameters = setup.parameters[scenario, "410500"]
    params = Sampler(parameters, setup.years, 5).block(range(2))
    with xr.set_options(arithmetic_join="exact"):
        people = held.demography(params, setup.years, range(2))
        plain = held.demography(held.without_policy(params, roles(setup)), setup.years, range(2))
        needs = held.needs(people, plain, params, roles(setup), moving=False)[0][frozenset()]
    for name, need in needs.items():
        gap = np.abs(need - need[:1]).max() / np.abs(need).max()
        assert gap < 1e-12, f"{name} moves by {gap:.2g} with size, structure, rates, policy frozen"


def test_a_role_and_no_name_says_what_is_frozen(setup: Setup):
    """Without its role the trend of stays goes on where nothing should move, whatever it is called."""
    parameters = setup.parameters["reference", "410500"]
    params = Sampler(parameters, setup.years, 5).block(range(2))
    forgotten = {**roles(setup), "inpatient.alos_growth": None}
    with xr.set_options(arithmetic_join="exact"):
        people = held.demography(params, setup.years, range(2))
        beds = held.needs(people, people, params, forgotten, moving=False)[0][frozenset()]["beds"]
    assert np.abs(beds - beds[:1]).max() / np.abs(beds).max() > 1e-3


def test_a_rule_per_head_moves_with_the_number_of_people_alone(found, setup: Setup):
    """Supervisors at a constant norm: the whole change is size."""
    change = found["reference"]["supervision_staff"]
    np.testing.assert_allclose(change.parts["size"], change.whole, rtol=1e-9, atol=1e-9)
    for other in ("structure", "rates", "policy"):
        np.testing.assert_allclose(change.parts[other], 0.0, atol=1e-9)


def test_size_and_structure_of_childcare_by_hand(found, setup: Setup):
    """Need = N x (share at 0-2 x wish): Das Gupta's two factors, at the mean of the other."""
    change = found["reference"]["childcare_slots"]
    g = change.groups.index("enrolled")
    parameters = setup.parameters["reference", "410500"]
    params = Sampler(parameters, setup.years, setup.experiment.draws.seed).block([0, 1, 2])
    people = held.demography(params, setup.years, [0, 1, 2])["population"]
    total = people.sum(("sex", "age")).values
    young = people.sel(age=slice(0, 2)).sum("sex").transpose("year", "age", "draw")
    relative = params["childcare.enrolment_by_age"].sel(age=slice(0, 2))
    weight = xr.ones_like(young.isel(age=0)) * 0 + (young * relative).sum("age")
    share = weight.values / total
    rate = (
        (params["childcare.enrolment"] / params["childcare.occupancy_target"])
        .transpose("year", "draw")
        .values
    )
    if np.ptp(rate, axis=0).max() == 0:
        pytest.skip("enrolment does not move")
    old = total[:1], share[:1], rate[:1]
    new = total, share, rate
    (a, b, c), (A, B, C) = old, new
    want = (A - a) * ((b * c + B * C) / 3 + (b * C + B * c) / 6)
    np.testing.assert_allclose(change.parts["size"][:, g], want, rtol=1e-9, atol=1e-6)


def test_births_of_a_policy_are_its_paired_difference(setup: Setup, found):
    """Policy's part of the slots = need with the policy less need without it, draw by draw."""
    quantum = setup.parameters["all", "410500"]
    params = Sampler(quantum, setup.years, setup.experiment.draws.seed).block(range(3))
    plain = held.demography(held.without_policy(params, roles(setup)), setup.years, range(3))
    people = held.demography(params, setup.years, range(3))
    added = people["population"] - plain["population"]
    assert float(added.sel(age=slice(0, 2)).sum(("sex", "age")).isel(year=-1).min()) > 0
    change = found["all"]["childcare_slots"]
    g = change.groups.index("total")
    wish = params["childcare.wish"].sel(age=slice(0, 2)).clip(0.0, 1.0)
    slots = added.sum("sex").sel(age=slice(0, 2)) * wish * params["childcare.take_up"]
    want = (slots / params["childcare.occupancy_target"]).sum("age").transpose("year", "draw")
    np.testing.assert_allclose(change.parts["policy"][:, g], want.values, rtol=1e-6, atol=1e-6)


def test_a_lever_counts_as_policy_and_a_shorter_stay_as_a_rate(found):
    managed, plain = found["managed"]["gps"], found["reference"]["gps"]
    assert (managed.parts["policy"][-1, 0] > plain.parts["policy"][-1, 0]).all()
    beds, before = found["all"]["beds"], found["reference"]["beds"]
    assert (beds.parts["rates"][-1, 0] < before.parts["rates"][-1, 0]).all()


@pytest.mark.slow
def test_the_table_of_a_run(small_run: Path):
    rows = read_rows(small_run / "decomposition.csv")
    assert tuple(rows[0]) == d.COLUMNS
    by_key: dict[tuple[str, ...], dict[str, float]] = {}
    for row in rows:
        key = (row["scenario"], row["resource"], row["group"], row["year"])
        by_key.setdefault(key, {})[row["factor"]] = float(row["change"])
    with xr.open_dataset(small_run / "results.nc") as results:
        need = results.beds_required.sel(bed_group="total", draw=0).isel(region=0).load()
    for (scenario, resource, group, year), parts in by_key.items():
        if d.SCENARIO in parts:
            assert scenario == "shorter_stays"
            if (resource, group) == ("beds", "total"):
                want = need.sel(year=int(year)).diff("scenario").item()
                assert parts[d.SCENARIO] == pytest.approx(want, rel=1e-5)
                assert want < 0
            continue
        scale = sum(abs(v) for v in parts.values())
        assert sum(parts[f] for f in d.FACTORS) == pytest.approx(parts["total"], abs=1e-6 * scale)
    change = by_key["reference", "beds", "total", "2030"]["total"]
    one = need.sel(scenario="reference")
    assert change == pytest.approx(float(one.sel(year=2030) - one.sel(year=2020)), abs=0.1)
    about = json.loads((small_run / "decomposition.json").read_text(encoding="utf-8"))
    assert set(about["factors"]) == set(d.FACTORS)
    assert about["draws"] == 8


@pytest.mark.slow
def test_charts_draw_from_the_table(small_run: Path, tmp_path: Path, cli: Callable):
    done = cli("plot", small_run, "--chart", "decomposition_beds", "--scenario", "shorter_stays")
    assert done.code == 0, done.err
    assert Path(done.out.strip()).stat().st_size > 10_000
    assert cli("plot", small_run, "--chart", "revise_targets", "--lang", "en").code == 0
