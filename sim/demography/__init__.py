"""Demography: population, births, deaths and migration of a region by year."""

from sim.demography.ccmpp import project_cohorts
from sim.demography.mortality import shift_to_e0
from sim.demography.stage import OPTIONAL, PARAMETERS, READS, WRITES, project
from sim.lifetable import life_table

__all__ = [
    "OPTIONAL",
    "PARAMETERS",
    "READS",
    "WRITES",
    "life_table",
    "project",
    "project_cohorts",
    "shift_to_e0",
]
