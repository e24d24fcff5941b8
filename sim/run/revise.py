"""Which target would hold?  For each tested target the smallest that is enough with probability p.

Worked out from a saved run: the target that is enough with probability p is the quantile of the
need over the run's draws, in the plan's own unit and on its own population; for rules of people
per unit the largest number of people. Beside it the count that it means, and the build or the
recruitment of every year from the base-year stock on. For outcomes: the value reached with
probability p.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from sim.adequacy import quantile_mcse, quantiles
from sim.errors import ConfigError, fault
from sim.run.held import rate_met
from sim.run.measures import Floats, Measures, expression, sampled
from sim.schema import RESOURCES
from sim.store import number, open_run, write_rows

PROBABILITIES = (0.8, 0.9, 0.95)
PLAN = "plan"
WHOLE = 100.0  # percent
COARSEST_STEP = 0.02  # of a value: how far a proposed target may be rounded at most
COLUMNS = (
    "plan", "region", "scenario", "indicator_id", "name_zh", "name_en", "scope", "year", "unit",
    "population_basis", "baseline", "target", "target_now", "p_now", "p", "revised", "revised_mcse",
    "proposed", "count_p50", "required_count_p50", "kind", "base_year", "stock_base",
    "net_per_year", "replacement_per_year", "per_year", "variable", "group", "location", "note",
)  # fmt: skip
_NUMBERS = frozenset({
    "target_now", "p_now", "revised", "revised_mcse", "proposed", "count_p50",
    "required_count_p50", "stock_base", "net_per_year", "replacement_per_year", "per_year",
})  # fmt: skip
_PROVIDED = ("ratio", "count")
_BISECTIONS = 50  # 2^-50 of the bracket

Row = dict[str, Any]


@dataclass(frozen=True)
class Inflow:
    """What a stock takes every year to reach a count: net growth and replacement of leavers."""

    net: float
    replacement: float | None
    """None where leavers are not modelled, or nothing leaves (beds, slots, vehicles)."""

    @property
    def total(self) -> float:
        """Build or recruitment a year; negative where the stock may shrink."""
        return self.net + (self.replacement or 0.0)


def revise(folder: Path, probabilities: Sequence[float] = PROBABILITIES) -> list[Row]:
    """Rows for every tested target of a saved run; one for the plan's own, one for each p.

    Raises ConfigError where the folder is no run, or a probability is not between 0 and 1.
    """
    wrong = [p for p in probabilities if not 0 < p < 1]
    if wrong or not probabilities:
        value = f"{wrong[0]:g}" if wrong else "none"
        raise ConfigError(fault("--p", f"{value} is no probability", "write one such as 0.9"))
    run = open_run(folder)
    detail = folder / "adequacy_detail.csv"
    if not detail.is_file():
        raise ConfigError(fault(str(detail), "is not there", "run the experiment again"))
    with detail.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    if rows and "unit_factor" not in rows[0]:
        raise ConfigError(fault(str(detail), "has no unit_factor", "run the experiment again"))
    with run.results() as results:
        return list(revised_rows(results, rows, sorted(set(probabilities))))


def write(folder: Path, rows: Iterable[Row]) -> Path:
    """revise.csv of a run folder."""
    path = folder / "revise.csv"
    write_rows(path, COLUMNS, map(printed, rows))
    return path


def printed(row: Row) -> Row:
    """A row of revise.csv, numbers as text."""
    return {c: _text(row.get(c)) if c in _NUMBERS else row.get(c, "") for c in COLUMNS}


def _text(value: Any) -> str:
    return number(float(value)) if value is not None and np.isfinite(value) else ""


def revised_rows(
    results: xr.Dataset, detail: Iterable[Mapping[str, str]], probabilities: Sequence[float]
) -> Iterator[Row]:
    """Rows from results.nc and the rows of adequacy_detail.csv."""
    scenarios = [str(s) for s in results.scenario.values]
    regions = [str(r) for r in results.region.values]
    measures: dict[tuple[str, str], Measures] = {}
    for row in detail:
        growth = row["operator"] == "change" and row["unit"] == "%" and not row["required_p50"]
        if row["verdict"] == "not_tested" or growth:  # a growth has no level to propose
            continue
        at = row["scenario"], row["region"]
        if at not in measures:
            place = scenarios.index(at[0]), regions.index(at[1])
            measures[at] = Measures.of(results, *place)
        yield from _rows(measures[at], row, probabilities)


def _rows(m: Measures, row: Mapping[str, str], probabilities: Sequence[float]) -> Iterator[Row]:
    if row["required_p50"] and row["test"] in (*_PROVIDED, "share"):
        needed = needed_target(m, row)
        if needed is None:
            return
        find = _provided(needed, largest=row["scale"] == "inverse")
    elif row["test"] != "coverage" and not row["required_p50"]:
        reached = _reached(m, row)
        if reached is None:
            return
        find = reached
    else:
        return
    now = float(row["goal"]) if row["goal"] else None
    p_now = row["p_enough"] or row["p_reached"]
    head: Row = {c: None if c in _NUMBERS else row.get(c, "") for c in COLUMNS}
    head |= {
        "population_basis": row["basis_read"],
        "target_now": now,
        "p_now": float(p_now) if p_now else None,
        "kind": _kind(row),
        "base_year": m.years()[0],
        "note": "",
    }
    provided = row["test"] in _PROVIDED
    if provided and now is not None:
        yield {**head, "p": PLAN, "revised": now, **_effort(m, row, now)}
    for p in probabilities:
        value, error = find(p)
        out = {**head, "p": f"{p:g}", "revised": value, "revised_mcse": error}
        out["proposed"] = rounded(value, decimals(row, value), upward=_upward(row))
        if row["test"] == "share" and row["unit"] == "%" and value > WHOLE:
            out |= {"proposed": None, "note": "no share is enough / 任何比例都不够"}
        yield {**out, **(_effort(m, row, value) if provided else {})}


def needed_target(m: Measures, row: Mapping[str, str]) -> Floats | None:
    """The target that would just be enough in each draw, in the plan's unit, draw 0 first.

    row: of adequacy_detail.csv.  None where the run does not hold the series.
    """
    year, factor = int(row["year"]), float(row["unit_factor"])
    if row["test"] == "share":
        value = expression(m, row["variable"], row["group"], year)
        return None if value is None else value / factor
    group = row["group"] or "total"
    if not m.has(f"{row['variable']}_required", group):
        return None
    required = m.at(f"{row['variable']}_required", group, year)
    if row["test"] == "count":
        return required / factor
    people = m.population(row["basis_read"], year)
    if row["scale"] == "inverse":
        with np.errstate(divide="ignore"):
            return people / required
    return required / (people * factor)


def enough_with(needed: Floats, p: float, *, largest: bool = False) -> float:
    """The smallest target >= the needed one in at least a share p of the draws (exact, no mean).

    largest: the other way round, the largest target <= the needed one in a share p of the draws.
    """
    n = len(needed)
    k = int(np.ceil(p * n - 1e-9))
    ordered = np.sort(needed)
    return float(ordered[n - k] if largest else ordered[k - 1])


def _provided(needed: Floats, *, largest: bool) -> Callable[[float], tuple[float, float]]:
    values = sampled(needed)

    def find(p: float) -> tuple[float, float]:
        error = float(quantile_mcse(values, 1 - p if largest else p)) if len(values) > 1 else 0.0
        return enough_with(values, p, largest=largest), error

    return find


def _reached(m: Measures, row: Mapping[str, str]) -> Callable[[float], tuple[float, float]] | None:
    """The value that an outcome reaches with probability p, in the plan's unit."""
    year, factor = int(row["year"]), float(row["unit_factor"])
    value = expression(m, row["variable"], row["group"], year)
    if value is None:
        return None
    lower_is_better = row["sense"] in ("<", "<=")
    if not row["unit"].endswith("live births"):
        return _provided(value / factor, largest=not lower_is_better)
    births, outcome = sampled(m.at("births", "total", year)), sampled(value)

    def met(goal: float) -> Floats:
        return rate_met(row["sense"], goal * factor, outcome, births)

    def find(p: float) -> tuple[float, float]:
        solved = rate_with(met, p, start=float(np.max(outcome)) / factor, lower=lower_is_better)
        spread = float(np.std(met(solved)) / np.sqrt(len(outcome)))
        around = [
            rate_with(met, float(np.clip(q, 1e-6, 1 - 1e-6)), start=solved, lower=lower_is_better)
            for q in (p - spread, p + spread)
        ]
        return solved, 0.5 * abs(around[1] - around[0])

    return find


