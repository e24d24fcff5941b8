"""Replications of the hospital model on the processes that blocks and sweeps run on, kept as they finish."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sim.folders import scratch
from sim.hospital import Job, Mapped, of_series
from sim.hospital.replication import Replication
from sim.run import blockfile
from sim.run.pool import compute_all
from sim.run.tasks import stored


def kept_in(folder: Path, workers: int) -> Mapped:
    """Runs jobs on `workers` processes; a finished one stays in `folder` and is found again.

    The results are the same at any number of workers.
    """
    folder.mkdir(parents=True, exist_ok=True)

    def mapped(jobs: Sequence[Job]) -> list[Replication]:
        compute_all(jobs, folder, workers=workers)
        return [of_series(blockfile.read(stored(folder, job))) for job in jobs]

    return mapped


@contextmanager
def for_once(workers: int) -> Iterator[Mapped]:
    """The same in a folder that goes when the work is done."""
    with scratch() as folder:
        yield kept_in(folder, workers)
