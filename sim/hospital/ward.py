"""The event model: patients, units of beds, queues and routes on a simpy Environment.

Every draw is made beforehand with NumPy; the events are plain callbacks. A bed *is* an event: it
sits in its unit's stack while free and in simpy's queue while occupied, firing at discharge, so
that an admission allocates nothing. The tests hold the same ward as simpy processes beside it.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import simpy
from numpy.typing import NDArray
from simpy.events import EventPriority

from sim.errors import BalanceError, ParameterError, fault, raise_all

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# what became of a patient
WAITING, ADMITTED, TRANSFERRED, OVERFLOWED, TURNED_AWAY, GAVE_UP = range(6)
_NORMAL = EventPriority(1)  # simpy's priority of an ordinary event


@dataclass(frozen=True)
class Units:
    """The places with beds: one entry a unit (a ward or a hospital's pool)."""

    beds: tuple[int, ...]
    reserve: tuple[int, ...]  # beds that electives leave to emergencies
    routes: tuple[tuple[int, ...], ...]  # units tried in turn when an emergency finds its own full
    pool: tuple[int, ...]  # which pool the unit belongs to
    boards: tuple[bool, ...]  # emergencies wait when all is full (True) or leave (False)
    patience: tuple[float, ...]  # longest wait in days; inf = without end
    chances: tuple[tuple[float, ...], ...] = ()  # by route: share whose bed is in the sample

    def __post_init__(self) -> None:
        faults = [
            fault(f"unit {u}", f"{beds} beds", "1 bed or more")
            for u, beds in enumerate(self.beds)
            if beds < 1
        ]
        raise_all(ParameterError, faults)


@dataclass(frozen=True)
class Patients:
    """Everything drawn beforehand, by ascending arrival; times in days from the start."""

    arrival: Floats
    unit: Ints  # the unit asked first
    urgent: NDArray[np.bool_]
    stay: Floats
    luck: Floats | None = None  # 0..1, against `Units.chances`; None = all enter
    hour: Floats | None = None  # moment of the day (0..1) at which a stay may end; None = any
    initial: int = 0  # the first so many are in bed at time 0 (their stay is what is left of it)

    def __post_init__(self) -> None:
        faults = []
        if not np.all(np.isfinite(self.stay)) or np.any(self.stay < 0):
            bad = self.stay[~(np.isfinite(self.stay) & (self.stay >= 0))][0]
            faults.append(fault("stay", f"{bad:g} days", "a finite number, 0 or more"))
        if np.any(np.diff(self.arrival) < 0) or not np.all(np.isfinite(self.arrival)):
            faults.append(fault("arrival", "times do not ascend", "sort them"))
        raise_all(ParameterError, faults)


@dataclass(frozen=True)
class Log:
    """What happened: one entry a patient; `census` is the midnight count by unit, read live."""

    start: Floats  # into bed; inf = never
    end: Floats
    where: Ints  # unit of the bed; -1 = none
    outcome: Ints
    found_full: NDArray[np.bool_]  # no bed in the own unit at arrival
    census: Ints  # (day, unit)


class _Bed(simpy.Event):
    """A bed: an event that fires at each discharge."""

    unit: int


def simulate(units: Units, patients: Patients, days: int) -> Log:
    """Run the ward over `days`.

    An emergency takes a free bed of its unit, else of the units on its route, else boards (waits,
    before all electives) or leaves. An elective takes a free bed that is not reserved, else waits
    in line. Who waits longer than the unit's patience leaves. A stay ends at the patient's hour
    of the day nearest to its drawn length (mean kept), or at once where no hours are given.
    Raises BalanceError if beds and patients do not add up afterwards.
    """
    env = simpy.Environment()
    ward = _Ward(env, units, patients)
    ward.fill(patients.initial)
    ward.open_doors(patients.initial)
    census = np.zeros((days, len(units.beds)), dtype=np.int64)
    _each_midnight(env, days, lambda day: ward.count_beds(census, day))
    env.run(until=days)
    return ward.log(census, days)


def _each_midnight(env: simpy.Environment, days: int, look: Callable[[int], None]) -> None:
    """Call look(0), look(1), ... at the end of each day, just before midnight."""
    event = simpy.Event(env)
    day = 0

    def fire(_: simpy.Event) -> None:
        nonlocal day
        look(day)
        day += 1
        if day < days:
            again()

    def again() -> None:
        event.callbacks = [fire]
        env.schedule(event, delay=math.nextafter(day + 1.0, 0.0) - env.now)

    event._ok, event._value = True, None
    again()


class _Ward:
    """State of one run; see `simulate`. Lists, not arrays: element access decides the speed."""

    def __init__(self, env: simpy.Environment, units: Units, patients: Patients) -> None:
        self.env = env
        self.units = units
        self.arrival = patients.arrival.tolist()
        self.home = patients.unit.tolist()
        self.urgent = patients.urgent.tolist()
        self.stay = patients.stay.tolist()
        self.luck = None if patients.luck is None else patients.luck.tolist()
        self.hour = None if patients.hour is None else patients.hour.tolist()
        self.shift = 0.0 if patients.hour is None else 0.5 - float(np.mean(patients.hour))
        size = len(self.arrival)
        self.start = [math.inf] * size
        self.end = [math.inf] * size
        self.where = [-1] * size
        self.outcome = [WAITING] * size
        self.found_full = [False] * size
        self.free: list[list[_Bed]] = []
        self.boarding: list[deque[int]] = [deque() for _ in units.beds]
        self.electives: list[deque[int]] = [deque() for _ in units.beds]
        self.discharged: list[Any] = [self._discharge]
        for unit, beds in enumerate(units.beds):
            self.free.append([self._new_bed(unit) for _ in range(beds)])
        self.next = 0

    def _new_bed(self, unit: int) -> _Bed:
        bed = _Bed(self.env)
        bed._ok, bed._value = True, None
        bed.unit = unit
        return bed

    def fill(self, count: int) -> None:
        """Put the initial patients into bed at time 0; whoever finds none is not there."""
        for i in range(count):
            unit = self.home[i]
            if self.free[unit]:
                self._seat(i, unit, ADMITTED)
            else:
                self.outcome[i] = TURNED_AWAY
        self.next = count

    def open_doors(self, first: int) -> None:
        """Schedule the first arrival; each arrival schedules the next."""
        if first < len(self.arrival):
            event = simpy.Event(self.env)
            event._ok, event._value = True, None
            event.callbacks = [self._arrive]
            self.env.schedule(event, _NORMAL, self.arrival[first])

    def count_beds(self, census: Ints, day: int) -> None:
        """Beds occupied now, from the stacks of free beds."""
        beds = self.units.beds
        census[day] = [beds[u] - len(stack) for u, stack in enumerate(self.free)]

    def _arrive(self, event: simpy.Event) -> None:
        i = self.next
        self.next = following = i + 1
        if following < len(self.arrival):
            event.callbacks = [self._arrive]
            self.env.schedule(event, _NORMAL, self.arrival[following] - self.env._now)
        unit = self.home[i]
        beds = self.free[unit]
        if self.urgent[i]:
            if beds:
                self._seat(i, unit, ADMITTED)
            else:
                self.found_full[i] = True
                self._elsewhere(i, unit)
        elif len(beds) > self.units.reserve[unit] and not self.electives[unit]:
            self._seat(i, unit, ADMITTED)
        else:
            self.found_full[i] = True
            self.electives[unit].append(i)

    def _elsewhere(self, i: int, home: int) -> None:
        units = self.units
        for step, unit in enumerate(units.routes[home]):
            if self.free[unit]:
                same = units.pool[unit] == units.pool[home]
                outcome = TRANSFERRED if same else OVERFLOWED
                if self.luck is None or self.luck[i] < units.chances[home][step]:
                    self._seat(i, unit, outcome)
                else:  # into a unit like this one that is not simulated
                    self.outcome[i] = outcome
                return
        if units.boards[home]:
            self.boarding[home].append(i)
        else:
            self.outcome[i] = TURNED_AWAY

    def _seat(self, i: int, unit: int, outcome: int) -> None:
        bed = self.free[unit].pop()
        now = self.env._now
        end = now + self.stay[i]
        if self.hour is not None:
            at_hour = math.floor(end + self.shift) + self.hour[i]
            if at_hour > now:
                end = at_hour
        self.start[i], self.end[i] = now, end
        self.where[i], self.outcome[i] = unit, outcome
        bed.callbacks = self.discharged
        self.env.schedule(bed, _NORMAL, end - now)

    def _discharge(self, event: _Bed) -> None:
        unit = event.unit
        self.free[unit].append(event)
        boarding, electives = self.boarding[unit], self.electives[unit]
        if boarding:
            waiting = self._patient(boarding, unit, TURNED_AWAY)
            if waiting >= 0:
                self._seat(waiting, unit, ADMITTED)
                return
        if electives and len(self.free[unit]) > self.units.reserve[unit]:
            waiting = self._patient(electives, unit, GAVE_UP)
            if waiting >= 0:
                self._seat(waiting, unit, ADMITTED)

    def _patient(self, line: deque[int], unit: int, gone: int) -> int:
        """The first in line who is still there, or -1; who is not gets the outcome `gone`."""
        latest = self.env._now - self.units.patience[unit]
        while line:
            i = line.popleft()
            if self.arrival[i] >= latest:
                return i
            self.outcome[i] = gone
        return -1

    def log(self, census: Ints, days: int) -> Log:
        """The log as arrays, checked: all beds accounted for, nobody in two places."""
        self._clear_lines(days)
        for unit, beds in enumerate(self.units.beds):
            if len(self.free[unit]) > beds:
                raise BalanceError(fault("sim.hospital.ward", f"unit {unit}: more free beds", ""))
        log = Log(
            np.asarray(self.start),
            np.asarray(self.end),
            np.asarray(self.where, dtype=np.int64),
            np.asarray(self.outcome, dtype=np.int64),
            np.asarray(self.found_full, dtype=np.bool_),
            census,
        )
        _check_balance(self.units.beds, [len(f) for f in self.free], log, float(days))
        return log

    def _clear_lines(self, days: int) -> None:
        for lines, gone in ((self.boarding, TURNED_AWAY), (self.electives, GAVE_UP)):
            for unit, line in enumerate(lines):
                latest = days - self.units.patience[unit]
                for i in line:
                    if self.arrival[i] < latest:
                        self.outcome[i] = gone


def _check_balance(beds: Sequence[int], free: Sequence[int], log: Log, days: float) -> None:
    """Patients in bed by the log = beds not free by the ward's own count, unit by unit."""
    lying = log.where[(log.where >= 0) & (log.end >= days)]
    by_log = np.bincount(lying, minlength=len(beds))
    by_ward = np.asarray(beds) - np.asarray(free)
    # a discharge that falls on the closing instant itself may stand on either side
    edge = log.where[(log.where >= 0) & (np.abs(log.end - days) < 1e-9)]
    slack = np.bincount(edge, minlength=len(beds))
    if np.any(np.abs(by_log - by_ward) > slack):
        unit = int(np.argmax(np.abs(by_log - by_ward) - slack))
        wrong = f"unit {unit}: {by_log[unit]} patients in bed, {by_ward[unit]} beds taken"
        raise BalanceError(fault("sim.hospital.ward", wrong, ""))
