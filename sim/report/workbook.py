"""tables.xlsx of a run folder: adequacy, time series and what was run, for work in Excel."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import xlsxwriter

from sim.catalogue.verdicts import VERDICTS
from sim.report import saved
from sim.report.probability_text import number_format
from sim.report.saved import draws_of, open_saved

# Dates inside the file are fixed, so that the same run gives the same bytes.
DATE = datetime(2000, 1, 1)
HEADER_ZH = {
    "plan": "规划",
    "region": "地区代码",
    "scenario": "情景",
    "indicator_id": "指标代码",
    "name_zh": "指标",
    "name_en": "指标（英文）",
    "year": "年份",
    "unit": "单位",
    "population_basis": "人口口径",
    "baseline": "基期值",
    "target": "目标值",
    "required_p10": "需求P10",
    "required_p50": "需求P50",
    "required_p90": "需求P90",
    "available_p50": "规划供给P50",
    "ratio_p50": "目标/需求P50",
    "p_enough": "够用概率",
    "p_reached": "达标概率",
    "verdict": "结论",
    "grade": "数据等级",
    "reason": "说明",
    "variable": "变量",
    "group": "分组",
    "central": "中心值",
    "p10": "P10",
    "p50": "P50",
    "p90": "P90",
    "scope": "范围",
    "location": "出处",
    "note": "备注",
    "resource": "资源",
    "factor": "因素",
    "change": "变化",
    "against": "比较基准",
    "basis": "人口口径",
    "basis_stated": "规划注明口径",
    "used": "结论所用",
    "people_p50": "人口P50",
    "planned_count_p50": "规划数P50",
    "required_count_p50": "需求数P50",
    "p": "概率",
    "target_now": "规划值",
    "p_now": "规划概率",
    "revised": "修订目标",
    "revised_mcse": "抽样误差",
    "proposed": "建议目标",
    "count_p50": "对应数量",
    "kind": "方式",
    "base_year": "基年",
    "stock_base": "基年存量",
    "net_per_year": "年净增",
    "replacement_per_year": "年补充离职",
    "per_year": "年需新增",
    "statistic": "统计量",
}
WIDTHS = {
    "name_zh": 30,
    "name_en": 34,
    "reason": 48,
    "indicator_id": 26,
    "variable": 26,
    "plan": 14,
    "unit": 16,
    "scenario": 14,
    "group": 18,
}
SHEETS = (
    ("revise.csv", "目标修订 revise", 6),
    ("basis.csv", "人口口径 basis", 6),
    ("decomposition.csv", "需求变化 decomposition", 1),
)
STATISTICS = ("central", "p10", "p50", "p90")
PROBABILITIES = ("p_enough", "p_reached")
FORMATS = {"ratio_p50": "0.00", "year": "0"}
TEXTS = frozenset(
    {
        "region",
        "plan",
        "scenario",
        "indicator_id",
        "group",
        "name_zh",
        "variable",
        "unit",
        "target",
        "p",
        "against",
    }
)
HEADER = {"bold": True, "bg_color": "#D9E2EC", "text_wrap": True, "valign": "top"}


class _Book:
    """A workbook and its cell formats, each made once."""

    def __init__(self, target: io.BytesIO, draws: int | None = None) -> None:
        self.shapes = {name: number_format(draws) for name in PROBABILITIES} | FORMATS
        self.file = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_urls": False})
        self.file.set_properties({"author": "healthplan", "created": DATE})
        self._formats: dict[str, Any] = {}

    def format(self, **properties: Any) -> Any:
        """The format with these properties."""
        key = repr(properties)
        if key not in self._formats:
            self._formats[key] = self.file.add_format(properties)
        return self._formats[key]

    def shape(self, text: str) -> Any:
        """The format of a number."""
        if text not in self._formats:
            self._formats[text] = self.format(num_format=text)
        return self._formats[text]


def write_workbook(run_dir: Path | str) -> Path:
    """Write tables.xlsx into a run folder; returns its path. Same run, same bytes.

    Raises ConfigError if the folder is no run.
    """
    run = open_saved(run_dir)
    buffer = io.BytesIO()
    book = _Book(buffer, draws_of(run.meta))
    _sheet(book, "规划充足性 adequacy", *_read(run.folder / "adequacy.csv"), freeze=6)
    for name, title, freeze in SHEETS:
        if (run.folder / name).is_file():
            _sheet(book, title, *_read(run.folder / name), freeze=freeze)
    series = "时间序列 timeseries"
    _sheet(book, series, *_years_across(*_read(run.folder / "timeseries.csv")), freeze=7)
    _about(book, run)
    book.file.close()
    path = run.folder / "tables.xlsx"
    path.write_bytes(buffer.getvalue())
    return path


def _read(path: Path) -> tuple[list[str], Iterator[Sequence[str]]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    return rows[0], iter(rows[1:])


def _years_across(
    columns: Sequence[str], rows: Iterable[Sequence[str]]
) -> tuple[list[str], Iterator[Sequence[str]]]:
    """The tidy table with a column for each year and a row for each series and statistic."""
    body = list(rows)
    at = {name: i for i, name in enumerate(columns)}
    years = sorted({row[at["year"]] for row in body})
    names = ["scenario", "region", "variable", "group", "unit"]

    def wide() -> Iterator[Sequence[str]]:
        for key, own in groupby(body, key=lambda row: [row[at[name]] for name in names]):
            found = {row[at["year"]]: row for row in own}
            for statistic in STATISTICS:
                values = (found[y][at[statistic]] if y in found else "" for y in years)
                yield [*key, statistic, *values]

    return [*names, "statistic", *years], wide()


def _sheet(
    book: _Book, title: str, columns: Sequence[str], rows: Iterable[Sequence[str]], *, freeze: int
) -> None:
    sheet = book.file.add_worksheet(title)
    body = list(rows)
    for i, name in enumerate(columns):
        sheet.set_column(i, i, WIDTHS.get(name, 11))
        sheet.write_string(0, i, HEADER_ZH.get(name, name), book.format(**HEADER))
    sheet.freeze_panes(1, freeze - 1)
    sheet.autofilter(0, 0, len(body), len(columns) - 1)
    for r, row in enumerate(body, 1):
        for c, (name, text) in enumerate(zip(columns, row, strict=False)):
            if text:
                _write(book, sheet, (r, c), name, text)


def _write(book: _Book, sheet: Any, at: tuple[int, int], column: str, text: str) -> None:
    if column == "verdict":
        verdict = VERDICTS.get(text)
        if verdict is None:
            sheet.write_string(*at, text)
        else:
            sheet.write_string(*at, f"{verdict.zh} {verdict.en}", book.format(bg_color=verdict.fill))
        return
    value = _value(column, text)
    if isinstance(value, str):
        sheet.write_string(*at, value)
    else:
        shape = book.shapes.get(column) or ("#,##0" if abs(value) >= 1000 else "0.00##")
        sheet.write_number(*at, value, book.shape(shape))


def _value(column: str, text: str) -> float | int | str:
    return text if column in TEXTS else _number(text)


def _number(text: str) -> float | int | str:
    try:
        value = float(text)
    except ValueError:
        return text
    if value != value or value in (float("inf"), float("-inf")):
        return text
    return int(value) if value.is_integer() and abs(value) < 1e15 else value


def _about(book: _Book, run: saved.SavedRun) -> None:
    sheet = book.file.add_worksheet("说明 about")
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 90)
    facts: list[tuple[str, str]] = [
        ("运行编号 run id", str(run.results.attrs["run_id"])),
        ("实验 experiment", str(run.results.attrs["experiment"])),
        ("规划 plan", str(run.results.attrs["plan"])),
        ("情景 scenarios", ", ".join(saved.scenarios(run.results))),
        ("地区 regions", ", ".join(saved.regions(run.results))),
        ("抽样次数 draws", str(max(int(run.results.sizes.get("draw", 1)) - 1, 0))),
        ("版本 versions", _flat(run.meta.get("versions", ""))),
        ("代码版本 commit", _flat(run.meta.get("model", {}).get("commit", ""))),
        (
            "结论 verdicts",
            "按够用概率（没有需求数的指标按达标概率）分为够用、偏紧、不足；"
            "供给明显超过需求为富余。阈值见 parameters/standards/adequacy.yaml。"
            "question_ 行为规划只有文字、无目标的问题：按趋势供给判定，无供给数的为“无目标”",
        ),
        ("数据等级 grades", "A 实测表；B 公开汇总；C 假设；D 推算。表中为结论所依据数据的最低等级"),
        ("存量与流量 stocks, flows", "存量为12月31日数，流量为全年数"),
        ("中心值与分位数", "central：所有参数取中心值；P10、P50、P90：抽样的分位数"),
    ]
    for r, (name, text) in enumerate(fact for fact in facts if fact[1]):
        sheet.write_string(r, 0, name, book.format(bold=True))
        sheet.write_string(r, 1, text, book.format(text_wrap=True, valign="top"))


def _flat(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {item}" for key, item in sorted(value.items()))
    return str(value or "")
