"""Words that stand in cells of tables, by column, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from sim.catalogue.words import FIGURE_LEVELS, OPTIONS, Pair

_METHODS: Mapping[str, str] = {  # the named choices of parameters that are no number
    "hold_ratio": "保持目标比率",
    "hold_count": "保持目标数量",
    "trend": "按趋势",
    "resident": "常住人口",
    "registered": "户籍人口",
    "served": "服务人口",
    "urban": "城镇人口",
    "agricultural": "农业人口",
    "index": "本地基年使用量",
    "national_rates": "全国率",
    "normal": "无疫情年份",
    "counted": "实际统计",
    "constant_prevalence": "患病（失能）率不变",
    "constant_disability_years": "失能年数不变",
    "dynamic_equilibrium": "动态均衡",
    "illness_death": "发病—死亡模型",
    "parity": "孩次递进",
    "asfr": "分年龄生育率",
    "wpp": "联合国《世界人口展望》",
    "regressed": "由上一个十年回归",
    "profile": "两向流动按比例增减",
    "none": "不计",
    "regions": "按经济区域",
    "line": "各地同一回归线",
    "hospital_model": "医院模型",
    "planning_values": "规划文件取值",
    "calibrated": "按现状校准",
    "wisn": "工作量法",
    "logit": "布拉斯洛吉特法",
    "lee_carter": "李—卡特法",
    "smoothed": "平滑路径",
    "nearing": "趋近全国",
    "pace": "本地增速",
    "nation": "全国增速",
    "additive": "等量增长",
    "multiplicative": "等比增长",
}

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
        "share": ("占比", "share"),
        "none": ("不修订", "none"),
    },
    "bound": {
        "present": ("现状", "present level"),
        "baseline": ("规划基期", "baseline"),
        "norm": ("国家标准", "national norm"),
        "floor": ("国家底线", "national floor"),
    },
    "value": {name: (zh, name.replace("_", " ")) for name, zh in _METHODS.items()},
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
