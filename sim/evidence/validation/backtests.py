"""Backtests of every region: error, bias, coverage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from sim.demography import calibrate
from sim.errors import ParameterError
from sim.evidence.backtest import INDICATORS, Backtest, backtest
from sim.evidence.validation import common
from sim.evidence.validation.common import Parameters
from sim.evidence.validation.markdown import table
from sim.places import Region

BACKTESTS: tuple[tuple[int, int, tuple[str, ...], str], ...] = (
    (2020, 2024, ("nation",), "base census, then nothing of the region"),
    (2020, 2024, (), "the same, and nothing of the nation either"),
    (2022, 2024, ("nation",), "births and totals of 2021-22 fitted"),
    (2010, 2020, ("nation",), "census of 2010, migration unknown"),
    (2010, 2020, ("nation", "migration"), "census of 2010, net migration of the decade given"),
)


def backtests(root: Path, regions: Sequence[Region], parameters: Parameters) -> str:
    """The section on backtests."""
    setup = common.setup(root, regions, parameters, common.DRAWS)
    text = (
        "## Backtests\n\n`healthplan backtest EXPERIMENT --fit-to .. --score-to ..`: mean absolute "
        "error and bias in per cent, share of the observations inside the 80 % band without and "
        "with "
        "the error of what is published (observation.error), beside two naive forecasts.\n"
    )
    for fit_to, score_to, know, what in BACKTESTS:
        found = []
        for region in regions:
            try:
                found.append(backtest(setup, region, fit_to, score_to, know))
            except ParameterError:
                continue  # nothing observed in those years
        text += f"\n### {fit_to} to {score_to}: {what}\n\n" + _scores(found)
    return text


def _scores(found: Sequence[Backtest]) -> str:
    every = calibrate.summary([s for b in found for s in b.scores])
    columns = ("indicator", "n", "error", "bias", "in band", "with error", "last value", "trend")
    rows = [(name, *_score(every[name])) for name in INDICATORS if name in every]
    text = table(columns, rows)
    some = (
        "population_total",
        "population_0-15",
        "population_60+",
        "population_65+",
        "births",
        "deaths",
    )
    rows = []
    for b in found:
        mine = calibrate.summary(b.scores)
        bias = (f"{100 * mine[n]['bias']:+.1f}" if n in mine else "" for n in some)
        rows.append((b.region.code, b.region.name_en, *bias))
    return text + "\nBias by region, per cent:\n\n" + table(("code", "region", *some), rows)


def _score(s: Mapping[str, float]) -> tuple[str, ...]:
    naive = (s.get(f"{n}_error") for n in ("last_value", "trend"))
    return (
        f"{s['n']:.0f}",
        f"{100 * s['error']:.1f}",
        f"{100 * s['bias']:+.1f}",
        f"{s['coverage']:.2f}",
        f"{s['coverage_seen']:.2f}",
        *("" if v is None else f"{100 * v:.1f}" for v in naive),
    )
