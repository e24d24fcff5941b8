"""The printed figures that a declared check names: `id@year`, a scope, another plan."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sim.errors import PlanError, fault
from sim.plan.document import Plan
from sim.plan.figure import Figure
from sim.plan.head import read_pair
from sim.plan.indicator import Indicator
from sim.textfile import did_you_mean

_REF = re.compile(
    r"(?:(?P<plan>\w+):)?(?P<id>\w+)@(?P<year>[\d-]*)(?:!(?P<kind>\w+))?"
    r"(?:~(?P<scope>[^#]+))?(?:#(?P<line>\d+))?"
)
Relation = Mapping[str, Any]


class Watched(Mapping[str, Any]):
    """A relation that remembers which of its keys a check has read."""

    def __init__(self, relation: Mapping[str, Any]) -> None:
        self._relation = relation
        self.seen = {"check", "ids", "comment", "location", "line", "population"}

    def __getitem__(self, key: str) -> Any:
        self.seen.add(key)
        return self._relation[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._relation)

    def __len__(self) -> int:
        return len(self._relation)

    def unread(self) -> list[str]:
        """Keys that no check has asked for: misspelt or in the wrong place."""
        return [key for key in self._relation if key not in self.seen]


@dataclass
class Figures:
    """The figures of a plan by reference `id@year!kind~scope#line` (the last three optional)."""

    plan: Plan
    used: list[Indicator] = field(default_factory=list)

    def pick(self, ref: str) -> Indicator:
        """The one statement that `ref` names, e.g. "beds_per_1000@2015#64".

        Raises PlanError if none fits, or if several fit that print different values.
        """
        place = f"{self.plan.id}/relations.yaml"
        match = _REF.fullmatch(ref)
        if match is None:
            raise PlanError(fault(place, f"'{ref}' is not a reference", "write id@year"))
        plan = self.plan if not match["plan"] else self.plan.cited.get(match["plan"])
        if plan is None:
            wrong = f"'{ref}': plan '{match['plan']}' is not cited"
            raise PlanError(fault(place, wrong, f"add it to cites: [{match['plan']}]"))
        found = [
            i
            for i in plan.rows(match["id"], match["kind"] or "")
            if i.year == match["year"]
            and i.value is not None
            and (match["kind"] or i.operator != "change" or "-" in i.year or i.kind == "target")
            and (match["scope"] is None or i.scope == match["scope"])
            and (match["line"] is None or i.line == int(match["line"]))
        ]
        if not found:
            known = [f"{i.id}@{i.year}" for i in plan.indicators]
            raise PlanError(fault(place, f"no figure '{ref}'", did_you_mean(ref, known)))
        if len({(i.text, i.unit.name, i.operator) for i in found}) > 1:
            lines = ", ".join(f"#{i.line}" for i in found)
            raise PlanError(fault(place, f"'{ref}' has several values", f"add one of {lines}"))
        self.used.append(found[0])
        return found[0]

    def picks(self, refs: Sequence[str]) -> list[Indicator]:
        """The statements that several references name."""
        return [self.pick(ref) for ref in refs]

    def figure(self, ref: str) -> Figure:
        """The printed figure, in its printed unit."""
        return self.pick(ref).figure

    def model(self, ref: str) -> Figure:
        """The figure in the model's unit: rates and shares as fractions."""
        return model(self.pick(ref))

    def people(self, relation: Relation) -> Figure:
        """Population behind the plan's ratios: count / rate, by the relation or the plan."""
        own = relation.get("population")
        place = f"{self.plan.id}/relations.yaml"
        pair = self.plan.population if own is None else read_pair(own, f"{place}: population")
        if pair is None:
            raise PlanError(fault(place, "no population", "give population: {count: ..., rate: ...}"))
        count, rate = self._quiet(pair.count), self._quiet(pair.rate)
        return model(count) / model(rate)

    def _quiet(self, ref: str) -> Indicator:
        found = self.pick(ref)
        self.used.pop()
        return found

    def ids(self) -> tuple[str, ...]:
        """Indicators used so far, once each."""
        return tuple(dict.fromkeys(i.id for i in self.used))


def model(indicator: Indicator) -> Figure:
    """The printed figure in the model's unit."""
    return indicator.figure.scaled(indicator.unit.factor)
