"""What Windows cannot do, tried here: names of devices, backslashes, ends of lines, open files renamed."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
import small
from working_folder import make_workspace, run_cli

from sim.config.names import check_name, same_names
from sim.drafting.accept import Review, accept
from sim.errors import ConfigError, PlanError
from sim.run.setup import set_up

DEVICES = ("con", "nul", "aux", "prn", "com1", "lpt9")


@pytest.mark.parametrize("name", DEVICES)
def test_no_folder_is_named_like_a_device(name: str, tmp_path: Path):
    with pytest.raises(ConfigError, match="is a device on Windows"):
        check_name(name, "--name")
    review = Review(tmp_path / "review.xlsx", {}, (), (), {})
    with pytest.raises(PlanError, match="is a device on Windows"):
        accept(tmp_path, review, name)


def test_names_that_are_one_file_there_are_told():
    assert same_names(["Reference", "reference", "other"]) == [("Reference", "reference")]


def test_a_path_with_backslashes_is_told_how_to_be_written(tmp_path: Path):
    work = make_workspace(tmp_path)
    told = run_cli("validate", r"experiments\small.yaml", cwd=work)
    if sys.platform != "win32":
        assert told.code == 2
        assert "no such file | write experiments/small.yaml" in told.err


@pytest.mark.slow
def test_ends_of_lines_of_windows_change_nothing(tmp_path: Path):
    """Experiment, parameters, plan and census with carriage returns: the same set-up, value for value."""
    plain, other = (make_workspace(tmp_path / name) for name in ("plain", "other"))
    for path in [*(other / "parameters").rglob("*.*"), *(other / "experiments").iterdir()]:
        if path.suffix in (".yaml", ".csv"):
            path.write_bytes(path.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
    one, two = (set_up(work / "experiments" / "small.yaml") for work in (plain, other))
    assert one.experiment == two.experiment
    assert one.plan is not None
    assert two.plan is not None
    assert one.plan.indicators == two.plan.indicators
    for place, parameters in one.parameters.items():
        mine = {name: parameter.hash for name, parameter in parameters.items()}
        assert mine == {name: parameter.hash for name, parameter in two.parameters[place].items()}


def opened() -> set[str]:
    """Files that this process holds open."""
    found = set()
    for number in os.listdir("/proc/self/fd"):
        try:
            found.add(os.readlink(f"/proc/self/fd/{number}"))
        except OSError:
            continue
    return found


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="the system does not say what is open")
def test_nothing_is_renamed_or_removed_while_it_is_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Windows refuses it.  A run, its charts, its workbook, document and page, and a revision."""
    held: list[str] = []
    seen = []

    def watched(name: str) -> None:
        really = getattr(os, name)

        def call(path: os.PathLike[str] | str, *more: object, **how: object) -> object:
            places = [str(Path(p).resolve()) for p in (path, *more) if isinstance(p, str | os.PathLike)]
            if "dir_fd" not in how:
                seen.append(name)
                held.extend(f for f in opened() for p in places if f == p or f.startswith(f"{p}/"))
            return really(path, *more, **how)

        monkeypatch.setattr(os, name, call)

    for name in ("replace", "rename", "unlink"):
        watched(name)
    file = small.experiment(tmp_path, 2, end=2021, plan="anyang_14fyp")
    told = run_cli("run", file, "--out", tmp_path / "out", "--workers", "1", "--quiet")
    assert told.code == 0, told.err
    run = told.out.strip()
    for command in (("report", run, "--to", "docx"), ("report", run, "--to", "html"), ("revise", run)):
        assert run_cli(*command).code == 0
    own = [path for path in held if not path.endswith(".lock")]  # its lock is closed first on Windows
    assert own == []
    assert {"replace", "rename"} <= set(seen)
