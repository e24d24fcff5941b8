"""People to come, and demand and supply of each resource."""

from __future__ import annotations

import numpy as np
import xarray as xr

from sim import saved
from sim.catalogue.language import Lang, label
from sim.catalogue.words import DRIVERS, unit, word
from sim.charts.demand import MAIN_RESOURCES, resource_name, resources, supply_of
from sim.charts.plan_path import serves
from sim.document.blocks import NONE, Block, Heading, Table, Text
from sim.document.material import Material
from sim.document.parts import by_part
from sim.document.people import people
from sim.document.pictures import Pictures
from sim.document.sentences import amount, many
from sim.saved.attached import read_lines
from sim.saved.numbers import MINUS, number


def people_and_resources(m: Material, pictures: Pictures) -> list[Block]:
    """Population in words, table and pictures; then need, supply and gap of each resource."""
    lang = m.lang
    blocks: list[Block] = [
        Heading(label("三、人口与资源供需", "3. People, need and supply", lang)),
        *people(m, pictures),
        Heading(label("（二）各类资源需求与供给", "3.2 Need and supply by resource", lang), 2),
        Text(_resource_text(m)),
        _resource_table(m),
    ]
    first = next((r for r in ("beds", *MAIN_RESOURCES) if r in resources(m.run.results)), "")
    if first:
        blocks += pictures.picture(f"demand_{first}", "demand", _demand_caption(m, first), width=0.9)
        said = drivers_text(m, first)
        if said:
            blocks.append(Text(said))
    blocks += _by_scenario(m)
    blocks += _by_region(m)
    return [*blocks, *by_part(m, pictures)]


_NAMED = 6  # resources that a sentence names


def _demand_caption(m: Material, resource: str) -> str:
    """What the chart of a resource shows: beside need and supply a target, a present level, or neither."""
    name = resource_name(m.run.results, resource, m.lang)
    rows = [
        r for r in saved.rows_of(m.run.adequacy, m.region, m.scenario) if serves(r) == (resource, "total")
    ]
    if any(row.target for row in rows):
        return label(f"{name}需求、供给与规划目标", f"{name}: need, supply and plan", m.lang)
    if any((row.available_p50 or 0.0) > 0 for row in rows):
        return label(f"{name}需求、供给与现状水平", f"{name}: need, supply and present level", m.lang)
    return label(f"{name}需求与供给", f"{name}: need and supply", m.lang)


def _resource_text(m: Material) -> str:
    lang, last = m.lang, m.years[-1]
    short: list[tuple[float, str]] = []
    over: list[tuple[float, str]] = []
    for name in resources(m.run.results):
        need, supply = m.band(f"{name}_required", last), m.band(f"{name}_projected", last)
        if need is None or supply is None or not need[1] > 0:
            continue
        units = str(m.run.results[f"{name}_required"].attrs.get("units", "1"))
        gap = supply[1] - need[1]
        called, lacking = resource_name(m.run.results, name, lang), amount(abs(gap), units, lang)
        said = label(f"{called}缺{lacking}", f"{called} by {lacking}", lang)
        (short if round(gap) < 0 else over).append((abs(gap) / need[1], said))
    joint = label("、", ", ", lang)
    listed = joint.join(text for _, text in sorted(short, reverse=True)[:_NAMED])
    first = label(f"前{_NAMED}类", f" (the first {_NAMED})", lang) if len(short) > _NAMED else ""
    order = label(f"，按缺口占需求的比例由大到小，{first}依次", "", lang) if len(short) > 1 else ""
    if not short:
        said = label("各类资源均不低于需求", "no resource falls below its need", lang)
    else:
        said = label(
            f"有{len(short)}类资源低于需求{order}为：{listed}",
            f"{many(len(short), 'resource falls below its', 'resources fall below their')} need"
            + (f", the largest part of the need first{first}" if len(short) > 1 else "")
            + f": {listed}",
            lang,
        )
    many_over = many(len(over), "does", "do")
    text = label(
        f"按现有趋势推算，到{last}年{said}；{len(over)}类不低于需求。各类资源的需求、供给与差额见[[resources]]。",
        f"If supply goes on as before, in {last}, {said}; {many_over} not. Need, supply and gap of each: "
        "[[resources]].",
        lang,
    )
    if not any(row.need for row in m.judged):  # the table of verdicts tells nothing of resources
        return text
    return text + label(
        "趋势供给不含规划新增；规划实施后的情况见[[verdicts]]。",
        " The trend does not hold what the plan adds; with the plan: [[verdicts]].",
        lang,
    )


