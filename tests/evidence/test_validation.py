"""The validation page: the published bounds year by year; whole and the same each time (slow)."""

import numpy as np
import pytest
from paths import ROOT
from place import place

from sim.evidence.validation import bound_misfits, validation_page
from sim.places import list_regions
from sim.textfile import read_csv


@pytest.mark.slow
def test_sampled_bounds_are_the_published_ones_in_every_year():
    """China 2024-2050, 4000 paths.

    WPP's bounds of e0 lie up to 0.4 year lower than a normal's around the median after 2045.
    """
    bounds = read_csv(ROOT / "tests" / "cases" / "wpp2024_china_bounds.csv")
    china = place("000000")
    found = bound_misfits(bounds, china)
    assert len(bounds) == 27
    limits = {"tfr": (0.02, 0.035, 0.07), "e0": (0.15, 0.4, 0.95)}
    for name, (middle, inner, outer) in limits.items():
        got = found[name]
        assert np.abs(got["median"]).max() < middle
        assert max(np.abs(got[p]).max() for p in ("80l", "80u")) < inner
        assert max(np.abs(got[p]).max() for p in ("95l", "95u")) < outer
        until = slice(0, 12)  # 2024-2035, the span of a plan
        assert max(np.abs(got[p][until]).max() for p in ("80l", "80u")) < 0.5 * inner


@pytest.mark.slow
def test_page_holds_every_section(monkeypatch):
    monkeypatch.delenv("HEALTHPLAN_WPP", raising=False)
    monkeypatch.setattr("sim.evidence.validation.common.DRAWS", 8)
    monkeypatch.setattr("sim.evidence.validation.bounds.BOUND_DRAWS", 40)
    every = list_regions(ROOT)
    some = {c: every[c] for c in ("000000", "410000", "410500", "440000")}
    monkeypatch.setattr("sim.evidence.validation.page.list_regions", lambda root: some)
    page = validation_page(ROOT)
    for title in (
        "WPP 2024 given back",
        "Life tables",
        "Base populations",
        "Probability bounds",
        "Births by order",
        "Backtests",
        "Use of care",
        "Known errors",
    ):
        assert f"## {title}" in page
    assert "nan %" not in page
    assert "| nan" not in page
