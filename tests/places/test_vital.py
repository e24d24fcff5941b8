"""Published births, deaths and life expectancy of provinces: sums, what is refused."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from paths import ROOT

from sim.errors import ConfigError
from sim.params import read_sources
from sim.places import list_places
from sim.places.vital import ORDERS, RATES, STARTS, read_vital
from sim.textfile import read_csv

FOLDER = ROOT / "parameters" / "places"


def test_every_province_is_there_and_adds_up():
    vital = read_vital(ROOT)
    provinces = {p.code for p in list_places(ROOT).values() if p.level in ("province", "country")}
    assert set(vital.deaths) == set(vital.births) == set(vital.rates) == provinces
    assert provinces <= set(vital.e0) <= set(list_places(ROOT))
    assert vital.deaths["000000"].shape == (2, len(STARTS))
    assert vital.births["000000"].shape == (len(ORDERS),)
    assert vital.deaths["000000"].sum() == 7965772  # as printed


def test_rates_give_the_published_total_fertility():
    """130000: 1.3009, 450000: 1.9363, as printed beside the rates."""
    vital = read_vital(ROOT)
    width = RATES[1] - RATES[0]
    for code, tfr in (("110000", 0.86839), ("450000", 1.93632), ("000000", 1.3009)):
        assert width * vital.rates[code].sum() / 1000 == pytest.approx(tfr, rel=1e-4)


def test_sources_are_listed():
    known = read_sources(ROOT / "parameters", [])
    rows = read_csv(FOLDER / "e0_2020.csv", ("code", "both", "female", "male", "source"))
    assert {row["source"] for row in rows} <= set(known)


@pytest.fixture
def edited(tmp_path: Path) -> Callable[[str, str, str], Path]:
    def make(file: str, old: str, new: str) -> Path:
        folder = tmp_path / "parameters" / "places"
        folder.mkdir(parents=True)
        for name in ("deaths_2020.csv", "births_2020.csv", "e0_2020.csv"):
            shutil.copy(FOLDER / name, folder / name)
        text = (folder / file).read_text()
        assert re.search(old, text)
        (folder / file).write_text(re.sub(old, new, text, count=1))
        return tmp_path

    return make


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (
            "deaths_2020.csv",
            r"110000,female,deaths,52",
            "110000,female,deaths,53",
            "provinces add up to 7965773",
        ),
        ("deaths_2020.csv", r"110000,female,deaths,52", "110000,female,deaths,-1", r"0 \| -1 \| 0 or more"),
        ("deaths_2020.csv", r"110000,female,deaths.*\n", "", "no row 110000 female deaths | add it"),
        ("births_2020.csv", r"\n110000,(.*)\n", r"\n110000,\1\n110000,\1\n", "110000 stands twice"),
        ("births_2020.csv", r"\n110000,10514", "\n110000,many", r"births_1 \| 'many' \| a number is wanted"),
        (
            "e0_2020.csv",
            r"360000,77.64,,",
            "360000,77.64,80.52,78.08",
            "both sexes 77.64, women 80.52, men 78.08",
        ),
    ],
)
def test_refusals(edited: Callable[[str, str, str], Path], file: str, old: str, new: str, said: str):
    with pytest.raises(ConfigError, match=said if "|" not in said or "\\" in said else re.escape(said)):
        read_vital(edited(file, old, new))


def test_the_deaths_keep_their_shape():
    """More men than women die at every age below 80 (the nation), and the old more than the young."""
    vital = read_vital(ROOT)
    rate = vital.deaths["000000"] / vital.people["000000"]
    assert (rate[1] > rate[0])[:-5].all()
    assert (np.diff(rate[:, 3:], axis=1) > 0).all()
