"""What the tables of a run read, at the ends of its limits: finite figures, or a refusal by its name.

The series are there already: thresholds of verdicts, unit costs, standards of programmes, the pace of a
proposal act on them afterwards, where no stage of the projection sees them.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from laws.plan_runs import PlanRun
from laws.test_limits import ends
from paths import read_rows

from sim.adequacy import revise
from sim.adequacy.case import Case, Reading
from sim.adequacy.indicators import case_rows
from sim.adequacy.questions import need_rows
from sim.adequacy.verdict import Thresholds
from sim.errors import ParameterError
from sim.params import Parameter, override
from sim.params.units import unit
from sim.plan.targets import stated_targets
from sim.propose.recommend import Aim, recommend
from sim.run.costs import of_run, write_costs

TOPICS = ("adequacy", "cost", "programme", "proposal")
OWN = ("influence", "norm_gap", "same_within")  # of a case, read once
NUMBERS = ("p_now", "enough", "revised", "proposed", "count_p50", "per_year")


def case_with(case: Case, name: str, value: float) -> Case:
    """The case as a run has it with this setting."""
    parameters = override(case.parameters, name, {"value": value, "exact": "an end of its limits"}, "--set")
    own = {n: float(parameters[f"adequacy.{n}"].data) for n in OWN}
    reading = Reading.of(case.measures, parameters)
    return replace(case, parameters=parameters, reading=reading, thresholds=Thresholds.of(parameters), **own)


def not_finite(run: PlanRun, case: Case, folder: Path) -> list[str]:
    """Figures of the tables that are none."""
    rows = list(case_rows(case))
    write_costs(run.setup, folder, [case], of_run(rows))
    costs = read_rows(folder / "costs.csv")
    found = [f"costs {r['item']} {r['year']}" for r in costs if not math.isfinite(float(r["p50"]))]
    for row in [*rows, *need_rows([case], [])]:
        figures = {k: v for k, v in asdict(replace(row, held=None)).items() if isinstance(v, float)}
        found += [f"{row.indicator_id} {k}" for k, v in figures.items() if math.isinf(v) or math.isnan(v)]
        for made in revise.rows_of(case.reading, row, (0.8,)) if row.is_tested else ():
            given = {n: made[n] for n in NUMBERS if made.get(n) is not None}
            found += [f"{row.indicator_id} {n}" for n, v in given.items() if math.isnan(v)]
    return found


def settings(parameter: Parameter) -> list[float]:
    return [] if parameter.is_method else list(ends(parameter))


@pytest.mark.sampled(3)
@pytest.mark.parametrize("topic", [pytest.param("adequacy", marks=pytest.mark.slow), *TOPICS[1:]])
def test_what_tables_read_runs_at_the_ends_of_its_limits_or_is_refused(
    topic: str, plan_runs: Callable[[str], PlanRun], tmp_path: Path
):
    run = plan_runs("anyang_14fyp")
    usual = set(not_finite(run, run.case, tmp_path))
    wrong: dict[str, object] = {}
    tried = 0
    for name, parameter in run.case.parameters.items():
        for value in settings(parameter) if name.partition(".")[0] == topic else ():
            tried += 1
            try:
                case = case_with(run.case, name, value)
            except ParameterError as error:
                if topic not in str(error):
                    wrong[f"{name} = {value:g}"] = str(error)
                continue
            if more := set(not_finite(run, case, tmp_path)) - usual:
                wrong[f"{name} = {value:g}"] = sorted(more)
    assert tried
    assert wrong == {}


def test_a_proposal_holds_at_the_ends_of_its_pace(plan_runs: Callable[[str], PlanRun]):
    """From no growth to the fastest: never less with more pace, and finite."""
    case = plan_runs("anyang_14fyp").case
    low, high = ends(case.parameters["proposal.pace"])
    factor = unit(case.parameters["proposal.pace"].record.unit).factor
    seen = 0
    for stated in stated_targets(case.plan, case.rules, ()):
        target = stated.target
        if target is None or target.indicator not in ("beds_per_1000", "nurses_per_1000", "doctors_per_1000"):
            continue
        slow, fast = (recommend(case, target, 2, 2022, Aim(0.9, pace * factor)) for pace in (low, high))
        assert slow is not None
        assert fast is not None
        assert math.isfinite(slow.value)
        assert slow.value <= fast.value
        seen += 1
    assert seen
