"""`healthplan backtest`: fit up to a year, project on, compare with what was observed since.

Base 2020: the region's TFR ratio and migration level of the base year hold on, or are fitted to
what was published up to `fit_to`; what the parameter files learnt later is put aside. Fit to 2010:
the census of that year is the start (children made whole), nothing else of the region is known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

import sim.demography
from sim.arrays import Floats
from sim.demography import calibrate
from sim.demography.calibrate import Fit, Observation, Score
from sim.demography.census_base import census_base, child_woman_ratio, children_factor
from sim.demography.stage import every_age
from sim.draws import quantiles, sampled
from sim.errors import ConfigError, fault, raise_all
from sim.evidence.calibration.economic import lies_in
from sim.evidence.calibration.pairs import log_registered
from sim.params import Parameter, Sampler, central, override, read_set
from sim.places import Census, Region, place_censuses, read_censuses, read_observed
from sim.places.derive import FROM_CENSUS
from sim.places.region import NATION
from sim.places.tables import national_censuses, same_groups
from sim.run.scenario import BASE
from sim.run.setup import Setup
from sim.schema import AGES, SEXES

INDICATORS = (
    "population_total",
    "population_0-14",
    "population_0-15",
    "population_15-59",
    "population_16-59",
    "population_60+",
    "population_65+",
    "births",
    "deaths",
)
_TREND_YEARS = 10
_FAR = 2100  # year to which held paths are written
_OBSERVATION = (
    "observation.error",
    "observation.level",
    "observation.deaths_level",
    "observation.census_error",
    "observation.unknown_migration",
    "observation.unknown_old",
    "observation.registered_effect",
    "observation.unknown_method",
    "observation.unknown_by_region",
    "observation.registered_within",
    "observation.unknown_narrowed",
    "observation.trust_births",
    "observation.recent_years",
)
_FITTED = ("migration.lasting", "migration.persistence")


@dataclass(frozen=True)
class Backtest:
    """One region's backtest."""

    region: Region
    fit_to: int
    know: tuple[str, ...]
    fit: Fit
    scores: list[Score]
    projection: xr.Dataset
    observed: list[Observation]


def backtest(
    setup: Setup,
    region: Region,
    fit_to: int,
    score_to: int,
    know: Sequence[str] = ("nation",),
    observed: Sequence[Observation] | None = None,
) -> Backtest:
    """Fit one region to what was known in `fit_to` and score its projection up to `score_to`.

    know: "nation": the nation's fertility and life expectancy after fit_to are taken as they came
    (else its TFR holds and its life expectancy goes on as in the ten years before); "migration":
    the region's net migration after fit_to, its total alone.  observed: of the region; None reads
    its observed.csv.
    Raises ConfigError for years that the data do not hold.
    """
    base = setup.experiment.years.base
    folder = setup.root / "parameters"
    if observed is None:
        observed = read_observed(folder / region.folder / "observed.csv")
        scored = _to_score(observed, base)
    else:
        scored = list(observed)
    censuses = read_censuses(folder, region) or place_censuses(setup.root, region.code)
    _refuse_years(fit_to, score_to, base, sorted(censuses))
    start = min(base, fit_to)
    years = list(range(start, score_to + 1))
    own = _own(setup, region)
    parameters = {n: own[n] for n in (*sim.demography.PARAMETERS, *_FITTED, *_OBSERVATION)}
    known = as_known(parameters, setup.root, (fit_to, score_to), base, know)
    swap: dict[str, xr.DataArray] = {}
    if fit_to < base:
        known, swap = _from_census(setup, censuses[fit_to], own, known, know)
    fit = calibrate.fit_region(
        {**central(known, years), **swap},
        observed,
        fit_to,
        trust_births=float(own["observation.trust_births"].data),
        recent=int(own["observation.recent_years"].data),
        errors=None if "migration" in know else _fit_errors(setup.root, known, base + 1),
    )
    if fit_to >= base:
        known = override(known, "fertility.tfr_ratio", fit.tfr_ratio, "backtest")
        if "migration" not in know:
            known = override(known, "migration.level", fit.level, "backtest")
    sampler = Sampler(known, years, setup.experiment.draws.seed)
    params = sampler.block(range(setup.experiment.draws.n + 1))
    if fit_to < base and "migration" not in know:
        moved = _unobserved(setup.root, region.code, own, params) * float(swap[BASE].sum())
        shape = every_age(own["migration.old_shape"].data)[0]
        survivors = float(own["observation.unknown_old"].data) * float((swap[BASE].values * shape).sum())
        params["migration.level"] = moved + survivors  # of the nation's cohorts: they left no other place
    done = sim.demography.project(xr.Dataset(), {**params, **swap})
    scores = calibrate.score(
        done,
        scored,
        fit_to,
        score_to,
        error=_errors(params, score_to, base),
        published=published_levels(params, score_to) if score_to > base else None,
    )
    scores = [s for s in scores if s.indicator in INDICATORS]
    return Backtest(region, fit_to, tuple(know), fit, scores, done, list(observed))


