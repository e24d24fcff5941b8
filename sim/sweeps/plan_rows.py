"""Targets of the plan as outputs of a sweep: by name, with what can be asked of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import xarray as xr

from sim.adequacy.asked import known, named
from sim.adequacy.case import Reading
from sim.adequacy.kinds import kind_of
from sim.adequacy.series import Measures
from sim.params import Parameter
from sim.plan.targets import Target, stated_targets
from sim.run.setup import Setup


@dataclass(frozen=True)
class Asked:
    """A target of the plan, and what can be asked of it."""

    target: Target
    tested: tuple[int, ...]
    """Years that adequacy.csv looks at."""
    years: tuple[int, ...]
    """Those of the run in which it can be tested."""
    known: tuple[str, ...]


def asked_of(
    setup: Setup, parameters: Mapping[str, Parameter], kept: Mapping[str, xr.DataArray]
) -> dict[str, Asked]:
    """Targets of the experiment's plan by name, as far as the model holds them; {} without a plan.

    kept: the series of any run, which say what is modelled.
    """
    if setup.plan is None:
        return {}
    reading = Reading.of(Measures(kept), parameters)
    stated = list(stated_targets(setup.plan, setup.rules, setup.experiment.test_years))
    found: dict[str, Asked] = {}
    for name, one in named(stated).items():
        years = tuple(y for y in setup.years if y >= one.year)
        target = one.target
        standing = kind_of(target).standing(reading, target, years[-1]) if target and years else None
        if target is not None and standing is not None:
            found[name] = Asked(target, one.years, years, known(standing))
    return found
