from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import small

from sim.params import Sampler
from sim.run import blockfile, blocks, pipeline
from sim.run.blocks import Block
from sim.run.runner import plan_blocks


@pytest.fixture(scope="module")
def block(tmp_path_factory: pytest.TempPathFactory) -> Block:
    setup = small.setup(tmp_path_factory.mktemp("blocks"), 40, end=2022)
    return plan_blocks(setup)[0]


@pytest.fixture(scope="module")
def whole(block: Block) -> dict[str, np.ndarray]:
    found = blocks.compute(replace(block, first=0, stop=21))
    return {k: a.values for k, a in found.items() if "draw" in a.dims}


@pytest.mark.parametrize(("first", "stop"), [(0, 1), (3, 8), (13, 21)])
def test_a_draw_is_the_same_to_the_bit_in_any_block(
    block: Block, whole: dict[str, np.ndarray], first: int, stop: int
):
    part = blocks.compute(replace(block, first=first, stop=stop))
    for name, values in whole.items():
        np.testing.assert_array_equal(part[name].values, values[..., first:stop], err_msg=name)


@pytest.mark.slow
def test_only_the_block_with_draw_0_keeps_ages(block: Block):
    assert "population_central" in blocks.compute(replace(block, first=0, stop=1))
    assert "population_central" not in blocks.compute(replace(block, first=1, stop=2))


def test_the_key_tells_inputs_apart(block: Block):
    name, parameter = next(iter(block.parameters.items()))
    changed = {**block.parameters, name: replace(parameter, hash="another")}
    others = [
        replace(block, seed=8),
        replace(block, stop=block.stop - 1),
        replace(block, years=block.years[:-1]),
        replace(block, parameters=changed),
    ]
    keys = {b.key for b in (block, *others)}
    assert len(keys) == 5
    assert replace(block, scenario="another name").key == block.key


def test_another_version_has_another_key(block: Block, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(blocks, "model_version", lambda: "another")
    assert replace(block).key != block.key


def test_a_block_file_gives_back_what_was_written(block: Block, tmp_path: Path):
    series = replace(block, first=0, stop=3).compute()
    blockfile.write(tmp_path / "x.npz", series)
    back = blockfile.read(tmp_path / "x.npz")
    assert list(back) == list(series)
    for name, array in series.items():
        assert back[name].dims == array.dims
        assert back[name].dtype == np.float32
        np.testing.assert_array_equal(back[name].values, array.values)


def test_a_write_that_fails_leaves_nothing(block: Block, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def full(*args: object, **kwargs: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez", full)
    with pytest.raises(OSError, match="No space"):
        blockfile.write(tmp_path / "x.npz", {})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_far_tails_of_every_parameter_run_through(tmp_path: Path):
    """Each range at its millionth and at all but its millionth part, one after another, to 2050."""
    block = plan_blocks(small.setup(tmp_path, 1, end=2050))[0]
    names = [name for name, parameter in block.parameters.items() if parameter.is_uncertain]
    ends = np.full((len(names), 2 * len(names)), np.nan)
    for i in range(len(names)):
        ends[i, 2 * i : 2 * i + 2] = 1e-6, 1 - 1e-6
    sampler = Sampler(block.parameters, block.years, block.seed)
    params = sampler.steered(dict(zip(names, ends, strict=True)))
    state = pipeline.project(params, block.years, list(range(2 * len(names))))
    assert len(names) > 150
    assert np.isfinite(state.beds_required.values).all()


def test_of_a_parameter_no_more_is_drawn_than_its_one_stage_reads(block: Block):
    draws = np.arange(8)
    drawn = blocks.drawn(block, draws, draws)
    every = Sampler(block.parameters, block.years, block.seed).block(draws.tolist())
    for name, part in pipeline.PARTS.items():
        assert [name in stage.PARAMETERS for stage in pipeline.STAGES].count(True) == 1
        whole = every.pop(name)
        assert drawn[name].size < whole.size
        assert drawn[name].dims == whole.dims
        np.testing.assert_array_equal(drawn.pop(name).values, whole.sel(part).values)
    assert all(drawn[name].shape == array.shape for name, array in every.items())
