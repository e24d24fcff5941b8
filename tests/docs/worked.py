"""docs/extending.md followed word by word: its files written into a copy, its commands run."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from paths import ROOT

PAGE = ROOT / "docs" / "extending.md"
_STEP = re.compile(
    r"^(?:(?P<new>New file) `(?P<file>[^`]+)`:"
    r"|(?P<end>At the end of) `(?P<longer>[^`]+)`:"
    r"|(?P<swap>In) `(?P<changed>[^`]+)`, for `(?P<old>[^`]+)` write:"
    r"|(?P<run>Run in Python:)"
    r"|(?P<fence>```)(?P<kind>console))\n",
    re.MULTILINE,
)


def sections() -> dict[str, str]:
    """Text of each example by its heading."""
    parts = re.split(r"^## (.+)$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def files_named(text: str) -> set[str]:
    """Files that an example touches."""
    return {s["file"] or s["longer"] or s["changed"] for s in _STEP.finditer(text)} - {None}


def copied(folder: Path) -> Path:
    """A copy of the code, the parameters and the experiments."""
    for name in ("sim", "parameters", "experiments"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def follow(text: str, folder: Path) -> Iterator[str]:
    """Do what an example says; yields the standard output of each of its commands.

    Raises AssertionError where it names a text that does not stand in the file once, or a command
    fails.
    """
    at = 0
    while step := _STEP.search(text, at):
        begins = step.start() if step["fence"] else text.index("```", step.end())
        ends = text.index("\n```", begins) + 1
        block = text[text.index("\n", begins) + 1 : ends]
        at = ends + 4
        if step["fence"]:
            for line in block.splitlines():
                yield _run(line, folder)
        elif step["run"]:
            subprocess.run([sys.executable, "-c", block], cwd=folder, check=True)
        else:
            _write(step, block, folder)


def _write(step: re.Match[str], block: str, folder: Path) -> None:
    path = folder / (step["file"] or step["longer"] or step["changed"])
    if step["new"]:
        assert not path.exists(), path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block, encoding="utf-8")
        return
    before = path.read_text(encoding="utf-8")
    if step["end"]:
        path.write_text(before.rstrip("\n") + "\n" + block, encoding="utf-8")
        return
    assert before.count(step["old"]) == 1, f"{path}: '{step['old']}' stands {before.count(step['old'])} times"
    path.write_text(before.replace(step["old"], block.rstrip("\n")), encoding="utf-8")


def _run(line: str, folder: Path) -> str:
    program, *arguments = line.split()
    assert program == "healthplan"
    command = [sys.executable, "-m", "sim", *arguments, "--workers", "1", "--lang", "en"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
    return done.stdout
