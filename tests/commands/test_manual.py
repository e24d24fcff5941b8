"""`healthplan docs`: every page of the manual, in the language asked for."""

from __future__ import annotations

import re

import pytest
from docs.test_links import PAGES
from paths import ROOT
from working_folder import run_cli

from sim.commands.manual import pages


def test_every_page_of_the_manual_is_listed() -> None:
    shown = {*pages("en").values(), *pages("zh").values()}
    manual = {p for p in PAGES if "docs" in p.relative_to(ROOT).parts or p.parent == ROOT / "outputs"}
    assert manual <= shown
    assert all(path.is_file() for path in shown)


@pytest.mark.parametrize(("lang", "title"), [("en", "From the first run"), ("zh", "从第一次运行")])
def test_a_page_is_printed_as_it_lies_there(lang: str, title: str) -> None:
    done = run_cli("docs", "tutorial", "--lang", lang, cwd=ROOT)
    assert done.out == f"{pages(lang)['tutorial'].read_text('utf-8')}\n"
    assert done.out.startswith(f"# {title}")
    assert re.search(rf"^tutorial +{title}", run_cli("docs", "--lang", lang, cwd=ROOT).out, re.MULTILINE)


def test_no_such_page() -> None:
    done = run_cli("docs", "tutoral", "--lang", "en", cwd=ROOT)
    assert (done.code, done.out) == (2, "")
    assert "PAGE | no page 'tutoral' | did you mean 'tutorial'?" in done.err
