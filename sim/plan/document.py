"""A plan document as data: every quantitative statement, every rule, with its place in the text.

A plan is a folder `parameters/plans/<plan>/` with plan.yaml, indicators.csv and, optionally,
standards.csv (its rules) and relations.yaml (which figures belong together, for the audit).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from sim.errors import ConfigError, PlanError, collected, fault, raise_all
from sim.plan.figure import parse_number
from sim.plan.head import Pair, Related, read_head, read_related
from sim.plan.indicator import Indicator
from sim.plan.rowcheck import indicator_faults, rule_repetitions, standard_faults, statement_faults
from sim.plan.vocabulary import Entry, Unit, Vocabulary, load_vocabulary, plans_folder
from sim.textfile import did_you_mean, read_csv

INDICATOR_COLUMNS = [
    "indicator_id",
    "kind",
    "year",
    "operator",
    "value",
    "unit",
    "population_basis",
    "binding",
    "scope",
    "location",
    "line",
    "note",
]
BESIDE = ("template_", "example_")
"""How folders begin that are no plan of a place."""
STANDARD_COLUMNS = [
    "standard_id",
    "indicator_id",
    "rule_type",
    "output",
    "operator",
    "value",
    "unit",
    "input",
    "scale",
    "base_indicator",
    "level",
    "population_basis",
    "binding",
    "year",
    "location",
    "line",
    "note",
]


@dataclass(frozen=True)
class Standard:
    """A rule of a plan that gives a requirement, e.g. one ambulance per 30,000 people."""

    plan: str
    row: int
    standard_id: str
    entry: Entry
    rule_type: str
    output: str
    operator: str
    value: float
    value_high: float
    unit: Unit
    input: str
    scale: float
    base_indicator: str
    level: str
    population_basis: str
    binding: str
    year: str
    location: str
    line: int
    note: str


@dataclass(frozen=True)
class Plan:
    """A plan document: what it is, what it says, and which of its figures belong together."""

    id: str
    region: str
    name_zh: str
    name_en: str
    period: tuple[int, int]
    base_year: int
    target_year: int
    status: str
    document: str
    source: str
    indicators: tuple[Indicator, ...]
    standards: tuple[Standard, ...]
    administrative_units: Mapping[str, float]
    relations: tuple[Mapping[str, Any], ...]
    population: Pair | None
    vocabulary: Vocabulary = field(repr=False)
    cited: Mapping[str, Plan] = field(default_factory=dict, repr=False)

    @cached_property
    def targets(self) -> tuple[Indicator, ...]:
        """Statements of kind target, in document order."""
        return tuple(i for i in self.indicators if i.kind == "target")

    def rows(self, indicator_id: str, kind: str = "") -> tuple[Indicator, ...]:
        """Statements on one indicator, of one kind if given."""
        found = self._by_indicator.get(indicator_id, ())
        return tuple(i for i in found if not kind or i.kind == kind)

    @cached_property
    def _by_indicator(self) -> dict[str, list[Indicator]]:
        found: dict[str, list[Indicator]] = {}
        for indicator in self.indicators:
            found.setdefault(indicator.id, []).append(indicator)
        return found

    @property
    def indicator_ids(self) -> tuple[str, ...]:
        """Every indicator the plan mentions, in document order, once."""
        return tuple(dict.fromkeys(i.id for i in self.indicators))


def list_plans(root: Path) -> list[str]:
    """Ids of the plans under the parameter folder `root` (or its folder of plans).

    Templates and worked examples are no plan of a place: they are read by name and not listed.
    """
    return [name for name in _folders(root) if not name.startswith(BESIDE)]


def _folders(root: Path) -> list[str]:
    folder = plans_folder(root)
    return sorted(p.parent.name for p in folder.glob("*/plan.yaml"))


def load_plan(root: Path, plan_id: str) -> Plan:
    """The plan `plan_id` under the parameter folder `root` (or its folder of plans).

    Raises PlanError with every fault of the plan's files, each with file, line and remedy.
    """
    known = _folders(root)
    if plan_id not in known:
        wrong = f"unknown plan '{plan_id}'"
        raise PlanError(fault(str(plans_folder(root)), wrong, did_you_mean(plan_id, known)))
    return _load(root, plan_id, cited=True)


def _standards(
    path: Path, plan_id: str, words: Vocabulary, indicators: Sequence[Indicator], faults: list[str]
) -> list[Standard]:
    """The rules of standards.csv without a fault, none where there is no such table; faults added."""
    rules = list(_table(path, STANDARD_COLUMNS, faults)) if path.exists() else []
    faults += rule_repetitions(rules, path)
    standards = []
    for row in rules:
        bad = standard_faults(row, f"{path}:{row['_line']}", words, indicators)
        faults += bad
        if not bad:
            standards.append(_standard(plan_id, row, words))
    return standards


def _load(root: Path, plan_id: str, *, cited: bool) -> Plan:
    folder = plans_folder(root) / plan_id
    words = load_vocabulary(root)
    faults: list[str] = []
    head = read_head(folder / "plan.yaml", plan_id, faults)
    path = folder / "indicators.csv"
    raw = _table(path, INDICATOR_COLUMNS, faults)
    indicators = []
    for row in raw:
        bad = indicator_faults(row, f"{path}:{row['_line']}", words)
        faults += bad
        if not bad:
            indicators.append(_indicator(plan_id, row, words))
    standards = _standards(folder / "standards.csv", plan_id, words, indicators, faults)
    if head:
        faults += statement_faults(indicators, path, (head.base_year, head.target_year), words)
    related = read_related(folder / "relations.yaml", faults) if cited else Related(schema=1)
    others = _cited(root, folder / "relations.yaml", related.cites, faults)
    raise_all(PlanError, faults)
    assert head is not None  # else there was a fault
    return Plan(
        id=plan_id,
        region=head.region,
        name_zh=head.name.zh,
        name_en=head.name.en,
        period=head.period,
        base_year=head.base_year,
        target_year=head.target_year,
        status=head.status,
        document=head.document,
        source=head.source,
        indicators=tuple(indicators),
        standards=tuple(standards),
        administrative_units={name: unit.value for name, unit in head.administrative_units.items()},
        relations=related.relations,
        population=related.population,
        vocabulary=words,
        cited=others,
    )


def _cited(root: Path, path: Path, cites: Iterable[str], faults: list[str]) -> dict[str, Plan]:
    """The plans that a document cites, by id; what cannot be read goes to `faults`."""
    found = {}
    for other in cites:
        try:
            found[other] = _load(root, other, cited=False)
        except (PlanError, ConfigError) as error:
            faults.append(fault(f"{path}", f"cites '{other}': {error}"))
    return found


def _table(path: Path, columns: Sequence[str], faults: list[str]) -> list[dict[str, str]]:
    return collected(faults, lambda: read_csv(path, columns)) or []


def _indicator(plan_id: str, row: Mapping[str, str], words: Vocabulary) -> Indicator:
    return Indicator(
        plan=plan_id,
        row=int(row["_line"]),
        entry=words.indicators[row["indicator_id"]],
        kind=row["kind"],
        year=row["year"],
        operator=row["operator"],
        text=row["value"],
        unit=words.units[row["unit"]],
        population_basis=row["population_basis"],
        binding=row["binding"],
        scope=row["scope"],
        location=row["location"],
        line=int(row["line"]),
        note=row["note"],
    )


def _standard(plan_id: str, row: Mapping[str, str], words: Vocabulary) -> Standard:
    low, high = parse_number(row["value"]) or (0.0, 0.0)
    return Standard(
        plan=plan_id,
        row=int(row["_line"]),
        standard_id=row["standard_id"],
        entry=words.indicators[row["indicator_id"]],
        rule_type=row["rule_type"],
        output=row["output"],
        operator=row["operator"],
        value=low,
        value_high=high,
        unit=words.units[row["unit"]],
        input=row["input"],
        scale=float(row["scale"] or 1),
        base_indicator=row["base_indicator"],
        level=row["level"],
        population_basis=row["population_basis"],
        binding=row["binding"],
        year=row["year"],
        location=row["location"],
        line=int(row["line"]),
        note=row["note"],
    )
