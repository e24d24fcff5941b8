"""What a run found, in a few lines: how many are short, the worst, where the pictures are, what next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from sim import saved
from sim.catalogue.language import Lang, label
from sim.catalogue.verdicts import JUDGED, VERDICTS, severity
from sim.catalogue.words import Titles, unit
from sim.report.cells import parameter_names
from sim.saved.judgement import by_use, judged_by_norm, on_line
from sim.saved.probability_text import probability_text
from sim.saved.row import Row
from sim.saved.rows import indicator_name, ratio_text, says_unit, target_text

WORST = 5


def summary_text(
    rows: Sequence[Row],
    lang: str = "zh",
    *,
    folder: Path,
    draws: int | None = None,
    titles: Titles | None = None,
    places: Mapping[str, str] | None = None,
    whole: bool = True,
) -> str:
    """The end of a run: tallies of the plan's indicators by use and by norm, the worst five, paths.

    rows: of adequacy_detail.csv.  folder: the run's.  places: names of the regions.
    whole: with what to do next; without it what a log needs.
    Counts the judged rows alone, each under its own target year; the run's first scenario, other
    ones by the number that is short.
    """
    language: Lang = "en" if lang == "en" else "zh"
    rows = saved.rows_on_plan([replace(row, draws=draws) for row in rows])
    scenarios = list(dict.fromkeys(row.scenario for row in rows))
    lines: list[str] = []
    for region in dict.fromkeys(row.region for row in rows):
        mine = [row for row in rows if row.region == region and row.is_judged]
        first = [row for row in mine if row.scenario == scenarios[0]]
        named = saved.scenario_name(scenarios[0], language, titles)
        head = f"{(places or {}).get(region, region)} {named}"
        lines += _place(first, head, parameter_names(folder, language), language)
        others = [_other(mine, name, language, titles) for name in scenarios[1:]]
        if others:
            lines.append(
                label("其他情景不足：", "Short in other scenarios: ", language)
                + label("，", ", ", language).join(others)
            )
    if not rows:
        lines.append(label("没有规划：只有预测", "No plan: the projection alone", language))
    lines += _where(folder, language)
    if whole:
        lines += _next(folder, rows, scenarios, language)
    return "\n".join(lines)


def tally(rows: Sequence[Row], *, by_norm: bool = False) -> Counter[str]:
    """Number of judged rows by verdict: by use, or those that have one by norm."""
    kept = [row for row in rows if row.is_judged]
    if by_norm:
        return Counter(row.verdict_norm for row in kept if judged_by_norm(row))
    return Counter(row.verdict for row in kept)


def worst(rows: Sequence[Row], most: int = WORST) -> list[Row]:
    """The rows that are worst off, short and tight ones alone: by verdict, then by probability."""
    bad = [row for row in rows if row.is_bad]
    return sorted(bad, key=lambda row: (severity(row.verdict), _chance(row)))[:most]


def _place(rows: Sequence[Row], name: str, names: Mapping[str, str], lang: Lang) -> list[str]:
    """The lines of one place; names: of the run's parameters."""
    lines = []
    for year in sorted({row.year for row in rows}):
        here = [row for row in rows if row.year == year]
        texts = [_counts(tally(here), label("按使用", "by use", lang), lang)]
        if found := tally(here, by_norm=True):
            head = label(f"按标准（{sum(found.values())}项）", f"by norm ({sum(found.values())})", lang)
            texts.append(_counts(found, head, lang))
        joint = label("；", "; ", lang)
        lines.append(f"{name} {year}{label('年', '', lang)}: {joint.join(texts)}")
        near = sum(bool(on_line(row)) for row in here)
        if near:
            lines.append(
                label(
                    f"  其中 {near} 项临界（±），增加抽样可能改判",
                    f"  {near} of them on the line (±): more draws may turn them",
                    lang,
                )
            )
        lines += [f"  {_bad(row, lang)}{_first(row, names, lang)}" for row in worst(here)]
    return lines


