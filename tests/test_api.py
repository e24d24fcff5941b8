"""The names that a script or a notebook imports: light until used, and what the command does."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import sim
from sim.errors import ConfigError


def test_importing_the_package_loads_nothing_heavy():
    code = "import sim, sys; assert dir(sim); print(sorted({'numpy', 'xarray'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_public_name_is_there():
    for name in sim.__all__:
        assert callable(getattr(sim, name)), name
    with pytest.raises(AttributeError, match="no attribute 'runn'"):
        _ = sim.runn


def test_a_saved_run_opens_with_its_tables_and_draws(small_run: Path):
    saved = sim.open_run(str(small_run))
    rows = saved.table("adequacy")
    assert set(rows.region) == {"410500"}
    beds = saved.results().beds_required.sel(bed_group="total")
    assert beds.sizes["draw"] == 9
    with pytest.raises(ConfigError, match=r"no table 'adequasy' \| did you mean 'adequacy'"):
        saved.table("adequasy")


def test_an_experiment_is_read_set_up_and_run(workspace: Path, tmp_path: Path):
    file = str(workspace / "experiments" / "small.yaml")
    assert sim.read_experiment(file).name == "small"
    setup = sim.set_up(file, scenarios=["reference"])
    plan = sim.plan_sweep(setup, method="oat", over=["fertility.tfr_ratio"], of=["births@2025"])
    folder = sim.sweep(plan, str(tmp_path))
    assert (folder / "sensitivity.csv").is_file()
