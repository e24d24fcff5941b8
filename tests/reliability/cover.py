"""Which tests execute which lines of the science core, and what each costs: a plugin of pytest.

Lines of a fixture count for every test that has it, at what it took to make once.
"""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from collections.abc import Generator, Iterable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from paths import ROOT

Line = tuple[str, int]
"""(file, line)"""


class Cover:
    """Traces some files while tests run."""

    def __init__(self, files: Iterable[Path]) -> None:
        self.files = {str(path): str(path.relative_to(ROOT)) for path in files}
        self.lines: dict[str, set[Line]] = {}
        """Test -> lines."""
        self.cost: dict[str, float] = {}
        """Test -> seconds of one processor, its fixtures included."""
        self.failed: list[str] = []
        self._now: set[Line] = set()
        self._fixtures: dict[Any, set[Line]] = defaultdict(set)
        self._seconds: dict[Any, float] = defaultdict(float)
        self._spent = 0.0
        self._used: list[Any] = []

    def _trace(self, frame: FrameType, event: str, arg: object) -> Any:
        if frame.f_code.co_filename not in self.files:
            return None
        name = self.files[frame.f_code.co_filename]

        def within(frame: FrameType, event: str, arg: object) -> Any:
            if event == "line":
                self._now.add((name, frame.f_lineno))
            return within

        return within

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: Any, nextitem: Any) -> Generator[None, object, object]:
        """One test."""
        self._now, self._spent, begun, self._used = set(), 0.0, time.process_time(), []
        sys.settrace(self._trace)
        try:
            return (yield)
        finally:
            sys.settrace(None)
            seconds = time.process_time() - begun - self._spent
            for fixture in self._used:
                self._now |= self._fixtures[fixture]
                seconds += self._seconds[fixture]
            self.lines[item.nodeid], self.cost[item.nodeid] = self._now, seconds

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_teardown(self, item: Any) -> None:
        """The fixtures of a test, told while it has them."""
        self._used = list(item._request._fixture_defs.values())

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any, request: Any) -> Generator[None, object, object]:
        """One fixture."""
        before, self._now, begun = self._now, set(), time.process_time()
        try:
            return (yield)
        finally:
            self._fixtures[fixturedef] |= self._now
            seconds = time.process_time() - begun
            self._seconds[fixturedef] = max(seconds, self._seconds[fixturedef])
            self._spent += seconds
            self._now = before

    def pytest_runtest_logreport(self, report: Any) -> None:
        """A test that fails without any change kills nothing."""
        if report.failed:
            self.failed.append(report.nodeid)
