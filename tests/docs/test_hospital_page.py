"""The table of docs/hospital.md is that of parameters/national/occupancy_by_size.csv."""

from __future__ import annotations

import re

from paths import PARAMETERS, ROOT, read_rows

LEVELS = ("0.01", "0.02", "0.05")


def test_occupancies_of_the_page_are_those_of_the_file() -> None:
    known = {
        (row["unit_beds"], f"{float(row['service_level']):g}"): (row["occupancy"], row["occupancy_flat"])
        for row in read_rows(PARAMETERS / "national" / "occupancy_by_size.csv")
    }
    page = (ROOT / "docs" / "hospital.md").read_text(encoding="utf-8")
    lines = re.findall(
        r"^\| (\d+) \| (\d+ \(\d+\)) \| (\d+ \(\d+\)) \| (\d+ \(\d+\)) \|$", page, re.MULTILINE
    )
    assert len(lines) >= 10
    wrong = []
    for size, *cells in lines:
        for level, cell in zip(LEVELS, cells, strict=True):
            shown, flat = map(float, re.findall(r"\d+", cell))
            true, plain = (100 * float(text) for text in known[size, level])
            if abs(shown - true) > 0.51 or abs(flat - plain) > 0.51:
                wrong.append((size, level, cell, true, plain))
    assert wrong == []
