from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import cast

import numpy as np
import pytest
import small
from paths import read_rows

from sim import run_folder
from sim.adequacy.asked import known, value
from sim.adequacy.kinds import kind_of
from sim.commands.discover import text
from sim.intact import write_meta
from sim.params import Sampler
from sim.plan.targets import stated_targets
from sim.run.again import setup_again
from sim.run.cases import cases
from sim.run.setup import Setup
from sim.saved import row_table as rows_file
from sim.store import open_run
from sim.sweeps import discover as found


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("discover")
    setup = small.setup(folder, 60, end=2026, plan="anyang_14fyp", test_years=[2026])
    return run_folder.run_experiment(setup, folder / "out", charts=False)


def _mixed(run: Path) -> tuple[str, int]:
    """An indicator that fails in some draws and not in others."""
    rows = read_rows(run / "adequacy.csv")
    for row in rows:
        if row["p_enough"] and 0.1 <= float(row["p_enough"]) <= 0.9:
            return row["indicator_id"], int(row["year"])
    pytest.skip("no indicator of the small run is in doubt")


@pytest.mark.slow
def test_the_draws_that_fail_are_those_of_the_verdict(run: Path, cli: Callable[..., object]):
    indicator, year = _mixed(run)
    _, result, _ = found.discover(run, indicator, year=year)
    rows = read_rows(run / "adequacy.csv")
    stated = [float(r["p_enough"]) for r in rows if (r["indicator_id"], int(r["year"])) == (indicator, year)]
    assert 1 - result.question.fails.mean() == pytest.approx(stated[0], abs=1e-6)
    done = cli("discover", run, "--indicator", indicator, "--year", year, "--lang", "en")
    assert done.code == 0, done.err  # type: ignore[attr-defined]
    assert f"{indicator} is not enough in" in done.out  # type: ignore[attr-defined]
    base = result.question.fails.mean()
    assert all(
        f"times the {base:.0%} of all draws" in x for x in done.out.splitlines() if x.startswith("box")
    )  # type: ignore[attr-defined]
    (path,) = run.glob(f"discover_{indicator}_{year}_*.csv")
    for row in read_rows(path):
        assert float(row["lift"]) == pytest.approx(float(row["density"]) / base, rel=1e-5)
        assert float(row["density"]) > base
        assert float(row["chance"]) < 0.05
    in_zh = cli("discover", run, "--indicator", indicator, "--year", year)
    assert f"{year}年，{indicator}在60次抽样中有" in in_zh.out  # type: ignore[attr-defined]
    assert "不够用" in in_zh.out  # type: ignore[attr-defined]
    assert not {"不达标", "central", "added"} & set(
        re.findall(r"不达标|[a-z]+", in_zh.out.split("discover_")[0])
    )  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("of_need", "words"), [(True, ("不够用", "is not enough")), (False, ("不达标", "is not reached"))]
)
def test_a_target_that_is_not_reached_is_not_called_too_little(of_need: bool, words: tuple[str, str]):
    question = found.Question("reference", "410500", "x", 2030, np.array([True, False]), of_need)
    told = found.Found(question, found.Inputs((), np.empty((2, 0)), np.empty(0), ()), ())
    for lang, word in zip(("zh", "en"), words, strict=True):
        assert word in next(iter(text(cast(Setup, None), told, lang)))


@pytest.mark.slow
def test_recomputed_values_are_those_of_the_run(run: Path):
    setup, notes = setup_again(open_run(run))
    assert notes == []
    inputs = found.drawn(setup, "reference", "410500", 60)
    parameters = setup.parameters["reference", "410500"]
    sampler = Sampler(parameters, setup.years, setup.experiment.draws.seed)
    block = sampler.block(range(61))
    for i, name in enumerate(inputs.names):
        if parameters[name].data.size == 1 and "year" not in block[name].dims:
            from sim.params.units import unit

            factor = unit(parameters[name].record.unit).factor
            np.testing.assert_allclose(inputs.values[:, i] * factor, block[name].values[1:])


@pytest.mark.slow
def test_refusals(run: Path, cli: Callable[..., object], tmp_path: Path):
    done = cli("discover", run, "--indicator", "beds_per_100")
    assert done.code == 2  # type: ignore[attr-defined]
    assert "did you mean 'beds_per_1000'" in done.err  # type: ignore[attr-defined]
    done = cli("discover", run, "--indicator", "beds_per_1000", "--year", "2031")
    assert "is not tested in 2031" in done.err  # type: ignore[attr-defined]
    stale = tmp_path / "stale"
    shutil.copytree(run, stale)
    meta = json.loads((stale / "run.json").read_text(encoding="utf-8"))
    meta["parameters"]["shared"]["inpatient.alos"]["hash"] = "another"
    write_meta(stale, meta)
    done = cli("discover", stale, "--indicator", "beds_per_1000", cwd=run)
    assert done.code == 2  # type: ignore[attr-defined]
    assert "have changed since: inpatient.alos has changed" in done.err  # type: ignore[attr-defined]


@pytest.mark.slow
def test_rows_of_the_plan_are_those_of_adequacy_csv(run: Path):
    """What a sweep can watch has the means and medians over draws that the verdicts stand on."""
    columns = {
        "p_enough": ("enough", np.mean),
        "p_reached": ("reached", np.mean),
        "required_p50": ("required", np.median),
        "available_p50": ("available", np.median),
        "projected_p50": ("projected", np.median),
        "ratio_p50": ("ratio", np.median),
    }
    setup, _ = setup_again(open_run(run))
    detail = {(r.indicator_id, r.scope, r.year, r.location): r for r in rows_file.read(run)}
    compared = 0
    with open_run(run).results() as results:
        (case,) = cases(setup, results)
        for stated in stated_targets(case.plan, case.rules, case.test_years):
            target = stated.target
            for year in stated.years if target is not None else ():
                standing = kind_of(target).standing(case.reading, target, year)
                mine = detail[target.indicator, target.scope, year, stated.statement.places]
                if standing is None or not mine.is_tested:
                    continue
                for column, (asked, over) in columns.items():
                    have = getattr(mine, column)
                    if asked in known(standing) and have is not None:
                        found = over(value(target, standing, asked)[1:])
                        assert found == pytest.approx(have, rel=2e-5, abs=1e-6)
                        compared += 1
    assert compared > 100
