"""The chain of numbers behind a verdict, as a tree: target, need, supply, down to parameters and sources.

Every number is read from the run's folder; nothing is computed anew but quotients of what is printed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sim.catalogue import cadres
from sim.catalogue.language import Lang, label, located, said
from sim.catalogue.words import DRIVERS, unit, word
from sim.document.blocks import NONE
from sim.document.material import Line, Material, lines, open_material
from sim.document.parameter_text import range_text, source_text, value_text
from sim.document.sentences import (
    EVIDENCE,
    amount,
    asked,
    by_norm,
    figure,
    find_first,
    from_when,
    judgement,
    units_of,
    what_would,
)
from sim.errors import ConfigError, fault
from sim.report.cells import BASES, group_word
from sim.report.known_text import known_line
from sim.saved.numbers import MINUS, number
from sim.saved.row import Row
from sim.schema import RESOURCES, VARIABLES
from sim.textfile import did_you_mean

MOST = 6  # parameters shown below a series
_RESTS = re.compile(r"(\S+) \([A-D]\)")
# What a need is made of, series by series; people stand at the end of each chain.
MADE_OF: Mapping[str, Sequence[str]] = {
    "beds_required": ("bed_days", "bed_occupancy"),
    "bed_days": ("admissions", "alos"),
    "admissions": ("population",),
    "visits": ("population",),
    "care_beds_required": ("dependent_elderly",),
    "dependent_elderly": ("population",),
    "childcare_slots_required": ("population",),
    "newborn_beds_required": ("births",),
    "ambulances_required": ("population",),
    **{
        f"{c.id}_required": ("population",) if c.need == "norm" else ("visits", "bed_days")
        for c in cadres.ROWS
    },
}


@dataclass
class Node:
    """A line of the tree and what stands below it."""

    text: str
    below: list[Node] = field(default_factory=list)


def explain(
    folder: Path,
    indicator: str,
    year: int | None,
    lang: Lang,
    *,
    scenario: str | None = None,
    region: str | None = None,
) -> list[Node]:
    """A tree for each target of an indicator (in a year; the last tested one if None).

    Raises ConfigError for a folder that is no whole run, and for an indicator or year that it does not
    judge.
    """
    m = open_material(folder, lang, scenario=scenario, region=region)
    rows = [row for row in m.judged if row.indicator_id == indicator]
    if not rows:
        every = sorted({row.indicator_id for row in m.judged})
        untold = [r for r in m.run.adequacy if r.indicator_id == indicator and r.region == m.region]
        why = said(untold[0].reason, lang) if untold else ""
        wrong = f"'{indicator}' has no verdict in this run" + (f": {why}" if why else "")
        raise ConfigError(fault("INDICATOR", wrong, did_you_mean(indicator, every)))
    years = sorted({row.year for row in rows})
    chosen = years[-1] if year is None else year
    if chosen not in years:
        known = ", ".join(map(str, years))
        raise ConfigError(fault("YEAR", f"{indicator} has no verdict in {chosen}", f"judged in {known}"))
    return [_tree(m, row) for row in rows if row.year == chosen]


def _tree(m: Material, row: Row) -> Node:
    lang = m.lang
    root = Node(f"{asked(row, lang)} | {m.place}, {m.scenario_name}")
    root.below.append(Node(label("结论：", "Verdict: ", lang) + judgement(row, lang), _thresholds(m)))
    if row.location:
        root.below.append(Node(label("规划出处：", "In the plan: ", lang) + located(row.location, lang)))
    if row.held is not None and row.available_count_p50 is not None:
        root.below.append(_plan(m, row))
    if f"{row.variable}_required" in m.run.results and row.need is not None:
        root.below.append(_need(m, row))
    elif row.variable in VARIABLES:
        root.below.append(_outcome(m, row))
    if norm := by_norm(row, lang):
        below = [_parameter(m, f"norm.{row.variable}")] if m.given(f"norm.{row.variable}") else []
        root.below.append(Node(label("按标准：", "By norm: ", lang) + norm, below))
    root.below += _supply(m, row)
    for text in (from_when(row, lang), what_would(m, row)):
        if text:
            root.below.append(Node(text))
    if first := find_first(m, row):
        root.below.append(Node(label("最应先查清：", "Find first: ", lang) + first))
    root.below += _counted(m)
    if row.reason:
        root.below.append(Node(label("说明：", "Notes: ", lang) + said(row.reason, lang)))
    return root


def _counted(m: Material) -> list[Node]:
    """The local counts that the projection starts from, and what each changed."""
    known = [r for r in m.run.meta.get("known", []) if r["region"] == m.region]
    if not known:
        return []
    head = label("地方统计数（不用时 → 采用后）", "Local counts (without -> with them)", m.lang)
    return [Node(head, [Node(known_line(record, m.lang).strip()) for record in known])]


def _thresholds(m: Material) -> list[Node]:
    return [_parameter(m, f"adequacy.{name}") for name in ("adequate", "tight")]


def _plan(m: Material, row: Row) -> Node:
    """The target in beds, persons, ...: the plan's figure times the people that it is read on."""
    lang, count = m.lang, row.available_count_p50
    assert count is not None
    assert row.held is not None
    resource = RESOURCES.get(row.variable)
    many = amount(count, resource.units, lang) if resource else number(count, lang)
    node = Node(label(f"目标折合：{many}", f"The target in all: {many}", lang))
    people = m.band("population_basis", row.year, basis=row.held.basis) if row.held.basis else None
    if people is not None:
        basis = label(*BASES.get(row.held.basis, (row.held.basis, row.held.basis)), lang)
        text = label(f"人口（{basis}）：", f"people ({basis}): ", lang)
        node.below.append(
            Node(text + number(people[1], lang), _moving(m, "population_group", "total", row.year))
        )
    return node


