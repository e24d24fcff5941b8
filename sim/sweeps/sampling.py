"""Where a sweep looks: points of the unit cube, one column for each parameter.

A point's coordinate is the probability at which a parameter's own distribution is read; NaN means
its central value.  "sobol" and "morris" take SALib's samples (Saltelli's scheme on a scrambled
Sobol' sequence; Morris's trajectories), "lhs" a Latin hypercube; "oat" moves one factor at a time
and "grid" combines all levels.  A parameter with a list of k values (a named method) is a discrete
factor, each value as likely as the others: oat and grid walk the list, lhs and sobol cut 0..1 into
k equal parts, a trajectory of morris steps from one value of the list to another.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from sim.arrays import Floats
from sim.errors import ConfigError, fault

Ints = npt.NDArray[np.intp]

METHODS = ("grid", "oat", "lhs", "morris", "sobol")
LISTED = ("oat", "grid")  # methods that walk a list of values from end to end
DEFAULT_N = {"grid": 3, "oat": 2, "lhs": 256, "morris": 20, "sobol": 256}
MORRIS_LEVELS = 4
OAT_SPAN = (0.1, 0.9)
GRID_SPAN = (0.05, 0.95)
MOST_RUNS = 5_000_000


@dataclass(frozen=True)
class Design:
    """Points of a sweep."""

    method: str
    columns: tuple[str, ...]
    """Parameters."""
    factors: tuple[str, ...]
    """What gets an index: a parameter or a group of them."""
    factor_of: Ints
    """Factor of each column."""
    points: Floats
    """(run, column)."""
    n: int
    """Base sample: rows (sobol, lhs), trajectories (morris), levels (oat, grid)."""
    seed: int
    levels: tuple[int, ...] = ()
    """How many listed values each column has, 0 for a number; () if all are numbers."""

    @property
    def has_list(self) -> npt.NDArray[np.bool_]:
        """Which factors are, or have among them, a list of values, (factor)."""
        found = np.zeros(len(self.factors), bool)
        for column, k in enumerate(self.levels):
            found[self.factor_of[column]] |= k > 0
        return found

    def places(self) -> Floats:
        """The points, with the place in its list (from 0) for each column that has one."""
        places = self.points.copy()
        if self.method not in LISTED:
            for i, k in enumerate(self.levels):
                if k:
                    places[:, i] = np.minimum(np.floor(k * places[:, i]), k - 1)
        return places


def design(
    method: str,
    columns: Sequence[str],
    n: int,
    seed: int,
    *,
    groups: Mapping[str, Sequence[str]] | None = None,
    levels: Mapping[str, int] | None = None,
) -> Design:
    """The points of a sweep.

    columns: parameters.  groups: name -> its parameters; they are exchanged together (sobol,
    morris) or share one coordinate (oat, grid, lhs).  levels: parameters with a fixed list of
    values -> how many; their coordinate is the place in that list (oat, grid) or 0..1 as any
    other's.
    Raises ConfigError where the size does not fit the method.
    """
    names, factor_of = _factors(columns, groups or {})
    listed = levels or {}
    fixed = {names[factor_of[list(columns).index(c)]]: k for c, k in listed.items()}
    _check(method, names, n, fixed)
    if method == "sobol":
        points = _sobol(columns, names, factor_of, n, seed)
    elif method == "morris":
        points = _morris(columns, names, factor_of, n, seed)
        _step_through_lists(points, [listed.get(c, 0) for c in columns], n, seed)
    elif method == "lhs":
        sampler = stats.qmc.LatinHypercube(len(names), rng=np.random.default_rng(seed))
        points = np.asarray(sampler.random(n))[:, factor_of]
    else:
        steps = [_levels(method, n, fixed.get(name)) for name in names]
        shared = _one_at_a_time(steps) if method == "oat" else _grid(steps)
        points = shared[:, factor_of]
    sizes = tuple(listed.get(c, 0) for c in columns) if listed else ()
    return Design(method, tuple(columns), names, factor_of, points, n, seed, sizes)


def size(method: str, factors: int, n: int) -> int:
    """Number of model runs, where every factor is a number."""
    if method == "sobol":
        return n * (factors + 2)
    if method == "morris":
        return n * (factors + 1)
    if method == "lhs":
        return n
    return 1 + n * factors if method == "oat" else n**factors


def _factors(columns: Sequence[str], groups: Mapping[str, Sequence[str]]) -> tuple[tuple[str, ...], Ints]:
    group_of = {member: name for name, members in groups.items() for member in members}
    own = [group_of.get(c, c) for c in columns]
    names = tuple(dict.fromkeys(own))
    return names, np.array([names.index(o) for o in own], dtype=np.intp)


def _check(method: str, names: Sequence[str], n: int, fixed: Mapping[str, int]) -> None:
    place = f"--method {method}"
    if method not in METHODS:
        raise ConfigError(fault(place, "no such method", f"one of {', '.join(METHODS)}"))
    if method == "sobol" and (n < 2 or n & (n - 1)):
        below = 1 << max(int(n).bit_length() - 1, 1)
        remedy = f"a Sobol' sequence is balanced only then: write --n {below} or --n {2 * below}"
        raise ConfigError(fault(place, f"n = {n} is not a power of two", remedy))
    if method == "morris" and n < 2:
        raise ConfigError(fault(place, f"n = {n} trajectories", "write --n 10 or more"))
    if method == "lhs" and n < len(names) + 4:
        remedy = f"write --n {len(names) + 4} or more for {len(names)} factors"
        raise ConfigError(fault(place, f"n = {n} is too few", remedy))
    if method == "grid" and n < 2:
        raise ConfigError(fault(place, f"n = {n} levels", "write --n 2 or more"))
    seen = {"lhs": n, "sobol": n, "morris": 2 * n}.get(method)
    for name, k in fixed.items():
        if seen is not None and seen < k:
            least = k if method == "lhs" else -(-k // 2) if method == "morris" else 1 << (k - 1).bit_length()
            wrong = f"n = {n} is too few for the {k} values of {name}"
            raise ConfigError(fault(place, wrong, f"write --n {least} or more"))
    runs = size(method, len(names), n)
    if method == "grid":
        runs = int(np.prod([float(fixed.get(name, n)) for name in names]))
    if runs > MOST_RUNS:
        remedy = "fewer factors (--over), a smaller --n, or groups"
        raise ConfigError(fault(place, f"{runs:.3g} runs", remedy))


def _problem(columns: Sequence[str], names: Sequence[str], factor_of: Ints) -> dict[str, object]:
    problem: dict[str, object] = {
        "num_vars": len(columns),
        "names": list(columns),
        "bounds": [[0.0, 1.0]] * len(columns),
    }
    if len(names) < len(columns):
        problem["groups"] = [names[f] for f in factor_of]
    return problem


def _sobol(columns: Sequence[str], names: Sequence[str], factor_of: Ints, n: int, seed: int) -> Floats:
    from SALib.sample import sobol

    problem = _problem(columns, names, factor_of)
    return np.asarray(sobol.sample(problem, n, calc_second_order=False, seed=seed))


def _morris(columns: Sequence[str], names: Sequence[str], factor_of: Ints, n: int, seed: int) -> Floats:
    from SALib.sample import morris

    problem = _problem(columns, names, factor_of)
    found = morris.sample(problem, n, num_levels=MORRIS_LEVELS, seed=seed)
    return np.array(found, float, order="C")  # a copy in rows: its lists are written over


def _step_through_lists(points: Floats, levels: Sequence[int], n: int, seed: int) -> None:
    """Give each column with a list two of its values in each trajectory, before and after its step.

    points: (run, column), changed in place.  Over the trajectories each value comes first as often
    as any other, and each distance in the list is stepped as often.
    """
    rng = np.random.default_rng([seed, len(levels)])
    paths = points.reshape(n, -1, points.shape[1])
    for column, k in enumerate(levels):
        if not k:
            continue
        late = paths[:, :, column] != paths[:, :1, column]
        before = np.concatenate([rng.permutation(k) for _ in range(-(-n // k))])[:n]
        shift = np.concatenate([rng.permutation(np.arange(1, k)) for _ in range(-(-n // (k - 1)))])[:n]
        after = (before + shift) % k
        place = np.where(late, after[:, None], before[:, None])
        paths[:, :, column] = (place + 0.5) / k


def _levels(method: str, n: int, fixed: int | None) -> Floats:
    if fixed is not None:
        return np.arange(fixed, dtype=float)
    if n == 1:
        return np.array([OAT_SPAN[1]])
    return np.linspace(*(OAT_SPAN if method == "oat" else GRID_SPAN), n)


def _one_at_a_time(steps: Sequence[Floats]) -> Floats:
    rows = [np.full(len(steps), np.nan)]
    for i, levels in enumerate(steps):
        for level in levels:
            row = np.full(len(steps), np.nan)
            row[i] = level
            rows.append(row)
    return np.stack(rows)


def _grid(steps: Sequence[Floats]) -> Floats:
    return np.array(list(itertools.product(*steps)), dtype=float)
