"""Life tables from death rates: single-year and abridged, any further dims.

Column formulas: standard identities, as in Preston, Heuveline and Guillot (2001), Demography,
box 3.1, p. 49. Variance of life expectancy: Chiang (1984), The Life Table and its Applications.
The last age group is open: qx = 1, ax = 1 / mx.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr

from sim.argument_kinds import looked_at
from sim.arguments import (
    cell_fault,
    count_faults,
    dim_faults,
    label_faults,
    positive_faults,
    rate_faults,
    refuse,
    rising_faults,
    same_label_faults,
    single_age_faults,
    value_faults,
)
from sim.arrays import Floats, all_within, compact, running
from sim.errors import ParameterError, fault
from sim.lifetable.ax import HIGHEST_OPEN_RATE, ax_by_rule, infant_ax, name_faults
from sim.lifetable.survival import infant_ax_by_sex, survival_ratios
from sim.lifetable.walk import walk_ages, walked_expectancy
from sim.lifetable.walk_compiled import compiled
from sim.schema import SEXES

UNITS = {
    "mx": "1/year",
    "ax": "year",
    "qx": "1",
    "lx": "1",
    "dx": "1",
    "Lx": "year",
    "Tx": "year",
    "ex": "year",
    "sx": "1",
}


@looked_at
def life_table(
    mx: xr.DataArray,
    *,
    sex: str | None = None,
    n: float | Sequence[float] | None = None,
    ax: str | xr.DataArray = "wpp",
    radix: float = 1.0,
) -> xr.Dataset:
    """Life table of central death rates: mx ax qx lx dx Lx Tx ex, and sx where groups are equal.

    mx: person-1 year-1, dims (age, ...), in any order; ages rise and the last group is open.
    sex: "female", "male" or "both"; None reads the labels of mx's own dim or coordinate `sex`.
    n: width of the age groups in years, one number or one per group; None takes it from the
    labels of `age`.  ax: a rule of sim.lifetable.ax.RULES or given years, dim age.
    sx(x): share of those aged x-n..x who live to be aged x..x+n after n years; at the first age
    L0 / (n l0), in the open group T(x) / T(x-n).
    Raises ParameterError (all faults at once) for ages out of order, twice or missing, labels that
    contradict n, mx < 0 or not finite, qx > 1, ax outside 0..n, unknown names.
    """
    refuse(dim_faults("mx", mx, "age"))
    sex = _sex_of(mx, sex)
    if sex is None:
        return _by_sex(mx, n, ax, radix)
    width = age_widths(mx, n)
    refuse(_rate_faults(mx), name_faults(sex, ax if isinstance(ax, str) else "wpp"))
    refuse(positive_faults("radix", radix, "survivors at the first age, above 0"))
    rates = mx.transpose("age", ...)
    values = np.asarray(rates.values, dtype=float)
    if isinstance(ax, str):
        first = float(mx["age"].values[0]) if "age" in mx.coords else 0.0
        years = ax_by_rule(values, width, sex, ax, first)
    else:
        years = _given_ax(ax, rates, width)
    _refuse_certain_death(rates, years, width)
    columns = table_columns(values, years, width, radix)
    table = xr.Dataset({k: (rates.dims, v) for k, v in columns.items()}, coords=rates.coords)
    for name in table.data_vars:
        table[name].attrs = {"units": UNITS[str(name)]}
    return table.transpose(*mx.dims)


def _by_sex(
    mx: xr.DataArray, n: float | Sequence[float] | None, ax: str | xr.DataArray, radix: float
) -> xr.Dataset:
    """A table for each sex that mx has, along its dim `sex`."""
    given = ax if isinstance(ax, xr.DataArray) and "sex" in ax.dims else None
    if given is not None:
        refuse(same_label_faults("ax", given, mx, "sex"))
    tables = [
        life_table(mx.sel(sex=s), sex=str(s), n=n, ax=ax if given is None else given.sel(sex=s), radix=radix)
        for s in mx["sex"].values
    ]
    return xr.concat(tables, dim=mx["sex"]).transpose(..., *mx.dims)


@looked_at
def table_columns(
    mx: Floats, ax: Floats, width: Floats, radix: float = 1.0, *, survival: bool = True
) -> dict[str, Floats]:
    """The columns as NumPy arrays with age first; mx, ax same shape, width one per age group.

    survival: with sx, where groups are of one width.

    Raises ParameterError for shapes that differ, mx < 0 or not finite, ax < 0, qx > 1.
    """
    if mx.shape != ax.shape or width.shape != mx.shape[:1]:
        wrong = f"shapes mx {mx.shape}, ax {ax.shape}, width {width.shape}"
        raise ParameterError(fault("life table", wrong, "mx and ax alike, one width per age group"))
    refuse(rate_faults("mx", mx, _axes(mx)), value_faults("ax", ax[:-1], 0.0, axes=_axes(ax)))
    refuse(positive_faults("width", width[:-1], "years, above 0"), positive_faults("radix", radix))
    n = width.reshape((-1,) + (1,) * (mx.ndim - 1))
    qx = _qx(mx[:-1], ax[:-1], n[:-1])
    if np.any(qx > 1.0):
        raise ParameterError(cell_fault("mx", mx[:-1], qx > 1.0, "gives qx > 1", "a lower rate", _axes(mx)))
    qx = np.concatenate([qx, np.ones_like(qx[:1])])
    lx = np.concatenate([np.ones_like(qx[:1]), running(np.multiply, 1.0 - qx[:-1])]) * radix
    dx = lx * qx
    Lx = np.empty_like(lx)
    Lx[:-1] = n[:-1] * lx[1:] + ax[:-1] * dx[:-1]
    with np.errstate(divide="ignore", invalid="ignore"):
        Lx[-1] = np.where(lx[-1] > 0, lx[-1] / mx[-1], 0.0)
        Tx = running(np.add, Lx[::-1])[::-1]
        ex = np.where(lx > 0, Tx / lx, ax)
    columns = {"mx": mx, "ax": ax, "qx": qx, "lx": lx, "dx": dx, "Lx": Lx, "Tx": Tx, "ex": ex}
    if survival and np.all(width[:-1] == width[0]):
        columns["sx"] = survival_ratios(Lx, float(width[0]), radix)
    return columns


@looked_at
def life_expectancy(mx: Floats, sex: str, rule: str = "wpp") -> Floats:
    """Life expectancy at birth of single-year rates, NumPy with age first; dims behind age stay.

    The life table's columns are walked through age by age and never held whole.
    Raises ParameterError where a rate is negative or not finite or gives qx > 1, for an unknown
    rule or sex.
    """
    if rule == "greville":
        raise ParameterError(fault("ax", "'greville' with single ages", "use 'wpp'"))
    if not mx.ndim:
        raise ParameterError(fault("mx", "a lone rate", "rates by single year of age along the first axis"))
    refuse(rate_faults("mx", mx, _axes(mx)))
    return walked_expectancy(mx, infant_ax(mx[0], sex, rule))


@looked_at
def expectancy_by_sex(mx: Floats, rule: str = "wpp") -> Floats:
    """`life_expectancy` of both sexes at once: mx (..., sex, age, draw), female first; (..., sex, draw).

    Raises ParameterError as that does, and for other dims.
    """
    if mx.ndim < 3 or mx.shape[-3] != len(SEXES):
        raise ParameterError(fault("mx", f"shape {mx.shape}", "(..., sex, age, draw)"))
    refuse(rate_faults("mx", mx))
    a0 = infant_ax_by_sex(mx[..., 0, :], rule)
    fast = compiled() if mx.shape[-1] > 1 else None
    if fast is not None and mx.shape[-2] > 1:
        e0, rates = np.empty(a0.shape), compact(mx)
        tables = rates.reshape(-1, *mx.shape[-2:]), a0.reshape(-1, mx.shape[-1])
        if fast.expected(*tables, e0.reshape(-1, mx.shape[-1])):
            return e0
    return walked_expectancy(np.moveaxis(mx, -2, 0), a0)


@looked_at
def searched_expectancy(mx: Floats, sex: str, rule: str = "wpp") -> Floats:
    """`life_expectancy` of a search: all ages at once, and rates beyond any count as certain death.

    mx: (age, point of the search), single years, person-1 year-1.  Returns years (point,).
    """
    a0 = infant_ax(np.minimum(mx[0], HIGHEST_OPEN_RATE), sex, rule)  # flat there
    q = mx[:-1] / (1.0 + 0.5 * mx[:-1])
    q[0] = mx[0] / (1.0 + (1.0 - a0) * mx[0])
    q = np.minimum(q, 1.0)
    alive = running(np.multiply, 1.0 - q)
    e0: Floats = 1.0 - (1.0 - a0) * q[0] + alive[:-1].sum(axis=0) - 0.5 * (q[1:] * alive[:-1]).sum(0)
    e0 += alive[-1] / mx[-1]
    return e0


@looked_at
def life_columns(mx: xr.DataArray) -> tuple[xr.DataArray, xr.DataArray]:
    """(Lx, ex) of single-year life tables of radix 1, a0 by the UN's rule for each sex.

    mx: central death rates, 1/year, dims with sex and age 0, 1, 2, .., the last one open.  Returns
    person-years lived at each age and remaining life at its start, years, dims of mx.
    Raises ParameterError for other ages or sexes, and as table_columns.
    """
    refuse(dim_faults("mx", mx, "sex", "age"), label_faults("mx", mx, "sex", SEXES))
    refuse(single_age_faults("mx", mx), _open_group_faults(mx))
    lived, remaining = np.empty(mx.shape), np.empty(mx.shape)
    if _compiled_columns(mx, lived, remaining):
        return mx.copy(data=lived), mx.copy(data=remaining)
    at_sex, at_age = mx.dims.index("sex"), mx.dims.index("age")
    for i, sex in enumerate(mx["sex"].values):
        cut = (slice(None),) * at_sex + (i,)
        rates, *out = (
            np.moveaxis(array[cut], at_age - (at_age > at_sex), 0)
            for array in (np.asarray(mx.values, dtype=float), lived, remaining)
        )
        refuse(rate_faults("mx", rates, _axes(rates)))
        if walk_ages(rates, infant_ax(rates[0], str(sex)), *out):
            continue
        width = np.ones(rates.shape[0])
        table = table_columns(rates, ax_by_rule(rates, width, str(sex)), width, survival=False)
        out[0][...], out[1][...] = table["Lx"], table["ex"]
    return mx.copy(data=lived), mx.copy(data=remaining)


def _compiled_columns(mx: xr.DataArray, lived: Floats, remaining: Floats) -> bool:
    """Whether `life_columns` of (.., sex, age, draw) could be filled by what is compiled."""
    fast = compiled()
    if fast is None or mx.dims[-3:-1] != ("sex", "age") or mx.shape[-1] < 2 or mx.shape[-2] < 2:
        return False
    rates = compact(np.asarray(mx.values))
    if not all_within(rates, 0.0):
        return False
    a0 = [infant_ax(rates[..., i, 0, :], str(sex)) for i, sex in enumerate(mx["sex"].values)]
    tables = (array.reshape(-1, *mx.shape[-2:]) for array in (lived, remaining))
    infants = np.stack(a0, axis=-2).reshape(-1, mx.shape[-1])
    return fast.columns(rates.reshape(-1, *mx.shape[-2:]), infants, *tables)


@looked_at
def e0_variance(
    table: xr.Dataset, deaths: xr.DataArray, n: float | Sequence[float] | None = None
) -> xr.DataArray:
    """Sampling variance of life expectancy at birth, years squared, given deaths by age.

    table: of life_table, dim age.  deaths: persons, dim age, the same labels.
    Var(e0) = sum over closed groups of lx^2 [(n - ax) + e(x+n)]^2 qx^2 (1 - qx) / deaths.
    Groups without deaths add nothing. Chiang (1984), chapter 8; the open group adds nothing.
    Raises ParameterError for deaths < 0, not finite or of other ages.
    """
    if lacking := [name for name in ("mx", "ax", "qx", "lx", "ex") if name not in table]:
        raise ParameterError(fault("table", f"without {lacking}", "the columns of life_table"))
    refuse(dim_faults("deaths", deaths, "age"), count_faults("deaths", deaths))
    refuse(same_label_faults("deaths", deaths, table["mx"], "age"))
    if "age" in deaths.coords and "age" in table.coords:
        deaths = deaths.sel(age=table["age"])
    width = xr.DataArray(age_widths(table["mx"], n), dims="age", coords={"age": table["age"]})
    last = table["age"].values[-1]
    var_q = (table["qx"] ** 2 * (1.0 - table["qx"]) / deaths).where(deaths > 0, 0.0)
    gain = (width - table["ax"]).where(table["age"] != last, 0.0) + table["ex"].shift(age=-1, fill_value=0.0)
    radix = table["lx"].isel(age=0, drop=True)
    terms = (table["lx"] / radix) ** 2 * gain**2 * var_q
    return terms.where(table["age"] != last, 0.0).sum("age")


@looked_at
def age_widths(mx: xr.DataArray, n: float | Sequence[float] | None = None) -> Floats:
    """Years per age group, open group last (its entry is not used), from n or the age labels.

    Raises ParameterError for ages out of order or twice, a group that is missing, labels that
    contradict n, and widths that are not above 0 or not one a group.
    """
    refuse(dim_faults("mx", mx, "age"))
    ages = mx.sizes["age"]
    if ages < 2:
        raise ParameterError(fault("mx", "fewer than two age groups", "add the open age group"))
    labelled = "age" in mx.coords
    if labelled:
        refuse(rising_faults("mx", mx))
    between = np.diff(np.asarray(mx["age"].values, dtype=float)) if labelled else None
    if n is None:
        if between is None:
            raise ParameterError(fault("n", "not given, and age has no labels", "say the width"))
        refuse(_gap_faults(np.asarray(mx["age"].values), between))
        return np.append(between, np.inf)
    width = np.broadcast_to(np.asarray(n, dtype=float), ages if np.ndim(n) == 0 else np.shape(n))
    if width.shape == (ages - 1,):
        width = np.append(width, np.inf)
    if width.shape != (ages,) or not np.all(width[:-1] > 0) or not np.isfinite(width[:-1]).all():
        shown = f"{np.ravel(n).tolist()[:4]} for {ages} age groups"
        raise ParameterError(fault("n", shown, "a width above 0, one for all or one each"))
    if between is not None and not np.array_equal(between, width[:-1]):
        at = int(np.argmax(between != width[:-1]))
        first, second = (f"{v:g}" for v in mx["age"].values[at : at + 2])
        wrong = f"n = {width[at]:g}, but ages {first} and {second} are {between[at]:g} apart"
        raise ParameterError(fault("mx: age", wrong, "labels and n that agree, or n left out"))
    return width


def _gap_faults(labels: Floats, width: Floats) -> list[str]:
    """A group that is missing shows as one that is wider than the group behind it, or the last.

    Groups may widen with age (0, 1-4, 5-9, ..; single years, then fives), never narrow.
    """
    narrower = np.flatnonzero(width[1:] < width[:-1])
    at = int(narrower[0]) if narrower.size else -1
    if at < 0 and width.size > 3 and width[-1] > width[-2] == width[-3]:
        at = width.size - 1
    if at < 0:
        return []
    wrong = f"{labels[at + 1]:g} follows {labels[at]:g}: {width[at]:g} years between narrower groups"
    return [fault("mx: age", wrong, "the missing ages, or n where such groups are meant")]


def _sex_of(mx: xr.DataArray, sex: str | None) -> str | None:
    """The sex of all rates; None where mx has a dim of its own for it."""
    own = None if "sex" not in mx.coords or mx["sex"].dims else str(mx["sex"].item())
    if "sex" in mx.dims:
        if "sex" not in mx.coords:
            raise ParameterError(fault("mx: sex", "has no labels", "label it female and male"))
        if sex is None:
            return None
        raise ParameterError(fault("sex", f"{sex!r} beside mx's own dim 'sex'", "leave one of them out"))
    if sex is None and own is None:
        raise ParameterError(fault("sex", "not given, and mx has no dim 'sex'", "female or male"))
    if sex is not None and own is not None and {sex, own} == set(SEXES):
        raise ParameterError(fault("sex", f"{sex!r}, but mx are rates of sex={own}", "the same sex"))
    return sex if sex is not None else own


def _rate_faults(mx: xr.DataArray) -> list[str]:
    """What is wrong with death rates: not finite, negative, or zero in the open age group."""
    infinite = ~np.isfinite(np.asarray(mx.values, dtype=float))
    faults = []
    if infinite.any():
        faults.append(cell_fault("mx", mx, infinite, "not finite", "fill or drop the age"))
    if (mx.values < 0).any():
        faults.append(cell_fault("mx", mx, mx < 0, "negative", "a rate of 0 or more"))
    return faults or _open_group_faults(mx)


def _open_group_faults(mx: xr.DataArray) -> list[str]:
    last = mx.isel(age=[-1])
    if bool((last == 0).any()):
        return [cell_fault("mx", last, last == 0, "zero in the open group", "a rate above 0: life must end")]
    if bool((last > HIGHEST_OPEN_RATE).any()):
        remedy = "per person-year, not per 1000"
        return [cell_fault("mx", last, last > HIGHEST_OPEN_RATE, "above any rate of an open group", remedy)]
    return []


def _given_ax(ax: xr.DataArray, rates: xr.DataArray, width: Floats) -> Floats:
    """Years ax laid out like the rates, 1 / mx in the open group."""
    refuse(dim_faults("ax", ax, "age"))
    refuse(same_label_faults("ax", ax, rates))
    closed = ax.transpose("age", ...).isel(age=slice(None, -1))
    limit = width[:-1].reshape((-1,) + (1,) * (closed.ndim - 1))
    faults = value_faults("ax", closed, 0.0, remedy="years lived inside the group, 0..n")
    if not faults and bool((closed.values > limit).any()):
        faults = [cell_fault("ax", closed, closed.values > limit, "above the width n", "years 0..n")]
    refuse(faults)
    if extra := [d for d in ax.dims if d not in rates.dims]:
        raise ParameterError(fault("ax", f"dims {extra} that mx lacks", "dims of mx"))
    years = np.array(ax.broadcast_like(rates).transpose(*rates.dims).values, dtype=float)
    with np.errstate(divide="ignore"):
        years[-1] = 1.0 / np.asarray(rates.values[-1], dtype=float)
    return years


def _refuse_certain_death(rates: xr.DataArray, ax: Floats, width: Floats) -> None:
    n = width.reshape((-1,) + (1,) * (rates.ndim - 1))
    closed = rates.isel(age=slice(None, -1))
    over = _qx(np.asarray(closed.values, dtype=float), ax[:-1], n[:-1]) > 1.0
    if over.any():
        remedy = "a lower rate, per person-year"
        raise ParameterError(cell_fault("mx", closed, over, "gives qx > 1", remedy))


def _axes(array: Floats) -> tuple[str, ...]:
    return ("age", *(f"axis {i}" for i in range(1, array.ndim)))


def _qx(mx: Floats, ax: Floats, n: Floats) -> Floats:
    q: Floats = n * mx / (1.0 + (n - ax) * mx)
    return q
