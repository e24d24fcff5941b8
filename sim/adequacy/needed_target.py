"""What the target of a tested row would have to be, draw by draw, from a saved run.

row: of adequacy_detail.csv; m: the series of its scenario and region.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sim.adequacy import coverage
from sim.adequacy.series import Floats, Measures, expression
from sim.adequacy.sufficient import Find, quantile_of, rate_reached
from sim.draws import sampled
from sim.plan.tests import TestRule
from sim.schema import RESOURCES

PROVIDED = ("ratio", "count")


def find_target(m: Measures, row: Mapping[str, str]) -> Find | None:
    """How the target of a row is found; None where there is nothing to find it from."""
    if row["test"] == "need":
        return None
    if row["test"] == "coverage":
        carried = carried_coverage(m, row)
        return None if carried is None else quantile_of(carried, largest=True)
    if row["required_p50"]:
        needed = needed_target(m, row)
        largest = row["scale"] == "inverse"
        return None if needed is None else quantile_of(needed, largest=largest)
    return _reached(m, row)


def needed_target(m: Measures, row: Mapping[str, str]) -> Floats | None:
    """The target that would just be enough in each draw, in the plan's unit, draw 0 first.

    row: of adequacy_detail.csv.  None where the run does not hold the series.
    """
    year, factor = int(row["year"]), float(row["unit_factor"])
    if row["test"] == "share":
        value = expression(m, row["variable"], row["group"], year)
        return None if value is None else value / factor
    required = expression(m, f"{row['variable']}_required", row["group"] or "total", year)
    if required is None or row["test"] == "count":
        return None if required is None else required / factor
    people = m.population(row["basis_read"], year)
    if row["scale"] == "inverse":
        with np.errstate(divide="ignore"):
            return people / required
    return required / (people * factor)


def carried_coverage(m: Measures, row: Mapping[str, str]) -> Floats | None:
    """The coverage that staff and services can just carry in each draw, in the plan's unit."""
    rule, year = _rule(row), int(row["year"])
    capacity, people = coverage.capacity(m, rule, year), per_unit(m, row)
    if capacity is None or people is None:
        return None
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(people > 0, capacity / people, np.inf)


def per_unit(m: Measures, row: Mapping[str, str]) -> Floats | None:
    """People or events that one of the plan's units of a coverage means, by draw."""
    people = coverage.covered_people(m, _rule(row), int(row["year"]))
    factor = float(row["unit_factor"])
    if people is None or not row["available_count_p50"]:
        return None
    shown, count = float(row["available_p50"]), float(row["available_count_p50"])
    stated_as_count = np.isclose(shown * factor, count, rtol=1e-5)  # shown as itself
    return np.full_like(people, factor) if stated_as_count else people * factor


def _rule(row: Mapping[str, str]) -> TestRule:
    names = ("indicator_id", "scope", "test", "variable", "group", "question")
    blank = {"basis": "", "reason_en": "", "reason_zh": ""}
    return TestRule(**{n: row[n] for n in names}, **blank, scale=row["scale"])


def _reached(m: Measures, row: Mapping[str, str]) -> Find | None:
    """The value that an outcome reaches with probability p, in the plan's unit."""
    year, factor = int(row["year"]), float(row["unit_factor"])
    value = expression(m, row["variable"], row["group"], year)
    if value is None:
        return None
    if row["operator"] == "change" and not row["goal"]:  # no level: growth since the base year
        base = expression(m, row["variable"], row["group"], m.years()[0])
        value = None if base is None else value / base - 1.0
    if value is None:
        return None
    if row["unit"].endswith("live births"):
        births = sampled(m.at("births", "total", year))
        return rate_reached(row["sense"], factor, sampled(value), births)
    return quantile_of(value / factor, largest=row["sense"] not in ("<", "<="))


def is_upward(row: Mapping[str, str]) -> bool:
    """Whether the safe side of a revised figure is above it."""
    if row["test"] == "coverage":
        return False
    if row["required_p50"]:
        return row["scale"] != "inverse"
    return row["sense"] in ("<", "<=")


def kind_of(row: Mapping[str, str]) -> str:
    """What the target of a row asks for: build, recruit, cover, a share, or an outcome."""
    resource = RESOURCES.get(row["variable"])
    if row["test"] == "coverage":
        return "cover"
    if row["test"] not in PROVIDED or resource is None:
        return "outcome" if not row["required_p50"] else "share"
    return "recruit" if resource.group_dim == "staff_method" else "build"
