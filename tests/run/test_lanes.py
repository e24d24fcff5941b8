"""Places and scenarios as lanes of one block: the bytes of each alone, whatever it stands beside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import small
import xarray as xr

from sim import run_folder
from sim.errors import ParameterError
from sim.lanes import LANE, at_central, lane_labels
from sim.params import Parameter
from sim.run import lanes, pipeline, pool
from sim.run.blocks import Block
from sim.run.runner import plan_blocks
from sim.run.setup import set_up

CODES = ["130402", "130403", "410500", "410502", "542524", "110101", "650102", "320505", "130404"]
"""Places of six provinces, a prefecture with a folder, and one so small that it has no count of 2010."""
NEEDS = ["beds_required", "doctors_required", "care_beds_required", "childcare_slots_required"]


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> list[Block]:
    folder = tmp_path_factory.mktemp("places")
    return plan_blocks(set_up(small.experiment(folder, 10, end=2023, regions=CODES)))


@pytest.fixture(scope="module")
def alone(places: list[Block]) -> list[Mapping[str, xr.DataArray]]:
    return [block.compute() for block in places]


def same(found: Mapping[str, xr.DataArray], wanted: Mapping[str, xr.DataArray]) -> None:
    assert list(found) == list(wanted)
    for name, array in wanted.items():
        assert found[name].dims == array.dims, name
        assert found[name].values.tobytes() == array.values.tobytes(), name
        for dim in array.dims:
            if dim != "draw":
                assert found[name][dim].values.tolist() == array[dim].values.tolist(), (name, dim)


@pytest.mark.slow
@pytest.mark.parametrize("size", [1, 3, 7])
def test_lanes_of_any_number_have_the_bytes_of_each_place_alone(
    size: int, places: list[Block], alone: list[Mapping[str, xr.DataArray]]
):
    assert len(places) == len(CODES)
    for first in range(0, len(places), size):
        cut = slice(first, first + size)
        for found, wanted in zip(lanes.compute_rounded(places[cut]), alone[cut], strict=True):
            same(found, wanted)


@pytest.mark.slow
def test_lanes_are_walked_together(places: list[Block], monkeypatch: pytest.MonkeyPatch):
    widths: list[int] = []
    whole = pipeline.step

    def step(stage: object, state: xr.Dataset, *more: object) -> xr.Dataset:
        widths.append(state.sizes["draw"])
        return whole(stage, state, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(pipeline, "step", step)
    later = len(pipeline.STAGES) - 1
    lanes.compute([places[0], places[1], places[-1]])  # of one province
    assert widths == [16] * 3 + [48] * later
    widths.clear()
    lanes.compute([places[0], places[3], places[1]])  # of two provinces, whose supply differs
    assert widths == [16] * 3 + [48] * later
    widths.clear()
    lanes.compute([places[0], places[2], places[1]])  # one has a count of its own, of one year
    assert widths == [16] * 3 + [32] * later + [16] * later
    widths.clear()
    four = [places[i] for i in (0, 1, 3, 5)]
    lanes.compute([replace(block, series=("beds_required",)) for block in four])
    assert widths == [16] * 4 + [64] * (later - 1)


@pytest.mark.slow
def test_draws_from_the_middle_of_a_run_are_lanes_too(places: list[Block]):
    middle = [replace(block, first=3, stop=8, series=tuple(NEEDS), digits=5) for block in places[:3]]
    for found, block in zip(lanes.compute_rounded(middle), middle, strict=True):
        same(found, block.compute())
        assert "population_central" not in found


@pytest.mark.slow
def test_scenarios_are_lanes_and_one_that_cannot_be_is_walked_alone(tmp_path: Path):
    setup = set_up(
        small.experiment(
            tmp_path,
            6,
            end=2022,
            scenarios={"reference": [], "high": ["more"], "none": ["still"], "short": ["brief"]},
            overrides={
                "more": {"fertility.tfr_change": 0.3},
                "still": {"disease.method": "constant_prevalence"},
                "brief": {"inpatient.alos": {"2020": 8.0, "2022": 7.0}},
            },
        )
    )
    own = plan_blocks(setup)
    for group in (own, own[:2], own[::-1]):
        for found, block in zip(lanes.compute_rounded(group), group, strict=True):
            same(found, block.compute())


@pytest.mark.slow
def test_blocks_are_lanes_in_their_order_as_far_as_a_block_holds(places: list[Block]):
    many = [replace(block, stop=101) for block in places]
    assert [len(group) for group in lanes.grouped(many, 1)] == [4, 4, 1]
    assert [len(group) for group in lanes.grouped(many, 2)] == [3, 3, 3]
    assert [len(group) for group in lanes.grouped(many, 4)] == [2, 2, 2, 2, 1]
    assert [task for group in lanes.grouped(many, 2) for task in group] == many
    other = replace(many[1], seed=many[1].seed + 1)
    assert [len(group) for group in lanes.grouped([many[0], other, many[2]], 1)] == [1, 1, 1]
    assert [len(group) for group in lanes.grouped([replace(b, stop=400) for b in many], 1)] == [1] * 9
    assert [len(group) for group in lanes.grouped(["a", "b"], 1)] == [1, 1]


def test_each_draw_stands_beside_the_central_one_of_its_lane():
    labels = np.concatenate([lane_labels(np.array([0, 5, -1]), lane) for lane in range(2)])
    assert labels.tolist() == [0, 5, -1, LANE, LANE + 5, LANE - 1]
    array = xr.DataArray(np.arange(6.0)[None], {"draw": labels}, ("cause", "draw"))
    assert at_central(array).values.tolist() == [[0, 0, 0, 3, 3, 3]]
    assert at_central(array.isel(draw=slice(3))).values.tolist() == [0]


def _broken(parameters: Mapping[str, Parameter]) -> dict[str, Parameter]:
    base = parameters["population.base"]
    return {**parameters, "population.base": replace(base, data=-base.data, hash="broken")}


@pytest.mark.slow
def test_a_lane_that_fails_is_named_and_the_others_are_kept(places: list[Block], tmp_path: Path):
    todo = list(places[:4])
    todo[2] = replace(todo[2], parameters=_broken(todo[2].parameters))
    with pytest.raises(ParameterError, match=r"reference/410500 draws 0..10.*negative") as caught:
        pool.compute_all(todo, tmp_path)
    assert "3 of 4 blocks are kept" in str(caught.value)
    assert sorted(p.stem for p in tmp_path.iterdir()) == sorted(b.key for b in (*todo[:2], todo[3]))
    done: list[int] = []
    pool.compute_all(places[:4], tmp_path, progress=lambda at, total, label: done.append(at))
    assert done == [4]


@pytest.mark.slow
def test_a_run_that_stopped_among_its_lanes_goes_on_to_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    results = {"series": NEEDS, "digits": 5, "years": [2020, 2022]}
    setup = set_up(small.experiment(tmp_path, 6, end=2022, regions=CODES[:4], results=results))
    undisturbed = small.contents(run_folder.run_experiment(setup, tmp_path / "one", charts=False))
    written = 0
    store = pool.blockfile.write

    def write(path: Path, series: object) -> None:
        nonlocal written
        written += 1
        if written > 2:
            raise KeyboardInterrupt
        store(path, series)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(pool.blockfile, "write", write)
        with pytest.raises(KeyboardInterrupt):
            run_folder.run_experiment(setup, tmp_path / "two", charts=False)
    assert len(list((tmp_path / "two").rglob("*.npz"))) == 2
    assert small.contents(run_folder.run_experiment(setup, tmp_path / "two", charts=False)) == undisturbed


@pytest.mark.slow
def test_lanes_on_processes_and_elsewhere_give_the_same_bytes(places: list[Block], tmp_path: Path):
    from concurrent.futures import ThreadPoolExecutor

    few = [replace(block, series=("beds_required",)) for block in places[:6]]
    folders = [tmp_path / name for name in ("one", "two", "away")]
    for folder in folders:
        folder.mkdir()
    pool.compute_all(few, folders[0])
    pool.compute_all(few, folders[1], workers=2)
    with ThreadPoolExecutor(1) as executor:
        pool.compute_all(few, folders[2], executor=executor)
    names = sorted(p.name for p in folders[0].iterdir())
    assert len(names) == 6
    for folder in folders[1:]:
        assert [p.name for p in sorted(folder.iterdir())] == names
        assert all((folder / n).read_bytes() == (folders[0] / n).read_bytes() for n in names)
