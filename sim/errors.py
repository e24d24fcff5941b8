"""Errors that users see: where | what is wrong, with the value | what would be right."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")


class SimError(Exception):
    """Any error of healthplan that a user can act on."""


class ConfigError(SimError):
    """An experiment file, command line or text file is wrong."""


class ParameterError(SimError):
    """A parameter or a value handed to the model is wrong."""


class PlanError(SimError):
    """A plan document, as data, is wrong."""


class SchemaError(SimError):
    """A stage wrote a variable that is not what the schema promises."""


class BalanceError(SimError):
    """An accounting law does not hold in a result."""


class RunError(SimError):
    """A run failed for a reason other than its input."""


class Stopped(KeyboardInterrupt):
    """A command was told to end; a folder keeps what it had computed, for the same command to take up."""

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder))
        self.folder = folder

    @property
    def keeps(self) -> bool:
        """Whether the folder still stands, with a finished part: a temporary one has gone by now."""
        return next(self.folder.glob("*.npz"), None) is not None


def fault(place: str, wrong: str, remedy: str = "") -> str:
    """One fault as a line: place | what is wrong | what would be right."""
    return " | ".join(part for part in (place, wrong, remedy) if part)


def raise_all(error: type[SimError], faults: Iterable[str]) -> None:
    """Raise one `error` that lists every fault, one a line; nothing if there is none."""
    lines = list(faults)
    if lines:
        raise error("\n".join(lines))


def collected(faults: list[str], read: Callable[[], T], error_is: type[SimError] = ConfigError) -> T | None:
    """What `read` returns; None where it raises such an error, whose lines are added to the faults."""
    try:
        return read()
    except error_is as error:
        faults += str(error).splitlines()
        return None
