"""Workers of another scheduler: those that see the run's folder store there, others send its file."""

from __future__ import annotations

import pickle
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import small
import xarray as xr

from sim.errors import RunError
from sim.run import away, blockfile, pool
from sim.run.runner import plan_blocks
from sim.run.tasks import stored
from sim.run.version import model_version


@dataclass(frozen=True)
class Squares:
    """A task of a few numbers."""

    n: int

    @property
    def key(self) -> str:
        return f"squares-{self.n}"

    @property
    def label(self) -> str:
        return self.key

    def compute(self) -> dict[str, xr.DataArray]:
        return {"squares": xr.DataArray(np.arange(self.n, dtype="f4") ** 2, dims="draw")}


class Elsewhere(Executor):
    """A worker with another disk: the folder that it is told of is moved to its own."""

    def __init__(self, own: Path, *, marked: bool = False) -> None:
        self.own, self.marked, self.told = own, marked, list[away.Home]()
        self.came: list[Any] = []

    def submit(self, work: Any, group: Any, home: away.Home) -> Future[Any]:  # type: ignore[override]
        self.told.append(home)
        if self.marked and home.mark:  # as a folder of the same name that shows what is not stored in it
            (self.own / home.mark).touch()
        future: Future[Any] = Future()
        future.set_result(work(group, replace(home, folder=self.own)))
        self.came.append(future.result())
        return future


def same_files(one: Path, other: Path) -> bool:
    names = sorted(p.name for p in one.iterdir())
    assert names == sorted(p.name for p in other.iterdir())
    return all((one / name).read_bytes() == (other / name).read_bytes() for name in names)


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path, Path]:
    made = (tmp_path / "local", tmp_path / "run", tmp_path / "own")
    for folder in made:
        folder.mkdir()
    pool.compute_all([Squares(3), Squares(5)], made[0])
    return made


def test_a_worker_that_sees_the_folder_stores_there_and_sends_a_word(folders: tuple[Path, Path, Path]):
    local, run, _ = folders
    mark = run / "mark.part"
    mark.touch()
    home = away.Home(run, model_version(), mark.name)
    assert away.compute_away((Squares(3), Squares(5)), home) == (model_version(), [None, None])
    mark.unlink()
    assert same_files(local, run)
    version, sent = away.compute_away((Squares(7),), home)  # the mark is gone: another folder
    assert version == model_version()
    assert not stored(run, Squares(7)).exists()
    blockfile.keep(stored(run, Squares(7)), sent[0])  # type: ignore[arg-type]
    assert blockfile.read(stored(run, Squares(7)))["squares"].values.tolist() == [0, 1, 4, 9, 16, 25, 36]


def test_a_worker_with_a_disk_of_its_own_sends_the_same_bytes(folders: tuple[Path, Path, Path]):
    local, run, own = folders
    pool.compute_all([Squares(3), Squares(5)], run, executor=Elsewhere(own))
    assert same_files(local, run)
    assert not [*own.iterdir()]


def test_what_a_worker_stored_out_of_sight_is_asked_for_again(folders: tuple[Path, Path, Path]):
    """Its folder has the mark and is another all the same: nothing is lost, and nothing hangs."""
    local, run, own = folders
    executor = Elsewhere(own, marked=True)
    pool.compute_all([Squares(3), Squares(5)], run, executor=executor)
    assert same_files(local, run)
    assert [bool(home.mark) for home in executor.told] == [True, True, False, False]


def test_a_worker_that_may_not_write_there_sends_too(
    folders: tuple[Path, Path, Path], monkeypatch: pytest.MonkeyPatch
):
    local, run, _ = folders

    def refused(*_: object) -> None:
        raise PermissionError("no")

    monkeypatch.setattr(blockfile, "write", refused)
    with ThreadPoolExecutor(1) as executor:
        pool.compute_all([Squares(3), Squares(5)], run, executor=executor)
    assert same_files(local, run)


def test_a_worker_of_another_version_computes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def never(self: Squares) -> dict[str, xr.DataArray]:
        raise AssertionError("computed")

    monkeypatch.setattr(Squares, "compute", never)
    version, found = away.compute_away((Squares(3),), away.Home(tmp_path, "another"))
    assert (version, found) == (model_version(), [])
    executor = Elsewhere(tmp_path)
    monkeypatch.setattr(away, "compute_away", lambda group, home: ("another", []))
    with pytest.raises(RunError, match=r"runs another version \(another, not .*install the same one"):
        pool.compute_all([Squares(3)], tmp_path, executor=executor)


def test_parameters_travel_packed_once_and_arrive_once(tmp_path: Path):
    """However many blocks of a place are sent, what they share is pickled and opened one time."""
    first, second = plan_blocks(small.setup(tmp_path, 20, end=2022), 8)[:2]
    one, other = (pickle.loads(pickle.dumps(block)) for block in (first, second))
    assert one.parameters is other.parameters
    assert dict(one.parameters).keys() == dict(first.parameters).keys()
    assert (one.key, other.key) == (first.key, second.key)
    moved = replace(first, parameters=dict(first.parameters) | {"x": first.parameters["inpatient.alos"]})
    assert "x" in pickle.loads(pickle.dumps(moved)).parameters
    assert "x" not in pickle.loads(pickle.dumps(first)).parameters


def test_a_block_computes_the_same_after_its_journey(tmp_path: Path):
    block = replace(plan_blocks(small.setup(tmp_path, 6, end=2022))[0], series=("beds_required",))
    arrived = pickle.loads(pickle.dumps(block)).compute()
    for name, array in block.compute().items():
        np.testing.assert_array_equal(arrived[name].values, array.values)
