"""Places with a folder beside what would be made of them without: which comes nearer to what was observed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sim.demography import calibrate
from sim.demography.calibrate import Score
from sim.errors import ParameterError
from sim.evidence.backtest import INDICATORS, backtest
from sim.evidence.validation import common
from sim.evidence.validation.common import SETS, Parameters
from sim.evidence.validation.markdown import table
from sim.places import Region, read_as_made
from sim.places.region import NATION

_FROM, _TO = 2020, 2024


def any_place(root: Path, regions: Sequence[Region], parameters: Parameters) -> str:
    """The section: errors of the same backtest by both readings."""
    places = [r for r in regions if r.code != NATION]
    made = {r.code: read_as_made(root, r, SETS) for r in places}
    found = {}
    for name, own in (("folder", parameters), ("made", made)):
        setup = common.setup(root, places, {r.code: own[r.code] for r in places}, common.DRAWS)
        scores: list[Score] = []
        for region in places:
            try:
                scores += backtest(setup, region, _FROM, _TO).scores
            except ParameterError:
                continue  # nothing observed in those years
        found[name] = calibrate.summary(scores)
    columns = ("indicator", "n", "error", "made", "bias", "made", "with error", "made")
    rows = []
    for name in (i for i in INDICATORS if i in found["folder"]):
        pair = (found["folder"][name], found["made"][name])
        errors = (f"{100 * s['error']:.1f}" for s in pair)
        bias = (f"{100 * s['bias']:+.1f}" for s in pair)
        covered = (f"{s['coverage_seen']:.2f}" for s in pair)
        rows.append((name, f"{pair[0]['n']:.0f}", *errors, *bias, *covered))
    text = (
        "## Places without a folder\n\n"
        f"The {len(places)} places that have a folder, read as if they had none (`made`: their two "
        "censuses, their province and the nation alone), beside their folders; both by the backtest "
        f"{_FROM} to {_TO}, base census, then nothing of the region. Mean absolute error and bias in per "
        "cent, share of the observations inside the 80 % band with the error of what is published.\n\n"
    )
    return text + table(columns, rows)
