"""What may be wrong with a row of a plan: words, numbers, years, units, repetitions, shares."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from sim.catalogue.bases import RULE_INPUTS
from sim.cells import whole
from sim.errors import fault
from sim.magnitude import shifts
from sim.plan.change import adds_to, baseline_of, level_after
from sim.plan.figure import exact, parse_number
from sim.plan.indicator import Indicator
from sim.plan.slips import slip_faults
from sim.plan.vocabulary import BINDING, KINDS, OPERATORS, Vocabulary
from sim.textfile import did_you_mean

RULE_TYPES = (
    "per_capita",
    "per_capita_range",
    "per_area",
    "per_facility",
    "population_per_unit",
    "share",
    "coverage",
    "ratio",
    "growth",
    "multiplier",
    "total",
    "workload",
    "spatial",
    "queue",
)
PER_HEAD = ("per_capita", "per_capita_range", "population_per_unit")
"""Types of rules whose input is people: `pop`, `pop_urban`, ..."""
LEVELS = ("country", "province", "city", "county", "district", "township", "street", "village", "community")
"""Where a rule holds."""
FARTHEST = 25
"""Years beyond a plan's own target year that its outlook may reach."""
NO_INPUT = ("total", "spatial", "queue")
INPUTS = (
    *RULE_INPUTS,
    "pop_urban_districts",
    "pop_65plus",
    "pop_u3",
    "births",
    "beds_primary",
    "doctors",
    "slots",
    "ambulances",
    "severe_mental_registered",
    "hypertension_known",
    "n_counties",
    "n_townships",
    "n_streets",
    "n_townships_streets",
    "n_villages",
    "n_villages_communities",
    "n_urban_communities",
    "n_secondary_hospitals",
    "n_primary_institutions",
)
_YEAR = re.compile(r"(19|20)\d\d(-(19|20)\d\d)?")
_PER = re.compile(r"_(per_10+)(?:_|$)")


def indicator_faults(row: Mapping[str, str], place: str, words: Vocabulary) -> list[str]:
    """Faults of one row of indicators.csv, each with its remedy."""
    faults = _word_faults(row, place, words)
    for name, known in (("kind", KINDS), ("operator", OPERATORS)):
        if row[name] not in known:
            remedy = f"one of {', '.join(known)}"
            faults.append(fault(place, f"{name} '{row[name]}' is unknown", remedy))
    faults += _line_faults(row, place)
    benchmark = row["kind"] == "standard" and row["year"] == ""
    if not benchmark and not _YEAR.fullmatch(row["year"]):
        remedy = "write 2025 or 2021-2025; only a benchmark (kind standard) may have none"
        faults.append(fault(place, f"year '{row['year']}' is not a year", remedy))
    faults += _turned(row["year"], place)
    if row["value"] == "":
        if not row["note"]:
            wrong = f"{row['indicator_id']} has no value and no note"
            faults.append(fault(place, wrong, "say in the note what the document prints"))
        return faults
    ends = parse_number(row["value"])
    if ends is None:
        wrong = f"value '{row['value']}' is not a number or a range"
        return [*faults, fault(place, wrong, "write 4.5 or 5-6")]
    if ends[1] < ends[0]:
        wrong = f"range '{row['value']}' falls"
        faults.append(fault(place, wrong, f"write {ends[1]:g}-{ends[0]:g}"))
    if not faults and row["operator"] != "change":
        faults += _plausible(row["indicator_id"], ends, row["unit"], place, words)
    return faults


