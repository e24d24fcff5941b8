"""What the parts of the page share: regions, years, draws."""

from __future__ import annotations

from sim.evidence.setups import SEED, YEARS, Parameters
from sim.evidence.setups import plain_setup as setup

__all__ = ["DRAWS", "SEED", "SETS", "YEARS", "Parameters", "setup"]

SETS = ("national", "standards")
DRAWS = 200
