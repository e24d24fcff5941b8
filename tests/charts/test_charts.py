"""Every chart draws from a saved run alone, whole, and to the same bytes."""

import re
import warnings

import matplotlib.text
import numpy as np
import pytest
import xarray as xr
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle
from paths import ROOT, read_rows

from sim.catalogue.verdicts import VERDICTS
from sim.catalogue.words import UNITS
from sim.charts import CHARTS, charts_of, draw_charts, list_folder, plot_folder
from sim.charts.adequacy import adequacy_heatmap
from sim.charts.decomposition import decomposed, decomposition
from sim.charts.demand import resources
from sim.charts.plan_path import plan_path
from sim.charts.pyramid import pyramid_years
from sim.charts.structure import BY_TYPE
from sim.charts.style import legend_columns, use
from sim.errors import ConfigError
from sim.saved import central_and_band, open_saved, rows_of
from sim.saved.numbers import alike, fixed, number, plain, scale, tick
from sim.saved.row_table import row_of
from sim.saved.rows import indicator_keys, indicator_name, indicator_text, keyed, not_tested, ratio_text
from sim.schema import VARIABLES

DEFAULT = {
    "population_pyramid",
    "population_fan",
    "births_children",
    "adequacy_heatmap",
    "demand_beds",
    "demand_nurses",
    "demand_childcare_slots",
    "page",
}


@pytest.fixture(scope="module")
def saved_run(run_dir):
    return open_saved(run_dir)


def drawn(run, name, lang, scenario="reference"):
    chart = charts_of(run.results)[name]
    return chart(run.results, run.adequacy, scenario=scenario, region="410500", lang=lang)


def texts(fig):
    return [t.get_text() for t in fig.findobj(matplotlib.text.Text) if t.get_text()]


def test_default_charts_are_the_promised_ones(saved_run):
    names = charts_of(saved_run.results)
    assert set(names) >= DEFAULT
    assert list(names)[-1] == "page"
    # of a run without parts, costs, its fertility stated, a review
    lacking = {"parts", "costs", "births_paths", "review"}
    assert set(CHARTS) <= {*names, *lacking}
    assert "parts" not in names


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["zh", pytest.param("en", marks=pytest.mark.slow)])
def test_no_glyph_is_missing_and_no_text_leaves_the_figure(saved_run, lang):
    with use(lang) as language, warnings.catch_warnings():
        warnings.simplefilter("error")
        for name in sorted(DEFAULT | {"probability_bars"}):
            fig = drawn(saved_run, name, language)
            fig.canvas.draw()
            page = fig.bbox.padded(1)
            for text in fig.findobj(matplotlib.text.Text):
                if not (text.get_text().strip() and text.get_visible()):
                    continue
                if isinstance(text, matplotlib.text.Annotation):
                    text.update_positions(fig.canvas.get_renderer())
                box = text.get_window_extent()
                inside = page.x0 <= box.x0 and box.x1 <= page.x1
                assert inside, f"{name}: {text.get_text()!r} is cut"


@pytest.mark.slow
def test_second_draw_gives_the_same_bytes(run_dir):
    for fmt in ("png", "svg", "pdf"):
        first = draw_charts(run_dir, ["demand_beds"], fmt=fmt)
        before = [p.read_bytes() for p in first]
        assert [p.name for p in first] == [f"demand_beds_zh.{fmt}"]
        second = draw_charts(run_dir, ["demand_beds"], fmt=fmt)
        assert [p.read_bytes() for p in second] == before


@pytest.mark.slow
def test_family_name_draws_every_resource(run_dir, saved_run, monkeypatch):
    monkeypatch.setattr("sim.charts.drawing.save", lambda fig, path: path)
    paths = draw_charts(run_dir, ["demand"], lang="en")
    assert [p.name for p in paths] == [f"demand_{name}_en.png" for name in resources(saved_run.results)]


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"names": ["population_piramid"]}, "did you mean 'population_pyramid'.*known: "),
        ({"lang": "fr"}, "--lang .*'fr' is not a language"),
        ({"fmt": "bmp"}, "--format .*'bmp'.*png, svg, pdf"),
        ({"scenario": "no_such"}, "--scenario .*'no_such'.*known: .*reference"),
        ({"region": "410100"}, "--region .*'410100'.*did you mean '410500'"),
    ],
)
def test_refusals(run_dir, options, text):
    with pytest.raises(ConfigError, match=text):
        draw_charts(run_dir, **options)


