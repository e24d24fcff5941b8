"""Experiment files: what to run, for which region, plan, years, scenarios and draws."""

from sim.config.experiment import Draws, Experiment, HospitalSettings, SweepSettings, Years
from sim.config.read import find_root, parse_set, read_experiment

__all__ = [
    "Draws",
    "Experiment",
    "HospitalSettings",
    "SweepSettings",
    "Years",
    "find_root",
    "parse_set",
    "read_experiment",
]
