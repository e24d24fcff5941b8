"""Every series and group that a chart selects is one of the schema, read by the one parser of names.

A chart looks for what a run has and leaves out what it has not, so that a misspelt name would draw
nothing and say nothing. The source of the charts is read instead: each text in a place that selects,
and each list of groups, is held against the schema.
"""

from __future__ import annotations

import ast
import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from paths import ROOT

from sim.charts import ageing, backtest, decomposition, demand, fans, page, structure
from sim.expression import faults_of
from sim.saved import run as saved_run
from sim.saved.attached import PARTS
from sim.schema import LABELS, RESOURCES, VARIABLES, kept_labels

FOLDERS = ("charts", "saved")
RUNS = ("run", "results", "ds")  # what the modules call a run's series
KNOWN = {
    **kept_labels({"cause": (), "ncd": ()}),
    "population_central": (),  # by age for the central line alone
    **{f"{name}{decomposition.SUFFIX}": () for name in RESOURCES},  # of decomposition.csv, attached
    **dict.fromkeys(PARTS, ()),  # of parts.nc, attached
}
GROUPS = {dim: set(labels) for dim, labels in LABELS.items()} | {
    r.group_dim: set(r.groups) for r in RESOURCES.values() if r.group_dim
}
GROUPS["bed_group"] |= set(LABELS["bed_group"])
DIMS = (
    {d for v in VARIABLES.values() for d in v.dims}
    | set(GROUPS)
    | {"scenario", "region", "driver", "part"}
    | {"cost", "option", "point"}  # of costs.csv, attached
    | {"path"}  # of a run beside other paths of fertility
)
OWN = {"sex": {"female", "male"}}  # dims whose labels are no groups of a saved series
PLACE = "{}"  # of a resource's name in a text


@dataclass(frozen=True)
class Selected:
    """A text of the source that selects: a series, a dim, or a label along a dim ("" any)."""

    kind: str
    text: str
    where: str
    dim: str = ""


def sources() -> list[Path]:
    return [p for folder in FOLDERS for p in sorted((ROOT / "sim" / folder).glob("*.py"))]


def selected(source: str, where: str) -> list[Selected]:
    """Every text by which a module selects series, dims and labels of a run."""
    tree = ast.parse(source)
    constants = {
        t.id: n.value
        for n in tree.body
        if isinstance(n, ast.Assign)
        for t in n.targets
        if isinstance(t, ast.Name)
    }

    def texts(node: ast.expr) -> Iterator[str]:
        if isinstance(node, ast.Name) and node.id in constants:
            node = constants[node.id]
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.JoinedStr):
            yield "".join(v.value if isinstance(v, ast.Constant) else _formatted(v) for v in node.values)

    def _formatted(value: ast.expr) -> str:
        inner = value.value if isinstance(value, ast.FormattedValue) else value
        return next(texts(inner), PLACE) if isinstance(inner, ast.Name) and inner.id.isupper() else PLACE

    def is_run(node: ast.expr) -> bool:
        return isinstance(node, ast.Name) and node.id in RUNS

    found: list[Selected] = []
    for node in ast.walk(tree):
        at = f"{where}:{getattr(node, 'lineno', 0)}"
        if isinstance(node, ast.Subscript):
            if is_run(node.value):
                found += [Selected("series", t, at) for t in texts(node.slice)]
            elif isinstance(node.value, ast.Subscript) and is_run(node.value.value):
                found += [Selected("dim", t, at) for t in texts(node.slice)]
        elif isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In | ast.NotIn):
            (right,) = node.comparators
            if is_run(right):
                found += [Selected("series", t, at) for t in texts(node.left)]
            elif isinstance(right, ast.Attribute) and right.attr in ("dims", "sizes"):
                found += [Selected("dim", t, at) for t in texts(node.left)]
        elif isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name == "total_of":
                found += [Selected("series", t, at) for t in texts(node.args[1])]
            if name in ("sel", "isel"):
                for keyword in node.keywords:
                    dim = keyword.arg or ""
                    found.append(Selected("dim", dim, at))
                    if name == "sel":
                        found += [Selected("label", t, at, dim) for t in texts(keyword.value)]
                for argument in node.args:
                    if isinstance(argument, ast.Dict):
                        values = [t for v in argument.values for t in texts(v)]
                        found += [Selected("label", t, at) for t in values]
    return found


