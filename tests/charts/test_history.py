"""Years that are history stand on another ground, in grey, up to a line; without them nothing is drawn."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pytest
import xarray as xr

from sim.charts.axes import history, past_line
from sim.charts.style import tint, use

YEARS = np.arange(2020, 2031)


def series(last: int | None) -> xr.DataArray:
    marks = {} if last is None else {"history": last}
    return xr.DataArray(YEARS * 1.0, {"year": ("year", YEARS, marks)}, ("year",))


@pytest.mark.parametrize(("lang", "word"), [("zh", "历史"), ("en", "history")])
def test_history_is_named_and_ends_at_the_base(lang: str, word: str):
    with use(lang) as language:
        _, ax = plt.subplots()
        history(ax, series(2025), language)
        past_line(ax, series(2025), YEARS, YEARS * 2.0)
        grey = tint("grey")
    assert [text.get_text().strip() for text in ax.texts] == [word]
    (ground,) = ax.patches
    assert ground.get_x() + ground.get_width() == 2025
    line = ax.lines[-1]
    assert line.get_color() == grey
    assert line.get_xdata().max() == 2025
    plt.close()


def test_a_run_without_history_is_drawn_as_before():
    _, ax = plt.subplots()
    history(ax, series(None), "zh")
    past_line(ax, series(None), YEARS, YEARS * 2.0)
    assert (list(ax.texts), list(ax.patches), list(ax.lines)) == ([], [], [])
    plt.close()
