"""A saved run as charts and tables see it: its files, its adequacy rows, and how they are named and judged.

`open_saved` reads a folder; the rest asks it for places, scenarios, years and the lines under a picture.
"""

from sim.saved.captions import foot, period, region_name, scenario_name, source, subtitle
from sim.saved.run import (
    SavedRun,
    final_name,
    open_saved,
    plan_title,
    rows_of,
    rows_on_plan,
    run_name,
    source_names,
    titles_of,
)
from sim.saved.series import central_and_band, has_band, regions, scenarios, years

__all__ = [
    "SavedRun",
    "central_and_band",
    "final_name",
    "foot",
    "has_band",
    "open_saved",
    "period",
    "plan_title",
    "region_name",
    "regions",
    "rows_of",
    "rows_on_plan",
    "run_name",
    "scenario_name",
    "scenarios",
    "source",
    "source_names",
    "subtitle",
    "titles_of",
    "years",
]
