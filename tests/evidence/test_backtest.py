"""Backtests by the command: what was learnt later is put aside, scores, folder, refusals."""

import re
from dataclasses import replace

import numpy as np
import pytest
from paths import read_rows

from sim.demography import calibrate
from sim.evidence.backtest import backtest, published_levels
from sim.params import central
from sim.places import read_censuses, read_observed
from sim.run.setup import set_up


@pytest.fixture(scope="module")
def setup(workspace):
    return set_up(workspace / "experiments" / "small.yaml")


@pytest.mark.slow
def test_table_folder_and_chart(cli, workspace, tmp_path):
    done = cli(
        "backtest",
        workspace / "experiments" / "small.yaml",
        "--fit-to",
        "2020",
        "--score-to",
        "2022",
        "--out",
        tmp_path,
        "--lang",
        "en",
    )
    assert done.code == 0, done.err
    assert "population_60+" in done.out
    (folder,) = (tmp_path / "small").iterdir()
    assert folder.name.startswith("backtest-2020-2022-")
    names = {p.name for p in folder.iterdir()}
    assert names == {"backtest.csv", "series.csv", "fit.csv", "regions.csv", "charts"}
    assert [p.name for p in (folder / "charts").iterdir()] == ["backtest_410500_en.png"]
    rows = read_rows(folder / "backtest.csv")
    total = next(r for r in rows if r["indicator"] == "population_total" and r["year"] == "2022")
    assert abs(float(total["error"])) < 0.01
    assert float(total["seen_p10"]) < float(total["p10"]) < float(total["p90"])


@pytest.mark.slow
def test_what_was_learnt_later_is_put_aside(setup):
    """The files hold births and totals of 2021-24; a forecaster of 2020 knew none of them."""
    region = setup.regions[0]
    blind = backtest(setup, region, 2020, 2024)
    fitted = backtest(setup, region, 2023, 2024)
    assert set(blind.fit.tfr_ratio) == {2020}
    assert len(fitted.fit.tfr_ratio) > 3
    births = [{s.indicator: s for s in b.scores if s.year == 2024}["births"] for b in (blind, fitted)]
    assert abs(births[1].error) < abs(births[0].error)
    held = backtest(setup, region, 2020, 2024, [])
    assert held.projection.tfr.sel(year=2024, draw=0) > blind.projection.tfr.sel(year=2024, draw=0)


def test_from_the_census_of_2010(setup):
    region = setup.regions[0]
    found = backtest(setup, region, 2010, 2020)
    start = found.projection.population.sel(year=2010, draw=0)
    groups = read_censuses(setup.root / "parameters", region)[2010].counts
    assert float(start.sel(age=slice(20, None)).sum()) == pytest.approx(groups[:, 5:].sum(), rel=5e-3)
    children = float(start.sel(age=slice(0, 14)).sum()) / groups[:, :4].sum()
    assert 1.08 < children < 1.2  # the census missed them
    scores = {s.indicator: s for s in found.scores}
    assert abs(scores["population_60+"].error) < 0.08
    young = scores["population_0-14"]  # fewer parents came than the residents of 2010 foretold
    assert young.covered
    assert abs(young.error) < 0.6 * abs(young.last_value / young.observed - 1)
    assert abs(scores["population_60+"].error) < 0.25 * abs(
        scores["population_60+"].last_value / scores["population_60+"].observed - 1
    )
    given = backtest(setup, region, 2010, 2020, ["nation", "migration"])
    total = next(s for s in given.scores if s.indicator == "population_total")
    assert abs(total.error) < 0.02
    assert np.isfinite(given.projection.population.values).all()


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--fit-to", "2015", "--score-to", "2022"), r"nothing is held of 2015"),
        (("--fit-to", "2022", "--score-to", "2021"), r"--score-to 2021 is not after"),
        (("--fit-to", "2024", "--score-to", "2030"), r"nothing observed in 2025\.\.2030"),
        (("--fit-to", "2020", "--score-to", "2022", "--region", "410600"), "not in the experiment"),
    ],
)
def test_refusals(cli, workspace, tmp_path, options, message):
    done = cli("backtest", workspace / "experiments" / "small.yaml", *options, "--out", tmp_path)
    assert done.code == 2
    assert not (tmp_path / "small").exists()
    assert re.search(message, done.err)


def test_damaged_observations_are_refused(cli, damaged, tmp_path):
    path = next((damaged / "parameters" / "regions").glob("410500_*")) / "observed.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("5423000.0", "-1"), encoding="utf-8")
    done = cli(
        "backtest",
        damaged / "experiments" / "small.yaml",
        "--fit-to",
        "2020",
        "--score-to",
        "2022",
        "--out",
        tmp_path,
    )
    assert done.code == 2
    assert "value -1 | a count of 0 or more" in done.err


def test_published_deaths_are_scored_at_the_level_of_their_year(setup):
    """Those of 2021 fall short by more than those of 2025."""
    known = central(setup.parameters["reference", "410500"], range(2020, 2026))
    told = {year: published_levels(known, year) for year in (2021, 2025)}
    path = known["observation.deaths_level"]
    assert told[2021]["deaths"] == float(path.sel(year=2021)) < told[2025]["deaths"]
    assert {n: v for n, v in told[2021].items() if n != "deaths"} == {
        n: v for n, v in told[2025].items() if n != "deaths"
    }


def test_a_total_known_after_the_census_leads_the_years_after_it(setup):
    """As known to 2021: 1 % more people published then are met by their weight, and carried to 2022."""
    region = setup.regions[0]
    folder = setup.root / "parameters" / region.folder
    observed = read_observed(folder / "observed.csv")
    raised = [
        replace(o, value=1.01 * o.value) if (o.indicator, o.year) == ("population_total", 2021) else o
        for o in observed
    ]
    total = {}
    for name, held in (("as published", observed), ("raised", raised)):
        found = backtest(setup, region, 2021, 2022, ("nation",), held)
        total[name] = calibrate.indicators(found.projection)["population_total"].isel(draw=0)
    risen = total["raised"] / total["as published"] - 1
    assert 0.007 < float(risen.sel(year=2021)) < 0.0099
    assert float(risen.sel(year=2022)) > 1.3 * float(risen.sel(year=2021))  # whoever came goes on coming
