"""The demography stage: a region's population, births, deaths and migration by year and draw.

Cohort-component projection in single years (WPP 2024's conventions, see kernel); mortality shifted
to the region's life expectancy; fertility by parity; net migrants by a profile of one sign.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import partial

import numpy as np
import xarray as xr

from sim.arguments import choice_faults, refuse
from sim.arrays import Floats, Integers, Params, all_within, compact
from sim.demography import fertility
from sim.demography.flows_compiled import Compiled, compiled
from sim.demography.kernel import deaths_by_age, project_block
from sim.demography.migration import net_migrants, regressed_migrants
from sim.demography.mortality import METHODS, improvement_pattern, solve_shift
from sim.demography.old_age import solve_with_old_age
from sim.errors import BalanceError, ParameterError, fault
from sim.guard import guarded
from sim.labelled import labelled_set, made
from sim.lifetable import expectancy_by_sex, infant_ax_by_sex
from sim.schema import AGES, ORDERS, PARITIES, SEXES, checked

BASE_GROUPS = {"children": (0, 14), "adults": (15, 59), "old": (60, 100)}
"""Ages whose counts err together."""
READS: tuple[str, ...] = ()
WRITES = (
    "population",
    "deaths",
    "net_migration",
    "births",
    "births_by_order",
    "births_by_age",
    "women_by_parity",
    "tfr",
    "tfr_by_order",
    "e0",
    "mx",
)
OPTIONAL = ("births_by_order", "women_by_parity", "tfr", "tfr_by_order", "e0")
"""What no later stage reads, and what is left out where nobody asks for it."""
PARAMETERS = (
    "population.base",
    *(f"population.base_error_{group}" for group in BASE_GROUPS),
    "mortality.mx",
    "mortality.method",
    "mortality.reference_path",
    "mortality.e0_smoothed",
    "mortality.e0_gap",
    "mortality.e0_path_error",
    "mortality.e0_own_error",
    "mortality.e0_closing",
    "mortality.e0_gap_year",
    "mortality.e0_change",
    "mortality.old_age_factor",
    "mortality.old_age_start",
    *fertility.PARAMETERS,
    "fertility.srb",
    "migration.method",
    "migration.capped_share",
    "migration.least_retained",
    "migration.level",
    "migration.level_error",
    "migration.retained",
    "migration.change",
    "migration.old_error",
    "migration.old_shape",
    "migration.inflow",
    "migration.outflow",
    "migration.profile_in",
    "migration.profile_out",
)
MIGRATION_METHODS = ("regressed", "profile", "none")
_ROUNDING = 1e-9
_DECADE = 10  # years between the censuses that say how much of a cohort stays
_COHORT = 5  # ages of a cohort whose migration is known
_FERTILE = slice(10, 55)  # ages of the kernel's fertility schedule


@guarded("demography", READS, PARAMETERS)
def project(inputs: xr.Dataset, params: Params, without: Collection[str] = ()) -> xr.Dataset:
    """Demography of one region and scenario for a block of draws.

    inputs: no variable, for this is the first stage; its coordinate draw, if it has one, says which
    draws there are.  params: those named in PARAMETERS, over the model's years.  without: variables
    of OPTIONAL.
    Returns the variables in WRITES, less these.  Stocks stand at 31 December; the flows of the base year are
    its rates applied to its stock.
    Raises ParameterError for schedules of the wrong kind, BalanceError where more people leave
    than live there.
    """
    years = params["mortality.mx"].year.values
    draw = _draws(inputs, params)
    base = params["population.base"].transpose("sex", "age").sel(sex=list(SEXES))
    _check_base(base)
    mx = mortality(params, years, len(draw))
    births_rate = fertility.project_fertility(params, years, len(draw))
    srb = fertility.over_years(params["fertility.srb"], years, len(draw))
    asfr = births_rate.asfr.sum(axis=2)

    start = base.values[..., None] * _counting_error(params, len(draw))
    fertile = np.ascontiguousarray(asfr[1:, _FERTILE])
    kernel = partial(
        project_block, start, mx=mx[1:], asfr=fertile, srb=srb[1:], fertile=_FERTILE, deaths=False
    )
    closed = kernel().population
    moved = migrants(params, years, len(draw), closed)
    stay = least_retained(params, years, closed)
    block = kernel(net_migration=moved[1:], out_migration="cap", least=stay)
    population = block.population
    assert block.capped_migration is not None
    if draw[0] == 0:  # a far draw may ask more of all ages than can leave; net_migration says so
        most = float(params["migration.capped_share"])
        _check_leaving(moved[1:, ..., 0], block.capped_migration[..., 0], years, most)
    moved[1:] = block.capped_migration
    out = _flows(population, mx, asfr, srb, moved)
    out |= {"population": population, "net_migration": moved, "mx": mx}
    more = _fertility_outputs(population, births_rate, out["exposure"])
    more["e0"] = partial(expectancies, mx, srb)
    out |= {name: made_now() for name, made_now in more.items() if name not in without}
    return _dataset(out, years, draw)


def _counting_error(params: Mapping[str, xr.DataArray], draws: int) -> Floats:
    """Factors on the base population (1, age, draw): what a census counts too many or too few of an age."""
    factor = np.ones((1, len(AGES), draws))
    for group, (first, last) in BASE_GROUPS.items():
        factor[0, first : last + 1] += np.atleast_1d(params[f"population.base_error_{group}"].values)
    return factor


def mortality(params: Mapping[str, xr.DataArray], years: Integers, draws: int) -> Floats:
    """Death rates (year, sex, age, draw) whose life expectancy is on the region's path.

    Reference rates, at old age times their own factor, shifted so that e0 of each sex is that of
    the reference path plus gap, errors and change.  `mortality.method`: the form of the shift;
    lee_carter moves along the reference's own fall over the years.
    """
    method = str(params["mortality.method"].item())
    refuse(choice_faults("mortality.method", method, METHODS))
    pattern = None
    if method == "lee_carter":
        pattern = improvement_pattern(params["mortality.mx"]).transpose("age").values
    shifted = partial(solve_shift, method=method, improvement=pattern)
    reference = params["mortality.mx"].transpose("year", "sex", "age").sel(sex=list(SEXES)).values
    target = reference_path(params, reference_e0(reference), years, draws)
    target += _gap(params, years, draws)[:, None]
    for name in ("e0_own_error", "e0_path_error", "e0_change"):
        target += fertility.over_years(params[f"mortality.{name}"], years, draws)[:, None]
    factor = np.atleast_1d(params["mortality.old_age_factor"].values)
    young = int(np.searchsorted(AGES, float(params["mortality.old_age_start"])))  # so many ages keep theirs
    if factor.size == 1:
        reference = reference.copy()
        reference[..., young:] *= factor
        return np.asarray(shifted(reference, target))
    return solve_with_old_age(reference, target, factor, young, method, pattern)


def _gap(params: Mapping[str, xr.DataArray], years: Integers, draws: int) -> Floats:
    """Life expectancy of the region less the reference (year, draw): it closes from the year it is of."""
    gap, closing = (
        fertility.over_years(params[f"mortality.{name}"], years, draws) for name in ("e0_gap", "e0_closing")
    )
    elapsed = np.asarray(years) - float(params["mortality.e0_gap_year"].item())
    return np.asarray(gap * np.exp(-closing * elapsed[:, None]))


def reference_path(params: Mapping[str, xr.DataArray], own: Floats, years: Integers, draws: int) -> Floats:
    """The nation's life expectancy by sex (year, sex, draw) that a region's stands on, years.

    own: that of the reference rates, (year, sex).  `wpp` takes it as it is; `smoothed` moves both
    sexes alike so that both together are on the path mortality.e0_smoothed.
    Raises ParameterError for another name.
    """
    target = np.repeat(own[..., None], draws, axis=-1)
    method = str(params["mortality.reference_path"].item())
    if method == "wpp":
        return target
    if method != "smoothed":
        remedy = "write 'smoothed' or 'wpp'"
        raise ParameterError(fault("mortality.reference_path", f"no method '{method}'", remedy))
    srb = fertility.over_years(params["fertility.srb"], years, draws)
    both = (target[:, 0] + srb * target[:, 1]) / (1 + srb)
    wanted = fertility.over_years(params["mortality.e0_smoothed"], years, draws)
    return target + (wanted - both)[:, None]


def reference_e0(mx: Floats) -> Floats:
    """Life expectancy (year, sex) of rates (year, sex, age)."""
    return np.asarray(expectancy_by_sex(mx[..., None])[..., 0])


def expectancies(mx: Floats, srb: Floats) -> Floats:
    """Life expectancy (year, sex_total, draw); both sexes as a mixed cohort of births."""
    by_sex = expectancy_by_sex(mx)
    both = (by_sex[:, 0] + srb * by_sex[:, 1]) / (1 + srb)
    return np.concatenate([both[:, None], by_sex], axis=1)


def migrants(
    params: Mapping[str, xr.DataArray],
    years: Integers,
    draws: int,
    closed: Floats | None = None,
) -> Floats:
    """Net migrants (year, sex, age, draw), persons.

    closed: the population without migration (year, sex, age, draw): those who leave are spread
    over ages by the profile's rates times the people there, so that small cohorts send few.
    Without it the profile is the base year's throughout.
    Methods by name: `regressed`, see regressed_migrants; `profile`: both flows of the decade shrink
    or grow in proportion, see net_migrants; `none`.
    """
    shape = (len(years), len(SEXES), len(AGES), draws)
    method = str(params["migration.method"].item())
    refuse(choice_faults("migration.method", method, MIGRATION_METHODS))
    if method == "none":
        return np.zeros(shape)
    net, error, inflow, outflow = (
        fertility.over_years(params[f"migration.{name}"], years, draws)
        for name in ("level", "level_error", "inflow", "outflow")
    )
    people = params["population.base"].transpose("sex", "age").sel(sex=list(SEXES)).values[..., None]
    net = net + error * people.sum()
    arriving, leaving = (_profile(params[f"migration.profile_{way}"], way) for way in ("in", "out"))
    if method == "regressed" and closed is not None and (fast := compiled()) is not None:
        given = np.stack([inflow, outflow], axis=1), arriving[0, ..., 0], leaving[0, ..., 0]
        moved = _compiled_migrants(fast, params, net, *given, closed)
        if moved is not None:
            return moved
    start = people[None] if closed is None else np.concatenate([closed[:1], closed[:-1]])
    base = people[None] if closed is None else closed[:1]
    present = np.divide(start, base, out=np.ones_like(start), where=base > 0)
    present *= leaving
    if method == "profile":
        present /= present.sum(axis=(1, 2), keepdims=True)
        return net_migrants(net, inflow, outflow, arriving, present)
    decade = inflow[:, None, None] * arriving - outflow[:, None, None] * present
    retained, change, old = (every_age(params[f"migration.{n}"]) for n in ("retained", "change", "old_shape"))
    by_age = old[0][:, None] * np.atleast_1d(params["migration.old_error"].values)
    apart = start * by_age if by_age.any() else None
    return regressed_migrants(net, decade, retained[0], change, np.broadcast_to(start, shape), apart)


def _compiled_migrants(
    fast: Compiled,
    params: Mapping[str, xr.DataArray],
    level: Floats,
    flows: Floats,
    arriving: Floats,
    leaving: Floats,
    closed: Floats,
) -> Floats | None:
    """`regressed_migrants` by what is compiled; None where NumPy's is to say what is wrong.

    level (year, draw); flows (year, in and out, draw); arriving, leaving: their profiles, (sex, age).
    """
    retained, change, old = (every_age(params[f"migration.{n}"]) for n in ("retained", "change", "old_shape"))
    shares, rates = retained[0], np.broadcast_to(change, arriving.shape)
    sound = (
        all_within(level) and all_within(flows) and all_within(shares, 0.0, 1.0) and all_within(rates, 0.0)
    )
    if not sound:
        return None
    profiles = np.empty((*arriving.shape, 5))
    for i, own in enumerate((arriving, leaving, shares, rates, old[0])):
        profiles[..., i] = own
    error = np.empty(level.shape[-1])
    error[:] = np.atleast_1d(params["migration.old_error"].values)
    moved = np.empty_like(closed)
    done = fast.migrants(compact(level), compact(flows), profiles, error, compact(closed), moved)
    return moved if done else None


def least_retained(params: Mapping[str, xr.DataArray], years: Integers, closed: Floats) -> Floats:
    """Persons below whom migration takes no cohort (year, sex, age, draw), from the second year on.

    closed: the population without migration, whose cohorts say what there would be.  The parameter is
    the share of a cohort that a decade leaves at least; the same share within ten years, its power
    beyond them.
    """
    decades = np.maximum((years[1:] - years[0]) / _DECADE, 1.0)
    share = float(params["migration.least_retained"]) ** decades
    return np.asarray(closed[1:] * share[:, None, None, None])


def every_age(array: xr.DataArray) -> Floats:
    """Figures of five-year cohorts, by their first age, at single ages (sex or 1, age): linear between
    the cohorts' middles, held beyond them.
    """
    dims = [d for d in ("sex", "at_age") if d in array.dims]
    ordered = array.sel(sex=list(SEXES)) if "sex" in dims else array
    rows = np.atleast_2d(ordered.transpose(*dims).values)
    middles = ordered.at_age.values.astype(float) + _COHORT / 2
    return np.stack([np.interp(np.asarray(AGES) + 0.5, middles, row) for row in rows])


def _check_leaving(asked: Floats, possible: Floats, years: Integers, most: float) -> None:
    """Refuse a central level that empties ages; (year, sex, age).

    most: share of a year's migrants that may find nobody left to go.
    """
    lacking = (possible - asked).sum(axis=(1, 2))
    if (lacking > most * np.maximum(np.abs(asked).sum(axis=(1, 2)), 1.0)).any():
        t = _first_of_most(lacking)
        sex, age = np.unravel_index(_first_of_most((possible - asked)[t].ravel()), asked.shape[1:])
        wrong = f"{lacking[t]:.0f} more people leave in {years[t + 1]} than live at their ages"
        where = f"first {SEXES[sex]}, age {age}"
        raise BalanceError(fault("migration.level", wrong, f"fewer out-migrants; {where}"))


def _first_of_most(values: Floats) -> int:
    """Where the largest of them stands first: those that rounding alone tells apart are one."""
    return int(np.argmax(values >= values.max() * (1.0 - _ROUNDING)))


def _profile(array: xr.DataArray, way: str) -> Floats:
    shares = array.transpose("sex", "age").sel(sex=list(SEXES)).values[None, ..., None]
    total = float(shares.sum())
    if shares.min() < 0 or abs(total - 1) > 1e-6:
        wrong = f"lowest share {shares.min():g}, sum {total:g}"
        raise ParameterError(fault(f"migration.profile_{way}", wrong, "shares >= 0 that add up to 1"))
    return np.asarray(shares / total)


def _flows(population: Floats, mx: Floats, asfr: Floats, srb: Floats, moved: Floats) -> dict[str, Floats]:
    """Births by mother's age and sex, deaths by age at death, exposure of women."""
    fast = compiled()
    if fast is not None and population.shape[-1] > 1:
        out = {
            "births_by_age": np.empty_like(asfr),
            "births": np.empty((len(mx), len(SEXES), mx.shape[-1])),
            "deaths": np.empty_like(mx),
            "exposure": np.empty_like(asfr),
        }
        lived = infant_ax_by_sex(mx[..., 0, :], "wpp")
        fast.flows(*(compact(array) for array in (population, mx, asfr, srb, moved, lived)), *out.values())
        return out
    before, after = population[:-1], population[1:] - moved[1:]  # end of year before migration
    exposure = np.concatenate([population[:1, 0], (before[:, 0] + after[:, 0]) / 2])
    by_age = asfr * exposure
    total = by_age.sum(axis=1)
    births = np.stack([total / (1 + srb), total * srb / (1 + srb)], axis=1)
    cohort = np.empty_like(before)
    cohort[:, :, 1:] = before[:, :, :-1] - after[:, :, 1:]
    cohort[:, :, -1] += before[:, :, -1]
    cohort[:, :, 0] = births[1:] - after[:, :, 0]
    deaths = np.concatenate([mx[:1] * population[:1], deaths_by_age(mx[1:], before, after, cohort)])
    return {"births_by_age": by_age, "births": births, "deaths": deaths, "exposure": exposure}