def _unobserved(
    root: Path, code: str, own: Mapping[str, Parameter], params: Mapping[str, xr.DataArray]
) -> xr.DataArray:
    """Yearly net migration of a place whose decade before is not known, share of its people.

    By `observation.unknown_method`: `regions` has the middle of the place's economic region, `line`
    that of all places; the nation lies in no region.
    """
    away, rate = log_registered(root, code), params["observation.unknown_migration"]
    if own["observation.unknown_method"].data.item() == "line" or code == NATION:
        return rate + params["observation.registered_effect"] * away
    (region,) = lies_in(root, [code])
    middle = params["observation.unknown_by_region"].sel(economic_region=region, drop=True)
    off = (rate - float(own["observation.unknown_migration"].data)) * params["observation.unknown_narrowed"]
    return middle + params["observation.registered_within"] * away + off


def _refuse_years(fit_to: int, score_to: int, base: int, earlier: Sequence[int]) -> None:
    """Raise ConfigError for years that nothing is held of; earlier: of the censuses."""
    if score_to <= fit_to:
        wrong = f"--score-to {score_to} is not after --fit-to {fit_to}"
        raise ConfigError(fault("backtest", wrong, f"write --score-to {fit_to + 1} or later"))
    if fit_to < base and fit_to not in earlier:
        remedy = f"write --fit-to {base} or later, or a census year: {earlier or 'none held'}"
        raise ConfigError(fault("backtest", f"nothing is held of {fit_to}", remedy))


def _own(setup: Setup, region: Region) -> Mapping[str, Parameter]:
    """The region's parameters; raises ConfigError where a backtest lacks one."""
    own = setup.parameters[setup.scenarios[0], region.code]
    names = (*sim.demography.PARAMETERS, *_FITTED, *_OBSERVATION, "population.reference_2010")
    remedy = "name the set 'national' under `parameters`"
    missing = [n for n in names if n not in own]
    raise_all(ConfigError, [fault(str(setup.file), f"no parameter '{n}'", remedy) for n in missing])
    return own


def _fit_errors(root: Path, known: Mapping[str, Parameter], year: int) -> tuple[float, float]:
    """Standard deviations of a year's net migration, soon after the census, and of a published total."""
    shared = read_set(root / "parameters" / "national", root / "parameters")
    spread = shared["migration.level_error"].record.range
    assert spread is not None
    assert isinstance(spread.sd, dict)
    moved = float(np.interp(year, sorted(spread.sd), [spread.sd[y] for y in sorted(spread.sd)]))
    return moved, float(known["observation.error"].data.sel(indicator="population_total"))


def as_known(
    parameters: Mapping[str, Parameter],
    root: Path,
    years: tuple[int, int],
    base: int,
    know: Sequence[str],
) -> dict[str, Parameter]:
    """The parameters without what was learnt after the first of `years`; deviations begin there.

    years: that are fitted and scored to; a trend goes on to the latter and no further.
    """
    out = dict(parameters)
    fit_to, score_to = years
    shared = read_set(root / "parameters" / "national", root / "parameters")
    for name in ("fertility.tfr_ratio", "migration.level"):
        if name == "migration.level" and "migration" in know and fit_to >= base:
            continue
        data = out[name].data
        first = float(data.sel(year=base)) if "year" in data.dims else float(data)
        out = override(out, name, {base: first}, "backtest")
    for name in ("fertility.tfr_ratio", "migration.level_error"):
        if name == "migration.level_error" and "migration" in know:
            continue
        record = out[name].record.model_copy(update={"range": shared[name].record.range})
        out[name] = _earlier(replace(out[name], record=record), base - fit_to)
    if "nation" in know:
        return out
    last = int(out["fertility.tfr_counted"].data.at_year.values.astype(int).max())
    for name in ("fertility.tfr_counted", "fertility.marriages"):
        data = out[name].data
        out[name] = replace(out[name], data=data.isel(at_year=data.at_year.values.astype(int) <= fit_to))
    tfr = _until(out["fertility.tfr"].data, fit_to)
    held = out["fertility.tfr_counted"].data
    level = float(held[-1]) if held.size else tfr[max(tfr)]
    out = override(out, "fertility.tfr", tfr | {fit_to + 1: level, _FAR: level}, "backtest")
    e0 = _until(out["mortality.e0_smoothed"].data, fit_to)
    past = [y for y in e0 if y >= fit_to - _TREND_YEARS]
    slope = (e0[past[-1]] - e0[past[0]]) / max(past[-1] - past[0], 1)
    then = e0[past[-1]] + slope * (score_to - past[-1])
    for name in ("fertility.tfr_error", "mortality.e0_path_error"):
        out[name] = _earlier(out[name], last - fit_to)
    return override(out, "mortality.e0_smoothed", e0 | {score_to: then}, "backtest")


