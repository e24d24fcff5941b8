"""Every code of the list is read and runs: each prefecture once, one place of each level in each province."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from paths import ROOT

from sim.errors import SimError
from sim.places import find_region, list_places, read_place
from sim.run.runner import plan_blocks
from sim.run.setup import set_up

PLACES = list_places(ROOT)
PROVINCES = [p.code for p in PLACES.values() if p.level == "province"]
EMPTY = ("nobody of age 0 is", "no women of")
"""What a code is refused for: a group with nobody in it says nothing."""
DRAWS, END = 10, 2035

pytestmark = pytest.mark.slow


def _levels(province: str) -> dict[str, str]:
    """The first code of each level in a province that is not too empty to run."""
    found: dict[str, str] = {}
    for place in PLACES.values():
        if place.province == province and place.level not in found and not _refused(place.code):
            found[place.level] = place.code
    return found


def _refused(code: str) -> str:
    """Why a code is refused; empty if it is not."""
    try:
        read_place(ROOT, code, ["national", "standards"])
    except SimError as error:
        return str(error)
    return ""


def _run(codes: Sequence[str]) -> None:
    """Ten draws to 2035: people of every year, no more than twice and no less than a third of them left."""
    changes = {"regions": tuple(codes), "draws": {"n": DRAWS, "seed": 1}, "years": {"base": 2020, "end": END}}
    setup = set_up(ROOT / "experiments/henan_prefectures.yaml", changes=changes)
    wrong = {}
    for block in plan_blocks(setup):
        try:
            people = block.compute()["population_basis"].sel(basis="resident")
        except SimError as error:
            wrong[block.region] = str(error)
            continue
        ratio = people.sel(year=END) / people.sel(year=2020)
        if not 1 / 3 < float(ratio.min()) <= float(ratio.max()) < 2:
            wrong[block.region] = f"{float(ratio.min()):.2f}..{float(ratio.max()):.2f} of the people"
    assert wrong == {}


@pytest.mark.parametrize("province", PROVINCES)
def test_every_prefecture_runs(province: str):
    codes = [p.code for p in PLACES.values() if p.province == province and p.level == "prefecture"]
    _run(codes or [province])


@pytest.mark.parametrize("province", PROVINCES)
def test_one_place_of_each_level_runs(province: str):
    levels = _levels(province)
    assert "county" in levels
    _run(list(levels.values()))


@pytest.mark.parametrize("province", PROVINCES)
def test_every_place_is_read_or_refused_by_what_is_empty(province: str):
    """Only development zones and islands are refused, and named with the place to take instead."""
    refused = {p.code: _refused(p.code) for p in PLACES.values() if p.province == province}
    for code, text in refused.items():
        if text:
            assert any(said in text for said in EMPTY), (code, text)
            assert f"take its prefecture or province, {PLACES[code].prefecture or province}" in text
    assert sum(map(bool, refused.values())) <= 2
    assert find_region(ROOT, province, {}).level == "province"
