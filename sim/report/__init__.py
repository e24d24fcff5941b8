"""Tables of a saved run, on the terminal and as a workbook; reads its folder, computes no model."""

from sim.report.known_text import known_text
from sim.report.parts_text import parts_text
from sim.report.revise_table import revise_text
from sim.report.summary import summary_text
from sim.report.tables import adequacy_text, outside_text
from sim.report.workbook import write_workbook

__all__ = [
    "adequacy_text",
    "known_text",
    "outside_text",
    "parts_text",
    "revise_text",
    "summary_text",
    "write_workbook",
]
