"""Words that stand in cells of tables, by column, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from sim.catalogue.words import FIGURE_LEVELS, OPTIONS, Pair

WORDS: Mapping[str, Mapping[str, Pair]] = {
    "statistic": {
        "central": ("中心值", "central"),
        "mean": ("平均", "mean"),
        **{p: (p.upper(), p.upper()) for p in ("p10", "p50", "p90")},
    },
    "kind": {
        "build": ("建设", "build"),
        "recruit": ("补充人员", "recruit"),
        "cover": ("覆盖", "cover"),
        "outcome": ("健康结果", "outcome"),
        "none": ("不修订", "none"),
    },
    "bound": {
        "present": ("现状", "present level"),
        "baseline": ("规划基期", "baseline"),
        "norm": ("国家标准", "national norm"),
        "floor": ("国家底线", "national floor"),
    },
    "p": {"plan": ("规划目标", "the plan's")},
    "option": OPTIONS,
    "cost": {
        "capital": ("建设", "capital"),
        "yearly": ("年运行", "yearly"),
        "yearly_more": ("年运行增量", "yearly, more than before"),
    },
    "used": {"yes": ("是", "yes")},
    "evidence": {
        "counted_here": ("本地计数", "counted here"),
        "counted_elsewhere": ("外地计数", "counted elsewhere"),
        "published": ("公开汇总", "published"),
        "derived": ("按方法推算", "derived"),
        "judgement": ("判断假设", "judgement"),
    },
    "figure_level": FIGURE_LEVELS,
    "basis_of_figure": {
        "measured": ("观测", "measured"),
        "derived": ("推算", "derived"),
        "assumed": ("假设", "assumed"),
        "standard": ("标准", "standard"),
        "plan": ("规划", "plan"),
    },
    "scale": {
        "value": ("取值", "value"),
        "relative": ("倍数", "factor"),
        "absolute": ("加减数", "added"),
    },
    "distribution": {
        "normal": ("正态", "normal"),
        "lognormal": ("对数正态", "lognormal"),
        "uniform": ("均匀", "uniform"),
        "triangular": ("三角", "triangular"),
        "pert": ("PERT", "PERT"),
        "beta": ("贝塔", "beta"),
        "empirical": ("经验", "empirical"),
        "discrete": ("离散", "discrete"),
        "ar1": ("自回归", "ar1"),
    },
}
