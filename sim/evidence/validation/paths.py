"""Births to come beside WPP's path and beside constant rates: what is age structure, what assumed."""

from __future__ import annotations

from collections.abc import Mapping

import xarray as xr

import sim.demography
from sim.evidence.setups import YEARS, Parameters
from sim.evidence.validation.markdown import table
from sim.params import Parameter, central, override

_SHOWN = ("000000", "410000", "410100", "410500", "410700", "411300", "440507")
_AT = (2025, 2030, 2035)


def births_to_come(parameters: Parameters, names: Mapping[str, str]) -> str:
    """The section on the near path of fertility.

    parameters: by region.  names: of regions by code.
    """
    rows = []
    for code in (c for c in _SHOWN if c in parameters):
        own = {n: parameters[code][n] for n in sim.demography.PARAMETERS}
        paths = {
            "counts, marriages, back to WPP": own,
            "WPP 2024": override(own, "fertility.reference_path", "wpp", "validation"),
            "rates of the last count": _constant(own),
        }
        for what, chosen in paths.items():
            done = sim.demography.project(xr.Dataset(), central(chosen, YEARS))
            births = done["births"].sum("sex").isel(draw=0)
            first = float(births.sel(year=_AT[0]))
            shown = (f"{float(births.sel(year=y)):.0f}" for y in _AT)
            change = f"{100 * (float(births.sel(year=_AT[-1])) / first - 1):+.0f} %"
            tfr = f"{float(done['tfr'].sel(year=_AT[-1])[0]):.2f}"
            rows.append((code, names[code], what, *shown, change, tfr))
    columns = ("code", "region", "fertility", *(str(y) for y in _AT), f"{_AT[0]}-{_AT[-1]}", f"TFR {_AT[-1]}")
    return (
        "## Births to come\n\nBirths a year by path of the nation's fertility (`fertility.reference_path`): "
        "what constant rates give is age structure and migration, the rest is assumed.\n\n"
        + table(columns, rows)
    )


def _constant(own: Mapping[str, Parameter]) -> dict[str, Parameter]:
    """The last counted TFR held on."""
    last = float(own["fertility.tfr_counted"].data[-1])
    held = override(own, "fertility.tfr", {YEARS[0]: last, YEARS[-1]: last}, "validation")
    return override(held, "fertility.marriage_effect", 0.0, "validation")
