"""A stage is evaluated in the draws that reach it only, and every draw comes out as if in all."""

from pathlib import Path

import numpy as np
import pytest
import small

import sim.demand
import sim.demography
from sim.params import Sampler
from sim.run import pipeline
from sim.run.reached import Classes, taken, walk_reached


class Few:
    """Three draws: the central one, a longer stay, fewer births."""

    def __init__(self, parameters, years):
        self.moved = {"inpatient.alos": 1, "fertility.tfr_change": 2}
        self.params = Sampler(parameters, years, 1).steered({})
        self.computed = {}

    def classes(self, read):
        rows = np.array([0, *(d for name, d in self.moved.items() if name in read)], np.intp)
        place = np.zeros(3, np.intp)
        place[rows] = np.arange(len(rows))
        return Classes(rows, place)

    def parameter(self, name, rows):
        self.computed[name] = rows.tolist()
        array = self.params[name]
        if name == "fertility.tfr_change" or name in self.moved:
            factor = np.where(rows == self.moved[name], -0.1 if name.startswith("fert") else 1.1, 0.0)
            base = array.expand_dims(draw=np.arange(len(rows)), axis=-1)
            moved = base + factor if name.startswith("fert") else base * np.where(factor, factor, 1.0)
            return moved.transpose(..., "draw")
        return array


def test_every_draw_is_as_if_all_were_computed_everywhere(tmp_path: Path):
    setup = small.setup(tmp_path, n=1)
    parameters = setup.parameters["reference", "410500"]
    few = Few(parameters, setup.years)
    found = walk_reached(few, setup.years)
    assert few.computed["fertility.srb"] == [0, 2]  # the stay does not reach demography
    assert sorted(few.computed["inpatient.alos"]) == [0, 1, 2]
    every = np.arange(3, dtype=np.intp)
    params = {name: few.parameter(name, every) for name in pipeline.parameter_names()}
    whole = pipeline.project(params, setup.years, [0, 1, 2])
    for name in (*sim.demography.WRITES, *sim.demand.WRITES):
        assert np.array_equal(found[name].values, whole[name].values, equal_nan=True), name
    assert not np.array_equal(found.bed_days[..., 0], found.bed_days[..., 1])
    assert np.array_equal(found.population[..., 0], found.population[..., 1])
    assert not np.array_equal(found.population[..., 0], found.population[..., 2])


def test_draws_are_taken_next_to_each_other_in_memory(tmp_path: Path):
    setup = small.setup(tmp_path, n=1)
    array = setup.parameters["reference", "410500"]["population.base"].data
    with_draws = array.expand_dims(draw=[0, 1])
    out = taken(with_draws, np.array([1, 0, 1], np.intp))
    assert out.dims[-1] == "draw"
    assert out.values.flags.c_contiguous
    assert taken(array, np.array([0], np.intp)) is array


def test_a_stage_that_writes_what_it_does_not_declare_is_refused_in_every_walk(monkeypatch):
    from types import ModuleType

    import xarray as xr

    from sim.errors import SchemaError

    stage = ModuleType("one")
    stage.READS, stage.WRITES, stage.PARAMETERS = (), ("tfr",), ()
    stage.project = lambda inputs, params: xr.Dataset({"extra": 2.0})
    with pytest.raises(SchemaError, match=r"one . did not write tfr"):
        pipeline.walk(xr.Dataset(), {}, [stage])
