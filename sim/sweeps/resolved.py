"""A sweep before and after it is computed: what is walked, and what was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sim.arrays import Floats
from sim.run.setup import Setup
from sim.sweeps import sensitivity
from sim.sweeps.factors import Factor
from sim.sweeps.outputs import Output
from sim.sweeps.sampling import Design


@dataclass(frozen=True)
class Sweep:
    """A resolved sweep."""

    setup: Setup
    design: Design
    factors: tuple[Factor, ...]
    """One for each column of the design."""
    outputs: tuple[Output, ...]
    groups: Mapping[str, tuple[str, ...]]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Result:
    """Values and measures of one scenario and region."""

    scenario: str
    region: str
    values: Floats
    """(run, output)."""
    measures: tuple[sensitivity.Measure, ...]
