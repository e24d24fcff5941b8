"""Every option of every command, given what it cannot take: exit 2, no traceback, nothing written.

Commands and options are read from the parser itself: a new one is met by the law of itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from working_folder import make_workspace, run_cli

from sim.cli import cli

RUN, EXPERIMENT, WORK = "RUN", "experiments/small.yaml", "WORK"
DRY = (EXPERIMENT, "--dry-run")
CALLS: dict[str, tuple[str, ...]] = {
    "audit": ("anyang_14fyp",),
    "backtest": (EXPERIMENT, "--fit-to", "2020", "--score-to", "2022"),
    "calibrate": ("nothing",),
    "clean": ("outputs",),
    "compare": (RUN, RUN),
    "cost": (RUN,),
    "datapackage": (),
    "dependency-table": (),
    "docs": ("tutorial",),
    "discover": (RUN, "--indicator", "beds_per_1000"),
    "explain": (RUN, "beds_per_1000", "2025"),
    "goal": (EXPERIMENT,),
    "init": ("new",),
    "list": ("plans",),
    "migrate": (EXPERIMENT,),
    "occupancy-table": (),
    "plan accept": ("review.xlsx", "--name", "x_14fyp"),
    "plan draft": ("plan.txt",),
    "plan learn": ("anyang_14fyp=plan.txt",),
    "plan new": ("x_14fyp", "--region", "410500"),
    "plan score": ("anyang_14fyp=plan.txt", "nanyang_13fyp=plan.txt"),
    "plot": (RUN, "--list"),
    "propose": ("410500", "--year", "2030", "--draws", "2"),
    "questions": (),
    "region new": ("table.csv", "--name", "甲", "--parent", "410500"),
    "report": (RUN,),
    "reproduce": (RUN,),
    "review": (RUN, "--known", "known.csv"),
    "revise": (RUN,),
    "run": DRY,
    "schema": ("plan",),
    "stress": (RUN,),
    "sweep": (*DRY, "--over", "inpatient.alos", "--of", "beds_ratio@2030", "--n", "3"),
    "validate": (EXPERIMENT,),
    "validation-page": (),
}
"""Command -> a call of it; what is tried takes the place of one of its words, or is added to it."""

_NAMES = {"1e400", "-1", "nan"}
_WRITTEN = _NAMES | {"a folder", "missing"}  # a folder, or a file, of such a name can be made
FINE: dict[tuple[str, str], set[str]] = {
    ("backtest", "--out"): _WRITTEN,
    ("init", "folder"): _WRITTEN - {"-1"},
    ("propose", "--out"): _WRITTEN,
    ("propose", "--name"): _NAMES,
    ("plan new", "name"): {"nan"},
    ("questions", "--out"): _WRITTEN - {"a folder"},
    ("validation-page", "--out"): _WRITTEN - {"a folder"},
    ("reproduce", "--keep"): _WRITTEN,
    ("run", "--out"): _WRITTEN,
    ("sweep", "--out"): _WRITTEN,
    ("clean", "folder"): {"a folder"},
}
"""(command, option) -> values that are not wrong there."""


def commands(found: click.Command = cli, path: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    """Every command by its words."""
    if isinstance(found, click.Group):
        for name, each in found.commands.items():
            yield from commands(each, (*path, name))
    else:
        yield " ".join(path), found


COMMANDS = dict(commands())


@pytest.fixture(scope="module")
def place(small_run: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A working folder, and beside it what no option can take."""
    folder = tmp_path_factory.mktemp("line")
    work = make_workspace(folder / "work")
    (work / "plan.txt").write_text("到2025年，每千人口床位数达到5.76张。\n", encoding="utf-8")
    sheet = "年龄,男,女\n" + "".join(f"{a},4000,3900\n" for a in _AGES)
    (work / "table.csv").write_text(sheet, encoding="utf-8")
    (work / "outputs").mkdir()
    (folder / "empty").mkdir()
    (folder / "file").write_text("x", encoding="utf-8")
    (folder / "loop").symlink_to(folder / "loop")
    return {"folder": folder, "work": work, "run": small_run}


_AGES = ("0岁", "1-4岁", *(f"{s}-{s + 4}岁" for s in range(5, 85, 5)), "85岁及以上")


