"""Rows of the hospital table: what the simulation found, what would be enough, the wave, the fleet."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from sim.hospital import Result, System
from sim.hospital.ems import Response, fleet_for_response, response
from sim.hospital.replication import FIGURES
from sim.hospital.stress import CurvePoint, beds_by_formula, smallest_beds
from sim.hospital.surge import peak_census
from sim.stress import inputs
from sim.stress.inputs import Place

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

Row = dict[str, Any]


def simulated(result: Result, settle: str) -> Iterator[Row]:
    """Every figure of every pool with its interval; settle: what is to be said of the warm-up."""
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


def needed(place: Place, system: System, curve: Sequence[CurvePoint]) -> Iterator[Row]:
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


def waves(case: System) -> Iterator[Row]:
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


def ambulances(place: Place, wave: bool) -> Iterator[Row]:
    """The fleet as a queue, in the mean and in the peak hour; wave: with an epidemic's calls."""
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
