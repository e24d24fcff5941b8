"""An epidemic wave on the hospital model's pools: how many patients, when, for how long."""

from __future__ import annotations

from dataclasses import replace

from sim.errors import ConfigError, fault
from sim.hospital import System, Wave
from sim.hospital.surge import Epidemic, patients_of_wave, wave_admissions
from sim.stress.inputs import HOSPITALS, Place
from sim.textfile import did_you_mean


def epidemic(place: Place, name: str) -> Epidemic:
    """The named wave.

    Raises ConfigError with the names there are.
    """
    known = [str(w) for w in place.parameters["hospital.wave_severity"].data.wave.values]
    if name not in known:
        remedy = did_you_mean(name, known) or f"one of {', '.join(known)}"
        raise ConfigError(fault("--surge", f"no wave '{name}'", remedy))
    return Epidemic(
        name,
        place.number("emergency.attack_rate"),
        place.number("emergency.wave_half_width"),
        round(place.number("hospital.wave_peak", wave=name)),
        place.number("hospital.wave_severity", wave=name),
        place.number("emergency.ward_days"),
        place.number("emergency.icu_days"),
    )


def wave_patients(place: Place, wave: Epidemic) -> dict[str, float]:
    """Patients of the wave by the pool that they ask first."""
    people = place.results["population_central"].sel(year=place.year).sum("sex")
    parts = {}
    for kind in ("hospital", "icu"):
        share = place.parameters[f"emergency.{kind}_fraction"].data
        parts[kind] = patients_of_wave(people.values, share.sel(age=people.age).values, wave)
    isolated = place.number("emergency.isolation_share")
    return {
        "infectious": parts["hospital"] * isolated,
        "ward": parts["hospital"] * (1.0 - isolated),
        "icu": parts["icu"],
    }


def with_wave(system: System, place: Place, wave: Epidemic) -> System:
    """The system with the wave's patients: isolated, on intensive care, or on general wards.

    General wards share the rest by their beds, tertiary and secondary.
    """
    total = wave_patients(place, wave)
    wards = [pool for pool in system.pools if pool.name in HOSPITALS]
    beds = sum(pool.beds for pool in wards)
    pools = []
    for pool in system.pools:
        mine = total.get(pool.name, 0.0)
        if pool in wards:
            mine = total["ward"] * pool.beds / beds
        if mine > 0:
            days = wave.icu_days if pool.name == "icu" else wave.ward_days
            per_day, first = wave_admissions(mine, wave)
            pool = replace(pool, wave=Wave(per_day, days, pool.cv, "lognormal", first))
        pools.append(pool)
    return replace(system, pools=tuple(pools))
