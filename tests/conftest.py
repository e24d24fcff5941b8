"""Shared by the whole suite: the command in this process, a folder to damage, one small run."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from sim.cli import main

ROOT = Path(__file__).resolve().parents[1]

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


@pytest.fixture(scope="session")
def cli() -> Callable[..., Outcome]:
    return run_cli


def make_workspace(folder: Path) -> Path:
    """A working folder with the repository's parameters and the small experiment."""
    shutil.copytree(ROOT / "parameters", folder / "parameters")
    (folder / "experiments").mkdir()
    (folder / "experiments" / "small.yaml").write_text(SMALL, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder that tests may add files to, but not change."""
    return make_workspace(tmp_path_factory.mktemp("workspace"))


@pytest.fixture
def damaged(tmp_path: Path) -> Path:
    """A working folder of one's own, free to be damaged."""
    return make_workspace(tmp_path / "work")


@pytest.fixture
def experiment(workspace: Path, tmp_path: Path) -> Iterator[Callable[..., Path]]:
    """Function: the small experiment with some keys changed (None removes one) -> its file."""
    made: list[Path] = []

    def write(text: str | bytes | None = None, **changes: object) -> Path:
        path = workspace / "experiments" / f"{tmp_path.name}_{len(made)}.yaml"
        if text is None:
            content = {**yaml.safe_load(SMALL), **changes}
            content = {k: v for k, v in content.items() if v is not None}
            text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        made.append(path)
        return path

    yield write
    for path in made:
        path.unlink()


@pytest.fixture(scope="session")
def small_run(workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of one small run through the command: Anyang to 2030, 8 draws, two scenarios."""
    out = tmp_path_factory.mktemp("outputs")
    done = run_cli(
        "run", workspace / "experiments" / "small.yaml", "--out", out, "--no-charts",
        "--workers", "1", "--quiet",
    )  # fmt: skip
    assert done.code == 0, done.err
    return Path(done.out.strip().splitlines()[-1])