def test_folder_that_is_no_run_is_refused(tmp_path):
    with pytest.raises(ConfigError, match=r"is not a run folder \| give outputs"):
        draw_charts(tmp_path)


def test_band_uses_draws_from_one_on():
    array = xr.DataArray([[999.0, 1, 2, 3]], dims=("year", "draw"), coords={"draw": [0, 1, 2, 3]})
    low, middle, high = central_and_band(array)
    assert middle[0] == 2
    assert high[0] == pytest.approx(2.8)
    assert low[0] == pytest.approx(1.2)
    only = central_and_band(array.isel(draw=[0]))
    assert [float(v[0]) for v in only] == [999, 999, 999]


def test_band_drawn_is_the_band_of_the_file(saved_run):
    with use("en") as lang:
        fig = drawn(saved_run, "births_children", lang)
    births = saved_run.results["births"]
    births = births.sel(scenario="reference", region="410500", newborn_sex="total").values
    low, high = np.quantile(births[:, 1:], (0.1, 0.9), axis=1)
    vertices = fig.axes[0].collections[0].get_paths()[0].vertices[:, 1] * 1000
    assert vertices.min() == pytest.approx(low.min(), rel=1e-5)
    assert vertices.max() == pytest.approx(high.max(), rel=1e-5)


def test_plan_path_turns_rates_into_counts(saved_run):
    """4.3 nurses per 1000 of the residents of 2025; 2.78 per 1000 in 2020."""
    run = saved_run.results
    rows = rows_of(saved_run.adequacy, "410500", "reference")
    where = {"scenario": "reference", "region": "410500"}
    need = central_and_band(run["nurses_required"].sel(where).sel(staff_method="total"))[1]
    path = plan_path(run, rows, "nurses", "reference", "410500", need)
    people = central_and_band(run["population_group"].sel(where).sel(age_group="total"))[1]
    assert path.years == [2020, 2025, 2035]
    assert path.counts[0] == pytest.approx(2.78 * people[0] / 1000, rel=0.02)
    assert path.counts[1] == pytest.approx(4.3 * people[5] / 1000, rel=0.02)


def test_plan_path_prefers_the_counts_of_the_row(saved_run):
    run = saved_run.results
    row = row_of(
        {
            "region": "410500",
            "scenario": "reference",
            "indicator_id": "x",
            "year": "2025",
            "unit": "per 1000",
            "target": "4.3",
            "available_p50": "4.3",
            "verdict": "short",
            "available_count_p50": "22000",
            "variable": "nurses",
            "group": "total",
            "test": "ratio",
            "grade": "C",
        }
    )
    path = plan_path(run, [row], "nurses", "reference", "410500", np.ones(16))
    assert (path.years, path.counts, path.verdicts, path.grade) == ([2025], [22000], ["short"], "C")


def test_pyramid_years_are_base_one_between_and_the_last_well_apart():
    years = np.arange(2020, 2051)

    def tested(*at):
        return [row_of({"year": str(y), "verdict": "short"}) for y in at]

    assert pyramid_years(years, tested(2025, 2035)) == [2020, 2025, 2050]
    assert pyramid_years(years, tested(2020, 2021)) == [2020, 2035, 2050]  # the target year is the base
    assert pyramid_years(years, [row_of({"year": "2024", "verdict": "not_tested"})]) == [2020, 2035, 2050]
    assert pyramid_years(np.arange(2020, 2041), tested(2030)) == [2020, 2030, 2040]
    assert pyramid_years(np.arange(2020, 2024), []) == [2020, 2023]


