"""What a sweep's outputs and factors are called, in both languages."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sim.adequacy.asked import ZH
from sim.catalogue.words import DERIVED, GROUPS
from sim.expression import Derived, Difference, Quotient, Series, Tree
from sim.params import Parameter
from sim.plan.vocabulary import Entry
from sim.schema import RESOURCES, VARIABLES
from sim.sweeps.factors import Factor
from sim.sweeps.outputs import Output

Pair = dict[str, str]
_SIDES = {
    "ratio": ("available / required", "供给与需求之比"),
    "gap": ("available - required", "供给与需求之差"),
}


def output_name(output: Output, entries: Mapping[str, Entry]) -> Pair:
    """An output in words: the plan's row, a resource's ratio, or its series.

    entries: indicators of the dictionary by id.
    """
    if output.row is not None:
        entry = entries[output.row.indicator]
        return {"en": f"{entry.name_en}: {output.asked}", "zh": f"{entry.name_zh}：{ZH[output.asked]}"}
    lone = re.fullmatch(r"(\w+)_(ratio|gap)(?:\.(.+))?", output.name)
    if lone and lone[1] in RESOURCES:
        resource, (en, zh) = RESOURCES[lone[1]], _SIDES[lone[2]]
        found = {"en": f"{resource.long_name}: {en}", "zh": f"{resource.long_name_zh}{zh}"}
        return _of_groups(found, lone[3] or "total")
    assert output.tree is not None
    return _tree(output.tree)


def _tree(tree: Tree) -> Pair:
    if isinstance(tree, Quotient):
        return _joined(_tree(tree.over), " / ", _tree(tree.under))
    if isinstance(tree, Difference):
        return _joined(_tree(tree.whole), " - ", _tree(tree.less))
    if isinstance(tree, Series):
        variable = VARIABLES.get(tree.name)
        if variable is None:
            return {"en": tree.name, "zh": tree.name}
        found = {"en": variable.long_name, "zh": variable.long_name_zh}
        return _of_groups(found, "+".join(tree.groups) or "total")
    if isinstance(tree, Derived):
        zh, en = DERIVED[tree.name]
        return {"en": en, "zh": zh}
    return {"en": tree.indicator, "zh": tree.indicator}


def _joined(left: Pair, sign: str, right: Pair) -> Pair:
    return {lang: f"{left[lang]}{sign}{right[lang]}" for lang in left}


def _of_groups(name: Pair, groups: str) -> Pair:
    if groups == "total":
        return name
    if groups == "*":
        return {"en": f"{name['en']} (all)", "zh": f"{name['zh']}（合计）"}
    parts = groups.split("+") if groups.rstrip("+") == groups else [groups]
    words = [GROUPS.get(g, (g.replace("_", " "), g.replace("_", " "))) for g in parts]
    zh, en = "、".join(w[0] for w in words), ", ".join(w[1] for w in words)
    return {"en": f"{name['en']} ({en})", "zh": f"{name['zh']}（{zh}）"}


def factor_name(factor: Factor, parameters: Mapping[str, Parameter]) -> Pair:
    """A factor in words: its parameter, and the cell of it."""
    title = parameters[factor.parameter].record.name
    cell = factor.name.removeprefix(factor.parameter).replace(".", " ")
    return {"en": title.en + cell, "zh": title.zh + cell}
