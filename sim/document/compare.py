"""Two saved runs beside each other: what they were given, which verdicts turned, paired differences.

Draws of one seed are the same in both runs, so that their difference is taken draw by draw: its band is
that of the difference, not of two bands.  Otherwise only medians are set beside each other, and it is said.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from sim import saved
from sim.argument_kinds import looked_at
from sim.catalogue.language import Lang, label
from sim.catalogue.verdicts import VERDICTS
from sim.catalogue.words import unit
from sim.charts.demand import resource_name, resources, total_of
from sim.document.material import Line, Material, open_material
from sim.document.parameter_text import value_text
from sim.draws import quantiles
from sim.errors import ConfigError, fault
from sim.saved.probability_text import probability_text
from sim.saved.row import Row
from sim.saved.rows import indicator_text, target_text
from sim.textfile import pick

_FIELDS = ("name", "plan", "regions", "years", "draws", "overrides", "scenarios", "test_years")


@dataclass(frozen=True)
class Difference:
    """B less A of a series in a year."""

    name: str
    unit: str
    a: float
    b: float
    low: float
    middle: float
    high: float
    """P10, P50 and P90 of the paired difference; the ends are NaN where the runs are not paired."""

    @property
    def moved(self) -> bool:
        """Whether the runs differ in it at all."""
        return any(value != 0 for value in (self.low, self.middle, self.high) if np.isfinite(value))


@dataclass(frozen=True)
class Comparison:
    """What two runs share and what differs, in one language."""

    a: Material
    b: Material
    year: int
    paired: bool
    given: Sequence[tuple[str, str, str]]
    """What they were given: name, in A, in B."""
    turned: Sequence[tuple[str, str, str]]
    """Verdicts that turned: target, in A, in B."""
    same: int
    """Verdicts that are the same in both."""
    differences: Sequence[Difference] = field(default=())

    @property
    def lang(self) -> Lang:
        """Its language."""
        return self.a.lang


@looked_at
def compare(
    folder_a: Path,
    folder_b: Path,
    lang: Lang,
    *,
    year: int | None = None,
    scenario: str | None = None,
    region: str | None = None,
) -> Comparison:
    """Compare two saved runs under a scenario and in a region that both have.

    Raises ConfigError for folders that are no whole runs and for runs that share no region, scenario
    or year.
    """
    a, b = open_material(folder_a, lang), open_material(folder_b, lang)
    region = pick(
        "--region", region, _shared(saved.regions(a.run.results), saved.regions(b.run.results), "region")
    )
    names = _shared(saved.scenarios(a.run.results), saved.scenarios(b.run.results), "scenario")
    scenario = pick("--scenario", scenario, names)
    years = [str(y) for y in _shared(a.years, b.years, "year")]
    chosen = int(pick("--year", years[-1] if year is None else str(year), years))
    a, b = (open_material(f, lang, scenario=scenario, region=region) for f in (folder_a, folder_b))
    paired = _seed(a) == _seed(b) and min(a.draws, b.draws) > 0
    turned, same = _turned(a, b)
    return Comparison(a, b, chosen, paired, _given(a, b), turned, same, _differences(a, b, chosen, paired))


def _shared(a: Sequence[Any], b: Sequence[Any], what: str) -> list[Any]:
    found = [value for value in a if value in set(b)]
    if not found:
        wrong = f"the runs share no {what}: {', '.join(map(str, a))} and {', '.join(map(str, b))}"
        raise ConfigError(fault("RUN_A RUN_B", wrong, f"compare runs of one {what}"))
    return found


def _seed(m: Material) -> Any:
    return m.run.meta.get("seed")


def _given(a: Material, b: Material) -> list[tuple[str, str, str]]:
    """Fields of the experiments, code, and parameters that are not the same."""
    lang = a.lang
    experiments = [dict(m.run.meta.get("experiment", {})) for m in (a, b)]
    word = label("实验", "experiment", lang)
    out = [
        (f"{word}: {name}", one, other)
        for field_ in _FIELDS
        for name, one, other in _leaves(experiments[0].get(field_), experiments[1].get(field_), field_)
    ]
    for name, at in (("source_hash", "model"), ("healthplan", "versions")):
        one, other = (str(dict(m.run.meta.get(at, {})).get(name))[:12] for m in (a, b))
        if one != other:
            out.append((label("程序", "program", lang) + f": {name}", one, other))
    out += _targets(a, b)
    known = dict.fromkeys(line["parameter"] for m in (a, b) for line in m.parameters)
    other_records = 0
    for name in known:
        lines = a.given(name), b.given(name)
        if _hash(lines[0]) == _hash(lines[1]):
            continue
        if _figures(lines[0]) == _figures(lines[1]):
            other_records += 1
            continue
        said = next(line for line in lines if line is not None)
        called = f"{said[f'name_{lang}']} [{name}]"
        out.append((called, _figure(lines[0], lang), _figure(lines[1], lang)))
    if other_records:
        text = label(
            f"另有{other_records}项参数取值范围相同，记录（说明、出处或表内数字）不同",
            f"{other_records} more with the same ends, but other notes, sources or figures inside",
            lang,
        )
        out.append((text, "", ""))
    return out


def _targets(a: Material, b: Material) -> Iterator[tuple[str, str, str]]:
    """What the same plan asks for otherwise: its tables were changed between the runs."""
    if len({json.dumps(m.run.meta.get("experiment", {}).get("plan")) for m in (a, b)}) > 1:
        return  # another plan is told as such
    said: dict[tuple[str, str], tuple[list[str], list[str]]] = {}
    for side, m in enumerate((a, b)):
        for row in saved.rows_of(m.run.adequacy, m.region, m.scenario):
            told = " " in row.target.removeprefix("change ")  # a change in a unit of its own says it
            asked = target_text(row.target, m.lang) + ("" if told else f" {unit(row.unit, m.lang)}")
            here = said.setdefault((row.indicator_id, row.scope), ([], []))[side]
            if row.target and asked not in here:
                here.append(asked)
    names = a.indicator_names | b.indicator_names
    for (indicator, _), (one, other) in said.items():
        if one != other:
            called = f"{label('规划', 'plan', a.lang)}: {names[indicator]}"
            yield called, "; ".join(one) or "–", "; ".join(other) or "–"


def _leaves(one: Any, other: Any, name: str) -> list[tuple[str, str, str]]:
    """Fields of nested settings that differ, each with its path."""
    if one == other:
        return []
    if isinstance(one, dict) and isinstance(other, dict):
        keys = dict.fromkeys([*one, *other])
        return [leaf for key in keys for leaf in _leaves(one.get(key), other.get(key), f"{name}.{key}")]
    before, after = ("–" if v is None else json.dumps(v, ensure_ascii=False) for v in (one, other))
    return [(name, before, after)]


def _figures(line: Line | None) -> tuple[str, ...]:
    return (
        () if line is None else tuple(line[k] for k in ("value", "unit", "low", "high", "scale", "changed"))
    )


def _hash(line: Line | None) -> str:
    return "" if line is None else line["hash"]


def _figure(line: Line | None, lang: Lang) -> str:
    if line is None:
        return label("无", "none", lang)
    return value_text(line, lang) + (f" ({line['changed']})" if line["changed"] else "")


def _turned(a: Material, b: Material) -> tuple[list[tuple[str, str, str]], int]:
    """Verdicts of the same target and year that are not the same; how many are."""
    before = {_key(row): row for row in a.judged}
    out, same = [], 0
    for row in b.judged:
        old = before.get(_key(row))
        if old is None:
            continue
        if old.verdict == row.verdict:
            same += 1
            continue
        name = f"{indicator_text(row, a.lang)} ({row.year})"
        out.append((name, _verdict(old, a.lang), _verdict(row, a.lang)))
    return out, same


def _key(row: Row) -> tuple[str, str, str, int, str]:
    return row.indicator_id, row.scope, row.target, row.year, row.unit


def _verdict(row: Row, lang: Lang) -> str:
    verdict = VERDICTS[row.verdict]
    return f"{verdict.mark} {verdict.text(lang)} {probability_text(row.chance, row.draws)}".rstrip()


def _differences(a: Material, b: Material, year: int, paired: bool) -> list[Difference]:
    """People and need of each resource, B less A."""
    out = []
    lang = a.lang
    series = [("population_group", label("总人口", "People", lang), "person")]
    for name in resources(a.run.results):
        if f"{name}_required" in b.run.results:
            units = str(a.run.results[f"{name}_required"].attrs.get("units", "1"))
            called = resource_name(a.run.results, name, lang)
            series.append((f"{name}_required", label(f"{called}需求", f"{called}: need", lang), units))
            if f"{name}_projected" in a.run.results and f"{name}_projected" in b.run.results:
                series.append(
                    (f"{name}_projected", label(f"{called}趋势供给", f"{called}: supply", lang), units)
                )
    for name, called, units in series:
        one, other = _draws(a, name, year), _draws(b, name, year)
        if one is None or other is None:
            continue
        n = min(len(one), len(other)) if paired else None  # medians of draws that both have
        values = (one[:n], other[:n])
        middle = [float(quantiles(v)[1]) for v in values]
        low, high, between = float("nan"), float("nan"), middle[1] - middle[0]
        if paired:
            low, between, high = (float(v) for v in quantiles(values[1] - values[0]))
        out.append(Difference(called, unit(units, lang), middle[0], middle[1], low, between, high))
    return out


def _draws(m: Material, name: str, year: int) -> np.ndarray[Any, np.dtype[np.float64]] | None:
    """The draws of a series' total in a year, without the central one."""
    results = m.run.results
    if name == "population_group":
        array = results[name].sel(age_group="total") if name in results else None
    else:
        array = total_of(results, name)
    if array is None:
        return None
    values = np.asarray(array.sel(scenario=m.scenario, region=m.region, year=year).values, float)
    return values[1:] if values.size > 1 else values.reshape(-1)
