"""The chain of numbers below a series or a parameter, as a tree: of each figure its level and its source.

Every number is read from the run's folder.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sim.catalogue import cadres
from sim.catalogue.language import Lang, label, located
from sim.catalogue.words import unit
from sim.document.blocks import NONE
from sim.document.material import Line, Material
from sim.document.parameter_text import EVIDENCE, level_text, range_text, source_text, value_text
from sim.report.cells import group_word
from sim.saved.attached import read_lines
from sim.saved.numbers import number
from sim.schema import VARIABLES

MOST = 6  # parameters shown below a series
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


# What a series that no table of influence tells of starts from: parameters that begin so.
STARTS_FROM: Mapping[str, Sequence[str]] = {
    "population": ("population.base", "migration.level", "fertility.tfr_ratio", "mortality.e0_gap"),
    "net_migration": ("migration.level",),
    "births": ("fertility.tfr_ratio", "fertility.srb"),
    "tfr": ("fertility.tfr_ratio",),
    "births_by_order": ("fertility_province.births_by_order", "fertility.children_ever_born"),
    "tfr_by_order": ("fertility_province.births_by_order", "fertility.children_ever_born"),
    "deaths": ("mortality.e0_gap", "mortality.mx"),
    "e0": ("mortality.e0_gap", "mortality.e0_path"),
    "admissions": ("inpatient.base_occupancy", "supply.beds_base"),
    "alos": ("inpatient.alos",),
    "bed_occupancy": ("inpatient.base_occupancy", "inpatient.occupancy_target"),
    "visits": ("outpatient.visits_per_resident",),
    "dependent_elderly": ("dependency.",),
    "infant_mortality": ("outcomes.infant_mortality",),
    "u5_mortality": ("outcomes.u5_mortality",),
    "maternal_mortality": ("outcomes.maternal_mortality",),
}
_SIDES = ("_projected", "_available")


@dataclass
class Node:
    """A line of the tree and what stands below it."""

    text: str
    below: list[Node] = field(default_factory=list)


def series(m: Material, name: str, group: str, year: int, seen: frozenset[str] = frozenset()) -> Node:
    """A series in a year, what it is made of, and the parameters that move it most."""
    variable, lang = VARIABLES.get(name), m.lang
    called = name if variable is None else label(variable.long_name_zh, variable.long_name, lang)
    told = _known(m, name, group, year)
    unsaid = label("本次运行未存", "not stored in this run", lang) if m.some else NONE
    value = label("，", ", ", lang).join(_value(m, line) for line in told) or unsaid
    node = Node(f"{called} [{name}{'' if group == 'total' else '.' + group}]: {value}")
    for part in MADE_OF.get(name, ()):
        if part not in seen:
            node.below.append(series(m, part, "total", year, seen | {name}))
    moved = moving(m, "population_group" if name == "population" else name, group, year)
    node.below += moved or starts_from(m, name)
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
        for line in read_lines(m.run.folder / "timeseries.csv")
        if (line["scenario"], line["region"], line["variable"], line["year"]) == at
    ]
    for wanted in (group, "total"):
        if mine := [line for line in found if line["group"] == wanted]:
            return mine
    return found


def moving(m: Material, name: str, group: str, year: int) -> list[Node]:
    """Parameters that move a series most, by influence.csv: the year asked for or the nearest one."""
    found = [
        line
        for line in read_lines(m.run.folder / "influence.csv")
        if (line["region"], line["output"], line["group"]) == (m.region, name, group)
    ]
    if not found:
        return []
    near = min({int(line["year"]) for line in found}, key=lambda y: (abs(y - year), y))
    mine = [line for line in found if int(line["year"]) == near]
    return [parameter(m, line["parameter"], float(line["relative_swing"])) for line in mine[:MOST]]


def starts_from(m: Material, name: str) -> list[Node]:
    """Parameters that a series starts from; of a stock its own."""
    wanted = tuple(STARTS_FROM.get(name, ()))
    for side in _SIDES:
        if name.endswith(side):
            wanted = (f"supply.{name.removesuffix(side)}_",)
    here = dict.fromkeys(line["parameter"] for line in m.parameters if m.some or line["region"] == m.region)
    return [parameter(m, n) for n in here if n.startswith(wanted)][:MOST] if wanted else []


def parameter(m: Material, name: str, swing: float | None = None) -> Node:
    """A parameter: value, range, evidence and grade; below it how it was made, and its source."""
    lang, line = m.lang, m.given(name)
    if line is None:
        return Node(name)
    parts = [f"{line[f'name_{lang}']} [{name}] = {value_text(line, lang)}"]
    if line["low"]:
        parts.append(label("80%范围 ", "80% range ", lang) + range_text(line, lang))
    if swing is not None:
        parts.append(label(f"单独变动使其变 {swing:.1%}", f"alone moves it by {swing:.1%}", lang))
    parts.append(label(*EVIDENCE.get(line["evidence"], ("", "")), lang) + f" ({line['quality']})")
    if level := level_text(line, lang):
        parts.append(label("取自：", "level: ", lang) + level)
    if line["changed"]:
        parts.append(label("改动：", "changed: ", lang) + line["changed"])
    if count := m.countable(name):
        parts.append(label("可由本地统计查清：", "a local count narrows it: ", lang) + count)
    below = []
    if made := line.get(f"made_{lang}"):
        below.append(Node(label("怎样得来：", "made: ", lang) + made))
    said = [source_text(line, lang), located(line["locator"], lang), _years(line["year"], lang)]
    source = label("，", ", ", lang).join(part for part in said if part)
    below.append(Node(label("来源：", "source: ", lang) + source))
    return Node(label("；", "; ", lang).join(parts), below)


def _years(text: str, lang: Lang) -> str:
    """The years that a figure is of."""
    if text == "all":
        return label("各年", "all years", lang)
    return label(f"{text}年", f"of {text}", lang)


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
