"""The PNG that the house writes: what any reader sees, opaque or not, at the size that is asked."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from sim.charts.files import save


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
