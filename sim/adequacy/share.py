"""Shares of what is needed: nurses for each doctor, beds of hospitals among all beds."""

from __future__ import annotations

import numpy as np

from sim.adequacy.case import Reading
from sim.adequacy.provided import need_by_norm
from sim.adequacy.series import Measures, expression
from sim.adequacy.standing import Standing
from sim.adequacy.sufficient import Find, quantile_of
from sim.adequacy.test import Pair, Test
from sim.arrays import Floats
from sim.expression import Leaf, Quotient, Series, evaluate
from sim.plan.targets import Target

NEED = "_required"


class Share(Test):
    """A quotient of two needs; the plan states it, the need has one of its own."""

    effort = "share"

    def standing(self, reading: Reading, target: Target, year: int) -> Standing | None:
        """The plan's quotient against that of the needs, and that of the trend beside it."""
        m = reading.measures
        required = expression(m, target.variable, target.group, year)
        if required is None:
            return None
        projected = expression(m, target.variable.replace(NEED, "_projected"), target.group, year)
        return Standing(
            np.full_like(required, target.goal),
            required,
            projected,
            _by_norm(m, target.variable, target.group, year),
            per=np.full_like(required, target.factor),
        )

    def find(self, reading: Reading, target: Target, year: int) -> Find | None:
        """The smallest share that is enough."""
        required = expression(reading.measures, target.variable, target.group, year)
        return None if required is None else quantile_of(required / target.factor, largest=False)

    def pair(self, reading: Reading, target: Target, year: int) -> Pair | None:
        """Need and the plan's share, from the target year on."""
        standing = self.standing(reading, target, year) if year >= target.year else None
        if standing is None or standing.required is None:
            return None
        return standing.required, standing.available


def is_share_of_need(variable: str) -> bool:
    """Whether every term of a quotient is a need."""
    return all(NEED in term for term in variable.split("/"))


def _by_norm(m: Measures, text: str, group: str, year: int) -> Floats | None:
    """The quotient with each need by norm; None where one of them has none."""
    tree = m.parsed(text, group)
    if not isinstance(tree, Quotient):
        return None
    return evaluate(tree, lambda leaf: _leaf_by_norm(m, leaf, year))


def _leaf_by_norm(m: Measures, leaf: Leaf, year: int) -> Floats | None:
    if not isinstance(leaf, Series) or len(leaf.groups) > 1:
        return None
    return need_by_norm(m, leaf.name.removesuffix(NEED), next(iter(leaf.groups), "total"), year)
