"""Rows of adequacy.csv and adequacy_detail.csv: their columns, and numbers as text."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.writing import number

Row = dict[str, Any]

COLUMNS = (
    "plan",
    "region",
    "scenario",
    "indicator_id",
    "name_zh",
    "name_en",
    "year",
    "unit",
    "population_basis",
    "baseline",
    "target",
    "required_p10",
    "required_p50",
    "required_p90",
    "available_p50",
    "ratio_p50",
    "p_enough",
    "p_reached",
    "verdict",
    "grade",
    "reason",
)
EXTRA_COLUMNS = (
    "test",
    "variable",
    "group",
    "question",
    "operator",
    "binding",
    "scope",
    "location",
    "target_year",
    "projected_p50",
    "need_norm_p50",
    "need_plan_p50",
    "available_count_p50",
    "required_count_p50",
    "projected_count_p50",
    "p_enough_projected",
    "p_enough_mcse",
    "p_reached_mcse",
    "required_p50_mcse",
    "rests_on",
    "scale",
    "sense",
    "unit_factor",
    "goal",
    "basis_read",
    "basis_effect",
    "first_short_year",
)
DETAIL_COLUMNS = (*COLUMNS, *EXTRA_COLUMNS)
_NUMBERS = frozenset(
    c for c in DETAIL_COLUMNS if c.startswith(("required", "available", "ratio", "p_", "projected", "need_"))
)


def printed(row: Row) -> Row:
    """A row of adequacy.csv, numbers as text."""
    return {c: _text(c, row.get(c, "")) for c in COLUMNS}


def detail(row: Row) -> Row:
    """A row of adequacy_detail.csv."""
    return {c: _text(c, row.get(c, "")) for c in DETAIL_COLUMNS}


def _text(column: str, value: Any) -> Any:
    if column in _NUMBERS and isinstance(value, float):
        return number(round(value, 6) if abs(value) < 1e6 else value) if np.isfinite(value) else ""
    return value
