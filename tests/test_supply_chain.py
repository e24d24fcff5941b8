"""What the program stands on: dependencies under licences that are allowed, and no network at run time."""

from __future__ import annotations

import ast
import re
import socket
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from paths import ROOT, SIM
from working_folder import run_cli

# permissive, or weak copyleft of a library that is only linked
ALLOWED = (
    "MIT",
    "BSD",
    "Apache",
    "PSF",
    "Python Software Foundation",
    "ISC",
    "HPND",
    "MPL",
    "Zlib",
    "MIT-CMU",
)
LISTED = ROOT / "docs" / "licences.md"
NETWORK = {"socket", "ssl", "http", "urllib", "urllib3", "requests", "httpx", "aiohttp", "ftplib", "smtplib"}
OVER_THE_WIRE = {"run/cluster.py"}  # a Dask scheduler that --scheduler names


def closure() -> dict[str, metadata.Distribution]:
    """The distributions that an installed healthplan needs, those of their own included."""
    found: dict[str, metadata.Distribution] = {}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    waiting: list[list[str]] = [project["dependencies"]]
    while waiting:
        for wanted in waiting.pop():
            if "extra ==" in wanted:
                continue
            each = re.match(r"[A-Za-z0-9._-]+", wanted)
            key = re.sub(r"[-_.]+", "-", each[0]).lower() if each else ""
            if key in found:
                continue
            try:
                found[key] = metadata.distribution(key)
            except metadata.PackageNotFoundError:
                continue  # of another system or version of Python
            waiting.append(found[key].requires or [])
    return found


def licence(distribution: metadata.Distribution) -> str:
    """As the distribution states it: an expression, a classifier, else its first line."""
    head = distribution.metadata
    if head.get("License-Expression"):
        return str(head["License-Expression"])
    classified = [
        c.rpartition(" :: ")[2] for c in head.get_all("Classifier") or () if c.startswith("License ::")
    ]
    return "; ".join(classified) or str(head.get("License") or "").strip().split("\n")[0]


def page() -> str:
    rows = [f"| {name} | {licence(found)} |" for name, found in sorted(closure().items())]
    return "\n".join(
        [
            "# Licences of what healthplan needs",
            "",
            "Every distribution that the installed program needs, with the licence that it states; a test",
            "refuses a new one whose licence is not permissive (or weak copyleft of a library only linked).",
            "The program itself: Apache-2.0. Data: `parameters/sources/`, `parameters/places/LICENSE.txt`.",
            "",
            "| | licence |",
            "|---|---|",
            *rows,
            "",
        ]
    )


def test_every_licence_is_allowed() -> None:
    found = closure()
    assert {"numpy", "pandas", "xarray", "click", "openpyxl", "pdfplumber"} <= set(found)
    said = {name: licence(each) for name, each in found.items()}
    assert {name: text for name, text in said.items() if not any(a in text for a in ALLOWED)} == {}


def test_the_page_lists_them() -> None:
    assert LISTED.read_text("utf-8") == page()


def imported(path: Path) -> set[str]:
    """The packages that a module imports, anywhere in it."""
    tree = ast.parse(path.read_text("utf-8"))
    named = {a.name.split(".")[0] for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    modules = [n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)]
    return named | {m.split(".")[0] for m in modules if m != "urllib.parse"}  # quotes names, asks nobody


@pytest.mark.slow
def test_no_module_imports_the_network() -> None:
    asking = {p.relative_to(SIM).as_posix() for p in sorted(SIM.rglob("*.py")) if imported(p) & NETWORK}
    assert asking - OVER_THE_WIRE == set()


@pytest.mark.slow
def test_nothing_asks_the_network(
    monkeypatch: pytest.MonkeyPatch, workspace: Path, run_dir: Path, tmp_path: Path
) -> None:
    """Set-up, lists, charts, audit and leftovers with every way out closed."""

    def closed(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, closed)
    for name in ("getaddrinfo", "gethostbyname", "create_connection"):
        monkeypatch.setattr(socket, name, closed)
    small = workspace / "experiments" / "small.yaml"
    for arguments in (
        ("validate", small),
        ("run", small, "--dry-run"),
        ("list", "regions"),
        ("audit", "anyang_14fyp"),
        ("plot", run_dir, "--chart", "demand_beds"),
        ("clean", tmp_path),
    ):
        done = run_cli(*arguments, cwd=workspace)
        assert done.code == 0, done.err
