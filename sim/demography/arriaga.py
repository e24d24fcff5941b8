"""Which ages, and which causes, make a difference in life expectancy; and the deaths it averts.

Arriaga (1984), Demography 21(1), 83-96, DOI 10.2307/2061029; by cause as in Preston, Heuveline and
Guillot (2001), chapter 4. The parts add up to the difference exactly.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr

from sim.arguments import count_faults, rate_faults, refuse, same_label_faults
from sim.errors import ParameterError, fault
from sim.lifetable import life_table


def e0_difference_by_age(
    before: xr.DataArray,
    after: xr.DataArray,
    *,
    sex: str | None = None,
    n: float | Sequence[float] | None = None,
    ax: str | xr.DataArray = "wpp",
) -> xr.DataArray:
    """Years of life expectancy gained (after - before) by age; sums to the whole gain.

    before, after: death rates, person-1 year-1, dims (age, ...), the same ages; sex, n, ax as in
    life_table. Dims that only one of the two has (draw) broadcast.
    Raises ParameterError where the ages differ, and as life_table.
    """
    refuse(same_label_faults("after", after, before))
    before, after = xr.broadcast(before, after)
    return tables_difference_by_age(
        life_table(before, sex=sex, n=n, ax=ax), life_table(after, sex=sex, n=n, ax=ax)
    )


def tables_difference_by_age(first: xr.Dataset, second: xr.Dataset) -> xr.DataArray:
    """The same from two life tables (lx, Lx, Tx) of the same radix and ages, dims (age, ...).

    Raises ParameterError where the ages or the radix differ.
    """
    if not np.array_equal(first["age"].values, second["age"].values):
        raise ParameterError(fault("arriaga", "the ages of the two tables differ", "same ages"))
    l1, l2 = first["lx"], second["lx"]
    radix = [float(table.isel(age=0).max()) for table in (l1, l2)]
    if not np.isclose(radix[0], radix[1]):
        wrong = f"radix {radix[0]:g} and {radix[1]:g}"
        raise ParameterError(fault("arriaga", wrong, "tables of the same radix"))
    l1_next = l1.shift(age=-1, fill_value=0.0)
    l2_next = l2.shift(age=-1, fill_value=1.0)  # unused: nobody outlives the open group
    later = second["Tx"].shift(age=-1, fill_value=0.0)
    direct = l1 * (second["Lx"] / l2 - first["Lx"] / l1)
    indirect = later * (l1 / l2 - l1_next / l2_next)
    gain = (direct + indirect) / l1.isel(age=0, drop=True)
    return gain.assign_attrs(units="year", long_name="gain in life expectancy by age")


def e0_difference_by_cause(
    by_age: xr.DataArray,
    before: xr.DataArray,
    after: xr.DataArray,
    shares_before: xr.DataArray,
    shares_after: xr.DataArray,
) -> xr.DataArray:
    """Split the gain of each age over causes in proportion to the change of their death rates.

    by_age: from e0_difference_by_age.  before, after: all-cause rates.  shares: share of each
    cause in the deaths of an age, dims (cause, age, ...), adding up to 1 over cause. At an age
    whose all-cause rate does not change the gain is 0 and so is every cause's part.
    Returns years of e0, dims (cause, age, ...).
    Raises ParameterError if shares do not add up to 1, or labels differ.
    """
    refuse(same_label_faults("shares_after", shares_after, shares_before))
    refuse(*(same_label_faults(n, a, by_age, "age") for n, a in (("before", before), ("after", after))))
    refuse(same_label_faults("shares_before", shares_before, by_age, "age"))
    for name, shares in (("shares_before", shares_before), ("shares_after", shares_after)):
        off = float(np.abs(shares.sum("cause", skipna=False) - 1.0).max())
        if not off <= 1e-9 or bool((shares < 0).any()):
            raise ParameterError(
                fault(name, f"do not add up to 1 over cause (off by {off:g})", "shares of deaths")
            )
    change = after - before
    part = (after * shares_after - before * shares_before) / change.where(change != 0.0)
    return (by_age * part.fillna(0.0)).assign_attrs(by_age.attrs)


def deaths_averted(before: xr.DataArray, after: xr.DataArray, person_years: xr.DataArray) -> xr.DataArray:
    """Deaths that the lower rates avert among the same person-years, by age (and what else varies).

    before, after: death rates, person-1 year-1; person_years of the years in question; dims with
    age, the same labels.  Returns persons, dims of the three together; negative where rates rose.
    Raises ParameterError for labels that differ, rates or person-years below 0 or not finite.
    """
    refuse(same_label_faults("after", after, before), same_label_faults("person_years", person_years, before))
    refuse(rate_faults("before", before), rate_faults("after", after))
    refuse(count_faults("person_years", person_years))
    averted: xr.DataArray = (before - after) * person_years
    return averted.assign_attrs(units="person", long_name="deaths averted")
