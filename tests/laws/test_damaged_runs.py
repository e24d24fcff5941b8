"""A run that is not as it was written is told by no command: all that read one x all that can be damaged."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from document.edit import copied
from working_folder import run_cli

from sim.intact import RUN_FORMAT

COMMANDS: dict[str, tuple[str, ...]] = {
    "report": (),
    "report --to html": ("--to", "html"),
    "report --to xlsx": ("--to", "xlsx"),
    "compare": ("{whole}",),
    "compare with it": (),
    "explain": ("gps_per_10000",),
    "plot": ("--chart", "population_fan"),
    "plot --list": ("--list",),
    "revise": (),
    "cost": (),
    "review": ("--known", "{known}"),
    "stress": ("--replications", "2", "--no-charts"),
    "discover": ("--indicator", "gps_per_10000"),
}
"""What follows the folder on the command line."""
KNOWN = """\
indicator,year,value,unit,source,quality
births,2023,31000,persons,Statistical communique 2023,A
"""
REWRITES = {"revise": "revise.csv"}  # what a command writes anew it may miss


def _call(command: str, damaged: Path, whole: Path) -> tuple[int, str]:
    """Exit code and all that was said."""
    known = whole.parent / "known.csv"
    known.write_text(KNOWN, encoding="utf-8")
    rest = [word.format(whole=whole, known=known) for word in COMMANDS[command]]
    folders = [str(whole), str(damaged)] if command == "compare with it" else [str(damaged)]
    done = run_cli(command.split()[0], *folders, *rest, "--lang", "en")
    return done.code, done.out + done.err


def _write(path: Path, **new: object) -> None:
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | new), encoding="utf-8")


def _drop(folder: Path, key: str) -> None:
    """run.json without a key."""
    meta = json.loads((folder / "run.json").read_text("utf-8"))
    del meta[key]
    (folder / "run.json").write_text(json.dumps(meta), encoding="utf-8")


def _cell(path: Path) -> None:
    """Another last cell in the table's last line; a first line of a table without any."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    rows = rows if len(rows) > 1 else [*rows, [""] * len(rows[0])]
    rows[-1][-1] += "1"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def _foreign(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()
    (folder / "notes.csv").write_text("a,b\n1,2\n", encoding="utf-8")


DAMAGES: dict[str, tuple[Callable[[Path], None], str]] = {
    "older": (lambda f: _write(f / "run.json", format=RUN_FORMAT - 1), "older version"),
    "of the first version": (lambda f: _write(f / "run.json", format=None), "older version"),
    "newer": (lambda f: _write(f / "run.json", format=RUN_FORMAT + 1), "newer version"),
    "foreign": (_foreign, ""),
    "not there": (shutil.rmtree, ""),
    "results.nc cut": (lambda f: _cut(f / "results.nc"), "results.nc | is not as the run wrote it"),
    "results.nc flipped": (lambda f: _flip(f / "results.nc"), "results.nc | is not as the run wrote it"),
    "run.json cut": (lambda f: _cut(f / "run.json"), "not JSON"),
    "run.json without fingerprints": (lambda f: _write(f / "run.json", files={}), "states no file"),
    "run.json edited": (
        lambda f: _write(f / "run.json", seed=12345),
        "run.json | is not as the run wrote it",
    ),
    "run.json without its seal": (
        lambda f: _drop(f, "seal"),
        "run.json | has no seal: edited, or of an older",
    ),
    "run.json edited and unsealed": (
        lambda f: _write(f / "run.json", seed=12345) or _drop(f, "seal"),
        "run.json | has no seal",
    ),
    "run.json of a list": (lambda f: (f / "run.json").write_text("[]") and None, "experiment"),
}


@pytest.fixture(scope="module")
def whole(small_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copied(small_run, tmp_path_factory.mktemp("damaged"))


def tables(folder: Path) -> list[str]:
    """Every file of data in a run's folder."""
    return sorted(p.name for p in folder.iterdir() if p.suffix in (".csv", ".json", ".nc"))


def _refused(whole: Path, folder: Path, say: str, file: str = "") -> list[str]:
    """Commands that do not refuse the folder with these words and a remedy."""
    wrong = []
    before = {p.name: p.stat().st_mtime_ns for p in folder.iterdir()} if folder.is_dir() else {}
    for command in COMMANDS:
        if file and REWRITES.get(command) == file:
            continue
        code, said = _call(command, folder, whole)
        flat = " ".join(said.split())
        if code != 2 or say not in flat or " | " not in flat or "Traceback" in said:
            wrong.append(f"{command}: exit {code}: {said[-300:]}")
    after = {p.name: p.stat().st_mtime_ns for p in folder.iterdir()} if folder.is_dir() else {}
    return wrong + [f"wrote into it: {sorted(after.keys() ^ before.keys())}"] * (after != before)


def test_run_json_states_every_file_of_data(whole: Path) -> None:
    stated = json.loads((whole / "run.json").read_text("utf-8"))["files"]
    assert sorted([*stated, "run.json"]) == tables(whole)


@pytest.mark.sampled(4)
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_run_is_refused_by_every_command(damage: str, whole: Path, tmp_path: Path) -> None:
    folder = copied(whole, tmp_path)
    how, say = DAMAGES[damage]
    how(folder)
    assert _refused(whole, folder, say or str(folder)) == []


EVERY = pytest.mark.parametrize(
    "names", [("adequacy.csv",), pytest.param((), marks=pytest.mark.slow)], ids=["one", "each"]
)
"""One table for each test run; each file of a run takes long."""


@pytest.mark.slow
@EVERY
def test_a_lost_file_is_named_by_every_command(names: tuple[str, ...], whole: Path, tmp_path: Path) -> None:
    wrong = []
    for name in names or tables(whole):
        folder = copied(whole, tmp_path / name)
        (folder / name).unlink()
        wrong += [f"{name}: {line}" for line in _refused(whole, folder, f"{name} | is not there", name)]
    assert wrong == []


@EVERY
def test_a_changed_cell_is_named_by_every_command(
    names: tuple[str, ...], whole: Path, tmp_path: Path
) -> None:
    wrong = []
    for name in names or (n for n in tables(whole) if n.endswith(".csv")):
        folder = copied(whole, tmp_path / name)
        _cell(folder / name)
        said = f"{name} | is not as the run wrote it (SHA-256)"
        wrong += [f"{name}: {line}" for line in _refused(whole, folder, said, name)]
    assert wrong == []


def test_all_that_is_wrong_is_told_at_once(whole: Path, tmp_path: Path) -> None:
    folder = copied(whole, tmp_path)
    (folder / "audit.csv").unlink()
    _cell(folder / "timeseries.csv")
    code, said = _call("cost", folder, whole)
    assert code == 2
    assert "audit.csv | is not there" in said
    assert "timeseries.csv | is not as" in said


@pytest.mark.slow
def test_revise_states_what_it_wrote_and_mends_a_lost_table(whole: Path, tmp_path: Path) -> None:
    folder = copied(whole, tmp_path)
    (folder / "revise.csv").unlink()
    code, said = _call("report", folder, whole)
    assert code == 2
    assert "healthplan revise RUN" in said
    assert _call("revise", folder, whole)[0] == 0
    assert (folder / "revise.csv").read_bytes() == (whole / "revise.csv").read_bytes()
    again = [*COMMANDS["revise"], "--p", "0.7"]
    assert run_cli("revise", folder, *again).code == 0
    assert _call("report", folder, whole)[0] == 0


@pytest.mark.slow
def test_what_was_put_beside_a_run_is_held_too(whole: Path, tmp_path: Path) -> None:
    """The tables of a review and of a stress test: changed, no command goes on; deleted, all do."""
    folder = copied(whole, tmp_path)
    assert _call("review", folder, whole)[0] == 0
    assert _call("stress", folder, whole)[0] == 0
    later = json.loads((folder / "run.json").read_text("utf-8"))["later"]
    assert {name.partition("_")[0].partition(".")[0] for name in later} == {"review", "hospital"}
    assert sorted([*later, *tables(whole)]) == tables(folder)
    for name in later:
        kept = (folder / name).read_bytes()
        _flip(folder / name)
        code, said = _call("report", folder, whole)
        flat = " ".join(said.split())
        command = "review RUN --known FILE" if name.startswith("review") else "stress RUN"
        assert code == 2, name
        assert (
            f"{name} | is not as it was written (SHA-256) | delete it and write it anew: healthplan {command}"
            in flat
        )
        (folder / name).write_bytes(kept)
        assert _call("plot --list", folder, whole)[0] == 0
    for name in later:
        (folder / name).unlink()
    assert _call("report", folder, whole)[0] == 0
