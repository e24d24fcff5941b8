"""Regions with a folder, as their censuses and what was counted since give them: births and moves.

The base year's are those of any place without a folder (sim/places/own.py): children of age 0 per woman,
sex ratio of age 0, census survival of ten years.  Later years meet the births and totals observed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import xarray as xr

from sim.demography.calibrate import Fit, Observation, fit_region, indicators
from sim.demography.stage import project
from sim.params import Parameter, central, override, read_set
from sim.places import Region, list_places, list_regions, read_censuses, read_observed, read_place
from sim.places import own as made
from sim.places.counts import counts
from sim.places.region import NATION

BASE = 2020
_TOTAL = "population_total"


@dataclass(frozen=True)
class Start:
    """The base year of a region by its censuses."""

    ratio: float
    """TFR over the nation's."""
    srb: float
    """Sex ratio at birth."""
    level: float
    """Net migrants a year of the decade before."""

    @property
    def values(self) -> dict[str, dict[int, float]]:
        """By dotted name, as paths of the base year alone."""
        found = {"fertility.tfr_ratio": self.ratio, "migration.level": self.level}
        return {name: {BASE: value} for name, value in found.items()}


@dataclass(frozen=True)
class Fitted:
    """A region led through what was observed of it."""

    region: Region
    start: Start
    fit: Fit
    observed: Sequence[Observation]
    own: Mapping[str, Parameter]

    @property
    def births(self) -> list[int]:
        """Years after the base whose births are known."""
        return sorted(o.year for o in self.observed if o.indicator == "births" and o.year > BASE)

    @property
    def total(self) -> int | None:
        """Last year after the base whose total is known."""
        return max((o.year for o in self.observed if o.indicator == _TOTAL and o.year > BASE), default=None)

    def misses(self) -> list[tuple[str, int, float]]:
        """Indicator, year and log of what was published over what the fit has, after the base year."""
        last = max((o.year for o in self.observed), default=BASE)
        if last <= BASE:
            return []
        own = override(self.own, "fertility.tfr_ratio", self.fit.tfr_ratio, self.region.code)
        own = override(own, "migration.level", self.fit.level, self.region.code)
        model = indicators(project(xr.Dataset(), central(own, list(range(BASE, last + 1)))))
        return [
            (o.indicator, o.year, float(np.log(o.value / model[o.indicator].sel(year=o.year)[0])))
            for o in self.observed
            if o.year > BASE and o.indicator in model and o.value > 0
        ]


def stated(root: Path) -> dict[str, Region]:
    """Regions whose folder holds all that is theirs, the nation among them, by code."""
    places = list_places(root)
    return {c: r for c, r in list_regions(root).items() if r.parent is None and c in places}


def start(root: Path, region: Region, nation: Mapping[str, Parameter]) -> Start:
    """The base year of a region.  nation: parameters of the nation."""
    below = read_place(root, region)
    own = read_censuses(root / "parameters", region)
    held = counts(root, list_places(root)[region.code], own or None)
    ratio = made.ratio_of_census(held, below)
    srb = float(made.sex_ratio(held, below, nation).data.isel(year=0))
    level = float(made.net_migration(held, below, nation).data.isel(year=0))
    return Start(round(ratio, 4), round(srb, 3), float(round(level)))


def fitted(root: Path, region: Region, begun: Start, errors: tuple[float, float] | None) -> Fitted:
    """A region led through its observed.csv.

    errors: of a year's net migration and of a published total, standard deviations; none where the last
    total counts alone.
    """
    own = read_place(root, region, instead=begun.values)
    observed = read_observed(root / "parameters" / region.folder / "observed.csv")
    return led_through(region, begun, own, observed, errors)


def led_through(
    region: Region,
    begun: Start,
    own: Mapping[str, Parameter],
    observed: Sequence[Observation],
    errors: tuple[float, float] | None,
) -> Fitted:
    """A region led through its births and totals.

    own: its parameters, births and moves those of the base year alone.  errors: as `fitted` takes them.
    """
    last = max((o.year for o in observed if o.indicator in ("births", _TOTAL)), default=BASE)
    fit = fit_region(
        central(own, list(range(BASE, last + 2))),
        observed,
        last,
        trust_births=float(own["observation.trust_births"].data),
        recent=int(own["observation.recent_years"].data),
        errors=errors,
    )
    return Fitted(region, begun, fit, observed, own)


def starts(root: Path) -> dict[str, Start]:
    """The base year of every region that is no nation, by code."""
    nation = read_place(root, NATION)
    return {code: start(root, region, nation) for code, region in stated(root).items() if code != NATION}


def national(root: Path) -> dict[str, Parameter]:
    """The nation's set."""
    return read_set(root / "parameters" / "national", root / "parameters")
