"""Places with counts and no folder: what is made of their counts, what comes from above, refusals."""

from __future__ import annotations

import csv
import gzip
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from place import ROOT, place, regions

from sim.errors import ConfigError
from sim.params import Parameter
from sim.places import find_region, list_places, place_censuses, read_place
from sim.places.counts import counts
from sim.places.levels import LEVELS
from sim.run.runner import run
from sim.run.setup import set_up
from sim.store import recorded_parameters

PLACES = list_places(ROOT)
CHOSEN = ("130000", "130400", "130406", "330000", "330100", "330102", "620000", "620700", "620702")
CHOSEN += ("210000", "210300", "210381", "430000", "431100", "431102", "410581", "410922", "469001", "110105")
MADE = {
    "migration.level": "person/year",
    "fertility.tfr_ratio": "1",
    "fertility.srb": "1",
    "fertility.children_ever_born": "child per woman",
    "mortality.e0_gap": "year",
    "population.urban_share": "1",
    "population.registered_ratio": "1",
}
EXPERIMENT = """schema: 1
name: any_place
title: {{zh: 某地, en: A place}}
regions: ["{code}"]
years: {{base: 2020, end: 2030}}
parameters: [national, standards]
scenarios: {{reference: []}}
overrides: {{}}
test_years: [2030]
draws: {{n: {draws}, seed: 1}}
"""


@pytest.mark.sampled(5)
@pytest.mark.parametrize("code", CHOSEN)
def test_people_of_the_base_are_those_counted(code: str):
    """Two months of births, deaths and migrants move a total by less than 1.5 %."""
    found = place(code)
    counted = place_censuses(ROOT, code)[2020].counts
    base = found["population.base"].data.transpose("sex", "age").values
    assert base.sum() == pytest.approx(counted.sum(), rel=0.015)
    np.testing.assert_allclose(base.sum(axis=1), counted.sum(axis=1), rtol=0.02)
    assert base[:, 85:].sum() == pytest.approx(counted[:, -1].sum(), rel=0.1)


@pytest.mark.sampled(5)
@pytest.mark.parametrize("code", CHOSEN)
def test_each_record_says_where_it_comes_from(code: str):
    found = place(code)
    for name, unit in MADE.items():
        record = found[name].record
        assert record.unit == unit
        assert found[name].made
        assert found[name].level in LEVELS
        ranged = found["migration.level_error"].record if name == "migration.level" else record
        assert ranged.range is not None or name == "fertility.children_ever_born"
        assert not found[name].is_computed


def _ratio_of_own_reading(code: str) -> dict[str, float]:
    """What would be made of a place that ships with a folder, over what its folder states."""
    from sim.params import read_set, read_sets
    from sim.places.made import made
    from sim.places.region import region_sets

    folder, region = ROOT / "parameters", regions()[code]
    sets = [s for s in region_sets(folder, ["national", "standards"], region) if s != region.folder]
    nation = read_set(folder / regions()["000000"].folder, folder)
    found = made(ROOT, counts(ROOT, PLACES[code]), read_sets(folder, sets), nation)
    stated, residents = place(code), place_censuses(ROOT, code)[2020].counts.sum()
    moved = _first(found["migration.level"]) - _first(stated["migration.level"])
    ratios = {n: _first(found[n]) / _first(stated[n]) for n in ("fertility.tfr_ratio", "fertility.srb")}
    return ratios | {"moved": moved / residents}


def _first(parameter: Parameter) -> float:
    data = parameter.data
    return float(data.isel(year=0)) if "year" in data.dims else float(data)


@pytest.mark.sampled(5)
@pytest.mark.parametrize("code", sorted(set(regions()) - {"000000"}))
def test_it_agrees_with_the_places_that_state_their_own(code: str):
    """Fertility within 2 %, births' sex ratio within 6 %, net migrants within 0.25 % of residents a year."""
    ratio = _ratio_of_own_reading(code)
    assert ratio["fertility.tfr_ratio"] == pytest.approx(1, abs=0.02)
    assert ratio["fertility.srb"] == pytest.approx(1, abs=0.06)
    assert abs(ratio["moved"]) < 0.0025