def _resource_table(m: Material) -> Table:
    lang, last = m.lang, m.years[-1]
    years = m.shown_years
    heads = [
        label("资源", "Resource", lang),
        *(label(f"{y}年\n需求", f"Need\n{y}", lang) for y in years),
        label(f"{last}年\n趋势供给", f"Trend\n{last}", lang),
        label("差额", "Gap", lang),
    ]
    body = []
    for name in resources(m.run.results):
        units = str(m.run.results[f"{name}_required"].attrs.get("units", "1"))
        needs = [m.band(f"{name}_required", y) for y in years]
        supply = m.band(f"{name}_projected", last) if supply_of(m.run.results, name) is not None else None
        gap = supply[1] - needs[-1][1] if supply and needs[-1] else float("nan")
        cells = [_many(n[1], lang) if n else NONE for n in needs]
        if needs[-1]:
            low, high = (_many(v, lang) for v in needs[-1][::2])
            cells[-1] += label(f"（{low}—{high}）", f" ({low} to {high})", lang)
        body.append(
            (
                _with_unit(resource_name(m.run.results, name, lang), units, lang),
                *cells,
                _many(supply[1], lang) if supply else NONE,
                _many(gap, lang, signed=True) if np.isfinite(gap) else NONE,
            )
        )
    note = label(
        f"注：中位数，括号内为80%区间；差额为{last}年趋势供给减需求，负数为缺口。",
        f"Note: medians, in brackets the 80% band; gap: supply by trend in {last} less need, minus: short.",
        lang,
    )
    widths = (36, *(13 for _ in years[:-1]), 41, 14, 13)
    caption = label("各类卫生资源需求与趋势供给", "Need and supply by trend", lang)
    return Table("resources", caption, heads, body, widths, frozenset(range(1, len(heads))), note)


def _with_unit(name: str, units: str, lang: Lang) -> str:
    """A resource with what it is counted in, where its name does not say so: 床位（张）."""
    said = unit(units, lang)
    plain_people = lang == "en" and units == "person"
    told = name.endswith(said) if lang == "zh" else said in name.lower()  # 卫生人员 are counted in 人
    if told or plain_people:
        return name
    if lang == "zh" and name.endswith("）"):  # one pair of brackets: 农村医师（含于医师，人）
        return f"{name.removesuffix('）')}，{said}）"
    return name + label(f"（{said}）", f", {said}", lang)


def _many(value: float, lang: Lang, *, signed: bool = False) -> str:
    """A count of a table: whole, from a million on in 万, 亿, million."""
    text = f"{abs(value):,.0f}" if abs(value) < 1e6 else number(abs(value), lang)
    if text == "0":
        return text
    return (MINUS if value < 0 else "+" if signed else "") + text


