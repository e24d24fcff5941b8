"""What a sweep says: which factor moves an output, for all outputs at once.

First-order and total indices by the estimators of Saltelli et al. (2010,
doi:10.1016/j.cpc.2009.09.018) as SALib has them, with the same bootstrap; elementary effects mu,
mu* and sigma of Morris (1991, doi:10.1080/00401706.1991.10484804) with Campolongo's mu*; rank
correlations of a Latin hypercube; swings of one factor at a time; main effects of a grid.
A bootstrap is one matrix product: how often each row is drawn, times the rows' terms.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from sim.arrays import Floats
from sim.sweeps.sampling import MORRIS_LEVELS, Design

RESAMPLES = 100
CONFIDENCE = 0.95
_ROUNDING = 1e-12  # smaller swings are the last digits of the arithmetic
LEVELS = ("at_low", "at_high", "centre")  # values of the output itself, not what moves it
IN_UNIT = ("mu_star", "mu", "sigma", "swing", "main_range")  # measures in the output's own unit
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Measure:
    """One measure of sensitivity, (factor, output), with its confidence interval.

    The interval is value -+ half_width, or `bounds` where it is not even on both sides.
    """

    name: str
    value: Floats
    half_width: Floats | None = None
    bounds: tuple[Floats, Floats] | None = None

    @property
    def interval(self) -> tuple[Floats, Floats] | None:
        """Lower and upper end of the 95 % interval, if there is one."""
        if self.half_width is not None:
            return self.value - self.half_width, self.value + self.half_width
        return self.bounds


def analyse(design: Design, values: Floats, seed: int = 1) -> list[Measure]:
    """Measures of a design's outputs; values (run, output), NaN where an output is undefined.

    An output that is the same in all runs has measures 0: no factor moves it.
    """
    still = constant(values)
    found = _ANALYSES[design.method](design, values, seed)
    return [m if m.name in LEVELS else _nil(m, still, values) for m in found]


def constant(values: Floats) -> Bools:
    """Outputs that are the same in all runs but for the last digits of the arithmetic, (output)."""
    size = np.abs(values).max(axis=0)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.isfinite(size) & (np.ptp(values, axis=0) <= _ROUNDING * size))


def _nil(measure: Measure, still: Bools, values: Floats) -> Measure:
    """0 for constant outputs, and for effects that are rounding of the output."""
    size = np.abs(values).max(axis=0)
    least = _ROUNDING * size if measure.name in IN_UNIT else np.full_like(size, _ROUNDING)
    with np.errstate(invalid="ignore"):
        small = still | (np.abs(measure.value) <= least)

    def cut(array: Floats) -> Floats:
        return np.where(small, 0.0, array)

    half, bounds = measure.half_width, measure.bounds
    return Measure(
        measure.name,
        cut(measure.value),
        None if half is None else np.where(still, 0.0, half),
        None if bounds is None else (np.where(still, 0.0, bounds[0]), np.where(still, 0.0, bounds[1])),
    )


def sobol(design: Design, values: Floats, seed: int = 1) -> list[Measure]:
    """First-order and total indices; NaN where no row of the base samples varies."""
    d = len(design.factors)
    n = len(values) // (d + 2)
    scale = values.std(axis=0)
    constant = ~(scale > _ROUNDING * np.abs(values.mean(axis=0)))
    y = (values - values.mean(axis=0)) / np.where(constant, 1.0, scale)
    y = np.where(constant, np.nan, y).reshape(n, d + 2, -1)
    a, b = y[:, 0], y[:, -1]
    weights = _resamples(n, seed)
    bits = np.concatenate([np.ones((1, n)), weights]) / n  # row 0: the estimate itself
    both = (bits @ a + bits @ b) / 2
    variance = (bits @ a**2 + bits @ b**2) / 2 - both**2
    variance[0] = np.concatenate([a, b]).var(axis=0)
    variance = np.where(variance > np.finfo(float).eps, variance, np.nan)
    first = np.empty((len(bits), d, y.shape[-1]))
    total = np.empty_like(first)
    for j in range(d):
        ab = y[:, 1 + j]
        first[:, j] = (bits @ (b * (ab - a))) / variance
        total[:, j] = 0.5 * (bits @ (a - ab) ** 2) / variance
    z = stats.norm.ppf(0.5 + CONFIDENCE / 2)
    return [
        Measure("first_order", first[0], z * first[1:].std(axis=0, ddof=1)),
        Measure("total", total[0], z * total[1:].std(axis=0, ddof=1)),
    ]


def _resamples(n: int, seed: int) -> Floats:
    """How often each of n rows stands in each bootstrap sample, (resample, row)."""
    drawn = np.random.default_rng(seed).integers(n, size=(n, RESAMPLES))
    counts = np.empty((RESAMPLES, n))
    for r in range(RESAMPLES):
        counts[r] = np.bincount(drawn[:, r], minlength=n)
    return counts


def elementary_effects(design: Design, values: Floats) -> Floats:
    """Change of each output by a full step of each factor, (trajectory, factor, output).

    A number's step is scaled to its whole range; a list steps from one of its values to another,
    and the change is what that makes.
    """
    d = len(design.factors)
    points = design.points.reshape(-1, d + 1, len(design.columns))
    y = values.reshape(-1, d + 1, values.shape[-1])
    step = MORRIS_LEVELS / (2 * (MORRIS_LEVELS - 1))
    moves = np.diff(points, axis=1)
    changes = np.diff(y, axis=1)
    column = np.abs(moves).argmax(axis=2)
    sign = np.sign(np.take_along_axis(moves, column[..., None], axis=2))
    effects = np.empty((len(points), d, values.shape[-1]))
    factor = design.factor_of[column]
    scale = np.where(design.has_list, 1.0, step)[factor][..., None]
    np.put_along_axis(effects, factor[..., None], changes * sign / scale, axis=1)
    return effects


def morris(design: Design, values: Floats, seed: int = 1) -> list[Measure]:
    """Mean, mean of sizes and spread of the elementary effects.

    A group's members may move against each other, and the order of a list of values is nobody's:
    only mu* means something for these.  The interval of mu* is of bootstrap percentiles, so that
    it lies above 0.
    """
    effects = elementary_effects(design, values)
    n = len(effects)
    sizes = np.abs(effects)
    resampled = np.tensordot(_resamples(n, seed) / n, sizes, axes=1)
    mu, sigma = effects.mean(axis=0), effects.std(axis=0, ddof=1)
    unsigned = (np.bincount(design.factor_of, minlength=len(design.factors)) > 1) | design.has_list
    mu[unsigned] = np.nan
    sigma[unsigned] = np.nan
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(resampled, [tail, 1 - tail], axis=0)
    mean = sizes.mean(axis=0)
    return [
        Measure("mu_star", mean, bounds=(np.minimum(low, mean), np.maximum(high, mean))),
        Measure("mu", mu),
        Measure("sigma", sigma),
    ]


def latin(design: Design, values: Floats, seed: int = 1) -> list[Measure]:
    """Standardised regression coefficients and partial rank correlations.

    Intervals of the partial correlations by Fisher's transformation with d - 1 factors taken out
    (Fisher, 1924, The distribution of the partial correlation coefficient, Metron 3): they lie
    inside -1..1.  Listed values count by their place.
    """
    x = _per_factor(design, design.places())
    n, d = x.shape
    z = stats.norm.ppf(0.5 + CONFIDENCE / 2)
    spread = z / np.sqrt(max(n - 3 - (d - 1), 1))
    slopes = _slopes(x, values)
    ranked = stats.rankdata(x, axis=0), stats.rankdata(values, axis=0)
    partial = _partial(*ranked)
    bad = ~np.isfinite(values).all(axis=0) | (np.ptp(values, axis=0) == 0)
    partial[:, bad] = np.nan
    with np.errstate(divide="ignore"):
        middle = np.arctanh(np.clip(partial, -1.0, 1.0))
    bounds = np.tanh(middle - spread), np.tanh(middle + spread)
    return [Measure("prcc", partial, bounds=bounds), Measure("src", slopes)]


def _per_factor(design: Design, points: Floats) -> Floats:
    """(run, factor): a group's members share a coordinate; a number among them has it whole."""
    numbers = np.array(design.levels) == 0 if design.levels else np.ones(len(design.columns), bool)
    first = []
    for f in range(len(design.factors)):
        members = np.flatnonzero(design.factor_of == f)
        whole = members[numbers[members]]
        first.append(int((whole if len(whole) else members)[0]))
    return points[:, first]