def _counts(found: Counter[str], head: str, lang: Lang) -> str:
    counts = [f"{VERDICTS[v].mark} {VERDICTS[v].text(lang)} {found[v]}" for v in JUDGED]
    return f"{head} " + label("，", ", ", lang).join(counts)


def _bad(row: Row, lang: Lang) -> str:
    """One of the worst: verdict, name, target, how surely, and what part of the need it is."""
    joint = "" if lang == "zh" or row.unit == "%" else " "
    name, units = indicator_name(row.name(lang), lang), unit(row.unit, lang)
    said = says_unit(row.unit, name)
    target = target_text(str(row.target), lang)
    target += "" if said or target.endswith(units) else joint + units
    reached = row.p_enough is None
    chance = probability_text(_chance(row), row.draws)
    what = label("达标概率", "reached with", lang) if reached else label("够用概率", "enough with", lang)
    parts = [f"{what} {chance}"]
    if row.ratio_p50 is not None:
        ratio = ratio_text(row.ratio_p50)
        parts.append(label(f"为需求的{ratio}倍", f"{ratio} of the need", lang))
    return f"{by_use(row, lang)}  {name} {target}: {label('，', ', ', lang).join(parts)}"


def _first(row: Row, names: Mapping[str, str], lang: Lang) -> str:
    """The figure to find first, with its share of the spread."""
    name, joint, share = row.find_first.partition(" (")
    if not joint:
        return ""
    share, named = share.rstrip(")"), names.get(name, name)
    return label(f"；先查清“{named}”（{share}）", f"; find first: {named} ({share})", lang)


def _chance(row: Row) -> float:
    return 1.0 if row.chance is None else row.chance


def _other(rows: Sequence[Row], scenario: str, lang: Lang, titles: Titles | None) -> str:
    found = tally([row for row in rows if row.scenario == scenario])
    return f"{saved.scenario_name(scenario, lang, titles)} {found['short']}"


def _where(folder: Path, lang: Lang) -> list[str]:
    """Where page, charts and tables stand, those that do."""
    parts = []
    page = folder / "charts" / f"page_{lang}.png"
    pages = sorted(folder.glob(f"charts/page_*{lang}.png")) if not page.is_file() else [page]
    if pages:
        shown = f"{pages[0].relative_to(folder)}"
        parts.append(label(f"一页总览 {shown}", f"one page: {shown}", lang))
        parts.append(label("全部图 charts/", "all charts: charts/", lang))
    if (folder / "tables.xlsx").is_file():
        parts.append(label("表 tables.xlsx", "tables: tables.xlsx", lang))
    parts.append(label("逐项 adequacy.csv", "every indicator: adequacy.csv", lang))
    head = label("在运行文件夹内：", "In the run's folder: ", lang)
    return [head + label("；", "; ", lang).join(parts)]


def _next(folder: Path, rows: Sequence[Row], scenarios: Sequence[str], lang: Lang) -> list[str]:
    """The commands that follow, as they are typed."""
    run = f"'{folder}'" if " " in str(folder) else str(folder)
    option = "" if lang == "zh" else " --lang en"
    lines = [label("接下来：", "What next:", lang)]
    if not rows:
        return [*lines, _command(f"plot {run} --list{option}", label("有哪些图", "which charts", lang))]
    first = worst([row for row in rows if row.scenario == scenarios[0]], 1)
    does = label(
        "多大的目标才够用，每年需新增多少", "which target would hold, and what it takes a year", lang
    )
    lines.append(_command(f"revise {run}{option}", does))
    if first:
        does = label("在哪些假设下最为不足", "under which assumptions the worst one fails", lang)
        lines.append(_command(f"discover {run} --indicator {first[0].indicator_id}{option}", does))
        chart = f"decomposition_{first[0].variable}"
        if (folder / "charts" / f"{chart}_{lang}.png").is_file():
            does = label("需求为何变化", "what moves the need", lang)
            lines.append(f"  charts/{chart}_{lang}.png  {does}")
    lines.append(_command(f"plot {run} --list{option}", label("有哪些图", "which charts there are", lang)))
    return lines


def _command(text: str, does: str) -> str:
    return f"  healthplan {text}\n      {does}"
