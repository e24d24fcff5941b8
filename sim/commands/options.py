"""What the terminal hands to each command, by type: click's options, checked against the command.

click fills these by name (`cli.py`); a test holds each option's name and type against them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypedDict

from sim.catalogue.language import Lang
from sim.errors import ConfigError, fault
from sim.folders import usable


def out_folder(out: Path | None, root: Path) -> Path:
    """Where run folders go: as asked, else `outputs` of the working folder.

    Raises ConfigError, before anything is computed, where no folder can be made there.
    """
    folder = usable(root / "outputs" if out is None else out, "--out")
    if (root / "parameters").resolve() in (p.resolve() for p in (folder, *folder.absolute().parents)):
        wrong = "lies among the parameters, which every run reads"
        raise ConfigError(fault(f"--out {folder}", wrong, "give a folder beside them, such as outputs"))
    return folder


class Computing(TypedDict):
    """What `run` and `sweep` share."""

    experiment: Path
    out: Path | None
    seed: int | None
    workers: int | None
    settings: Sequence[str]
    scenarios: Sequence[str]
    scheduler: str | None
    no_charts: bool
    dry_run: bool
    lang: str
    quiet: bool


class RunOptions(Computing):
    """Of `healthplan run`."""

    draws: int | None
    fail_on: str | None
    block_draws: int | None
    until_mcse: float | None
    known: Sequence[str]
    parts: str | None


class SweepOptions(Computing):
    """Of `healthplan sweep`."""

    method: str | None
    over: Sequence[str]
    of: Sequence[str]
    n: int | None
    groups: Sequence[str]


class DiscoverOptions(TypedDict):
    """Of `healthplan discover`, the run folder apart."""

    indicator: str
    year: int | None
    scenario: str | None
    region: str | None
    boxes: int
    lang: str


class StressOptions(TypedDict):
    """Of `healthplan stress`."""

    run_folder: Path
    years: Sequence[int]
    surge: str | None
    replications: int | None
    no_charts: bool
    scenario: str | None
    seed: int | None
    workers: int | None
    lang: str
    quiet: bool


class ReviseOptions(TypedDict):
    """Of `healthplan revise`, the run folder apart."""

    probabilities: Sequence[float]
    scenario: str | None
    lang: str


class ReportOptions(TypedDict):
    """Of `healthplan report`, the run folder apart."""

    to: str
    scenario: str | None
    region: str | None
    lang: str


class ExplainOptions(TypedDict):
    """Of `healthplan explain`, the run folder, indicator and year apart."""

    scenario: str | None
    region: str | None
    lang: str


class RegionOptions(TypedDict):
    """Of `healthplan region new`, the table apart."""

    name: str
    name_en: str | None
    parent: str
    code: str | None
    encoding: str
    sheet: str | None
    unit: str
    thousands: bool
    urban: int | None
    known: Path | None
    lang: str


class CompareOptions(TypedDict):
    """Of `healthplan compare`, the run folders apart."""

    year: int | None
    scenario: str | None
    region: str | None
    html: bool
    lang: str


class BacktestOptions(TypedDict):
    """Of `healthplan backtest`."""

    experiment: Path
    fit_to: int
    score_to: int
    regions: Sequence[str]
    know: Sequence[str]
    draws: int | None
    lang: str
    out: Path | None
    no_charts: bool


class ProposeOptions(TypedDict):
    """Of `healthplan propose`."""

    region: str
    year: int
    to: int | None
    now: int
    p: float
    name: str | None
    out: Path | None
    draws: int
    seed: int | None
    workers: int | None
    settings: Sequence[str]
    lang: Lang
    quiet: bool
