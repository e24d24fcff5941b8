"""What sets a parameter moves its draws: by `--set`, a scenario, a region's record, a sweep.

Draws are looked at by their probability, so that the laws are exact and not a matter of chance.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from laws.shipped import PLACES, U, centre, draws, parameters, ranged, stated
from paths import ROOT
from scipy import special

from sim.config import Experiment
from sim.errors import ParameterError
from sim.params import Parameter, override, read_sets
from sim.params.units import unit
from sim.run.acting import acts, conditions
from sim.run.setup import set_up
from sim.sweeps.steering import choose

UP, DOWN = 1.04, 0.96


def moved(parameter: Parameter, value: Any, place: str = "here") -> Parameter:
    return override({parameter.name: parameter}, parameter.name, value, place)[parameter.name]


def either_way(parameter: Parameter, form: Callable[[float], Any]) -> tuple[Parameter, float]:
    """The parameter moved up a little, or down where the range then left the unit's bounds."""
    with suppress(ParameterError):
        return moved(parameter, form(UP)), UP
    with pytest.raises(ParameterError, match=rf"{parameter.name} = .*(want|cannot follow)"):
        moved(parameter, form(UP))
    return moved(parameter, form(DOWN)), DOWN


def scale_of(parameter: Parameter) -> str:
    """On which scale a range should keep its width, said once more and apart from the model."""
    spread = parameter.record.range
    assert spread is not None
    if spread.scale != "value":
        return {"relative": "log", "absolute": "plain"}[spread.scale]
    if spread.moves is not None:
        return {"odds": "logit", "relative": "log", "shift": "plain"}[spread.moves]
    if parameter.record.unit in ("percent", "per 1000", "per 10000", "per 100000"):
        return "logit"
    least = min(spread.values) if spread.values is not None else spread.low
    assert least is not None
    if parameter.record.unit == "per year" or least < 0 or stated(parameter) <= 0:
        return "plain"
    return "log"


