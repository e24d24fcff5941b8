"""What `healthplan run` does around a run: progress, the closing table, the exit code."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

from rich.cells import set_cell_size
from rich.console import Console

from sim.catalogue.verdicts import as_bad_as
from sim.commands.options import out_folder
from sim.commands.refusals import spoken
from sim.config import parse_set
from sim.intact import read_meta
from sim.plan.needs import is_need
from sim.run import estimate
from sim.run.cluster import check_address
from sim.run.pool import unsaid
from sim.run.runner import check_stop_rule, with_draws
from sim.run.setup import set_up
from sim.run_folder import run_experiment
from sim.saved.row import Row
from sim.saved.row_table import read


def run_command(
    *,
    experiment: Path,
    out: Path | None,
    draws: int | None,
    seed: int | None,
    workers: int | None,
    settings: Sequence[str],
    scenarios: Sequence[str],
    fail_on: str | None,
    block_draws: int | None,
    until_mcse: float | None,
    known: Sequence[str],
    parts: str | None,
    no_charts: bool,
    dry_run: bool,
    scheduler: str | None,
    lang: str,
    quiet: bool,
) -> int:
    """Run, print the adequacy table and the path; return the exit code."""
    count = workers or os.cpu_count() or 1
    pairs = [parse_set(text) for text in settings]
    changes = {} if parts is None else {"parts": parts}
    given: dict[str, Any] = {"settings": pairs, "scenarios": scenarios, "known": known}
    setup = set_up(experiment, **given, changes=changes, workers=count)
    setup = with_draws(setup, draws, seed)
    folder = out_folder(out, setup.root)
    options: dict[str, Any] = {"workers": count}
    if block_draws is not None:
        options["block_draws"] = block_draws
    if until_mcse is not None:
        check_stop_rule(setup, until_mcse)
    if scheduler is not None:
        check_address(scheduler)
    if dry_run:
        print(spoken(estimate.estimate(setup, options["workers"]), lang))
        return 0
    with _executor(scheduler) as executor:
        progress = None if quiet else Lines(sys.stderr, lang)
        path = run_experiment(
            setup,
            folder,
            progress=progress,
            executor=executor,
            charts=not no_charts,
            lang=lang,
            phase=unsaid if progress is None else progress.phase,
            until_mcse=until_mcse,
            **options,
        )
    rows = [] if quiet and fail_on is None else read(path)
    if not quiet:
        print(closing_text(path, rows, lang))
    print(path)
    return _exit_code(rows, fail_on)


def closing_text(path: Path, rows: Sequence[Row], lang: str) -> str:
    """The table, the summary and, on a terminal, what to do next."""
    from sim.report import adequacy_text, known_text, outside_text, parts_text, summary_text
    from sim.saved.run import titles_of

    meta = read_meta(path / "run.json")
    precision = meta["precision"]
    draws, titles = precision["draws"], titles_of(meta)
    text = adequacy_text(rows, lang, draws=draws, fewest=precision["fewest_draws"], titles=titles)
    outside = outside_text(meta.get("central_outside_band", []), lang, draws, precision["fewest_draws"])
    whole = sys.stdout.isatty()
    places = {str(r["code"]): str(r[f"name_{lang}"]) for r in meta["regions"]}
    how: dict[str, Any] = {"draws": draws, "titles": titles, "places": places, "whole": whole}
    summary = summary_text(rows, lang, folder=path, **how)
    counted = known_text(meta.get("known", []), "en" if lang == "en" else "zh")
    parts = parts_text(meta, "en" if lang == "en" else "zh")
    return "\n".join(
        part for part in (text, outside, counted, parts, "" if not text else " ", summary) if part
    )


def _executor(scheduler: str | None) -> AbstractContextManager[Any]:
    if scheduler is None:
        return nullcontext(None)
    from sim.run.cluster import cluster

    return cluster(scheduler)


def _exit_code(rows: Sequence[Row], fail_on: str | None) -> int:
    """1 if an indicator of the plan is that bad; what it asks without a target does not count."""
    bad = as_bad_as(fail_on) if fail_on else frozenset()
    set_by_plan = [row for row in rows if not is_need(row.indicator_id)]
    return int(any(row.verdict in bad for row in set_by_plan))


_PHASES = {"tables": ("表", "tables"), "charts": ("图与工作簿", "charts and workbook")}


def _block(label: str) -> str:
    """A block's name in Chinese: reference/410500 draws 0..4 as reference/410500 抽样 0..4."""
    for en, zh in ((" and ", " 及 "), (" parts, ", " 个组成部分，"), ("draws ", "抽样 "), ("runs ", "运行 ")):
        label = label.replace(en, zh)
    return label


class Lines:
    """Progress to the end: one moving line with the time left on a terminal, plain lines elsewhere."""

    def __init__(self, stream: Any, lang: str = "en") -> None:
        self._stream = stream
        self._zh = lang == "zh"
        self._start = time.monotonic()
        self._terminal = stream.isatty() and not Console(file=stream).is_dumb_terminal
        self._first: int | None = None

    def __call__(self, done: int, total: int, label: str) -> None:
        """Show that `done` of `total` blocks are finished."""
        label = _block(label) if self._zh else label
        if self._first is None:
            self._first = done - 1  # blocks found from an earlier try took no time
        spent = time.monotonic() - self._start
        left = spent / max(done - self._first, 1) * (total - done)
        if self._terminal:
            text = f"约剩 {left:.0f} 秒" if self._zh else f"{left:5.0f} s left"
            self._bar(done, total, f"{text}  {label}")
        elif self._zh:
            self._stream.write(f"第 {done}/{total} 块，约剩 {left:.0f} 秒：{label}\n")
        else:
            self._stream.write(f"block {done}/{total}, about {left:.0f} s left: {label}\n")
        self._stream.flush()

    def phase(self, name: str, done: int, total: int) -> None:
        """Show how far a phase after the projection is: its first word, then its parts."""
        zh, en = _PHASES.get(name, (name, name))
        word = zh if self._zh else en
        if self._terminal:
            self._bar(done, total, word)
        elif done == 0:
            self._stream.write(f"{word} ...\n")
        elif done == total:
            spent = time.monotonic() - self._start
            self._stream.write(
                f"{word}：完成，共 {spent:.0f} 秒\n" if self._zh else f"{word}: done, {spent:.0f} s in all\n"
            )
        self._stream.flush()

    def _bar(self, done: int, total: int, text: str) -> None:
        """One moving line, as wide as half a narrow terminal and its text."""
        bar = "#" * round(20 * done / total)
        room = max(shutil.get_terminal_size((80, 24)).columns - 34, 12)
        shown = set_cell_size(text, room)
        self._stream.write(f"\r[{bar:<20}] {done}/{total}  {shown}" + ("\n" if done == total else ""))
