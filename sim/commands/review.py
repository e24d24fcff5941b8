"""What `healthplan review` says: where each target stands, and what the counts changed."""

from __future__ import annotations

from pathlib import Path

from sim.review import review
from sim.store import open_run


def review_command(folder: Path, known: Path, year: int | None, scenario: str | None, lang: str) -> str:
    """Review a run's plan with a table of counts; write review.csv and review.xlsx; return what to say."""
    from sim.charts import chart_names, draw_charts
    from sim.report.review_text import review_text
    from sim.report.review_workbook import write_review_workbook

    review(open_run(folder), known, year=year, scenario=scenario)
    book = write_review_workbook(folder, lang)
    drawn = draw_charts(folder, ["review"], lang=lang) if "review" in chart_names(folder) else []
    return "\n".join([review_text(folder, lang), *map(str, (folder / "review.csv", book, *drawn))])
