"""The installed package, outside the checkout: its wheel holds the data and can start and run."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from paths import ROOT

pytestmark = pytest.mark.slow

TINY = """\
schema: 1
name: tiny
regions: ["410500"]
plan: anyang_14fyp
years: {base: 2020, end: 2026}
test_years: [2025, 2026]
draws: {n: 2}
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    here = importlib.util.find_spec("hatchling") is not None
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        str(ROOT),
        "--no-deps",
        "--quiet",
        "--disable-pip-version-check",
        "--wheel-dir",
        str(out),
        *(["--no-build-isolation"] if here else []),
    ]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode and not here:
        pytest.skip("hatchling, the build backend, is neither installed nor to be had")
    assert done.returncode == 0, done.stderr
    return next(out.glob("healthplan-*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel unpacked; used in place of the checkout through PYTHONPATH."""
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def healthplan(installed: Path, cwd: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    code = "import sys; from sim.cli import main; sys.argv[0] = 'healthplan'; main()"
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=False,
    )


def in_checkout(*patterns: str) -> set[str]:
    return {
        str(p.relative_to(ROOT))
        for pattern in patterns
        for p in ROOT.glob(pattern)
        if p.is_file() and "__pycache__" not in p.parts
    }


def test_the_wheel_holds_code_parameters_experiments_manual_and_licence(wheel: Path):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert in_checkout("sim/**/*.py") <= names
    manual = ("docs/**/*.*", "README*.md", "outputs/README.md")
    for path in in_checkout("parameters/**/*.*", "experiments/*.yaml", *manual):
        assert f"sim/_data/{path}" in names
    assert any(n.endswith("licenses/LICENSE") for n in names)
    assert any(n.endswith("licenses/NOTICE") for n in names)
    assert not [n for n in names if n.startswith(("tests/", "outputs/"))]


def test_the_wheel_names_its_command(wheel: Path):
    with zipfile.ZipFile(wheel) as archive:
        name = next(n for n in archive.namelist() if n.endswith("entry_points.txt"))
        assert "healthplan = sim.cli:main" in archive.read(name).decode()


def test_init_and_a_run_outside_the_checkout(installed: Path, tmp_path: Path):
    done = healthplan(installed, tmp_path, "init", "work")
    assert done.returncode == 0, done.stderr
    work = tmp_path / "work"
    (work / "experiments" / "tiny.yaml").write_text(TINY, encoding="utf-8")
    ran = healthplan(
        installed,
        work,
        "run",
        "experiments/tiny.yaml",
        "--quiet",
        "--workers",
        "1",
    )
    assert ran.returncode == 0, ran.stderr
    folder = work / ran.stdout.strip()
    assert (folder / "adequacy.csv").is_file()
    assert list((folder / "charts").glob("*.png"))
    for lang, title in (("en", "From the first run"), ("zh", "从第一次运行")):
        read = healthplan(installed, work, "docs", "tutorial", "--lang", lang)
        assert read.stdout.startswith(f"# {title}"), read.stderr
    assert str(installed) in healthplan(installed, work, "docs").stdout
    where = healthplan(installed, work, "list", "plans")
    assert where.stdout.count("_13fyp") == 3
    code = "import sim; print(sim.__file__)"
    used = subprocess.run(
        [sys.executable, "-c", code],
        cwd=work,
        env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert used.stdout.startswith(str(installed))  # not the checkout's own code
