"""The validation page: the published bounds year by year; whole and the same each time (slow)."""

from itertools import islice

import numpy as np
import pytest
from paths import ROOT
from place import place

from sim.evidence import left_out
from sim.evidence.validation import bound_misfits, validation_page
from sim.evidence.validation.left_out import LeftOut
from sim.evidence.validation.sums import sums
from sim.places import list_regions
from sim.textfile import read_csv


@pytest.mark.slow
def test_sampled_bounds_are_the_published_ones_in_every_year():
    """China, 4000 paths: distances from the median, so many years after the last count.

    WPP's bounds of e0 lie lower around their median than a normal's do.
    """
    bounds = read_csv(ROOT / "tests" / "cases" / "wpp2024_china_bounds.csv")
    found = bound_misfits(bounds, place("000000"))
    limits = {"tfr": (0.035, 0.07), "e0": (0.4, 0.95)}
    for name, (inner, outer) in limits.items():
        got = found[name]
        assert len(got["80l"]) == 24
        assert max(np.abs(got[p]).max() for p in ("80l", "80u")) < inner
        assert max(np.abs(got[p]).max() for p in ("95l", "95u")) < outer
        until = slice(0, 10)
        assert max(np.abs(got[p][until]).max() for p in ("80l", "80u")) < 0.6 * inner


@pytest.mark.slow
def test_page_holds_every_section(monkeypatch):
    monkeypatch.delenv("HEALTHPLAN_WPP", raising=False)
    monkeypatch.setattr("sim.evidence.validation.common.DRAWS", 8)
    monkeypatch.setattr("sim.evidence.validation.bounds.BOUND_DRAWS", 40)
    every = list_regions(ROOT)
    some = {c: every[c] for c in ("000000", "410000", "410500", "440000")}
    monkeypatch.setattr("sim.evidence.validation.page.list_regions", lambda root: some)
    monkeypatch.setattr("sim.evidence.validation.supply._OTHERS", ())  # each is a minute more
    few = (("410500", "counties"),)
    monkeypatch.setattr("sim.evidence.validation.page.sums", lambda root: sums(root, few))
    judged = LeftOut(list(left_out.provinces(ROOT, 8))[:20], list(islice(left_out.prefectures(ROOT, 8), 40)))
    page = validation_page(ROOT, left_out=judged)
    for title in (
        "WPP 2024 given back",
        "Life tables",
        "Base populations",
        "Probability bounds",
        "Births by order",
        "Backtests",
        "Places left out",
        "Sums",
        "Places without a folder",
        "Use of care",
        "Known errors",
    ):
        assert f"## {title}" in page
    assert "nan %" not in page
    assert "| nan" not in page
