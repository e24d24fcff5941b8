"""PRIM: boxes of the input space where a yes is much commoner than elsewhere.

Patient rule induction by peeling and pasting (Friedman and Fisher, Bump hunting in
high-dimensional data, 1999); coverage, density and a quasi-p-value for each bound as in scenario
discovery (Bryant and Lempert, 2010).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import stats

from sim.arrays import Floats

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.intp]


LEAST_CHANCE = 0.05  # a box whose yes chance alone would bring together more often is left out


@dataclass(frozen=True)
class Box:
    """Bounds (factor, 2), infinite where a factor is free, and what lies inside."""

    bounds: Floats
    mass: float
    """Share of all points inside."""
    density: float
    """Share of yes among the points inside."""
    coverage: float
    """Share of all yes that lie inside."""
    lift: float = 1.0
    """Density over the share of yes among all points."""
    chance: float = 1.0
    """Chance of so many yes inside if the box meant nothing."""

    @property
    def bounded(self) -> list[int]:
        """Factors with a bound."""
        return [int(i) for i in np.flatnonzero(np.isfinite(self.bounds).any(axis=1))]

    def holds(self, points: Floats) -> Bools:
        """Which points (point, factor) lie inside."""
        low, high = self.bounds[:, 0], self.bounds[:, 1]
        return np.asarray(((points >= low) & (points <= high)).all(axis=1))


def peel(points: Floats, yes: Bools, *, alpha: float = 0.05, least: float = 0.05) -> list[Box]:
    """Boxes from the whole space to the densest, each a little smaller than the one before.

    points: (point, factor).  yes: (point).  alpha: share cut away at a step.
    least: smallest share of all points that a box may hold.
    """
    bounds = np.tile([-np.inf, np.inf], (points.shape[1], 1))
    inside = np.ones(len(points), bool)
    path = [_box(bounds, inside, yes)]
    while True:
        best: tuple[float, int, int, float] | None = None
        here, mean = points[inside], float(yes[inside].mean())
        for factor in range(points.shape[1]):
            column = here[:, factor]
            low, high = np.quantile(column, [alpha, 1 - alpha])
            for side, keep in ((0, column > low), (1, column < high)):
                n = int(keep.sum())
                if n == len(column) or n < least * len(points) or n == 0:
                    continue
                gain = (float(yes[inside][keep].mean()) - mean) / (len(column) - n)
                edge = float(column[keep].min() if side == 0 else column[keep].max())
                if best is None or gain > best[0]:
                    best = (gain, factor, side, edge)
        if best is None or best[0] <= 0:
            return path
        _, factor, side, edge = best
        bounds = bounds.copy()
        bounds[factor, side] = edge
        inside = path[0].holds(points) & Box(bounds, 0, 0, 0).holds(points)
        path.append(_box(bounds, inside, yes))


def paste(points: Floats, yes: Bools, box: Box, *, alpha: float = 0.05) -> Box:
    """The box grown again wherever that does not thin it out."""
    current = box
    while True:
        best = current
        n = max(int(alpha * current.mass * len(points)), 1)
        for factor in current.bounded:
            others = current.bounds.copy()
            others[factor] = [-np.inf, np.inf]
            near = points[Box(others, 0, 0, 0).holds(points), factor]
            for side in (0, 1):
                edge = current.bounds[factor, side]
                if not np.isfinite(edge):
                    continue
                beyond = np.sort(near[near < edge])[::-1] if side == 0 else np.sort(near[near > edge])
                bounds = current.bounds.copy()
                bounds[factor, side] = beyond[n - 1] if len(beyond) > n else (-np.inf, np.inf)[side]
                grown = _box(bounds, Box(bounds, 0, 0, 0).holds(points), yes)
                if grown.density >= best.density and grown.mass > current.mass:
                    best = grown
        if best is current:
            return current
        current = best


def choose(path: list[Box], *, most_bounds: int = 4) -> Box:
    """The box with the best balance (harmonic mean) of coverage and gain.

    Gain: how far density is on its way from that of all points to 1.
    """
    fitting = [b for b in path if len(b.bounded) <= most_bounds] or path[:1]
    return max(fitting, key=lambda box: _balance(box, path[0].density))


def _balance(box: Box, base: float) -> float:
    gain = (box.density - base) / (1 - base) if base < 1 else 0.0
    total = box.coverage + gain
    return 2 * box.coverage * gain / total if total > 0 else 0.0


def simplify(points: Floats, yes: Bools, box: Box, *, level: float = 0.2) -> Box:
    """The box without bounds, above or below, that chance alone could explain."""
    while True:
        sides = [(f, s) for f in box.bounded for s in (0, 1) if np.isfinite(box.bounds[f, s])]
        if len(sides) < 2:
            return box
        chances = {at: quasi_p(points, yes, box, *at) for at in sides}
        worst = max(sides, key=lambda at: chances[at])
        if chances[worst] <= level:
            return box
        bounds = box.bounds.copy()
        bounds[worst] = (-np.inf, np.inf)[worst[1]]
        box = _box(bounds, Box(bounds, 0, 0, 0).holds(points), yes)


def quasi_p(points: Floats, yes: Bools, box: Box, factor: int, side: int | None = None) -> float:
    """Chance of so many yes in the box if the bounds of this factor meant nothing.

    side: the lower (0) or upper (1) bound alone.
    """
    bounds = box.bounds.copy()
    for end in (0, 1) if side is None else (side,):
        bounds[factor, end] = (-np.inf, np.inf)[end]
    wider = Box(bounds, 0, 0, 0).holds(points)
    inside = box.holds(points)
    return float(stats.binom.sf(yes[inside].sum() - 1, inside.sum(), yes[wider].mean()))


def find_boxes(
    points: Floats, yes: Bools, *, most: int = 2, alpha: float = 0.05, least: float = 0.05
) -> list[Box]:
    """Up to `most` boxes, each found among the points that the ones before leave over.

    Coverage counts all yes; mass and density are those of the box among the points left.  A box in
    which yes is no commoner than chance would have it among all points is none.
    """
    found: list[Box] = []
    left = np.ones(len(points), bool)
    base = float(yes.mean()) if len(yes) else 0.0
    for _ in range(most):
        if yes[left].sum() < 2 or (~yes[left]).sum() < 2:
            break
        own, answer = points[left], yes[left]
        told = telling(own, answer)
        if not len(told):
            break
        box = _widened(choose(peel(own[:, told], answer, alpha=alpha, least=least)), told, points)
        box = paste(own, answer, simplify(own, answer, box), alpha=alpha)
        inside = np.zeros(len(points), bool)
        inside[left] = box.holds(own)
        caught, n = int(yes[inside].sum()), int(inside.sum())
        chance = float(stats.binom.sf(caught - 1, n, base))
        if not box.bounded or box.density <= base or chance > LEAST_CHANCE:
            break
        found.append(
            Box(
                box.bounds,
                float(inside.mean()),
                caught / n,
                caught / int(yes.sum()),
                caught / n / base,
                chance,
            )
        )
        left &= ~inside
    return found


def telling(points: Floats, yes: Bools, *, most: int = 12, level: float = 0.1) -> Ints:
    """Factors that differ between yes and no (rank-sum test), the strongest first.

    Among a hundred factors and a few hundred points, peeling would else bound some by chance: at
    most a share `level` of those named may be false (Benjamini and Hochberg, 1995,
    doi:10.1111/j.2517-6161.1995.tb02031.x).
    """
    p = np.atleast_1d(stats.mannwhitneyu(points[yes], points[~yes], axis=0).pvalue)
    order = np.argsort(p, kind="stable")
    passed = np.flatnonzero(p[order] <= level * np.arange(1, len(p) + 1) / len(p))
    return order[: min(int(passed[-1]) + 1, most) if len(passed) else 0]


def _widened(box: Box, told: Ints, points: Floats) -> Box:
    """The box of some factors as a box of all."""
    bounds = np.tile([-np.inf, np.inf], (points.shape[1], 1))
    bounds[told] = box.bounds
    return replace(box, bounds=bounds)


def _box(bounds: Floats, inside: Bools, yes: Bools) -> Box:
    caught = float(yes[inside].sum())
    n = int(inside.sum())
    return Box(bounds, n / len(yes), caught / n if n else 0.0, caught / yes.sum() if yes.any() else 0.0)
