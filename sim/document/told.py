"""What a run was given in a place and scenario, read from parameters.csv, which tells nothing twice.

The table has every parameter of a region under the first scenario; under another what differs from that;
of a part what differs from its whole in the same scenario; of a run of some series what differs from the
first region and scenario (sim/run/given.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

Line = Mapping[str, str]


class Told:
    """Rows of parameters.csv by scenario and place, each with all that holds there."""

    def __init__(
        self, lines: Iterable[Line], scenarios: list[str], regions: list[str], *, some: bool
    ) -> None:
        self._scenarios, self._regions, self._some = scenarios, regions, some
        self._rows: dict[tuple[str, str], dict[str, Line]] = {}
        for line in lines:
            self._rows.setdefault((line["scenario"], line["region"]), {})[line["parameter"]] = line

    def of(self, scenario: str, place: str) -> dict[str, Line]:
        """Every parameter's row that holds in a scenario and a region, or a part of it, by its name."""
        first = self._scenarios[0], self._regions[0]
        if place not in self._regions:
            below = [first, (scenario, first[1])]
        elif self._some:
            below = [first]
        else:
            below = [(self._scenarios[0], place)]
        held: dict[str, Line] = {}
        for key in (*below, (scenario, place)):
            held |= self._rows.get(key, {})
        return held
