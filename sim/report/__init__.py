"""Charts and tables of a saved run; reads its folder, computes no model.

`draw_charts`, `adequacy_text` and `write_workbook` are what the command line calls.
"""

from sim.report.draw import CHARTS, charts_of, draw_charts

__all__ = ["CHARTS", "charts_of", "draw_charts"]
