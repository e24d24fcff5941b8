"""`healthplan stress`: a saved run's planned beds put under daily load; hospital.nc and .csv."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from sim.errors import ConfigError, fault
from sim.hospital import Precision, Result, System, find_warm_up, run
from sim.hospital.ems import Response, fleet_for_response, response
from sim.hospital.replication import FIGURES
from sim.hospital.stress import CurvePoint, bed_curve, beds_by_formula, smallest_beds
from sim.hospital.surge import Epidemic, peak_census
from sim.run.setup import set_up
from sim.store import Run, open_run
from sim.stress import inputs
from sim.stress.inputs import Place
from sim.writing import write_rows

COLUMNS = (
    "scenario",
    "region",
    "year",
    "surge",
    "pool",
    "beds",
    "figure",
    "unit",
    "mean",
    "low",
    "high",
    "replications",
    "note",
)
UNITS = {
    "peak_day": "day of the year",
    "boarding_days": "day",
    "wait": "day",
    "wait_p95": "day",
    "waiting_at_end": "person in the sample",
    "admitted_per_year": "admission",
    "turned_away_per_year": "person",
    "tight_days": "day",
}
FACTORS = (0.85, 0.95, 1.0, 1.05, 1.15)  # bed numbers tried, relative to the formula's answer
CURVE_REPLICATIONS = 3
NORMAL = "none"
RULES = "hospital_rules.csv"

Row = dict[str, Any]
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Answer:
    """One region, year and case: the simulated pools, the bed curve and the formulas."""

    region: str
    year: int
    surge: str
    result: Result
    warm_up: int
    curve: tuple[CurvePoint, ...]
    rows: tuple[Row, ...]


def stress(
    run_dir: Path,
    years: Sequence[int] = (),
    surge: str | None = None,
    replications: int | None = None,
    workers: int = 1,
    *,
    scenario: str | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
    charts: bool = True,
    lang: str = "zh",
) -> list[Row]:
    """Stress the planned beds of a saved run; returns the rows of hospital.csv.

    Writes hospital.nc, hospital.csv and charts into the run folder; finished replications are
    kept in its folder .hospital, so that a run broken off goes on where it was.
    years: empty = the experiment's.  replications: None = until the intervals are narrow,
    at most the experiment's number.
    scenario: the run's first by default.
    Raises ConfigError for a folder that is no run, an unknown year, wave or scenario.
    """
    saved = open_run(run_dir)
    say = progress or (lambda _: None)
    settings = saved.meta["experiment"].get("hospital", {})
    chosen = scenario or saved.meta["scenarios"][0]
    if chosen not in saved.meta["scenarios"]:
        remedy = f"one of {', '.join(saved.meta['scenarios'])}"
        raise ConfigError(fault("--scenario", f"no scenario '{chosen}'", remedy))
    wanted = list(years) or [int(y) for y in settings.get("years", (2025, 2035))]
    name = surge if surge is not None else settings.get("surge")
    most = int(settings.get("replications", Precision().most))
    base = int(saved.meta.get("seed", 1)) if seed is None else seed
    answers: list[Answer] = []
    with saved.results() as results:
        for place, region, rules in _places(saved, results.load(), chosen, wanted):
            say(f"{region} {place.year}")
            answers += _answer(
                place,
                region,
                rules,
                name,
                base,
                replications,
                most,
                workers,
                saved.path / ".hospital",
            )
    rows = [{"scenario": chosen, **row} for answer in answers for row in answer.rows]
    write_rows(saved.path / "hospital.csv", COLUMNS, rows)
    _write_nc(saved, chosen, answers)
    if charts:
        from sim.report.hospital_charts import draw_hospital

        draw_hospital(saved.path, lang=lang)
    return rows


def _places(
    saved: Run, results: xr.Dataset, scenario: str, years: Sequence[int]
) -> Iterator[tuple[Place, str, Path]]:
    file = Path(saved.meta["experiment_file"])
    if not file.is_file():
        wrong = f"{file}: the run's experiment file is gone"
        raise ConfigError(fault(str(saved.path), wrong, "put it back, or run it again"))
    setup = set_up(file, settings=[tuple(p) for p in saved.meta["settings"]])
    rules = setup.root / "parameters" / "national" / RULES
    for year in dict.fromkeys(years):
        for region in setup.regions:
            at = results.sel(scenario=scenario, region=region.code)
            planned = inputs.planned_beds(saved.path, scenario, region.code, year)
            parameters = setup.parameters[scenario, region.code]
            yield Place(at, planned, parameters, year), region.code, rules


def _answer(
    place: Place,
    region: str,
    rules: Path,
    surge: str | None,
    seed: int,
    replications: int | None,
    most: int,
    workers: int,
    store: Path,
) -> list[Answer]:
    system = inputs.build_system(place, rules)
    warm = find_warm_up(system, seed=seed, workers=workers)
    system = replace(system, clock=replace(system.clock, warm_up=warm.days))
    settle = "" if warm.settled else "warm-up: MSER-5 found no flat part in half of the pilot"
    curve = _curve(place, system, seed, workers, store)
    cases: list[tuple[str, System, Epidemic | None]] = [(NORMAL, system, None)]
    if surge:
        wave = inputs.epidemic(place, surge)
        cases.append((surge, inputs.with_wave(system, place, wave), wave))
    answers = []
    for name, case, wave_or_none in cases:
        result = run(
            case,
            seed=seed,
            replications=replications,
            precision=Precision(most=most),
            workers=workers,
            store=store,
        )
        rows = list(_simulated(result, settle))
        if wave_or_none is None:
            rows += _needed(place, system, curve)
        else:
            rows += _waves(case)
        rows += _ambulances(place, wave_or_none is not None)
        labels = {"region": region, "year": place.year, "surge": name}
        answers.append(
            Answer(
                region,
                place.year,
                name,
                result,
                warm.days,
                () if surge and wave_or_none else tuple(curve),
                tuple({**labels, **row} for row in rows),
            )
        )
    return answers


def _curve(place: Place, system: System, seed: int, workers: int, store: Path) -> list[CurvePoint]:
    levels = {p.name: inputs.service_level(place, p.name) for p in system.pools}
    return bed_curve(
        system,
        FACTORS,
        levels,
        seed=seed,
        replications=CURVE_REPLICATIONS,
        workers=workers,
        store=store,
    )


def _simulated(result: Result, settle: str) -> Iterator[Row]:
    for pool in result.system.pools:
        notes = [settle] if settle else []
        if not result.precise:
            notes.append("intervals wider than asked")
        if not pool.settles:
            notes.append("never settles: load above the beds and nobody leaves the line")
        elif pool.load >= pool.beds:
            notes.append("load above the beds: patients leave or are turned away all the year")
        for figure in FIGURES:
            interval = result.figure(pool.name, figure)
            if figure == "peak_day":
                day = int(result.daily(pool.name).mean(axis=0).argmax()) + 1
                yield _row(pool.name, pool.beds, figure, day, n=interval.n)
                continue
            if interval.n == 0:
                continue
            yield _row(
                pool.name,
                pool.beds,
                figure,
                interval.mean,
                interval.low,
                interval.high,
                interval.n,
                "; ".join(notes),
            )
        yield _row(pool.name, pool.beds, "load_per_bed", pool.load / pool.beds)
        yield _row(pool.name, pool.beds, "unit_beds", round(pool.beds / pool.units), unit="bed")


def _needed(place: Place, system: System, curve: Sequence[CurvePoint]) -> Iterator[Row]:
    """Smallest bed number for the service level: by formula and by simulation."""
    for pool in system.pools:
        level = inputs.service_level(place, pool.name)
        formula = beds_by_formula(system, pool, level)
        tried = [point for point in curve if point.pool == pool.name]
        longest = place.number("hospital.longest_wait")
        found = smallest_beds(tried, level, longest)
        note = f"at most {100 * level:g} % of emergencies find their unit full"
        yield _row(pool.name, pool.beds, "beds_needed_formula", formula, unit="bed", note=note)
        note += f", planned admissions wait at most {longest:g} days" if pool.elective_share else ""
        few, many = (pick(p.beds for p in tried) for pick in (min, max))
        if found is None:
            note += f"; not reached at {many:.0f} beds"
        elif found <= few:
            note += "; fewer beds were not tried"
        yield _row(
            pool.name,
            pool.beds,
            "beds_needed",
            math.nan if found is None else found,
            unit="bed",
            note=note,
        )
        if found:
            held = pool.load / found
            yield _row(pool.name, pool.beds, "load_per_bed_borne", held, note=note)


def _waves(case: System) -> Iterator[Row]:
    """Expected beds at the peak of the wave against the beds there are."""
    for pool in case.pools:
        if pool.wave is None:
            continue
        peak = peak_census(pool.wave.per_day, pool.wave.mean_stay, pool.wave.cv, pool.wave.shape)
        yield _row(pool.name, pool.beds, "wave_peak_census", peak, unit="person")
        yield _row(pool.name, pool.beds, "wave_peak_per_bed", peak / pool.beds)
        both = (peak + pool.load) / pool.beds
        note = "normal load and wave together, over the beds"
        yield _row(pool.name, pool.beds, "peak_demand_per_bed", both, note=note)


def _ambulances(place: Place, wave: bool) -> Iterator[Row]:
    fleet = inputs.fleet(place)
    if fleet is None:
        return
    calls = place.number("hospital.wave_calls") if wave else 1.0
    for name, peak in (("mean hour", False), ("peak hour", True)):
        answer: Response = response(fleet, calls, peak=peak)
        note = name if answer.settles else f"{name}; never settles: calls outrun the fleet"
        for figure, unit in (
            ("utilisation", "1"),
            ("station_busy", "1"),
            ("all_busy", "1"),
            ("wait", "minute"),
            ("mean_response", "minute"),
        ):
            value = float(getattr(answer, figure))
            yield _row("ambulances", fleet.ambulances, figure, value, unit=unit, note=note)
    goal = 0.5 * (fleet.ride + fleet.far_ride)
    number = fleet_for_response(fleet, goal, surge=calls)
    note = f"mean response of {goal:.1f} minutes in the peak hour"
    value = math.nan if number is None else float(number)
    yield _row("ambulances", fleet.ambulances, "fleet_needed", value, unit="vehicle", note=note)


def _row(
    pool: str,
    beds: float,
    figure: str,
    mean: float,
    low: float = math.nan,
    high: float = math.nan,
    n: int = 0,
    note: str = "",
    unit: str | None = None,
) -> Row:
    def text(value: float) -> str:
        return f"{value:.6g}" if math.isfinite(value) else ""

    return {
        "pool": pool,
        "beds": f"{beds:.1f}",
        "figure": figure,
        "unit": unit or UNITS.get(figure, "1"),
        "mean": text(mean),
        "low": text(low),
        "high": text(high),
        "replications": n or "",
        "note": note,
    }


def _write_nc(saved: Run, scenario: str, answers: Sequence[Answer]) -> None:
    """hospital.nc: every replication's figures and daily occupancy, and the bed curve."""
    data = _frame(answers)
    for answer in answers:
        at = {"region": answer.region, "year": answer.year}
        case = {**at, "surge": answer.surge}
        pools = answer.result.system.pools
        done = answer.result.replications
        some = {"replication": np.arange(len(done))}
        figures = np.stack([r.figures for r in done], axis=-1)
        data["figure_value"].loc[{**case, **some}] = figures
        daily = np.stack([r.daily for r in done], axis=-1)[:, : data.sizes["day"]]
        data["occupancy_daily"].loc[{**case, **some}] = daily
        data["beds"].loc[at] = [p.beds for p in pools]
        data["load"].loc[at] = [p.load for p in pools]
        data["warm_up_days"].loc[at] = answer.warm_up
        for p in pools:
            points = [c for c in answer.curve if c.pool == p.name]
            for name, values in _curve_values(points).items() if points else ():
                data[name].loc[{**at, "pool": p.name}] = values
    _describe(data)
    data.attrs.update(scenario=scenario, run=saved.path.name, Conventions="CF-1.10")
    path = saved.path / "hospital.nc"
    part = path.with_suffix(".nc.part")
    data.to_netcdf(part, engine="netcdf4")
    part.replace(path)