def wrong(one: Selected) -> str:
    """What is wrong with a text that selects; "" if it names something."""
    if one.kind == "dim":
        return "" if one.text in DIMS | set(HOSPITAL) else f"{one.where}: no dim '{one.text}'"
    if one.kind == "label":
        dims = {**GROUPS, **OWN}
        known = dims.get(one.dim, set()) if one.dim else set().union(*dims.values())
        return "" if one.text in known else f"{one.where}: no {one.dim or 'label'} '{one.text}'"
    if one.text in ("year", "scenario", "region"):
        return ""
    filled = [one.text.replace(PLACE, name) for name in RESOURCES] if PLACE in one.text else [one.text]
    return "" if any(name in KNOWN for name in filled) else f"{one.where}: no series '{one.text}'"


HOSPITAL = ("pool", "surge")  # dims of the hospital model's own file
ALL = [one for path in sources() for one in selected(path.read_text(encoding="utf-8"), path.name)]


def test_every_selection_names_something_of_the_schema():
    assert [text for text in map(wrong, ALL) if text] == []
    assert len([o for o in ALL if o.kind == "series"]) > 20
    assert len([o for o in ALL if o.kind == "label"]) > 8


def test_a_selection_with_another_letter_is_found():
    """What the law would say of each text if it were misspelt."""

    def misspelt(one: Selected) -> Selected:
        bare = one.text.replace(PLACE, "")
        letter = "x" if not bare.endswith("x") else "y"
        other = one.text.replace(bare, bare + letter) if bare else one.text + letter
        return Selected(one.kind, other, one.where, one.dim)

    assert [one for one in ALL if not wrong(misspelt(one))] == []


AGES = (
    *ageing.NEEDED,
    *(g for _, plus, less, *_ in ageing.PARTS for g in (plus, less) if g),
    *(g for _, _, top, below, _ in ageing.RATIOS for g in (*top, *(below or ()))),
    *fans.FAN_GROUPS,
    *page.PAGE_GROUPS,
)
LISTS = (
    *(f"population_group.{age}" for age in AGES),
    *(f"beds_required.{group}" for group in (*structure.BY_TYPE, *structure.BY_LEVEL)),
    *(f"{cadre}_required.{method}" for cadre in ("doctors", "nurses") for method in demand.STAFF_NEEDS),
    *(f"{name}_required.{g}" for name, groups in demand.OTHER_NEEDS.items() for g in groups),
    *(f"{name}_required.total" for name in demand.MAIN_RESOURCES),
    *(_[0].replace("population_", "population_group.") for _ in backtest.PANELS if _[0] != "births"),
    "births.total",
)


def test_every_list_of_groups_names_groups_of_the_series_it_is_drawn_from():
    assert [f for text in LISTS for f in faults_of(text, KNOWN)] == []
    assert faults_of("population_group.60-", KNOWN)


def literals(source: str) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value, node.lineno


# beside selections: words by series, titles and the like, where the name stands for itself
ELSEWHERE = {"beds", "births", "deaths", "alos", "visits", "cases", "managed", "population"}


def test_every_name_of_a_series_in_the_charts_stands_where_it_is_checked():
    """A new way to select is met here: its name is at no place that the law above reads."""
    checked = {one.text for one in ALL} | {text.partition(".")[0] for text in LISTS}
    listed = {*demand.MAIN_RESOURCES, *demand.OTHER_NEEDS, *(p[0] for p in backtest.PANELS)}
    for path in sources():
        for text, line in literals(path.read_text(encoding="utf-8")):
            if text in KNOWN or text in RESOURCES:
                assert text in checked | listed | ELSEWHERE, f"{path.name}:{line}: {text}"


NEARLY = 0.88  # alike: a name with a letter lost, turned or added


def misspelt(text: str) -> str:
    """The name that a text almost is; "" for a name, or for a text that is like none."""
    names = [*KNOWN, *(g for labels in GROUPS.values() for g in labels if len(g) > 5)]
    if len(text) < 6 or not re.fullmatch(r"[a-z][a-z0-9_]+", text) or text in names or text in DIMS:
        return ""
    return next(iter(difflib.get_close_matches(text, names, 1, NEARLY)), "")


def test_no_text_of_the_charts_is_almost_a_name():
    """Texts in places that no rule foresees: a set held against a run's series, a loop over names."""
    assert misspelt("staff_entrant") == misspelt("staf_entrants") == "staff_entrants"
    for path in sources():
        for text, line in literals(path.read_text(encoding="utf-8")):
            assert not misspelt(text), f"{path.name}:{line}: '{text}', did you mean '{misspelt(text)}'?"


def test_what_is_read_of_a_run_for_charts_are_series_that_there_are():
    for name in ("population_group", "births", "staff_entrants", "beds_required_norm", "beds_change"):
        assert saved_run._drawn(name), name
    ends = [n for n in KNOWN if not saved_run._drawn(n)]
    drawn = {o.text for o in ALL if o.kind == "series" and PLACE not in o.text}
    assert not drawn & set(ends)
