"""Charts name and measure what they draw: legends, counts of what is left out, the tornado's axis."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.text import Text

from sim.charts.adequacy import _left_out
from sim.charts.probability import probability_bars
from sim.charts.sensitivity import _bounded
from sim.charts.style import figure, use
from sim.saved import open_saved

ENDS = st.lists(st.floats(0.0, 50.0), min_size=2, max_size=8).filter(lambda v: max(v) - min(v) > 0.01)


@pytest.mark.slow
@given(ENDS, st.sampled_from([0.0, -100.0]))
def test_a_tornado_has_no_tick_below_0_for_what_is_nowhere_negative(values, shift):
    """Every bar is on the axis; its ticks and its line begin at 0, or below it for what is negative."""
    ends = [(v + shift, y, "1,234 [constant_prevalence]", v > values[0]) for y, v in enumerate(values)]
    with use("en"):
        ax = figure((6.3, 3)).subplots()
        _bounded(ax, ends)
    start, stop = ax.get_xlim()
    assert start <= min(v for v, *_ in ends) < max(v for v, *_ in ends) <= stop
    inside = [at for at in ax.get_xticks() if start <= at <= stop]
    assert inside
    assert (min(inside) >= 0) == (shift == 0)
    width = stop - start  # never mostly empty
    assert max(values) - min(values) > 0.05 * width


@pytest.mark.slow
@pytest.mark.parametrize("measure", ["p_enough", "p_reached"])
def test_the_legend_of_probabilities_names_only_bars_that_are_drawn(run_dir, measure):
    run = open_saved(run_dir)
    names = {"p_enough": "target is enough", "p_reached": "trend reaches the target"}
    with use("en") as lang:
        where = {"scenario": "reference", "region": "410500", "lang": lang}
        whole = probability_bars(run.results, run.adequacy, **where)
        rows = [replace(row, **{measure: None}) for row in run.adequacy]
        without = probability_bars(run.results, rows, **where)
    said, left = ({text.get_text() for text in fig.findobj(Text)} for fig in (whole, without))
    assert set(names.values()) <= said
    assert set(names.values()) - left == {names[measure]}


@pytest.mark.parametrize(
    ("judged", "untested", "zh", "en"),
    [
        (0, 0, "", ""),
        (2, 0, "；另有2项已判定", "; 2 more judged"),
        (0, 3, "；另有3项未检验或无目标", "; 3 not tested or without target"),
        (2, 3, "；另有2项已判定，3项未检验或无目标", "; 2 more judged, 3 not tested or without target"),
    ],
)
def test_what_is_left_out_is_said_where_something_is(judged, untested, zh, en):
    assert (_left_out(judged, untested, "zh"), _left_out(judged, untested, "en")) == (zh, en)
