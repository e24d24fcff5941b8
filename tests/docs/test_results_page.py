"""docs/results.md: each block is run, as it stands, in a run folder."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from paths import ROOT
from working_folder import Outcome

from sim.store import open_run

PAGE = (ROOT / "docs" / "results.md").read_text(encoding="utf-8")


def block(heading: str, language: str) -> str:
    """The code under a heading."""
    section = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]
    found = re.search(rf"```{language}\n(.*?)```", section, re.DOTALL)
    assert found, heading
    return found[1]


def run(code: str, folder: Path, ends: str) -> str:
    """What a script of Python prints at its end."""
    called = [sys.executable, "-c", f"{code}\n{ends}"]
    done = subprocess.run(called, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def bad(folder: Path) -> int:
    rows = open_run(folder).table("adequacy")
    return int(((rows.scenario == "reference") & rows.verdict.isin(["short", "tight"])).sum())


@pytest.mark.slow
def test_duckdb(small_run: Path) -> None:
    pytest.importorskip("duckdb")
    said = run(block("DuckDB", "python"), small_run, "print(len(rows), beds[0][0], beds[-1][0], len(beds))")
    assert said == f"{bad(small_run)} 2020 2030 11"


@pytest.mark.slow
def test_pandas_and_xarray(small_run: Path) -> None:
    ends = "print(len(rows), rows.region[0], *band.sizes.values(), float(band.min()) > 1000)"
    rows = open_run(small_run).table("adequacy")
    assert run(block("pandas and xarray", "python"), small_run, ends) == f"{len(rows)} 410500 3 11 True"


@pytest.mark.slow
def test_the_workbook(small_run: Path, cli: Callable[..., Outcome], tmp_path: Path) -> None:
    folder = shutil.copytree(small_run, tmp_path / "run")
    written = cli("report", folder, "--to", "xlsx", "--lang", "zh").out.strip()
    shutil.copy(written, folder / "tables.xlsx")
    ends = "print(len(cells) > 10, any(isinstance(v, float) for row in cells for v in row), *book.sheetnames)"
    said = run(block("Excel", "python"), folder, ends)
    assert said.startswith("True True")
    assert "时间序列" in said
    assert (small_run / "adequacy.csv").read_bytes().startswith(b"\xef\xbb\xbf")


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
def test_r(small_run: Path) -> None:
    done = subprocess.run(
        ["Rscript", "-e", block("R", "r")], cwd=small_run, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.strip().splitlines()) == bad(small_run) + 1
