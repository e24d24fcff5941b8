"""A target held against the model in one year: arrays over draws, in the model's own unit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.adequacy.gap import TIE
from sim.arrays import Floats
from sim.draws import sampled
from sim.plan.targets import Target


@dataclass(frozen=True)
class Standing:
    """Where one target stands in one year: arrays over draws (draw 0 first), in the model's unit.

    available: what the plan brings; of an outcome or a coverage the value that is expected.
    required: what the population needs by use; None where the plan states no provision.
    projected: what the trend of supply brings without the plan; None where none is modelled.
    norm: the need by national norm.  p_meets: probability in each draw that an outcome meets the
    target.  planned: the number that the plan itself brings, where `available` is another.
    capacity: people or events that staff and services can carry, of a coverage, whose workload is
    `load`.  hidden: what the plan's rounding hides, where its need is a norm alone.  per: model units
    in one of the plan's units; None: the plan divides `people` by the number.
    """

    available: Floats
    required: Floats | None = None
    projected: Floats | None = None
    norm: Floats | None = None
    p_meets: Floats | None = None
    capacity: Floats | None = None
    load: Floats | None = None
    planned: Floats | None = None
    hidden: Floats | float = 0.0
    per: Floats | None = None
    people: Floats | None = None

    def shown(self, values: Floats) -> Floats:
        """Values in the plan's unit."""
        if self.per is not None:
            with np.errstate(divide="ignore", invalid="ignore"):
                return values / self.per
        assert self.people is not None
        with np.errstate(divide="ignore"):
            return self.people / values

    @property
    def ratio(self) -> Floats:
        """What moves the verdict: available over required, or the expected value itself."""
        if self.required is None:
            return self.available
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(self.required > 0, self.available / self.required, np.inf)

    @property
    def hidden_draws(self) -> Floats | float:
        """`hidden` of the sampled draws, or the one number of all."""
        return self.hidden if isinstance(self.hidden, float) else sampled(self.hidden)

    @property
    def fails(self) -> npt.NDArray[np.bool_]:
        """In which draws there is not enough, or an outcome is rather missed than met."""
        if self.required is None:
            assert self.p_meets is not None
            return np.asarray(self.p_meets < 0.5)
        return np.asarray((self.available + self.hidden) * (1 + TIE) < self.required)


def meets(target: Target, shown: Floats, goal: Floats | None = None) -> npt.NDArray[np.bool_]:
    """Whether values meet a target, to the digits that the plan prints.

    shown: in the plan's unit.  goal: by draw in the same unit, the target's own unless given (as a
    ratio of people is on each draw's people).
    """
    aim = np.full_like(shown, target.goal / target.factor) if goal is None else goal
    slack = target.step + np.abs(aim) * TIE
    if target.sense == "in":
        return np.asarray((shown >= target.low - slack) & (shown <= target.high + slack))
    if target.sense == ">":
        return np.asarray(shown > aim + np.abs(aim) * TIE)
    if target.sense == "<":
        return np.asarray(shown < aim - np.abs(aim) * TIE)
    return np.asarray(shown >= aim - slack if target.sense == ">=" else shown <= aim + slack)
