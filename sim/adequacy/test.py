"""The kinds of test: what a target of each kind is held against, and which target would hold.

One class a kind; `kinds.kind_of` makes them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

from sim.adequacy.case import Reading
from sim.adequacy.standing import Standing
from sim.adequacy.sufficient import Find
from sim.arrays import Floats
from sim.plan.targets import Target

Pair = tuple[Floats, Floats]
"""(what is needed, what the plan provides), by draw, in the model's unit."""


class Test(ABC):
    """One kind of test."""

    __test__ = False  # not a test class of pytest

    effort = ""
    """What a larger target takes: build, recruit, cover, share or outcome."""

    @abstractmethod
    def standing(self, reading: Reading, target: Target, year: int) -> Standing | None:
        """The target against the series of a year; None where there is nothing to hold it against."""

    def untested(self, reading: Reading, target: Target, year: int) -> str:
        """Why `standing` has none: a sentence "en / zh"."""
        return f"the model has no {target.variable} {target.group}".rstrip() + " / 模型未覆盖该变量"

    @abstractmethod
    def find(self, reading: Reading, target: Target, year: int) -> Find | None:
        """How the target that holds with a probability is found, in the plan's unit."""

    def rises(self, target: Target) -> bool:
        """Whether a larger figure asks for more (else a smaller one does, as of deaths)."""
        return target.sense not in ("<", "<=")

    def pair(self, reading: Reading, target: Target, year: int) -> Pair | None:
        """Need and what the plan provides in any year of the run; None where it provides nothing."""
        return None
