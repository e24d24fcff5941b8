"""What a plan is judged by beside the tests of its indicators, read once for a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sim.plan.floors import Floor, load_floors
from sim.plan.needs import Need, needs_of
from sim.plan.verdict_rules import VerdictRule, load_verdict_rules


@dataclass(frozen=True)
class Rulebook:
    """Tables beside a plan's own; empty where there is no plan."""

    special: Mapping[str, tuple[VerdictRule, ...]] = field(default_factory=dict)
    """What may be said of an indicator: verdict_rules.csv."""
    floors: Mapping[str, tuple[Floor, ...]] = field(default_factory=dict)
    """National floors by indicator, in the order of their years."""
    needs: tuple[Need, ...] = ()
    """What the plan asks in words."""


def load_rulebook(root: Path, plan: str) -> Rulebook:
    """The tables that hold for a plan; root: the folder `parameters`.

    Raises PlanError with every fault of the first table that has any.
    """
    return Rulebook(load_verdict_rules(root), load_floors(root), needs_of(root, plan))
