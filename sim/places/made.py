"""Parameters of a place that has counts and no folder: made from its counts, or the level above's.

The records stand in parameters/places/lacking; their figures are factors on what is made here, the
range of the urban share ends where the share does.  Those of
parameters/places/unchecked stand for places whose count of 2010 is none or of borders not compared.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import xarray as xr

from sim.errors import ParameterError, fault, raise_all
from sim.params import Parameter, Range, read_set
from sim.params.checks import value_fault
from sim.params.units import unit
from sim.places import above, districts, own, stocks
from sim.places.counts import CHECKED, Counts
from sim.places.figure import Figure, Maker, cited_of
from sim.places.levels import level_of
from sim.places.said import joined, said

LACKING, UNCHECKED = "places/lacking", "places/unchecked"
MAKERS: Mapping[str, Maker] = {**own.MAKERS, **above.MAKERS, **districts.MAKERS}


def made(
    root: Path, held: Counts, below: Mapping[str, Parameter], nation: Mapping[str, Parameter]
) -> dict[str, Parameter]:
    """The records of `lacking` filled in, by dotted name; those that the province's folder states are not.

    below: parameters of the nation, the standards and the province.  nation: those of its folder.
    Raises ParameterError with every fault of the records and of what is made of them.
    """
    folder = root / "parameters"
    records = read_set(folder / LACKING, folder)
    if held.grown_as != held.place.code or held.place.census_2010 not in CHECKED:
        records |= read_set(folder / UNCHECKED, folder)
    key = "".join(t.key for part in (held.own, held.nation) for t in part.values())
    out, faults = {}, []
    for name, template in records.items():
        maker = stocks.stock(name) if name.startswith("supply.") else MAKERS.get(name)
        if maker is not None:
            figure = maker(held, below, nation)
            if figure is None:
                continue
            digest = f"{template.hash}{key}{held.above.key}{figure.key}"
        else:
            source = below.get(name) or nation[name]
            figure = Figure(
                source.data / unit(source.record.unit).factor,
                level_of(source),
                source.record.noted or said("taken"),
                cited_of(source),
            )
            digest = f"{template.hash}{source.hash}"
        parameter = _filled(template, figure)
        wrong = value_fault(parameter, parameter.data)
        faults += [fault(f"{held.place.code} {held.place.name_zh}: {name} as made", wrong)] if wrong else []
        out[name] = replace(parameter, hash=hashlib.sha256(digest.encode()).hexdigest())
    raise_all(ParameterError, faults)
    return out


def _filled(template: Parameter, figure: Figure) -> Parameter:
    """A record with its own numbers, as a file would state them."""
    record, factor = template.record, template.data
    scale = unit(record.unit).factor
    if template.is_computed:
        factor = xr.DataArray(scale)
    if "year" in factor.dims and "year" in figure.data.dims:  # the figure's years
        years = figure.data.year
        factor = years.copy(data=np.interp(years.values, factor.year.values, factor.values))
    data = figure.data * factor
    spread = _range(template, figure, data)
    stated: dict[str, object] = {"value": None, "path": None, "computed": None, "range": spread}
    if data.dims == ("year",):
        points = zip(data.year.values, data.values, strict=True)
        stated |= {"path": {int(year): float(value) / scale for year, value in points}, "beyond": "hold"}
    elif not data.dims:
        stated["value"] = float(data) / scale
    stated |= figure.cited or {}
    made = joined(figure.said, record.noted)
    filled = record.model_copy(update=stated)
    return replace(template, record=filled, data=data, level=figure.level, made=made)


def _range(template: Parameter, figure: Figure, data: xr.DataArray) -> Range | None:
    """The record's range in the place's own numbers: a share within 0..1."""
    spread = template.record.range
    if spread is None or spread.low is None or spread.high is None:
        return spread
    low, high = spread.low, spread.high
    if figure.spread is not None:
        low, high = figure.spread
    elif template.name == "population.urban_share":
        low, high = max(low, -float(data.min())), min(-low, 1 - float(data.max()))
    return spread.model_copy(update={"low": low, "high": high})
