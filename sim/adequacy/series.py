"""Series of a saved run by name, group and year, for one scenario and region."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import xarray as xr

from sim.arrays import Floats
from sim.catalogue.bases import basis_named
from sim.draws import sampled
from sim.expression import (
    EVERY,
    Derived,
    Known,
    Leaf,
    NotReadableError,
    Series,
    Tree,
    evaluate,
    parse,
)
from sim.labelled import made

_HELD_BYTES = 512_000_000  # of a saved run's series kept in memory at a time


@dataclass(frozen=True)
class Layout:
    """Where the years and groups of a series stand in its array."""

    dims: tuple[str, ...]
    years: Mapping[int, int]
    group_dim: str | None
    groups: Mapping[str, int]
    modelled: frozenset[str]
    """Groups that share a dimension but are not modelled stand there as NaN."""

    @classmethod
    def of(cls, array: xr.DataArray) -> Layout:
        """Layout of an array with dims year, draw and at most one of groups."""
        dims = tuple(map(str, array.dims))
        years = {int(y): i for i, y in enumerate(array["year"].values)}
        dim = next((d for d in dims if d not in ("year", "draw")), None)
        if dim is None:
            return cls(dims, years, None, {}, frozenset())
        groups = [str(g) for g in array[dim].values]
        axes = tuple(i for i, d in enumerate(dims) if d != dim)
        known = np.isfinite(array.values).any(axis=axes)
        modelled = frozenset(g for g, is_there in zip(groups, known, strict=True) if is_there)
        return cls(dims, years, dim, {g: i for i, g in enumerate(groups)}, modelled)

    def place(self, year: int, group: str) -> tuple[int | slice, ...]:
        """Index of one year and group; KeyError if the series has not got them."""
        at: dict[str, int] = {"year": self.years[year]}
        if self.group_dim is not None:
            at[self.group_dim] = self.groups[group]
        return tuple(at.get(d, slice(None)) for d in self.dims)


@dataclass
class Measures:
    """Access to kept series as arrays over draws: draw 0 first."""

    series: Mapping[str, xr.DataArray]
    _cache: dict[tuple[str, str, int], Floats] = field(default_factory=dict)
    _layouts: dict[str, Layout] = field(default_factory=dict)
    _trees: dict[tuple[str, str], Tree] = field(default_factory=dict)

    @classmethod
    def of(cls, results: xr.Dataset, scenario: int, region: int) -> Measures:
        """Series of one scenario and region of a saved run."""
        return cls(_Stored(results, scenario, region))

    def layout(self, name: str) -> Layout | None:
        """Years and groups of a series; None if it is not there."""
        if name not in self._layouts:
            if name not in self.series:
                return None
            self._layouts[name] = Layout.of(self.series[name])
        return self._layouts[name]

    def has(self, name: str, group: str | None = None) -> bool:
        """Whether the series (and its group) is there."""
        layout = self.layout(name)
        if layout is None:
            return False
        return layout.group_dim is None or group is None or group in layout.modelled

    def at(self, name: str, group: str, year: int) -> Floats:
        """Values over draws, (draw,), draw 0 first."""
        key = (name, group, year)
        if key not in self._cache:
            layout = self.layout(name)
            if layout is None:
                raise KeyError(name)
            stored = self.series[name].values[layout.place(year, group)]
            self._cache[key] = np.asarray(stored, float)
        return self._cache[key]

    @property
    def known(self) -> Known:
        """The series with their groups, as an expression may name them."""
        return _Known(self)

    def parsed(self, text: str, group: str = "") -> Tree:
        """The tree of a text on these series.

        Raises NotReadableError for what is not among them.
        """
        if (text, group) not in self._trees:
            self._trees[text, group] = parse(text, self.known, group)
        return self._trees[text, group]

    def value(self, tree: Tree, year: int) -> Floats | None:
        """A tree's value over draws; None if a series is not there in that year, or not modelled."""
        return evaluate(tree, lambda leaf: self.leaf(leaf, year))

    def leaf(self, leaf: Leaf, year: int) -> Floats | None:
        """The same of one series or derived figure; a plan's own figures are not among them."""
        if isinstance(leaf, Derived):
            return _DERIVED[leaf.name](self, year)
        layout = self.layout(leaf.name) if isinstance(leaf, Series) else None
        if layout is None or year not in layout.years or not isinstance(leaf, Series):
            return None
        if layout.group_dim is None:
            return self.at(leaf.name, "total", year) if not leaf.groups else None
        groups = list(layout.groups) if leaf.groups == (EVERY,) else leaf.groups
        if not groups or not layout.modelled.issuperset(groups):
            return None
        if len(groups) == 1:
            return self.at(leaf.name, groups[0], year)
        return np.asarray(sum(self.at(leaf.name, g, year) for g in groups))

    def population(self, basis: str, year: int) -> Floats:
        """People on a population basis.

        Raises PlanError for one that the model does not have.
        """
        return self.at(*basis_named(basis, "plan").at, year)

    def years(self) -> list[int]:
        """Years of the run."""
        layout = self.layout("population_group")
        return list(layout.years) if layout is not None else []


