from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import small

from sim import run_folder
from sim.errors import ConfigError, RunError
from sim.run import away, blockfile, blocks, runner
from sim.run.setup import Setup, set_up
from sim.run.work import WorkFolder
from sim.saved import row_table
from sim.saved.row import Row
from sim.store import ResultsWriter


@pytest.fixture(scope="module")
def setup(tmp_path_factory: pytest.TempPathFactory) -> Setup:
    return small.setup(tmp_path_factory.mktemp("runner"), 20, end=2022)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_folder, "write_tables", small.only_series)


@pytest.fixture(scope="module")
def reference(setup: Setup, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run_folder, "write_tables", small.only_series)
        folder = run_folder.run_experiment(setup, tmp_path_factory.mktemp("reference"), charts=False)
    return small.contents(folder)


@pytest.mark.slow
def test_block_size_does_not_change_a_byte(setup: Setup, reference: dict[str, bytes], tmp_path: Path):
    folder = run_folder.run_experiment(setup, tmp_path, block_draws=9, charts=False)
    assert small.contents(folder) == reference


@pytest.mark.slow
@pytest.mark.parametrize("workers", [2, 4])
def test_workers_do_not_change_a_byte(
    setup: Setup, reference: dict[str, bytes], tmp_path: Path, workers: int
):
    folder = run_folder.run_experiment(setup, tmp_path, workers=workers, block_draws=5, charts=False)
    assert small.contents(folder) == reference


@pytest.mark.slow
def test_any_executor_gives_the_same_bytes(setup: Setup, reference: dict[str, bytes], tmp_path: Path):
    with ThreadPoolExecutor(2) as executor:
        folder = run_folder.run_experiment(setup, tmp_path, executor=executor, block_draws=11, charts=False)
    assert small.contents(folder) == reference


