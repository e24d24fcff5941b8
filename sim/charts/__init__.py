"""Charts of a saved folder; reads it, computes no model.

`draw_charts` draws those of a run, `plot_folder` those of any folder: run, stressed run, sweep, backtest.
"""

from sim.charts.draw import CHARTS, chart_names, charts_of, draw_charts
from sim.charts.folder import list_folder, plot_folder

__all__ = ["CHARTS", "chart_names", "charts_of", "draw_charts", "list_folder", "plot_folder"]