class _Known(Mapping[str, tuple[str, ...]]):
    """Groups of each series, looked up when they are asked for."""

    def __init__(self, measures: Measures) -> None:
        self._measures = measures

    def __getitem__(self, name: str) -> tuple[str, ...]:
        layout = self._measures.layout(name)
        if layout is None:
            raise KeyError(name)
        return tuple(layout.groups)

    def __contains__(self, name: object) -> bool:
        return name in self._measures.series

    def __iter__(self) -> Iterator[str]:
        return iter(self._measures.series)

    def __len__(self) -> int:
        return len(self._measures.series)


class _Stored(Mapping[str, xr.DataArray]):
    """Series read from the file when asked for; those asked for last stay in memory."""

    def __init__(self, results: xr.Dataset, scenario: int, region: int) -> None:
        self._results = results
        self._place = scenario, region
        self._names = [
            str(n) for n, v in results.variables.items() if "draw" in v.dims and n not in results.coords
        ]
        self._held: dict[str, xr.DataArray] = {}
        self._known: dict[str, npt.NDArray[Any]] = {}

    def __getitem__(self, name: str) -> xr.DataArray:
        array = self._held.pop(name, None)
        if array is None:
            stored = self._results.variables[name][self._place]
            labels = {d: self._labels(str(d)) for d in stored.dims}
            array = made(stored.values, labels, stored.dims)
            while self._held and array.nbytes + self._size() > _HELD_BYTES:
                del self._held[next(iter(self._held))]
        self._held[name] = array
        return array

    def _labels(self, dim: str) -> npt.NDArray[Any]:
        if dim not in self._known:
            self._known[dim] = self._results[dim].values
        return self._known[dim]

    def _size(self) -> int:
        return sum(a.nbytes for a in self._held.values())

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def expression(measures: Measures, text: str, group: str, year: int) -> Floats | None:
    """Value over draws of a text in the language of `sim.expression`.

    None if a series is not there (another year's, or not modelled).
    """
    try:
        tree = measures.parsed(text, group)
    except NotReadableError:
        return None
    return measures.value(tree, year)


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
    return measures.at("population_group", "total", year) - measures.at("population_group", "total", year - 1)


_DERIVED = {
    "natural_increase": _natural_increase,
    "population_increase": _population_increase,
}


def median(values: Floats) -> float:
    """Median over the draws that bands use."""
    found = sampled(values)
    if found.ndim != 1:
        return float(np.median(found))
    ordered = np.sort(found)
    n = len(ordered)  # NaN stands last
    return float((ordered[(n - 1) // 2] + ordered[n // 2]) / 2 if ordered[-1] == ordered[-1] else np.nan)
