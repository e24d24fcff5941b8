"""The terminal's table and the workbook say what adequacy.csv says."""

import json
import re
import shutil
import sys
from dataclasses import replace
from pathlib import Path
from unicodedata import east_asian_width

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from paths import read_rows

from sim.catalogue.verdicts import JUDGED, VERDICTS, severity
from sim.intact import write_meta
from sim.report import adequacy_text, outside_text, summary_text, write_workbook
from sim.report.cells import variable_word
from sim.report.summary import worst
from sim.saved.row_table import read, row_of


@pytest.fixture(scope="module")
def rows(run_dir):
    return read(run_dir)


def width(line):
    return sum(2 if east_asian_width(ch) in "WF" else 1 for ch in line)


def figures(text, lang):
    """The lines of the table: those with a verdict's mark, before the words for the signs."""
    body = text.split("结论：" if lang == "zh" else "Verdict: ")[0].splitlines()[2:]
    return [line for line in body if any(f"{VERDICTS[v].mark} " in line for v in JUDGED)]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_table_fits_the_terminal_and_lists_judged_rows_only(rows, lang):
    text = adequacy_text(rows, lang, width=118)
    judged = [r for r in rows if r.scenario == "reference" and r.verdict in JUDGED]
    assert len(figures(text, lang)) == len(judged) == 10
    assert max(map(width, figures(text, lang))) <= 118
    assert "\x1b[" not in text
    assert re.search(r"\b40\b", text.splitlines()[-1])
    for name in ("总和生育率", "Total fertility", "老年人健康管理率", "Health management"):
        assert name not in text


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("columns", [60, 72])
def test_a_narrow_terminal_cuts_neither_names_nor_figures(rows, lang, columns):
    """Names stand whole above their figures, and no line of the table is wider than the terminal."""
    one = [r for r in rows if r.scenario == "reference"]
    text = adequacy_text(one, lang, width=columns)
    table = text.split("结论：" if lang == "zh" else "Verdict: ")[0].splitlines()
    assert max(map(width, table)) <= columns
    assert "…" not in text
    joined = re.sub(r"\s", "", "".join(table))
    for row in one:
        if row.verdict in JUDGED:
            assert re.sub(r"\s", "", row.name(lang)) in joined
            if row.ratio_p50:
                assert f"{row.ratio_p50:.2f}" in joined


def test_in_a_pipe_no_name_is_cut(rows, monkeypatch):
    """Neither where nothing says how wide it is, nor where COLUMNS does."""
    long = "Premature mortality from major non-communicable diseases (probability, ages 30-70)"
    monkeypatch.delenv("COLUMNS", raising=False)
    assert not sys.stdout.isatty()
    text = adequacy_text(rows, "en")
    assert long in text
    assert len(figures(text, "en")) == 10
    monkeypatch.setenv("COLUMNS", "60")
    one = [r for r in rows if r.scenario == "reference"]
    assert "…" not in adequacy_text(one, "en")


def test_table_shows_the_rows_own_figures(rows):
    text = adequacy_text(rows, "en", width=118)
    row = next(r for r in rows if r.indicator_id == "nurses_per_1000" and r.year == 2025)
    line = next(line for line in text.splitlines() if line.startswith("Registered nurses"))
    assert f"{row.ratio_p50:.2f}" in line
    assert f"{row.p_enough:.0%}" in line
    assert row.verdict in line
    assert line.split()[-5] != ""


ROW = {
    "plan": "p",
    "region": "1",
    "scenario": "reference",
    "name_zh": "床位",
    "name_en": "Beds",
    "unit": "beds",
    "target": "5",
    "grade": "C",
}
ANY = st.sampled_from([*VERDICTS])
MADE = st.lists(
    st.fixed_dictionaries(
        {
            "verdict": ANY,
            "verdict_norm": st.sampled_from(["", "short", "tight", "adequate"]),
            "on_the_line": st.sampled_from(["", "adequate", "adequate tight"]),
            "year": st.sampled_from(["2025", "2030"]),
            "p_enough": st.floats(0, 1).map(lambda p: f"{p:.3f}"),
            "level_short_year": st.sampled_from(["", "2031"]),
        }
    ),
    max_size=12,
).map(lambda found: [row_of({**ROW, **one, "indicator_id": f"i{n}"}) for n, one in enumerate(found)])


