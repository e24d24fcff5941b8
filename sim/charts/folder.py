"""Charts of any saved folder: a run, a run that was stressed, a sweep, a backtest."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.argument_kinds import looked_at
from sim.catalogue.language import LANGS, Lang, label
from sim.charts.backtest import draw_backtest
from sim.charts.draw import chart_lines, draw_charts
from sim.charts.hospital import HOSPITAL, HOSPITAL_LINES, draw_hospital, stressed
from sim.charts.letters import places
from sim.charts.sweep import draw_sweep, sweep_lines
from sim.errors import ConfigError, fault
from sim.intact import RESULTS

BACKTEST = ("回溯检验：预测与其后观测", "Backtest: what was projected and what came")


@looked_at
def plot_folder(folder: Path, names: Sequence[str] = (), **options: Any) -> list[Path]:
    """Draw the charts of a folder, or those named; returns the files written.

    options: as of draw_charts. A sweep's charts are named by output, a backtest has one chart for
    each region, a stressed run the hospital's beside its own.
    Raises ConfigError for a folder that holds neither.
    """
    folder = Path(folder)
    kind = _kind(folder)
    if kind == "sweep":
        return draw_sweep(folder, list(names) or None, **options)
    if kind == "backtest":
        scenario = options.pop("scenario", None)
        if scenario is not None or any(name != "backtest" for name in names):
            wrong = scenario if scenario is not None else ", ".join(names)
            raise ConfigError(fault(str(folder), f"a backtest has no {wrong!r}", "leave it out"))
        return draw_backtest(folder, **options)
    hospital = [name for name in names if name in HOSPITAL]
    others = [name for name in names if name not in HOSPITAL]
    written: list[Path] = []
    if others or not names:
        written += draw_charts(folder, others or None, **options)
    if hospital or (not names and stressed(folder)):
        fit = {key: options[key] for key in ("lang", "fmt", "subtitle", "style") if key in options}
        title = options.get("title")
        written += draw_hospital(folder, names=hospital or None, title=title, **fit)
    return written


def list_folder(folder: Path, lang: str) -> str:
    """A line for each chart that `plot` can draw: its name, and what it shows."""
    language: Lang = "en" if lang == "en" else "zh"
    assert lang in LANGS
    kind = _kind(folder)
    if kind == "sweep":
        lines = sweep_lines(folder, language)
    elif kind == "backtest":
        lines = [("backtest", label(*BACKTEST, language))]
    else:
        lines = chart_lines(folder, language)
        if stressed(folder):
            lines += [(name, label(*HOSPITAL_LINES[name], language)) for name in HOSPITAL]
    wide = max((places(name) for name, _ in lines), default=0)
    return "\n".join(f"{name}{' ' * (wide - places(name))}  {text}" for name, text in lines)


def _kind(folder: Path) -> str:
    if (folder / "run.json").is_file():
        return "run"
    if (folder / "sweep.json").is_file():
        return "sweep"
    if (folder / "backtest.csv").is_file():
        return "backtest"
    if (folder / RESULTS).is_file():
        return "run"  # what it lacks is said where it is opened
    wrong = "is no saved run, sweep or backtest" if folder.is_dir() else "no such folder"
    remedy = "give outputs/<experiment>/<run_id>, .../sweep-<id> or .../backtest-<id>"
    raise ConfigError(fault(str(folder), wrong, remedy))
