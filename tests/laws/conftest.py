"""The saved run of every plan, made once for all laws that read it."""

from __future__ import annotations

import functools
from collections.abc import Callable

import pytest
from laws.plan_runs import EACH_PLAN, PlanRun
from shared import shared


@pytest.fixture(scope="session")
def plan_runs(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], PlanRun]:
    """Function: the run of a plan by name, made when first asked for."""
    made: dict[str, PlanRun] = {}

    def of(plan: str) -> PlanRun:
        if plan not in made:
            made[plan] = shared(tmp_path_factory, plan, functools.partial(PlanRun.made, plan))
        return made[plan]

    return of


@pytest.fixture(params=EACH_PLAN)
def run(request: pytest.FixtureRequest, plan_runs: Callable[[str], PlanRun]) -> PlanRun:
    """Each plan's run in turn."""
    return plan_runs(request.param)