def rate_with(met: Callable[[float], Floats], p: float, *, start: float, lower: bool) -> float:
    """The strictest rate that is met with probability p, by bisection.

    met: probability by draw that the outcome meets a rate.  lower: less is better, so that the
    probability rises with the rate.  start: a rate of the right size.
    """
    low, high = 0.0, max(start, 1e-12)
    if lower and np.mean(met(low)) >= p:
        return low  # even no death at all is likely enough
    while lower and np.mean(met(high)) < p:
        high *= 2.0
    while not lower and np.mean(met(high)) >= p:
        high *= 2.0
    for _ in range(_BISECTIONS):
        middle = 0.5 * (low + high)
        if (np.mean(met(middle)) >= p) == lower:
            high = middle
        else:
            low = middle
    return high if lower else low


def decimals(row: Mapping[str, str], value: float) -> int:
    """Decimals to show: those of the plan's figures, more where a step would be over 2 %.

    A change is added to its baseline, and a row without a target has only that: it counts too.
    """
    text = row["target"]
    if row["operator"] == "change" or not text:
        text += f" {row['baseline']}"
    places = max((len(d) for d in re.findall(r"\.(\d+)", text)), default=0)
    if row["test"] == "count" or not np.isfinite(value) or value == 0:
        return places
    return max(places, int(np.ceil(-np.log10(COARSEST_STEP * abs(value)))))


