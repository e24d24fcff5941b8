"""What `healthplan backtest` does around backtests: regions, the table, the folder, the chart."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from sim.commands.listed_words import worded
from sim.commands.options import out_folder
from sim.commands.plain_table import table
from sim.commands.run import Lines
from sim.evidence import backtest as bt
from sim.run.runner import with_draws
from sim.run.setup import Setup, set_up
from sim.store import RunFolder
from sim.textfile import pick
from sim.writing import write_rows


def backtest_command(
    experiment: Path,
    fit_to: int,
    score_to: int,
    regions: Sequence[str],
    know: Sequence[str],
    draws: int | None,
    lang: str,
    out: Path | None,
    no_charts: bool,
) -> int:
    """Backtest an experiment's regions, print the scores and the folder; return the exit code."""
    setup = with_draws(set_up(experiment), draws)
    known = [] if "nothing" in know else list(dict.fromkeys(know))
    told = Lines(sys.stderr, lang)
    chosen = [region for region in setup.regions if region.code in _chosen(setup, regions)]
    found = []
    for region in chosen:
        found.append(bt.backtest(setup, region, fit_to, score_to, known))
        told(len(found), len(chosen), region.code)
    folder = RunFolder(
        out_folder(out, setup.root) / setup.experiment.name, _id(setup, fit_to, score_to, known)
    )
    try:
        _write(found, folder.path)
        if not no_charts:
            from sim.charts.backtest import draw_backtest

            draw_backtest(folder.path, lang=lang)
        final = folder.publish()
    except BaseException:
        folder.discard()
        raise
    summary = list(chain.from_iterable(map(bt.summary_rows, found)))
    print(table(*worded(bt.SUMMARY_COLUMNS, summary, lang)))
    print(final)
    return 0


def _chosen(setup: Setup, wanted: Sequence[str]) -> set[str]:
    codes = [r.code for r in setup.regions]
    return {pick("--region", code, codes, "the experiment") for code in wanted or codes}


def _write(found: Sequence[bt.Backtest], folder: Path) -> None:
    every = chain.from_iterable
    write_rows(folder / "backtest.csv", bt.COLUMNS, every(map(bt.rows, found)))
    write_rows(folder / "series.csv", bt.SERIES_COLUMNS, every(map(bt.series_rows, found)))
    write_rows(folder / "fit.csv", bt.FIT_COLUMNS, every(map(bt.fit_rows, found)))
    columns = ("code", "name_zh", "name_en")
    write_rows(folder / "regions.csv", columns, (b.region.labels for b in found))


def _id(setup: Setup, fit_to: int, score_to: int, know: Sequence[str]) -> str:
    hashes = {
        "|".join(k): {n: p.hash for n, p in v.items() if n.startswith(_TOPICS)}
        for k, v in setup.parameters.items()
    }
    text = json.dumps([fit_to, score_to, list(know), hashes], sort_keys=True)
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    return f"backtest-{fit_to}-{score_to}-{datetime.now(UTC):%Y%m%d-%H%M%S}-{digest}"


_TOPICS = ("population.", "mortality.", "fertility.", "migration.", "observation.")