def standard_faults(
    row: Mapping[str, str], place: str, words: Vocabulary, indicators: Sequence[Indicator]
) -> list[str]:
    """Faults of one row of standards.csv, each with its remedy."""
    faults = [*_word_faults(row, place, words), *_line_faults(row, place)]
    rule = row["rule_type"]
    if rule not in RULE_TYPES:
        remedy = did_you_mean(rule, RULE_TYPES)
        faults.append(fault(place, f"rule_type '{rule}' is unknown", remedy))
    elif rule not in NO_INPUT and row["input"] == "":
        wrong = f"{row['standard_id']}: a rule of type {rule} has no input"
        faults.append(fault(place, wrong, f"name one: {', '.join(INPUTS[:6])}, ..."))
    if row["operator"] not in OPERATORS:
        remedy = did_you_mean(row["operator"], OPERATORS)
        faults.append(fault(place, f"operator '{row['operator']}' is unknown", remedy))
    if row["input"] and row["input"] not in INPUTS:
        remedy = did_you_mean(row["input"], INPUTS)
        faults.append(fault(place, f"input '{row['input']}' is unknown", remedy))
    elif rule in PER_HEAD and row["input"] and not row["input"].startswith("pop"):
        wrong = f"input '{row['input']}' is no population: a rule of type {rule} is for so many people"
        faults.append(fault(place, wrong, "write pop, pop_urban, ..., or a rule of type multiplier"))
    if row["level"] not in ("", *LEVELS):
        faults.append(fault(place, f"level '{row['level']}' is unknown", did_you_mean(row["level"], LEVELS)))
    ends = parse_number(row["value"])
    if ends is None:
        wrong = f"{row['standard_id']}: value '{row['value']}' is not a number"
        faults.append(fault(place, wrong, "a rule needs its number"))
    if row["year"] and not _YEAR.fullmatch(row["year"]):
        faults.append(fault(place, f"year '{row['year']}' is not a year", "write 2025 or 2021-2025"))
    faults += _turned(row["year"], place)
    scale = parse_number(row["scale"]) if row["scale"] else (1.0, 1.0)
    if scale is None:
        faults.append(fault(place, f"scale '{row['scale']}' is not a number", "write e.g. 3"))
    elif scale[0] != scale[1]:
        faults.append(fault(place, f"scale '{row['scale']}' is a range", "write one number, such as 3"))
    elif scale[0] <= 0:
        wrong = f"scale '{row['scale']}': nothing would be required"
        faults.append(fault(place, wrong, "write how many times the input counts, such as 3"))
    if rule == "growth":
        faults += _growth_faults(row, place, words, indicators)
    if not faults and ends is not None and row["operator"] != "change":
        faults += _plausible(row["indicator_id"], ends, row["unit"], place, words)
    return faults


def _growth_faults(
    row: Mapping[str, str], place: str, words: Vocabulary, indicators: Sequence[Indicator]
) -> Iterator[str]:
    """What is wrong with a rule by which something grows from its baseline."""
    if row["unit"] in words.units and words.units[row["unit"]].quantity != "share":
        wrong = f"{row['standard_id']}: a growth in '{row['unit']}'"
        yield fault(place, wrong, "write the growth over the whole period, in %")
    if not any(i.id == row["base_indicator"] and i.kind == "baseline" for i in indicators):
        wrong = f"{row['standard_id']}: base_indicator '{row['base_indicator']}' has no baseline"
        yield fault(place, wrong, "name the indicator that grows; it needs a baseline row")


def statement_faults(
    indicators: Sequence[Indicator], path: Path, years: tuple[int, int], words: Vocabulary
) -> list[str]:
    """Faults that only several rows show: repetitions, years, jumps of unit, shares.

    years: base and target year of the plan.
    """
    return [
        *_repetitions(indicators, path),
        *_years(indicators, path, *years),
        *_jumps(indicators, path, words),
        *_changes(indicators, path, words),
        *_shares(indicators, path, words),
    ]


def rule_repetitions(rows: Sequence[Mapping[str, str]], path: Path) -> list[str]:
    """Rules of one id: results, verdicts and questions are told by it."""
    first: dict[str, str] = {}
    faults = []
    for row in rows:
        before = first.setdefault(row["standard_id"], row["_line"])
        if before != row["_line"]:
            wrong = f"standard_id '{row['standard_id']}' stands in line {before} too"
            faults.append(fault(f"{path}:{row['_line']}", wrong, "give each rule an id of its own"))
    return faults


