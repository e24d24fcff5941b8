"""`healthplan --help` beside a Python that does nothing."""

from __future__ import annotations

import subprocess
import sys

from sim.evidence import performance as perf

MOST_SECONDS = 0.3


def test_help(benchmark: object):
    seconds = benchmark.pedantic(perf.start_up, rounds=1)  # type: ignore[attr-defined]
    nothing = perf.best(lambda: subprocess.run([sys.executable, "-c", ""], check=True))
    benchmark.extra_info["bare_python_s"] = round(nothing, 3)  # type: ignore[attr-defined]
    assert seconds - nothing < MOST_SECONDS
