"""docs/new_region.md followed to the letter: files written, commands run, in the order of the page."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest
from paths import ROOT
from working_folder import run_cli

from sim.store import recorded_parameters

PAGE = ROOT / "docs" / "new_region.md"
_BLOCK = re.compile(
    r"(?:^New file `(?P<file>[^`\n]+)`:\n\n)?^```(?P<kind>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)


@pytest.mark.slow
def test_the_page_does_what_it_says(tmp_path: Path):
    said = []
    for block in _BLOCK.finditer(PAGE.read_text(encoding="utf-8")):
        if block["kind"]:
            assert block["file"], f"no file named before {block['text'][:40]}"
            path = tmp_path / block["file"]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block["text"], encoding="utf-8")
            continue
        for line in block["text"].splitlines():
            words = line.removeprefix("healthplan ").split()
            if "RUN" in words:  # the last one made
                runs = (tmp_path / "outputs").glob("*/*")
                words[words.index("RUN")] = str(max(runs, key=lambda p: p.stat().st_mtime_ns))
            done = run_cli(*words, cwd=tmp_path)
            assert done.code == 0, (line, done.err)
            said.append(done.out)
    assert "邯郸市" in said[1]
    assert "130423" in said[2]
    runs = sorted((tmp_path / "outputs").glob("handan*/*/run.json"))
    assert len(runs) == 2
    recorded = recorded_parameters(json.loads(runs[0].read_text(encoding="utf-8")))
    assert recorded["reference|130423"]["mortality.e0_gap"]["level"] == "province"
    plan = next(path for path in runs if "handan_plan" in str(path))
    rows = list(csv.DictReader((plan.parent / "adequacy.csv").open(encoding="utf-8-sig")))
    told = json.loads(plan.read_text(encoding="utf-8"))
    assert told["history"] == [2021, 2022, 2023, 2024, 2025]
    beds = next(k for k in told["known"] if (k["indicator"], k["year"]) == ("beds", 2024))
    assert beds["after"] == pytest.approx(64500, rel=1e-12)
    assert round(beds["before"]) == 64536  # as the page says
    assert {"beds_per_1000", "doctors_per_1000", "life_expectancy"} <= {row["indicator_id"] for row in rows}
