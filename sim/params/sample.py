"""Distributions to draws: one named stream for each parameter, draw 0 central.

A draw is a function of (seed, parameter name, draw number) alone: it is the same at any block
size, any number of draws and beside any other parameters.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from functools import lru_cache, partial
from zlib import crc32

import numpy as np
import numpy.typing as npt
import xarray as xr
from scipy import special

from sim.arrays import Floats
from sim.labelled import labelled, made
from sim.params.follow import follow
from sim.params.once import once
from sim.params.paths import resolve
from sim.params.quantile import beta_quantiles, is_pert, neutral, pert_shapes, quantile
from sim.params.record import Parameter, Range
from sim.params.units import unit

CHUNK = 1024  # draws for one generator: fixed, or the numbers would change with the block size
Asked = tuple[npt.NDArray[np.int_], Floats | None]
FIRST_YEAR, LAST_YEAR = 2000, 2150  # span of every yearly deviation path


def central(parameters: Mapping[str, Parameter], years: Sequence[int]) -> dict[str, xr.DataArray]:
    """Every parameter at its central value over the model's years."""
    span = tuple(years)
    return {n: once(("central", id(p), span), partial(_over, p, span))[0] for n, p in parameters.items()}


def _over(parameter: Parameter, years: Sequence[int]) -> tuple[xr.DataArray, Parameter]:
    """A parameter's central value over the years; itself beside it, for whoever knows it by its id."""
    return labelled(resolve(parameter, years)), parameter


class Sampler:
    """Draws of every parameter for one scenario.

    Calling `block(draws)` gives all parameters by name for those draw numbers; those with a range
    have dim draw, last.  parts: labels by parameter and dim that are asked for, where not all are.
    """

    def __init__(
        self,
        parameters: Mapping[str, Parameter],
        years: Sequence[int],
        seed: int,
        parts: Mapping[str, Mapping[str, slice]] | None = None,
    ) -> None:
        self.parameters = parameters
        self.years = list(years)
        self.seed = seed
        self._central = central(parameters, years)
        for name, part in (parts or {}).items():
            if name in self._central:
                self._central[name] = self._central[name].sel(part)

    def block(
        self,
        draws: Sequence[int],
        drivers: Mapping[str, Floats] | None = None,
        labels: npt.NDArray[np.int_] | None = None,
    ) -> dict[str, xr.DataArray]:
        """All parameters for the given draw numbers (0 = central).

        drivers: uniforms (0..1), one for each draw, that take the place of a parameter's own
        stream: how a sweep steers the draws.  labels: of dim draw, where a number stands twice.
        """
        numbers = np.asarray(draws, int)
        given = drivers or {}
        todo = {n: (numbers, given.get(n)) for n, p in self.parameters.items() if p.is_uncertain}
        return self._central | self._all_drawn(todo, numbers if labels is None else labels)

    def steered(self, drivers: Mapping[str, Floats]) -> dict[str, xr.DataArray]:
        """All parameters at their central values, but those of `drivers` at these probabilities.

        drivers: 0..1 for each run, NaN where the central value is meant; each named parameter has
        a range.  Correlated groups are taken apart: a sweep moves each parameter by itself.
        """
        todo, runs = {}, 0
        for name, probabilities in drivers.items():
            centre, runs = np.isnan(probabilities), len(probabilities)
            numbers = np.where(centre, 0, np.arange(1, runs + 1))
            todo[name] = numbers, np.where(centre, 0.5, probabilities)
        return self._central | self._all_drawn(todo, np.arange(runs))

    def _all_drawn(self, todo: Mapping[str, Asked], labels: npt.NDArray[np.int_]) -> dict[str, xr.DataArray]:
        """Parameters for some draws, of each its draw numbers and probabilities; PERT ranges all at once."""
        perts = [name for name in todo if is_pert(self._spread(name))]
        shares: dict[str, Floats] = {}
        if perts:
            shapes = [pert_shapes(self.parameters[name], self._spread(name)) for name in perts]
            z = np.stack([self._normals(name, *todo[name]) for name in perts])
            shares = dict(zip(perts, beta_quantiles(shapes, z), strict=True))
        return {
            name: self._drawn(name, numbers, own, labels, shares.get(name))
            for name, (numbers, own) in todo.items()
        }

    def _spread(self, name: str) -> Range:
        spread = self.parameters[name].record.range
        assert spread is not None
        return spread

    def deviation(self, name: str, draws: Sequence[int], own: Floats | None = None) -> xr.DataArray:
        """What the draws do to a parameter with a range, on the range's own scale.

        relative: a factor; absolute: what is added, in model units; value: the value itself.
        Dims (draw), and year before it for a deviation that moves over the years (ar1) or a value
        that an override gives by year.
        """
        numbers = np.asarray(draws, int)
        values = self._deviation(name, numbers, own)
        if values.ndim == 1:
            return xr.DataArray(values, {"draw": numbers}, ("draw",))
        return xr.DataArray(values, {"year": self.years, "draw": numbers}, ("year", "draw"))

    def _deviation(
        self, name: str, numbers: npt.NDArray[np.int_], own: Floats | None, share: Floats | None = None
    ) -> Floats:
        """Deviations (draw), or (year, draw) if they move over the years; share: as of `quantile`."""
        parameter, spread = self.parameters[name], self._spread(name)
        if spread.distribution == "ar1":
            return self._path(parameter, spread, numbers, own)
        z = np.empty(0) if share is not None else self._normals(name, numbers, own)
        values = quantile(parameter, spread, z, share)
        if spread.scale != "value":
            return np.where(numbers == 0, neutral(spread), values)
        centre = self._central[name].values[..., None]
        return np.where(numbers == 0, centre, follow(parameter, values, centre))

    def _drawn(
        self,
        name: str,
        numbers: npt.NDArray[np.int_],
        own: Floats | None,
        labels: npt.NDArray[np.int_],
        share: Floats | None,
    ) -> xr.DataArray:
        spread = self._spread(name)
        base = self._central[name]
        by = self._deviation(name, numbers, own, share)
        if spread.scale == "value":
            return _labelled_by(base, by, (*base.dims, "draw"), {"draw": labels})
        moves = by.ndim == 2
        dims = [d for d in base.dims if d != "year"]
        values = base.values[..., None]
        if "year" in base.dims or moves:
            dims = ["year", *dims]
            at = base.dims.index("year") if "year" in base.dims else None
            values = values[None] if at is None else np.moveaxis(values, at, 0)
        if moves:
            by = by.reshape(len(by), *[1] * (len(dims) - 1), -1)
        more = {"draw": labels, **({"year": self.years} if moves else {})}
        drawn = values * by if spread.scale == "relative" else values + by
        return _labelled_by(base, drawn, (*dims, "draw"), more)

    def _normals(self, name: str, numbers: npt.NDArray[np.int_], own: Floats | None) -> Floats:
        """Standard normal scores of the draws, or of the probabilities that are given."""
        if own is not None:
            return np.asarray(special.ndtri(np.clip(own, 1e-12, 1 - 1e-12)))
        z = stream(self.seed, name, numbers, 1)[:, 0]
        link = self._spread(name).correlate
        if link is None:
            return z
        shared = stream(self.seed, f"group:{link.group}", numbers, 1)[:, 0]
        loading = np.sign(link.rho) * np.sqrt(abs(link.rho))
        return np.asarray(loading * shared + np.sqrt(1 - abs(link.rho)) * z)

    def _path(
        self,
        parameter: Parameter,
        spread: Range,
        numbers: npt.NDArray[np.int_],
        own: Floats | None,
    ) -> Floats:
        """Deviations (year, draw) of a first-order autoregression."""
        assert spread.rho is not None
        sd = _sd_by_year(parameter, spread, self.years)
        if own is not None:  # a sweep moves the whole path by one quantile
            level = np.asarray(special.ndtri(np.clip(own, 1e-12, 1 - 1e-12)))
            z = np.broadcast_to(level, (len(self.years), len(numbers))).copy()
        else:
            shocks = stream(self.seed, parameter.name, numbers, LAST_YEAR - FIRST_YEAR + 1)
            z = _ar1(shocks, spread.rho, self.years)
        z[:, numbers == 0] = 0.0
        return np.asarray(neutral(spread) + sd[:, None] * z)


