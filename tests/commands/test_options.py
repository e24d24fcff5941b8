"""What click fills is what the types say: names, numbers, lists and what may be left out."""

from __future__ import annotations

import types
from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

import click
import pytest

from sim.cli import cli
from sim.commands import options

TYPED = {  # command -> its options, and what it takes by itself
    "run": (options.RunOptions, ()),
    "sweep": (options.SweepOptions, ()),
    "stress": (options.StressOptions, ()),
    "backtest": (options.BacktestOptions, ()),
    "discover": (options.DiscoverOptions, ("run_folder",)),
    "revise": (options.ReviseOptions, ("run_folder",)),
    "report": (options.ReportOptions, ("run_folder",)),
    "explain": (options.ExplainOptions, ("run_folder", "indicator", "year")),
    "compare": (options.CompareOptions, ("run_a", "run_b")),
}
PLAIN = ((click.Path, Path), (click.IntRange, int), (click.FloatRange, float), (click.Choice, str))
BY_NAME = {"integer": int, "float": float, "text": str, "boolean": bool}


def given(parameter: click.Parameter) -> Any:
    """The type of what click hands over."""
    kind = next((t for c, t in PLAIN if isinstance(parameter.type, c)), BY_NAME.get(parameter.type.name))
    if parameter.multiple:
        return Sequence[kind]
    return kind if parameter.required or parameter.default is not None else kind | None


def same(stated: Any, handed: Any) -> bool:
    if isinstance(stated, types.UnionType):
        return set(get_args(stated)) == set(get_args(handed))
    return (get_origin(stated), get_args(stated)) == (get_origin(handed), get_args(handed)) and (
        get_origin(stated) is not None or stated is handed
    )


@pytest.mark.parametrize("command", TYPED)
def test_the_options_of_a_command_are_those_that_are_typed(command: str):
    typed, own = TYPED[command]
    stated = get_type_hints(typed)
    handed = {p.name: given(p) for p in cli.commands[command].params if p.name not in own}
    assert set(handed) == set(stated)
    wrong = {n: (stated[n], handed[n]) for n in stated if not same(stated[n], handed[n])}
    assert wrong == {}
