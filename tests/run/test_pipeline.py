"""The chain of stages: who writes what, and the balance that every run must keep."""

from __future__ import annotations

from types import ModuleType

import numpy as np
import pytest
import xarray as xr

from sim.errors import BalanceError, ParameterError, SchemaError
from sim.run import pipeline
from sim.run.pipeline import check_balance, check_chain, check_parameters


def state(**changed: float) -> xr.Dataset:
    """1000 people; 12 born, 7 die, 5 leave: 1000 again a year later; draw 1 likewise."""

    def by_age(value: float) -> xr.DataArray:
        return xr.DataArray(np.full((2, 1, 1, 2), value), dims=("year", "sex", "age", "draw"))

    flows = {"births": 12.0, "deaths": 7.0, "net_migration": -5.0}
    data = {name: by_age(value) for name, value in flows.items()}
    data["births"] = data["births"].isel(age=0, drop=True)
    data["population"] = by_age(1000.0)
    out = xr.Dataset(data, coords={"year": [2020, 2021], "draw": [0, 1]})
    for name, amount in changed.items():
        out[name][{"year": 1, "draw": 1}] += amount
    return out


def test_a_population_that_balances():
    check_balance(state())


@pytest.mark.parametrize("name", ["population", "births", "deaths", "net_migration"])
def test_one_person_too_many_is_found(name: str):
    with pytest.raises(BalanceError, match=r"population misses -?1 persons in 2021, draw 1"):
        check_balance(state(**{name: 1.0}))


def test_flows_of_the_base_year_do_not_count():
    data = state()
    data["births"][{"year": 0}] = 500.0
    check_balance(data)


def test_a_balance_that_is_not_a_number_is_no_balance():
    with pytest.raises((BalanceError, SchemaError)):
        check_balance(state(deaths=float("nan")))


def stage(name: str, reads: tuple[str, ...], writes: tuple[str, ...]) -> ModuleType:
    module = ModuleType(name)
    module.READS, module.WRITES, module.PARAMETERS = reads, writes, ("inpatient.alos",)
    return module


def test_the_real_chain_is_in_order():
    check_chain()


def test_faults_of_a_chain_are_told_at_once(monkeypatch: pytest.MonkeyPatch):
    chain = (
        stage("one", ("births",), ("population",)),
        stage("two", ("population",), ("population", "misspelt")),
    )
    monkeypatch.setattr(pipeline, "STAGES", chain)
    with pytest.raises(SchemaError) as caught:
        check_chain()
    assert str(caught.value).splitlines() == [
        "one | reads births, which no earlier stage writes",
        "two | writes population, as one does | one writer",
        "two | writes misspelt, unknown to schema.py | add its row",
    ]


def test_missing_parameters_are_listed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pipeline, "STAGES", (stage("one", (), ()),))
    with pytest.raises(ParameterError, match=r"e\.yaml \| one reads 'inpatient.alos', which no"):
        check_parameters({}, "e.yaml")
    check_parameters({"inpatient.alos": 1}, "e.yaml")


def test_a_stage_that_forgets_or_adds_a_variable(monkeypatch: pytest.MonkeyPatch):
    one = stage("one", (), ("tfr", "births"))
    one.PARAMETERS = ()
    one.project = lambda inputs, params: xr.Dataset({"tfr": 1.0, "extra": 2.0})
    monkeypatch.setattr(pipeline, "STAGES", (one,))
    with pytest.raises(SchemaError) as caught:
        pipeline.project({}, [2020], [0])
    assert "one | did not write births" in str(caught.value)
    assert "one | wrote extra, which it does not declare" in str(caught.value)
