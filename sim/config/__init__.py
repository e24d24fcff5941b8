"""Experiment files: what to run, for which region, plan, years, scenarios and draws."""

from sim.config.experiment import Draws, Experiment, HospitalSettings, SweepSettings, Years
from sim.config.names import check_name, is_region_code
from sim.config.read import find_root, parse_set, read_experiment, revalidated

__all__ = [
    "Draws",
    "Experiment",
    "HospitalSettings",
    "SweepSettings",
    "Years",
    "check_name",
    "find_root",
    "is_region_code",
    "parse_set",
    "read_experiment",
    "revalidated",
]
