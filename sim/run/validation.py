"""docs/validation.md: what the demography reproduces, measured now; no dates, no timings.

`healthplan validation-page`.  Known answers are read from tests/cases of the checkout, the world
file from the folder that HEALTHPLAN_WPP names; what is absent is said to be not measured.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import xarray as xr

import sim.demography
from sim.burden import calibration
from sim.config import Experiment, find_root
from sim.demography import calibrate, fertility
from sim.demography.ccmpp import project_cohorts
from sim.demography.lifetable import life_table
from sim.demography.past import nation_past, order_shares
from sim.errors import ConfigError, ParameterError, fault
from sim.params import Parameter, Sampler, central, read_sets
from sim.run.backtest import INDICATORS, NATION, Backtest, backtest, read_census
from sim.run.setup import Region, Setup, list_regions
from sim.schema import SEXES
from sim.textfile import read_csv

Floats = npt.NDArray[np.float64]

WPP_ENV = "HEALTHPLAN_WPP"
SETS = ("national", "standards")
YEARS = range(2020, 2036)
DRAWS = 200
BOUND_DRAWS = 4000
SEED = 2024
BACKTESTS: tuple[tuple[int, int, tuple[str, ...], str], ...] = (
    (2020, 2024, ("nation",), "base census, then nothing of the region"),
    (2020, 2024, (), "the same, and nothing of the nation either"),
    (2022, 2024, ("nation",), "births and totals of 2021-22 fitted"),
    (2010, 2020, ("nation",), "census of 2010, migration unknown"),
    (2010, 2020, ("nation", "migration"), "census of 2010, net migration of the decade given"),
)
VALIDATION = ("JPN", "DEU", "NGA", "IND", "BRA", "USA", "NER", "QAT", "KOR", "SWE", "ZAF", "IDN")
DAYS = 365.0


def validation_page(root: Path | None = None) -> str:
    """The page as Markdown."""
    root = root or find_root(Path.cwd())
    cases = root / "tests" / "cases"
    if not cases.is_dir():
        remedy = "run it in a checkout of the repository"
        raise ConfigError(fault(str(cases), "no known answers here", remedy))
    regions = sorted(list_regions(root).values(), key=lambda r: r.code)
    parameters = {r.code: read_sets(root / "parameters", [*SETS, r.folder], []) for r in regions}
    parts = [
        "# Validation\n\nMade by `healthplan validation-page`: every figure is measured when the "
        "page is made. Errors are relative unless a unit is given; bias is model over observed.\n",
        _wpp(cases),
        _life_tables(cases),
        _bases(root, regions, parameters),
        _bounds(cases, parameters[NATION]),
        _orders(root, parameters),
        _backtests(root, regions, parameters),
        _use(root, regions, parameters),
        _known_errors(),
    ]
    return "\n".join(parts)


# --- WPP ---------------------------------------------------------------------------------------


def wpp_errors(
    case: Mapping[str, Any], published: str, out_migration: str
) -> tuple[Floats, Floats]:
    """Relative errors of mid-2050: totals (country,), and of five-year cells below 85
    (country, cell).
    """
    year = np.arange(2024, 2051)

    def array(name: str, *dims: str) -> xr.DataArray:
        known = {
            "country": case["country"], "year": year, "sex": list(SEXES),
            "age": np.arange(10, 55) if name == "asfr" else np.arange(101),
        }  # fmt: skip
        return xr.DataArray(np.asarray(case[name], float), {d: known[d] for d in dims}, dims)

    done = project_cohorts(
        array("base", "country", "sex", "age"),
        mx=array("mx", "country", "year", "sex", "age"),
        asfr=array("asfr", "country", "year", "age"),
        srb=array("srb", "country", "year"),
        net_migration=array("net_migration", "country", "year", "sex", "age"),
        out_migration=out_migration,
    )
    middle = done["population"].sel(year=[2049, 2050]).mean("year")
    ours = middle.transpose("country", "sex", "age").values
    theirs = np.asarray(case[published], float)
    total = np.abs(ours.sum((1, 2)) / theirs.sum((1, 2)) - 1)
    a, b = (x[..., :85].reshape(len(ours), 2, 17, 5).sum(-1) for x in (ours, theirs))
    return total, np.abs(a / b - 1).reshape(len(ours), -1)


def world_case(folder: Path) -> dict[str, Any]:
    """The world file in the shape of the committed five countries."""
    z = np.load(folder / "wpp2024_world.npz", allow_pickle=True)
    years = slice(0, 27)
    return {
        "country": z["iso3"], "base": np.maximum(z["jan1_2024"], 0)[:, ::-1],
        "mx": z["mx_derived"][:, years, ::-1], "asfr": z["asfr_derived"][:, years],
        "srb": z["srb"][:, years], "net_migration": z["mig"][:, years, ::-1],
        "population_mid_2050": z["pop_mid"][:, list(z["year_pop"]).index(2050), ::-1],
    }  # fmt: skip


def _wpp(cases: Path) -> str:
    case = np.load(cases / "wpp2024_five.npz")
    total, cells = wpp_errors(case, "population_mid_2050", "refuse")
    rows = [
        (c, _pct(t, 4), _pct(np.median(e), 4), _pct(np.percentile(e, 95), 4), _pct(e.max(), 3))
        for c, t, e in zip(case["country"], total, cells, strict=True)
    ]
    columns = ("country", "total", "cells, median", "cells, p95", "cells, largest")
    text = (
        "## WPP 2024 given back\n\nPopulation of mid-2050 from WPP's own rates, 1 January 2024 on; "
        "cells are 5-year age groups by sex below 85.\n\n" + _table(columns, rows)
    )
    folder = os.environ.get(WPP_ENV)
    if not folder or not (Path(folder) / "wpp2024_world.npz").is_file():
        return text + f"\nThe other countries were not measured: {WPP_ENV} names no folder.\n"
    world = world_case(Path(folder))
    total, cells = wpp_errors(world, "population_mid_2050", "cap")
    names = [str(c) for c in world["country"]]
    some = [names.index(c) for c in VALIDATION]
    rows = [
        (names[i], _pct(total[i], 4), _pct(np.median(cells[i]), 4),
         _pct(np.percentile(cells[i], 95), 4), _pct(cells[i].max(), 3))
        for i in some
    ]  # fmt: skip
    large = world["population_mid_2050"].sum((1, 2)) > 1e6
    whole = (
        f"\nThe {large.sum()} countries above a million: total, median "
        f"{_pct(np.median(total[large]), 4)}, "
        f"largest {_pct(total[large].max(), 4)}; cells at p95, median of the countries "
        f"{_pct(np.median(np.percentile(cells[large], 95, axis=1)), 4)}.\n"
    )
    why = (
        "\nCountries whose cells pass 0.05 % at p95, and why: the rates by single age are "
        "graduated from "
        "WPP's five-year tables, the published ones are not held. Korea: only cohorts born "
        "after 2024 are "
        "off, as births are 0.1-0.2 % high (fertility inside 30-39); Nigeria and Niger: "
        "children, and "
        "ages 80-84, whose mortality moves fast inside a group; Qatar: as Korea, and few people "
        "above "
        "65, off within two years of the base. Older cohorts are within 0.03 % in all four.\n"
    )
    return text + "\nFrom the world file:\n\n" + _table(columns, rows) + whole + why


# --- life tables, base populations, bounds -------------------------------------------------------


def _life_tables(cases: Path) -> str:
    rows = []
    case = _columns(cases / "austria_1992_males.csv")
    e0 = life_table(case["deaths"] / case["population"], sex="male", ax=case["ax"])["ex"]
    rows.append(("Austria, men 1992 (ax given)", "72.889", f"{float(e0[0]):.3f}"))
    case = _columns(cases / "us_females_1935_1995.csv")
    for year, printed in ((1935, 63.32), (1995, 79.00)):
        e0 = life_table(case[f"mx_{year}"], sex="female", ax="greville")["ex"]
        rows.append(
            (f"United States, women {year} (Greville)", f"{printed:.2f}", f"{float(e0[0]):.2f}")
        )
    return "## Life tables\n\n" + _table(("table", "e0 printed", "e0 here"), rows)


def _columns(path: Path) -> dict[str, xr.DataArray]:
    rows = read_csv(path)
    age = [int(r["age"]) for r in rows]
    names = [n for n in rows[0] if n not in ("age", "_line")]
    return {n: xr.DataArray([float(r[n]) for r in rows], {"age": age}, ("age",)) for n in names}


def _bases(
    root: Path, regions: Sequence[Region], parameters: Mapping[str, Mapping[str, Parameter]]
) -> str:
    rows = []
    for r in regions:
        starts, groups = read_census(root, r.folder, 2020)
        base = parameters[r.code]["population.base"].data.sum("sex").transpose("age").values
        total = groups.sum()
        edges = [*starts, len(base)]
        largest = max(
            abs(base[a:b].sum() / groups[:, i].sum() - 1)
            for i, (a, b) in enumerate(pairwise(edges)) if a >= 5
        )  # fmt: skip
        old = np.array(starts) >= 65
        aged = base[65:].sum() / groups[:, old].sum() - 1
        change = _signed(base.sum() / total - 1)
        rows.append((r.code, r.name_en, f"{total:.0f}", change, _signed(aged), _pct(largest, 2)))
    columns = ("code", "region", "census, 1 Nov 2020", "total on 31 Dec", "65+", "largest group")
    return (
        "## Base populations\n\nBase of 31 December against the census of 1 November: two "
        "months of "
        "births, deaths, migration and birthdays lie between them.\n\n" + _table(columns, rows)
    )


def bound_misfits(
    bounds: Sequence[Mapping[str, str]], parameters: Mapping[str, Parameter]
) -> dict[str, dict[str, Floats]]:
    """Sampled minus published bounds of China's TFR and e0 by year, WPP's reference path.

    bounds: rows with year, tfr_80l, .., e0_95u.  Returns by "tfr" and "e0" the median and the four
    bounds, each (year,).
    """
    years = np.array([int(r["year"]) for r in bounds])
    span = range(2020, int(years[-1]) + 1)
    names = sim.demography.PARAMETERS
    params = Sampler({n: parameters[n] for n in names}, span, SEED).block(range(BOUND_DRAWS + 1))
    at = years - span[0]
    tfr = fertility.tfr_path(params, np.array(span), BOUND_DRAWS + 1)[at]
    middle = central({n: parameters[n] for n in names}, span)
    middle["mortality.reference_path"] = xr.DataArray("wpp")
    e0 = sim.demography.project(xr.Dataset(), middle)["e0"].sel(sex_total="both").values[at]
    moved = sum(
        fertility.over_years(params[f"mortality.{n}"], np.array(span), BOUND_DRAWS + 1)
        for n in ("e0_gap", "e0_path_error")
    )
    paths = {"tfr": tfr, "e0": e0 + np.asarray(moved)[at]}
    points = {"median": 0.5, "80l": 0.1, "80u": 0.9, "95l": 0.025, "95u": 0.975}
    found: dict[str, dict[str, Floats]] = {}
    for name, drawn in paths.items():
        found[name] = {}
        for point, q in points.items():
            key = name if point == "median" else f"{name}_{point}"
            published = np.array([float(r[key]) for r in bounds])
            found[name][point] = np.quantile(drawn[:, 1:], q, axis=1) - published
    return found


def _bounds(cases: Path, parameters: Mapping[str, Parameter]) -> str:
    bounds = read_csv(cases / "wpp2024_china_bounds.csv")
    found = bound_misfits(bounds, parameters)
    columns = (
        "year",
        *(f"{n} {p}" for n in found for p in ("80 low", "80 high", "95 low", "95 high")),
    )
    rows = [
        (
            row["year"],
            *(f"{found[n][p][t]:+.3f}" for n in found for p in ("80l", "80u", "95l", "95u")),
        )
        for t, row in enumerate(bounds)
    ]
    return (
        f"## Probability bounds of China\n\nBounds of {BOUND_DRAWS} sampled paths minus WPP 2024's "
        "(children per woman; years). Path `wpp` for life expectancy; the default path `smoothed` "
        "is the official series to 2025 with the same deviations. WPP's bounds of life "
        "expectancy lie "
        "lower around their median than a normal's do, by 0.3 year in 2050.\n\n"
        + _table(columns, rows)
    )


# --- births by order -----------------------------------------------------------------------------


def _orders(root: Path, parameters: Mapping[str, Mapping[str, Parameter]]) -> str:
    nation = parameters[NATION]
    past = order_shares(nation_past({n: p.data for n, p in nation.items()}, 2022))
    observed = read_csv(root / "parameters" / "observed_birth_orders.csv")
    rows: list[tuple[str, ...]] = []
    for r in observed:
        here = past[int(r["year"]) - 2010][("1", "2", "3+").index(r["order"])]
        rows.append((r["year"], r["order"], r["value"], f"{100 * here:.1f}", r["source"]))
    text = (
        "## Births by order\n\nChina's past run over the cohorts from the census of 2010, the "
        "TFR of "
        "each year given, the two-child policy of 2016 as a named object: shares, per cent.\n\n"
        + _table(("year", "order", "observed", "here", "source"), rows)
    )
    rows = []
    for code, name in ((NATION, "China"), ("410000", "Henan"), ("440000", "Guangdong")):
        names = sim.demography.PARAMETERS
        own = {n: parameters[code][n] for n in names}
        drawn = Sampler(own, YEARS, SEED).block(range(DRAWS + 1))
        births = sim.demography.project(xr.Dataset(), drawn)["births_by_order"]
        share = (births / births.sum("order")).transpose("year", "order", "draw").values
        for y in (2020, 2021, 2025, 2035):
            t = y - YEARS[0]
            low, high = np.quantile(share[t, 2, 1:], [0.1, 0.9])
            rows.append((name, str(y), *(f"{100 * v:.1f}" for v in share[t, :, 0]),
                         f"{100 * low:.1f}-{100 * high:.1f}"))  # fmt: skip
    columns = ("region", "year", "1", "2", "3+", "3+, P10-P90")
    return (
        text
        + "\nProjected shares (observed 3+: Henan 15.1 in 2020, 15.6 in 2021; Guangdong 15.3 in "
        "2020):\n\n" + _table(columns, rows)
    )


# --- backtests -----------------------------------------------------------------------------------


def _setup(
    root: Path, regions: Sequence[Region], parameters: Mapping[str, Mapping[str, Parameter]]
) -> Setup:
    experiment = Experiment.model_validate(
        {"schema": 1, "name": "validation", "regions": [r.code for r in regions],
         "years": {"base": YEARS[0], "end": YEARS[-1]}, "draws": {"n": DRAWS, "seed": SEED}}
    )  # fmt: skip
    own = {("reference", code): p for code, p in parameters.items()}
    return Setup(experiment, root, root, tuple(regions), ("reference",), own)


def _backtests(
    root: Path, regions: Sequence[Region], parameters: Mapping[str, Mapping[str, Parameter]]
) -> str:
    setup = _setup(root, regions, parameters)
    text = (
        "## Backtests\n\n`healthplan backtest EXPERIMENT --fit-to .. --score-to ..`: mean absolute "
        "error and bias in per cent, share of the observations inside the 80 % band without and "
        "with "
        "the error of what is published (observation.error), beside two naive forecasts.\n"
    )
    for fit_to, score_to, know, what in BACKTESTS:
        found = []
        for region in regions:
            try:
                found.append(backtest(setup, region, fit_to, score_to, know))
            except ParameterError:
                continue  # nothing observed in those years
        text += f"\n### {fit_to} to {score_to}: {what}\n\n" + _scores(found)
    return text


def _scores(found: Sequence[Backtest]) -> str:
    every = calibrate.summary([s for b in found for s in b.scores])
    columns = ("indicator", "n", "error", "bias", "in band", "with error", "last value", "trend")
    rows = [(name, *_score(every[name])) for name in INDICATORS if name in every]
    text = _table(columns, rows)
    some = (
        "population_total",
        "population_0-15",
        "population_60+",
        "population_65+",
        "births",
        "deaths",
    )
    rows = []
    for b in found:
        mine = calibrate.summary(b.scores)
        bias = (f"{100 * mine[n]['bias']:+.1f}" if n in mine else "" for n in some)
        rows.append((b.region.code, b.region.name_en, *bias))
    return text + "\nBias by region, per cent:\n\n" + _table(("code", "region", *some), rows)


def _score(s: Mapping[str, float]) -> tuple[str, ...]:
    naive = (s.get(f"{n}_error") for n in ("last_value", "trend"))
    return (
        f"{s['n']:.0f}", f"{100 * s['error']:.1f}", f"{100 * s['bias']:+.1f}",
        f"{s['coverage']:.2f}", f"{s['coverage_seen']:.2f}",
        *("" if v is None else f"{100 * v:.1f}" for v in naive),
    )  # fmt: skip


# --- use of care ---------------------------------------------------------------------------------


def _use(
    root: Path, regions: Sequence[Region], parameters: Mapping[str, Mapping[str, Parameter]]
) -> str:
    observed = read_csv(root / "parameters" / "observed_use.csv")
    held = {
        (r["region"], int(r["year"]), r["scope"], r["indicator"]): float(r["value"])
        for r in observed
    }
    rows = []
    for region in regions:
        params = central(parameters[region.code], list(YEARS))
        done = sim.demography.project(
            xr.Dataset(), {n: params[n] for n in sim.demography.PARAMETERS}
        )
        use = calibration.use_at_national_rates(done["population"], done["births_by_age"], params)
        for name, modelled in use.items():
            seen = held.get((region.code, YEARS[0], "all", name))
            if seen is not None:
                rows.append((region.code, name, str(YEARS[0]), f"{modelled:.0f}", f"{seen:.0f}",
                             _signed(modelled / seen - 1)))  # fmt: skip
    parent = {r.code: f"{r.code[:2]}0000" for r in regions if r.code != NATION}
    for m in calibration.carried_stocks(observed, parent, 2015, 2020):
        rows.append((m.region, "beds carried on from 2015 with the province", str(m.year),
                     f"{m.modelled:.0f}", f"{m.observed:.0f}", _signed(m.misfit)))  # fmt: skip
    open_share = {"hospitals": _open_days(parameters[NATION]) / DAYS}
    for m in calibration.bed_identities(observed, open_share):
        rows.append((m.region, m.indicator, str(m.year), f"{m.modelled:.3f}", f"{m.observed:.3f}",
                     _signed(m.misfit)))  # fmt: skip
    columns = ("region", "figure", "year", "model", "observed", "misfit")
    return (
        "## Use of care and beds\n\nUse at national rates by age on the region's people (a "
        "normal year; "
        "2020 was not one: the nation's admissions fell by 15 %, visits by 11 %), beds of 2015 "
        "carried "
        "on, and the identity occupancy = admissions x stay / open bed-days. Occupancy that "
        "regions "
        "report beside what the hospital model bears: [hospital.md](hospital.md).\n\n"
        + _table(columns, rows)
    )


def _open_days(parameters: Mapping[str, Parameter]) -> float:
    name = "inpatient.open_days_per_bed"
    return float(parameters[name].data) if name in parameters else 347.4


# --- what is known to be wrong -------------------------------------------------------------------


def _known_errors() -> str:
    causes = (
        ("60+ and 65+ are 2-4 % above the yearly releases of 2021-22, 0-2 % by 2024",
         "the yearly surveys start below the census of 2020 (Anyang's 60+ fell by 2 % in a year "
         "in which "
         "no cohort could); the difference closes as the releases catch up"),
        ("from the census of 2010, 60+ and 65+ of 2020 are 4-7 % too few",
         "WPP's old-age mortality is above what two censuses bear out; mortality.old_age_factor "
         "(0.83-0.90 from 75 on) mends it for projections from 2020, and is put aside in that "
         "backtest"),
        ("total population after 2020 in regions whose migration changed",
         "the decade's net migration is held on from 2020; Zhengzhou, Guangdong, Luohe and "
         "Sanmenxia "
         "changed by 1-2 % of their people a year; fitting 2021-22 removes most of it"),
        ("from the census of 2010, 0-14 of 2020 is 6 % too few even with migration given",
         "births of 2011-19 at the nation's TFR times the ratio of 2010 miss the rise of second "
         "births "
         "in Henan; the children missed in 2010 are made whole by the nation's factor only"),
        ("births of 2021-24 are 5-10 % too few where only the base year is known",
         "the regions' births fell less than the nation's TFR of WPP; fitted ratios (1.05-1.15) "
         "hold on"),
        ("deaths of the cities differ by up to 15 %", "published deaths are incomplete and uneven"),
        ("second births of 2013 are 4-5 points high in the past run",
         "one multiplier for all orders: rates of 2010 at a higher TFR bring more seconds"),
        ("third births: 11.1 % (census) and about 14.5 % (hospital births) for the same time",
         "sources differ; fertility.later_births carries the range"),
        ("the official life expectancy may be too high", "deaths are under-registered; `wpp` by "
         "name"),
    )  # fmt: skip
    return "## Known errors and their causes\n\n" + _table(("error", "cause"), causes)


# --- Markdown ------------------------------------------------------------------------------------


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    lines += ["| " + " | ".join(map(str, row)) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def _pct(share: float, digits: int) -> str:
    return f"{100 * float(share):.{digits}f} %"


def _signed(share: float) -> str:
    return f"{100 * float(share):+.1f} %"


def write_page(out: Path) -> Path:
    """Write the page whole or not at all."""
    text = validation_page()
    out.parent.mkdir(parents=True, exist_ok=True)
    part = out.with_name(f".{out.name}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(out)
    return out
