"""Exact companions of the ward: Erlang's loss and delay formulas.

A bed is a server, the offered load `a` = admissions per day x mean stay in days (erlang). By
Poisson arrivals the loss formula holds for any shape of stay (insensitivity).
Iversen, Teletraffic Engineering and Network Planning (DTU), ch. 4 and 9; standard identities.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaincc, gammaln

from sim.argument_kinds import looked_at
from sim.arguments import count_faults, positive_faults, refuse
from sim.arrays import Floats
from sim.errors import ParameterError, fault, raise_all

_PLACE = "sim.hospital.erlang"
_MOST_SERVERS = 1_000_000
_BISECTIONS = 60
_TOTAL = 1e-6  # how far weights may be from adding up to 1


@looked_at
def erlang_b(load: ArrayLike, servers: ArrayLike) -> Floats:
    """Share of arrivals that find all servers busy in M/G/c/c.

    load: offered load, erlang, >= 0.  servers: whole number >= 1.  The two broadcast.
    Returns a share 0..1, float64, of the broadcast shape.
    Raises ParameterError for a negative or non-finite load and for less than one server.
    Recursion B(n) = a B(n-1) / (n + a B(n-1)), B(0) = 1: no factorial, so stable at any size.
    """
    a, n = np.broadcast_arrays(_loads(load), _servers(servers))
    blocked = np.ones(a.shape)
    out = np.ones(a.shape)
    for k in range(1, int(n.max(initial=0)) + 1):
        blocked = a * blocked / (k + a * blocked)
        out = np.where(n == k, blocked, out)
    return out


@looked_at
def erlang_c(load: ArrayLike, servers: ArrayLike) -> Floats:
    """Share of arrivals that wait in M/M/c without a limit on the queue.

    load: erlang, < servers.  servers: whole number >= 1.  Returns a share 0..1.
    Raises ParameterError where load >= servers: such a queue grows without end.
    C = B / (1 - (a/n)(1 - B)).
    """
    a, n = np.broadcast_arrays(_loads(load), _servers(servers))
    if np.any(a >= n):
        at = np.flatnonzero((a >= n).ravel())[0]
        wrong = f"load {a.ravel()[at]:g} >= {n.ravel()[at]} servers: the queue never settles"
        raise ParameterError(fault(_PLACE, wrong, "give more servers, or a loss model (erlang_b)"))
    blocked = erlang_b(a, n)
    return np.asarray(blocked / (1.0 - (a / n) * (1.0 - blocked)))


@looked_at
def mean_wait(load: ArrayLike, servers: ArrayLike, mean_service: float, cv: float = 1.0) -> Floats:
    """Mean wait of all arrivals in M/M/c (cv = 1, exact) or M/G/c (approximate), as mean_service.

    Wq = C s / (c - a) x (1 + cv^2) / 2; the last factor is the two-moment approximation of
    Lee and Longton, exact for one server and for cv = 1.
    load: erlang, < servers.  mean_service: any unit of time, > 0.  cv: of the service, >= 0.
    Raises ParameterError where one of them is not so.
    """
    refuse(positive_faults("mean_service", mean_service), count_faults("cv", cv))
    a, n = np.broadcast_arrays(_loads(load), _servers(servers))
    return np.asarray(erlang_c(a, n) * mean_service / (n - a) * (1.0 + cv**2) / 2.0)


@looked_at
def beds_for_blocking(load: ArrayLike, target: ArrayLike) -> NDArray[np.int64]:
    """Smallest number of beds at which at most the share `target` of arrivals finds none free.

    load: erlang.  target: share, 0 < target < 1.  The two broadcast; returns whole beds, >= 1.
    """
    a, limit = np.broadcast_arrays(_loads(load), _targets(target))
    blocked = np.ones(a.shape)
    beds = np.zeros(a.shape, dtype=np.int64)
    for k in range(1, _MOST_SERVERS):
        if np.all(beds > 0):
            break
        blocked = a * blocked / (k + a * blocked)
        beds = np.where((beds == 0) & (blocked <= limit), k, beds)
    return beds


@dataclass(frozen=True)
class LoadPattern:
    """How the offered load moves through the year: relative load and weight of each class.

    load: relative to the yearly mean.  weight: share of the arrivals that meet it, adding up to 1.
    """

    load: tuple[float, ...] = (1.0,)
    weight: tuple[float, ...] = (1.0,)

    def __post_init__(self) -> None:
        values = np.asarray([*self.load, *self.weight])
        if not np.all(np.isfinite(values)) or np.any(values < 0):
            raise ParameterError(fault(_PLACE, "pattern has a negative or non-finite value", ""))
        if len(self.load) != len(self.weight) or abs(sum(self.weight) - 1.0) > _TOTAL:
            wrong = f"{len(self.load)} loads, weights of {sum(self.weight):g}"
            raise ParameterError(fault(_PLACE, wrong, "one weight a load, adding up to 1"))


FLAT = LoadPattern()


@looked_at
def load_for_blocking(servers: ArrayLike, target: ArrayLike, pattern: LoadPattern = FLAT) -> Floats:
    """Largest mean load (erlang) that `servers` beds bear at a blocked share of `target`.

    Bisection, as blocking rises with load.
    """
    n, limit = np.broadcast_arrays(_servers(servers), _targets(target))
    low = np.zeros(n.shape)
    high = n * (2.0 + 4.0 * limit / (1.0 - limit)) + 1.0
    for _ in range(_BISECTIONS):
        middle = 0.5 * (low + high)
        over = patterned_blocking(middle, n, pattern) > limit
        low, high = np.where(over, low, middle), np.where(over, middle, high)
    return low


def patterned_blocking(load: ArrayLike, servers: ArrayLike, pattern: LoadPattern = FLAT) -> Floats:
    """Blocked share when the load moves with season, weekday and hour: sum of w B(load x m).

    Pointwise Erlang B on the offered load of the time (modified offered load; Massey and Whitt
    1994, doi:10.1214/aoap/1177004975).
    """
    a, n = np.broadcast_arrays(_loads(load), _servers(servers))
    blocked = _erlang_b_closed(a[..., None] * np.asarray(pattern.load), n[..., None])
    return np.asarray((blocked * np.asarray(pattern.weight)).sum(axis=-1))


def occupancy(load: ArrayLike, servers: ArrayLike, pattern: LoadPattern = FLAT) -> Floats:
    """Mean share of beds in use when blocked arrivals leave: a (1 - B) / n."""
    a, n = np.broadcast_arrays(_loads(load), _servers(servers))
    return np.asarray(a * (1.0 - patterned_blocking(a, n, pattern)) / n)


@looked_at
def load_at_occupancy(target: ArrayLike, servers: ArrayLike, pattern: LoadPattern = FLAT) -> Floats:
    """Offered load (erlang) at which `servers` beds show a mean occupancy of `target` (0..1)."""
    rho, n = np.broadcast_arrays(_targets(target), _servers(servers))
    low, high = np.zeros(n.shape), n / (1.0 - rho) + 1.0
    for _ in range(_BISECTIONS):
        middle = 0.5 * (low + high)
        under = occupancy(middle, n, pattern) < rho
        low, high = np.where(under, middle, low), np.where(under, high, middle)
    return np.asarray(0.5 * (low + high))


def _erlang_b_closed(a: Floats, n: NDArray[np.int64]) -> Floats:
    """Erlang B without a loop, for searches: Poisson probability of n over that of at most n.

    P(N = n) / P(N <= n) with N Poisson(a). Where the tail underflows (load far above the beds)
    1 - n/a, which is then exact to double precision of the shares that are searched for.
    """
    safe = np.maximum(a, np.finfo(float).tiny)
    at_most = gammaincc(n + 1.0, safe)
    exactly = np.exp(n * np.log(safe) - safe - gammaln(n + 1.0))
    overloaded = at_most < 1e-250
    ratio = exactly / np.where(overloaded, 1.0, at_most)
    return np.asarray(np.where(overloaded, 1.0 - n / safe, ratio))


def _loads(load: ArrayLike) -> Floats:
    a = np.asarray(load, dtype=np.float64)
    if not np.all(np.isfinite(a)) or np.any(a < 0):
        bad = a.ravel()[~(np.isfinite(a) & (a >= 0)).ravel()][0]
        raise ParameterError(fault(f"{_PLACE}: load", f"load {bad:g}", "a load is finite and not negative"))
    return a


def _servers(servers: ArrayLike) -> NDArray[np.int64]:
    n = np.asarray(servers, dtype=np.float64)
    faults = []
    for value in np.unique(n[~(np.isfinite(n) & (n >= 1) & (n == np.floor(n)))]).tolist()[:3]:
        faults.append(fault(f"{_PLACE}: servers", f"{value:g} beds", "a whole number of beds, 1 or more"))
    raise_all(ParameterError, faults)
    return n.astype(np.int64)


def _targets(target: ArrayLike) -> Floats:
    share = np.asarray(target, dtype=np.float64)
    if not np.all((share > 0) & (share < 1)):
        bad = share.ravel()[~((share > 0) & (share < 1)).ravel()][0]
        raise ParameterError(fault(f"{_PLACE}: target", f"target {bad:g}", "a share between 0 and 1"))
    return share