def rounded(value: float, places: int, *, upward: bool) -> float | None:
    """The value rounded to the safe side, to the decimals of the plan's own figure."""
    if not np.isfinite(value):
        return None
    scale = 10.0**places
    slack = 1e-6 * abs(value) * scale  # what a stored figure may be off
    steps = np.ceil(value * scale - slack) if upward else np.floor(value * scale + slack)
    return float(steps / scale)


def _upward(row: Mapping[str, str]) -> bool:
    """Whether the safe side of a revised figure is above it."""
    if row["required_p50"]:
        return row["scale"] != "inverse"
    return row["sense"] in ("<", "<=")


def _kind(row: Mapping[str, str]) -> str:
    resource = RESOURCES.get(row["variable"])
    if row["test"] not in _PROVIDED or resource is None:
        return "outcome" if not row["required_p50"] else "share"
    return "recruit" if resource.group_dim == "staff_method" else "build"


def _effort(m: Measures, row: Mapping[str, str], target: float) -> Row:
    """The count that a target means, and what it takes every year from the base-year stock."""
    year, factor = int(row["year"]), float(row["unit_factor"])
    group = row["group"] or "total"
    if row["test"] == "count":
        count = target * factor
    else:
        people = m.population(row["basis_read"], year)
        per_unit = row["scale"] == "inverse"
        count = _median(people / target if per_unit else people * factor * target)
    out: Row = {"count_p50": count}
    out["required_count_p50"] = _median(m.at(f"{row['variable']}_required", group, year))
    base = m.years()[0]
    if not m.has(f"{row['variable']}_projected", group):
        return {**out, "note": "no known stock / 现有数量未知"}
    out["stock_base"] = _median(m.at(f"{row['variable']}_projected", group, base))
    if year <= base:
        return {**out, "note": "the target year is the base year / 目标年即基年"}
    leaving = leaving_rates(m, row["variable"], group, year)
    inflow = yearly_inflow(out["stock_base"], count, year - base, leaving)
    note = ""
    if leaving is None and _kind(row) == "recruit":
        note = "replacement of leavers not modelled / 未计离职补充"
    return {
        **out,
        "net_per_year": inflow.net,
        "replacement_per_year": inflow.replacement,
        "per_year": inflow.total,
        "note": note,
    }


def yearly_inflow(base: float, count: float, years: int, leaving: Sequence[float] | None) -> Inflow:
    """The same number every year that takes a stock from `base` to `count` in `years` years.

    leaving: share of the stock that leaves in each of these years.  N(t) = N(t-1) (1 - leaving(t))
    + entrants; replacement is entrants less the mean yearly growth.  Valid from zero.
    """
    net = (count - base) / years
    if leaving is None:
        return Inflow(net, None)
    kept, weight = 1.0, 0.0
    for rate in leaving:
        kept, weight = kept * (1.0 - rate), weight * (1.0 - rate) + 1.0
    return Inflow(net, (count - base * kept) / weight - net)


def leaving_rates(m: Measures, variable: str, group: str, year: int) -> list[float] | None:
    """Share of a cadre that leaves (retirement, attrition) in each year up to `year`, medians."""
    if group != "total" or not m.has("staff_leavers", variable):
        return None
    stock = m.series[f"{variable}_projected"].sel(staff_method=group)
    leavers = m.series["staff_leavers"].sel(cadre=variable).transpose(*stock.dims)
    later = leavers.values[1 : m.years().index(year) + 1].astype(float)
    rates = later / stock.values[: len(later)]
    return [_median(rate) for rate in rates]


def _median(values: Floats) -> float:
    return float(quantiles(sampled(values))[1])


def revise_command(
    folder: Path, probabilities: Sequence[float], scenario: str | None, lang: str
) -> str:
    """Write revise.csv of a run and return its table as text.

    Raises ConfigError for a scenario that the run does not have.
    """
    from sim.report import revise_text

    rows = revise(folder, probabilities or PROBABILITIES)
    names = list(dict.fromkeys(row["scenario"] for row in rows))
    if scenario is not None and scenario not in names:
        remedy = f"known: {', '.join(names)}"
        raise ConfigError(fault("--scenario", f"'{scenario}' is not in this run", remedy))
    path = write(folder, rows)
    return f"{revise_text([printed(row) for row in rows], lang, scenario=scenario)}\n{path}"