def bad_values(folder: Path) -> dict[str, str]:
    return {
        "empty": "",
        "a space": " ",
        "NUL": "a\0b",
        "control": "a\x07b",
        "1e400": "1e400",
        "-1": "-1",
        "nan": "nan",
        "a folder": str(folder / "empty"),
        "missing": str(folder / "missing"),
        "a long one": "x" * 5000,
        "a loop": str(folder / "loop" / "x"),
        "below a file": str(folder / "file" / "x"),
        "no disk": "/proc/x",
    }


def call(command: str, parameter: click.Parameter, bad: str, run: Path) -> list[str]:
    """The call of a command with one value gone wrong."""
    words = [str(run) if word == RUN else word for word in CALLS[command]]
    if isinstance(parameter, click.Argument):
        ordered = [p for p in COMMANDS[command].params if isinstance(p, click.Argument)]
        at = ordered.index(parameter)
        return [*words[:at], bad, *words[at + 1 :]] if at < len(words) else [*words, bad]
    option = parameter.opts[0]
    if option in words and not parameter.multiple:
        at = words.index(option) + 1
        return [*words[:at], bad, *words[at + 1 :]]
    return [*words, option, bad]


def there(folder: Path) -> set[tuple[str, int]]:
    return {(str(p), p.lstat().st_mtime_ns) for p in folder.rglob("*") if not p.is_dir()}


def test_every_command_has_a_call():
    assert CALLS.keys() == COMMANDS.keys()


@pytest.mark.slow  # some 2,000 calls in this process: a minute of one processor
@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_what_an_option_cannot_take_is_refused(command: str, place: dict[str, Path]):
    folder, work = place["folder"], place["work"]
    unheld, before, runs = [], there(folder), there(place["run"])
    for parameter in COMMANDS[command].params:
        if isinstance(parameter, click.Option) and parameter.is_flag:
            continue
        name = parameter.opts[0]
        for what, bad in bad_values(folder).items():
            if what in FINE.get((command, name), ()):
                continue
            words = call(command, parameter, bad, place["run"])
            done = run_cli(*command.split(), *words, cwd=work)
            if done.code != 2 or "Traceback" in done.err:
                unheld.append(f"{command} {name} {what}: exit {done.code}, {(done.err or done.out)[-200:]}")
            if there(folder) != before or there(place["run"]) != runs:
                unheld.append(f"{command} {name} {what}: writes {sorted(there(folder) - before)[:2]}")
                before, runs = there(folder), there(place["run"])
    assert not unheld, "\n".join(unheld)


@pytest.mark.sampled(3)
@pytest.mark.parametrize("command", ["audit", "clean", "compare", "explain", "list", "plot", "run", "schema"])
def test_the_calls_that_are_made_wrong_are_right(command: str, place: dict[str, Path]):
    """Else they would be refused for another reason."""
    words = [str(place["run"]) if word == RUN else word for word in CALLS[command]]
    done = run_cli(*command.split(), *words, cwd=place["work"])
    assert done.code == 0, done.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--scenario", "reference", "--scenario", "reference"), "--scenario reference is given twice"),
        (("--known", "a.csv", "--known", "a.csv"), "--known a.csv is given twice"),
        (("--draws", "5", "--draws", "6"), "--draws is given 2 times"),
        (("--until-mcse", "0"), "--until-mcse | 0 is outside"),
        (("--until-mcse", "-1"), "--until-mcse | -1 is outside"),
        (("--scheduler", "here"), "--scheduler here | is not an address"),
    ],
)
def test_a_dry_run_refuses_what_the_run_would(place: dict[str, Path], words: tuple[str, ...], said: str):
    done = run_cli("run", *DRY, *words, cwd=place["work"])
    assert done.code == 2
    assert said in done.err


def test_a_working_folder_is_not_made_inside_another(place: dict[str, Path]):
    done = run_cli("init", "parameters/plans/mine", cwd=place["work"])
    assert done.code == 2
    assert "belongs to another working folder" in done.err
    assert not (place["work"] / "parameters/plans/mine").exists()


def test_charts_that_are_listed_are_not_chosen(place: dict[str, Path]):
    done = run_cli("plot", place["run"], "--list", "--chart", "demand_beds", cwd=place["work"])
    assert done.code == 2
    assert "leave --chart out" in done.err
