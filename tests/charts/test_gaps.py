"""The figure beside a bar is what the reader works out of the tables: median supply less median need."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from sim.charts.gaps import _gap, supplied
from sim.saved.run import open_saved


def test_the_gap_is_that_of_the_medians_in_the_tables(small_run: Path):
    run = open_saved(small_run).results
    told = pd.read_csv(small_run / "timeseries.csv").set_index(["scenario", "variable", "group", "year"]).p50
    for name in supplied(run):
        at = {"scenario": "reference", "region": "410500", "year": 2030}
        (low, middle, high), need = _gap(run, name, at)
        found = [told["reference", f"{name}_{side}", "total", 2030] for side in ("projected", "required")]
        np.testing.assert_allclose([middle, need], [found[0] - found[1], found[1]], rtol=1e-5, atol=1e-3)
        assert low <= high
