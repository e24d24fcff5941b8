"""Replications on the processes of a run: the same numbers at any number, kept, a damaged one made again."""

import numpy as np
import pytest

from sim.errors import RunError
from sim.hospital import Clock, Job, PoolSpec, System, in_turn
from sim.stress.replications import for_once, kept_in

SYSTEM = System((PoolSpec("ward", 12, 10.0 * 365 / 6, 6.0),), Clock(2025, 60))
JOBS = [Job(SYSTEM, 4, k) for k in range(4)]


def same(some, others):
    return all(
        np.array_equal(a.figures, b.figures, equal_nan=True) and np.array_equal(a.daily, b.daily)
        for a, b in zip(some, others, strict=True)
    )


def test_same_numbers_at_any_worker_count_and_from_the_store(tmp_path):
    alone = in_turn(JOBS)
    with for_once(2) as mapped:
        assert same(mapped(JOBS), alone)
    kept_in(tmp_path, 1)(JOBS[:2])
    kept = sorted(tmp_path.glob("*.npz"))
    assert sorted(p.stem for p in kept) == sorted(job.key for job in JOBS[:2])
    kept[0].write_bytes(b"broken")  # a damaged replication is done again
    kept[1].write_bytes(kept[1].read_bytes()[:-50])
    assert same(kept_in(tmp_path, 1)(JOBS), alone)


def test_a_finished_replication_is_not_run_again(tmp_path, monkeypatch):
    kept_in(tmp_path, 1)(JOBS[:1])
    monkeypatch.setattr(Job, "compute", lambda job: 1 / 0)
    assert same(kept_in(tmp_path, 1)(JOBS[:1]), in_turn(JOBS[:1]))
    with pytest.raises(RunError, match=r"replication 1 of ward, 2025 . ZeroDivisionError"):
        kept_in(tmp_path, 1)(JOBS)
