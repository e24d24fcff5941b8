"""A set-up without an experiment file: places under the reference scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from sim.config import Experiment
from sim.params import Parameter
from sim.places import Region
from sim.run.setup import Setup

Parameters = Mapping[str, Mapping[str, Parameter]]
"""Parameters by code of the region, then by dotted name."""

YEARS = range(2020, 2036)
SEED = 2024


def plain_setup(root: Path, regions: Sequence[Region], parameters: Parameters, draws: int) -> Setup:
    """An experiment of every region under the reference scenario."""
    experiment = Experiment.model_validate(
        {
            "schema": 1,
            "name": "validation",
            "regions": [r.code for r in regions],
            "years": {"base": YEARS[0], "end": YEARS[-1]},
            "draws": {"n": draws, "seed": SEED},
        }
    )
    own = {("reference", code): p for code, p in parameters.items()}
    return Setup(experiment, root, root, tuple(regions), ("reference",), own)
