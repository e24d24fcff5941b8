"""Laws that every chart keeps in both languages, for any run: read on the drawn picture."""

import re
import warnings
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.text import Text
from synthetic import SCENARIOS, write_extras, write_run

from sim.charts import charts_of
from sim.charts.looks import TOGETHER, looks, together
from sim.charts.names import chart_file
from sim.charts.style import SOURCE, SUBTITLE, TITLE, use
from sim.saved.run import open_saved

MANY = {f"scenario_{i}": 0.01 * i for i in range(2 * TOGETHER + 3)}
NAMED = {  # as long as those of the scenarios that ship
    name: {
        "zh": f"收缩型{i}（少子、外流、利用增长、住院更短更少）",
        "en": f"shrinking place {i}: few births, people leave, use of care grows",
    }
    for i, name in enumerate(MANY)
}
RUNS = {
    "plan": {"scenarios": SCENARIOS, "tested": (2020, 2025, 2035)},
    "many scenarios": {"scenarios": MANY, "tested": (2025, 2030, 2035)},
    "many named scenarios": {"scenarios": MANY, "tested": (2025, 2035), "titles": NAMED},
    "no plan, to 2050": {"scenarios": {"reference": 0.0}, "tested": (), "last": 2050},
}
# Latin words that a Chinese chart may hold: the model's name, a file's, initials in use.
LATIN = {"healthplan", "adequacy", "csv", "synthetic", "scenario"}


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    made = {}
    for name, how in RUNS.items():
        folder = write_run(tmp_path_factory.mktemp("laws") / "20250101-synthetic", draws=8, **how)
        made[name] = open_saved(write_extras(folder) if how["tested"] else folder)
    return made


@pytest.fixture(
    scope="module",
    params=[pytest.param((run, lang), marks=pytest.mark.slow) for run in RUNS for lang in ("zh", "en")],
    ids=str,
)
def drawn(request, runs):
    """All charts of one run in one language, drawn; a warning is an error."""
    name, lang = request.param
    run = runs[name]
    main = str(run.results["scenario"].values[0])
    figures = {}
    with use(lang) as language, warnings.catch_warnings():
        warnings.simplefilter("error")
        for chart, draw in charts_of(run.results).items():
            fig = draw(run.results, run.adequacy, scenario=main, region="410500", lang=language)
            fig.canvas.draw()
            figures[chart] = fig
    return name, lang, figures


def shown(fig):
    """Texts that can be seen: not those of hidden axes, nor of ticks beyond an axis's ends."""
    hidden = set()
    for ax in fig.findobj(Axes):
        if not ax.get_visible():
            hidden |= set(ax.findobj(Text))
        for axis in (ax.xaxis, ax.yaxis):
            drawn = axis._update_ticks()
            for tick in (*axis.majorTicks, *axis.minorTicks):
                if not any(tick is other for other in drawn):
                    hidden |= {tick.label1, tick.label2}
    texts = [text for text in fig.findobj(Text) if text.get_text().strip() and text.get_visible()]
    return [text for text in texts if text not in hidden]


def said(fig):
    return [text.get_text() for text in shown(fig)]


def box(text):
    return text.get_window_extent()


def test_no_text_leaves_the_picture(drawn):
    for name, fig in drawn[2].items():
        page = fig.bbox.padded(1)
        for text in shown(fig):
            b = box(text)
            inside = page.x0 <= b.x0 and b.x1 <= page.x1 and page.y0 <= b.y0 and b.y1 <= page.y1
            assert inside, f"{name}: {text.get_text()!r} is cut"


def test_no_text_lies_on_another(drawn):
    """Cells, labels of ticks, titles, legends, notes: none runs over its neighbour."""
    for name, fig in drawn[2].items():
        texts = [t for t in shown(fig) if not _inside(t)]
        boxes = [(t, box(t).padded(-1.0)) for t in texts]
        for (one, a), (other, b) in combinations(boxes, 2):
            touch = a.x0 < b.x1 and b.x0 < a.x1 and a.y0 < b.y1 and b.y0 < a.y1
            assert not touch, f"{name}: {one.get_text()!r} on {other.get_text()!r}"


def _inside(text):
    """Figures at bars and points, which may stand close where points do."""
    return text.axes is not None and text in text.axes.texts and text.get_gid() != "cell"


def test_legends_lie_outside_the_axes_they_explain(drawn):
    for name, fig in drawn[2].items():
        for part in (fig, *fig.subfigs):
            for legend in part.legends:
                b = legend.get_window_extent().padded(-2)
                for ax in part.axes:
                    a = ax.bbox
                    apart = not ax.get_visible() or b.y1 < a.y0 or b.y0 > a.y1 or b.x1 < a.x0 or b.x0 > a.x1
                    assert apart, f"{name}: legend on its axes"


def _look(handle):
    if isinstance(handle, Line2D):
        marked = handle.get_marker() not in ("None", None, "")
        mark = (handle.get_marker(), to_hex(handle.get_markerfacecolor())) if marked else None
        dash = handle._dash_pattern if handle.get_linestyle() not in ("None", "") else None
        return "line", to_hex(handle.get_color()), str(dash), handle.get_linewidth(), str(mark)
    if isinstance(handle, Patch):
        return "patch", to_hex(handle.get_facecolor(), keep_alpha=True), handle.get_hatch()
    return "other", str(handle)


def legends(fig):
    parts = [fig, *fig.subfigs]
    found = [legend for part in parts for legend in part.legends]
    return found + [ax.get_legend() for part in parts for ax in part.axes if ax.get_legend()]


