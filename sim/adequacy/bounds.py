"""What a proposed target may not be worse than: today's level, the plan's baseline, the norm, the law."""

from __future__ import annotations

from dataclasses import dataclass

from sim.adequacy.case import Reading
from sim.adequacy.kinds import kind_of
from sim.adequacy.series import median
from sim.plan.targets import Target, built_on
from sim.plan.verdict_rules import NORM_PATTERN
from sim.saved.row import Row

WORDS = {
    "present": ("held at the present level", "按现有水平保底"),
    "baseline": ("held at the plan's baseline", "按规划基期水平保底"),
    "norm": ("held at the national norm", "按国家标准保底"),
    "floor": ("held at the national floor", "按国家底线保底"),
}


@dataclass(frozen=True)
class Bound:
    """Levels by name, in the plan's unit, and whether less is better."""

    levels: dict[str, float]
    falls: bool

    def applied(self, value: float) -> tuple[float, str]:
        """The value, or the strictest level that it would be worse than, with its name."""
        worse = {n: v for n, v in self.levels.items() if (v < value if self.falls else v > value)}
        if not worse:
            return value, ""
        name = (min if self.falls else max)(worse, key=lambda n: worse[n])
        return worse[name], name

    def said(self, name: str) -> str:
        """What a proposal says that a level bounds."""
        return " / ".join(WORDS[name]) if name else ""


def bound_of(reading: Reading, target: Target, row: Row) -> Bound:
    """The levels that a target of a row may not be worse than; present: in the year it builds on."""
    test = kind_of(target)
    today = built_on(reading.measures.years(), target.year, target.since)
    levels = {"baseline": row.baseline_value, "floor": row.floor}
    standing = None if target.growth else test.standing(reading, target, today)
    if standing is not None:
        here = standing.projected if standing.required is not None else standing.available
        levels["present"] = None if here is None else median(standing.shown(here))
    binds = NORM_PATTERN not in row.special.split()
    if binds and standing is not None and standing.required is not None:
        levels["norm"] = row.need_norm_p50
    known = {name: value for name, value in levels.items() if value is not None}
    return Bound(known, falls=not test.rises(target))