def test_heat_map_shows_every_tested_indicator_and_counts_the_others(saved_run):
    rows = rows_of(saved_run.adequacy, "410500", "reference")
    assert len(indicator_keys(rows)) == 10
    assert not_tested(rows) == 42  # 40 not tested, one without a target, one of a national pattern
    with use("zh") as lang:
        where = {"scenario": "reference", "region": "410500"}
        fig = adequacy_heatmap(saved_run.results, saved_run.adequacy, lang=lang, **where)
    shown = set(texts(fig))
    assert sum(t.startswith("每千人口注册护士") for t in shown) == 1
    assert any("42项未检验" in t.replace("\n", "") for t in shown)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_heat_map_has_both_verdicts_and_no_colour_after_the_target_year(saved_run, lang):
    """A cell says what its row says; only judged cells have a verdict's fill."""
    rows = rows_of(saved_run.adequacy, "410500", "reference")
    with use(lang) as language:
        where = {"scenario": "reference", "region": "410500"}
        one = saved_run.results.sel(scenario=["reference"])
        fig = adequacy_heatmap(one, rows, lang=language, **where)
    (ax,) = fig.axes
    cells = {tuple(np.floor(t.get_position())): t for t in ax.texts if t.get_gid() == "cell"}
    fills = {tuple(np.floor(np.add(p.get_xy(), 0.01))): p for p in ax.patches} or {
        tuple(np.floor(np.add(p.get_xy(), 0.01))): p for p in ax.artists if isinstance(p, Rectangle)
    }
    keys = indicator_keys(rows)
    for y, key in enumerate(keys):
        for x, year in enumerate((2025, 2035)):
            row = next(r for k, r in keyed(rows) if k == key and r.year == year)
            text, box = cells[x, y].get_text(), fills[x, y]
            if year == 2025:
                assert to_hex(box.get_facecolor()) == VERDICTS[row.verdict].fill
                assert text.count("±") == bool(row.on_the_line)
                norm = VERDICTS[row.verdict_norm].mark if row.verdict_norm else ""
                assert text.partition("/")[2] == norm
                assert VERDICTS[row.verdict].mark in text.partition("/")[0]
            else:
                assert box.get_facecolor()[3] == 0
                assert not any(v.mark in text for v in VERDICTS.values())
                assert (str(row.level_short_year or "none") in text) == bool(row.level_short_year)
                assert row.ratio_p50 is None or f"{row.ratio_p50:.2f}" in text
    foot = "".join(texts(fig)).replace("\n", "").replace(" ", "")
    for word in (
        ("临界", "按国家标准", "不判定") if lang == "zh" else ("ontheline", "bynationalnorm", "notjudged")
    ):
        assert word in foot


def test_same_indicator_stated_twice_keeps_two_rows():
    row = {"indicator_id": "maternal_mortality", "scenario": "a", "year": "2025", "verdict": "tight"}
    rows = [row_of(row | {"target": target}) for target in ("<=19.42", "<=9.5")]
    assert indicator_keys(rows) == [("maternal_mortality", 0), ("maternal_mortality", 1)]


@pytest.mark.parametrize(
    ("target", "unit", "lang", "text"),
    [
        (">=570", "beds", "zh", "传染病床位  ≥570张"),
        ("change 30", "%", "en", "Infectious beds  change +30%"),
        ("5.76", "per 1000", "en", "Infectious beds  5.76 per 1000"),
        ("", "beds", "en", "Infectious beds"),
    ],
)
def test_indicator_text(target, unit, lang, text):
    row = row_of({"name_zh": "传染病床位", "name_en": "Infectious beds", "target": target, "unit": unit})
    assert indicator_text(row, lang) == text


def test_scope_is_translated_or_left_out_where_the_name_says_it():
    assert indicator_name("传染病床位 (infectious)", "zh") == "传染病床位"
    assert indicator_name("每辆救护车人口 (urban)", "zh") == "每辆救护车人口（市区）"
    assert indicator_name("ICU beds, total (ICU)", "en") == "ICU beds, total"


def test_numbers_in_words():
    assert number(5_482_000, "zh") == "548万"
    assert number(5_482_000, "en") == "5.48 million"
    assert number(870, "en") == "870"
    assert scale(23_870, "zh") == (1e4, "万")
    assert scale(23_870, "en") == (1e3, "thousand")
    assert plain(0.0000123) == "0.000012"
    assert plain(-1.4e-12) == tick(-1.4e-12) == "0"
    assert fixed(-0.0004, 3) == fixed(0.0, 3) == "0.000"
    assert fixed(-0.0004, 2, signed=True) == "0.00"
    assert alike([0.0064, -0.12], signed=True) == ["+0.006", "−0.120"]
    assert alike([-3246.3, 12.0]) == ["−3,246", "12"]
    assert ratio_text(2.8e9) == ">99"


def test_decomposition_waterfall_ends_at_the_last_need(saved_run):
    run = saved_run.results
    need = run["beds_required"].sel(bed_group="total")
    change = need - need.isel(year=0, drop=True)
    parts = xr.concat([0.25 * change, 0.75 * change], "driver")
    run = run.assign(beds_change=parts.assign_coords(driver=["population_size", "rates"]))
    assert decomposed(run) == ["beds"]
    with use("en") as lang:
        fig = decomposition(run, [], scenario="reference", region="410500", lang=lang, resource="beds")
    bars = fig.axes[0].patches
    end = float(need.sel(scenario="reference", region="410500").isel(year=-1, draw=0)) / 1000
    tops = [bar.get_y() + bar.get_height() for bar in bars]
    assert max(tops) == pytest.approx(end, rel=1e-6)
    assert "population\nsize" in texts(fig)
    assert any("central" in t and "median" in t for t in texts(fig))


