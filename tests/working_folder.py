"""What tests of the whole command share: the command in this process, a folder to run it in."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from paths import ROOT

from sim.cli import main
from sim.commands import refusals

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


def run_cli(*arguments: str | Path, cwd: Path | None = None, translated: bool = False) -> Outcome:
    """`healthplan` with these arguments, in this process: fast, and as the entry point does it.

    translated: refusals and messages in the language of the call; else as they are raised, in English,
    which is how the tests of each refusal name it.
    """
    out, err = io.StringIO(), io.StringIO()
    argv, folder = sys.argv, Path.cwd()
    sys.argv = ["healthplan", *map(str, arguments)]
    code = 0
    try:
        os.chdir(cwd or folder)
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), _speaking(translated):
            try:
                main()
            except SystemExit as leave:
                code = leave.code if isinstance(leave.code, int) else int(leave.code is not None)
    finally:
        sys.argv = argv
        os.chdir(folder)
    return Outcome(code, out.getvalue(), err.getvalue())


def _speaking(translated: bool) -> contextlib.AbstractContextManager[object]:
    return contextlib.nullcontext() if translated else mock.patch.object(refusals, "_chinese", str)


def linked(root: Path, own: str, without: str = "") -> Path:
    """The folder `own` of a working folder whose other parameters are links to the repository's.

    It holds a link to each file and folder that is there, but for `without`.
    """
    shipped, folder = ROOT / "parameters", root / "parameters" / own
    folder.mkdir(parents=True)
    for part in shipped.iterdir():
        if part.name != own:
            (folder.parent / part.name).symlink_to(part)
    for part in (shipped / own).iterdir():
        if part.name != without:
            (folder / part.name).symlink_to(part)
    return folder


def make_workspace(folder: Path) -> Path:
    """A working folder with the repository's parameters and the small experiment."""
    shutil.copytree(ROOT / "parameters", folder / "parameters")
    (folder / "experiments").mkdir()
    (folder / "experiments" / "small.yaml").write_text(SMALL, encoding="utf-8")
    return folder
