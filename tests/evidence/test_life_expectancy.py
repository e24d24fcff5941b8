"""Life expectancy of provinces: differences close, their own pace says nothing; refusals of the table."""

from __future__ import annotations

import shutil

import numpy as np
import pytest
from paths import ROOT

from sim.errors import ConfigError
from sim.evidence.calibration.parts import life_expectancy as part

TABLE = "parameters/series/life_expectancy.csv"


def test_a_made_closing_is_found():
    """600 provinces that close by 2 % a year, and by 0.6 years around it after twenty."""
    rng = np.random.default_rng(5)
    before, noise = rng.normal(0.0, 3.0, 600), rng.normal(0.0, 0.6, 600)
    start = before + rng.normal(0.0, 1.0, 600)
    after = start * np.exp(-0.02 * 20) + noise
    made = {f"{i:06d}": np.array(row) for i, row in enumerate(zip(before, start, after, strict=True))}
    found = part.closing(made)
    assert found.speed == pytest.approx(0.02, abs=0.002)
    assert found.missed == pytest.approx(0.6, rel=0.1)
    assert found.spread(20) == pytest.approx(found.missed)
    assert 0.0 < found.spread(1) < found.spread(5) < found.spread(30) < 1.5 * found.missed


def test_a_made_pace_of_its_own_is_found():
    """Where each province goes on as it went, its own pace foretells it and closing does not."""
    rng = np.random.default_rng(6)
    before, pace = rng.normal(0.0, 3.0, 300), rng.normal(0.0, 1.0, 300)
    made = {
        f"{i:06d}": np.array([b, b + p, b + 2 * p + e])
        for i, (b, p, e) in enumerate(zip(before, pace, rng.normal(0, 0.2, 300), strict=True))
    }
    plain, own, near, both = part.closing(made).ways
    assert own.slope == pytest.approx(1.0, abs=0.05)
    assert own.rmse < 0.3 < plain.rmse
    assert both.rmse < near.rmse


def test_the_provinces_close_and_their_own_pace_says_nothing():
    found = part.closing(part.differences(ROOT))
    plain, own, near, both = found.ways
    assert near.rmse < 0.6 * plain.rmse
    assert own.rmse > plain.rmse
    assert both.slope is not None
    assert both.slope <= 0.0
    assert near.rmse - both.rmse < 0.01
    assert found.n == 30


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("110000,1990,72.86", "110000,1990,7.286"), "7.286 years"),
        (("110000,1990,72.86", "110000,1995,72.86"), "1995 of '110000' is not asked for"),
        (("120000,1990,72.32", "110000,1990,72.32"), "('110000', 1990) stands twice"),
    ],
)
def test_a_wrong_row_is_refused_by_its_line(tmp_path, change, told):
    for name in ("places", "series"):
        shutil.copytree(ROOT / "parameters" / name, tmp_path / "parameters" / name)
    path = tmp_path / TABLE
    path.write_text(path.read_text().replace(*change))
    with pytest.raises(ConfigError) as refused:
        part.differences(tmp_path)
    assert told in str(refused.value)
    assert "line" in str(refused.value)