def test_twice_the_people_give_twice_the_migrants(tmp_path: Path):
    """A place scaled in both censuses: the same rates, migrants and their range in proportion."""
    root = _working_folder(tmp_path)
    for year in (2010, 2020):
        path = root / f"parameters/places/census_{year}.csv.gz"
        rows = list(csv.reader(gzip.decompress(path.read_bytes()).decode().splitlines()))
        rows = [[r[0], *(str(2 * int(v)) for v in r[1:])] if r[0] == "130400" else r for r in rows]
        path.write_bytes(gzip.compress("\n".join(map(",".join, rows)).encode()))
    twice, once = read_place(root, "130400"), place("130400")
    now = {"year": 2020}  # later its province, which is no larger, moves it too
    np.testing.assert_allclose(
        twice["migration.level"].data.sel(now), 2 * once["migration.level"].data.sel(now)
    )
    np.testing.assert_allclose(twice["population.base"].data, 2 * once["population.base"].data, rtol=1e-6)
    assert _first(twice["fertility.tfr_ratio"]) == pytest.approx(_first(once["fertility.tfr_ratio"]))


def test_without_a_count_of_2010_cohorts_change_as_above_it():
    held = counts(ROOT, PLACES["130406"])
    lacking = next(p for p in PLACES.values() if p.level == "county" and not p.census_2010)
    moved = counts(ROOT, lacking)
    assert held.grown_as == "130406"
    assert moved.grown_as in (lacking.prefecture, lacking.province)
    above, own = place_censuses(ROOT, moved.grown_as), moved.own
    got, want = (t[2020].counts[:, 8] / t[2010].counts[:, 6] for t in (own, above))
    np.testing.assert_allclose(got, want)  # 35-39 of 2020 over 25-29 of 2010


def test_a_code_that_there_is_not():
    with pytest.raises(ConfigError, match=r"no region '130499' \| did you mean '130400'\? it is 邯郸市"):
        read_place(ROOT, "130499")
    with pytest.raises(ConfigError, match=r"no region '990000' \| find its code with"):
        read_place(ROOT, "990000")


def test_a_code_too_empty_to_say_anything(tmp_path: Path):
    root = _working_folder(tmp_path)
    path = root / "parameters/places/census_2020.csv.gz"
    rows = list(csv.reader(gzip.decompress(path.read_bytes()).decode().splitlines()))
    for row in rows:
        if row[0] == "130400":
            row[1] = "0"
            row[6] = "0"
    path.write_bytes(gzip.compress("\n".join(map(",".join, rows)).encode()))
    with pytest.raises(ConfigError) as caught:
        read_place(root, "130400")
    text = str(caught.value)
    assert (
        "regions: 130400 邯郸市 | 0 female of age 0 in 2020, fewer than 10 | take a place above it, 130000"
        in text
    )
    assert "no women of 20-24 in 2020" in text


def test_an_island_is_sent_to_the_place_above_that_is_not_too_empty_itself():
    with pytest.raises(ConfigError) as caught:
        read_place(ROOT, "4603Z1")  # its prefecture, Sansha, has as few infants
    wrong = "regions: 4603Z1 西沙群岛 | 3 male of age 0 in 2020, fewer than 10"
    assert f"{wrong} | take a place above it, 460000" in str(caught.value)


def test_its_names_and_level():
    region = find_region(ROOT, "130400", regions())
    assert (region.name_en, region.name_zh) == ("Handan", "邯郸市")
    assert (region.level, region.province) == ("prefecture", "130000")


@pytest.mark.slow
@pytest.mark.parametrize("code", CHOSEN)
def test_a_run_goes_through(code: str, tmp_path: Path):
    """Setup and a run without a plan to 2030: people of every year and draw, more than none."""
    _run(code, tmp_path, 4)


@pytest.mark.slow
@pytest.mark.parametrize("code", [p.code for p in PLACES.values() if p.level == "prefecture"][::10])
def test_one_prefecture_in_ten_runs(code: str, tmp_path: Path):
    _run(code, tmp_path, 2)


def _run(code: str, tmp_path: Path, draws: int) -> None:
    file = _working_folder(tmp_path) / "experiments/any_place.yaml"
    file.write_text(EXPERIMENT.format(code=code, draws=draws), encoding="utf-8")
    folder = run(set_up(file), tmp_path / "out")
    with xr.open_dataset(folder / "results.nc") as results:
        people = results["population_basis"].sel(basis="resident").load()
    recorded = recorded_parameters(json.loads((folder / "run.json").read_text(encoding="utf-8")))
    if code not in regions():
        assert "own" in recorded[f"reference|{code}"]["fertility.tfr_ratio"]["made_en"]
    assert people.sizes["draw"] == draws + 1  # and the central line
    assert people.year.values[-1] == 2030
    assert float(people.min()) > 0
    ratio = people.sel(year=2030) / people.sel(year=2020)
    assert float(ratio.min()) > 0.5
    assert float(ratio.max()) < 2.0


def _working_folder(tmp_path: Path) -> Path:
    (tmp_path / "experiments").mkdir()
    shutil.copytree(ROOT / "parameters", tmp_path / "parameters")
    return tmp_path
