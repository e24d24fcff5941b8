"""What a sweep leaves and says: values at the ends, outputs that nothing moves, both languages."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import small
from paths import read_rows

from sim.commands.sweep import table
from sim.params import central, override
from sim.run.setup import Setup
from sim.sweeps import steered
from sim.sweeps import sweep as sweeps
from sim.sweeps.outputs import evaluate

CODE = "410500"
OVER = ["inpatient.net_inflow=0.01:0.05", "workforce.nurses_per_bed=x0.9:x1.1", "inpatient.base_occupancy"]
OF = ["beds_per_1000:enough", "beds_ratio", "births.male/births.female"]


@pytest.fixture(scope="module")
def setup(tmp_path_factory: pytest.TempPathFactory) -> Setup:
    found = small.setup(tmp_path_factory.mktemp("planned"), 4, end=2025, plan="anyang_14fyp")
    return found


def rows_of(folder: Path) -> list[dict[str, str]]:
    return read_rows(folder / "sensitivity.csv")


@pytest.fixture(scope="module")
def swept(setup: Setup, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    out, found = tmp_path_factory.mktemp("out"), {}
    for method, n in (("oat", 2), ("grid", 2), ("lhs", 8), ("morris", 4), ("sobol", 4)):
        of = [f"{o}@2025" for o in OF]
        plan = sweeps.plan_sweep(setup, method=method, over=OVER, of=of, n=n)
        found[method] = sweeps.sweep(plan, out / method, charts=False)
    return found


def value_of(setup: Setup, name: str, given: object, output: str) -> float:
    """The output of the central run with one parameter set."""
    parameters = override(setup.parameters["reference", CODE], name, given, "test")
    kept = steered.series(parameters, (), np.empty((1, 0)), setup.years, setup.targets)
    plan = sweeps.plan_sweep(setup, over=OVER, of=[f"{output}@2025"])
    return float(evaluate(plan.outputs, kept)[0, 0])


@pytest.mark.slow
def test_ends_of_a_bar_are_the_values_that_were_run(setup: Setup, swept):
    rows = [r for r in rows_of(swept["oat"]) if r["output"] == "beds_ratio.total" and r["measure"] == "swing"]
    found = {r["factor"]: r for r in rows}
    net = found["inpatient.net_inflow"]
    assert (net["value_low"], net["value_high"]) == ("0.014", "0.046")
    assert net["value_unit"] == setup.parameters["reference", CODE]["inpatient.net_inflow"].record.unit
    for end in ("low", "high"):
        alone = value_of(setup, "inpatient.net_inflow", float(net[f"value_{end}"]), "beds_ratio")
        assert float(net[f"output_{end}"]) == pytest.approx(alone, rel=1e-6)
    occupancy = found["inpatient.base_occupancy"]
    own = setup.parameters["reference", CODE]
    centre = float(central({"x": own["inpatient.base_occupancy"]}, setup.years)["x"])
    assert float(occupancy["value_low"]) < 100 * centre < float(occupancy["value_high"])
    for end in ("low", "high"):
        alone = value_of(setup, "inpatient.base_occupancy", float(occupancy[f"value_{end}"]), "beds_ratio")
        assert float(occupancy[f"output_{end}"]) == pytest.approx(alone, rel=1e-4)
    nurses = found["workforce.nurses_per_bed"]
    assert (nurses["value_low"], nurses["value_high"], nurses["value_unit"]) == ("0.92", "1.08", "x central")


def test_the_sex_ratio_is_moved_by_none_of_these_and_said_to_be_constant(swept):
    for method, folder in swept.items():
        rows = [r for r in rows_of(folder) if r["output"] == "births.male/births.female"]
        assert len({r["factor"] for r in rows}) == 3, method
        for r in rows:
            if r["measure"] not in ("at_low", "at_high", "centre"):
                assert float(r["value"]) == 0.0, (method, r["measure"])
                assert r["rank"] == "1"
            assert r["note"].startswith("constant, 1.0"), r["note"]
            assert r["note"].endswith("no factor moves it")
            assert r["note_zh"].startswith("常数：")
        told = [c for c in json.loads((folder / "sweep.json").read_text("utf-8"))["constant"]]
        (mine,) = [c for c in told if c["output"] == "births.male/births.female"]
        assert mine["value"] == pytest.approx(float(rows[0]["note"].split()[1]), rel=1e-6)


def test_a_yes_or_no_that_does_not_turn_is_told_apart_from_one_that_is_not_moved(
    setup: Setup, tmp_path: Path
):
    plan = sweeps.plan_sweep(
        setup, over=["workforce.nurses_per_bed=x0.999:x1.001"], of=["beds_per_1000:enough@2025"]
    )
    folder = sweeps.sweep(plan, tmp_path, charts=False)
    (row,) = [r for r in rows_of(folder) if r["measure"] == "swing"]
    assert row["value"] == "0"
    assert "ask beds_per_1000:gap or beds_per_1000:available" in row["note"]
    assert "beds_per_1000:gap" in row["note_zh"]
    for lang, words in (("en", "in all 3 runs: no factor moves it"), ("zh", "3次运行均为")):
        lines = list(table(folder, lang))
        assert len(lines) == 2
        assert words in lines[1]


def test_what_moves_the_output_has_no_note_and_ranks_first(swept):
    for method, folder in swept.items():
        rows = [r for r in rows_of(folder) if r["output"] == "beds_ratio.total"]
        assert not {r["note"] for r in rows} - {""}, method
        assert {r["rank"] for r in rows if r["factor"] == "inpatient.base_occupancy"} == {"1"}, method
        for r in rows:
            if r["low"]:
                assert float(r["low"]) <= float(r["value"]) <= float(r["high"])


def test_an_output_that_is_undefined_somewhere_says_so(setup: Setup, tmp_path: Path):
    plan = sweeps.plan_sweep(setup, method="oat", over=OVER, of=["beds_ratio@2025"])
    values = np.ones((len(plan.design.points), 1))
    values[1] = np.nan
    measures = tuple(sweeps.sensitivity.analyse(plan.design, values))
    sweeps.sweepfile.write(plan, [sweeps.Result("reference", CODE, values, measures)], tmp_path)
    rows = rows_of(tmp_path)
    assert {r["note"] for r in rows} == {"undefined in 1 of 7 runs: no measure"}
    assert {r["factor"] for r in rows if r["measure"] == "swing"} == {o.partition("=")[0] for o in OVER}


@pytest.mark.sampled(3)
@pytest.mark.parametrize("method", ["lhs", "morris", "sobol", "oat", "grid"])
def test_the_order_in_which_a_list_is_written_means_nothing(setup: Setup, method: str):
    """The same values in another order: the same runs, so the same answer."""
    points = []
    for values in ("1.9,2.0,20,2.1,2.2", "20,1.9,2.0,2.1,2.2"):
        over = [f"inpatient.icu_share={values}", "inpatient.icu_alos=5:7"]
        n = {"sobol": 16, "lhs": 16, "morris": 8}.get(method)
        plan = sweeps.plan_sweep(setup, method=method, over=over, of=["beds_required.icu"], n=n)
        shown = [
            [f.shown(p) for f, p in zip(plan.factors, row, strict=True)]
            for row in sweeps.taken(plan.design, plan.factors)
        ]
        points.append(shown)
        assert {row[0] for row in shown} >= {"1.9", "2.0", "20", "2.1", "2.2"}
    assert points[0] == points[1]


def test_names_of_methods_stand_as_their_file_orders_them(setup: Setup):
    known = setup.parameters["reference", CODE]["migration.method"].record.choices
    for text in (",".join(known), ",".join(reversed(known))):
        plan = sweeps.plan_sweep(setup, over=[f"migration.method={text}"], of=["births"])
        assert plan.factors[0].choices == known


def test_the_terminal_speaks_both_languages(swept):
    en, zh = ("\n".join(table(swept["oat"], lang)) for lang in ("en", "zh"))
    assert "hospital and primary-care beds: available / required [beds_ratio.total@2025]   (swing)" in en
    assert "床位供给与需求之比 [beds_ratio.total@2025]   (变动幅度)" in zh
    assert "Beds per 1000 population: enough" in en
    assert "inpatient.base_occupancy" in zh
    assert "    1个因素不影响该结果" in zh
    assert "    1 factor does not move it" in en
    assert "births (male) / births (female)" in en
    assert "出生人数（男） / 出生人数（女）" in zh


def test_the_terminal_counts_what_does_not_move_it(setup: Setup, tmp_path: Path):
    still = ["workforce.nurses_per_bed=x0.9:x1.1", "inpatient.icu_alos=5:7"]
    plan = sweeps.plan_sweep(setup, over=["inpatient.base_occupancy", *still], of=["beds_ratio.total@2025"])
    folder = sweeps.sweep(plan, tmp_path, charts=False)
    assert list(table(folder, "en"))[-1] == "    2 factors do not move it"
    assert list(table(folder, "zh"))[-1] == "    2个因素不影响该结果"


@pytest.mark.slow
def test_the_first_scenario_alone_is_swept_unless_others_are_named(
    cli: Callable[..., object], tmp_path: Path
):
    path = small.experiment(
        tmp_path,
        4,
        end=2022,
        test_years=[2022],
        scenarios={"base": [], "shorter": ["s"]},
        overrides={"s": {"inpatient.alos": {"multiply": 0.9}}},
    )
    over = [
        "--over",
        "inpatient.net_inflow=0.01:0.05",
        "--of",
        "beds_required@2022",
        "--workers",
        "1",
        "--no-charts",
    ]
    done = cli("sweep", path, *over, "--lang", "en", "--out", tmp_path / "one")
    assert done.code == 0, done.err
    assert "note: sweeps scenario base alone; name others (shorter) with --scenario" in done.err
    folder = Path(done.out.strip().splitlines()[-1])
    assert {r["scenario"] for r in rows_of(folder)} == {"base"}
    both = cli("sweep", path, *over, "--scenario", "base", "--scenario", "shorter", "--out", tmp_path / "two")
    assert both.code == 0, both.err
    assert "--scenario" not in both.err
    assert {r["scenario"] for r in rows_of(Path(both.out.strip().splitlines()[-1]))} == {"base", "shorter"}
    planned = cli("sweep", path, *over, "--lang", "en", "--dry-run", "--out", tmp_path / "none")
    assert planned.out.startswith("oat, n = 2: 3 model runs, 1 factors, 1 outputs; about ")
    assert "s of computing on 1 workers" in planned.out
    assert not (tmp_path / "none").exists()


def test_time_of_a_sweep_is_that_of_its_blocks(setup: Setup, monkeypatch: pytest.MonkeyPatch):
    """A clock that takes one second for each block: 2560 runs in blocks of 256 are 10 s, or 5 s on two."""
    ticks = iter(range(1000))
    monkeypatch.setattr(sweeps.time, "perf_counter", lambda: next(ticks))
    plan = sweeps.plan_sweep(setup, method="lhs", over=OVER, of=["beds_ratio"], n=64)
    larger = replace(plan, design=replace(plan.design, points=np.tile(plan.design.points, (40, 1))))
    monkeypatch.setattr(steered.SweepBlock, "compute", lambda self: {})
    assert sweeps.seconds_of(larger, 1) == 10
    assert sweeps.seconds_of(larger, 2) == 5
    assert sweeps.seconds_of(plan, 8) == 1