def test_legend_breaks_into_lines_that_fit():
    with use("en"):
        assert legend_columns(6, ["one", "two", "three"], 7) == 3
        assert legend_columns(2, ["a long label indeed"] * 4, 7) == 1


def test_a_scenarios_chart_never_takes_anothers_place(run_dir):
    first = draw_charts(run_dir, ["births_children"])[0]
    before = first.read_bytes()
    found = [draw_charts(run_dir, ["births_children"], scenario=s, lang=lang)[0] for s, lang in LOOKS]
    assert len({first, *found}) == 1 + len(LOOKS)
    assert first.read_bytes() == before


LOOKS = [("low_fertility", "zh"), ("low_fertility", "en"), ("high_fertility", "zh"), ("reference", "en")]


def test_title_and_subtitle_are_the_users(run_dir):
    with pytest.raises(ConfigError, match=r"--title .* for 2 charts \| choose one"):
        draw_charts(run_dir, ["births_children", "page"], title="x")
    options = {"fmt": "svg", "title": "图3 出生人数", "subtitle": False}
    text = draw_charts(run_dir, ["births_children"], **options)[0].read_text(encoding="utf-8")
    assert "图3 出生人数" in text
    assert "安阳市，" not in text


def test_a_style_file_changes_colours_and_sizes(run_dir, tmp_path):
    style = tmp_path / "mine.mplstyle"
    style.write_text(
        'font.size: 10\naxes.prop_cycle: cycler("color", ["aa1234", "005500"])\n', encoding="utf-8"
    )
    plain_file = draw_charts(run_dir, ["demand_beds"], fmt="svg")[0].read_text(encoding="utf-8")
    styled = draw_charts(run_dir, ["demand_beds"], fmt="svg", style=style)[0].read_text(encoding="utf-8")
    assert "#0072b2" in plain_file
    assert "#0072b2" not in styled
    assert "#aa1234" in styled
    style.write_text("no.such.key: 1\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"--style .*no.such.key"):
        draw_charts(run_dir, ["demand_beds"], style=style)
    with pytest.raises(ConfigError, match=r"--style .*no such file"):
        draw_charts(run_dir, ["demand_beds"], style=tmp_path / "gone.mplstyle")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_list_has_a_line_for_every_chart(run_dir, saved_run, lang):
    lines = list_folder(run_dir, lang).splitlines()
    assert [line.split()[0] for line in lines] == list(charts_of(saved_run.results))
    told = [line.split(None, 1)[1] for line in lines]
    assert len(set(told)) == len(told)
    assert all(("一" <= t[0] <= "鿿") == (lang == "zh") for t in told)


def test_a_folder_that_is_nothing_is_refused(tmp_path):
    with pytest.raises(ConfigError, match=r"is no saved run, sweep or backtest \| give outputs"):
        plot_folder(tmp_path)


@pytest.mark.parametrize("place", ["units.csv"])
def test_every_unit_of_plans_and_of_the_model_has_its_words(place):
    units = {row["unit"] for row in read_rows(ROOT / "parameters/plans" / place)} | {
        v.units for v in VARIABLES.values()
    }
    assert units - set(UNITS) == set()
    assert not [u for u in units if re.search("[A-Za-z]{2,}", UNITS[u][0])]


def test_the_base_year_has_no_flow_of_staff(saved_run):
    with use("en"):
        fig = drawn(saved_run, "staff_doctors", "en")
    line = next(line for line in fig.axes[0].lines if len(line.get_xdata()) > 2)
    assert list(line.get_xdata()) == list(range(2021, 2036))
    run = saved_run.results.sel(scenario="reference", region="410500", cadre="doctors", year=2030)
    net = np.median((run["staff_entrants"] - run["staff_leavers"]).values[1:])
    assert line.get_ydata()[9] == pytest.approx(net)


@pytest.mark.parametrize("parts", ["tertiary secondary primary", " ".join(BY_TYPE)])
def test_parts_of_beds_add_up_to_the_total(saved_run, parts):
    need = saved_run.results["beds_required"].sel(scenario="reference", region="410500", draw=0)
    whole = need.sel(bed_group="total")
    assert need.sel(bed_group=parts.split()).sum("bed_group").values == pytest.approx(whole.values)
