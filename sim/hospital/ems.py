"""The ambulance fleet as a queue: how often is the nearest one out, and what that costs in minutes.

Calls are Poisson, an ambulance is busy from call to available again. A station with c ambulances
is an Erlang loss system that passes what it cannot answer to a neighbour (a longer ride); the
city's whole fleet is a delay system (M/G/c, Lee-Longton). Both are taken at the peak hour too.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim.errors import ParameterError, fault, raise_all
from sim.hospital.erlang import erlang_b, erlang_c, mean_wait
from sim.year import MINUTES_PER_YEAR


@dataclass(frozen=True)
class Fleet:
    """What the queue needs. Rates per person-year, times in minutes."""

    population: float
    ambulances: int
    calls: float  # per person-year
    turnaround: float  # call to available
    ride: float  # response time when the own station answers
    far_ride: float  # response time when a neighbour answers
    per_station: float  # ambulances at a station
    on_duty: float  # share of the fleet that is crewed and in order
    peak_hour: float  # calls in the busiest hours relative to the mean

    def __post_init__(self) -> None:
        faults = []
        for name, low, high in (
            ("population", 0.0, math.inf),
            ("calls", 0.0, math.inf),
            ("turnaround", 0.0, math.inf),
            ("ride", 0.0, math.inf),
            ("far_ride", 0.0, math.inf),
            ("per_station", 0.0, math.inf),
            ("on_duty", 0.0, 1.0),
            ("peak_hour", 0.0, math.inf),
        ):
            value = getattr(self, name)
            if not (math.isfinite(value) and low < value <= high):
                faults.append(fault(f"fleet.{name}", f"{value:g}", f"above 0, to {high:g}"))
        if self.ambulances < 1:
            faults.append(fault("fleet.ambulances", f"{self.ambulances}", "1 or more"))
        raise_all(ParameterError, faults)


@dataclass(frozen=True)
class Response:
    """What the fleet delivers: minutes, shares 0..1; `settles` False = calls outrun the fleet."""

    load: float  # mean ambulances on a call
    utilisation: float
    station_busy: float  # share of calls that the own station cannot answer
    all_busy: float  # share of calls that find the whole fleet out
    wait: float  # mean minutes until an ambulance leaves
    mean_response: float
    settles: bool


def response(fleet: Fleet, surge: float = 1.0, *, peak: bool = False) -> Response:
    """Response of the fleet at the mean hour or (peak) the busiest; surge multiplies the calls."""
    per_minute = fleet.population * fleet.calls * surge / MINUTES_PER_YEAR
    load = per_minute * fleet.turnaround * (fleet.peak_hour if peak else 1.0)
    crewed = max(1, math.floor(fleet.ambulances * fleet.on_duty))
    stations = max(1.0, crewed / fleet.per_station)
    size = max(1, math.floor(crewed / stations))
    busy = float(erlang_b(load / stations, size))
    ride = fleet.ride * (1.0 - busy) + fleet.far_ride * busy
    if load >= crewed:
        return Response(load, 1.0, busy, 1.0, math.inf, math.inf, False)
    wait = float(mean_wait(load, crewed, fleet.turnaround))
    return Response(load, load / crewed, busy, float(erlang_c(load, crewed)), wait, ride + wait, True)


def fleet_for_response(fleet: Fleet, minutes: float, *, surge: float = 1.0) -> int | None:
    """Smallest fleet with a mean peak-hour response of at most `minutes`; None if no fleet has."""
    if minutes <= fleet.ride:
        return None
    per_minute = fleet.population * fleet.calls * surge * fleet.peak_hour / MINUTES_PER_YEAR
    low = 1
    high = max(2, math.ceil(per_minute * fleet.turnaround / fleet.on_duty) * 8 + 100)

    def enough(number: int) -> bool:
        tried = Fleet(**{**vars(fleet), "ambulances": number})
        return bool(response(tried, surge, peak=True).mean_response <= minutes)

    if not enough(high):
        return None
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle + 1, high)
    return int(np.int64(low))