def _need(m: Material, row: Row) -> Node:
    lang, need = m.lang, row.need
    assert need is not None
    low, middle, high = (figure(v) for v in need)
    text = label(
        f"按使用的需求：{middle}{units_of(row, lang)}（80%区间{low}—{high}）",
        f"Need by use: {middle}{units_of(row, lang)} (80% band {low} to {high})",
        lang,
    )
    node = Node(text)
    name, group = f"{row.variable}_required", row.group or "total"
    node.below.append(_series(m, name, group, row.year))
    node.below += _change(m, row)
    return node


def _series(m: Material, name: str, group: str, year: int, seen: frozenset[str] = frozenset()) -> Node:
    """A series in a year, what it is made of, and the parameters that move it most."""
    variable, lang = VARIABLES.get(name), m.lang
    called = name if variable is None else label(variable.long_name_zh, variable.long_name, lang)
    value = label("，", ", ", lang).join(_value(m, line) for line in _known(m, name, group, year)) or NONE
    node = Node(f"{called} [{name}{'' if group == 'total' else '.' + group}]: {value}")
    for part in MADE_OF.get(name, ()):
        if part not in seen:
            node.below.append(_series(m, part, "total", year, seen | {name}))
    node.below += _moving(m, "population_group" if name == "population" else name, group, year)
    return node


def _value(m: Material, line: Line) -> str:
    """A series in a year with its band; of a part its name before it."""
    lang, units = m.lang, unit(line["unit"], m.lang)
    joint = "" if lang == "zh" or not units else " "
    low, middle, high = (number(float(line[q]), lang) for q in ("p10", "p50", "p90"))
    part = "" if line["group"] in ("total", "both") else f"{group_word(line['group'], lang)} "
    return part + label(f"{middle}{units}（{low}—{high}）", f"{middle}{joint}{units} ({low} to {high})", lang)