@pytest.mark.slow
@given(MADE)
def test_the_table_says_what_each_row_says(made):
    """By norm and ± where the row has them and a verdict; nothing of what is not judged."""
    lines = figures(adequacy_text(made, "en", width=118), "en")
    judged = [row for row in made if row.verdict in JUDGED]
    assert len(lines) == len(judged)
    for row, line in zip(judged, lines, strict=True):
        cells = line.split("5 ", 1)[1]
        verdict, norm = VERDICTS[row.verdict], VERDICTS.get(row.verdict_norm)
        want = f"{verdict.mark} {verdict.en}" + (" ±" if row.on_the_line else "")
        want += f" {norm.mark} {norm.en}" if norm else ""
        assert want in " ".join(cells.split())
        assert cells.count("±") == bool(row.on_the_line)
        assert ("2031" in cells) == bool(row.level_short_year)


@given(MADE)
def test_tallies_count_what_is_judged_and_nothing_else(made):
    """Each judged row once by use; those with a norm once by norm; the worst are the worst."""
    text = summary_text(made, "en", folder=Path("run"), draws=100)
    judged = [row for row in made if row.verdict in JUDGED]
    tallies = [line for line in text.splitlines() if "by use" in line]
    counted = sum(
        int(n) for line in tallies for n in re.findall(r"[a-z] (\d+)", line.split(";")[0].split("by use")[1])
    )
    assert counted == len(judged)
    by_norm = sum(int(n) for line in tallies for n in re.findall(r"by norm \((\d+)\)", line))
    assert by_norm == sum(bool(row.verdict_norm) for row in judged)
    more = [replace(row, verdict="no_target", indicator_id=f"{row.indicator_id}x") for row in made]
    again = summary_text([*made, *more], "en", folder=Path("run"), draws=100)
    assert again == text  # what is no target moves no tally and is among no worst
    for year in (2025, 2030):
        here = [row for row in judged if row.year == year]
        found = worst(here)
        assert len(found) == min(5, sum(row.verdict in ("short", "tight") for row in here))
        left = [row for row in here if row not in found and row.verdict in ("short", "tight")]
        key = [(severity(row.verdict), row.p_enough) for row in found]
        assert key == sorted(key)
        assert all((severity(row.verdict), row.p_enough) >= key[-1] for row in left)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_end_of_a_run_names_what_is_there_and_what_to_type(run_dir, rows, lang):
    text = summary_text(rows, lang, folder=run_dir, draws=20)
    assert "page_" not in text  # no chart was drawn into this folder
    for command in ("revise", "discover", "plot"):
        assert f"healthplan {command} {run_dir}" in text
    indicator = re.search(r"--indicator (\w+)", text)[1]
    own = [r for r in rows if r.scenario == "reference" and r.verdict in JUDGED]
    assert indicator == worst(own, 1)[0].indicator_id
    short = summary_text(rows, lang, folder=run_dir, draws=20, whole=False)
    assert text.startswith(short)
    assert "healthplan " not in short
    assert "adequacy.csv" in short
    if lang == "en":
        assert not re.search("[\u4e00-\u9fff]", text)


def test_an_experiment_names_its_own_scenarios(rows):
    titles = {"low_fertility": {"zh": "生得更少", "en": "Fewer births"}}
    for lang, name in (("zh", "生得更少"), ("en", "Fewer births")):
        assert name in adequacy_text(rows, lang, titles=titles)
        assert name in summary_text(rows, lang, folder=Path("run"), titles=titles)


def test_other_scenarios_are_marked_and_can_be_chosen(rows):
    assert "Low fertility, High fertility, Three-child policy" in adequacy_text(rows, "en")
    text = adequacy_text(rows, "en", scenario="low_fertility")
    assert text.splitlines()[0].endswith("Low fertility")


def test_colours_only_when_asked_for(rows):
    assert "\x1b[" in adequacy_text(rows, "zh", colour=True)


def test_no_rows_give_no_table():
    assert adequacy_text([], "zh") == ""


@pytest.fixture(scope="module", params=["zh", "en"])
def book(request, run_dir):
    return request.param, load_workbook(write_workbook(run_dir, request.param))


def test_workbook_holds_every_row_once_on_the_sheet_of_its_kind(book, rows):
    lang, sheets = book[0], book[1].worksheets
    verdicts, levels, untested, _people, series, about = sheets
    kinds = (
        (verdicts, [r for r in rows if r.verdict in JUDGED]),
        (levels, [r for r in rows if r.verdict in ("no_target", "national_pattern")]),
        (untested, [r for r in rows if r.verdict == "not_tested"]),
    )
    assert sum(len(own) for _, own in kinds) == len(rows)
    for sheet, own in kinds:
        head = [cell.value for cell in sheet[1]]
        column = head.index("指标代码" if lang == "zh" else "indicator id") + 1
        found = [sheet.cell(r, column).value for r in range(2, sheet.max_row + 1)]
        assert found == [r.indicator_id for r in own]
        assert sheet.page_setup.orientation == "landscape"
    assert series.max_row == 4 * 4 + 1  # four series, four statistics, a column for each year
    assert about["B1"].value == "20250101-synthetic"


