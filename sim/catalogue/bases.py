"""The populations that a ratio of a plan may stand on: what each is called, and where a run holds it.

The only place that knows a population basis. A new one that is a share of the residents is a row
here and the parameter that it names; series, verdicts, tables and checks follow.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sim.errors import PlanError, fault
from sim.textfile import did_you_mean

UNSTATED: Final = "unstated"


@dataclass(frozen=True)
class Basis:
    """One population.

    id: as a plan's table states it.  series, group: where a run holds the people.  parameter: the
    share of the residents that it is, by dotted name; "" where it is none.  within: whether all of
    them are residents, so that the share lies between 0 and 1.  switched: whether basis.csv holds every
    ratio against it.  plausible: what an unstated "per 1000" may well mean.
    """

    id: str
    zh: str
    en: str
    series: str = "population_basis"
    group: str = ""
    parameter: str = ""
    within: bool = False
    switched: bool = False
    plausible: bool = False

    @property
    def at(self) -> tuple[str, str]:
        """Series and group of a run."""
        return self.series, self.group or self.id


ROWS: Final[tuple[Basis, ...]] = (
    Basis("resident", "常住人口", "residents", switched=True, plausible=True),
    Basis(
        "registered",
        "户籍人口",
        "registered population",
        parameter="population.registered_ratio",
        switched=True,
        plausible=True,
    ),
    Basis(
        "served",
        "服务人口",
        "population served",
        parameter="population.served_ratio",
        switched=True,
        plausible=True,
    ),
    Basis(
        "urban", "城镇人口", "urban residents", parameter="population.urban_share", within=True, switched=True
    ),
    Basis(
        "agricultural",
        "农业人口",
        "agricultural population",
        parameter="population.agricultural_share",
        within=True,
        switched=True,
    ),
    Basis("county", "县域人口", "residents of counties"),
    Basis("county x3", "县域人口×3", "residents of counties x 3"),
    Basis("population 65+", "65岁及以上人口", "residents aged 65+", "population_group", "65+"),
    Basis("older residents", "老年居民（65岁及以上）", "older residents (65+)", "population_group", "65+"),
)
BASES: Final[dict[str, Basis]] = {row.id: row for row in ROWS}
OF_RESIDENTS: Final[tuple[Basis, ...]] = tuple(row for row in ROWS if row.series == "population_basis")
RULE_INPUTS: Final[dict[str, str]] = {
    "pop": "population_basis.resident",
    **{f"pop_{row.id}": f"population_basis.{row.id}" for row in OF_RESIDENTS if row.id.isidentifier()},
}
"""Inputs of a plan's rules -> the series that holds them: `pop`, and `pop_<id>` of each basis."""
PARAMETERS: Final[dict[str, str]] = {row.id: row.parameter for row in ROWS if row.parameter}


def basis_named(name: str, place: str) -> Basis:
    """The basis of that name.

    Raises PlanError where a run has no such population: a ratio is never read on another one.
    """
    if name not in BASES:
        wrong = f"a ratio per head of '{name}', a population that the model does not have"
        raise PlanError(fault(place, wrong, did_you_mean(name, list(BASES))))
    return BASES[name]


def read_basis(stated: str, by_rule: str, unstated: str) -> str:
    """The population basis that a ratio is read on.

    stated: the plan's own words; where it states none, the rule's narrower basis counts, else
    `unstated`, the basis for ratios that name no population.
    """
    if stated not in ("", UNSTATED):
        return stated
    if by_rule not in ("", "resident"):
        return by_rule
    return unstated if stated == UNSTATED else "resident"
