"""Death rates that reach a stated life expectancy: a reference schedule by age, shifted.

Methods by name. "logit": Brass's relational model with beta = 1, logit l'(x) = alpha + logit l(x)
(Brass 1971; IUSSP Population Analysis for Policies and Programmes, module 103, appendix 1): odds of
having died grow by one factor at every age, so death rates move most in mid life and hardly at the
highest ages. "lee_carter": log m'(x) = log m(x) + k b(x) along a pattern of improvement b that
both sexes share: the form of Lee and Carter, coherent over the sexes. One number per target is
solved for, by a monotone grid of life expectancies refined where targets lie; the grid's points do
not depend on the targets, so that a draw's answer is the same beside any other draws. What a target
means at each age is a result.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import xarray as xr

from sim.argument_kinds import looked_at
from sim.arguments import (
    choice_faults,
    dim_faults,
    label_faults,
    only_dim_faults,
    positive_faults,
    rate_faults,
    refuse,
    rising_faults,
    same_label_faults,
    single_age_faults,
    value_faults,
)
from sim.arrays import Floats
from sim.demography.mortality_compiled import HIGHEST_RATE
from sim.errors import ParameterError, fault
from sim.lifetable import HIGHEST_OPEN_RATE, searched_expectancy
from sim.schema import SEXES

METHODS = ("logit", "lee_carter")
_LOGIT_REACH = 4.0  # log odds: far beyond any human schedule from any other
_POINTS = 257  # of the coarse grid
_PARTS = 8  # of each step of the coarse grid where targets lie


@looked_at
def shift_to_e0(
    mx: xr.DataArray,
    e0: xr.DataArray,
    method: str = "logit",
    *,
    improvement: xr.DataArray | None = None,
    ax: str = "wpp",
) -> xr.DataArray:
    """Death rates of the reference's shape whose life expectancy is e0, to 0.001 year.

    mx: reference, person-1 year-1, dims (sex, age, ...), single ages, the last open.  e0: years,
    dims (sex, ...).  Dims of mx must be dims of e0 too, except age; dims that only e0 has (draw,
    year) are solved for one reference.  improvement: dims (age), for "lee_carter", see
    improvement_pattern; None takes b = 1 at every age.
    Returns dims (other dims of e0, sex, age, draw last).
    Raises ParameterError for rates below 0, not finite or by age group, for labels that differ, or
    an e0 that no shift of the reference reaches.
    """
    missing = [d for d in ("sex", "age") if d not in mx.dims] + ["sex"] * ("sex" not in e0.dims)
    if missing:
        raise ParameterError(fault("shift_to_e0", f"no dim {missing}", "mx (sex, age), e0 (sex)"))
    refuse(dim_faults("mx", mx), dim_faults("e0", e0), single_age_faults("mx", mx))
    refuse(*(label_faults(name, array, "sex", SEXES) for name, array in (("mx", mx), ("e0", e0))))
    refuse(rate_faults("mx", mx, high=HIGHEST_OPEN_RATE), value_faults("e0", e0, 0.0, remedy="years"))
    refuse(same_label_faults("e0", e0, mx))
    if improvement is not None:
        given = ("improvement", improvement)
        refuse(dim_faults(*given, "age"), only_dim_faults(*given, "age"))
        refuse(same_label_faults(*given, mx, "age"), value_faults(*given))
        if float(improvement.mean()) <= 0:
            wrong = f"{float(improvement.mean()):g} in the mean of all ages"
            raise ParameterError(fault("improvement", wrong, "above 0: more of it means fewer deaths"))
    lead = [d for d in mx.dims if d not in ("sex", "age")]
    trail = [d for d in e0.dims if d not in ("sex", *lead)]
    trail.sort(key=lambda d: d == "draw")
    e0 = e0.broadcast_like(mx.isel(age=0, drop=True)).transpose(*lead, "sex", *trail)
    mx = mx.transpose(*lead, "sex", "age").sel(sex=e0["sex"])
    pattern = None
    if improvement is not None:
        pattern = improvement.transpose("age").sel(age=mx["age"]).values
    targets = e0.values.reshape(*e0.shape[: len(lead) + 1], -1)
    sexes = [str(s) for s in mx["sex"].values]
    shifted = solve_shift(mx.values, targets, method, improvement=pattern, sexes=sexes, ax=ax)
    shape = (*mx.shape, *(e0.sizes[d] for d in trail))
    coords = {**mx.coords, **{d: e0[d] for d in trail if d in e0.coords}}
    result = xr.DataArray(shifted.reshape(shape), dims=(*mx.dims, *trail), coords=coords)
    order = [d for d in result.dims if d not in ("sex", "age", "draw")]
    last = ["draw"] if "draw" in result.dims else []
    return result.transpose(*order, "sex", "age", *last).assign_attrs(units="1/year")


def solve_shift(
    mx_ref: Floats,
    e0_target: Floats,
    method: str = "logit",
    *,
    improvement: Floats | None = None,
    sexes: Sequence[str] = SEXES,
    ax: str = "wpp",
    out: Floats | None = None,
) -> Floats:
    """The same on NumPy arrays: mx_ref (..., sex, age), e0_target (..., sex, draw).

    mx_ref by single age, person-1 year-1; e0_target in years.
    Returns (..., sex, age, draw), or fills `out`. improvement (age,) or (..., sex, age). Leading axes match.
    Raises ParameterError for an unknown method, shapes that do not match, rates below 0, values
    that are not finite, an e0 that no shift reaches.
    """
    refuse(choice_faults("method", method, METHODS))
    refuse(rate_faults("mx", mx_ref), value_faults("e0", e0_target, remedy="years"))
    if mx_ref.shape[:-1] != e0_target.shape[:-1] or mx_ref.shape[-2] != len(sexes):
        raise ParameterError(
            fault("e0", f"shape {e0_target.shape} for mx {mx_ref.shape}", "(..., sex, draw)")
        )
    if improvement is None:
        improvement = np.ones(mx_ref.shape[-1])
    refuse(value_faults("improvement", improvement))
    pattern = np.broadcast_to(improvement, mx_ref.shape)
    result = np.empty((*mx_ref.shape, e0_target.shape[-1])) if out is None else out
    for cell in np.ndindex(mx_ref.shape[:-1]):
        search = search_of(mx_ref[cell], pattern[cell], sexes[cell[-1]], method, ax)
        shift = search.shift(e0_target[cell])
        rates = search.schedule.shifted(shift, out=result[cell])
        if rates.max(initial=0.0) > HIGHEST_RATE:
            raise ParameterError(fault("e0", "the shift gives death rates above 2", "a higher target"))
    return result


def improvement_pattern(mx: xr.DataArray) -> xr.DataArray:
    """Lee-Carter's b(x): the mean yearly fall of log death rates, shared by both sexes, mean 1.

    mx: rates, person-1 year-1, dims (sex, age, year) of two years or more.  First against last
    year, mean over sexes.  Returns dims (age).
    Raises ParameterError where mortality did not fall on the whole, years are out of order, or a
    rate is 0 or not finite.
    """
    if "year" not in mx.dims or mx.sizes["year"] < 2 or bool((mx <= 0).any()):
        raise ParameterError(fault("mx", "one year, or rates of 0", "rates above 0 of two years"))
    refuse(dim_faults("mx", mx, "age"), positive_faults("mx", mx))
    if "year" in mx.coords:
        refuse(rising_faults("mx", mx, "year"))
    logs = mx.copy(data=np.log(mx.values))
    fall = logs.isel(year=0, drop=True) - logs.isel(year=-1, drop=True)
    fall = fall.mean([d for d in fall.dims if d != "age"])
    if float(fall.mean()) <= 0:
        raise ParameterError(fault("mx", "mortality does not fall over the years", "other years"))
    return fall / fall.mean()


def _reach(b: Floats, method: str) -> Floats:
    reach = _LOGIT_REACH if method == "logit" else 0.5 * _LOGIT_REACH / max(1.0, np.abs(b).max())
    return np.linspace(-reach, reach, _POINTS)


def search_of(mx: Floats, pattern: Floats, sex: str, method: str, ax: str) -> Search:
    """The search of one schedule (age,) and its pattern of improvement (age,), as far as it has come."""
    own = (np.asarray(array, dtype=float).tobytes() for array in (mx, pattern))  # whatever order of bytes
    return _searched(*own, sex, method, ax)


@lru_cache(maxsize=2048)  # the years and sexes of some regions; a block's passes and later blocks meet them
def _searched(mx: bytes, b: bytes, sex: str, method: str, ax: str) -> Search:
    return Search(Schedule(np.frombuffer(mx), np.frombuffer(b), method), sex, ax)


class Search:
    """The shift of a schedule by its life expectancy, on a coarse grid and a fine one.

    The fine grid is one and the same lattice for all targets; what is known of it is kept, so that later
    passes and blocks find it.
    """

    def __init__(self, schedule: Schedule, sex: str, ax: str) -> None:
        self.schedule, self._sex, self._ax = schedule, sex, ax
        self._coarse = _reach(schedule.pattern, schedule.method)
        self._roughly = _falling(searched_expectancy(schedule.shifted(self._coarse), sex, ax), self._coarse)
        self._fine = np.full((self._coarse.size - 1) * _PARTS + 1, np.nan)
        self._lattice = np.empty(self._fine.size)

    def shift(self, target: Floats) -> Floats:
        """The shift of each target, life expectancies in years; one or more."""
        _refuse_beyond(self._roughly[0], target, self._sex)
        ends = np.array([target.min(), target.max()])
        cut = self._refined(_invert(*self._roughly, ends, self._sex))
        return _invert(self._fine[cut], self._lattice[cut], target, self._sex)

    def _refined(self, near: Floats) -> slice:
        """The cut of the fine grid around the shifts `near`, filled where it was not."""
        coarse = self._coarse
        step = coarse[1] - coarse[0]
        first = int(np.floor((near.min() - coarse[0]) / step)) - 1
        last = int(np.floor((near.max() - coarse[0]) / step)) + 2
        cut = slice(max(first, 0) * _PARTS, min(last, coarse.size - 1) * _PARTS + 1)
        (new,) = np.nonzero(np.isnan(self._fine[cut]))
        if new.size:
            at = cut.start + np.arange(new[0], new[-1] + 1)
            points = coarse[0] + at * (step / _PARTS)
            self._lattice[at] = points
            self._fine[at] = searched_expectancy(self.schedule.shifted(points), self._sex, self._ax)
        return cut


class Schedule:
    """Death rates by age that are shifted: more of a shift means more deaths."""

    def __init__(self, mx: Floats, b: Floats, method: str) -> None:
        self._mx, self.pattern, self.method = mx, b, method
        if method == "lee_carter":
            return
        # Brass: with odds factor c, l' = l / (l + (1 - l) c); m' from q' keeping the reference's ax
        dead = _dead_by_age(mx)  # 1 - l(x), of exact ages 0..open
        # q' = 1 - l'(x+1)/l'(x) = q c / (l + (1 - l) c)(x+1); m'/m = (q'/q) (1 - (1-a) q) / (1 - (1-a) q'):
        # together m' = m (1 - (1-a) q) / [l(x+1) / c + 1 - l(x+1) - (1-a) q], and of the open group q = 0
        alive = 1.0 - dead[:-1]
        q = np.divide(np.diff(dead), alive, out=np.ones_like(alive), where=alive > 0)  # nobody left: all die
        late = np.where(q > 0, 1.0 - np.divide(q, mx[:-1], out=np.ones_like(q), where=mx[:-1] > 0), 0.0)
        late = np.append(late, 0.0)  # (1 - a) q: the part of the year that those who die do not live
        then = np.append(dead[1:], dead[-1])  # at the end of the age; the open one has none
        self.rows = np.stack([mx * (1.0 - late), 1.0 - then, then - late], axis=-1)
        self._lived, self._kept, self._gone = (
            np.ascontiguousarray(row)[:, None] for row in np.moveaxis(self.rows, -1, 0)
        )

    def shifted(self, shift: Floats, out: Floats | None = None) -> Floats:
        """Rates (age, shift)."""
        rates: Floats = np.empty((self._mx.size, shift.size)) if out is None else out
        if self.method == "lee_carter":
            np.exp(np.outer(self.pattern, shift), out=rates)
            rates *= self._mx[:, None]
            return rates
        np.multiply(self._kept, np.exp(-shift), out=rates)
        rates += self._gone
        rates = np.divide(self._lived, rates, out=rates)
        return rates


def _dead_by_age(mx: Floats) -> Floats:
    q = mx[:-1] / (1.0 + 0.5 * mx[:-1])
    return np.concatenate([[0.0], 1.0 - np.cumprod(1.0 - q)])


def _invert(e0: Floats, shift: Floats, target: Floats, sex: str) -> Floats:
    """The shift of each target; e0 falls with the shift."""
    e0, shift = _falling(e0, shift)
    _refuse_beyond(e0, target, sex)
    found: Floats = np.interp(target, e0[::-1], shift[::-1])
    return found


def _falling(e0: Floats, shift: Floats) -> tuple[Floats, Floats]:
    """Those points of a grid at which life expectancy is below that of all before."""
    if (e0[1:] < e0[:-1]).all():
        return e0, shift
    keep = np.concatenate([[True], e0[1:] < np.minimum.accumulate(e0)[:-1]])
    return e0[keep], shift[keep]


def _refuse_beyond(e0: Floats, target: Floats, sex: str) -> None:
    """Refuse a target that is no number or not within e0, which falls."""
    low, high = float(e0[-1]), float(e0[0])
    if not (target.min(initial=high) >= low and target.max(initial=low) <= high):  # NaN is neither
        worst = float(target[~((target >= low) & (target <= high))][0])
        raise ParameterError(
            fault(
                f"e0: {sex}",
                f"{worst:g} years is not reached by this reference",
                f"{low:.1f}..{high:.1f}",
            )
        )
