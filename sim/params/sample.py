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
from sim.errors import ParameterError, fault
from sim.labelled import labelled, made
from sim.params.follow import follow, stated
from sim.params.once import once
from sim.params.paths import resolve
from sim.params.record import Parameter, Range
from sim.params.units import unit

CHUNK = 1024  # draws for one generator: fixed, or the numbers would change with the block size
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
    have dim draw, last.
    """

    def __init__(self, parameters: Mapping[str, Parameter], years: Sequence[int], seed: int) -> None:
        self.parameters = parameters
        self.years = list(years)
        self.seed = seed
        self._central = central(parameters, years)

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
        out = dict(self._central)
        for name, parameter in self.parameters.items():
            steered = drivers is not None and name in drivers
            if parameter.is_uncertain:
                own = drivers[name] if drivers is not None and steered else None
                out[name] = self._drawn(parameter, numbers, own, numbers if labels is None else labels)
        return out

    def steered(self, drivers: Mapping[str, Floats]) -> dict[str, xr.DataArray]:
        """All parameters at their central values, but those of `drivers` at these probabilities.

        drivers: 0..1 for each run, NaN where the central value is meant; each named parameter has
        a range.  Correlated groups are taken apart: a sweep moves each parameter by itself.
        """
        out = dict(self._central)
        for name, probabilities in drivers.items():
            centre = np.isnan(probabilities)
            numbers = np.where(centre, 0, np.arange(1, len(probabilities) + 1))
            own = np.where(centre, 0.5, probabilities)
            out[name] = self._drawn(self.parameters[name], numbers, own, np.arange(len(own)))
        return out

    def deviation(self, name: str, draws: Sequence[int], own: Floats | None = None) -> xr.DataArray:
        """What the draws do to a parameter with a range, on the range's own scale.

        relative: a factor; absolute: what is added, in model units; value: the value itself.
        Dims (draw), and year before it for a deviation that moves over the years (ar1) or a value
        that an override gives by year.
        """
        numbers = np.asarray(draws, int)
        values = self._deviation(self.parameters[name], numbers, own)
        if values.ndim == 1:
            return xr.DataArray(values, {"draw": numbers}, ("draw",))
        return xr.DataArray(values, {"year": self.years, "draw": numbers}, ("year", "draw"))

    def _deviation(self, parameter: Parameter, numbers: npt.NDArray[np.int_], own: Floats | None) -> Floats:
        """Deviations (draw), or (year, draw) if they move over the years."""
        spread = parameter.record.range
        assert spread is not None
        if spread.distribution == "ar1":
            return self._path(parameter, spread, numbers, own)
        z = self._normals(parameter, spread, numbers, own)
        values = quantile(parameter, spread, special.ndtr(z))
        if spread.scale != "value":
            return np.where(numbers == 0, _neutral(spread), values)
        centre = self._central[parameter.name].values[..., None]
        return np.where(numbers == 0, centre, follow(parameter, values, centre))

    def _drawn(
        self,
        parameter: Parameter,
        numbers: npt.NDArray[np.int_],
        own: Floats | None,
        labels: npt.NDArray[np.int_],
    ) -> xr.DataArray:
        spread = parameter.record.range
        assert spread is not None
        base = self._central[parameter.name]
        by = self._deviation(parameter, numbers, own)
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

    def _normals(
        self,
        parameter: Parameter,
        spread: Range,
        numbers: npt.NDArray[np.int_],
        own: Floats | None,
    ) -> Floats:
        if own is not None:
            return np.asarray(special.ndtri(np.clip(own, 1e-12, 1 - 1e-12)))
        z = stream(self.seed, parameter.name, numbers, 1)[:, 0]
        link = spread.correlate
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
        return np.asarray(_neutral(spread) + sd[:, None] * z)


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


def _neutral(spread: Range) -> float:
    return 1.0 if spread.scale == "relative" else 0.0


def quantile(parameter: Parameter, spread: Range, u: Floats) -> Floats:
    """Values of a distribution at the probabilities `u`, on the range's own scale, model units.

    A range of scale value is taken around the centre that it was stated for.
    """
    factor = 1.0 if spread.scale == "relative" else unit(parameter.record.unit).factor
    mode = stated(parameter) / factor if spread.scale == "value" else _neutral(spread)
    return np.asarray(_quantile(parameter, spread, u, mode)) * factor


def _quantile(parameter: Parameter, spread: Range, u: Floats, mode: float) -> Floats:
    if spread.values is not None:
        if spread.distribution == "empirical":
            return np.asarray(np.quantile(np.array(spread.values), u))
        weights = np.cumsum(np.array(spread.weights, float))
        index = np.searchsorted(weights / weights[-1], u, side="right")
        return np.array(spread.values)[np.minimum(index, len(weights) - 1)]
    assert spread.low is not None
    assert spread.high is not None
    low, high = spread.low, spread.high
    if low == high:
        return np.full_like(u, low)
    tail = float(special.ndtri(0.5 + spread.level / 2))
    if spread.distribution == "uniform":
        return low + (high - low) * u
    if spread.distribution == "normal":
        return (low + high) / 2 + (high - low) / (2 * tail) * np.asarray(special.ndtri(u))
    if spread.distribution == "lognormal":
        mid, width = (np.log(low) + np.log(high)) / 2, (np.log(high) - np.log(low)) / (2 * tail)
        return np.asarray(np.exp(mid + width * special.ndtri(u)))
    if spread.distribution == "beta":
        sd = (high - low) / (2 * tail)
        k = mode * (1 - mode) / sd**2 - 1
        if not 0 < mode < 1 or k <= 0:
            wrong = f"{parameter.name}: no beta has mean {mode:g} and 95 % in {low:g}..{high:g}"
            raise ParameterError(fault(str(parameter.file), wrong, "narrow the range"))
        return np.asarray(special.betaincinv(mode * k, (1 - mode) * k, u))
    if not low <= mode <= high:
        wrong = f"{parameter.name}: the central value {mode:g} lies outside {low:g}..{high:g}"
        raise ParameterError(fault(str(parameter.file), wrong, "the range must hold it"))
    place = (mode - low) / (high - low)
    if spread.distribution == "triangular":
        rising = low + (high - low) * np.sqrt(place * u)
        falling = high - (high - low) * np.sqrt((1 - place) * (1 - u))
        return np.where(u < place, rising, falling)
    return np.asarray(low + (high - low) * special.betaincinv(1 + 4 * place, 5 - 4 * place, u))
