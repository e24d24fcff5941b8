"""Census tables: any order of rows, and what is refused."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from paths import PARAMETERS, ROOT

from sim.errors import ConfigError
from sim.places import read_census, read_observed
from sim.places.observed_checks import BOUNDS

ANYANG = ROOT / "parameters/regions/410500_anyang/census_2020.csv"


def test_shuffled_rows_give_the_same_bytes(tmp_path: Path):
    header, *rows = ANYANG.read_text("utf-8").splitlines()
    random.Random(1).shuffle(rows)
    path = tmp_path / "census_2020.csv"
    path.write_text("\n".join([header, *rows]), encoding="utf-8")
    one, other = read_census(ANYANG), read_census(path)
    assert one.counts.tobytes() == other.counts.tobytes()
    assert one.key == other.key
    assert one.starts == (0, 1, *range(5, 90, 5))
    assert one.counts.sum() == 5477614  # as published


def test_another_count_is_another_key(tmp_path: Path):
    path = tmp_path / "census_2020.csv"
    path.write_text(ANYANG.read_text("utf-8").replace("0,0,23023", "0,0,23024"), encoding="utf-8")
    assert read_census(path).key != read_census(ANYANG).key


def test_women_of_the_groups_of_mothers():
    census = read_census(ANYANG)
    np.testing.assert_array_equal(census.women(15, 49), census.counts[0, 4:11])


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        ("female,0,0,23023", "female,0,0,-23023", r"line 2 \| value -23023 \| a count of 0 or more"),
        ("female,0,0,23023", "female,0,0,2x", r"line 2 \| value '2x' \| a number is wanted"),
        ("female,0,0,23023", "women,0,0,23023", r"line 2 \| sex 'women' is unknown"),
        ("female,0,0,23023\n", "", r"no row for sex=female, age 0 \| add it"),
        ("female,1,4,136318", "female,0,0,136318", r"line 3 \| sex=female, age 0 stands twice"),
        (",5,9,", ",5,8,", r"group 5-8 is followed by 10 \| groups without gap or overlap"),
    ],
)
def test_a_census_that_is_wrong(tmp_path: Path, old: str, new: str, wrong: str):
    text = ANYANG.read_text("utf-8")
    assert old in text
    path = tmp_path / "census_2020.csv"
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ConfigError, match=wrong):
        read_census(path)


def test_every_fault_of_an_observed_table_at_once(tmp_path: Path):
    path = tmp_path / "observed.csv"
    rows = "2021,births,birth,many,A,x\n2021,deaths,person,-3,A,x\n2022,births,birth,7,A,x\n"
    path.write_text("year,indicator,unit,value,grade,source\n" + rows, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"line 2(.|\n)*line 3 \| value -3 \| a count(.|\n)*line 4: unit"):
        read_observed(path)


SOUND = {
    (2020, "population_total"): 5_474_000,
    (2020, "population_0-14"): 1_326_000,
    (2020, "population_15-59"): 3_143_000,
    (2020, "population_60+"): 1_005_000,
    (2020, "population_65+"): 732_000,
    (2021, "population_total"): 5_423_000,
    (2021, "births"): 41_000,
    (2021, "deaths"): 40_000,
}


def _observed(folder: Path, rows: list[tuple[int, str, float]]) -> Path:
    (folder / BOUNDS).write_bytes((PARAMETERS / BOUNDS).read_bytes())
    (folder / "regions").mkdir()
    path = folder / "regions" / "observed.csv"
    lines = [f"{year},{name},person,{value},A,x" for year, name, value in rows]
    path.write_text("\n".join(["year,indicator,unit,value,grade,source", *lines]) + "\n", encoding="utf-8")
    return path


def test_sound_observations_are_read(tmp_path: Path):
    rows = [(year, name, value) for (year, name), value in SOUND.items()]
    assert len(read_observed(_observed(tmp_path, rows))) == len(SOUND)


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ((2021, "population_total"), 542.3, r"line 7: .* times the 5474000 of 2020 .* 10,000"),
        ((2021, "population_total"), 6_600_000, r"line 7: .* want 4926600 to 6130880"),
        ((2021, "births"), 4.1, r"line 8: births of 2021 .* want 1.5 to 40 per 1000"),
        (
            (2021, "births"),
            410_000,
            r"line 8: .*75.6 per 1000 .* looks 10 times too large",
        ),
        (
            (2020, "population_65+"),
            1_100_000,
            r"line 6: .* than population_60\+ .* most 1005000 \(line 5\)",
        ),
        (
            (2020, "population_15-59"),
            2_600_000,
            r"line 2: .*population_0-14 \+ .* want 5419260 to",
        ),
    ],
)
def test_contradictory_observations_are_refused(tmp_path: Path, key, value, message):
    rows = [(year, name, v) for (year, name), v in (SOUND | {key: value}).items()]
    with pytest.raises(ConfigError, match=message):
        read_observed(_observed(tmp_path, rows))


def test_a_year_twice_and_births_over_the_children_are_refused(tmp_path: Path):
    rows = [(year, name, value) for (year, name), value in SOUND.items()]
    with pytest.raises(ConfigError, match=r"line 10: births of 2021 \| 42000 stands beside 41000 of line 8"):
        read_observed(_observed(tmp_path, [*rows, (2021, "births", 42_000)]))
    (tmp_path / "other").mkdir()
    many = [(year, "births", 150_000.0) for year in range(2007, 2021)]
    with pytest.raises(ConfigError, match=r"2100000 births since 2006, 1326000 children .* at most 1.3"):
        read_observed(_observed(tmp_path / "other", [*rows, *many]))
