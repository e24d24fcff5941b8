"""Census tables: any order of rows, and what is refused."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from paths import ROOT

from sim.errors import ConfigError
from sim.places import read_census, read_observed

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
        ("female,0,0,23023", "female,0,0,2x", r"line 2 \| .*2x.* \| whole ages and a number"),
        ("female,0,0,23023", "women,0,0,23023", r"line 2 \| sex 'women' is unknown"),
        ("female,0,0,23023\n", "", r"no row for \('female', 0\) \| add it"),
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
    rows = "2021,births,birth,many,A,x\n2021,deaths,death,-3,A,x\n2022,births,birth,7,A,x\n"
    path.write_text("year,indicator,unit,value,grade,source\n" + rows, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"line 2(.|\n)*line 3 \| value -3 \| a count of 0 or more"):
        read_observed(path)
