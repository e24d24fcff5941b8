"""From a target to the test of its kind: the only place that tells kinds of test apart by name."""

from __future__ import annotations

from sim.adequacy.access import Access
from sim.adequacy.covered import Coverage
from sim.adequacy.outcome import Outcome
from sim.adequacy.provided import Provided
from sim.adequacy.share import Share, is_share_of_need
from sim.adequacy.test import Test
from sim.plan.targets import Target


def kind_of(target: Target) -> Test:
    """The test of a target's kind."""
    if target.test in ("ratio", "count"):
        return Provided(per_head=target.test == "ratio", variable=target.variable)
    if target.test == "access":
        return Access(per_head=True, variable=target.variable)
    if target.test == "coverage":
        return Coverage()
    if target.test == "share" and is_share_of_need(target.variable):
        return Share()
    return Outcome()
