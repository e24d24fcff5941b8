"""How fast regions' stocks per resident near the nation's: the speed that foretells them best.

For each speed what lasts of a region's own growth is estimated anew (see pooling), each region is
foretold from every year with what was known then, and the errors of its stock beside the nation's are
counted five and ten years on; of all resources together, each over its error without any nearing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from sim.arrays import Floats
from sim.evidence.calibration.pooling import OWN_YEARS, moments, reach

SPEEDS = tuple(round(0.01 * i, 2) for i in range(16))
_AHEAD = (5, 10)  # years on at which errors are counted


@dataclass(frozen=True)
class Seen:
    """One resource in all regions."""

    growth: xr.DataArray
    """Log growth, dims region, year."""
    nation: xr.DataArray
    """That of the whole, dim year."""
    relative: xr.DataArray
    """Log of the stock per resident over the nation's, dims region, year."""

    def without(self, region: str) -> Seen:
        """The same less one region."""
        kept = [str(r) for r in self.growth.region.values if str(r) != region]
        return Seen(self.growth.sel(region=kept), self.nation, self.relative.sel(region=kept))


def speed(seen: Sequence[Seen]) -> float:
    """Share of the distance from the nation by which regions near it in a year."""
    errors = np.array([[_errors(*_arrays(s), reach(s.relative), k) for k in SPEEDS] for s in seen])
    return _lowest((errors / errors[:, :1]).sum(axis=(0, 2)))


def spread(seen: Sequence[Seen]) -> float:
    """Standard error of the speed over regions, by leaving out one at a time (jackknife).

    Efron & Tibshirani (1993), An Introduction to the Bootstrap, eq. 11.5.
    """
    regions = sorted({str(r) for s in seen for r in s.growth.region.values})
    found = np.array([speed([s.without(region) for s in seen]) for region in regions])
    n = len(found)
    return float(np.sqrt((n - 1) / n * ((found - found.mean()) ** 2).sum()))


def _lowest(errors: Floats) -> float:
    """Where a parabola through the least error and its neighbours is lowest."""
    i = int(np.clip(np.argmin(errors), 1, len(errors) - 2))
    a, b, _ = np.polyfit(SPEEDS[i - 1 : i + 2], errors[i - 1 : i + 2], 2)
    return (
        float(np.clip(-b / (2 * a), SPEEDS[i - 1], SPEEDS[i + 1]))
        if a > 0
        else SPEEDS[int(np.argmin(errors))]
    )


def _arrays(seen: Seen) -> tuple[Floats, Floats]:
    """Growth beside the nation's, and the distance before it, both (region, year)."""
    growth, nation = xr.align(seen.growth, seen.nation, join="inner")
    apart = (growth - nation).transpose("region", "year")
    before = seen.relative.sel(year=[y - 1 for y in apart.year.values])
    return apart.values, before.transpose("region", "year").values


def _errors(plain: Floats, x: Floats, farthest: float, nearing: float) -> list[float]:
    """Mean square errors, per year, of the growth beside the nation's over each of so many years."""
    pulled = plain + nearing * np.clip(x, -farthest, farthest)
    middle, lasting, swing, _, most = moments(pulled)
    kept = middle + np.clip(pulled - middle, -most, most)
    out = []
    for ahead in _AHEAD:
        errors = []
        for now in range(2, plain.shape[1] - ahead + 1):
            met = plain[:, now : now + ahead].sum(axis=1)
            own = _shrunk(kept[:, max(now - OWN_YEARS, 0) : now], middle, lasting, swing)
            errors.append((met - _foretold(own, x[:, now], farthest, nearing, ahead)) / ahead)
        held = np.concatenate(errors)
        out.append(float(np.mean(held[np.isfinite(held)] ** 2)))
    return out


def _shrunk(own: Floats, middle: float, lasting: float, swing: float) -> Floats:
    """What lasts of each region's own growth: its mean drawn to the middle of all, (region,)."""
    n = np.isfinite(own).sum(axis=1)
    mean = np.where(n > 0, np.nansum(own, axis=1) / np.maximum(n, 1), middle)
    weight = np.where(n > 0, lasting**2 / (lasting**2 + swing**2 / np.maximum(n, 1)), 0.0)
    return np.asarray((1 - weight) * middle + weight * mean)


def _foretold(own: Floats, start: Floats, farthest: float, nearing: float, ahead: int) -> Floats:
    x, total = start.copy(), np.zeros_like(start)
    for _ in range(ahead):
        step = own - nearing * np.clip(x, -farthest, farthest)
        x, total = x + step, total + step
    return total