def _slopes(x: Floats, y: Floats) -> Floats:
    x = (x - x.mean(0)) / x.std(0)
    scale = y.std(0)
    y = (y - y.mean(0)) / np.where(scale > 0, scale, np.nan)
    good = np.isfinite(y).all(axis=0)
    out = np.full((x.shape[1], y.shape[1]), np.nan)
    out[:, good] = np.linalg.lstsq(x, y[:, good], rcond=None)[0]
    return out


def _partial(x: Floats, y: Floats) -> Floats:
    """Correlation of each column of x with y once the other columns are taken out of both."""
    x, y = x - x.mean(0), y - y.mean(0)
    out = np.empty((x.shape[1], y.shape[1]))
    for j in range(x.shape[1]):
        others = np.delete(x, j, axis=1)
        q = np.linalg.qr(others)[0]
        own = x[:, j] - q @ (q.T @ x[:, j])
        rest = y - q @ (q.T @ y)
        size = np.linalg.norm(own) * np.linalg.norm(rest, axis=0)
        with np.errstate(divide="ignore", invalid="ignore"):
            out[j] = (own @ rest) / size
    return out


def one_at_a_time(design: Design, values: Floats, seed: int = 1) -> list[Measure]:
    """Lowest and highest output that each factor alone leads to, and the swing around the centre.

    swing: highest minus lowest, the centre included; relative_swing: divided by the centre.
    """
    moved = ~np.isnan(_per_factor(design, design.points))
    centre = values[0]
    low = np.stack([np.minimum(values[m].min(axis=0), centre) for m in moved.T])
    high = np.stack([np.maximum(values[m].max(axis=0), centre) for m in moved.T])
    swing = high - low
    swing = np.where(swing > _ROUNDING * np.abs(centre), swing, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        relative = np.where(centre != 0, swing / np.abs(centre), np.nan)
    at_low = np.stack([values[m][0] for m in moved.T])
    at_high = np.stack([values[m][-1] for m in moved.T])
    return [
        Measure("swing", swing),
        Measure("relative_swing", relative),
        Measure("at_low", at_low),
        Measure("at_high", at_high),
        Measure("centre", np.broadcast_to(centre, swing.shape)),
    ]


def grid(design: Design, values: Floats, seed: int = 1) -> list[Measure]:
    """Range of the mean output over each factor's levels, and its share of the variance.

    at_low, at_high: mean output at the factor's first and last level.
    """
    x = _per_factor(design, design.points)
    spans, shares, ends = [], [], []
    whole = values.var(axis=0)
    for column in x.T:
        means = np.stack([values[column == level].mean(axis=0) for level in np.unique(column)])
        spans.append(np.ptp(means, axis=0))
        ends.append((means[0], means[-1]))
        with np.errstate(divide="ignore", invalid="ignore"):
            shares.append(np.where(whole > 0, means.var(axis=0) / whole, np.nan))
    low, high = (np.stack([end[side] for end in ends]) for side in (0, 1))
    return [
        Measure("main_range", np.stack(spans)),
        Measure("share", np.stack(shares)),
        Measure("at_low", low),
        Measure("at_high", high),
    ]


_ANALYSES = {
    "sobol": sobol,
    "morris": morris,
    "lhs": latin,
    "oat": one_at_a_time,
    "grid": grid,
}