def _until(data: xr.DataArray, year: int) -> dict[int, float]:
    known = data.sel(year=data.year <= year)
    return dict(zip(known.year.values.tolist(), known.values.tolist(), strict=True))


def _from_census(
    setup: Setup,
    census: Census,
    own: Mapping[str, Parameter],
    known: dict[str, Parameter],
    know: Sequence[str],
) -> tuple[dict[str, Parameter], dict[str, xr.DataArray]]:
    """Parameters and arrays for a projection from an earlier census."""
    year = census.year
    reference_name = f"population.reference_{year}"
    if reference_name not in own:
        remedy = "a census year with a reference population"
        raise ConfigError(fault("backtest", f"no parameter '{reference_name}'", remedy))
    reference = own[reference_name].data.transpose("sex", "age").sel(sex=list(SEXES)).values
    below = int(own["population.children_missed_below"].data)
    counted = national_censuses(setup.root / "parameters")[year]
    same_groups([counted, census], f"census of {year}")
    starts, nation, groups = counted.starts, counted.counts, census.counts
    factor = children_factor(reference.sum(axis=0), nation.sum(axis=0), starts, below)
    mx = own["mortality.mx"].data.sel(year=year).transpose("sex", "age").sel(sex=list(SEXES)).values
    people = census_base(groups * factor, starts, reference, mx, FROM_CENSUS)
    women = census_base(nation * factor, starts, reference, mx, FROM_CENSUS)[0]
    asfr = own["fertility.asfr_by_order"].data.sum("order").transpose("age").values
    ratio = child_woman_ratio(groups, people[0], nation, women, asfr)
    out = override(known, "fertility.tfr_ratio", {year: ratio}, "backtest")
    out = override(out, "fertility.method", "asfr", "backtest")  # parities of then are not known
    swap = {BASE: xr.DataArray(people, {"sex": list(SEXES), "age": list(AGES)}, ("sex", "age"))}
    if "migration" not in know:  # rates of the decade by age are those to be foretold
        swap["migration.retained"] = xr.zeros_like(own["migration.retained"].data)
        out["migration.old_error"] = own["observation.unknown_old"]
        out["migration.level_error"] = _certain(out["migration.level_error"])
    return out, swap


def _certain(parameter: Parameter) -> Parameter:
    return replace(parameter, record=parameter.record.model_copy(update={"range": None}))


def _earlier(parameter: Parameter, by: int) -> Parameter:
    """The same yearly deviation, `by` years earlier: as wide so many years after its start."""
    spread = parameter.record.range
    assert spread is not None
    assert isinstance(spread.sd, dict)
    sd = {year - by: value for year, value in spread.sd.items()}
    record = parameter.record.model_copy(
        update={"range": spread.model_copy(update={"sd": sd}), "beyond": "hold"}
    )
    return replace(parameter, record=record)


def _to_score(observed: Sequence[Observation], base: int) -> list[Observation]:
    """Without the base year's births, which are those of twelve months to the census."""
    return [o for o in observed if not (o.year == base and o.indicator == "births")]


def _errors(params: Mapping[str, xr.DataArray], score_to: int, base: int) -> dict[str, Floats]:
    """Error of what is published, by indicator: of surveys after the base census, else of it."""
    survey = params["observation.error"]
    census = np.atleast_1d(params["observation.census_error"].values)
    if score_to <= base:
        return {name: census for name in INDICATORS}
    return {str(name): np.atleast_1d(survey.sel(indicator=name).values) for name in survey.indicator.values}


