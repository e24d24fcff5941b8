"""Folders of provinces: what every place of a province shares, made where there is none yet."""

from __future__ import annotations

import re
from pathlib import Path

from sim.places import list_places

_KIND = re.compile(r"(zhuangzu|huizu|weiwuer)?(zizhiqu|sheng|shi)$")  # what a province is called besides


def folder_of(root: Path, code: str) -> str:
    """The set of a province below `parameters/`, such as provinces/410000_henan, be it there or not."""
    there = sorted((root / "parameters" / "provinces").glob(f"{code}_*"))
    name = there[0].name if there else f"{code}_{_KIND.sub('', list_places(root)[code].pinyin)}"
    return f"provinces/{name}"
