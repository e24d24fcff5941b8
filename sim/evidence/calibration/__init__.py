"""Calibration: constants that are estimated from the shipped data, and the records that hold them.

Each module of `parts` has one PART: what it estimates, and from what. `healthplan calibrate` runs
them and writes value, range, source, method and number of observations into parameters/...; a part
is added by adding its module.
"""

from sim.evidence.calibration.part import Estimate, Part
from sim.evidence.calibration.records import Change, changes, write
from sim.evidence.calibration.registry import parts, refuse_missing
from sim.evidence.calibration.run import calibrated

__all__ = ["Change", "Estimate", "Part", "calibrated", "changes", "parts", "refuse_missing", "write"]
