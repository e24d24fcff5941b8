"""What `report`, `explain` and `compare` say of saved runs."""

from __future__ import annotations

import sys
from pathlib import Path

from sim.catalogue.language import Lang
from sim.document import write_report
from sim.document.compare import compare
from sim.document.compare_page import write_comparison
from sim.document.compare_text import compare_text
from sim.document.explain import explain, tree_text
from sim.document.material import edited_text
from sim.store import edited, read_meta


def report_command(run_folder: Path, *, to: str, scenario: str | None, region: str | None, lang: str) -> Path:
    """Write the report and return its path; files that are not as the run wrote them go to stderr."""
    path, _ = write_report(run_folder, to, lang, scenario=scenario, region=region)
    tell_edited(run_folder, lang)
    return path


def tell_edited(run_folder: Path, lang: str) -> None:
    """Say on stderr which files of a run are not as it wrote them; nothing of what is no run."""
    if (run_folder / "run.json").is_file():
        names = edited(run_folder, read_meta(run_folder / "run.json"))
        if names:
            print(f"{run_folder} | {edited_text(names, _language(lang))}", file=sys.stderr)


def explain_command(
    run_folder: Path, indicator: str, year: int | None, *, scenario: str | None, region: str | None, lang: str
) -> str:
    """The trees of an indicator's verdicts."""
    tell_edited(run_folder, lang)
    return tree_text(explain(run_folder, indicator, year, _language(lang), scenario=scenario, region=region))


def compare_command(
    run_a: Path,
    run_b: Path,
    *,
    year: int | None,
    scenario: str | None,
    region: str | None,
    html: bool,
    lang: str,
) -> str:
    """What differs, as text; with html the path of the page and of its chart below."""
    found = compare(run_a, run_b, _language(lang), year=year, scenario=scenario, region=region)
    text = compare_text(found)
    if not html:
        return text
    return "\n".join([text, *(str(path) for path in write_comparison(found, run_b))])


def _language(lang: str) -> Lang:
    return "en" if lang == "en" else "zh"