def drivers_text(m: Material, resource: str) -> str:
    """What moves the need of a resource between base year and last year, in words."""
    lang, last = m.lang, m.years[-1]
    found = {
        line["factor"]: float(line["change"])
        for line in read_lines(m.run.folder / "decomposition.csv")
        if (line["scenario"], line["region"], line["resource"], line["group"], line["year"])
        == (m.scenario, m.region, resource, "total", str(last))
        and line["change"]
        and line["against"] == str(m.years[0])
    }
    whole = found.pop("total", None)
    parts = {k: v for k, v in found.items() if k in DRIVERS and k != "scenario"}
    if whole is None or not parts:
        return ""
    units = str(m.run.results[f"{resource}_required"].attrs.get("units", "1"))
    joint = "" if lang == "zh" else " "
    said = label("，", ", ", lang).join(
        f"{word(DRIVERS, k, lang)}{joint}{'+' if v >= 0 else MINUS}{amount(abs(v), units, lang)}"
        for k, v in parts.items()
    )
    name = resource_name(m.run.results, resource, lang)
    more = label("增加", "rises by", lang) if whole >= 0 else label("减少", "falls by", lang)
    many = amount(abs(whole), units, lang)
    return label(
        f"{_demand_caption(m, resource)}见[[demand]]。{m.years[0]}—{last}年{name}需求（参数取中心值）{more}"
        f"{many}，其中：{said}。",
        f"[[demand]] shows {name.lower()}. From {m.years[0]} to {last} the need (parameters at their centre) "
        f"{more} "
        f"{many}: {said}.",
        lang,
    )


def _by_scenario(m: Material) -> list[Block]:
    """Need of the main resources in the last year, by scenario."""
    lang, last = m.lang, m.years[-1]
    names = saved.scenarios(m.run.results)
    if len(names) < 2:
        return []
    known = [r for r in ("beds", *MAIN_RESOURCES) if r in resources(m.run.results)]
    heads = [label("情景", "Scenario", lang), *(resource_name(m.run.results, r, lang) for r in known)]
    body = []
    for name in names:
        cells = [f"{_median(_need(m, r, last), name, m.region):,.0f}" for r in known]
        body.append((saved.scenario_name(name, lang, m.run.results), *cells))
    caption = label(f"各情景{last}年需求（中位数）", f"Need in {last} by scenario (medians)", lang)
    table = Table(
        "scenarios", caption, heads, body, (22, *(15 for _ in known)), frozenset(range(1, len(heads)))
    )
    text = label(
        "各情景使用同一组抽样，差别可成对比较，见[[scenarios]]。",
        "Scenarios share their draws, so that their difference is paired: [[scenarios]].",
        lang,
    )
    return [Text(text), table]


def _need(m: Material, resource: str, year: int) -> xr.DataArray:
    """The need for a resource in a year, all of its groups together."""
    at = m.run.results[f"{resource}_required"].sel(year=year)
    return at.sel({dim: "total" for dim in at.dims if dim not in ("scenario", "region", "draw")})


def _median(series: xr.DataArray, scenario: str, region: str) -> float:
    return float(saved.central_and_band(series.sel(scenario=scenario, region=region))[1])


def _by_region(m: Material) -> list[Block]:
    """People and need for beds of each region of a run with several."""
    lang, (first, last) = m.lang, (m.years[0], m.years[-1])
    codes = saved.regions(m.run.results)
    if len(codes) < 2:
        return []
    shown = [r for r in ("beds", *MAIN_RESOURCES[:2]) if f"{r}_required" in m.run.results]
    heads = [
        label("地区", "Region", lang),
        *(label(f"{y}年人口\n（万人）", f"People {y},\nthousands", lang) for y in (first, last)),
        *(
            label(
                f"{resource_name(m.run.results, r, lang)}\n需求（{last}年）",
                f"{resource_name(m.run.results, r, lang)}\nneeded {last}",
                lang,
            )
            for r in shown
        ),
    ]
    divisor = 1e4 if lang == "zh" else 1e3
    body = []
    for code in codes:
        people = (m.run.results["population_group"].sel(age_group="total", year=y) for y in (first, last))
        cells = [f"{_median(at, m.scenario, code) / divisor:,.1f}" for at in people]
        cells += [f"{_median(_need(m, r, last), m.scenario, code):,.0f}" for r in shown]
        body.append((saved.region_name(m.run.results, code, lang), *cells))
    caption = label("分地区人口与需求（中位数）", "People and need by region (medians)", lang)
    widths = (22, *(16 for _ in heads[1:]))
    return [
        Text(label("分地区结果见[[regions]]。", "By region: [[regions]].", lang)),
        Table("regions", caption, heads, body, widths, frozenset(range(1, len(heads)))),
    ]
