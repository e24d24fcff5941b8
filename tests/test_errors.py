from __future__ import annotations

import pytest

from sim.errors import (
    BalanceError,
    ConfigError,
    ParameterError,
    PlanError,
    RunError,
    SchemaError,
    SimError,
    fault,
    raise_all,
)


def test_a_fault_is_place_wrong_and_remedy_on_one_line():
    assert fault("a.yaml: x", "3 is odd", "write 4") == "a.yaml: x | 3 is odd | write 4"


def test_a_part_that_is_empty_leaves_no_bar_behind():
    assert fault("a.yaml", "is empty") == "a.yaml | is empty"
    assert fault("", "is empty", "write it") == "is empty | write it"


def test_every_fault_is_raised_at_once_in_order():
    with pytest.raises(PlanError) as caught:
        raise_all(PlanError, (line for line in ("one", "two", "three")))
    assert str(caught.value) == "one\ntwo\nthree"


def test_no_fault_raises_nothing():
    raise_all(SimError, [])


@pytest.mark.parametrize(
    "kind", [ConfigError, ParameterError, PlanError, SchemaError, BalanceError, RunError]
)
def test_every_error_for_users_is_a_sim_error(kind: type[SimError]):
    assert issubclass(kind, SimError)
