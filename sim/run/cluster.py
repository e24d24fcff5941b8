"""The same blocks on a Dask cluster: needs the extra `healthplan[cluster]`."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import Any

from sim.errors import ConfigError, fault

_WAIT_SECONDS = 10
_ADDRESS = re.compile(r"[a-z]+://(\[[0-9a-fA-F:.]+\]|[^\s:/\[\]]+):\d{1,5}")


def check_address(address: str) -> None:
    """Raise ConfigError for what is no address: Dask would try it for a while, and leave threads behind."""
    if not _ADDRESS.fullmatch(address):
        raise ConfigError(fault(f"--scheduler {address}", "is not an address", "write tcp://HOST:PORT"))


@contextmanager
def cluster(address: str) -> Iterator[Executor]:
    """An executor on the scheduler at `address` (tcp://host:port).

    Raises ConfigError if Dask is not installed or the scheduler does not answer.
    """
    place = f"--scheduler {address}"
    check_address(address)
    try:
        import distributed
    except ImportError:
        remedy = "pip install 'healthplan[cluster]'"
        raise ConfigError(fault(place, "Dask is not installed", remedy)) from None
    # what it logs of lost connections is told here once, as a fault of the run
    for name in [*logging.root.manager.loggerDict]:
        if name.startswith(("distributed", "tornado")):
            logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        connect: Any = distributed.Client
        client = connect(address, timeout=_WAIT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        wrong = f"no scheduler answers ({type(error).__name__})"
        remedy = "start one with `dask scheduler`, or leave --scheduler out"
        raise ConfigError(fault(place, wrong, remedy)) from None
    try:
        threads = client.nthreads()
        if not threads:
            raise ConfigError(fault(place, "has no workers", "start `dask worker` on it"))
        executor = client.get_executor(pure=False)
        executor._max_workers = sum(threads.values())  # how many tasks are worth sending at once
        executor.is_there = lambda: client.status == "running"  # asked where no result comes back
        yield executor
    finally:
        client.close()
