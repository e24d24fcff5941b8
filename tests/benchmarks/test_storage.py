"""Storing results in the layout of results.nc, and block files, beside the memory bandwidth."""

from __future__ import annotations

from sim.evidence import performance as perf

LEAST = 20e6  # bytes a second: a block must not wait for its disk


def test_results_file(benchmark: object):
    written, read = benchmark.pedantic(perf.storage, rounds=1)  # type: ignore[attr-defined]
    limits = perf.bounds()
    benchmark.extra_info.update(  # type: ignore[attr-defined]
        written_mb_s=round(written / 1e6),
        read_mb_s=round(read / 1e6),
        triad_over_read=round(limits.triad_bytes / read),
    )
    assert min(written, read) > LEAST
