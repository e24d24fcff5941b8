"""What the web page of a run holds: series by scenario and place, verdicts with their sentences, sources.

Numbers are kept with nine digits; the page reads them from its own text, no file and no network.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from sim import saved
from sim.catalogue.language import Lang, label, located
from sim.catalogue.verdicts import JUDGED, VERDICTS
from sim.catalogue.words import unit
from sim.charts.demand import resource_name, resources
from sim.charts.fans import age_name
from sim.charts.parts import divided
from sim.document.material import Line, Material
from sim.document.page_words import WORDS
from sim.document.parameter_text import evidence_text, range_text, source_text, value_text
from sim.document.recommended import cost_table, lines_of, proposed_table, proposed_years, reason
from sim.document.sentences import capital, verdict_sentences
from sim.saved.attached import PART, PARTS, read_lines
from sim.saved.judgement import by_norm, by_use
from sim.saved.numbers import or_nan
from sim.saved.probability_text import probability_text
from sim.saved.row import Row
from sim.saved.rows import indicator_text, ratio_text
from sim.saved.run import HISTORY
from sim.schema import AGE_GROUPS, SEXES, VARIABLES

FIVE = 5  # years of age in a bar of the pyramid
OLDEST = 100
PEOPLE = ("population.total", "population.0-14", "population.15-59", "population.60+", "births.total")
STACKED = ("0-14", "15-59", "60+")
_DIGITS = 9
_SIDES = ("required", "projected", "required_norm")


def page_data(m: Material) -> dict[str, Any]:
    """All that the page shows, in one language, as JSON can hold it."""
    run, lang = m.run.results, m.lang
    rows = [_row(replace(m, region=r, scenario=s), row) for s, r, row in _judged(m)]
    items = _items(m)
    wanted = {key for item in items for key in item["series"].values()}
    wanted |= {row["outcome"] for row in rows if row["outcome"]} | {f"population.{g}" for g in STACKED}
    used = sorted({name for row in rows for name in row["rests"]})
    return {
        "lang": lang,
        "title": _title(m),
        "place": m.place,
        "run": str(run.attrs["run_id"]),
        "draws": m.draws,
        "source": saved.source(run.attrs, lang),
        "years": list(m.years),
        "history": run["year"].attrs.get(HISTORY),
        "scenarios": [[s, saved.scenario_name(s, lang, run)] for s in saved.scenarios(run)],
        "regions": [*([r, saved.region_name(run, r, lang)] for r in saved.regions(run)), *_parts(m)],
        "start": {"s": m.scenario, "r": m.region, "y": m.shown_years[-1]},
        "verdicts": {v: [VERDICTS[v].text(lang), VERDICTS[v].mark, VERDICTS[v].fill] for v in JUDGED},
        "items": items,
        "rows": rows,
        "series": _series(m, wanted),
        "pyramid": _pyramid(m),
        "stacked": [f"population.{g}" for g in STACKED],
        **_given(m, used),
        "proposal": _proposal(m),
        "words": WORDS[lang],
    }


def _title(m: Material) -> str:
    if m.proposed:
        first = proposed_years(m)[0]
        return label(f"{m.place}{first}年规划指标建议", f"{m.place}: targets proposed for {first}", m.lang)
    if not m.judged and len(saved.regions(m.run.results)) > 1:
        return m.plan_title
    if not m.judged:
        return label(f"{m.place}人口与卫生资源需求测算", f"{m.place}: people and need", m.lang)
    return label(f"{m.plan_title}：够不够", f"{m.plan_title}: is it enough?", m.lang)


def _proposal(m: Material) -> list[dict[str, Any]]:
    """The tables of what `propose` recommends, each row with its reason; none of another run."""
    years = proposed_years(m)
    tables = [proposed_table(m, year) for year in years]
    reasons = [
        [capital(reason(x, m.lang), m.lang) if x["recommended"] else "" for x in lines_of(m, year)]
        for year in years
    ]
    if years and (costs := cost_table(m)) is not None:
        tables, reasons = [*tables, costs], [*reasons, []]
    joint = label("", " ", m.lang)
    return [
        {
            "caption": table.caption,
            "heads": [head.replace("\n", joint) for head in table.heads],
            "roomy": sorted(table.roomy),
            "rows": table.rows,
            "note": table.note,
            "reasons": why,
        }
        for table, why in zip(tables, reasons, strict=True)
    ]


def _judged(m: Material) -> list[tuple[str, str, Row]]:
    return [
        (s, r, row)
        for s in saved.scenarios(m.run.results)
        for r in saved.regions(m.run.results)
        for row in replace(m, region=r, scenario=s).judged
    ]


def _row(m: Material, row: Row) -> dict[str, Any]:
    lang, group = m.lang, row.group or "total"
    return {
        "s": m.scenario,
        "r": m.region,
        "year": row.year,
        "name": indicator_text(row, lang, m.judged),
        "verdict": row.verdict,
        "by_use": by_use(row, lang),
        "by_norm": by_norm(row, lang),
        "p": probability_text(row.chance, row.draws),
        "ratio": "" if row.ratio_p50 is None else ratio_text(row.ratio_p50),
        "from": row.level_short_year,
        "said": verdict_sentences(m, row),
        "item": row.variable if f"{row.variable}_required" in m.run.results and group == "total" else "",
        "count": _short(row.target_count),
        "outcome": f"{row.variable}.{group}" if row.kind.grows else "",
        "goal": _short(or_nan(row.goal)),
        "factor": _short(row.unit_factor),
        "unit": unit(row.unit, lang),
        "grade": row.grade,
        "where": located(row.location, lang),
        "rests": row.rests(),
    }


def _items(m: Material) -> list[dict[str, Any]]:
    """Resources and people that can be chosen: their series by side."""
    run, lang = m.run.results, m.lang
    out = []
    for name in resources(run):
        series = {side: f"{name}_{side}.total" for side in _SIDES if f"{name}_{side}" in run}
        units = str(run[f"{name}_required"].attrs.get("units", "1"))
        out.append(
            {"id": name, "name": resource_name(run, name, lang), "unit": unit(units, lang), "series": series}
        )
    for key in PEOPLE:
        variable, _, group = key.partition(".")
        if variable == "births":
            name = label("出生人数", "Births", lang)
        elif group in AGE_GROUPS:
            ages = label(f"{age_name(group, lang)}人口", f"People {age_name(group, lang).lower()}", lang)
            name = label("总人口", "All people", lang) if group == "total" else ages
        out.append({"id": key, "name": name, "unit": unit("person", lang), "series": {"people": key}})
    return out


def _series(m: Material, wanted: set[str]) -> dict[str, Any]:
    """P10, P50 and P90 of the wanted series of timeseries.csv, by scenario and place."""
    at = {year: i for i, year in enumerate(m.years)}
    found: dict[str, Any] = {}
    for line in read_lines(m.run.folder / "timeseries.csv"):
        key = f"{line['variable']}.{line['group']}"
        if key not in wanted:
            continue
        own = found.setdefault(
            key, {"unit": unit(line["unit"], m.lang), "name": _named(line, m.lang), "values": {}}
        )
        values = own["values"].setdefault(
            f"{line['scenario']}|{line['region']}", [[None] * len(at) for _ in range(3)]
        )
        for side, column in zip(values, ("p10", "p50", "p90"), strict=True):
            side[at[int(line["year"])]] = _short(or_nan(line[column]))
    _add_parts(m, found)
    return found


def _parts(m: Material) -> list[list[str]]:
    """Code and name of each part of the region."""
    run = m.run.results
    if not divided(run):
        return []
    names = run["part_name" if m.lang == "zh" else "part_name_en"]
    return [[str(code), str(name)] for code, name in zip(run["part"].values, names.values, strict=True)]


def _add_parts(m: Material, series: dict[str, Any]) -> None:
    """The series that parts have, beside those of the whole."""
    if not divided(m.run.results):
        return
    for name in PARTS:
        key = "population.total" if name == PARTS[0] else f"{name.removeprefix(PART)}.total"
        array = m.run.results[name].transpose("scenario", "part", "year", "draw")
        bands = saved.central_and_band(array)
        for i, scenario in enumerate(saved.scenarios(m.run.results)):
            for j, part in enumerate(m.run.results["part"].values):
                three = [[_short(float(v)) for v in side[i, j]] for side in bands]
                series[key]["values"][f"{scenario}|{part}"] = three


def _named(line: Line, lang: Lang) -> str:
    variable = VARIABLES.get(line["variable"])
    return line["variable"] if variable is None else label(variable.long_name_zh, variable.long_name, lang)


def _pyramid(m: Material) -> dict[str, Any]:
    """People by sex and five years of age at central parameters, by scenario, place and year."""
    if "population_central" not in m.run.results:
        return {}
    array = m.run.results["population_central"].transpose("scenario", "region", "year", "sex", "age")
    starts = list(range(0, OLDEST + 1, FIVE))
    values = np.add.reduceat(np.asarray(array.values, float), starts, axis=-1)
    sexes = [str(s) for s in array["sex"].values]
    order = [sexes.index(s) for s in SEXES]
    out: dict[str, Any] = {}
    for i, scenario in enumerate(saved.scenarios(m.run.results)):
        for j, region in enumerate(saved.regions(m.run.results)):
            years = values[i, j][:, order]
            out[f"{scenario}|{region}"] = [
                [[round(float(v)) for v in side] for side in year] for year in years
            ]
    return out


def _given(m: Material, first: Sequence[str]) -> dict[str, Any]:
    """Every figure that the run was given, by the number of its source, and these sources.

    given: those of the scenario and place that the page opens with; other: by scenario and place what
    differs from them.  first: the parameters that stand before the others.
    """
    sources: dict[str, int] = {}
    made: dict[int, list[Any]] = {}  # a line holds in many scenarios and is put in words once

    def cells(line: Line) -> list[Any]:
        if id(line) not in made:
            number = sources.setdefault(source_text(line, m.lang), len(sources))
            made[id(line)] = [line["parameter"], *_figure(line, m.lang), number]
        return made[id(line)]

    names = sorted(m.here, key=lambda n: (n not in first, n))
    start = {name: cells(m.here[name]) for name in names}
    other = {}
    for scenario in saved.scenarios(m.run.results):
        for place in [*saved.regions(m.run.results), *(code for code, _ in _parts(m))]:
            held = m.told.of(scenario, place).items()
            rows = [cells(line) for name, line in held if line is not m.here.get(name)]
            other[f"{scenario}|{place}"] = [row for row in rows if row != start.get(row[0])]
    differing = {key: rows for key, rows in other.items() if rows}
    return {"given": list(start.values()), "other": differing, "sources": list(sources)}


def _figure(line: Line, lang: Lang) -> list[str]:
    """Name, value, range, evidence and grade of a parameter, in words."""
    name, quality = line[f"name_{lang}"], line["quality"]
    return [name, value_text(line, lang), range_text(line, lang), evidence_text(line, lang), quality]


def _short(value: float | None) -> float | None:
    return None if value is None or not np.isfinite(value) else float(f"{value:.{_DIGITS}g}")
