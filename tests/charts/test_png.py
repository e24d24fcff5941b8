"""The PNG that the house writes: what any reader sees, opaque or not, at the size that is asked."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from PIL import Image

from sim.charts import canvas
from sim.charts.files import save
from sim.charts.style import use


def figure(face: str) -> Figure:
    fig = Figure(figsize=(3.1, 2.3), facecolor=face)
    axes = fig.add_subplot(facecolor=face)
    axes.plot([0, 1, 2], [3, 1, 2], color="#1f77b4", alpha=0.5)
    return fig


@pytest.mark.parametrize(("face", "mode"), [("white", "RGB"), ("none", "RGBA")])
def test_the_pixels_are_those_that_matplotlib_writes(tmp_path: Path, face: str, mode: str):
    with mpl.rc_context({"savefig.dpi": 200, "savefig.facecolor": face}):
        figure(face).savefig(tmp_path / "theirs.png")
        save(figure(face), tmp_path / "ours.png")
        save(figure(face), tmp_path / "again.png")
    with Image.open(tmp_path / "ours.png") as ours, Image.open(tmp_path / "theirs.png") as theirs:
        assert ours.mode == mode
        assert ours.size == theirs.size == (620, 460)
        assert ours.info["dpi"] == theirs.info["dpi"]
        assert len(ours.convert("RGB").getcolors(1 << 16) or ()) > 2
        seen, right = (np.asarray(image.convert("RGBA")) for image in (ours, theirs))
    np.testing.assert_array_equal(seen, right)
    assert (tmp_path / "ours.png").read_bytes() == (tmp_path / "again.png").read_bytes()


def lettered(size: float) -> Figure:
    fig = Figure(figsize=(4.1, 2.3))
    axes = fig.add_subplot()
    axes.plot([2020, 2035], [3, 1], label="床位需求 P10–P90")
    axes.set_title("安阳市 12,345 张", size=size)
    axes.set_ylabel("千人 per 1000")  # turned
    axes.text(2025, 2, "两行\n字 two", path_effects=[withStroke(linewidth=1.5, foreground="white")])
    axes.text(2030, 2.2, "两行\n字 two", size=size, alpha=0.5)
    axes.legend()
    return fig


@pytest.mark.parametrize("hinting", ["force_autohint", "none"])
def test_letters_that_were_drawn_before_are_the_same_pixels(tmp_path: Path, hinting: str):
    with use("zh"), mpl.rc_context({"text.hinting": hinting}):
        for size in (7.0, 9.5, 7.0):  # the last finds all its letters drawn
            lettered(size).savefig(tmp_path / "theirs.png")
            save(lettered(size), tmp_path / "ours.png")
            with Image.open(tmp_path / "ours.png") as ours, Image.open(tmp_path / "theirs.png") as theirs:
                seen, right = (np.asarray(image.convert("RGBA")) for image in (ours, theirs))
            np.testing.assert_array_equal(seen, right)


def test_a_text_is_measured_once_for_all_figures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    laid: list[str] = []
    measure = RendererAgg.get_text_width_height_descent

    def seen(self: RendererAgg, s: str, *how: object) -> object:
        laid.append(s)
        return measure(self, s, *how)

    monkeypatch.setattr(RendererAgg, "get_text_width_height_descent", seen)
    monkeypatch.setattr(canvas, "_kept", {})
    with use("zh"):
        save(lettered(8.25), tmp_path / "first.png")
        assert "安阳市 12,345 张" in laid
        first = len(laid)
        save(lettered(8.25), tmp_path / "second.png")
        assert len(laid) == first
        save(lettered(8.5), tmp_path / "third.png")
        assert {"安阳市 12,345 张", "两行", "字 two"} <= set(laid[first:])
    assert (tmp_path / "first.png").read_bytes() == (tmp_path / "second.png").read_bytes()


def test_what_is_kept_of_letters_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(canvas, "_kept", {})
    monkeypatch.setattr(canvas, "_MOST", 10)
    with use("zh"):
        save(lettered(8.0), tmp_path / "few.png")
        assert 0 < len(canvas._kept) <= 10
        monkeypatch.undo()
        save(lettered(8.0), tmp_path / "many.png")
    assert (tmp_path / "few.png").read_bytes() == (tmp_path / "many.png").read_bytes()
