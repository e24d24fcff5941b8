"""Which indicators are proposed, and the plan without figures that they are tested by.

parameters/plans/proposal.csv names them in the order of a plan's table, each with its unit, the digits
that are printed, the population of a ratio and the pace that it may be built at.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.catalogue.words import SCOPES
from sim.cells import whole
from sim.errors import PlanError, fault, raise_all
from sim.plan import Plan
from sim.plan.indicator import Indicator
from sim.plan.vocabulary import Vocabulary, load_vocabulary
from sim.textfile import did_you_mean, read_csv

COLUMNS = (
    "indicator_id",
    "scope",
    "operator",
    "places",
    "population_basis",
    "unit",
    "pace",
    "need",
    "series",
    "section_en",
    "section_zh",
)
WISH = "wish"
ASKED = "1"  # the figure of a probe: what is enough does not depend on it


@dataclass(frozen=True)
class Listed:
    """One indicator of the table.

    places: digits after the point.  pace: label of `proposal.pace`, "" where nothing is built.
    need: `wish` where it is of people who say that they would come, "" where it is of those who do.
    series: its yearly figures of the provinces in parameters/series, "" for none.
    """

    indicator_id: str
    scope: str
    operator: str
    places: int
    population_basis: str
    unit: str
    pace: str
    need: str
    series: str
    section_en: str
    section_zh: str


def load_listed(root: Path) -> tuple[Listed, ...]:
    """The table under the folder `parameters`.

    Raises PlanError with every fault of it.
    """
    path = root / "plans" / "proposal.csv"
    words = load_vocabulary(root)
    faults: list[str] = []
    found: list[Listed] = []
    for row in read_csv(path, COLUMNS):
        place = f"{path}:{row['_line']}"
        wrong = [fault(place, *f) for f in _faults(row, words)]
        faults += wrong
        if not wrong:
            texts = {c: row[c] for c in COLUMNS if c != "places"}
            found.append(Listed(**texts, places=int(row["places"])))
    raise_all(PlanError, faults)
    return tuple(found)


def _faults(row: dict[str, str], words: Vocabulary) -> list[tuple[str, str]]:
    found = []
    for column, known in (
        ("indicator_id", list(words.indicators)),
        ("unit", list(words.units)),
        ("population_basis", ["", *words.bases]),
        ("operator", [">=", "<="]),
        ("scope", ["all", *SCOPES]),
        ("need", ["", WISH]),
    ):
        if row[column] not in known:
            found.append((f"{column} '{row[column]}' is unknown", did_you_mean(row[column], known)))
    if whole(row["places"]) is None:
        found.append((f"places '{row['places']}'", "write how many digits stand after the point"))
    return found


def probe(root: Path, listed: Iterable[Listed], region: str, years: Sequence[int], base_year: int) -> Plan:
    """A plan that states each indicator for each year without meaning its figure."""
    words = load_vocabulary(root)
    rows = [
        Indicator(
            plan="proposal",
            row=i,
            entry=words.indicators[one.indicator_id],
            kind="target",
            year=str(year),
            operator=one.operator,
            text=ASKED,
            unit=words.units[one.unit],
            population_basis=one.population_basis,
            binding="",
            scope=one.scope,
            location=one.section_en,
            line=i,
            note="",
        )
        for i, (one, year) in enumerate(((one, year) for one in listed for year in years), 1)
    ]
    return Plan(
        id="proposal",
        region=region,
        name_zh="建议指标",
        name_en="proposed targets",
        period=(base_year + 1, years[0]),
        base_year=base_year,
        target_year=years[0],
        status="draft",
        document="",
        source="healthplan propose",
        indicators=tuple(rows),
        standards=(),
        administrative_units={},
        relations=(),
        population=None,
        vocabulary=words,
    )
