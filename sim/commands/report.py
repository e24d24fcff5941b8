"""What `healthplan report` says: the path, and what of the run was edited since."""

from __future__ import annotations

import sys
from pathlib import Path

from sim.catalogue.language import Lang
from sim.document import write_report
from sim.document.material import edited_text


def report_command(run_folder: Path, *, to: str, scenario: str | None, region: str | None, lang: str) -> Path:
    """Write the report and return its path; files that are not as the run wrote them go to stderr."""
    path, edited = write_report(run_folder, to, lang, scenario=scenario, region=region)
    language: Lang = "en" if lang == "en" else "zh"
    if edited:
        print(f"{run_folder} | {edited_text(edited, language)}", file=sys.stderr)
    return path
