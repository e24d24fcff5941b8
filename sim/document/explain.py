"""The chain of numbers behind a verdict, as a tree: target, need, supply, down to parameters and sources.

Every number is read from the run's folder; nothing is computed anew but quotients of what is printed.
"""

from __future__ import annotations

from pathlib import Path

from sim.catalogue.language import Lang, label, located, said
from sim.catalogue.words import DRIVERS, word
from sim.document.chain import MOST, Node, moving, parameter, series
from sim.document.material import Material, open_material
from sim.document.sentences import (
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
from sim.report.cells import BASES
from sim.report.known_text import known_line
from sim.saved.attached import read_lines
from sim.saved.numbers import MINUS, number
from sim.saved.row import Row
from sim.schema import RESOURCES, VARIABLES
from sim.textfile import did_you_mean

SIDES = ("_required", "_projected")


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

    indicator: or a series or a resource of the run (its last year if None), or the dotted name of a
    parameter: a run without a plan has no verdict, its figures rest on something all the same.
    Raises ConfigError for a folder that is no whole run, and for an indicator or year that it does not
    have.
    """
    m = open_material(folder, lang, scenario=scenario, region=region, some=True)
    rows = [row for row in m.judged if row.indicator_id == indicator]
    if not rows and (found := _figures(m, indicator, year)):
        return found
    if not rows and m.some:
        raise ConfigError(_not_stored(m, indicator))
    if not rows:
        every = sorted({row.indicator_id for row in m.judged}) or sorted(_series_of(m))
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


def _series_of(m: Material) -> set[str]:
    """Names of the series that the run tells of this place."""
    told = read_lines(m.run.folder / "timeseries.csv")
    return {line["variable"] for line in told if line["region"] == m.region}


def _years_of(m: Material) -> tuple[int, ...]:
    """Years that the run's table of series has: of a run of some series those that it was asked for."""
    if not m.some:
        return tuple(m.years)
    told = read_lines(m.run.folder / "timeseries.csv")
    return tuple(sorted({int(line["year"]) for line in told}))


def _not_stored(m: Material, name: str) -> str:
    """What is wrong and would be right where a run of some series lacks what is asked for."""
    sides = [n for n in (name, *(f"{name}{side}" for side in SIDES)) if n in VARIABLES]
    file = str(m.run.meta.get("experiment_file", "the experiment"))
    wrong = f"'{name}' is none of the series that this run stored: {', '.join(m.some)}"
    if sides:
        remedy = f"write {sides[-1]} under results.series of {file} and run it again"
    else:
        remedy = f"take results.series out of {file}, name a plan for verdicts, and run it again"
    return fault("INDICATOR", wrong, remedy)


def _figures(m: Material, name: str, year: int | None) -> list[Node]:
    """Trees of a series, of both sides of a resource, or of a parameter; none without such a name."""
    if m.given(name) is not None:
        return [parameter(m, name)]
    wanted = (name, *(f"{name}{side}" for side in SIDES))
    found = [n for n in wanted if n in _series_of(m)]
    told = _years_of(m)
    chosen = told[-1] if year is None else year
    if found and chosen not in told:
        known = ", ".join(map(str, told)) if m.some else f"{told[0]} to {told[-1]}"
        raise ConfigError(fault("YEAR", f"{chosen} is not of this run", known))
    trees = [series(m, n, "total", chosen) for n in found]
    return [Node(f"{m.place}, {m.scenario_name}, {chosen}", trees)] if trees else []


def _tree(m: Material, row: Row) -> Node:
    lang = m.lang
    root = Node(f"{asked(row, lang)} | {m.place}, {m.scenario_name}")
    root.below.append(Node(label("结论：", "Verdict: ", lang) + judgement(row, lang), _thresholds(m)))
    if row.location:
        root.below.append(Node(label("规划出处：", "In the plan: ", lang) + located(row.location, lang)))
    if row.held is not None and row.target_count is not None:
        root.below.append(_plan(m, row))
    if f"{row.variable}_required" in m.run.results and row.need is not None:
        root.below.append(_need(m, row))
    elif row.variable in VARIABLES:
        root.below.append(_outcome(m, row))
    if norm := by_norm(row, lang):
        below = [parameter(m, f"norm.{row.variable}")] if m.given(f"norm.{row.variable}") else []
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
    return [parameter(m, f"adequacy.{name}") for name in ("adequate", "tight")]


def _plan(m: Material, row: Row) -> Node:
    """The target in beds, persons, ...: the plan's figure times the people that it is read on."""
    lang, count = m.lang, row.target_count
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
            Node(text + number(people[1], lang), moving(m, "population_group", "total", row.year))
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
    node.below.append(series(m, name, group, row.year))
    node.below += _change(m, row)
    return node


def _outcome(m: Material, row: Row) -> Node:
    node = series(m, row.variable, row.group or "total", row.year)
    if not node.below:
        node.below = [parameter(m, name) for name in row.rests()[:MOST]]
    return node


def _supply(m: Material, row: Row) -> list[Node]:
    name = f"{row.variable}_projected"
    if name not in m.run.results or row.need is None:
        return []
    return [series(m, name, row.group or "total", row.year)]


def _change(m: Material, row: Row) -> list[Node]:
    """What moved the need since the first year of the run, by factor."""
    at = (m.scenario, m.region, row.variable, row.group or "total", str(row.year), str(m.years[0]))
    keys = ("scenario", "region", "resource", "group", "year", "against")
    found = [
        line
        for line in read_lines(m.run.folder / "decomposition.csv")
        if tuple(line[k] for k in keys) == at and line["factor"] in DRIVERS and line["change"]
    ]
    if not found:
        return []
    said_parts = []
    for line in found:
        change = float(line["change"])
        many = amount(abs(change), line["unit"], m.lang)
        said_parts.append(f"{word(DRIVERS, line['factor'], m.lang)} {'+' if change >= 0 else MINUS}{many}")
    text = label(f"较{m.years[0]}年变化：", f"Change since {m.years[0]}: ", m.lang)
    return [Node(text + label("，", ", ", m.lang).join(said_parts))]
