"""Each figure of a place says from which level it comes and from which source."""

from __future__ import annotations

from pathlib import Path

import pytest
from paths import PARAMETERS, read_rows
from place import ROOT, place, regions
from working_folder import run_cli

from sim.params import read_sources
from sim.places import list_places
from sim.places.counts import counts
from sim.places.levels import COUNTRY, LEVELS, PLACE, PREFECTURE, PROVINCE, level_of
from sim.places.vital import read_vital

PLACES = list_places(ROOT)
SOURCES = read_sources(PARAMETERS, [])
# provinces, prefectures, counties, counties run by their province, districts; with a folder and without
CODES = ("130000", "540000", "130400", "320100", "410522", "130406", "469001", "429004", "659001", "110105")
CODES += ("410500", "410000", "000000")
FROM_ABOVE = [code for code in CODES if code not in regions()]  # those without a folder of their own
# figures that are a province's as they stand, the same in all its places
OF_PROVINCE = ("fertility_province.asfr", "fertility_province.births_by_order", "fertility.fourth_share")
BEDS = "supply.beds_base"


@pytest.mark.sampled(4)
@pytest.mark.parametrize("code", CODES)
def test_every_figure_has_its_level_source_and_year_and_what_is_made_says_how(code: str):
    for name, parameter in place(code).items():
        record = parameter.record
        assert level_of(parameter) in LEVELS, name
        assert SOURCES[record.source].title_in("zh"), name
        assert SOURCES[record.source].title_in("en"), name
        assert record.year, name
        if parameter.level:
            assert parameter.made, name
            assert (
                record.locator or record.basis == "assumed" or level_of(parameter) in (PREFECTURE, PROVINCE)
            ), name


@pytest.mark.sampled(4)
@pytest.mark.parametrize("code", FROM_ABOVE)
def test_what_is_from_above_is_the_figure_there_and_what_is_its_own_is_not(code: str):
    """A level is no label: the nation's figure is the nation's number and source, a province's its own."""
    found, nation = place(code), place("000000")
    assert found["mortality.e0_gap"].level
    for name in (BEDS, "supply.doctors_base", "supply.gps_base", "population.registered_ratio"):
        if level_of(found[name]) == COUNTRY:
            assert float(found[name].data) == pytest.approx(float(nation[name].data)), name
            assert found[name].record.source == nation[name].record.source, name
    province = place(PLACES[code].province)
    for name in OF_PROVINCE:
        assert level_of(found[name]) == PROVINCE
        assert found[name].data.values == pytest.approx(province[name].data.values), name
    e0, vital = found["mortality.e0_gap"], read_vital(ROOT)
    assert (level_of(e0) == PLACE) == (code in vital.e0)
    if code in vital.e0:
        assert e0.record.source == vital.e0_source[code]
        assert float(e0.data) == pytest.approx(vital.e0[code] - vital.e0["000000"])
    if PLACES[code].beds:
        assert (level_of(found[BEDS]), found[BEDS].record.source) == (PLACE, "county_yearbook")


def test_a_stock_of_the_province_cites_the_series_that_it_is_from():
    told = {row["indicator"]: row["source"] for row in read_rows(PARAMETERS / "series" / "indicators.csv")}
    for kind in ("beds", "doctors", "nurses"):
        record = place("130400")[f"supply.{kind}_base"].record
        assert (record.source, record.year) == (told[kind], "2020-2022")
        assert kind in record.locator
        assert "130000" in record.locator


def test_migration_is_of_the_place_whose_cohorts_stand_for_it():
    lacking = [p for p in PLACES.values() if p.level == "county" and not p.census_2010][:40]
    stands = {p.code: counts(ROOT, p).grown_as for p in lacking}
    code, above = next((c, a) for c, a in stands.items() if PLACES[a].level == "prefecture")
    assert level_of(place(code)["migration.level"]) == PREFECTURE
    assert above in place(code)["migration.level"].made.en
    code = next(c for c, a in stands.items() if PLACES[a].level == "province")
    assert level_of(place(code)["migration.level"]) == PROVINCE
    assert level_of(place("130400")["migration.level"]) == PLACE


EXPERIMENT = """schema: 1
name: levels
title: {zh: 各级, en: Levels}
regions: ["130000", "130400", "410522"]
years: {base: 2020, end: 2025}
parameters: [national, standards]
scenarios: {reference: []}
overrides: {}
test_years: [2025]
draws: {n: 4, seed: 1}
"""
CHAINS = ("beds", "doctors", "care_beds", "childcare_slots", "births", "deaths", "e0", "tfr", "net_migration")


def leaves(text: str) -> list[str]:
    """Lines of a tree that have nothing below them."""
    lines = text.splitlines()
    depth = [len(line) - len(line.lstrip("│├└─ ")) for line in lines] + [0]
    return [line for i, line in enumerate(lines) if depth[i + 1] <= depth[i]]


@pytest.fixture(scope="module")
def folder(workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of a province, a prefecture and a county, none with a folder of its own."""
    file, out = workspace / "experiments" / "levels.yaml", tmp_path_factory.mktemp("levels")
    file.write_text(EXPERIMENT, encoding="utf-8")
    made = run_cli("run", file, "--out", out, "--no-charts", "--workers", "1", "--quiet")
    assert made.code == 0, made.err
    return Path(made.out.strip().splitlines()[-1])


@pytest.mark.slow
def test_every_parameter_of_a_run_has_its_level(folder: Path):
    assert all(row["level"] in LEVELS for row in read_rows(folder / "parameters.csv"))


@pytest.mark.slow
@pytest.mark.usefixtures("opened_once")
@pytest.mark.parametrize("lang", ["zh", pytest.param("en", marks=pytest.mark.slow)])
def test_explain_ends_every_chain_in_a_source_with_the_level_above_it(folder: Path, lang: str):
    source, level, made_so = {
        "en": ("source: ", "level: ", "made: "),
        "zh": ("来源：", "取自：", "怎样得来："),
    }[lang]
    for region in ("130000", "130400", "410522") if lang == "en" else ("130400", "410522"):
        for name in CHAINS:
            done = run_cli("explain", folder, name, "--region", region, "--lang", lang)
            assert done.code == 0, done.err
            ends = [line for line in leaves(done.out) if made_so not in line]
            assert ends
            assert [line for line in ends if source not in line] == [], (region, name)
            figures = [line for line in done.out.splitlines() if "] = " in line]
            assert figures
            assert all(level in line for line in figures), name
    one = run_cli("explain", folder, "supply.beds_base", "--region", "410522", "--lang", lang)
    assert {"en": "the place itself", "zh": "本地"}[lang] in one.out
    wrong = run_cli("explain", folder, "bedz", "--lang", "en")
    assert wrong.code == 2