def _fertility_outputs(
    population: Floats, rates: fertility.Fertility, exposure: Floats
) -> dict[str, Callable[[], Floats]]:
    """How each of what fertility says beside births is made, if it is asked for."""
    women = population[:, 0, :, None]
    return {
        "women_by_parity": lambda: women * rates.shares,
        "births_by_order": lambda: np.einsum("tahd,tad->thd", rates.asfr, exposure),
        "tfr_by_order": lambda: rates.asfr.sum(axis=1),
        "tfr": lambda: rates.tfr,
    }


def _dataset(out: dict[str, Floats], years: Integers, draw: Integers) -> xr.Dataset:
    coords = {
        "year": years,
        "sex": list(SEXES),
        "age": list(AGES),
        "order": list(ORDERS),
        "parity": list(PARITIES),
        "sex_total": ["both", *SEXES],
        "draw": draw,
    }
    dims = {
        "population": "year sex age draw",
        "deaths": "year sex age draw",
        "net_migration": "year sex age draw",
        "mx": "year sex age draw",
        "births": "year sex draw",
        "births_by_order": "year order draw",
        "births_by_age": "year age draw",
        "women_by_parity": "year age parity draw",
        "tfr": "year draw",
        "tfr_by_order": "year order draw",
        "e0": "year sex_total draw",
    }
    arrays = {}
    for name in (n for n in WRITES if n in out):
        own = dims[name].split()
        array = made(out[name], {d: coords[d] for d in own}, own)
        arrays[name] = checked(name, array, "demography")
    return labelled_set(arrays)


def _draws(inputs: xr.Dataset, params: Mapping[str, xr.DataArray]) -> Integers:
    if "draw" in inputs.coords:
        return np.asarray(inputs.draw.values)
    for name in PARAMETERS:
        if "draw" in params[name].dims:
            return np.asarray(params[name].draw.values)
    return np.array([0])


def _check_base(base: xr.DataArray) -> None:
    if list(base.age.values) != list(AGES):
        wrong = f"ages {base.age.values[0]}..{base.age.values[-1]}"
        raise ParameterError(fault("population.base", wrong, "single ages 0..100, 100 and over"))
    if not np.isfinite(base.values).all() or base.values.min() < 0:
        raise ParameterError(fault("population.base", "negative or not a number", "persons >= 0"))
