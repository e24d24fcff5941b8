"""Runs mutants: pytest collects once, then each mutant has a process of its own with its code put in.

The tests that execute the changed statement run, cheapest first, until one fails; what they cost together is
limited, so that a mutant takes seconds.
"""

from __future__ import annotations

import csv
import hashlib
import importlib
import os
import pickle
import resource
import signal
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import CodeType
from typing import Any

import pytest
from paths import ROOT, read_rows
from reliability.cover import Cover
from reliability.mutants import RESULTS, Mutant, modules, sample

COLUMNS = ("id", "seed", "line", "was", "is", "outcome", "tests", "equivalent", "why")
LONGEST = 15.0  # seconds of one processor that the tests of a mutant may cost together
_KILLED, _NOT_PUT_IN = 1, 3  # exit codes of a mutant's process
AREAS = ("demography", "burden", "demand", "supply", "adequacy", "params", "drivers", "known", "lifetable")
LAWS = (
    "test_age_grouping.py",
    "test_bounds.py",
    "test_exact.py",
    "test_methods.py",
    "test_edges.py",
    "test_edges_of_arrays.py",
    "test_identities.py",
    "test_named_ways.py",
    "test_national_pattern.py",
    "test_refusals.py",
    "test_order_and_scale.py",
    "test_verdict_edges.py",
    "test_wholes.py",
)


class Runner:
    """Takes the place of pytest's loop over tests."""

    def __init__(self, until: float, rooms: Sequence[str], again: bool, seed: int) -> None:
        self.until, self.rooms, self.again, self.seed = until, rooms, again, seed
        self.passing: set[str] = set()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: Any) -> bool:
        """Cover once, then one mutant after the other."""
        cover = covered(session, [path for room in self.rooms for path in modules(room)])
        items = {item.nodeid: item for item in session.items}
        held = {row["id"]: row for row in read_rows(RESULTS)} if RESULTS.is_file() else {}
        for mutant in sample(self.rooms, self.seed):
            before = held.get(mutant.id)
            wanted = before is not None and before["outcome"] == "survived" and not before["equivalent"]
            if time.monotonic() > self.until or (not wanted if self.again else before is not None):
                continue
            chosen = _chosen(mutant, cover)
            self._pass_unchanged(mutant, [items[name] for name in chosen], session)
            found = outcome(mutant, [items[name] for name in chosen], session)
            kept = {"equivalent": "", "why": "", "seed": self.seed} if before is None else before
            held[mutant.id] = {
                "id": mutant.id,
                "seed": kept["seed"],
                "line": mutant.line,
                "was": mutant.was,
                "is": mutant.changed,
                "outcome": found,
                "tests": len(chosen),
                "equivalent": kept["equivalent"],
                "why": kept["why"],
            }
            said = f"{found}: {mutant.id} line {mutant.line} ({len(chosen)} tests): {mutant.was}"
            session.config.get_terminal_writer().line(f"{said} -> {mutant.changed}", flush=True)
            _keep(held)
        return True

    def _pass_unchanged(self, mutant: Mutant, items: Sequence[Any], session: Any) -> None:
        """Once for a room: where tests fail without any change everything would seem killed."""
        room = mutant.id.partition("/")[0]
        if room in self.passing or not items:
            return
        same = replace(mutant, kind=None)
        if outcome(same, items, session) != "survived":
            raise SystemExit(f"the tests of {mutant.id} fail on the source as it is")
        self.passing.add(room)


def covered(session: Any, files: Sequence[Path]) -> dict[str, Any]:
    """Lines and costs of the collected tests, found in a process of its own, kept while nothing changes."""
    digest = hashlib.sha256(repr(sorted(item.nodeid for item in session.items)).encode())
    for path in sorted([*files, *(p for a in AREAS for p in (ROOT / "tests" / a).rglob("*.py"))]):
        digest.update(path.read_bytes())
    kept = Path(tempfile.gettempdir()) / f"healthplan-cover-{os.getuid()}-{digest.hexdigest()[:16]}.pickle"
    if not kept.is_file():
        said = f"which of {len(session.items)} tests execute which lines ..."
        session.config.get_terminal_writer().line(said, flush=True)
        child = os.fork()
        if child == 0:
            try:
                _cover(session, files, kept)
            finally:
                os._exit(0)
        os.waitpid(child, 0)
    found: dict[str, Any] = pickle.loads(kept.read_bytes())
    return found


