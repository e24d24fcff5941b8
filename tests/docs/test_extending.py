"""Each worked example of docs/extending.md, run: the new thing is in results, tables and verdicts."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from docs.worked import copied, files_named, follow, sections
from paths import read_rows

from sim.catalogue.verdicts import JUDGED

Rows = list[dict[str, str]]


class Followed:
    """What the run of one example left."""

    def __init__(self, heading: str, folder: Path) -> None:
        self.folder = copied(folder)
        (self.said,) = follow(sections()[heading], self.folder)
        (self.run,) = {path.parent for path in self.folder.glob("outputs/*/*/results.nc")}

    def results(self) -> xr.Dataset:
        return xr.open_dataset(self.run / "results.nc", engine="netcdf4")

    def rows(self, name: str) -> Rows:
        return read_rows(self.run / name)

    def verdict(self, indicator: str) -> dict[str, str]:
        """The row of the target year, judged."""
        found = [
            r
            for r in self.rows("adequacy_detail.csv")
            if r["indicator_id"] == indicator and r["year"] == "2025" and r["target"]
        ]
        assert len(found) == 1
        assert found[0]["verdict"] in JUDGED
        return found[0]

    def series(self, variable: str, group: str) -> Rows:
        return [r for r in self.rows("timeseries.csv") if (r["variable"], r["group"]) == (variable, group)]


@pytest.fixture
def followed(tmp_path: Path):
    return lambda heading: Followed(heading, tmp_path)


CODE_FILES = {  # example -> files of the program that it changes
    "A cadre": {"sim/catalogue/cadres.py"},
    "A disease": set(),
    "A type of bed": {"sim/catalogue/bed_groups.py", "sim/demand/inpatient.py"},
    "An indicator": set(),
    "A population basis": {"sim/catalogue/bases.py"},
    "A region": set(),
    "A plan": set(),
}


def test_the_page_has_an_example_of_each_and_few_files_of_code():
    found = {name: files_named(text) for name, text in sections().items()}
    assert all(found.values())
    code = {name: {f for f in files if f.startswith("sim/")} for name, files in found.items()}
    assert code == CODE_FILES


@pytest.mark.slow
def test_a_cadre(followed):
    made = followed("A cadre")
    cadre = "rehabilitation_therapists"
    with made.results() as run:
        need = run[f"{cadre}_required"].sel(staff_method="total", year=2025).isel(draw=0)
        people = run["population_group"].sel(age_group="total", year=2025).isel(draw=0)
        np.testing.assert_allclose(need / people, 15e-5, rtol=1e-5)  # people x norm
        assert run[f"{cadre}_required"].attrs["long_name_zh"] == "康复治疗师需求"
        stock = run[f"{cadre}_projected"].sel(staff_method="total").isel(draw=0).squeeze()
        assert float(stock[-1]) > float(stock[0]) > 0  # grows by 5 % a year
        assert run["staff_entrants"].sel(cadre=cadre, year=2025).isel(draw=0).item() > 0
    row = made.verdict(f"{cadre}_per_100000")
    assert (row["variable"], row["name_zh"]) == (cadre, "每10万人口康复治疗师")
    assert {r["resource"] for r in made.rows("decomposition.csv")} >= {cadre}


@pytest.mark.slow
def test_a_disease(followed):
    made = followed("A disease")
    cases = made.series("cases", "asthma")
    people = made.series("population", "total")
    share = float(cases[0]["central"]) / float(people[0]["central"])
    assert 0.02 < share < 0.04  # 4 % of adults
    assert len(made.series("cases", "hypertension")) == len(cases)


@pytest.mark.slow
def test_a_type_of_bed(followed):
    made = followed("A type of bed")
    with made.results() as run:
        beds = run["beds_required"].isel(draw=0).sel(year=2025).squeeze()
        kinds = [str(v) for v in run["bed_days_type"]["bed_type"].values]
        assert "palliative" in kinds
        whole = float(sum(beds.sel(bed_group=kind) for kind in kinds if kind not in ("infectious", "icu")))
        whole += float(beds.sel(bed_group="infectious_normal") + beds.sel(bed_group="icu_normal"))
        assert whole == pytest.approx(float(beds.sel(bed_group="total")), rel=1e-5)
        days = run["bed_days_type"].isel(draw=0).sel(year=2025).squeeze()
        all_days = run["bed_days"].isel(draw=0).sel(year=2025).squeeze()
        assert float(days.sum("bed_type")) == pytest.approx(float(all_days.sum("level")), rel=1e-5)
    row = made.verdict("palliative_beds_total")
    assert (row["variable"], row["group"], row["name_en"]) == ("beds", "palliative", "Palliative beds")


@pytest.mark.slow
def test_an_indicator(followed):
    made = followed("An indicator")
    row = made.verdict("obstetric_beds_total")
    need = made.series("beds_required", "obstetric")
    (median,) = (float(r["p50"]) for r in need if r["year"] == "2025")
    assert float(row["required_p50"]) == pytest.approx(median, rel=1e-3)
    assert row["name_zh"] == "产科床位数"


@pytest.mark.slow
def test_a_population_basis(followed):
    made = followed("A population basis")
    with made.results() as run:
        people = run["population_basis"].isel(draw=0)
        ratio = people.sel(basis="insured") / people.sel(basis="resident")
        np.testing.assert_allclose(ratio, 1.05, rtol=1e-5)
    assert made.verdict("pharmacists_per_1000")["population_basis"] == "insured"
    assert "insured" in {r["basis"] for r in made.rows("basis.csv")}


@pytest.mark.slow
def test_a_region(followed):
    made = followed("A region")
    with made.results() as run:
        assert [str(r) for r in run["region"].values] == ["419900"]
        people = run["population_group"].sel(age_group="total", year=2020).isel(draw=0)
        assert float(people.squeeze()) == pytest.approx(977_500, rel=0.02)  # of 1 November, moved on
    command = [sys.executable, "-m", "sim", "list", "regions"]
    said = subprocess.run(command, cwd=made.folder, capture_output=True, text=True, check=True).stdout
    assert "示例市" in said


@pytest.mark.slow
def test_a_plan(followed):
    made = followed("A plan")
    assert {made.verdict(i)["plan"] for i in ("beds_per_1000", "gps_per_10000")} == {"example_plan"}
    assert "General practitioners" in made.said
