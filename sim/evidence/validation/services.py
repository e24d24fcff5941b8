"""Use of care and beds against what was counted, by year and region, with the source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from sim.evidence.validation import use_by_rates as calibration
from sim.evidence.validation.common import YEARS, Parameters
from sim.evidence.validation.markdown import signed, table
from sim.evidence.validation.modelled import FIRST, LAST, USE, Modelled
from sim.params import Parameter
from sim.places import Region
from sim.places.region import NATION
from sim.schema import LEVELS
from sim.textfile import read_csv

INPUTS = {
    "admissions": ("inpatient.base_occupancy", "inpatient.alos", "inpatient.net_inflow"),
    "visits": ("outpatient.visits_per_resident",),
}

Counts = Mapping[tuple[str, int, str, str], tuple[float, str]]
"""(value, source) by region, year, scope and indicator."""


def use(root: Path, regions: Sequence[Region], parameters: Parameters) -> str:
    """The section on use of care and beds."""
    observed = read_csv(root / "parameters" / "observed_use.csv")
    counts = {
        (r["region"], int(r["year"]), r["scope"], r["indicator"]): (float(r["value"]), r["source"])
        for r in observed
    }
    open_share = {"hospitals": float(parameters[NATION]["inpatient.open_share"].data)}
    for code, year, name, value in calibration.implied_by_identity(observed, open_share):
        if name == "admissions (all)":
            source = counts[code, year, "all", "beds"][1]
            counts[code, year, "all", "admissions"] = (value, f"{source}, by identity")
    nation = Modelled(root, next(r for r in regions if r.code == NATION), parameters[NATION])
    parts = [_INTRODUCTION, _nation(nation, counts), _levels(nation, counts)]
    rows: list[tuple[str, ...]] = []
    for region in regions:
        rows += _region(root, region, parameters[region.code], nation, counts)
    rows += _carried(regions, observed, counts)
    parts.append(
        "Regions, 2015 and 2020. *National rates*: rates by age x level of the year x net inflow "
        "on the region's people, nothing of its own use known; *own base*: what the model starts "
        "from in 2020, carried to the year with the nation's level; *province*: beds of 2015 "
        "carried on with the province's growth. People of 2015 stand on the line between the "
        "censuses. Sources: parameters/sources. \\* the model's input comes from this count.\n\n"
        + table(("region", "figure", "year", "how", "model", "counted", "misfit", "source"), rows)
    )
    parts.append(_identities(observed, open_share))
    return "\n".join(parts)


_INTRODUCTION = (
    "## Use of care and beds\n\nRates by age of one year x the level counted in each year. "
    "Normal: the level without the epidemic (2020-2024 on the line from 2019 to 2025), which plans "
    "are tested against; counted: `inpatient.epidemic_years=counted`. Occupancy that regions "
    "report beside what the hospital model bears: [hospital.md](hospital.md).\n"
)


def _nation(nation: Modelled, counts: Counts) -> str:
    rows = []
    for year in range(FIRST, LAST + 1):
        row = [str(year)]
        for name in USE:
            seen = counts.get((NATION, year, "all", name))
            model = nation.by_rates["counted"][name].get(year)
            if seen is None or model is None:
                row += ["", "", "", ""]
                continue
            normal = nation.by_rates["normal"][name][year]
            row += [_millions(normal), _millions(model), _millions(seen[0]), signed(model / seen[0] - 1)]
        rows.append(tuple(row))
    columns = (
        "year",
        "admissions, normal",
        "as counted",
        "counted",
        "misfit",
        "visits, normal",
        "as counted",
        "counted",
        "misfit",
    )
    return (
        "The nation at national rates, millions (counts: National Health Commission's bulletins; "
        "they set the level, so the misfit shows only that it is read back).\n\n" + table(columns, rows)
    )


def _levels(nation: Modelled, counts: Counts) -> str:
    rows = []
    for name in USE:
        array = nation.own["admissions_level" if name == "admissions" else "visits"]
        for year in YEARS:
            for level in LEVELS:
                seen = counts.get((NATION, year, level, name))
                whole = counts.get((NATION, year, "all", name))
                if seen is None or whole is None:
                    continue
                at = array.sel(year=year).isel(draw=0)
                share = float(at.sel(level=level) / at.sum("level"))
                rows.append((name, str(year), level, f"{100 * share:.1f}", f"{100 * seen[0] / whole[0]:.1f}"))
    return (
        "Shares of the levels, per cent (secondary holds ungraded hospitals and maternity "
        "institutions):\n\n" + table(("figure", "year", "level", "model", "counted"), rows)
    )


def _region(
    root: Path,
    region: Region,
    parameters: Mapping[str, Parameter],
    nation: Modelled,
    counts: Counts,
) -> list[tuple[str, ...]]:
    if not any(key[0] == region.code and key[2] == "all" for key in counts):
        return []
    here = nation if region.code == NATION else Modelled(root, region, parameters)
    inflow = 1.0 + float(here.params["inpatient.net_inflow"])
    rows = []
    for year in (2015, 2020):
        for name in USE:
            seen = counts.get((region.code, year, "all", name))
            if seen is None:
                continue
            rated = here.by_rates["counted"][name].get(year)
            if rated is not None:
                rated *= inflow if name == "admissions" else 1.0
                mark = "national rates *" if region.code == NATION else "national rates"
                rows.append(_row(region.code, name, year, mark, rated, seen))
            own = here.total(name, year)
            if region.code != NATION and np.isfinite(own):
                used = {parameters[n].record.source for n in INPUTS[name]}
                mark = "own base *" if seen[1].split(",")[0] in used else "own base"
                rows.append(_row(region.code, name, year, mark, own, seen))
        seen = counts.get((region.code, year, "all", "beds"))
        if seen is not None:
            normal = nation.by_rates["normal"]["admissions"]
            back = normal[year] / normal[YEARS[0]]
            how = "base stock *" if year == YEARS[0] else "own base"
            rows.append(_row(region.code, "beds", year, how, here.beds * back, seen))
    return rows


def _carried(
    regions: Sequence[Region], observed: Sequence[Mapping[str, str]], counts: Counts
) -> list[tuple[str, ...]]:
    parent = {r.code: f"{r.code[:2]}0000" for r in regions if r.code != NATION}
    return [
        _row(m.region, "beds", m.year, "province", m.modelled, counts[m.region, m.year, "all", "beds"])
        for m in calibration.carried_stocks(observed, parent, 2015, 2020)
    ]


def _identities(observed: Sequence[Mapping[str, str]], open_share: Mapping[str, float]) -> str:
    rows = [
        (m.region, m.indicator, str(m.year), f"{m.modelled:.3f}", f"{m.observed:.3f}", signed(m.misfit))
        for m in calibration.bed_identities(observed, open_share)
    ]
    text = (
        "The bed identity occupancy = admissions x stay / (365 x open beds), wherever all four are "
        "known:\n\n" + table(("region", "figure", "year", "by identity", "stated", "misfit"), rows)
    )
    implied = [
        (region, name, str(year), f"{value:.1f}" if value < 1000 else f"{value:.0f}")
        for region, year, name, value in calibration.implied_by_identity(observed, open_share)
    ]
    return (
        text
        + "\nWhere three are known, what the fourth must be:\n\n"
        + table(("region", "figure", "year", "by identity"), implied)
    )


def _row(code: str, name: str, year: int, how: str, model: float, seen: tuple[float, str]) -> tuple[str, ...]:
    return (
        code,
        name,
        str(year),
        how,
        f"{model:.0f}",
        f"{seen[0]:.0f}",
        signed(model / seen[0] - 1),
        seen[1],
    )


def _millions(value: float) -> str:
    return f"{value / 1e6:.1f}"