@pytest.mark.slow
def test_chunks_of_the_file_are_filled_from_any_blocks(
    setup: Setup, reference: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    seen: list[tuple[int, int]] = []
    old = ResultsWriter.write

    def write(self: ResultsWriter, part: object) -> None:
        draws = next(a.sizes["draw"] for a in part.series.values() if "draw" in a.dims)  # type: ignore[attr-defined]
        seen.append((part.first_draw, draws))  # type: ignore[attr-defined]
        old(self, part)  # type: ignore[arg-type]

    monkeypatch.setattr(ResultsWriter, "write", write)
    monkeypatch.setattr(runner, "DRAW_CHUNK", 8)
    folder = run_folder.run_experiment(setup, tmp_path, block_draws=11, charts=False)
    assert seen == [(0, 8), (8, 8), (16, 5)]
    assert small.contents(folder)["timeseries.csv"] == reference["timeseries.csv"]


def _fails_at(first: int, error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = blocks.compute

    def compute(block: blocks.Block) -> object:
        if block.first == first:
            raise error
        return whole(block)

    monkeypatch.setattr(blocks, "compute", compute)


@pytest.mark.slow
def test_failed_blocks_are_named_and_the_others_kept(
    setup: Setup, reference: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    with monkeypatch.context() as patch:
        _fails_at(8, ValueError("no good"), patch)
        with pytest.raises(RunError) as caught:
            run_folder.run_experiment(setup, tmp_path, block_draws=8, charts=False)
    text = str(caught.value)
    assert "reference/410500 draws 8..15 | ValueError: no good" in text
    assert "2 of 3 blocks are kept; the same command computes the others" in text
    assert len(list(tmp_path.rglob("*.npz"))) == 2
    seen: list[int] = []
    folder = run_folder.run_experiment(
        setup,
        tmp_path,
        block_draws=8,
        charts=False,
        progress=lambda done, total, label: seen.append(done),
    )
    assert seen == [3]  # one block only
    assert small.contents(folder) == reference
    assert [p.name for p in (tmp_path / "small").iterdir()] == [folder.name]


@pytest.mark.slow
def test_a_full_disk_keeps_the_finished_blocks(
    setup: Setup, reference: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    whole = blockfile.write
    done: list[Path] = []

    def write(path: Path, series: object) -> None:
        if len(done) == 2:
            raise OSError(28, "No space left on device")
        done.append(path)
        whole(path, series)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(blockfile, "write", write)
        with pytest.raises(RunError, match=r"could not be stored: No space left.*disk full"):
            run_folder.run_experiment(setup, tmp_path, block_draws=8, charts=False)
    assert len(list(tmp_path.rglob("*.npz"))) == 2
    folder = run_folder.run_experiment(setup, tmp_path, block_draws=8, charts=False)
    assert small.contents(folder) == reference


def test_a_disk_that_fills_while_results_are_written_leaves_no_folder(
    setup: Setup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def full(self: ResultsWriter, part: object) -> None:
        raise RuntimeError("NetCDF: HDF error")

    monkeypatch.setattr(ResultsWriter, "write", full)
    with pytest.raises(RunError, match=r"results.nc: NetCDF: HDF error.*goes on from the finished"):
        run_folder.run_experiment(setup, tmp_path, charts=False)
    assert small.leftovers(tmp_path) == []
    assert [p.name for p in (tmp_path / "small").iterdir()] == [".unfinished"]


def test_two_runs_at_once_never_share_a_folder(tmp_path: Path):
    with WorkFolder(tmp_path, "key") as one, WorkFolder(tmp_path, "key") as two:
        assert one.path != two.path
        (one.path / "a.npz").write_bytes(b"1")
        assert list(two.path.iterdir()) == []
        two.done()
    with WorkFolder(tmp_path, "key") as again:
        assert again.path == one.path
        assert [p.name for p in again.path.iterdir()] == ["a.npz"]
        again.done()
    assert not (tmp_path / ".unfinished").exists()


def test_what_a_killed_run_left_half_written_is_swept_out(tmp_path: Path):
    with WorkFolder(tmp_path, "key") as work:
        (work.path / "a.npz").write_bytes(b"1")
        (work.path / "b.123.part").write_bytes(b"")
        (work.path / ".run-1.123.part").mkdir()
    with WorkFolder(tmp_path, "key") as work:
        assert [p.name for p in work.path.iterdir()] == ["a.npz"]


def test_a_worker_of_another_version_is_refused(
    setup: Setup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(away, "compute_away", lambda group, home: ("other", []))
    with (
        ThreadPoolExecutor(1) as executor,
        pytest.raises(RunError, match=r"runs another version.*install the same one"),
    ):
        run_folder.run_experiment(setup, tmp_path, executor=executor, charts=False)


@pytest.mark.slow
def test_draws_double_until_every_probability_is_sure(
    setup: Setup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    counts: list[int] = []

    def tables(own: Setup, folder: Path, workers: int = 1) -> None:
        small.only_series(own, folder)
        n = own.experiment.draws.n
        counts.append(n)
        error = (0.5 * 0.5 / n) ** 0.5
        row_table.write(folder, [Row("p", "r", "s", "i", "zh", "en", 2025, "1", p_enough_mcse=error)])

    monkeypatch.setattr(runner, "check_stop_rule", lambda *args: None)
    folder = runner.run(small.drawn(setup, 4), tmp_path, until_mcse=0.13, tables=tables)
    assert counts == [4, 8, 16]  # the rule itself starts from more draws: see below
    import json

    meta = json.loads((folder / "run.json").read_text())
    assert meta["stop_rule"]["draws"] == meta["experiment"]["draws"]["n"] == 16
    assert meta["stop_rule"]["reached"]
    assert [p.name for p in (tmp_path / "small").iterdir()] == [folder.name]


@pytest.mark.parametrize(
    ("limit", "text"), [(0.7, "0.7 is outside"), (1e-6, "takes about"), (0.05, "no plan")]
)
def test_stop_rules_that_cannot_be_met_are_refused(setup: Setup, limit: float, text: str):
    with pytest.raises(ConfigError, match=text):
        runner.check_stop_rule(setup, limit)


@pytest.mark.slow
def test_a_disk_that_fills_under_results_nc_keeps_the_blocks(
    setup: Setup, reference: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The netCDF library says so only when the file is closed: a real limit on file sizes."""
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    assemble = runner._assemble

    def cramped(*arguments: object) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
        try:
            assemble(*arguments)  # type: ignore[arg-type]
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    with monkeypatch.context() as patch:
        patch.setattr(runner, "_assemble", cramped)
        with pytest.raises(RunError, match=r"could not be written: results.nc.*disk full.*goes on"):
            run_folder.run_experiment(setup, tmp_path, charts=False)
    monkeypatch.setattr(blocks, "compute", lambda block: pytest.fail("computed again"))
    assert small.contents(run_folder.run_experiment(setup, tmp_path, charts=False)) == reference


@pytest.fixture(scope="module")
def anyang() -> Setup:
    return set_up(small.ROOT / "experiments" / "anyang_14fyp.yaml", scenarios=["reference"])


@pytest.mark.parametrize("draws", [0, 1, 10, 99])
def test_a_stop_rule_does_not_begin_with_a_few_draws(anyang: Setup, draws: int):
    """One draw says yes or no, ten may all agree by chance."""
    with pytest.raises(ConfigError, match=rf"--until-mcse \| starts from {draws} draws \| write --draws 100"):
        runner.check_stop_rule(runner.with_draws(anyang, draws), 0.05)
    runner.check_stop_rule(runner.with_draws(anyang, 100), 0.05)


@pytest.mark.parametrize(("draws", "enough"), [(0, False), (99, False), (100, True), (200, True)])
def test_run_json_says_whether_the_draws_bear_a_verdict(anyang: Setup, draws: int, enough: bool):
    from datetime import UTC, datetime

    meta = runner.describe(runner.with_draws(anyang, draws), datetime.now(UTC), 1)
    assert meta["precision"] == {
        "draws": draws,
        "fewest_draws": 100,
        "digits": None,
        "enough_draws": enough,
    }
