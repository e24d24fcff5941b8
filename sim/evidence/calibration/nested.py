"""A line over places that lie in provinces, which lie in regions: partial pooling, its variances estimated.

    y = X b + region + province + place,   each ~ (0, its variance)

Variances by restricted maximum likelihood (Patterson & Thompson 1971, Biometrika 58(3), 545-554), b by
generalised least squares, a region's own by best linear unbiased prediction (Robinson 1991, Statistical
Science 6(1), 15-32): few provinces of a region, or provinces that differ among themselves, draw it to 0.
A province that is left out is told by those of its region, and by nothing of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from sim.arrays import Floats

_LOGS = (-12.0, 3.0)  # of standard deviations over that of y
_NOTHING = -7.0  # at and below which there is none


@dataclass(frozen=True)
class Nested:
    """The line and what regions have of their own."""

    line: Floats
    """b, one for each column of X."""
    regions: dict[str, float]
    """Of each region that a place was seen of; of another nothing is known, 0."""
    unsure: dict[str, float]
    """Standard deviation of each of these, the line and the variances being known."""
    spreads: tuple[float, float, float]
    """Standard deviations of regions, provinces, places."""

    def of_region(self, name: str) -> tuple[float, float]:
        """A region's own and its standard deviation."""
        return self.regions.get(name, 0.0), self.unsure.get(name, self.spreads[0])


@dataclass(frozen=True)
class _Sums:
    """Products of X and y within provinces, and where these lie; m = columns of X and y."""

    inner: Floats
    """(province, m, m)."""
    one: Floats
    """(province, m)."""
    places: Floats
    """(province,)."""
    in_region: Floats
    """(region, province), 1 or 0."""


def nested(x: Floats, y: Floats, province: Sequence[str], region: Sequence[str]) -> Nested:
    """The line over places in provinces in regions.

    x: (place, column).  y: (place,).  province, region: of each place; a province lies in one region.
    """
    provinces, at = np.unique(np.asarray(province), return_inverse=True)
    regions = np.unique(np.asarray(region))
    scale = float(y.std()) or 1.0
    columns = np.column_stack([x, y / scale])
    inner = np.array([columns[at == i].T @ columns[at == i] for i in range(len(provinces))])
    one = np.array([columns[at == i].sum(axis=0) for i in range(len(provinces))])
    of = np.array([np.asarray(region)[at == i][0] for i in range(len(provinces))])
    sums = _Sums(inner, one, np.bincount(at).astype(float), (regions[:, None] == of).astype(float))

    def misfit(logs: Floats) -> float:
        return _solved(np.clip(logs, *_LOGS), sums)[3]

    found = minimize(
        misfit, np.log([0.4, 0.4, 0.8]), method="Nelder-Mead", options={"xatol": 1e-4, "fatol": 1e-7}
    )
    logs = np.clip(found.x, *_LOGS)
    line, own, unsure, _ = _solved(logs, sums)
    names = [str(name) for name in regions]
    spreads = np.where(logs <= _NOTHING, 0.0, np.exp(logs)) * scale
    return Nested(
        line * scale,
        dict(zip(names, (own * scale).tolist(), strict=True)),
        dict(zip(names, (unsure * scale).tolist(), strict=True)),
        (float(spreads[0]), float(spreads[1]), float(spreads[2])),
    )


def _solved(logs: Floats, sums: _Sums) -> tuple[Floats, Floats, Floats, float]:
    """b, the regions' own and their standard deviations, and minus the restricted log likelihood.

    V of a province is place^2 I + province^2 11', of a region with region^2 11' on top: both are
    inverted by Sherman & Morrison's formula.
    """
    of_region, of_province, of_place = np.exp(2 * np.asarray(logs))
    within = of_place + sums.places * of_province
    drawn = of_province / within
    products = (sums.inner - drawn[:, None, None] * sums.one[:, :, None] * sums.one[:, None, :]) / of_place
    towards = sums.in_region @ (sums.one / within[:, None])  # 1' V^-1 [X y] of each region
    weight = sums.in_region @ (sums.places / within)  # 1' V^-1 1
    shrunk = of_region / (1 + of_region * weight)
    whole = products.sum(axis=0) - np.einsum("r,ri,rj->ij", shrunk, towards, towards)
    k = len(whole) - 1
    line = np.linalg.solve(whole[:k, :k], whole[:k, k])
    own = shrunk * (towards[:, k] - towards[:, :k] @ line)
    left = whole[k, k] - whole[k, :k] @ line
    logdet = ((sums.places - 1) * np.log(of_place) + np.log(within)).sum()
    logdet += np.log1p(of_region * weight).sum() + np.linalg.slogdet(whole[:k, :k])[1]
    return line, own, np.sqrt(shrunk), 0.5 * float(logdet + left)


def left_out(
    x: Floats, y: Floats, province: Sequence[str], region: Mapping[str, str] | None = None
) -> Floats:
    """What each place is foretold as where its province is left out (place,).

    region: of each province; None has them all in one, whose own is in the line.
    """
    of = np.asarray(province)
    lies = np.array([region[p] if region else "" for p in province])
    out = np.zeros_like(y)
    for name in np.unique(of):
        mine = of == name
        found = nested(x[~mine], y[~mine], of[~mine].tolist(), lies[~mine].tolist())
        own = found.of_region(str(lies[mine][0]))[0] if region else 0.0
        out[mine] = x[mine] @ found.line + own
    return out
