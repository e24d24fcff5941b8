"""Every rule of a plan as a requirement, in the target year and the years it is carried to.

Inputs are the run's own medians: people by basis, births, beds and staff; counts of places come
from the document.  Rules without their input, spatial rules and queues are declined by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sim.adequacy.case import Case
from sim.adequacy.series import Measures, expression, median
from sim.catalogue.bases import RULE_INPUTS
from sim.plan.standards import COLUMNS as OF_RULES
from sim.plan.standards import requirements, standards_table

COLUMNS = (OF_RULES[0], "region", "scenario", *OF_RULES[1:])

INPUTS = {  # input of a rule -> a series of a run, in the language of sim.expression
    **RULE_INPUTS,
    "pop_65plus": "population_group.65+",
    "pop_u3": "population_group.0-2",
    "births": "births.total",
    "beds_primary": "beds_available.primary",
    "doctors": "doctors_available.total",
    "slots": "childcare_slots_available.total",
    "ambulances": "ambulances_required.rule",
    "severe_mental_registered": "managed_required.severe_mental",
    "hypertension_known": "managed_required.hypertension",
}


def standard_rows(cases: Iterable[Case]) -> Iterator[dict[str, Any]]:
    """Rows of standards.csv."""
    for case in cases:
        for year in _years(case):
            found = requirements(case.plan, inputs(case.measures, year))
            for row in standards_table(found):
                own = {"region": case.region, "scenario": case.scenario, "year": year}
                yield {c: {**row, **own}[c] for c in COLUMNS}


def inputs(measures: Measures, year: int) -> dict[str, float]:
    """What the rules count, as medians over the draws; what a run does not hold is left out."""
    found = {}
    for name, text in INPUTS.items():
        values = expression(measures, text, "", year)
        if values is not None:
            found[name] = median(values)
    if "pop_county" in found:
        found["pop_urban_districts"] = found["pop_resident"] - found["pop_county"]
    return found


def _years(case: Case) -> list[int]:
    first = max(case.plan.target_year, case.measures.years()[0])
    return [first, *(y for y in case.test_years if y > first)]