def test_entries_of_a_legend_are_all_different_in_look_and_in_words(drawn):
    for name, fig in drawn[2].items():
        for legend in legends(fig):
            words = [text.get_text() for text in legend.get_texts()]
            assert len(set(words)) == len(words), f"{name}: {words}"
            seen = [_look(handle) for handle in legend.legend_handles]
            assert len(set(seen)) == len(seen), f"{name}: two of {words} look alike"


def test_entries_differ_in_grey_print(drawn):
    """Without its hue each entry has its own dash, mark, hatch or shade."""
    for name, fig in drawn[2].items():
        for legend in legends(fig):
            seen = []
            for handle, text in zip(legend.legend_handles, legend.get_texts(), strict=True):
                kind, colour, *rest = _look(handle)
                if text.get_text()[0] in "▼■●▲○":
                    rest.append(text.get_text()[0])  # the verdict's mark
                elif kind == "patch":
                    rest.append(round(_grey(colour), 2))
                seen.append((kind, *map(str, rest)))
            assert len(set(seen)) == len(seen), f"{name}: {[t.get_text() for t in legend.get_texts()]}"


def _grey(colour):
    r, g, b = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    alpha = int(colour[7:9], 16) / 255 if len(colour) > 7 else 1.0
    return 1 - alpha * (1 - (0.299 * r + 0.587 * g + 0.114 * b))


def test_no_label_is_rounding_noise(drawn):
    """No lone 0 at a bar or point, no minus nought, no power of ten."""
    for name, fig in drawn[2].items():
        for text in shown(fig):
            words = text.get_text()
            assert not re.search(r"\de[-+−]?\d", words), f"{name}: {words!r}"
            assert not re.fullmatch(r"[-−+]0(\.0+)?", words), f"{name}: {words!r}"
            if _inside(text):
                assert not re.fullmatch(r"[-−]?0", words), f"{name}: {words!r}"


def test_a_chart_speaks_one_language(drawn):
    _, lang, figures = drawn
    for name, fig in figures.items():
        for text in said(fig):
            if lang == "en":
                assert not re.search(r"[\u4e00-\u9fff]", text), f"{name}: {text!r}"
            else:
                foreign = set(re.findall(r"[A-Za-z]{3,}", text)) - LATIN
                assert not foreign, f"{name}: {text!r}"


def test_every_chart_has_a_title_a_place_and_its_source(drawn):
    _, lang, figures = drawn
    place = "安阳市" if lang == "zh" else "Anyang"
    for name, fig in figures.items():
        by_gid = {text.get_gid(): text.get_text() for text in shown(fig) if text.get_gid()}
        assert by_gid[TITLE], name
        assert place in by_gid[TITLE] + by_gid[SUBTITLE], name
        source = by_gid[SOURCE]
        assert "20250101-synthetic" in source, name
        assert ("虚构普查" if lang == "zh" else "Made-up census") in source.replace("\n", ""), name


def test_a_title_speaks_of_a_plan_only_where_its_target_is_drawn(drawn):
    run, lang, figures = drawn
    line = "规划目标（到期后延续）" if lang == "zh" else "plan target, carried on"
    word = "规划" if lang == "zh" else "plan"
    for name, fig in figures.items():
        if not name.startswith("demand_"):
            continue
        (title,) = (text.get_text() for text in shown(fig) if text.get_gid() == TITLE)
        assert (word in title) == (line in said(fig)), f"{name}: {title}"
    if run.startswith("no plan"):
        assert not {"adequacy_heatmap", "probability_bars", "revise_targets"} & set(figures)
        (title,) = (t.get_text() for t in shown(figures["page"]) if t.get_gid() == TITLE)
        assert word not in title


def test_every_scenario_is_drawn_and_named(drawn):
    run, lang, figures = drawn
    titles = RUNS[run].get("titles", {})
    wanted = [titles[s][lang] if s in titles else s.replace("_", " ") for s in RUNS[run]["scenarios"]]
    for name in ("births_children", "population_fan", "adequacy_heatmap"):
        if name in figures and len(wanted) > len(SCENARIOS):
            words = "".join("".join(said(figures[name])).split())
            assert [scenario for scenario in wanted if "".join(scenario.split()) not in words] == [], name


@pytest.mark.slow
@given(st.integers(1, 400))
def test_any_number_of_scenarios_look_different(count):
    names = [f"s{i}" for i in range(count)]
    with use("en"):
        found = [(k.colour, str(k.dash), k.mark) for k in looks(names, names[0]).values()]
    assert len(set(found)) == count
    for group in together(names, names[0]):
        assert len(group) <= TOGETHER
    assert sorted(n for group in together(names, "s0") for n in group) == sorted(names[1:])


@given(st.integers(2, 29))
def test_the_first_lines_differ_without_colour(count):
    names = [f"s{i}" for i in range(count)]
    with use("en"):
        found = [(str(k.dash), k.mark) for k in looks(names, names[0]).values()]
    assert len(set(found)) == count


TEXTS = st.text(min_size=1, max_size=8)


@pytest.mark.slow
@given(st.tuples(TEXTS, TEXTS, TEXTS), st.tuples(TEXTS, TEXTS, TEXTS))
def test_other_figures_have_another_file_name(one, other):
    """Scenario, year and wave in any letters: one name for one picture, never out of the folder."""

    def name(parts):
        scenario, year, surge = parts
        return chart_file("hospital_beds", "zh", "png", scenario=scenario, year=year, surge=surge)

    assert (name(one) == name(other)) == (one == other)
    assert "/" not in name(one)
    assert "\\" not in name(one)
