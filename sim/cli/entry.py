"""From the terminal to a command, and what a user reads where it fails."""

from __future__ import annotations

import atexit
import errno
import gc
import os
import signal
import sys
import threading
from types import FrameType

import click

from sim.catalogue.language import Lang, label
from sim.cli.call import check_letters
from sim.cli.root import cli
from sim.commands.help import language, speaking
from sim.commands.refusals import refusal, spoken, wrong_call
from sim.errors import RunError, SimError, Stopped

_COLLECT = (200_000, 20, 50)  # objects between two searches for garbage: a command makes many and ends soon
_NO_PATH = (errno.ENAMETOOLONG, errno.ELOOP)  # such a path cannot be: the call is wrong, not the run


def main() -> None:
    """Entry point: errors for users as one text, exit code 2 (input) or 3 (run)."""
    gc.set_threshold(*_COLLECT)
    atexit.register(gc.freeze)  # what is left at the end goes with the process: a third of a second saved
    _prepare_streams()
    said_to = sys.stdout
    lang: Lang = "zh"
    try:
        _heed_sigterm()
        lang = language()
        check_letters(sys.argv[1:])
        speaking(cli)(standalone_mode=False, prog_name="healthplan")
    except (click.exceptions.Abort, KeyboardInterrupt) as error:
        click.echo(_stopped(error, lang), err=True)
        sys.exit(3)
    except click.ClickException as error:
        click.echo(wrong_call(error, lang), err=True)
        sys.exit(2)
    except RunError as error:
        click.echo(spoken(f"run failed:\n{error}", lang), err=True)
        sys.exit(3)
    except SimError as error:
        click.echo(refusal(error, lang), err=True)
        sys.exit(2)
    except BrokenPipeError:  # the reader of a pipe, such as `head`, has seen enough
        sys.stdout = None
        sys.exit(0)
    except SystemExit:
        if sys.stdout is not said_to:  # click wraps it for such a pipe and ends with 1: a short plan
            sys.exit(0)
        raise
    except OSError as error:
        place = f"{error.filename} | " if error.filename else ""
        remedy = _remedy(error, lang)
        failed = label("运行失败：", "run failed:", lang)
        click.echo(f"{failed}\n{place}{error.strerror or error} | {remedy}", err=True)
        sys.exit(2 if error.errno in _NO_PATH else 3)
    except Exception as error:  # Python's own exit code, 1, would mean "the plan is short"
        import traceback

        traceback.print_exc()
        failed = label("healthplan 自身出错", "healthplan itself failed", lang)
        click.echo(f"{failed}: {type(error).__name__}: {error}", err=True)
        sys.exit(3)


def _stopped(error: BaseException, lang: Lang) -> str:
    """What becomes of the work of a command that was told to end; click hands its Ctrl-C on as a cause."""
    stop = error if isinstance(error, Stopped) else error.__cause__
    if isinstance(stop, Stopped) and stop.keeps:
        zh = "已停止；已算完的部分已保留，再次运行同一命令即可接着算"
        return label(zh, "stopped; what was computed is kept: the same command goes on from there", lang)
    zh = "已停止；未完成的部分不保留，再次运行同一命令将从头开始"
    return label(zh, "stopped; what was not finished is not kept: the same command begins anew", lang)


def _prepare_streams() -> None:
    """What is said is UTF-8 whatever the code page; where nobody listens (`>&-`, pythonw) it goes nowhere."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))
        stream = getattr(sys, name)
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


def _remedy(error: OSError, lang: Lang) -> str:
    """What to do about a file that the system does not give or take."""
    if error.errno == errno.EROFS:
        zh = "该处只读：请把文件夹复制到可写的磁盘上再用"
        return label(zh, "it may only be read: copy the folder to a disk of your own", lang)
    if isinstance(error, PermissionError) or error.errno == errno.EBUSY:
        zh = "若已在 Excel 或 WPS 中打开，请关闭；否则请检查路径和权限"
        return label(zh, "close it if Excel or WPS holds it, else check the path and its permissions", lang)
    if "temporary directory" in (error.strerror or ""):  # of Python itself: nowhere may one be made
        zh = "请把 TMPDIR（Windows 为 TEMP）设为可写且有空间的文件夹"
        return label(zh, "set TMPDIR (Windows: TEMP) to a folder that can be written to and has room", lang)
    return label("请检查路径、权限和剩余空间", "check the path, its permissions and the free space", lang)


def _heed_sigterm() -> None:
    """A command that is told to end (kill, shutdown, a queue's time limit) ends as by Ctrl-C."""
    own = os.getpid()

    def told(number: int, frame: FrameType | None) -> None:
        if os.getpid() != own:  # a process forked from it
            os._exit(128 + number)
        raise KeyboardInterrupt

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, told)
