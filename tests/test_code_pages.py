"""Files and messages are UTF-8 whatever the code page of the machine: of Windows in Chinese or English."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest
from paths import ROOT, SIM

_TEXT = {"read_text": 0, "write_text": 1}  # where their encoding stands without a name


def _binary(call: ast.Call) -> bool:
    """Whether an `open` says a mode with b."""
    given = [*call.args, *(k.value for k in call.keywords if k.arg == "mode")]
    modes = [a.value for a in given if isinstance(a, ast.Constant) and isinstance(a.value, str)]
    return any(set(mode) <= set("rwxab+t") and "b" in mode for mode in modes)


def unsaid(path: Path) -> list[str]:
    """Calls that open a text in whatever code page the machine has."""
    found = []
    for call in (n for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.Call)):
        method = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        name = call.func.id if isinstance(call.func, ast.Name) else ""
        said = any(k.arg in ("encoding", None) for k in call.keywords)
        if "super()" in ast.unparse(call.func):
            continue  # a help page's own method
        if method in _TEXT and len(call.args) <= _TEXT[method] and not said:
            found.append(f"{path.name}:{call.lineno} {method}")
        if (name == "open" or (method == "open" and not call.args)) and not said and not _binary(call):
            found.append(f"{path.name}:{call.lineno} open")
    return found


@pytest.mark.slow
def test_every_text_is_opened_in_an_encoding_that_is_said() -> None:
    assert [each for path in sorted(SIM.rglob("*.py")) for each in unsaid(path)] == []


def test_what_opens_a_text_unsaid_is_found(tmp_path: Path) -> None:
    path = tmp_path / "slip.py"
    path.write_text("p.read_text()\np.write_text('x')\nopen('x', 'w')\np.open()\n", encoding="utf-8")
    assert len(unsaid(path)) == 4
    path.write_text("p.read_text('utf-8')\nopen('x', 'rb')\np.open(encoding='gbk')\n", encoding="utf-8")
    assert unsaid(path) == []


@pytest.mark.slow
@pytest.mark.parametrize("page", ["cp936", "cp1252", "ascii", "cp437"])
def test_what_is_said_is_utf8_under_any_code_page(page: str, tmp_path: Path) -> None:
    machine = {"PYTHONIOENCODING": page, "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LC_ALL": "C"}
    out = tmp_path / "none.yaml"
    for arguments, code, words in (
        (("list", "regions", "--like", "anyang", "--lang", "zh"), 0, "安阳市"),
        (("validate", str(out), "--lang", "zh"), 2, "没有这个文件"),
    ):
        done = subprocess.run(
            [sys.executable, "-m", "sim", *arguments],
            cwd=ROOT,
            env={**os.environ, **machine},
            capture_output=True,
            check=False,
        )
        assert done.returncode == code, done.stderr
        assert words in (done.stdout + done.stderr).decode("utf-8")
        assert b"Traceback" not in done.stderr
