"""Which target would hold?  For every tested row the target that holds with probability p.

Worked out from a saved run, in the plan's own unit and on its own population. What is provided
(beds, staff, shares): the smallest target that is enough, the quantile of the need over the draws;
for rules of people per unit the largest number of people. Coverage: the largest that the staff and
services there are can carry. Outcomes: the tightest value that is reached. Beside a target of
beds or staff the count that it means, and the build or recruitment of every year from the base-year
stock on; beside a coverage the people that it means, and how many more it takes every year. A row
without such a target says why.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from sim.adequacy.inflow import Effort
from sim.adequacy.needed_target import find_target, is_upward, kind_of
from sim.adequacy.series import Measures
from sim.adequacy.sufficient import decimals, rounded
from sim.errors import ConfigError, fault
from sim.store import open_run
from sim.writing import number, write_rows

PROBABILITIES = (0.8, 0.9, 0.95)
PLAN = "plan"
WHOLE = 100.0  # percent
COLUMNS = (
    "plan",
    "region",
    "scenario",
    "indicator_id",
    "name_zh",
    "name_en",
    "scope",
    "year",
    "unit",
    "population_basis",
    "baseline",
    "target",
    "target_now",
    "p_now",
    "p",
    "revised",
    "revised_mcse",
    "proposed",
    "count_p50",
    "required_count_p50",
    "kind",
    "base_year",
    "stock_base",
    "net_per_year",
    "replacement_per_year",
    "per_year",
    "variable",
    "group",
    "location",
    "note",
)
_NUMBERS = frozenset(
    {
        "target_now",
        "p_now",
        "revised",
        "revised_mcse",
        "proposed",
        "count_p50",
        "required_count_p50",
        "stock_base",
        "net_per_year",
        "replacement_per_year",
        "per_year",
    }
)
_CARRIED = "largest coverage that can be carried / 现有能力可承担的最大覆盖率"
_WORDS = "asked in words, without a figure to revise / 仅有文字要求，无可修订的数值"
_NO_FIGURE = "the run holds no series to work it out from / 运行结果中无相应序列"

Row = dict[str, Any]


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
    at, m = ("", ""), Measures({})
    for row in detail:
        if row["verdict"] == "not_tested":
            continue
        if at != (row["scenario"], row["region"]):
            at = row["scenario"], row["region"]
            m = Measures.of(results, scenarios.index(at[0]), regions.index(at[1]))
        yield from rows_of(m, row, probabilities)


def rows_of(m: Measures, row: Mapping[str, str], probabilities: Sequence[float]) -> Iterator[Row]:
    """The plan's own target and one for each probability; where there is none, the reason.

    row: of adequacy_detail.csv, tested.  m: series of its scenario and region.
    """
    now, p_now = _float(row["goal"]), _float(row["p_enough"] or row["p_reached"])
    head: Row = {c: None if c in _NUMBERS else row.get(c, "") for c in COLUMNS}
    head |= {
        "population_basis": row["basis_read"],
        "target_now": now,
        "p_now": p_now,
        "p": "",
        "kind": kind_of(row),
        "base_year": m.years()[0],
        "note": "",
    }
    find = find_target(m, row)
    if find is None:
        yield {**head, "kind": "none", "note": _WORDS if row["test"] == "need" else _NO_FIGURE}
        return
    effort = Effort(m, row)
    if effort.counts and now is not None:
        yield {**head, "p": PLAN, "revised": now, **effort.of(now)}
    for p in probabilities:
        value, error = find(p)
        out = {**head, "p": f"{p:g}", "revised": value, "revised_mcse": error}
        out["proposed"] = rounded(value, decimals(row, value), upward=is_upward(row))
        if row["test"] == "share" and row["unit"] == "%" and value > WHOLE:
            out |= {"proposed": None, "note": "no share is enough / 任何比例都不够"}
        out |= effort.of(value) if effort.counts else {}
        if head["kind"] == "cover":
            out["note"] = "; ".join(n for n in (_CARRIED, out["note"]) if n)
        yield out


def _float(text: str) -> float | None:
    return float(text) if text else None
