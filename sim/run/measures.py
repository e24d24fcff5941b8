"""Series of a saved run by name, group and year, for one scenario and region."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import xarray as xr

Floats = npt.NDArray[np.float64]

_HELD_BYTES = 512_000_000  # of a saved run's series kept in memory at a time

AGE_BASES = {"population 65+": "65+", "older residents": "65+"}


@dataclass
class Measures:
    """Access to kept series as arrays over draws: draw 0 first."""

    series: Mapping[str, xr.DataArray]
    _cache: dict[tuple[str, str, int], Floats] = field(default_factory=dict)

    @classmethod
    def of(cls, results: xr.Dataset, scenario: int, region: int) -> Measures:
        """Series of one scenario and region of a saved run."""
        names = [str(n) for n, a in results.data_vars.items() if "draw" in a.dims]
        return cls(_Stored({n: results[n][scenario, region] for n in names}))

    def has(self, name: str, group: str | None = None) -> bool:
        """Whether the series (and its group) is there."""
        array = self.series.get(name)
        if array is None:
            return False
        dim = _group_dim(array)
        if dim is None or group is None:
            return True
        return group in array[dim].values and _modelled(array.sel({dim: group}))

    def at(self, name: str, group: str, year: int) -> Floats:
        """Values over draws, (draw,), draw 0 first."""
        key = (name, group, year)
        if key not in self._cache:
            array = self.series[name].sel(year=year)
            dim = _group_dim(array)
            if dim is not None:
                array = array.sel({dim: group})
            self._cache[key] = np.asarray(array.values, float)
        return self._cache[key]

    def population(self, basis: str, year: int) -> Floats:
        """People on a plan's population basis; "unstated" is read as resident."""
        if basis in AGE_BASES:
            return self.at("population_group", AGE_BASES[basis], year)
        known = basis if basis in self.series["population_basis"]["basis"].values else "resident"
        return self.at("population_basis", known, year)

    def years(self) -> list[int]:
        """Years of the run."""
        return [int(y) for y in self.series["population_group"].year.values]


class _Stored(Mapping[str, xr.DataArray]):
    """Series read from the file when asked for; those asked for last stay in memory."""

    def __init__(self, lazy: dict[str, xr.DataArray]) -> None:
        self._lazy = lazy
        self._held: dict[str, xr.DataArray] = {}

    def __getitem__(self, name: str) -> xr.DataArray:
        array = self._held.pop(name, None)
        if array is None:
            array = self._lazy[name].copy(deep=False).load()
            while self._held and array.nbytes + self._size() > _HELD_BYTES:
                del self._held[next(iter(self._held))]
        self._held[name] = array
        return array

    def _size(self) -> int:
        return sum(a.nbytes for a in self._held.values())

    def __contains__(self, name: object) -> bool:
        return name in self._lazy

    def __iter__(self) -> Iterator[str]:
        return iter(self._lazy)

    def __len__(self) -> int:
        return len(self._lazy)


def _group_dim(array: xr.DataArray) -> str | None:
    return next((str(d) for d in array.dims if d not in ("year", "draw")), None)


def _modelled(array: xr.DataArray) -> bool:
    """Groups that share a dimension but are not modelled stand there as NaN."""
    return bool(np.isfinite(array.values).any())


def sampled(values: Floats) -> Floats:
    """The draws that bands and probabilities use: 1..N, or draw 0 if there are no others."""
    return values[1:] if len(values) > 1 else values


def expression(measures: Measures, text: str, group: str, year: int) -> Floats | None:
    """Value over draws of `series`, `series.group` or `a.x/b.y`; `x+y` adds groups, `*` all.

    None if a series is not there (another year's, or not modelled).
    """
    parts = [_term(measures, part.strip(), group, year) for part in text.split("/")]
    found = [p for p in parts if p is not None]
    if len(found) < len(parts):
        return None
    value = found[0]
    for divisor in found[1:]:
        with np.errstate(divide="ignore", invalid="ignore"):
            value = np.where(divisor != 0, value / divisor, np.nan)
    return value


def _term(measures: Measures, text: str, group: str, year: int) -> Floats | None:
    name, _, own = text.partition(".")
    chosen = own or group or "total"
    derived = _DERIVED.get(name)
    if derived is not None:
        return derived(measures, year)
    array = measures.series.get(name)
    if array is None or year not in array.year.values:
        return None
    dim = _group_dim(array)
    if dim is None:
        return measures.at(name, "total", year)
    known = [str(g) for g in array[dim].values]
    if chosen == "*":
        groups = known
    else:
        groups = [chosen] if chosen in known else chosen.split("+")
    if not set(groups) <= set(known):
        return None
    if not all(_modelled(array.sel({dim: g})) for g in groups):
        return None
    return np.asarray(sum(measures.at(name, g, year) for g in groups))


def _mean_population(measures: Measures, year: int) -> Floats:
    now = measures.at("population_group", "total", year)
    before = year - 1
    if before not in measures.years():
        return now
    return 0.5 * (now + measures.at("population_group", "total", before))


def _natural_increase(measures: Measures, year: int) -> Floats:
    change = measures.at("births", "total", year) - measures.at("deaths", "total", year)
    return change / _mean_population(measures, year)


def _population_increase(measures: Measures, year: int) -> Floats | None:
    if year - 1 not in measures.years():
        return None
    return measures.at("population_group", "total", year) - measures.at(
        "population_group", "total", year - 1
    )


_DERIVED = {
    "natural_increase": _natural_increase,
    "population_increase": _population_increase,
}


def median(values: Floats) -> float:
    """Median over the draws that bands use."""
    return float(np.median(sampled(values)))
