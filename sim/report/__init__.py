"""Charts and tables of a saved run; reads its folder, computes no model.

`draw_charts`, `adequacy_text`, `summary_text`, `revise_text` and `write_workbook` are what the
command line calls.
"""

from sim.report.draw import CHARTS, chart_names, charts_of, draw_charts
from sim.report.folder import list_folder, plot_folder
from sim.report.revise_table import revise_text
from sim.report.summary import summary_text
from sim.report.tables import adequacy_text, outside_text
from sim.report.workbook import write_workbook

__all__ = [
    "CHARTS",
    "adequacy_text",
    "chart_names",
    "charts_of",
    "draw_charts",
    "list_folder",
    "outside_text",
    "plot_folder",
    "revise_text",
    "summary_text",
    "write_workbook",
]
