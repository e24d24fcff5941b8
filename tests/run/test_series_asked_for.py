"""A run of some series: the numbers of the whole run, no stage beside, and the digits that are asked for."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import small
import xarray as xr

import sim.burden
import sim.demand
import sim.demography
import sim.supply
from sim import run_folder
from sim.config import read_experiment
from sim.errors import ConfigError, SchemaError
from sim.params import Sampler
from sim.run import blocks, pipeline
from sim.run.kept import ALWAYS
from sim.run.runner import plan_blocks
from sim.run.setup import set_up


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> blocks.Block:
    return plan_blocks(set_up(small.experiment(tmp_path_factory.mktemp("whole"), n=6)))[0]


@pytest.fixture(scope="module")
def every(whole) -> dict[str, xr.DataArray]:
    return blocks.compute(whole)


@pytest.mark.parametrize(
    "series", [("deaths",), ("beds_required", "alos"), ("doctors_available",), ("beds_projected", "hale")]
)
def test_the_numbers_are_those_of_the_whole_run_to_the_bit(series, whole, every):
    found = blocks.compute(replace(whole, series=series))
    assert set(found) == {*series, *ALWAYS}
    for name, array in found.items():
        assert array.values.tobytes() == every[name].values.tobytes(), name


def test_each_series_is_the_same_when_nothing_else_is_asked_for(whole, every):
    some = [n for stage in pipeline.STAGES for n in getattr(stage, "OPTIONAL", ()) if n in every]
    assert {"hale", "e0", "ambulances_required", "yld"} <= set(some)
    for name in (*some, "beds_required", "ambulances_available"):
        found = blocks.compute(replace(whole, series=(name,)))[name]
        assert found.values.tobytes() == every[name].values.tobytes(), name


def test_what_nobody_asks_for_is_not_computed(whole):
    state = pipeline.project(_params(whole), whole.years, [0], {"population", "births", "beds_required"})
    assert not {"hale", "e0", "ambulances_required", "beds_available"} & set(map(str, state.data_vars))
    assert "cases" in state  # demand reads it


def test_a_stage_that_leaves_out_what_another_reads_is_refused(monkeypatch):
    pipeline.check_chain()
    monkeypatch.setattr(sim.burden, "OPTIONAL", ("cases",))
    with pytest.raises(SchemaError, match=r"sim.burden \| may leave out cases, which a stage reads"):
        pipeline.check_chain()


def _params(block: blocks.Block) -> dict[str, xr.DataArray]:
    return Sampler(block.parameters, block.years, block.seed).block([0])


@pytest.mark.parametrize(
    ("wanted", "stages"),
    [
        ({"population"}, [sim.demography]),
        ({"hale"}, [sim.demography, sim.burden]),
        ({"beds_required"}, [sim.demography, sim.burden, sim.demand]),
        ({"managed_covered"}, list(pipeline.STAGES)),
        (None, list(pipeline.STAGES)),
    ],
)
def test_stages_that_nothing_asked_for_needs_are_left_out(wanted, stages):
    assert list(pipeline.stages_for(wanted)) == stages


def test_digits_are_kept_and_no_more(whole, every):
    for name, array in replace(whole, digits=5).compute().items():
        exact = every[name].values
        known = np.isfinite(exact) & (exact != 0)
        off = np.abs(array.values[known] - exact[known])
        assert (off <= 0.51 * 10.0 ** (np.floor(np.log10(np.abs(exact[known]))) - 4)).all(), name


@pytest.mark.slow
def test_a_run_of_some_series_is_a_whole_folder(tmp_path):
    setup = set_up(
        small.experiment(tmp_path, n=6, end=2022, results={"series": ["beds_required"], "digits": 4})
    )
    folder = run_folder.run_experiment(setup, tmp_path / "out", lang="en")
    with xr.open_dataset(folder / "results.nc") as results:
        assert {n for n in results.data_vars if "year" in results[n].dims} == {"beds_required", *ALWAYS}
    assert "beds_required" in (folder / "timeseries.csv").read_text(encoding="utf-8-sig")
    assert (folder / "tables.xlsx").is_file()
    assert list((folder / "charts").glob("*.png"))


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"results": {"series": ["beds_requird"]}}, "no series 'beds_requird' .* 'beds_required'"),
        ({"results": {"series": ["deaths", "deaths"]}}, "'deaths' stands twice"),
        ({"results": {"series": ["deaths"]}, "plan": "anyang_14fyp"}, "whose verdicts read every series"),
        ({"results": {"digits": 2}}, "digits"),
    ],
)
def test_what_cannot_be_stored_is_refused(changes, text, tmp_path: Path):
    with pytest.raises(ConfigError, match=text):
        read_experiment(small.experiment(tmp_path, **changes))
