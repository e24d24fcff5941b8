"""Yearly figures of the provinces: known sums, doubts kept apart, and what is refused."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from paths import ROOT

from sim.errors import ConfigError
from sim.places import read_yearly, yearly_events

SERIES = "parameters/series"


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / SERIES, tmp_path / SERIES)
    return tmp_path


def _row(root: Path, name: str, region: str, year: int, value: str) -> None:
    """Another figure in one cell of provinces.csv."""
    path = root / SERIES / "provinces.csv"
    header, *rows = path.read_text("utf-8").splitlines()
    at = header.split(",").index(str(year))
    for i, row in enumerate(rows):
        cells = row.split(",")
        if cells[:2] == [name, region]:
            cells[at] = value
            rows[i] = ",".join(cells)
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")


def test_sums_are_those_that_the_nation_published():
    yearly = read_yearly(ROOT)
    beds = yearly.nation("beds")
    assert float(beds.sel(year=2019)) == pytest.approx(8.807e6, rel=1e-4)  # health bulletins
    assert float(beds.sel(year=2022)) == pytest.approx(9.750e6, rel=1e-4)
    births = yearly_events(yearly, "births").sum("region")
    assert float(births.sel(year=2020)) == pytest.approx(12.02e6, rel=2e-3)
    assert float(births.sel(year=2022)) == pytest.approx(9.56e6, rel=2e-3)
    deaths = yearly_events(yearly, "deaths").sum("region")
    assert float(deaths.sel(year=2021)) == pytest.approx(10.14e6, rel=1e-2)
    for name, printed in (("doctors", 4.435e6), ("nurses", 5.224e6)):
        total = yearly.of(name).sel(year=2022).sum("region", skipna=False)
        assert float(total) == pytest.approx(float(yearly.nation(name).sel(year=2022)), rel=1e-3)
        assert float(total) == pytest.approx(printed, rel=1e-3)
    assert yearly.of("population").sizes["region"] == 31
    provinces = [yearly.of(name).dropna("year", how="all").year[-1] for name in yearly.figures]
    assert max(map(int, provinces)) == 2022  # of the nation to 2025
    assert float(yearly.nation("beds").sel(year=2024)) == 10298400


def test_doubtful_cells_are_left_out_unless_asked_for():
    yearly = read_yearly(ROOT)
    cell = {"region": "330000", "year": 2015}
    assert np.isnan(yearly.of("doctors").sel(cell))
    assert float(yearly.of("doctors", doubtful=True).sel(cell)) == 22284
    assert "technical staff" in yearly.doubts["doctors", "330000", 2015]
    assert yearly.nation("doctors").sel(year=2015) == 3039135


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("name", "region", "year", "value", "text"),
    [
        (
            "beds",
            "410000",
            2022,
            "7522000",
            r"beds of 410000 in 2022 \| 7522000 is 76.2 per 1000.*10 times too large",
        ),
        ("beds", "410000", 2022, "75.22", r"want 1 to 11 per 1000; looks 10,000 times too small"),
        (
            "population",
            "410000",
            2022,
            "9872",
            r"population of 410000 in 2022 \| 9872 .*10,000 times too small",
        ),
        (
            "nurses",
            "410000",
            2022,
            "660000",
            r"410000 in 2022 \| 660000 is 2.01 times the 328077 of 2021 \| want .*; or a row in doubts.csv",
        ),
        ("natural_growth_rate", "410000", 2019, "14", r"natural growth 14 of 410000 above its birth rate"),
        ("natural_growth_rate", "410000", 2020, "3", r"natural growth 3 of 410000.*want"),
        (
            "survey_population_65+",
            "410000",
            2022,
            "900000",
            r"more than survey_population of that year \| at most [0-9]+ \(line",
        ),
        ("doctors", "410000", 2022, "many", r"'many' \| a number, or nothing where unknown"),
    ],
)
def test_figures_that_cannot_be_are_refused_by_cell(copied: Path, name, region, year, value, text):
    _row(copied, name, region, year, value)
    with pytest.raises(ConfigError, match=text) as error:
        read_yearly(copied)
    assert "provinces.csv: line" in str(error.value)


def test_people_that_cannot_be_hide_figures_by_head_of_their_year_alone(copied: Path):
    _row(copied, "population", "410000", 2010, "122265000")
    for year in (2009, 2010):
        _row(copied, "beds", "410000", year, "30")
    with pytest.raises(ConfigError) as error:
        read_yearly(copied)
    by_head = [line for line in str(error.value).splitlines() if "per 1000 of" in line]
    assert len(by_head) == 1
    assert "beds of 410000 in 2009 | 30 is " in by_head[0]


def test_a_year_or_a_row_twice_is_refused(copied: Path):
    path = copied / SERIES / "provinces.csv"
    header, *rows = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([header, *rows, rows[0]]), encoding="utf-8")
    with pytest.raises(ConfigError, match=r"population of 110000 stands twice \(first on line 2\)"):
        read_yearly(copied)
    path.write_text("\n".join([header + ",2022", *(r + "," for r in rows)]), encoding="utf-8")
    with pytest.raises(ConfigError, match="column '2022' stands twice"):
        read_yearly(copied)


def test_a_doubt_about_no_figure_is_refused(copied: Path):
    with (copied / SERIES / "doubts.csv").open("a", encoding="utf-8") as file:
        file.write("beds,410000,2008,none\n")
    with pytest.raises(ConfigError, match=r"beds of 410000 in 2008 is no figure of provinces.csv"):
        read_yearly(copied)