def _frame(answers: Sequence[Answer]) -> xr.Dataset:
    """The Dataset with all its cells NaN."""
    coords: dict[str, Any] = {
        "region": list(dict.fromkeys(a.region for a in answers)),
        "year": list(dict.fromkeys(a.year for a in answers)),
        "surge": list(dict.fromkeys(a.surge for a in answers)),
        "pool": [p.name for p in answers[0].result.system.pools],
        "figure": list(FIGURES),
        "replication": np.arange(max(len(a.result.replications) for a in answers)),
        "day": np.arange(1, 366),
        "point": np.arange(len(FACTORS)),
    }
    place = ("region", "year")
    dims: dict[str, tuple[str, ...]] = {
        "figure_value": (*place, "surge", "pool", "figure", "replication"),
        "occupancy_daily": (*place, "surge", "pool", "day", "replication"),
        "beds": (*place, "pool"),
        "load": (*place, "pool"),
        "warm_up_days": place,
        **{name: (*place, "pool", "point") for name in _CURVE},
    }
    empty = {name: (of, np.full([len(coords[d]) for d in of], np.nan)) for name, of in dims.items()}
    return xr.Dataset(empty, coords=coords)


_CURVE = (
    "curve_beds",
    "curve_blocked",
    "curve_blocked_low",
    "curve_blocked_high",
    "curve_occupancy",
)


def _curve_values(points: Sequence[CurvePoint]) -> dict[str, list[float]]:
    rows = [
        (c.beds, c.blocked.mean, max(0.0, c.blocked.low), c.blocked.high, c.occupancy.mean) for c in points
    ]
    return dict(zip(_CURVE, map(list, zip(*rows, strict=True)), strict=True))


def _describe(data: xr.Dataset) -> None:
    texts = {
        "figure_value": ("1", "figure of one replication, unit by figure as in hospital.csv"),
        "occupancy_daily": ("1", "share of the pool's beds in use, mean of the day"),
        "beds": ("bed", "open beds of the pool in the region"),
        "load": ("bed", "beds that the year's admissions fill on average (offered load)"),
        "warm_up_days": ("day", "days dropped before the year (MSER-5)"),
        "curve_beds": ("bed", "bed numbers tried"),
        "curve_blocked": ("1", "emergencies that find their own unit full"),
        "curve_blocked_low": ("1", "lower 95 % bound of curve_blocked"),
        "curve_blocked_high": ("1", "upper 95 % bound of curve_blocked"),
        "curve_occupancy": ("1", "mean share of beds in use"),
    }
    for name, (units, text) in texts.items():
        if name in data:
            data[name].attrs.update(units=units, long_name=text)
