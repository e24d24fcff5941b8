"""What counted totals mean for migration, and how unusual that would be.

A total that is met moves net migration above all; one of a revised register or of other borders is met so
too. How far it moves is set beside how far net migration was found to stray from its path.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from sim.known.people import path_covariance
from sim.known.table import Count
from sim.params import Range


@dataclass(frozen=True)
class Moves:
    """Net migration of the years since the count before, share of the base's residents a year."""

    rate: float
    """As the counts are met."""
    projected: float
    """Without them."""
    sd: float
    """One standard deviation of the mean of as many years, as estimated on places."""


def implied(
    counts: Sequence[Count], before: xr.Dataset, after: xr.Dataset, spread: Range | None
) -> dict[str, Moves]:
    """Moves by the label of a count of all residents; none for one that says that its basis is new.

    before, after: what demography wrote without the counts and with them, in its first draw.  spread: of
    net migration.
    """
    years = [int(y) for y in before.year.values]
    people = float(before["population"].isel(year=0, draw=0).sum())
    found, last = {}, years[0]
    totals = (c for c in counts if c.indicator.id == "population" and c.year > years[0])
    for count in sorted(totals, key=lambda c: c.year):
        span = list(range(last + 1, count.year + 1))
        rate, projected = (
            float(state["net_migration"].sel(year=span).isel(draw=0).sum()) / people / len(span)
            for state in (after, before)
        )
        own = path_covariance(years, spread)[np.ix_([y in span for y in years], [y in span for y in years])]
        if count.old_basis is None:
            found[count.label] = Moves(rate, projected, float(np.sqrt(own.mean())))
        last = count.year
    return found
