"""What every indicator of one region and scenario is tested with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import xarray as xr

from sim.adequacy import Thresholds
from sim.adequacy.series import Measures
from sim.params import Parameter
from sim.plan import Plan
from sim.plan.needs import Need
from sim.plan.tests import TestRule


@dataclass(frozen=True)
class Swings:
    """Outputs with each parameter moved alone, for one region."""

    region: str
    names: tuple[str, ...]
    qualities: tuple[str, ...]
    series: Mapping[str, xr.DataArray]
    """Kept series; draw 0 is central, 2i+1 and 2i+2 belong to parameter i."""
    scenario: str = ""
    """The scenario that they were measured under."""

    def at(self, name: str, group: str | None, year: int) -> npt.NDArray[np.float64]:
        """All draws of one series in one year."""
        array = self.series[name].sel(year=year)
        dims = [d for d in array.dims if d != "draw"]
        if dims:
            array = array.sel({dims[0]: group})
        return np.asarray(array.values, float)

    def relative(self, values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Largest change of `values` (all draws) by each parameter, relative to the centre."""
        centre = abs(values[0]) or 1.0
        moved = values[1:].reshape(-1, 2)
        return np.asarray(np.abs(moved - values[0]).max(axis=1) / centre)


@dataclass(frozen=True)
class Case:
    """What every indicator of one region and scenario is tested with."""

    plan: Plan
    region: str
    scenario: str
    rules: Mapping[tuple[str, str], TestRule]
    measures: Measures
    swings: Swings
    thresholds: Thresholds
    influence: float
    after_target: str
    unstated_basis: str = "resident"
    """The population that a ratio without a stated basis is read on."""
    norm_gap: float = 0.25
    """Relative distance of need by use from the norm beyond which the reason says so."""
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    needs: tuple[Need, ...] = ()
    """What the plan asks in words."""
    test_years: tuple[int, ...] = ()
    """Years after the target year that the experiment asks about too."""
    swung: Measures = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "swung", Measures(dict(self.swings.series)))
