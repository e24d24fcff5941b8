"""Faults of saved runs: folders that were cut, edited, damaged or are none."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from refusals.fault import Change, Fault, data, edit, folder_there, gone, text
from synthetic import write_run

_RUN = "outputs/made_up/20250101-synthetic"
_META, _RESULTS = f"{_RUN}/run.json", f"{_RUN}/results.nc"
_FIRST = f"{_RUN}/adequacy.csv"


def prepare(folder: Path) -> None:
    """A made-up run in a working folder, with fingerprints as a run states them."""
    from sim.intact import fingerprints, write_meta
    from sim.run_folder import WRITTEN

    run = write_run(folder / "outputs" / "made_up" / "20250101-synthetic", draws=20)
    shutil.rmtree(run / "charts", ignore_errors=True)
    meta = json.loads((run / "run.json").read_text("utf-8")) | {"files": fingerprints(run, WRITTEN)}
    write_meta(run, meta)


def _plot(id_: str, did: str, name: str, change: Change, *says: str) -> Fault:
    args = ("plot", _RUN, "--chart", "demand_beds", "--lang", "en")
    return Fault(f"run-{id_}", did, (name, *says), {name: change}, args)


def _half(path: Path) -> None:
    content = path.read_bytes()
    data(content[: len(content) // 2])(path)


def _flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    data(bytes(content))(path)


FAULTS = [
    _plot(
        "json-cut",
        "has half its run.json",
        _META,
        edit(lambda s: s[: len(s) // 2]),
        "not JSON",
        "run the experiment again",
    ),
    _plot("json-list", "has a list for its run.json", _META, text("[]"), "experiment"),
    _plot("json-empty", "has an empty run.json", _META, data(b""), "JSON"),
    _plot(
        "results-cut", "has half its results.nc", _RESULTS, _half, "not as the run wrote it", "run it again"
    ),
    _plot(
        "results-flipped",
        "has one bit of its results.nc turned over",
        _RESULTS,
        _flipped,
        "not as the run wrote it",
    ),
    _plot("results-text", "has text for its results.nc", _RESULTS, text("no"), "not as the run wrote it"),
    Fault(
        "run-results-gone", "has lost its results.nc", (_RUN, "results.nc"), {_RESULTS: gone}, ("plot", _RUN)
    ),
    Fault(
        "run-results-folder",
        "has a folder for its results.nc",
        (_RUN, "results.nc"),
        {_RESULTS: folder_there},
        ("plot", _RUN),
    ),
    Fault("run-rows-gone", "has lost its verdicts", (_RUN, "adequacy.csv"), {_FIRST: gone}, ("report", _RUN)),
    Fault("run-none", "is no run", ("experiments", "no saved run"), {}, ("plot", "experiments")),
    Fault("run-not-there", "is not there", ("outputs/nowhere",), {}, ("report", "outputs/nowhere")),
    Fault(
        "run-chart",
        "is asked for a chart that there is none of",
        ("demand_bedz", "did you mean"),
        {},
        ("plot", _RUN, "--chart", "demand_bedz"),
    ),
    Fault(
        "run-scenario",
        "is asked for a scenario that it does not have",
        ("refrence", "did you mean"),
        {},
        ("plot", _RUN, "--scenario", "refrence"),
    ),
    Fault(
        "run-region",
        "is asked for a region that it does not have",
        ("'999999'",),
        {},
        ("plot", _RUN, "--region", "999999"),
    ),
    Fault(
        "run-style",
        "is to be drawn in a style that is not there",
        ("nowhere.mplstyle",),
        {},
        ("plot", _RUN, "--style", "nowhere.mplstyle"),
    ),
    Fault(
        "run-revise-p",
        "is to be revised to a probability above 1",
        ("90",),
        {},
        ("revise", _RUN, "--p", "90"),
    ),
    Fault(
        "run-reproduce",
        "is reproduced from a folder that is none",
        ("experiments",),
        {},
        ("reproduce", "experiments"),
    ),
    Fault(
        "run-budget",
        "is asked what less than no money pays for",
        ("--budget", "-1"),
        {},
        ("cost", _RUN, "--budget", "-1"),
    ),
]