def on(scale: str, values: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore", invalid="ignore"):
        return {"plain": lambda v: v, "log": lambda v: np.log(np.abs(v)), "logit": special.logit}[scale](
            values
        )


def assert_moved(old: Parameter, new: Parameter) -> None:
    """Every draw moves with the centre, by as much on the scale of the range."""
    scale = scale_of(old)
    before, after = on(scale, draws(old)), on(scale, draws(new))
    with np.errstate(invalid="ignore"):  # cells of 0 have no logarithm, and stay
        by = on(scale, centre(new)) - on(scale, centre(old))
        expected = np.broadcast_to(before + by, after.shape)
    sure = np.isfinite(expected) & np.isfinite(after)  # an end at 0 or 1 stays there
    name = f"{old.name} on the scale {scale}"
    assert sure.any() or not np.any(centre(old)), name
    np.testing.assert_allclose(after[sure], expected[sure], rtol=1e-9, atol=1e-9, err_msg=name)


@pytest.mark.sampled(4)
@pytest.mark.parametrize("place", PLACES)
def test_a_factor_moves_every_draw(place: str):
    for parameter in ranged(place):
        if not parameter.data.any():
            continue  # a factor does nothing to 0
        new, _ = either_way(parameter, lambda by: {"multiply": by})
        assert_moved(parameter, new)


@pytest.mark.sampled(4)
@pytest.mark.parametrize("place", PLACES)
def test_a_number_moves_the_median(place: str):
    """Single numbers, set as `--set NAME=VALUE` sets them, by 4 % of the value or of its range."""
    for parameter in ranged(place):
        if parameter.data.ndim:
            continue
        spread, value = parameter.record.range, stated(parameter)
        assert spread is not None
        step = abs(value) or (spread.high or 0.0) - (spread.low or 0.0) or 1.0
        new, by = either_way(parameter, lambda by, value=value, step=step: value + (by - 1) * step)
        assert_moved(parameter, new)
        middle = (U == 0.5).argmax()
        median = np.ravel(draws(new)[..., middle] - draws(parameter)[..., middle])
        change = float(new.data - parameter.data)
        assert np.sign(change) == np.sign(by - 1)
        assert ((median / change > 0.6) & (median / change < 1.6)).all(), parameter.name


@pytest.mark.sampled(4)
@pytest.mark.parametrize("place", PLACES)
def test_a_path_moves_the_draws_of_its_years(place: str):
    for parameter in ranged(place):
        if not parameter.data.any() or parameter.record.at is not None:
            continue
        new, _ = either_way(parameter, lambda by: {"multiply": {2020: 1.0, 2035: by}})
        assert_moved(parameter, new)
        before, after = centre(parameter), centre(new)
        assert (after != before).any(), parameter.name


@pytest.mark.sampled(4)
@pytest.mark.parametrize("place", PLACES)
def test_an_amount_moves_every_draw(place: str):
    for parameter in ranged(place):
        if parameter.name in ("hospital.elective_share", "disease.ncd_share"):
            continue  # from 0 to as far as its range, or a sum, may go: no amount fits all its cells
        step = float(abs(parameter.data).max()) / unit(parameter.record.unit).factor or 0.001
        new, _ = either_way(parameter, lambda by, step=step: {"add": (by - 1) * step / 10})
        assert_moved(parameter, new)


def test_a_scenario_moves_the_draws_of_all_parameters_at_once():
    base = parameters("410500_anyang")
    idle = {name for name, condition in conditions(ROOT).items() if not acts(condition, base)}
    overrides: dict[str, Any] = {}
    for name, parameter in base.items():
        if parameter.is_uncertain and parameter.data.any() and name not in idle:  # these are refused
            _, by = either_way(parameter, lambda by: {"multiply": by})
            overrides[name] = {"multiply": by}
    content = {
        "schema": 1,
        "name": "all",
        "regions": ["410500"],
        "years": {"base": 2020, "end": 2035},
        "scenarios": {"reference": [], "moved": ["all"]},
        "overrides": {"all": overrides},
    }
    file = ROOT / "experiments" / "anyang_14fyp.yaml"
    setup = set_up(file, experiment=Experiment.model_validate(content))
    reference, other = (setup.parameters[scenario, "410500"] for scenario in ("reference", "moved"))
    assert len(overrides) > 200
    for name in overrides:
        assert_moved(reference[name], other[name])


def test_a_record_without_range_takes_the_nation_s_along(tmp_path: Path):
    """A region's own figure in place of the nation's, as 4 % more or less."""
    (tmp_path / "sources").symlink_to(ROOT / "parameters" / "sources")
    for name in ("national", "standards", "labels.yaml"):
        (tmp_path / name).symlink_to(ROOT / "parameters" / name)
    topics: dict[str, dict[str, Any]] = {}
    for parameter in ranged("national"):
        if parameter.data.ndim == 0 and parameter.data.any():
            new, _ = either_way(parameter, lambda by: {"multiply": by})
            topic, key = parameter.name.split(".")
            record = parameter.record
            topics.setdefault(topic, {})[key] = {
                "name": {"en": record.name.en, "zh": record.name.zh},
                "unit": record.unit,
                "value": stated(new),
                "year": 2020,
                "source": record.source,
                "basis": "measured",
                "quality": "A",
            }
    for topic, records in topics.items():
        file = tmp_path / "own" / f"{topic}.yaml"
        file.parent.mkdir(exist_ok=True)
        file.write_text(yaml.safe_dump({"schema": 1, "parameters": records}, allow_unicode=True))
    found = read_sets(tmp_path, ["national", "standards", "own"])
    old = parameters("national")
    changed = [f"{topic}.{key}" for topic, records in topics.items() for key in records]
    assert len(changed) > 120
    for name in changed:
        assert found[name].record.at == old[name].record.at
        assert_moved(old[name], found[name])


def test_a_sweep_s_list_moves_the_draws():
    base = parameters("410500_anyang")
    for name, parameter in base.items():
        if parameter.is_uncertain and parameter.data.ndim == 0 and parameter.data.any():
            new, _ = either_way(parameter, lambda by: {"multiply": by})
            chosen = choose(base, [(name, repr(stated(new)))])[name]
            assert_moved(parameter, chosen)


@pytest.mark.sampled(4)
@pytest.mark.parametrize("place", PLACES)
def test_the_central_value_lies_within_its_own_draws(place: str):
    """Between the 10 and the 90 % point, in every cell and year."""
    for parameter in ranged(place):
        low, high = (draws(parameter, np.array([u]))[..., 0] for u in (0.1, 0.9))
        middle = centre(parameter)[..., 0]
        slack = 1e-9 * np.abs(middle)
        assert (np.minimum(low, high) <= middle + slack).all(), parameter.name
        assert (middle <= np.maximum(low, high) + slack).all(), parameter.name


def test_own_range_takes_the_place_of_the_old_one():
    parameter = parameters("national")["inpatient.alos_growth"]
    spread = {"distribution": "uniform", "low": -0.04, "high": -0.01, "scale": "value"}
    found = draws(moved(parameter, {"value": -0.03, "range": spread}))
    np.testing.assert_allclose(found, -0.04 + 0.03 * U)
    sure = moved(parameter, {"value": -0.03, "exact": "a decision of the city"})
    assert (sure.is_uncertain, float(sure.data)) == (False, -0.03)
    factor = moved(
        parameter,
        {
            "multiply": {2020: 1, 2030: 2},
            "range": {**spread, "scale": "absolute"} | {"low": -0.01, "high": 0.01},
        },
    )
    np.testing.assert_allclose(draws(factor)[-1], -0.024 - 0.01 + 0.02 * U)
    again = moved(moved(parameter, {"value": -0.03, "range": spread}), -0.02)
    np.testing.assert_allclose(draws(again), -0.03 + 0.03 * U)  # a later setting moves the new range


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        (
            "inpatient.tertiary_share_of_hospital",
            95,
            r"= 95: its range reaches 102.6 percent \| want .*give it a range",
        ),
        (
            "inpatient.old_age_slope",
            -1,
            r"= -1 gives -1 \| want 0",
        ),
        ("dependency.dynamic_share", 1.2, r"= 1.2 gives 1.2 \| want 0 to 1"),
        (
            "inpatient.alos_growth",
            {"value": -0.03, "range": {"distribution": "uniform", "low": 0, "high": 1, "scale": "value"}},
            r"0..1 \(value\) does not hold the centre -0.03",
        ),
        (
            "inpatient.alos_growth",
            {"value": 0.01, "range": {"distribution": "uniform", "low": "1e", "high": 2}},
            r"inpatient.alos_growth.range.low \| '1e' \| write a number",
        ),
        (
            "inpatient.alos_growth",
            {"value": 0.01, "range": {"distribution": "uniforn", "low": 1, "high": 2}},
            r"range.distribution \| 'uniforn' \| write 'normal', ",
        ),
        (
            "inpatient.alos_growth",
            {
                "value": {2020: 0.01, 2030: 0.02},
                "range": {"distribution": "uniform", "low": 0, "high": 2, "scale": "value"},
            },
            r"no single number \| write relative",
        ),
        (
            "inpatient.alos.tertiary",
            {"value": 9, "range": {"distribution": "uniform", "low": 0.9, "high": 1.1}},
            r"a range belongs to all cells \| state it with inpatient.alos",
        ),
        ("inpatient.alos_growth", {"value": 0.01, "exact": ""}, r"exact: '' \| write the reason"),
        (
            "inpatient.alos_growth",
            {"range": {"distribution": "uniform", "low": 0.9, "high": 1.1}},
            r"write one of value, multiply, add",
        ),
        ("inpatient.alos_growth", {"value": 0.01, "multiply": 2}, r"write one of value, multiply, add"),
        (
            "inpatient.base_occupancy",
            {"value": 99, "range": {"distribution": "uniform", "low": 0.9, "high": 1.1}},
            r"its range reaches 108.9 percent \| want 10 to 100",
        ),
    ],
)
def test_where_no_range_can_lie_the_override_is_refused(name: str, value: Any, text: str):
    base = parameters("national")
    with pytest.raises(ParameterError, match=text) as caught:
        override(base, name, value, "--set")
    assert str(caught.value).startswith(("--set | ", "--set: inpatient.alos_growth.range"))
