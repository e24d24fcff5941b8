"""The hospital as an instrument: what occupancy a bed number bears, and what a wave does to it.

`erlang` and `surge` are formulas; `ward` is the discrete-event model; `replicate` runs it with
intervals; `stress` asks a planner's questions of a region's pools.
"""

from sim.hospital.arrivals import Clock, Pattern
from sim.hospital.erlang import beds_for_blocking, erlang_b, erlang_c, load_at_occupancy, load_for_blocking
from sim.hospital.replicate import Job, Mapped, Precision, Result, find_warm_up, in_turn, of_series, run
from sim.hospital.system import PoolSpec, System, Wave

__all__ = [
    "Clock",
    "Job",
    "Mapped",
    "Pattern",
    "PoolSpec",
    "Precision",
    "Result",
    "System",
    "Wave",
    "beds_for_blocking",
    "erlang_b",
    "erlang_c",
    "find_warm_up",
    "in_turn",
    "load_at_occupancy",
    "load_for_blocking",
    "of_series",
    "run",
]
