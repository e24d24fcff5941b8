"""What a part of the calibration gives: records of parameters, each with how it was estimated."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Estimate:
    """One record of a parameter file, or the part of it that is estimated.

    file: below `parameters/`, such as `national/supply.yaml`.  key: the record in it.  fields: what
    is estimated (value, path, values, range, year, source, basis, quality, ...), in the file's unit;
    other fields of the record stay as they are.  n: observations behind it.  method: in a few
    words, with its reference.
    """

    file: str
    key: str
    fields: Mapping[str, Any]
    n: int
    method: str
    new: Mapping[str, Any] = field(default_factory=dict)
    """Fields of a record that is not there yet (name, unit, at, ...), written before the others."""


@dataclass(frozen=True)
class Part:
    """One thing that is estimated.

    name: as the command calls it.  title: in a few words.  estimate: the working folder -> records;
    the same files give the same records.  inputs: the tables that it is estimated from, below
    `parameters/`, a `*` for every region.  after: parts whose records it reads.
    """

    name: str
    title: str
    estimate: Callable[[Path], Sequence[Estimate]]
    inputs: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


def rounded(value: float, digits: int = 3) -> float:
    """A number as a record states it: significant digits, no more than the data bear."""
    return float(f"{value:.{digits}g}")
