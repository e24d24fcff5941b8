"""What tests of the whole command share: the command in this process, a folder to run it in."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from paths import ROOT

from sim.cli import main

SMALL = """\
schema: 1
name: small
regions: ["410500"]
plan: anyang_14fyp
years: {base: 2020, end: 2030}
test_years: [2025, 2030]
draws: {n: 8, seed: 7}
scenarios:
  reference: []
  shorter_stays: [shorter]
overrides:
  shorter:
    inpatient.alos: {multiply: {2020: 1, 2030: 0.9}}
"""


@dataclass(frozen=True)
class Outcome:
    """What a command did."""

    code: int
    out: str
    err: str


def run_cli(*arguments: str | Path, cwd: Path | None = None) -> Outcome:
    """`healthplan` with these arguments, in this process: fast, and as the entry point does it."""
    out, err = io.StringIO(), io.StringIO()
    argv, folder = sys.argv, Path.cwd()
    sys.argv = ["healthplan", *map(str, arguments)]
    code = 0
    try:
        os.chdir(cwd or folder)
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                main()
            except SystemExit as leave:
                code = leave.code if isinstance(leave.code, int) else int(leave.code is not None)
    finally:
        sys.argv = argv
        os.chdir(folder)
    return Outcome(code, out.getvalue(), err.getvalue())


def make_workspace(folder: Path) -> Path:
    """A working folder with the repository's parameters and the small experiment."""
    shutil.copytree(ROOT / "parameters", folder / "parameters")
    (folder / "experiments").mkdir()
    (folder / "experiments" / "small.yaml").write_text(SMALL, encoding="utf-8")
    return folder