def _line_faults(row: Mapping[str, str], place: str) -> list[str]:
    if whole(row["line"]) is not None:
        return []
    return [fault(place, f"line '{row['line']}' is not a number", "write the line of the source text")]


def _turned(year: str, place: str) -> list[str]:
    """A span of years that ends before it begins."""
    first, _, last = year.partition("-")
    if _YEAR.fullmatch(year) and last and last <= first:
        return [fault(place, f"years '{year}' end before they begin", "write 2021-2025")]
    return []


def _word_faults(row: Mapping[str, str], place: str, words: Vocabulary) -> list[str]:
    faults = []
    name = row["indicator_id"]
    if name not in words.indicators:
        remedy = did_you_mean(name, list(words.indicators))
        faults.append(fault(place, f"unknown indicator '{name}'", remedy))
    if row["unit"] not in words.units:
        remedy = did_you_mean(row["unit"], list(words.units))
        faults.append(fault(place, f"{name}: unknown unit '{row['unit']}'", remedy))
    basis = row["population_basis"]
    if basis and basis not in words.bases:
        remedy = did_you_mean(basis, list(words.bases))
        faults.append(fault(place, f"{name}: unknown population basis '{basis}'", remedy))
    if row["binding"] not in BINDING:
        remedy = "binding, expected, guidance or empty"
        faults.append(fault(place, f"{name}: binding '{row['binding']}' is unknown", remedy))
    return [*faults, *slip_faults(row, place, words)]


def _plausible(name: str, ends: tuple[float, float], unit: str, place: str, words: Vocabulary) -> list[str]:
    """A slip of unit: per 1000 given as per 10000, a share above 100 %, a rate out of range."""
    declared = _PER.search(name)
    if declared and unit.startswith("per 10") and unit != declared[1].replace("_", " "):
        meant = declared[1].replace("_", " ")
        wrong = f"{name} is given {unit}"
        return [fault(place, wrong, f"give it {meant}: {ends[0]:g} {unit} is another figure")]
    limit = words.ranges.get(name)
    if limit is None:
        if unit == "%" and not (0 <= ends[0] and ends[1] <= 100):
            wrong = f"{name}: {ends[1]:g} % is not a share"
            return [fault(place, wrong, "a share lies between 0 and 100; use operator change")]
        return []
    if unit not in words.units or words.units[unit].base != words.units[limit.unit].base:
        return [fault(place, f"{name} in '{unit}'", f"give it in '{limit.unit}'")]
    factor = words.units[unit].factor / words.units[limit.unit].factor
    value = ends[0] * factor
    if limit.low <= value and ends[1] * factor <= limit.high:
        return []
    remedy = f"between {limit.low:g} and {limit.high:g} {limit.unit} ({limit.why})"
    for shift in shifts(value, limit.low, limit.high)[:1]:
        remedy += f"; is {shift.mended(value):g} {limit.unit} meant?"
    return [fault(place, f"{name} = {ends[0]:g} {unit} is not plausible", remedy)]


def _repetitions(indicators: Iterable[Indicator], path: Path) -> list[str]:
    faults = []
    seen: dict[tuple[str, ...], int] = {}
    for i in indicators:
        key = (i.id, i.kind, i.year, i.unit.name, i.population_basis, i.scope, i.location, str(i.line))
        if key in seen:
            wrong = f"{i.id} ({i.kind} {i.year}) stands twice, first on row {seen[key]}"
            faults.append(fault(f"{path}:{i.row}", wrong, "keep one, or give each its place"))
        seen.setdefault(key, i.row)
    return faults


