"""What a verdict rests on: shares of the variance by kind of knowledge, and the figure to find first."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from sim.adequacy import evidence
from sim.adequacy.case import Case, Swings
from sim.saved import row_table
from sim.saved.row import Row

KINDS = {"a": "counted_here", "b": "judgement", "c": "derived"}


def case(names: str = "abc") -> Case:
    swings = Swings("1", tuple(names), tuple("ACD"[: len(names)]), {})
    return SimpleNamespace(  # type: ignore[return-value]
        swings=swings, influence=0.01, kind_of_evidence=KINDS.__getitem__, can_be_found=lambda _: True
    )


def written(values: list[float], chance: float | None = None) -> Row:
    found = Row("p", "r", "s", "i", "zh", "en", 2025, "1", p_reached=chance)
    evidence.write(case(), found, np.array(values))
    return found


def test_by_hand():
    """Swings of 1, 2 and 4: shares 1, 4 and 16 of 21; the place's own count is never looked for."""
    found = written([10.0, 9.5, 10.5, 9.0, 11.0, 8.0, 12.0])
    assert found.share_counted_here == pytest.approx(1 / 21)
    assert found.share_judgement == pytest.approx(4 / 21)
    assert found.share_derived == pytest.approx(16 / 21)
    assert found.share_published == 0.0
    assert found.find_first == "c (76%)"
    assert found.grade == "D"


def test_what_hardly_moves_is_known_unless_a_probability_hangs_on_it():
    """Swings far below the influence: a counted figure is A, a chance takes the grade of the strongest."""
    still = [10.0, 9.999, 10.001, 10.0, 10.0, 9.99, 10.01]
    assert (written(still).grade, written(still).rests_on) == ("A", "")
    assert (written(still, chance=0.4).grade, written(still, chance=0.4).rests_on) == ("D", "c (D)")


@given(st.lists(st.floats(-5, 5), min_size=6, max_size=6), st.floats(0.1, 1000))
def test_shares_add_up_and_know_no_unit(moves: list[float], scale: float):
    one = written([10.0, *(10.0 + m for m in moves)])
    other = written([10.0 * scale, *((10.0 + m) * scale for m in moves)])
    shares = [getattr(one, f"share_{kind}") for kind in evidence.KINDS]
    if all(s is None for s in shares):
        return
    assert sum(shares) == pytest.approx(1.0)
    again = [getattr(other, f"share_{kind}") for kind in evidence.KINDS]
    assert again == pytest.approx(shares, abs=1e-6)


def test_every_verdict_of_a_run_says_what_it_rests_on(small_run: Path):
    """The figure to find first is among the swings of influence.csv, and is no count of the place."""
    rows = [r for r in row_table.read(small_run) if r.verdict in ("short", "tight", "adequate", "surplus")]
    assert len(rows) > 20
    for r in rows:
        shares = [getattr(r, f"share_{kind}") for kind in evidence.KINDS]
        assert sum(s or 0.0 for s in shares) == pytest.approx(1.0, abs=1e-5), r.indicator_id
        assert r.find_first or r.share_counted_here == pytest.approx(1.0), r.indicator_id
    beds = next(r for r in rows if r.indicator_id == "beds_per_1000")
    assert beds.share_derived is not None
    assert beds.share_derived > 0.5  # the occupancy of the base year is derived
    assert beds.find_first.startswith("inpatient.base_occupancy")
    assert xr.open_dataset(small_run / "results.nc").sizes["draw"] > 1
