"""The life table, known once: demography and burden stand on it."""

from sim.lifetable.ax import HIGHEST_OPEN_RATE, RULES, ax_by_rule, infant_ax, infant_pieces
from sim.lifetable.conversion import lx_to_qx, mx_to_qx, qx_to_lx, qx_to_mx
from sim.lifetable.survival import infant_ax_by_sex, mx_to_sx, survival_ratios
from sim.lifetable.table import (
    age_widths,
    e0_variance,
    expectancy_by_sex,
    life_columns,
    life_expectancy,
    life_table,
    searched_expectancy,
    table_columns,
)

__all__ = [
    "HIGHEST_OPEN_RATE",
    "RULES",
    "age_widths",
    "ax_by_rule",
    "e0_variance",
    "expectancy_by_sex",
    "infant_ax",
    "infant_ax_by_sex",
    "infant_pieces",
    "life_columns",
    "life_expectancy",
    "life_table",
    "lx_to_qx",
    "mx_to_qx",
    "mx_to_sx",
    "qx_to_lx",
    "qx_to_mx",
    "searched_expectancy",
    "survival_ratios",
    "table_columns",
]
