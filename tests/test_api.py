"""The names that a script or a notebook imports: light until used, and what the command does."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version
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


def test_the_library_has_the_name_of_its_command_too():
    import healthplan

    assert healthplan.__all__ == sim.__all__
    assert all(getattr(healthplan, name) is getattr(sim, name) for name in sim.__all__)
    with pytest.raises(AttributeError, match="no attribute 'runn'"):
        _ = healthplan.runn


def test_a_saved_run_says_in_three_lines_what_it_is(small_run: Path, run_dir: Path):
    first, second, third = repr(sim.open_run(small_run)).split("\n")
    assert first.startswith(f"<Run {small_run.name} of small: ")
    assert second == (
        "  plan anyang_14fyp; regions 410500; 2020-2030; scenarios reference, shorter_stays; 8 draws, seed 7"
    )
    assert third.startswith("  reference: rows ")
    assert "short" in third
    assert repr(sim.open_run(run_dir)).count("\n") == 2


@pytest.mark.slow
def test_a_saved_run_draws_compares_and_revises(small_run: Path, monkeypatch: pytest.MonkeyPatch):
    """Each hands its folder to the function of `import sim` with what was asked for."""
    saved = sim.open_run(small_run)
    assert saved.revise(0.9) == sim.revise(small_run, (0.9,))
    assert {row["p"] for row in saved.revise()} >= {"0.8", "0.9", "0.95"}
    beside = saved.compare(saved, year=2025)
    assert (beside.a.run.folder, beside.b.run.folder, beside.lang) == (small_run, small_run, "en")
    assert beside.year == 2025
    assert saved.compare(str(small_run), "zh").lang == "zh"
    asked: list[object] = []
    monkeypatch.setattr(sim, "plot_folder", lambda *a, **o: [*asked, a, o], raising=False)
    assert saved.plot(["beds"], lang="zh") == [(small_run, ["beds"]), {"lang": "zh"}]
    with pytest.raises(ConfigError, match=r"--p"):
        saved.revise(1.5)


def test_the_version_is_the_one_that_is_installed():
    import healthplan

    assert sim.__version__ == healthplan.__version__ == version("healthplan")


def test_an_experiment_is_read_set_up_and_run(workspace: Path, tmp_path: Path):
    file = str(workspace / "experiments" / "small.yaml")
    assert sim.read_experiment(file).name == "small"
    setup = sim.set_up(file, scenarios=["reference"])
    plan = sim.plan_sweep(setup, method="oat", over=["fertility.tfr_ratio"], of=["births@2025"])
    folder = sim.sweep(plan, str(tmp_path))
    assert (folder / "sensitivity.csv").is_file()