def published_levels(params: Mapping[str, xr.DataArray], year: int) -> dict[str, float]:
    """What is published of each indicator in a year over what is there."""
    level = params["observation.level"]
    found = {str(name): float(level.sel(indicator=name)) for name in level.indicator.values}
    return found | {"deaths": found["deaths"] * float(params["observation.deaths_level"].sel(year=year))}


# --- rows --------------------------------------------------------------------------------------

COLUMNS = (
    "region",
    "know",
    "fit_to",
    "year",
    "indicator",
    "observed",
    "projected",
    "error",
    "p10",
    "p90",
    "covered",
    "seen_p10",
    "seen_p90",
    "covered_seen",
    "pit",
    "crps",
    "last_value",
    "trend",
)
SERIES_COLUMNS = ("region", "indicator", "year", "central", "p10", "p90", "observed", "used")
FIT_COLUMNS = ("region", "quantity", "year", "value")
SUMMARY_COLUMNS = (
    "region",
    "indicator",
    "n",
    "error_%",
    "bias_%",
    "coverage",
    "with_error",
    "last_value_%",
    "trend_%",
)


def rows(found: Backtest) -> Iterator[dict[str, Any]]:
    """A row for each figure scored."""
    for s in found.scores:
        yield {
            "region": found.region.code,
            "know": "+".join(found.know) or "none",
            "fit_to": found.fit_to,
            "year": s.year,
            "indicator": s.indicator,
            "observed": f"{s.observed:.0f}",
            "projected": f"{s.projected:.0f}",
            "error": f"{s.error:.5f}",
            "p10": f"{s.low:.0f}",
            "p90": f"{s.high:.0f}",
            "covered": int(s.covered),
            "seen_p10": f"{s.seen_low:.0f}",
            "seen_p90": f"{s.seen_high:.0f}",
            "covered_seen": int(s.covered_seen),
            "pit": f"{s.pit:.4f}",
            "crps": f"{s.crps:.5f}",
            "last_value": _whole(s.last_value),
            "trend": _whole(s.trend),
        }


def series_rows(found: Backtest) -> Iterator[dict[str, Any]]:
    """Projection and observations by year, for the chart."""
    model = calibrate.indicators(found.projection)
    held = {(o.indicator, o.year): o.value for o in found.observed}
    first = int(found.projection.year[0])
    years = {y for _, y in held if y < first} | set(found.projection.year.values.tolist())
    for name in INDICATORS:
        for year in sorted(years):
            seen = held.get((name, year))
            row: dict[str, Any] = {
                "region": found.region.code,
                "indicator": name,
                "year": year,
                "observed": _whole(seen),
                "used": int(year <= found.fit_to),
            }
            if year >= first:
                values = model[name].sel(year=year).values
                low, high = quantiles(sampled(values), (0.1, 0.9))
                row |= {"central": _whole(values[0]), "p10": _whole(low), "p90": _whole(high)}
            elif seen is None:
                continue
            yield {k: row.get(k, "") for k in SERIES_COLUMNS}


def fit_rows(found: Backtest) -> Iterator[dict[str, Any]]:
    """What was fitted, and what misfit remains over the years used."""
    code, fit = found.region.code, found.fit
    for quantity, path in (("tfr_ratio", fit.tfr_ratio), ("net_migration", fit.level)):
        for year, value in sorted(path.items()):
            yield dict(zip(FIT_COLUMNS, (code, quantity, year, f"{value:.6g}"), strict=True))
    for (year, name), value in sorted(fit.misfit.items()):
        yield dict(zip(FIT_COLUMNS, (code, f"misfit {name}", year, f"{value:.5f}"), strict=True))


def summary_rows(found: Backtest) -> list[tuple[str, ...]]:
    """The table on the terminal: by indicator."""
    summary = calibrate.summary(found.scores)
    out = []
    for name in (i for i in INDICATORS if i in summary):
        s = summary[name]
        naive = (s.get(f"{n}_error") for n in ("last_value", "trend"))
        out.append(
            (
                found.region.code,
                name,
                f"{s['n']:.0f}",
                f"{100 * s['error']:.1f}",
                f"{100 * s['bias']:+.1f}",
                f"{s['coverage']:.2f}",
                f"{s['coverage_seen']:.2f}",
                *("" if v is None else f"{100 * v:.1f}" for v in naive),
            )
        )
    return out


def _whole(value: float | None) -> str:
    return "" if value is None else f"{value:.0f}"