def test_only_verdicts_are_coloured_and_both_stand_in_columns(book, rows):
    """No red on what is not judged; by use, by norm and the line as the rows have them."""
    lang, sheets = book[0], book[1].worksheets
    fills = {v: VERDICTS[v].fill.lstrip("#").upper() for v in JUDGED}
    for sheet in sheets[1:]:
        for line in sheet.iter_rows(2):
            assert not {c.fill.fgColor.rgb[2:] for c in line if c.fill.fill_type} & set(fills.values())
    head = [cell.value for cell in sheets[0][1]]
    names = ("结论（按使用）", "结论（按标准）", "临界", "够用概率（按使用）", "地区代码", "水平不足自")
    if lang == "en":
        names = (
            "verdict by use",
            "verdict by norm",
            "on the line",
            "P(enough) by use",
            "region",
            "level too little from",
        )
    at = [head.index(name) for name in names]
    judged = [r for r in rows if r.verdict in JUDGED]
    for row, line in zip(judged, sheets[0].iter_rows(2), strict=True):
        use, norm, near, p, region, since = (line[i] for i in at)
        assert use.fill.fgColor.rgb[2:] == fills[row.verdict]
        assert VERDICTS[row.verdict].text(lang) in use.value
        assert (norm.value is None) == (not row.verdict_norm)
        assert (near.value is None) == (not row.on_the_line)
        assert p.value == pytest.approx(row.p_enough)
        assert p.number_format == '[>=1]"100%";[<=0]"0%";0%' or p.number_format == "0%"
        assert region.value == "410500"  # codes stay text
        assert (since.value is None) == (not row.level_short_year)


def test_an_english_workbook_has_no_chinese_letter(run_dir):
    book = load_workbook(write_workbook(run_dir, "en"))
    texts = [sheet.title for sheet in book.worksheets]
    texts += [c.value for sheet in book.worksheets for line in sheet.iter_rows() for c in line]
    found = {t for t in texts if isinstance(t, str) and re.search("[\u4e00-\u9fff]", t)}
    assert found == set()


def test_workbook_has_the_series_that_the_csv_has(run_dir):
    series = load_workbook(write_workbook(run_dir)).worksheets[-2]
    head = [cell.value for cell in series[1]]
    last = read_rows(run_dir / "timeseries.csv")[-1]
    wide = [dict(zip(head, line, strict=True)) for line in series.iter_rows(2, values_only=True)]
    name = variable_word(last["variable"], "zh")
    found = [w for w in wide if w["变量"] == name and w["统计量"] == "P90"][-1]
    assert found[last["year"]] == pytest.approx(float(last["p90"]))


@pytest.mark.slow
def test_a_workbook_names_the_years_of_history(run_dir, tmp_path):
    folder = shutil.copytree(run_dir, tmp_path / "run")
    meta = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    write_meta(folder, {**meta, "history": [2021, 2022]})
    for lang, word in (("zh", "历史"), ("en", "history")):
        book = load_workbook(write_workbook(folder, lang))
        heads = [cell.value for cell in book.worksheets[-2][1]]
        assert [h for h in heads if str(h).endswith(word)] == [f"2021 {word}", f"2022 {word}"]
        assert "2023" in heads
        said = [row[1].value for row in book.worksheets[-1].iter_rows() if word in str(row[0].value)]
        assert said[0].startswith("2021–2022")
        assert "2023" in said[0]


def test_workbook_has_the_same_bytes_again(run_dir):
    first = write_workbook(run_dir).read_bytes()
    assert write_workbook(run_dir).read_bytes() == first


def test_a_central_line_outside_its_band_may_be_chance_where_draws_are_few():
    series = [{"variable": "beds_required", "group": "total"}]
    few, enough = (outside_text(series, "en", draws, 100) for draws in (20, 200))
    assert few == enough + "; with 20 draws this may be chance: --draws 100 or more can tell"
    assert "只有 20 次抽样" in outside_text(series, "zh", 20, 100)
    assert outside_text([], "en", 20, 100) == ""
