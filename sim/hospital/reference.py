"""The ward in the plain simpy form: a Resource per unit, a process per patient.

Second witness of `ward.py` for one unit (a queue, or a loss system), and the yardstick of its
speed. Same draws in, same starts out.
"""

from __future__ import annotations

import math
from collections.abc import Generator
from typing import Any

import numpy as np
import simpy

from sim.hospital.ward import Floats, Patients


def simulate_processes(beds: int, patients: Patients, days: float, *, waits: bool) -> Floats:
    """Start of each stay in one unit of `beds`; inf for those turned away or still waiting.

    waits: True = arrivals queue (emergencies before electives), False = they leave when all beds
    are taken.
    """
    env = simpy.Environment()
    ward = simpy.PriorityResource(env, capacity=beds)
    start = np.full(patients.arrival.size, math.inf)

    def patient(i: int, stay: float, priority: int) -> Generator[simpy.Event, Any, None]:
        if not waits and ward.count >= ward.capacity:
            return
        with ward.request(priority=priority) as bed:
            yield bed
            start[i] = env.now
            yield env.timeout(stay)

    def doors() -> Generator[simpy.Event, Any, None]:
        for i in range(patients.arrival.size):
            yield env.timeout(float(patients.arrival[i]) - env.now)
            priority = 0 if patients.urgent[i] else 1
            env.process(patient(i, float(patients.stay[i]), priority))

    env.process(doors())
    env.run(until=days)
    return start
