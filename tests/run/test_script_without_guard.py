"""A script that starts workers without a guard is told so where each worker imports it again."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from paths import ROOT

SCRIPT = """
import threading, time
from sim.run.pool import mapped

{thread}
{guard}print(list(mapped(abs, [-1, -2], 2)))
"""
THREAD = "threading.Thread(target=time.sleep, args=(60,), daemon=True).start()"
GUARD = 'if __name__ == "__main__": '
HINT = 'in a script, start it below if __name__ == "__main__":'


@pytest.mark.slow
@pytest.mark.parametrize("guard", ["", GUARD], ids=["without", "with"])
@pytest.mark.parametrize("thread", ["", THREAD], ids=["alone", "beside a thread"])
def test_a_script_without_a_guard_is_told(tmp_path: Path, guard: str, thread: str):
    script = tmp_path / "mine.py"
    script.write_text(SCRIPT.format(guard=guard, thread=thread), encoding="utf-8")
    ended = subprocess.run(
        [sys.executable, script], cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True
    )
    forked = sys.platform == "linux" and not thread  # the worker has the script as it is
    assert (HINT in ended.stderr) == (not guard and not forked), ended.stderr
    assert ("[1, 2]" in ended.stdout) == bool(guard or forked), ended.stdout
