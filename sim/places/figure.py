"""A figure made for a place that lacks it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import xarray as xr

from sim.params import Parameter
from sim.params.record import Title
from sim.places.counts import Counts


@dataclass(frozen=True)
class Figure:
    """What was made, from which level, and how."""

    data: xr.DataArray
    """In the unit of its record."""
    level: str
    """Level whose figure it is, one of sim.places.levels."""
    said: Title | None
    """How it was made."""
    cited: Mapping[str, Any] | None = None
    """Source, locator and year where they are not those of its record."""
    spread: tuple[float, float] | None = None
    """Ends of its range, on the record's scale, where they are estimated too."""

    @property
    def key(self) -> str:
        """What it holds, for a hash."""
        return f"{self.data.values.tobytes().hex()}{self.spread}"


def cited_of(source: Parameter) -> dict[str, Any]:
    """Where a figure is from that is taken from another record as it stands."""
    record = source.record
    return {"source": record.source, "locator": record.locator, "year": record.year}


Maker = Callable[[Counts, Mapping[str, Parameter], Mapping[str, Parameter]], Figure | None]
"""(counts, parameters below, the nation's own) -> figure; None where the province's folder states it."""
