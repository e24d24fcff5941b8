"""Groups of the other resources: methods of counting staff, slots, care beds, vehicles, centres.

The only place that lists them, by the dimension along which a run holds them. The schema's labels
and the words of tables and charts follow. Beds, cadres and programmes have catalogues of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Group:
    """One group along a dimension: as in results.nc, and its word in both languages."""

    id: str
    zh: str
    en: str


TOTAL: Final = Group("total", "合计", "total")
ROWS: Final[dict[str, tuple[Group, ...]]] = {
    "staff_method": (
        TOTAL,
        Group("ratio", "按配比", "by ratio"),
        Group("wisn", "按工作量", "by workload (WISN)"),
        Group("service_target", "按服务目标", "by service target"),
    ),
    "childcare_group": (
        TOTAL,
        Group("enrolled", "按现有入托", "by present use"),
        Group("rule", "按千人托位规则", "by the per-1000 rule"),
        Group("age_0", "0岁", "age 0"),
        Group("age_1", "1岁", "age 1"),
        Group("age_2", "2岁", "age 2"),
    ),
    "care_group": (
        TOTAL,
        Group("institution", "机构", "in institutions"),
        Group("nursing_type", "护理型", "nursing type"),
    ),
    "ambulance_group": (
        TOTAL,
        Group("urban", "市区", "urban"),
        Group("county", "县域", "counties"),
        Group("negative_pressure", "负压", "negative pressure"),
        Group("rule", "按人口配车规则", "by the rule per population"),
    ),
    "chc_group": (
        Group("dense", "人口密集区", "dense districts"),
        Group("sparse", "人口稀疏区", "sparse districts"),
    ),
}


def ids(dim: str) -> tuple[str, ...]:
    """Labels along a dimension, in the order of a run."""
    return tuple(row.id for row in ROWS[dim])


def word(dim: str, group: str) -> tuple[str, str] | None:
    """A group's word in Chinese and English; None where the dimension has no such group."""
    return next(((row.zh, row.en) for row in ROWS.get(dim, ()) if row.id == group), None)