def _known(m: Material, name: str, group: str, year: int) -> Sequence[Line]:
    """The lines of a series: of its group, else of the total, else of all its parts."""
    at = (m.scenario, m.region, name, str(year))
    found = [
        line
        for line in lines(m.run.folder / "timeseries.csv")
        if (line["scenario"], line["region"], line["variable"], line["year"]) == at
    ]
    for wanted in (group, "total"):
        if mine := [line for line in found if line["group"] == wanted]:
            return mine
    return found


def _moving(m: Material, name: str, group: str, year: int) -> list[Node]:
    """Parameters that move a series most, by influence.csv: the year asked for or the nearest one."""
    found = [
        line
        for line in lines(m.run.folder / "influence.csv")
        if (line["region"], line["output"], line["group"]) == (m.region, name, group)
    ]
    if not found:
        return []
    near = min({int(line["year"]) for line in found}, key=lambda y: (abs(y - year), y))
    mine = [line for line in found if int(line["year"]) == near]
    return [_parameter(m, line["parameter"], float(line["relative_swing"])) for line in mine[:MOST]]


def _parameter(m: Material, name: str, swing: float | None = None) -> Node:
    """A parameter: value, range, evidence and grade; its source below."""
    lang, line = m.lang, m.given(name)
    if line is None:
        return Node(name)
    parts = [f"{line[f'name_{lang}']} [{name}] = {value_text(line, lang)}"]
    if line["low"]:
        parts.append(label("80%范围 ", "80% range ", lang) + range_text(line, lang))
    if swing is not None:
        parts.append(label(f"单独变动使其变 {swing:.1%}", f"alone moves it by {swing:.1%}", lang))
    parts.append(label(*EVIDENCE.get(line["evidence"], ("", "")), lang) + f" ({line['quality']})")
    if line["changed"]:
        parts.append(label("改动：", "changed: ", lang) + line["changed"])
    source = f"{source_text(line, lang)}" + (
        label("，", ", ", lang) + located(line["locator"], lang) if line["locator"] else ""
    )
    return Node(label("；", "; ", lang).join(parts), [Node(label("来源：", "source: ", lang) + source)])


def _outcome(m: Material, row: Row) -> Node:
    node = _series(m, row.variable, row.group or "total", row.year)
    if not node.below:
        node.below = [_parameter(m, name) for name in _RESTS.findall(row.rests_on)[:MOST]]
    return node


def _supply(m: Material, row: Row) -> list[Node]:
    name = f"{row.variable}_projected"
    if name not in m.run.results or row.need is None:
        return []
    return [_series(m, name, row.group or "total", row.year)]


def _change(m: Material, row: Row) -> list[Node]:
    """What moved the need since the base year, by factor."""
    at = (m.scenario, m.region, row.variable, row.group or "total", str(row.year), str(m.years[0]))
    keys = ("scenario", "region", "resource", "group", "year", "against")
    found = [
        line
        for line in lines(m.run.folder / "decomposition.csv")
        if tuple(line[k] for k in keys) == at and line["factor"] in DRIVERS and line["change"]
    ]
    if not found:
        return []
    said_parts = []
    for line in found:
        change = float(line["change"])
        many = amount(abs(change), line["unit"], m.lang)
        said_parts.append(f"{word(DRIVERS, line['factor'], m.lang)} {'+' if change >= 0 else MINUS}{many}")
    text = label("较基年变化：", "Change since the base year: ", m.lang)
    return [Node(text + label("，", ", ", m.lang).join(said_parts))]


def tree_text(nodes: Sequence[Node]) -> str:
    """The trees as lines with branches."""
    out: list[str] = []
    for node in nodes:
        out.append(node.text)
        _branches(node, "", out)
    return "\n".join(out)


def _branches(node: Node, before: str, out: list[str]) -> None:
    for i, child in enumerate(node.below):
        last = i == len(node.below) - 1
        out.append(f"{before}{'└─ ' if last else '├─ '}{child.text}")
        _branches(child, before + ("   " if last else "│  "), out)
