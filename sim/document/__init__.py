"""Reports of a saved run for a planner's own document: Word, web page, workbook."""

from sim.document.write import FORMATS, write_report

__all__ = ["FORMATS", "write_report"]
