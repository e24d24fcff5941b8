"""A row of adequacy.csv and adequacy_detail.csv: one typed record."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields, replace
from math import isfinite
from typing import Any

from sim.catalogue.verdicts import BAD, is_judged
from sim.plan.targets import Target
from sim.plan.tests import KINDS, Kind

Number = float | None
_ASIDE = {"column": False}  # of fields that no table holds


@dataclass(frozen=True)
class Revised:
    """A target that would hold with a probability, in the row's unit."""

    enough: float
    """What is enough by use."""
    bounded: float
    """The same, or the level that it may not be worse than."""
    proposed: str
    """The latter as it is proposed, rounded to the plan's digits; "" where none is."""


@dataclass
class Row:
    """One indicator of a plan in one year, region and scenario, beside the model.

    Numbers are in the plan's unit unless named `_count`.  None, or "": there is none.
    """

    plan: str
    region: str
    scenario: str
    indicator_id: str
    name_zh: str
    name_en: str
    year: int
    unit: str
    population_basis: str = ""
    baseline: str = ""
    target: str = ""
    required_p10: Number = None
    required_p50: Number = None
    required_p90: Number = None
    available_p50: Number = None
    ratio_p50: Number = None
    p_enough: Number = None
    p_reached: Number = None
    verdict: str = "not_tested"
    grade: str = ""
    need_norm_p50: Number = None
    p_enough_norm: Number = None
    verdict_norm: str = ""
    on_the_line: str = ""
    """Thresholds that lie within two standard errors of the probability that the verdict reads."""
    share_counted_here: Number = None
    """Of the variance of what the verdict stands on: the part that rests on counts of this place."""
    share_counted_elsewhere: Number = None
    share_published: Number = None
    share_derived: Number = None
    share_judgement: Number = None
    find_first: str = ""
    """The parameter that a count of the place's own would narrow the answer most by."""
    first_short_year: str = ""
    """First year in which the need is more than the plan brings, on the way to a target too."""
    level_short_year: str = ""
    """First year, from the target year on, in which the need is more than the target's level."""
    reason: str = ""
    test: str = "none"
    variable: str = ""
    group: str = ""
    question: str = ""
    operator: str = ""
    binding: str = ""
    scope: str = ""
    location: str = ""
    target_year: int = 0
    projected_p50: Number = None
    need_plan_p50: Number = None
    available_count_p50: Number = None
    required_count_p50: Number = None
    projected_count_p50: Number = None
    capacity_p50: Number = None
    p_capacity: Number = None
    p_enough_projected: Number = None
    p_enough_mcse: Number = None
    p_reached_mcse: Number = None
    required_p50_mcse: Number = None
    rests_on: str = ""
    scale: str = ""
    unit_factor: Number = None
    goal: str = ""
    held: Target | None = None
    """The target as it was tested, its basis the population it was read on; None where there was none."""
    special: str = ""
    """Names of the rules of verdict_rules.csv that hold."""
    baseline_value: Number = None
    """The plan's baseline in the row's unit; None where it has none in that unit."""
    floor: Number = None
    """The figure of law or national standard that a proposal may not be worse than."""
    better: str = ""
    basis_effect: str = ""
    notes: list[str] = field(default_factory=list, metadata=_ASIDE)
    """Sentences "en / zh" that make up the reason."""
    draws: int | None = field(default=None, metadata=_ASIDE)
    """Behind each probability, where the run is known."""
    revised: dict[float, Revised] = field(default_factory=dict, metadata=_ASIDE)
    """The targets that would hold, by probability, where revise.csv gives any."""

    def say(self, *sentences: str) -> None:
        """Add to the reason."""
        self.notes += [s for s in sentences if s]
        self.reason = "; ".join(self.notes)

    def rests(self) -> list[str]:
        """Names of the parameters that `rests_on` lists with the quality of each."""
        return re.findall(r"(\S+) \([A-D]\)", self.rests_on)

    def name_none(self) -> None:
        """Say of each number that is none, such as people for one of no vehicles, that it is none."""
        none = [f.name for f in fields(self) if _is_none(getattr(self, f.name))]
        for name in none:
            setattr(self, name, None)
        if none:
            names = ", ".join(none)
            self.say(f"no figure, the divisor is 0: {names} / 除数为0，无数值：{names}")

    def follow_nation(self) -> None:
        """Take out every probability of the target, and from when it is too little: no verdict is left."""
        self.verdict = "national_pattern"
        self.p_enough = self.p_enough_mcse = self.p_enough_norm = self.p_enough_projected = None
        self.p_reached = self.p_reached_mcse = None
        self.verdict_norm = self.on_the_line = self.first_short_year = self.level_short_year = ""

    def name(self, lang: str) -> str:
        """The indicator's name in a language, with its scope."""
        return self.name_zh if lang == "zh" else self.name_en

    @property
    def level(self) -> Number:
        """The baseline as a number, as the plan prints it; None where it is none."""
        try:
            return float(self.baseline)
        except ValueError:
            return None

    @property
    def kind(self) -> Kind:
        """The kind of its test; none of a question in words."""
        return KINDS.get(self.test, KINDS["none"])

    @property
    def need(self) -> tuple[float, float, float] | None:
        """The need by use: P10, P50 and P90, in the plan's unit."""
        low, middle, high = self.required_p10, self.required_p50, self.required_p90
        return None if low is None or middle is None or high is None else (low, middle, high)

    @property
    def target_count(self) -> Number:
        """The beds, persons, events that the target means: of a coverage its load, else the plan's count."""
        return self.available_count_p50 if self.p_capacity is None else self.required_count_p50

    @property
    def chance(self) -> Number:
        """The probability that the target is enough; of what has no need, that it is reached."""
        return self.p_reached if self.p_enough is None else self.p_enough

    @property
    def is_tested(self) -> bool:
        """Whether the model says something of it."""
        return self.verdict != "not_tested"

    @property
    def is_judged(self) -> bool:
        """Whether the verdict says that the plan is enough or not."""
        return is_judged(self.verdict)

    @property
    def is_bad(self) -> bool:
        """Whether it is short or tight."""
        return self.verdict in BAD

    @property
    def has_target(self) -> bool:
        """Whether a target is judged, or would be: not a present level, history or an assumption."""
        return self.verdict != "no_target"

    @property
    def follows_nation(self) -> bool:
        """Whether nothing local is behind it: the nation's pattern, judged for no place."""
        return self.verdict == "national_pattern"

    def hold(self, target: Target, basis_read: str) -> None:
        """Take over what was tested."""
        self.held = replace(target, basis=basis_read)
        for name, column in SAID.items():
            setattr(self, column, getattr(self.held, name))


def _is_none(value: Any) -> bool:
    """Whether a number is not one."""
    return isinstance(value, float) and not isfinite(value)


# field of a target: the column that says it of every row, tested or not
SAID = {
    "indicator": "indicator_id",
    "scope": "scope",
    "test": "test",
    "variable": "variable",
    "group": "group",
    "scale": "scale",
    "year": "target_year",
    "unit": "unit",
    "factor": "unit_factor",
}
