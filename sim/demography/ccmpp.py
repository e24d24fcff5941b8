"""Cohort-component projection of labelled arrays: checks, labels and dims around the kernel.

Preston, Heuveline and Guillot (2001), Demography, chapter 6; conventions of the kernel module.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import xarray as xr

from sim.argument_kinds import looked_at
from sim.arguments import (
    cell_fault,
    count_faults,
    dim_faults,
    number_label_faults,
    positive_faults,
    rate_faults,
    value_faults,
)
from sim.arrays import Floats
from sim.demography.kernel import MIGRATION, Block, project_block
from sim.errors import BalanceError, ParameterError, fault, raise_all
from sim.lifetable import HIGHEST_OPEN_RATE, RULES, survival_ratios
from sim.magnitude import shifts
from sim.schema import SEXES

FERTILE = (10, 54)  # completed years of age
CHILDBEARING = (15, 49)  # ages that a schedule must say something about
HIGHEST_ASFR = 1.0  # births per woman-year: no schedule of any people comes near, any per 1000 is above
SRB_BOUNDS = (0.8, 1.5)  # males per female birth


@looked_at
def project_cohorts(
    population: xr.DataArray,
    *,
    mx: xr.DataArray | None = None,
    Lx: xr.DataArray | None = None,
    asfr: xr.DataArray,
    srb: xr.DataArray | float,
    net_migration: xr.DataArray | None = None,
    n: int = 1,
    migration: str = "end",
    ax: str = "wpp",
    out_migration: str = "refuse",
) -> xr.Dataset:
    """Project a population by sex and age over n-year intervals, one per label of `year`.

    population: persons, dims (sex, age, ...), sexes "female" and "male", ages 0, n, 2n, .. with
    the last open.  mx (death rates, person-1 year-1) or Lx (person-years lived, radix 1): dims
    (sex, age, [year], ...).  asfr: births per woman-year, dims (age, [year], ...), fertile ages
    or all.  srb: males per female birth.  net_migration: persons per interval, dims (sex, age,
    [year], ...).
    Further dims (draw, region, scenario, ..) broadcast by name.  n: width of the age groups and of
    the interval, years.  migration: "end" | "split" | "even".  ax: rule for mx of single years.
    out_migration: "refuse" raises where more people leave than live there, "cap" ends the group at
    0 and returns the migrants that were possible.

    Returns a Dataset: population (year, sex, age, ...), base first, then the end of each interval;
    births (interval, sex, ...), births_by_age (interval, age of the mother), deaths (interval, sex,
    age at the END of the interval) and net_migration, so that the population changes in each
    interval by births - deaths + net_migration. `interval` has the labels of the inputs' `year`.
    Stocks are labelled from the scalar coordinate `year` of population in steps of n; without one,
    n = 1 takes the end of the year that the label names (base: the year before the first), and
    n > 1 takes the labels as the years in which intervals start.

    Raises ParameterError that names every fault: dims, labels, mx < 0, NaN or per 1000, fertility
    outside ages 10-54, per 1000 or without one of the ages 15-49, srb outside 0.8..1.5, a negative
    population, more out-migrants than people.
    """
    population = _by_age(_squeeze_year(population))
    given = {"asfr": asfr, "srb": _labelled(srb), "mx": mx, "Lx": Lx, "net_migration": net_migration}
    inputs = {name: _by_age(array) for name, array in given.items() if array is not None}
    raise_all(ParameterError, _faults(population, inputs, n, migration, ax, out_migration))
    ages = population["age"].values
    years = _years(inputs)
    extra = _extra_dims(population, inputs)

    def laid(name: str, *dims: str) -> Floats | None:
        return _lay_out(inputs[name], dims, ages, years, extra) if name in inputs else None

    fertile = _fertile(ages)
    rates = inputs["asfr"].reindex(age=ages[fertile], fill_value=0.0)
    try:
        block = project_block(
            _lay_out(population, ("sex", "age"), ages, years, extra),
            sx=_survival(laid("Lx", "year", "sex", "age"), n),
            mx=laid("mx", "year", "sex", "age"),
            asfr=_lay_out(rates, ("year", "age"), ages[fertile], years, extra),
            srb=_lay_out(inputs["srb"], ("year",), ages, years, extra),
            net_migration=laid("net_migration", "year", "sex", "age"),
            fertile=fertile,
            migration=migration,
            n=n,
            ax_rule=ax,
            out_migration=out_migration,
        )
    except BalanceError:
        raise ParameterError(_shortfall(population, inputs, n, migration, ax)) from None
    return _dataset(block, population, inputs, ages, fertile, years, extra, n)


def _survival(lived: Floats | None, n: int) -> Floats | None:
    """Survival from group to group (year, sex, age, ...) of the person-years lived; None without them."""
    if lived is None:
        return None
    ratios = survival_ratios(np.moveaxis(lived, 2, 0), float(n))
    return np.ascontiguousarray(np.moveaxis(ratios, 0, 2))


# --- checks -----------------------------------------------------------------------------------


def _faults(
    population: xr.DataArray,
    inputs: Mapping[str, xr.DataArray],
    n: int,
    migration: str,
    ax: str,
    out_migration: str,
) -> list[str]:
    faults = []
    if ("mx" in inputs) == ("Lx" in inputs):
        faults.append(fault("mortality", "give mx or Lx, one of the two", "mx=... or Lx=..."))
    for name, value, known in (
        ("migration", migration, MIGRATION),
        ("ax", ax, RULES),
        ("out_migration", out_migration, ("refuse", "cap")),
    ):
        if value not in known:
            faults.append(fault(name, f"{value!r} unknown", "one of " + ", ".join(known)))
    if n < 1 or int(n) != n:
        faults.append(fault("n", f"{n!r}", "a whole number of years, 1 or more"))
        return faults
    shape = _population_faults(population, n)
    faults += shape
    for name, array in inputs.items():
        faults += _shape_faults(name, array, population, bool(shape))
    if faults:
        return faults  # labels first: values are compared by label
    faults += count_faults("population", population)
    if "mx" in inputs:
        faults += _death_faults(inputs["mx"], n)
    if "Lx" in inputs:
        faults += _lived_faults(inputs["Lx"], n)
    faults += _fertility_faults(inputs["asfr"], population["age"].values, n)
    faults += _srb_faults(inputs["srb"])
    if "net_migration" in inputs:
        faults += value_faults("net_migration", inputs["net_migration"], remedy="persons per interval")
    return faults


def _death_faults(mx: xr.DataArray, n: int) -> list[str]:
    """Rates below 0, not finite, or so high that more die than live."""
    if faults := rate_faults("mx", mx):
        return faults
    last = mx["age"] == mx["age"][-1]
    if bool(((mx == 0) & last).any()):
        remedy = "a rate above 0: life must end"
        return [cell_fault("mx", mx, (mx == 0) & last, "zero in the open group", remedy)]
    closed = xr.full_like(last, 2.0 / n, float)  # at n / 2 years lived by those who die
    over = mx > closed.where(~last, HIGHEST_OPEN_RATE)
    if bool(over.any()):
        return [cell_fault("mx", mx, over, "more die than live", "per person-year, not per 1000")]
    return []


def _fertility_faults(asfr: xr.DataArray, ages: Floats, n: int) -> list[str]:
    """Births outside the fertile ages, rates per 1000, and ages that are left out."""
    if faults := rate_faults("asfr", asfr, high=HIGHEST_ASFR):
        return faults
    outside = (asfr["age"] < FERTILE[0]) | (asfr["age"] > FERTILE[1])
    if bool((asfr.where(outside, 0.0) > 0).any()):
        remedy = "0 outside ages 10-54"
        return [cell_fault("asfr", asfr, outside & (asfr > 0), "fertility", remedy)]
    given = asfr["age"].values
    due = ages[
        (ages >= given.min()) & (ages <= given.max()) | (ages >= CHILDBEARING[0]) & (ages <= CHILDBEARING[1])
    ]
    missing = np.setdiff1d(due, given)
    if missing.size == 0:
        return []
    wrong = f"no rate at {', '.join(f'{a:g}' for a in missing[:5])}"
    return [fault("asfr: age", wrong, "a rate for every age 15-49, 0 where nobody gives birth")]


def _srb_faults(srb: xr.DataArray) -> list[str]:
    low, high = SRB_BOUNDS
    bad = ~((srb >= low) & (srb <= high))
    if not bool(bad.any()):
        return []
    first = float(srb.values[tuple(np.argwhere(bad.values)[0])])
    hint = "".join(f"; {shift.mended(first):g} is meant?" for shift in shifts(first, low, high))
    return [cell_fault("srb", srb, bad, f"outside {low}..{high}", f"males per female birth{hint}")]


def _population_faults(population: xr.DataArray, n: int) -> list[str]:
    faults = []
    for dim in ("sex", "age"):
        if dim not in population.dims or dim not in population.coords:
            faults.append(fault("population", f"no labelled dim {dim!r}", f"a dim {dim!r}"))
    if faults:
        return faults
    if sorted(map(str, population["sex"].values)) != list(SEXES):
        labels = list(map(str, population["sex"].values))
        faults.append(fault("population: sex", f"labels {labels}", "'female' and 'male'"))
    ages = population["age"].values
    if len(ages) < 3 or not np.array_equal(ages, np.arange(len(ages)) * n):
        faults.append(
            fault(
                "population: age",
                f"{len(ages)} labels {ages[:2]}..{ages[-1:]}, not steps of n = {n} from 0",
                "age labels 0, n, 2n, ..; the last is open",
            )
        )
    return faults


def _shape_faults(name: str, array: xr.DataArray, population: xr.DataArray, unsure: bool) -> list[str]:
    needed = {"asfr": ("age",), "srb": ()}.get(name, ("sex", "age"))
    missing = [d for d in needed if d not in array.dims or d not in array.coords]
    if missing:
        return [fault(name, f"dims {array.dims}, no labelled {missing}", "label every dim")]
    if faults := dim_faults(name, array):
        return faults
    if name == "asfr" and (faults := number_label_faults(name, array)):
        return faults
    if name in ("asfr", "srb") and "sex" in array.dims:
        faults.append(fault(name, "has a dim 'sex'", "one value for both sexes"))
    if unsure:
        return faults
    for dim in array.dims:
        if dim == "year" or dim not in population.coords or dim not in population.dims:
            continue
        mine, theirs = array[dim].values, population[dim].values
        same = np.array_equal(np.sort(mine), np.sort(theirs))
        if name == "asfr" and dim == "age":
            same = bool(np.isin(mine, theirs).all())
        if not same:
            faults.append(
                fault(
                    f"{name}: {dim}",
                    f"labels {mine[:1]}..{mine[-1:]} ({len(mine)}) differ from the population's "
                    f"{theirs[:1]}..{theirs[-1:]} ({len(theirs)})",
                    "the same labels",
                )
            )
    return faults


def _lived_faults(Lx: xr.DataArray, n: int) -> list[str]:
    if faults := positive_faults("Lx", Lx, "person-years of a life table, above 0"):
        return faults
    first, closed = Lx.isel(age=0), Lx.isel(age=slice(None, -1))
    if bool((first > n * (1 + 1e-9)).any()):
        wrong = f"{float(first.max()):g} person-years at age 0 > n = {n}"
        return [fault("Lx", wrong, "radix 1 is meant")]
    if bool((closed.diff("age") > 1e-9).any()):
        return [fault("Lx", "rises with age", "person-years of a life table fall with age")]
    return []


def _shortfall(
    population: xr.DataArray, inputs: Mapping[str, xr.DataArray], n: int, migration: str, ax: str
) -> str:
    """Name the group that out-migration empties: project once more with it capped, and compare."""
    asked = inputs["net_migration"]
    done = project_cohorts(
        population,
        mx=inputs.get("mx"),
        Lx=inputs.get("Lx"),
        asfr=inputs["asfr"],
        srb=inputs["srb"],
        net_migration=asked,
        n=n,
        migration=migration,
        ax=ax,
        out_migration="cap",
    )["net_migration"]
    done = done.rename(interval="year") if "year" in asked.dims else done.isel(interval=0)
    asked = asked.broadcast_like(done).transpose(*done.dims)
    excess = (done - asked).values
    if not np.any(excess > 0):
        return fault("population", "turns negative although migrants fit", "check the rates")
    where = tuple(np.argwhere(excess > 0)[0])
    return cell_fault(
        "net_migration",
        asked,
        asked.copy(data=excess > 0),
        f"more people leave than the {max(0.0, -float(done.values[where])):.6g} who are there",
        "fewer out-migrants, or out_migration='cap'",
    )


# --- layout -----------------------------------------------------------------------------------


def _labelled(value: xr.DataArray | float) -> xr.DataArray:
    return value if isinstance(value, xr.DataArray) else xr.DataArray(float(value))


def _by_age(array: xr.DataArray) -> xr.DataArray:
    return array.sortby("age") if "age" in array.dims and "age" in array.coords else array


def _squeeze_year(population: xr.DataArray) -> xr.DataArray:
    if "year" in population.dims and population.sizes["year"] == 1:
        return population.isel(year=0)
    if "year" in population.dims:
        raise ParameterError(fault("population", f"{population.sizes['year']} years", "one year: the base"))
    return population


def _years(inputs: Mapping[str, xr.DataArray]) -> npt.NDArray[Any] | None:
    """The labels of `year`, the same in every input that has them; None without any."""
    found: npt.NDArray[Any] | None = None
    for name, array in inputs.items():
        if "year" not in array.dims:
            continue
        labels = array["year"].values if "year" in array.coords else np.arange(array.sizes["year"])
        if found is not None and not np.array_equal(found, labels):
            raise ParameterError(
                fault(f"{name}: year", f"{labels[:1]}..{labels[-1:]} differ", "the same years")
            )
        found = labels
    return found


def _extra_dims(population: xr.DataArray, inputs: Mapping[str, xr.DataArray]) -> dict[Hashable, xr.DataArray]:
    """Every dim besides sex, age, year, with an array that bears its labels; draw last."""
    extra: dict[Hashable, xr.DataArray] = {}
    faults = []
    for name, array in {"population": population, **inputs}.items():
        for dim in array.dims:
            if dim in ("sex", "age", "year"):
                continue
            if dim not in extra:
                extra[dim] = array[dim]
            elif not np.array_equal(array[dim].values, extra[dim].values):
                faults.append(fault(f"{name}: {dim}", "labels differ between inputs", "align"))
    raise_all(ParameterError, faults)
    return dict(sorted(extra.items(), key=lambda item: item[0] == "draw"))


def _lay_out(
    array: xr.DataArray,
    dims: Sequence[str],
    ages: Floats,
    years: Floats | None,
    extra: Mapping[Hashable, xr.DataArray],
) -> Floats:
    """NumPy array of `dims` and one last axis that holds every further dim, else of length 1."""
    labels = {"sex": list(SEXES), "age": ages}
    wanted = {d: labels[d] for d in dims if d in labels}
    array = array.sel({d: v for d, v in wanted.items() if d in array.dims})
    mine = [d for d in extra if d in array.dims]
    if mine and len(mine) < len(extra):
        array = array.expand_dims({d: v.values for d, v in extra.items() if d not in array.dims})
        mine = list(extra)
    if "year" in dims and "year" not in array.dims:
        array = array.expand_dims("year")
    array = array.transpose(*dims, *mine)
    values = np.asarray(array.values, dtype=float)
    return np.ascontiguousarray(values.reshape(*values.shape[: len(dims)], -1))


def _fertile(ages: Floats) -> slice:
    """Positions of the fertile ages; the rest of asfr is zero."""
    within = np.flatnonzero((ages >= FERTILE[0]) & (ages <= FERTILE[1]))
    if within.size == 0 or int(within[-1]) + 1 >= len(ages):
        return slice(1, len(ages) - 1)
    return slice(int(within[0]), int(within[-1]) + 1)


def _dataset(
    block: Block,
    population: xr.DataArray,
    inputs: Mapping[str, xr.DataArray],
    ages: Floats,
    fertile: slice,
    years: Floats | None,
    extra: Mapping[Hashable, xr.DataArray],
    n: int,
) -> xr.Dataset:
    flow_years, stock_years = _year_labels(population, years, n)
    shape = tuple(v.size for v in extra.values())
    coords: dict[Hashable, object] = {"sex": list(SEXES), "age": ages, "interval": flow_years}
    coords |= {d: v.values for d, v in extra.items() if d in v.coords}

    def labelled(values: Floats, *dims: str) -> xr.DataArray:
        values = values.reshape(*values.shape[:-1], *shape)
        own = {d: c for d, c in coords.items() if d in dims or d in extra}
        if "interval" in own and len(values) != len(flow_years):
            del own["interval"]
        return xr.DataArray(values, dims=(*dims, *extra), coords=own)

    stock = labelled(block.population, "interval", "sex", "age")
    stock = stock.rename(interval="year").assign_coords(year=stock_years)
    assert block.deaths is not None
    moved = block.capped_migration
    if moved is None:
        moved = np.zeros_like(block.deaths)
        if "net_migration" in inputs:
            moved += _lay_out(inputs["net_migration"], ("year", "sex", "age"), ages, years, extra)
    by_age = np.zeros((len(flow_years), len(ages), block.births.shape[-1]))
    by_age[:, fertile] = block.births_by_age
    flows = xr.Dataset(
        {
            "births": labelled(block.births, "interval", "sex"),
            "births_by_age": labelled(by_age, "interval", "age"),
            "deaths": labelled(block.deaths, "interval", "sex", "age"),
            "net_migration": labelled(moved, "interval", "sex", "age"),
        }
    )
    result = flows.assign(population=stock)
    for name in result.data_vars:
        result[name].attrs["units"] = "person"
    result["deaths"].attrs["long_name"] = "deaths by age at the end of the interval"
    return result


def _year_labels(population: xr.DataArray, years: Floats | None, n: int) -> tuple[Floats, Floats]:
    """Labels of flows and of stocks."""
    base = population.coords["year"].item() if "year" in population.coords else None
    if years is None:
        first = 0 if base is None else base
        years = np.array([first + 1 if n == 1 else first])
    if base is None:
        base = years[0] - 1 if n == 1 else years[0]
    return years, base + n * np.arange(len(years) + 1)
