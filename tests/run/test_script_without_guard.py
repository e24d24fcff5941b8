"""A script that starts workers without a guard is told so: each worker imports it again."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from paths import ROOT

SCRIPT = """
from sim.run.pool import mapped

{guard}print(list(mapped(abs, [-1, -2], 2)))
"""
HINT = 'in a script, start it below if __name__ == "__main__":'


@pytest.mark.slow
@pytest.mark.parametrize("guard", ["", 'if __name__ == "__main__": '], ids=["without", "with"])
def test_a_script_without_a_guard_is_told(tmp_path: Path, guard: str):
    script = tmp_path / "mine.py"
    script.write_text(SCRIPT.format(guard=guard), encoding="utf-8")
    ended = subprocess.run(
        [sys.executable, script], cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True
    )
    assert (HINT in ended.stderr) == (not guard), ended.stderr
    assert ("[1, 2]" in ended.stdout) == bool(guard), ended.stdout
