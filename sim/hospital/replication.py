"""One replication: draw the patients of a sample, run the ward, measure every pool."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from sim.hospital import ward
from sim.hospital.arrivals import HOURS, arrival_times
from sim.hospital.statistics import bed_time, stream
from sim.hospital.stays import draw_residuals, draw_stays
from sim.hospital.system import PoolSpec, Sample, System, build_sample, daily_admissions
from sim.hospital.ward import Log, Patients
from sim.year import DAYS_PER_YEAR

Floats = NDArray[np.float64]

FIGURES = (
    "occupancy",
    "peak_occupancy",
    "peak_day",
    "full_time",
    "blocked",
    "transferred",
    "overflowed",
    "boarded",
    "turned_away",
    "boarding_days",
    "wait",
    "wait_p95",
    "gave_up",
    "waiting_at_end",
    "admitted_per_year",
    "turned_away_per_year",
    "inflow_share",
    "tight_days",
    "ran_out",
    "little_gap",
)


@dataclass(frozen=True)
class Replication:
    """Figures by pool (rows as the system's pools, columns as FIGURES) and daily occupancy."""

    figures: Floats  # (pool, figure)
    daily: Floats  # (pool, day): share of beds in use, mean of the day


def replicate(system: System, seed: int, replication: int) -> Replication:
    """Run one replication of the system; the same seed and number give the same patients."""
    sample = build_sample(system)
    patients, pool_of = draw_patients(system, sample, seed, replication)
    log = ward.simulate(sample.units, patients, system.clock.horizon)
    return measure(system, sample, patients, pool_of, log)


@dataclass(frozen=True)
class _Group:
    """Patients of one class of one pool."""

    times: Floats
    units: NDArray[np.int64]
    urgent: bool
    stays: Floats
    pool: int


def draw_patients(
    system: System, sample: Sample, seed: int, replication: int
) -> tuple[Patients, NDArray[np.int64]]:
    """All patients of one replication, by arrival, and the pool that each asks first."""
    in_bed: list[_Group] = []
    coming: list[_Group] = []
    for p, pool in enumerate(system.pools):
        members = np.asarray([u for u, owner in enumerate(sample.units.pool) if owner == p])
        beds = np.asarray([sample.units.beds[u] for u in members], dtype=np.float64)
        urgent, planned, wave = (x * sample.share[p] for x in daily_admissions(pool, system.clock))
        stay = (pool.mean_stay, pool.cv, pool.shape)
        classes = [
            ("emergency", True, urgent, pool.emergency.hour, stay),
            ("elective", False, planned, pool.elective.hour, stay),
        ]
        if pool.wave is not None:
            of_wave = (pool.wave.mean_stay, pool.wave.cv, pool.wave.shape)
            classes.append(("wave", True, wave, pool.emergency.hour, of_wave))
        for name, is_urgent, daily, hour, (mean, cv, shape) in classes:
            label = f"{pool.name}.{name}"
            times = arrival_times(stream(seed, f"{label}.arrival", replication), daily, hour)
            stays = draw_stays(stream(seed, f"{label}.stay", replication), times.size, mean, cv, shape)
            where = stream(seed, f"{label}.unit", replication).random(times.size)
            units = members[np.searchsorted(np.cumsum(beds) / beds.sum(), where, side="right")]
            coming.append(_Group(times, units, is_urgent, stays, p))
        load = float(urgent[0] + planned[0]) * pool.mean_stay * beds / beds.sum()
        in_bed.append(_lying(pool, p, members, beds, load, seed, replication))
    return _merge(system, in_bed, coming, seed, replication)


def _lying(
    pool: PoolSpec,
    p: int,
    members: NDArray[np.int64],
    beds: Floats,
    load: Floats,
    seed: int,
    replication: int,
) -> _Group:
    """Who lies in bed at time 0: Poisson around the load of the day, with what is left of stays."""
    counts = stream(seed, f"{pool.name}.initial.count", replication).poisson(load)
    units = np.repeat(members, np.minimum(counts, beds.astype(np.int64)))
    rng = stream(seed, f"{pool.name}.initial.stay", replication)
    left = draw_residuals(rng, units.size, pool.mean_stay, pool.cv, pool.shape)
    return _Group(np.zeros(units.size), units, True, left, p)


def _merge(
    system: System, in_bed: list[_Group], coming: list[_Group], seed: int, replication: int
) -> tuple[Patients, NDArray[np.int64]]:
    """One list by arrival: who lies in bed first, then who comes."""
    both = in_bed + coming
    initial = sum(group.times.size for group in in_bed)
    times = np.concatenate([group.times for group in both])
    later = initial + np.argsort(times[initial:], kind="stable")
    order = np.concatenate([np.arange(initial), later])
    hour = None
    if system.discharge is not None:
        rng = stream(seed, "discharge.hour", replication)
        hour = _discharge_hours(system.discharge, rng, times.size)
    patients = Patients(
        arrival=times[order],
        unit=np.concatenate([group.units for group in both])[order],
        urgent=np.concatenate([np.full(g.times.size, g.urgent) for g in both])[order],
        stay=np.concatenate([group.stays for group in both])[order],
        luck=stream(seed, "luck", replication).random(times.size),
        hour=hour,
        initial=initial,
    )
    pools = np.concatenate([np.full(g.times.size, g.pool, dtype=np.int64) for g in both])
    return patients, np.asarray(pools[order])


def _discharge_hours(given: tuple[float, float], rng: np.random.Generator, size: int) -> Floats:
    """Moment of the day, 0..1, of each discharge: normal, cut to the day."""
    mean, spread = given
    if spread == 0:
        return np.full(size, mean / HOURS)
    low = float(stats.norm.cdf((0 - mean) / spread))
    high = float(stats.norm.cdf((HOURS - mean) / spread))
    hours = mean + spread * stats.norm.ppf(low + (high - low) * rng.random(size))
    return np.asarray(hours / HOURS, dtype=np.float64)


def measure(
    system: System,
    sample: Sample,
    patients: Patients,
    pool_of: NDArray[np.int64],
    log: Log,
) -> Replication:
    """Figures of each pool over the measured days."""
    clock = system.clock
    first, last = float(clock.warm_up), float(clock.horizon)
    beds = np.asarray(sample.units.beds, dtype=np.float64)
    owner = np.asarray(sample.units.pool)
    seated = log.where >= 0
    pool_of_bed = np.where(seated, owner[log.where], -1)
    counted = (patients.arrival >= first) & (np.arange(pool_of.size) >= patients.initial)
    full_time = _full_time(log, beds, first, last)
    figures = np.full((len(system.pools), len(FIGURES)), np.nan)
    daily = np.zeros((len(system.pools), clock.measured))
    for p, _pool in enumerate(system.pools):
        mine = owner == p
        total = float(beds[mine].sum())
        here = pool_of_bed == p
        edges = np.arange(clock.warm_up, clock.horizon + 1, dtype=np.float64)
        used = bed_time(log.start[here], np.minimum(log.end[here], last), edges)
        daily[p] = used / total
        asked = counted & (pool_of == p)
        row = _pool_figures(patients, log, asked, first, last)
        row["occupancy"] = float(daily[p].mean())
        row["peak_occupancy"] = float(daily[p].max())
        row["peak_day"] = float(daily[p].argmax())
        row["full_time"] = float(np.average(full_time[mine], weights=beds[mine]))
        row["tight_days"] = float((daily[p] > system.tight).sum())
        years = clock.measured / DAYS_PER_YEAR
        arrived = here & (log.start >= first) & (log.start < last)
        row["admitted_per_year"] = arrived.sum() / sample.share[p] / years
        row["turned_away_per_year"] = row["turned_away_count"] / sample.share[p] / years
        foreign = (arrived & (pool_of != p)).sum()
        row["inflow_share"] = float(foreign / arrived.sum()) if arrived.any() else 0.0
        row["little_gap"] = _little_gap(log, here, mine, clock.warm_up, last)
        figures[p] = [row[name] for name in FIGURES]
    return Replication(figures, daily)


def _pool_figures(
    patients: Patients, log: Log, asked: NDArray[np.bool_], first: float, last: float
) -> dict[str, float]:
    urgent, planned = asked & patients.urgent, asked & ~patients.urgent
    n = max(1, int(urgent.sum()))
    outcome = log.outcome
    wait = np.minimum(log.start, last) - patients.arrival
    boarded = urgent & log.found_full & np.isin(outcome, (ward.ADMITTED, ward.WAITING))
    turned = urgent & (outcome == ward.TURNED_AWAY)
    seated = planned & (outcome == ward.ADMITTED)
    return {
        "blocked": float((urgent & log.found_full).sum() / n) if urgent.any() else np.nan,
        "transferred": float((urgent & (outcome == ward.TRANSFERRED)).sum() / n),
        "overflowed": float((urgent & (outcome == ward.OVERFLOWED)).sum() / n),
        "boarded": float(boarded.sum() / n),
        "turned_away": float(turned.sum() / n),
        "turned_away_count": float(turned.sum()),
        "boarding_days": float(wait[boarded].mean()) if boarded.any() else 0.0,
        "wait": float(wait[seated].mean()) if seated.any() else np.nan,
        "wait_p95": float(np.quantile(wait[seated], 0.95)) if seated.any() else np.nan,
        "gave_up": float((planned & (outcome == ward.GAVE_UP)).sum() / max(1, planned.sum())),
        "waiting_at_end": float((planned & (outcome == ward.WAITING)).sum()),
        "ran_out": float(turned.any() or boarded.any()),
    }


def _little_gap(
    log: Log, here: NDArray[np.bool_], mine: NDArray[np.bool_], warm_up: int, last: float
) -> float:
    """Relative gap of Little's law on midnights: mean census against admissions x mean nights."""
    census = float(log.census[warm_up:, mine].sum(axis=1).mean())
    came = here & (log.start >= warm_up) & (log.start < last)
    if not came.any() or census == 0:
        return 0.0
    rate = came.sum() / (last - warm_up)
    nights = np.floor(log.end[came]) - np.floor(log.start[came])
    return float(rate * nights.mean() / census - 1.0)


def _full_time(log: Log, beds: Floats, first: float, last: float) -> Floats:
    """Share of the measured time in which each unit has no free bed."""
    seated = log.where >= 0
    start, end = log.start[seated], np.minimum(log.end[seated], last)
    times = np.concatenate([start, end, np.full(beds.size, last)])
    step = np.concatenate([np.ones(start.size), -np.ones(end.size), np.zeros(beds.size)])
    unit = np.concatenate([log.where[seated], log.where[seated], np.arange(beds.size)])
    order = np.lexsort((step, times, unit))  # a bed is left before it is taken again
    times, step, unit = np.clip(times[order], first, last), step[order], unit[order]
    level = np.cumsum(step)  # back at 0 at the end of each unit
    span = np.diff(times, append=last)
    span[np.append(np.diff(unit) != 0, True)] = 0.0
    full = np.bincount(unit, weights=span * (level >= beds[unit]), minlength=beds.size)
    return np.asarray(full / (last - first))
