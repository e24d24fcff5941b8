"""What `report`, `explain` and `compare` say of saved runs."""

from __future__ import annotations

from pathlib import Path

from sim.catalogue.language import Lang
from sim.document import write_report
from sim.document.chain import tree_text
from sim.document.compare import compare
from sim.document.compare_page import write_comparison
from sim.document.compare_text import compare_text
from sim.document.explain import explain


def report_command(run_folder: Path, *, to: str, scenario: str | None, region: str | None, lang: str) -> Path:
    """Write the report and return its path."""
    return write_report(run_folder, to, lang, scenario=scenario, region=region)


def explain_command(
    run_folder: Path, indicator: str, year: int | None, *, scenario: str | None, region: str | None, lang: str
) -> str:
    """The trees of an indicator's verdicts."""
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
