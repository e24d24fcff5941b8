"""Every parameter that is shipped, by place: the nation's sets, and each region's own on top."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np
from paths import ROOT

from sim.params import Parameter, Sampler, read_sets
from sim.params.units import unit
from sim.places import read_place

REGIONS = tuple(sorted(p.name for p in (ROOT / "parameters" / "regions").iterdir() if p.is_dir()))
PLACES = ("national", *REGIONS)
YEARS = tuple(range(2020, 2036))
U = np.array([0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.98])  # probabilities at which draws are looked at


@cache
def parameters(place: str) -> Mapping[str, Parameter]:
    """All parameters of a place, as a run of it would have them."""
    if place == "national":
        read = read_sets(ROOT / "parameters", ["national", "standards"])
        return {name: p for name, p in read.items() if not p.is_computed}  # made for a place alone
    return read_place(ROOT, place.partition("_")[0])


@cache
def own(place: str) -> tuple[Parameter, ...]:
    """Numbers that the place itself states (the nation's are looked at once)."""
    found = parameters(place).values()
    here = [p for p in found if place == "national" or place in p.file.parts]
    return tuple(p for p in here if not p.is_method)


def ranged(place: str) -> tuple[Parameter, ...]:
    """Those with a range."""
    return tuple(p for p in own(place) if p.is_uncertain)


def draws(parameter: Parameter, u: np.ndarray = U) -> np.ndarray:
    """Values of a parameter at given probabilities, (cells and years ..., probability)."""
    sampler = Sampler({parameter.name: parameter}, YEARS, seed=1)
    return np.asarray(sampler.steered({parameter.name: u})[parameter.name].values)


def centre(parameter: Parameter) -> np.ndarray:
    """Central values over the years, with a last axis to lie beside draws."""
    array = Sampler({parameter.name: parameter}, YEARS, seed=1).block([0])[parameter.name]
    return np.asarray(array.isel(draw=0).values if "draw" in array.dims else array.values)[..., None]


def stated(parameter: Parameter) -> float:
    """A single number as its file states it."""
    return float(parameter.data) / unit(parameter.record.unit).factor