def _years(indicators: Sequence[Indicator], path: Path, base_year: int, target_year: int) -> list[str]:
    faults = []
    bases: dict[str, int] = {}
    for b in indicators:
        if b.kind == "baseline":
            bases[b.id] = max(b.last_year or 0, bases.get(b.id, 0))
    for i in indicators:
        if i.kind != "target" or i.last_year is None:
            continue
        base = max(bases.get(i.id, base_year), base_year)
        if i.last_year <= base:
            wrong = f"{i.id}: target year {i.last_year} is not after its baseline year"
            remedy = f"write a year after {base}"
            faults.append(fault(f"{path}:{i.row}", wrong, remedy))
        if i.last_year > target_year + FARTHEST:
            wrong = f"{i.id}: target year {i.last_year}, {i.last_year - target_year} years after the plan's"
            remedy = f"write a year up to {target_year + FARTHEST}; is {target_year} meant?"
            faults.append(fault(f"{path}:{i.row}", wrong, remedy))
    return faults


def _jumps(indicators: Sequence[Indicator], path: Path, words: Vocabulary) -> list[str]:
    """A ratio to people far from its own baseline: another unit was meant."""
    faults = []
    low, high = (float(words.rules["target_jump"][end]) for end in ("low", "high"))
    for i in indicators:
        if i.kind != "target" or i.operator == "change" or i.unit.name not in _RATIOS:
            continue
        factors = [
            i.fraction / b.fraction
            for b in indicators
            if (b.id, b.kind, b.scope) == (i.id, "baseline", i.scope) and i.fraction and b.fraction
        ]
        if factors and not any(low <= f <= high for f in factors):
            wrong = f"{i.id}: target {i.text} {i.unit.name} is {factors[0]:.2g} times the baseline"
            remedy = "check the unit: per 1000 and per 10000 differ tenfold"
            faults.append(fault(f"{path}:{i.row}", wrong, remedy))
    return faults


_RATIOS = ("per 1000", "per 10000")


def _changes(indicators: Sequence[Indicator], path: Path, words: Vocabulary) -> Iterator[str]:
    """Changes that cannot be made to their baseline, or come to a level that cannot be."""
    for i in indicators:
        if i.kind != "target" or i.operator != "change" or i.value is None:
            continue
        base = baseline_of(i, [b for b in indicators if (b.id, b.kind) == (i.id, "baseline")])
        if base is None or base.operator == "change":
            continue
        place, said = f"{path}:{i.row}", f"{i.id}: a change of {i.text} {i.unit.name}"
        if not adds_to(i.unit, base.unit):
            wrong = f"{said}, its baseline {base.text} is {base.unit.name}"
            yield fault(place, wrong, f"give the change in {base.unit.name}, or in %")
            continue
        after = (level_after(i, base) or 0.0) / base.unit.factor
        if after < 0 or _plausible(i.id, (after, after), base.unit.name, place, words):
            wrong = f"{said} takes {base.text} to {after:.4g} {base.unit.name}"
            yield fault(place, wrong, "check the figure and its unit, or write the level that is meant")


def _shares(indicators: Sequence[Indicator], path: Path, words: Vocabulary) -> list[str]:
    """Shares of one whole, printed in one section, that do not add up to 100 %."""
    faults = []
    for name, members in words.share_sets.items():
        groups: dict[tuple[str, str, str], dict[str, Indicator]] = defaultdict(dict)
        for i in indicators:
            if i.id in members and i.value is not None and i.operator != "change":
                groups[i.kind, i.year, i.location].setdefault(i.id, i)
        for found in groups.values():
            if len(found) < len(members):
                continue
            figures = [i.figure for i in found.values()]
            total = sum(figures[1:], start=figures[0])
            if not total.widened().meets(exact(100.0)):
                last = max(found.values(), key=lambda i: i.row)
                wrong = f"shares of '{name}' add up to {total.mid:g} %"
                faults.append(fault(f"{path}:{last.row}", wrong, f"100 %: {', '.join(members)}"))
    return faults
