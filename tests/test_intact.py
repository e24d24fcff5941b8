"""Files that a command adds to a finished run: whole, and stated at every moment, whenever it is ended."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sim import intact
from sim.errors import ConfigError
from sim.intact import added, described, digest, write_meta


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A run folder with a table of its own, and one that was added."""
    for name in ("results.nc", "revise.csv"):
        (tmp_path / name).write_text("first")
    stated = {name: digest(tmp_path / name) for name in ("results.nc", "revise.csv")}
    meta = {"format": intact.RUN_FORMAT, "experiment": {}, "times": {"seconds": 1}, "files": stated}
    write_meta(tmp_path, meta)
    with added(tmp_path) as made:
        (made / "review.csv").write_text("first")
    return tmp_path


def add(run: Path, text: str) -> None:
    with added(run) as made:
        for name in ("revise.csv", "review.csv"):
            (made / name).write_text(text)


def test_what_is_added_is_stated_where_it_stood(run: Path):
    add(run, "second")
    meta = intact.intact(run)
    assert meta["files"]["revise.csv"] == meta["later"]["review.csv"] == digest(run / "review.csv")
    assert "coming" not in meta
    assert sorted(p.name for p in run.iterdir()) == ["results.nc", "review.csv", "revise.csv", "run.json"]


@pytest.mark.parametrize("moment", range(5))
def test_a_command_that_is_ended_leaves_a_run_that_is_whole(
    run: Path, moment: int, monkeypatch: pytest.MonkeyPatch
):
    """Ended before each of the renamings: of run.json, of either file, of run.json once more; and after."""
    done = 0
    really = os.replace

    def replace(*paths: Path) -> None:
        nonlocal done
        if done == moment:
            raise KeyboardInterrupt
        done += 1
        really(*paths)

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", replace)
        try:
            add(run, "second")
        except KeyboardInterrupt:
            assert moment < 4
    intact.intact(run)
    texts = [(run / name).read_text() for name in ("revise.csv", "review.csv")]
    assert texts.count("second") == min(max(moment - 1, 0), 2)
    add(run, "third")
    assert "coming" not in intact.intact(run)


def test_what_was_to_come_and_did_not_is_forgotten(run: Path):
    """A statement of a file that never came makes no other file right."""
    meta = described(run)
    write_meta(run, meta | {"coming": {"review.csv": "0" * 64}})
    intact.intact(run)
    with added(run) as made:
        (made / "other.csv").write_text("x")
    assert "review.csv" not in described(run).get("coming", {})
    (run / "review.csv").write_text("edited")
    with pytest.raises(ConfigError, match=r"review\.csv \| is not as it was written"):
        intact.intact(run)
