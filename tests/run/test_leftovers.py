"""What killed commands leave is found and cleaned; what is in use or finished is left alone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import small
from working_folder import run_cli

from sim.run import runner
from sim.run.leftovers import leftovers
from sim.run.work import WorkFolder


@pytest.fixture
def dead() -> int:
    """The number of a process that has ended."""
    done = subprocess.Popen([sys.executable, "-c", ""])
    done.wait()
    return done.pid


@pytest.fixture
def out(tmp_path: Path, dead: int) -> Path:
    """A folder of runs with everything that a kill can leave, and a finished run beside it."""
    own = tmp_path / "outputs" / "city"
    (own / "20260101-000000-aaaaaaaa").mkdir(parents=True)
    (own / "20260101-000000-aaaaaaaa" / "run.json").write_text("{}")
    (own / "20260101-000000-aaaaaaaa" / f"revise.csv.{dead}.part").write_text("half")
    (own / "20260101-000000-aaaaaaaa" / ".hospital").mkdir()
    (own / "20260101-000000-aaaaaaaa" / ".hospital" / "k.npz").write_bytes(b"x" * 2_000_000)
    (own / f".20260102-000000-bbbbbbbb.{dead}.part").mkdir()
    (own / ".unfinished" / "key").mkdir(parents=True)
    (own / ".unfinished" / "key" / "block.npz").write_bytes(b"x")
    (own / ".unfinished" / "key.lock").write_text("")
    return tmp_path / "outputs"


def names(folder: Path) -> set[str]:
    return {left.path.name for left in leftovers(folder) if not left.in_use}


def test_everything_that_is_left_is_found_and_no_finished_run(out: Path, dead: int) -> None:
    wanted = {
        f"revise.csv.{dead}.part",
        ".hospital",
        f".20260102-000000-bbbbbbbb.{dead}.part",
        "key",
        "key.lock",
    }
    assert names(out) == wanted


def test_listing_removes_nothing_and_yes_leaves_the_finished_run_alone(out: Path) -> None:
    before = sorted(out.rglob("*"))
    listed = run_cli("clean", out, "--lang", "en")
    assert listed.code == 0
    assert sorted(out.rglob("*")) == before
    assert "5 may go, 2.0 MB; --yes removes them" in listed.out
    assert "half-written folder" in listed.out
    assert "5 removed" in run_cli("clean", out, "--yes", "--lang", "en").out
    assert [str(p.relative_to(out)) for p in sorted(out.rglob("*")) if p.is_file()] == [
        "city/20260101-000000-aaaaaaaa/run.json"
    ]
    assert not (out / "city" / ".unfinished").exists()
    assert "没有遗留" in run_cli("clean", out, "--yes", "--lang", "zh").out


def test_what_a_living_run_holds_is_left_alone(out: Path) -> None:
    own = out / "city"
    living = own / f".20260103-000000-cccccccc.{os.getpid()}.part"
    living.mkdir()
    with WorkFolder(own, "key") as work:
        assert {"key", "key.lock", living.name}.isdisjoint(names(out))
        text = run_cli("clean", out, "--yes", "--lang", "en").out
        assert "3 in use" in text
        assert (work.path / "block.npz").exists()
        assert living.exists()


def test_only_what_was_not_touched_for_so_many_days(out: Path) -> None:
    old = out / "city" / ".unfinished" / "key" / "block.npz"
    for path in (old, old.parent):
        os.utime(path, (0, 0))
    assert {left.path.name for left in leftovers(out, days=7)} == {"key"}


def test_links_are_not_followed(out: Path, tmp_path: Path, dead: int) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / f"other.{dead}.part").write_text("mine")
    (out / "linked").symlink_to(elsewhere)
    (out / f"linked.{dead}.part").symlink_to(elsewhere)
    run_cli("clean", out, "--yes")
    assert (elsewhere / f"other.{dead}.part").read_text() == "mine"


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    done = run_cli("clean", tmp_path / "nowhere")
    assert (done.code, "is no folder" in done.err) == (2, True)


@pytest.mark.slow
@pytest.mark.parametrize(
    "at", [0.5, *(pytest.param(p, marks=pytest.mark.slow) for p in (0.02, 0.3, 0.7, 0.98))]
)
def test_a_damaged_block_is_named_and_computed_again(at: float, tmp_path: Path) -> None:
    """One bit turned over anywhere in a stored block: the result is that of an undamaged run."""
    setup, said = small.setup(tmp_path, 12), []
    whole = runner.run(setup, tmp_path / "whole", tables=small.only_series, workers=1)

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(Exception, match="No space left"):
        runner.run(setup, tmp_path / "out", block_draws=4, tables=fail, workers=1)
    blocks = sorted((tmp_path / "out").rglob("*.npz"))
    assert len(blocks) > 2
    content = bytearray(blocks[0].read_bytes())
    content[int(at * len(content))] ^= 16
    blocks[0].write_bytes(bytes(content))
    again = runner.run(
        setup,
        tmp_path / "out",
        block_draws=4,
        tables=small.only_series,
        workers=1,
        progress=lambda done, total, label: said.append(label),
    )
    assert small.contents(again) == small.contents(whole)
    assert all("its stored file was damaged" in label for label in said)
    assert said or at in (0.02, 0.98)  # near its ends a bit may be one that nothing reads
