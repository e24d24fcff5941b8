"""docs/validation.md: what the model reproduces, measured now; no dates, no timings.

`healthplan validation-page`.  Known answers are read from tests/cases of the checkout, the world
file from the folder that HEALTHPLAN_WPP names; what is absent is said to be not measured.
"""

from sim.evidence.validation.bounds import bound_misfits
from sim.evidence.validation.page import validation_page, write_page
from sim.evidence.validation.wpp import world_case, wpp_errors

__all__ = ["bound_misfits", "validation_page", "world_case", "wpp_errors", "write_page"]
