"""What is made of a place's tables: kept totals, published figures met, scale, cache, refusals."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from paths import ROOT
from place import place, regions

from sim.errors import ConfigError, ParameterError
from sim.params import Parameter, read_sets
from sim.places import derive as derivation
from sim.places import read_census, read_censuses, read_place
from sim.places.derive import DERIVATIONS, FROM_CENSUS, Tables, derive
from sim.places.region import region_sets
from sim.places.tables import national_censuses, province_censuses

PARAMETERS = ROOT / "parameters"
CODES = sorted(regions())
COMPUTED = sorted(n for n, p in place("410500").items() if p.is_computed)


def tables(code: str, times: float = 1.0) -> Tables:
    own = read_censuses(PARAMETERS, regions()[code])
    return Tables(
        {y: replace(c, counts=c.counts * times) for y, c in own.items()},
        national_censuses(PARAMETERS),
        province_censuses(PARAMETERS, regions()[code]),
    )


def undone(code: str) -> dict[str, Parameter]:
    """The parameters of a region with what is computed still without numbers."""
    return read_sets(PARAMETERS, region_sets(PARAMETERS, ["national", "standards"], regions()[code]))


def values(found: dict[str, Parameter], name: str) -> np.ndarray:
    return found[name].data.values


def test_no_file_of_a_region_is_an_array_that_code_makes():
    """Only what was observed there: census tables, a series, and single figures with their source."""
    names = {p.name for p in (PARAMETERS / "regions").rglob("*.csv")}
    assert {n for n in names if not re.fullmatch(r"census_\d{4}\.csv", n)} == {"observed.csv"}
    for path in (PARAMETERS / "regions").rglob("*.yaml"):
        text = path.read_text("utf-8")
        assert "table:" not in text, path
        assert not any(f"\n  {name.partition('.')[2]}:" in text for name in COMPUTED), path


def test_every_derivation_is_asked_for():
    assert sorted(str(p.record.computed) for p in place("410500").values() if p.is_computed) == sorted(
        DERIVATIONS
    )


@pytest.mark.sampled(4)
@pytest.mark.parametrize("code", CODES)
def test_base_population_is_the_census_and_two_months(code: str):
    """Counted + births - deaths + migrants, and every age moved by a sixth of a year at most."""
    found, census = place(code), tables(code).own[2020]
    base = values(found, "population.base")
    mx = found["mortality.mx"].data.sel(year=2020).transpose("sex", "age").values
    level = found["migration.level"].data
    moved = float(level.isel(year=0) if "year" in level.dims else level) * FROM_CENSUS
    deaths = float((mx * base).sum()) * FROM_CENSUS
    births = 0.9114 * census.counts[:, 0].sum() * FROM_CENSUS  # fewer than the year before
    expected = census.counts.sum() + births - deaths + moved + float(found["population.servicemen"].data)
    assert base.sum() == pytest.approx(expected, rel=2e-5)
    assert base.min() > 0


@pytest.mark.sampled(5)
@pytest.mark.parametrize("code", CODES)
def test_parities_meet_what_was_published(code: str):
    found = place(code)
    parities = values(found, "fertility.parity_initial")
    np.testing.assert_allclose(parities.sum(axis=1), 1, atol=1e-12)
    assert parities.min() >= 0
    for age, percent in ((35, 10.91), (40, 7.85), (49, 5.16)):
        assert 100 * parities[age, 0] == pytest.approx(percent, abs=1e-9)
    fourth = float(found["fertility.fourth_share"].data)
    women = values(found, "population.base")[0, 15:65]
    born = parities[15:65] @ [0, 1, 2, 3 + fourth / (1 - fourth)]
    children = float(found["fertility.children_ever_born"].data)
    assert (women * born).sum() / women.sum() == pytest.approx(children, abs=1e-9)


@pytest.mark.sampled(5)
@pytest.mark.parametrize("code", CODES)
def test_rates_by_order_are_the_province_s_and_women_can_have_them(code: str):
    found = place(code)
    rates = values(found, "fertility.asfr_by_order")
    published = found["fertility_province.asfr" if code != "000000" else "fertility_census.asfr"].data.values
    by_group = rates.sum(axis=1)[15:50].reshape(7, 5).mean(axis=1)
    if code == "000000":  # group rates weigh ages by women: 0.8 % apart where rates rise within a group
        np.testing.assert_allclose(by_group, published[15:50:5], rtol=0.05)
    else:
        np.testing.assert_allclose(by_group, published[15:50:5], rtol=1e-9)
    parities = values(found, "fertility.parity_initial")
    exposed = parities.copy()
    exposed[1:] = (parities[1:] + parities[:-1]) / 2
    assert (rates[:, 1] <= exposed[:, 1] * 0.5 + 1e-12).all()


@pytest.mark.parametrize("code", CODES)
def test_profiles_of_migrants_add_up(code: str):
    found = place(code)
    for way in ("in", "out"):
        shares = values(found, f"migration.profile_{way}")
        assert shares.min() >= 0
        assert shares.sum() == pytest.approx(1, abs=1e-12)
    moves = values(found, "migration.inflow"), values(found, "migration.outflow")
    level = float(found["migration.level"].data.isel(year=0))
    assert code == "000000" or (moves[0] > moves[1]) == (level > 0)


@pytest.mark.parametrize("code", CODES)
def test_rural_share_is_the_rest(code: str):
    found = place(code)
    rest = found["population.agricultural_share"].data + found["population.urban_share"].data
    np.testing.assert_allclose(rest, 1, atol=1e-15)


def test_a_place_k_times_as_large_has_k_times_the_people():
    """Everything else that is made is a share or a rate and stays."""
    parameters, times = undone("410500"), 7.0
    level = parameters["migration.level"]
    larger = {**parameters, "migration.level": replace(level, data=level.data * times, hash="larger")}
    one = derive(parameters, tables("410500"), "")
    other = derive(larger, tables("410500", times), "")
    for name in COMPUTED:
        scale = times if name in ("population.base", "migration.inflow", "migration.outflow") else 1.0
        np.testing.assert_allclose(values(other, name), scale * values(one, name), rtol=1e-6, atol=1e-9)


def test_made_twice_is_the_same_bytes_and_the_second_time_is_looked_up():
    parameters = undone("411100")
    derivation._kept.clear()
    one = derive(parameters, tables("411100"), "")
    again = derive(parameters, tables("411100"), "")
    assert one["population.base"].data is not None
    assert all(np.shares_memory(one[n].data.values, again[n].data.values) for n in COMPUTED)
    derivation._kept.clear()
    fresh = derive(parameters, tables("411100"), "")
    for name in COMPUTED:
        assert fresh[name].data.values.tobytes() == one[name].data.values.tobytes()
        assert fresh[name].hash == one[name].hash


def test_another_census_is_another_hash():
    parameters = undone("410500")
    one = derive(parameters, tables("410500"), "")
    other = derive(parameters, tables("410500", 1.001), "")
    assert one["population.base"].hash != other["population.base"].hash


def test_a_region_s_own_table_wins(tmp_path: Path):
    """A place that has counted its single ages states them; the rest is made as before."""
    shutil.copytree(PARAMETERS, tmp_path / "parameters")
    folder = tmp_path / "parameters/regions/410500_anyang"
    rows = [f"{s},{a},1000" for s in ("female", "male") for a in range(101)]
    (folder / "base.csv").write_text("\n".join(["sex,age,value", *rows]), encoding="utf-8")
    path = folder / "population.yaml"
    own = (
        "  base: {name: {en: a, zh: 甲}, unit: person, dims: [sex, age], table: base.csv, year: 2020, "
        "source: census_2020, basis: measured, quality: A}\n"
    )
    path.write_text(path.read_text("utf-8").rstrip("\n") + "\n" + own, encoding="utf-8")
    found = read_place(tmp_path, "410500")
    assert set(values(found, "population.base").ravel()) == {1000.0}
    np.testing.assert_array_equal(
        values(found, "migration.profile_out"), values(place("410500"), "migration.profile_out")
    )


def test_a_city_of_a_province_without_tables_takes_the_nation_s_orders():
    parameters = {n: p for n, p in undone("410500").items() if not n.startswith("fertility_province.")}
    found = derive(parameters, tables("410500"), "")
    mix = values(found, "fertility.asfr_by_order").sum(axis=0)
    nation = values(place("000000"), "fertility.asfr_by_order").sum(axis=0)
    np.testing.assert_allclose(mix / mix.sum(), nation / nation.sum(), atol=0.02)


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        (
            lambda f: (f / "census_2010.csv").unlink(),
            r"census_2010.csv \| no such file \| add the census of 2010",
        ),
        (
            lambda f: _replace(f / "census_2020.csv", ",80,84,", ",80,82,"),
            r"group 80-82 is followed by 85",
        ),
    ],
)
def test_tables_that_are_missing_or_wrong(tmp_path: Path, change, wrong: str):
    shutil.copytree(PARAMETERS, tmp_path / "parameters")
    change(tmp_path / "parameters/regions/410500_anyang")
    with pytest.raises((ConfigError, ParameterError), match=wrong):
        read_place(tmp_path, "410500")


def test_other_age_groups_than_the_nation_s_are_refused(tmp_path: Path):
    shutil.copytree(PARAMETERS, tmp_path / "parameters")
    path = tmp_path / "parameters/regions/410500_anyang/census_2010.csv"
    census = read_census(path)
    lines = ["sex,age_start,age_end,value"]
    for sex, row in zip(("female", "male"), census.counts, strict=True):
        lines += [f"{sex},{a},{b},{v}" for a, b, v in _joined(census.starts, row)]
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(
        ConfigError, match=r"census_2010.csv \| a census of 2010 has first ages \[0, 1, 5, 10, 15"
    ):
        read_place(tmp_path, "410500")


def test_another_area_or_unit_in_one_census_is_refused():
    own = tables("410500")
    larger = replace(own.own[2020], counts=own.own[2020].counts * 11)
    wrong = r"people, 517\d+ in 2010; looks 10 times too large \| persons, of one area"
    with pytest.raises(ParameterError, match=wrong):
        derive(undone("410500"), Tables({**own.own, 2020: larger}, own.nation, own.province), "")


@pytest.mark.slow
def test_an_unknown_derivation(tmp_path: Path):
    shutil.copytree(PARAMETERS, tmp_path / "parameters")
    _replace(
        tmp_path / "parameters/national/population.yaml", "computed: rural_share", "computed: rurl_share"
    )
    with pytest.raises(
        ParameterError, match=r"agricultural_share.computed \| no derivation 'rurl_share' \| did you"
    ):
        read_place(tmp_path, "410500")


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def _joined(starts: tuple[int, ...], row: np.ndarray) -> list[tuple[int, int, float]]:
    """The last two groups as one."""
    ends = [s - 1 for s in starts[1:]] + [100]
    cells = list(zip(starts, ends, row.tolist(), strict=True))
    return [*cells[:-2], (cells[-2][0], 100, cells[-2][2] + cells[-1][2])]
