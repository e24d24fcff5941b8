"""The whole chain by stage, against what this machine can do at best in the same minute.

Ratios, not seconds: a stage's time per draw in exponentials of one core.  BASELINE holds what was
measured when the figures were last looked at; a stage that takes three times as many has slipped.
"""

from __future__ import annotations

import pytest
from paths import ROOT

from sim.evidence import performance as perf
from sim.run.setup import Setup, set_up

DRAWS = 256
SLIPPED = 3.0
BASELINE = {  # exponentials per draw, Anyang to 2035
    "draws": 1_300_000,
    "demography": 1_200_000,
    "burden": 2_200_000,
    "demand": 1_000_000,
    "supply": 650_000,
    "reduce": 650_000,
    "store": 100_000,
}


@pytest.fixture(scope="module")
def anyang() -> Setup:
    return set_up(ROOT / "experiments" / "anyang_14fyp.yaml", scenarios=["reference"])


def test_chain_by_stage(benchmark: object, anyang: Setup):
    limits = perf.bounds()
    times = benchmark.pedantic(perf.stage_times, (anyang, DRAWS, 2), rounds=1)  # type: ignore[attr-defined]
    exps = {name: t / DRAWS / limits.exp_seconds for name, t in times.items()}
    benchmark.extra_info.update(  # type: ignore[attr-defined]
        {name: round(value) for name, value in exps.items()},
        triad_gb_s=round(limits.triad_bytes / 1e9, 1),
    )
    slipped = {k: round(v) for k, v in exps.items() if v > SLIPPED * BASELINE.get(k, v)}
    assert not slipped, f"exponentials per draw: {slipped}; baseline {BASELINE}"


def test_cost_per_draw_falls_with_the_block(benchmark: object, anyang: Setup):
    def each() -> tuple[float, float]:
        return perf.chain(anyang, 32) / 32, perf.chain(anyang, 256) / 256

    small, large = benchmark.pedantic(each, rounds=1)  # type: ignore[attr-defined]
    assert large < small