def _labelled_by(
    base: xr.DataArray, values: Floats, dims: Sequence[Hashable], more: Mapping[str, object]
) -> xr.DataArray:
    """Drawn values with the labels of the parameter and those of draws, or years."""
    labels = {d: base[d].values for d in base.dims if d in base.coords}
    drawn = made(values, {**labels, **more}, dims)
    scalars = {str(n): base[n].values for n in base.coords if n not in base.dims}
    return drawn.assign_coords(scalars) if scalars else drawn


def stream(seed: int, name: str, numbers: npt.NDArray[np.int_], width: int) -> Floats:
    """Standard normals (draw, width) of a named stream; row i belongs to draw number i."""
    chunks = numbers // CHUNK
    first = int(chunks[0]) if len(chunks) else 0
    if (chunks == first).all():
        return _chunk(seed, name, first, width)[numbers % CHUNK]
    out = np.empty((len(numbers), width))
    for chunk in np.unique(chunks):
        here = chunks == chunk
        out[here] = _chunk(seed, name, int(chunk), width)[numbers[here] % CHUNK]
    return out


@lru_cache(maxsize=600)  # two chunks of every parameter: that of draw 0, and the one that a run is at
def _chunk(seed: int, name: str, chunk: int, width: int) -> Floats:
    """Normals (draw of the chunk, width) of a named stream."""
    key = np.random.SeedSequence(seed, spawn_key=(crc32(name.encode()), chunk))
    rows = np.random.Generator(np.random.PCG64(key)).standard_normal((CHUNK, width))
    rows.flags.writeable = False
    return rows


def _ar1(shocks: Floats, rho: float, years: Sequence[int]) -> Floats:
    """Stationary AR(1) paths with unit variance, (year, draw), from shocks (draw, all years)."""
    z = np.empty((int(max(years)) - FIRST_YEAR + 1, shocks.shape[0]))
    z[0] = shocks[:, 0]
    for t in range(1, len(z)):
        z[t] = rho * z[t - 1] + np.sqrt(1 - rho**2) * shocks[:, t]
    return np.asarray(z[np.asarray(years) - FIRST_YEAR])


def _sd_by_year(parameter: Parameter, spread: Range, years: Sequence[int]) -> Floats:
    factor = unit(parameter.record.unit).factor if spread.scale == "absolute" else 1.0
    if not isinstance(spread.sd, dict):
        return np.full(len(years), float(spread.sd or 0.0) * factor)
    stated = sorted(spread.sd)
    return np.asarray(np.interp(years, stated, [spread.sd[y] for y in stated]) * factor)
