"""A process forked early loads modules for the jobs that come: what they find, and how it ends."""

from __future__ import annotations

import ast
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from sim.run import apart

BEGIN = """
import os, signal, sys, threading, time
from functools import partial
from pathlib import Path
from sim.run import apart

def told(done, total):
    print("told", done, total)

def there(path=None):
    return "colorsys" in sys.modules, os.getpid()

def fail():
    raise OSError(28, "No space left on device")

def die():
    os.kill(os.getpid(), signal.SIGKILL)
"""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux alone")


def ran(code: str) -> list[str]:
    """Lines that a process of its own prints, which has one thread as a command has."""
    whole = BEGIN + textwrap.dedent(code)
    done = subprocess.run(
        [sys.executable, "-c", whole], capture_output=True, text=True, timeout=60, check=True
    )
    assert not done.stderr
    return done.stdout.splitlines()


def alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_jobs_have_what_was_loaded_and_the_command_has_not():
    *said, found, own = ran(
        """
        apart.load(["colorsys"])
        found = apart.done([there, partial(there, "x")], 2, told)
        print([loaded for loaded, process in found], os.getpid() in [process for loaded, process in found])
        print(there()[0])
        """
    )
    assert (found, own) == ("[True, True] False", "False")
    assert said == ["told 0 2", "told 1 2", "told 2 2"]


def test_what_a_job_raises_or_what_killed_it_is_raised_here():
    lines = ran(
        """
        for wrong in (fail, die):
            apart.load(["colorsys"])
            try:
                apart.done([wrong, there], 2, lambda *_: None)
            except Exception as error:
                print(type(error).__name__, error)
        apart.load(["colorsys"])
        os.kill(apart._waiting[0][0], signal.SIGKILL)
        time.sleep(0.5)
        try:
            apart.done([there, there], 2, lambda *_: None)
        except Exception as error:
            print(type(error).__name__, error)
        apart.load(["no_such_module"])
        try:
            apart.done([there, there], 2, lambda *_: None)
        except ImportError as error:
            print(error)
        """
    )
    killed = "RunError tables and charts | a process was killed (out of memory?) | try --workers 1"
    full = "OSError [Errno 28] No space left on device"
    assert lines == [full, killed, killed, "No module named 'no_such_module'"]


def test_a_process_that_has_threads_is_not_forked_and_does_the_jobs_all_the_same():
    lines = ran(
        """
        wait = threading.Event()
        threading.Thread(target=wait.wait).start()
        apart.load(["colorsys"])
        wait.set()
        print(apart._waiting, [loaded for loaded, _ in apart.done([there, there], 1, lambda *_: None)])
        """
    )
    assert lines == ["[] [False, False]"]


CHILD = """
def last(path):
    path.with_suffix(".part").write_text(str(os.getpid()))
    path.with_suffix(".part").rename(path)
    time.sleep(60)

apart.load(["colorsys"])
print(Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().strip(), flush=True)
"""


@pytest.mark.parametrize("how", ["ends", "is killed", "is killed at its jobs"])
def test_it_ends_with_the_command(how: str, tmp_path: Path):
    jobs = f"apart.done([partial(last, Path({str(tmp_path / 'job')!r})), there], 2, lambda *_: None)"
    then = {"ends": "", "is killed": "time.sleep(60)", "is killed at its jobs": jobs}[how]
    end = time.monotonic() + 30
    with subprocess.Popen(
        [sys.executable, "-c", BEGIN + CHILD + then], stdout=subprocess.PIPE, text=True
    ) as command:
        assert command.stdout is not None
        begun = [int(command.stdout.readline())]
        if how != "ends":
            assert alive(begun[0])
        if how.endswith("jobs"):
            while not (tmp_path / "job").exists():
                assert time.monotonic() < end
                time.sleep(0.01)
            begun.append(int((tmp_path / "job").read_text()))
            assert alive(begun[1])
        if how != "ends":
            command.send_signal(signal.SIGKILL)
        while any(map(alive, begun)):
            assert time.monotonic() < end
            time.sleep(0.01)


def test_what_is_at_work_is_ended_before_an_interrupted_command_goes_on(tmp_path: Path):
    code = f"""
def draw(path):
    path.with_suffix(".begun").touch()
    time.sleep(1)
    path.touch()

apart.load(["colorsys"])
try:
    apart.done([partial(draw, Path({str(tmp_path / "chart")!r})), there], 2, lambda *_: None)
except KeyboardInterrupt:
    print(os.listdir({str(tmp_path)!r}))
"""
    with subprocess.Popen([sys.executable, "-c", BEGIN + code], stdout=subprocess.PIPE, text=True) as command:
        end = time.monotonic() + 30
        while not (tmp_path / "chart.begun").exists():
            assert time.monotonic() < end
            time.sleep(0.01)
        command.send_signal(signal.SIGINT)
        said, _ = command.communicate(timeout=30)
    assert sorted(ast.literal_eval(said)) == ["chart", "chart.begun"]


def test_nothing_is_begun_where_nothing_was_loaded():
    assert apart.done([os.getpid], 1, lambda *_: None) == [os.getpid()]
