"""Where verdicts part is said as the run was given it, in the annex, its tables and the workbook."""

from __future__ import annotations

from pathlib import Path

import pytest
from document.edit import copied, restate

from sim.document.blocks import Text
from sim.document.findings import verdict_table
from sim.document.material import open_material
from sim.document.method import method
from sim.report.sheets import NOTES
from sim.saved.thresholds import thresholds


@pytest.fixture
def moved(small_run: Path, tmp_path: Path) -> Path:
    """A run that was given other probabilities than the shipped ones."""
    folder = copied(small_run, tmp_path)
    path = folder / "parameters.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    for name, old, new in (("adequate", "0.9", "0.87"), ("tight", "0.5", "0.43")):
        changed = [x.replace(f",{old},", f",{new},", 1) if f"adequacy.{name}," in x else x for x in lines]
        assert changed != lines
        lines = changed
    path.write_text("".join(lines), encoding="utf-8")
    restate(path.parent, path.name)
    return folder


@pytest.mark.parametrize(
    ("lang", "said", "noted"),
    [
        ("zh", "不低于0.87够用，0.43至0.87偏紧，低于0.43不足", "≥0.87够用，0.43—0.87偏紧，<0.43不足"),
        (
            "en",
            "0.87 or more adequate, 0.43 to 0.87 tight, less short",
            "0.87 or more adequate, 0.43 to 0.87 tight",
        ),
    ],
)
def test_annex_and_tables_say_the_probabilities_of_the_run(moved: Path, lang: str, said: str, noted: str):
    m = open_material(moved, lang)
    assert any(isinstance(block, Text) and said in block.text for block in method(m))
    assert noted in verdict_table(m, m.judged).note


def test_the_workbook_says_them_too(moved: Path, small_run: Path):
    zh, en = NOTES[0][2:]
    assert "≥0.87够用，0.43–0.87偏紧" in zh.format(**thresholds(moved))
    assert "0.87 or more adequate" in en.format(**thresholds(moved))
    assert thresholds(small_run) == {"adequate": "0.9", "tight": "0.5"}
