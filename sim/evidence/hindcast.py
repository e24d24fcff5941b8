"""docs/hindcast.md: what three readings of the same places foretold of what was counted since.

`python -m sim.evidence.hindcast docs/hindcast.md`.  By hand: the folders as an earlier version had them,
stored with it (tests/cases/hindcast_hand_made.csv).  Folder: as they are.  By rule: the places read as if
they had no folder, like any other place of the censuses.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.config import find_root
from sim.errors import ConfigError, ParameterError, fault
from sim.evidence.backtest import INDICATORS, backtest
from sim.evidence.validation import common
from sim.evidence.validation.markdown import table
from sim.places import Region, list_regions, read_as_made, read_place
from sim.places.region import NATION
from sim.textfile import read_csv
from sim.writing import whole

BEFORE = "hindcast_hand_made.csv"
VERSION = "b7594a5"
"""The project's commit whose folders were made by hand."""
SPANS = ((2020, 2024), (2010, 2020))
READINGS = ("by hand", "folder", "by rule")
_ONE_FIGURE = 0.005  # relative: figures counted are the same, but for rounding
_NEARLY = 0.1  # per cent points of error that are no difference


@dataclass(frozen=True)
class Hit:
    """A figure foretold beside what was counted."""

    region: str
    fit_to: int
    year: int
    indicator: str
    observed: float
    error: float
    """Foretold over counted, minus 1."""
    inside: bool
    """Whether what was counted lies in the 80 % band with the error of what is published."""

    @property
    def key(self) -> tuple[str, int, int, str]:
        """What is foretold."""
        return self.region, self.fit_to, self.year, self.indicator


Hits = Mapping[str, Sequence[Hit]]
"""By reading, of the same figures in the same order."""


def by_hand(cases: Path) -> list[Hit]:
    """What the folders made by hand foretold.  Raises ConfigError where the stored table is not there."""
    path = cases / BEFORE
    if not path.is_file():
        raise ConfigError(fault(str(path), "no such file", "run it in a checkout of the repository"))
    columns = ("region", "fit_to", "year", "indicator", "observed", "projected", "seen_p10", "seen_p90")
    return [
        Hit(
            row["region"],
            int(row["fit_to"]),
            int(row["year"]),
            row["indicator"],
            float(row["observed"]),
            float(row["projected"]) / float(row["observed"]) - 1,
            float(row["seen_p10"]) <= float(row["observed"]) <= float(row["seen_p90"]),
        )
        for row in read_csv(path, columns)
    ]


def measured(root: Path) -> Hits:
    """The three readings of every place below the nation, each figure that all three foretold."""
    known = list_regions(root)
    places = sorted((r for r in known.values() if r.code != NATION), key=lambda r: r.code)
    own = {r.code: read_place(root, r, common.SETS, regions=known) for r in places}
    made = {r.code: read_as_made(root, r, common.SETS) for r in places}
    found = {
        READINGS[0]: by_hand(root / "tests" / "cases"),
        READINGS[1]: list(_foretold(root, places, own)),
        READINGS[2]: list(_foretold(root, places, made)),
    }
    held = {name: {hit.key: hit for hit in hits} for name, hits in found.items()}
    first, *others = held.values()
    keys = [key for key in first if all(_same(first[key], other.get(key)) for other in others)]
    return {name: [hits[key] for key in keys] for name, hits in held.items()}


def _foretold(root: Path, places: Sequence[Region], parameters: common.Parameters) -> Iterator[Hit]:
    setup = common.setup(root, places, parameters, common.DRAWS)
    for fit_to, score_to in SPANS:
        for place in places:
            try:
                scores = backtest(setup, place, fit_to, score_to).scores
            except ParameterError:
                continue  # nothing observed in those years
            for s in scores:
                yield Hit(place.code, fit_to, s.year, s.indicator, s.observed, s.error, s.covered_seen)


def _same(one: Hit, other: Hit | None) -> bool:
    """Whether both foretold the same counted figure."""
    return other is not None and abs(other.observed / one.observed - 1) <= _ONE_FIGURE


def page(hits: Hits, names: Mapping[str, str]) -> str:
    """The page, from what was foretold.  names: of the places, by code."""
    parts = [
        "# Hindcasts of the places that ship with a folder\n\n"
        "Made by `make docs` (`python -m sim.evidence.hindcast docs/hindcast.md`). Each place is projected "
        "from its census, the nation's path known and nothing of the place, and held against what was "
        f"counted since, in three readings. **{READINGS[0]}**: the folders as each was made by hand, version "
        f"{VERSION}, by the model and the nation's figures of then, stored in tests/cases/{BEFORE}. "
        f"**{READINGS[1]}**: the folders of this version, whose figures are computed from the census tables. "
        f"**{READINGS[2]}**: the same places read as if they had no folder, as every other place of the "
        "censuses is. Error: mean absolute error in per cent over all figures that the three readings have "
        "in common; in band: share of them inside the 80 % band with the error of what is published, of "
        f"{common.DRAWS} draws. The nation, which no rule makes, is not among them.\n"
    ]
    for fit_to, score_to in SPANS:
        now = {name: [h for h in own if h.fit_to == fit_to] for name, own in hits.items()}
        parts.append(f"## {fit_to} to {score_to}\n\n{_verdict(now)}\n")
        parts.append(_by(now, [(code, f"{code} {name}") for code, name in names.items()], "place"))
        parts.append(_by(now, [(name, name) for name in INDICATORS], "indicator"))
    return "\n".join(parts)


def _verdict(hits: Hits) -> str:
    """In how many places the general rule is no worse than the folder made by hand."""
    codes = dict.fromkeys(h.region for h in hits[READINGS[0]])
    before, after = (
        {code: _error([h for h in hits[name] if h.region == code]) for code in codes}
        for name in (READINGS[0], READINGS[2])
    )
    better = [code for code in codes if after[code] < before[code] - _NEARLY]
    worse = [code for code in codes if after[code] > before[code] + _NEARLY]
    alike = len(codes) - len(better) - len(worse)
    named = f" ({', '.join(worse)})" if worse else ""
    return (
        f"Of {len(codes)} places the rule errs by less than the hand-made folder in {len(better)}, by as "
        f"much (to {_NEARLY:g} points) in {alike}, by more in {len(worse)}{named}."
    )


def _by(hits: Hits, groups: Sequence[tuple[str, str]], kind: str) -> str:
    """A table of errors and coverage by place or indicator, all of them last.  groups: key, name shown."""
    columns = (
        kind,
        "n",
        *(f"error, {name}" for name in READINGS),
        *(f"in band, {name}" for name in READINGS),
    )
    rows = []
    for key, shown in [*groups, ("", "all")]:
        mine = [[h for h in hits[name] if key in ("", h.region, h.indicator)] for name in READINGS]
        if mine[0]:
            errors = (f"{_error(own):.1f}" for own in mine)
            inside = (f"{np.mean([h.inside for h in own]):.2f}" for own in mine)
            rows.append((shown, f"{len(mine[0])}", *errors, *inside))
    return table(columns, rows)


def _error(hits: Sequence[Hit]) -> float:
    """Mean absolute error, per cent."""
    return 100 * float(np.mean([abs(h.error) for h in hits]))


def main() -> None:
    """Write the page whole or not at all."""
    root = find_root(Path.cwd())
    regions = sorted(list_regions(root).values(), key=lambda r: r.code)
    text = page(measured(root), {r.code: r.name_en for r in regions if r.code != NATION})
    with whole(Path(sys.argv[1])) as part:
        part.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
