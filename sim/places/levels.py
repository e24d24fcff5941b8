"""From which level a figure comes: the place itself, its prefecture, its province, the nation."""

from __future__ import annotations

from pathlib import Path

from sim.params import Parameter
from sim.places.nation import list_places

PLACE, PREFECTURE, PROVINCE, COUNTRY = "place", "prefecture", "province", "nation"
LEVELS = (PLACE, PREFECTURE, PROVINCE, COUNTRY)


def level_of(parameter: Parameter) -> str:
    """Level whose figure a parameter of a place is.

    What is made for a place without a folder says so itself; else it is that of the folder: a place's
    own, its province's, and the nation's for all others.
    """
    if parameter.level:
        return parameter.level
    folders = parameter.file.parent.parts
    if "provinces" in folders:
        return PROVINCE
    own = "regions" in folders and not folders[-1].startswith("000000")
    return PLACE if own else COUNTRY


def level_above(root: Path, code: str) -> str:
    """Level of a place whose figure stands for one inside it.  root: the working folder."""
    rank = list_places(root)[code].level
    return {"country": COUNTRY, "province": PROVINCE}.get(rank, PREFECTURE)
