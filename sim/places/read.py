"""A place's parameters: its sets merged, and what is computed made from its tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from sim.errors import ConfigError, fault
from sim.params import Parameter, read_sets
from sim.places.derive import Tables, derive
from sim.places.region import NATION, Region, list_regions, region_sets
from sim.places.tables import national_censuses, province_censuses, read_censuses
from sim.textfile import did_you_mean


def read_place(
    root: Path,
    region: Region | str,
    sets: Sequence[str] = ("national", "standards"),
    log: list[str] | None = None,
    regions: Mapping[str, Region] | None = None,
) -> dict[str, Parameter]:
    """The parameters of a region by dotted name: nation, standards, province, region, computed.

    root: the working folder, above `parameters`.  region: or its code.  sets: those shared by all
    places, in order.  log: takes each replacement, old -> new.  regions: those of the folder, where
    they are known already.
    Raises ConfigError for a region that there is not, ParameterError with every fault of its files.
    """
    regions = list_regions(root) if regions is None else regions
    if isinstance(region, str):
        if region not in regions:
            raise ConfigError(fault("regions", f"no region '{region}'", did_you_mean(region, list(regions))))
        region = regions[region]
    folder = root / "parameters"
    parameters = read_sets(folder, region_sets(folder, sets, region), log)
    if not any(p.is_computed for p in parameters.values()):
        return parameters
    own = read_censuses(folder, region)
    nation = own if region.code == NATION else national_censuses(folder)
    province = own if region.province == region.code else province_censuses(folder, region)
    return derive(parameters, Tables(own, nation, province), str(folder / region.folder))