def _cover(session: Any, files: Sequence[Path], kept: Path) -> None:
    _quiet()
    cover = Cover(files)
    session.config.pluginmanager.register(cover)
    _run(session.items, session, stop=False)
    for name in cover.failed:  # it would seem to kill every mutant
        cover.lines.pop(name, None)
    kept.write_bytes(pickle.dumps({"lines": cover.lines, "cost": cover.cost}))


def _chosen(mutant: Mutant, cover: dict[str, Any]) -> list[str]:
    """The tests that execute the statement: cheapest first, those of a file together, within LONGEST."""
    lines = {(str(mutant.module.relative_to(ROOT)), line) for line in mutant.lines}
    cost = cover["cost"]
    near = sorted((n for n, found in cover["lines"].items() if found & lines), key=lambda n: cost[n])
    spent, chosen = 0.0, []
    for name in near:
        spent += cost[name]
        if chosen and spent > LONGEST:
            break
        chosen.append(name)
    return sorted(chosen, key=lambda n: (_class(cost[n]), n.partition("::")[0], cost[n]))


def _class(seconds: float) -> int:
    return sum(seconds > bound for bound in (0.03, 0.3, 2.0))


def outcome(mutant: Mutant, items: Sequence[Any], session: Any) -> str:
    """killed or survived, in a process of its own; a test that never ends is a kill."""
    child = os.fork()
    if child == 0:
        _quiet()
        resource.setrlimit(resource.RLIMIT_CPU, (int(4 * LONGEST), int(4 * LONGEST)))
        code = _NOT_PUT_IN
        try:
            put_in(mutant)
            code = _KILLED
            _run(items, session)
            code = _KILLED if session.testsfailed else 0
        finally:
            os._exit(code)
    begun = time.monotonic()
    while time.monotonic() - begun < 20 * LONGEST:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            code = os.waitstatus_to_exitcode(status)
            if code == _NOT_PUT_IN:
                raise SystemExit(f"{mutant.id} could not be put in")
            return "survived" if code == 0 else "killed"
        time.sleep(0.02)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return "killed"


def _run(items: Sequence[Any], session: Any, stop: bool = True) -> None:
    for item, following in zip(items, [*items[1:], None], strict=True):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if stop and session.testsfailed:
            return


def _quiet() -> None:
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)


def put_in(mutant: Mutant) -> None:
    """The changed function in place of the other, wherever it was imported to."""
    parts = mutant.module.relative_to(ROOT).with_suffix("").parts
    module: Any = importlib.import_module(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    new = _codes(compile(mutant.tree, str(mutant.module), "exec"))
    found = module
    for name in mutant.outer.split("."):
        found = vars(found)[name]
    for function in _functions(found):
        function.__code__ = new[mutant.outer]


def _codes(code: CodeType) -> dict[str, CodeType]:
    inner = [c for c in code.co_consts if isinstance(c, CodeType)]
    return {c.co_qualname: c for c in inner} | {n: c for i in inner for n, c in _codes(i).items()}


def _functions(found: Any) -> Iterator[Any]:
    """The function behind a property, a cache or a class method."""
    for name in ("__wrapped__", "__func__", "fget", "func"):
        inner = getattr(found, name, None)
        if inner is not None:
            yield from _functions(inner)
            return
    yield found


def _keep(held: dict[str, dict[str, Any]]) -> None:
    with RESULTS.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(held[name] for name in sorted(held))


def files() -> Iterable[str]:
    """The tests that may kill: of the rooms, and the laws that are quick."""
    for area in AREAS:
        yield from (str(p) for p in sorted((ROOT / "tests" / area).glob("test_*.py")))
    yield from (str(p) for name in LAWS if (p := ROOT / "tests" / "laws" / name).is_file())
    yield str(ROOT / "tests" / "test_whole_run.py")


def run(seconds: float, rooms: Sequence[str], again: bool, seed: int) -> None:
    """Go on for so long."""
    runner = Runner(time.monotonic() + seconds, rooms, again, seed)
    pytest.main(["-q", "-p", "no:cacheprovider", "-m", "not slow", *files()], plugins=[runner])
