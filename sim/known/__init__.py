"""Local counts since the census: `known.csv` of a place, and a projection that starts from them.

A table is read and checked (`table`, `plausible`), becomes parameters `known.<id>_<year>` with the
error of its quality, and every draw is led through each count give or take that error (`condition`):
people by what the counts say of births, deaths and moves, stocks and use by their own level.
"""

from sim.known.condition import conditioned, count_names, is_known
from sim.known.effect import observe
from sim.known.observed import observed_counts
from sim.known.parameters import counted_parameters
from sim.known.table import Count, read_counts
from sim.known.words import Indicator, read_indicators

__all__ = [
    "Count",
    "Indicator",
    "conditioned",
    "count_names",
    "counted_parameters",
    "is_known",
    "observe",
    "observed_counts",
    "read_counts",
    "read_indicators",
]
