"""The plan of an experiment, with all that it is tested and judged by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from sim.config import Experiment
from sim.errors import SimError, collected, fault
from sim.params import Parameter
from sim.plan import Plan, load_plan
from sim.plan.needs import OF_PLAN, Need, needs_table
from sim.plan.needs import misread as misread_needs
from sim.plan.rulebook import Rulebook, load_rulebook
from sim.plan.targets import PlanTarget, Rules, plan_targets
from sim.plan.tests import load_rules, misread, tests_table
from sim.run.possible import horizon_faults
from sim.schema import OPEN_LABELS, kept_labels
from sim.textfile import did_you_mean

Planned = tuple[Plan | None, Rules, tuple[PlanTarget, ...], Rulebook]


def read_plan(experiment: Experiment, root: Path, file: Path, faults: list[str]) -> Planned:
    """The plan, its rules, resource targets and rulebook; what is wrong with the plan goes to `faults`."""
    none: Planned = (None, {}, (), Rulebook())
    if experiment.plan is None:
        return none
    folder = root / "parameters" / "plans"
    plans = [p.parent.name for p in folder.glob("*/plan.yaml")]
    if experiment.plan not in plans:
        remedy = did_you_mean(experiment.plan, plans)
        faults.append(fault(f"{file}: plan", f"no plan '{experiment.plan}'", remedy))
        return none
    read = collected(faults, partial(_read, root, experiment.plan), SimError)
    if read is None:
        return none
    plan = read[0]
    if plan.region not in experiment.regions:
        wrong = f"'{experiment.plan}' is a plan of region {plan.region}"
        remedy = f"write regions: ['{plan.region}'], or leave plan out for a projection only"
        faults.append(fault(f"{file}: plan", wrong, remedy))
    faults += horizon_faults(experiment, plan, str(file))
    return read


def _read(root: Path, name: str) -> tuple[Plan, Rules, tuple[PlanTarget, ...], Rulebook]:
    parameters = root / "parameters"
    plan, rules = load_plan(parameters, name), load_rules(root)
    return plan, rules, plan_targets(plan, rules), load_rulebook(parameters, plan.id)


def misread_tables(
    rules: Rules, needs: Sequence[Need], parameters: Mapping[str, Parameter], root: Path
) -> list[str]:
    """What the tests and needs of a plan name that these parameters do not have: diseases, shares."""
    labels: dict[str, tuple[str, ...]] = {}
    for parameter in parameters.values():
        for dim in set(OPEN_LABELS) & set(map(str, parameter.data.dims)):
            labels[dim] = tuple(str(label) for label in parameter.data[dim].values)
    known, table = kept_labels(labels), needs_table(root / "parameters")
    faults = misread(rules.values(), known, tests_table(root))
    faults += misread_needs(needs, known, table)
    for need in needs:
        if need.share and not need.share.startswith(OF_PLAN) and need.share not in parameters:
            place = f"{table}:{need.line}"
            remedy = did_you_mean(need.share, [*parameters])
            faults.append(fault(place, f"{need.id}: share '{need.share}' is no parameter", remedy))
    return faults
