"""What every place of a run must be given, before a stage is run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from sim.adequacy.verdict import THRESHOLDS, Thresholds
from sim.catalogue import bases
from sim.config import Experiment
from sim.errors import ParameterError, fault, raise_all
from sim.params import Parameter, Sampler
from sim.params.catalogue import role_faults
from sim.params.read import no_parameter
from sim.run import pipeline
from sim.run.possible import input_faults
from sim.run.scenario import BASE

_BACKTESTS = ("observation.unknown_method",)
"""Choices that no run reads, a backtest from an earlier census does."""
ADEQUACY = (
    *THRESHOLDS,
    "adequacy.influence",
    "adequacy.fewest_draws",
    "adequacy.after_target",
    "adequacy.unstated_basis",
    "adequacy.norm_gap",
    "adequacy.same_within",
)
"""Parameters by which verdicts are given."""


def check_place(
    parameters: Mapping[str, Parameter], experiment: Experiment, years: Sequence[int], root: Path, file: Path
) -> None:
    """All parameters that a place needs are there, in their roles, and cover the years.

    years: of the model, that of the base population first.
    Raises ParameterError.
    """
    place = str(file)
    remedy = "name the set that holds it under `parameters`"
    raise_all(
        ParameterError,
        [
            fault(place, f"no parameter set gives '{name}'", remedy)
            for name in (*ADEQUACY, *bases.PARAMETERS.values())
            if name not in parameters
        ],
    )
    pipeline.check_parameters(parameters, place)
    raise_all(ParameterError, [*role_faults(root / "parameters", parameters.keys()), *_idle(parameters)])
    base, counted = experiment.years.base, parameters[BASE].record.year
    if not isinstance(counted, int) or base < counted or counted != years[0]:
        wrong = f"base {base}, but the base population is of {counted}"
        raise ParameterError(fault(f"{place}: years", wrong, f"write base: {counted}, or a later year"))
    Thresholds.of(parameters)
    raise_all(ParameterError, input_faults(parameters, years))
    Sampler(parameters, years, experiment.draws.seed)


def _idle(parameters: Mapping[str, Parameter]) -> Iterator[str]:
    """Named choices that nothing reads; numbers that nothing reads are refused by their file (limits.csv)."""
    read = {*pipeline.parameter_names(), *ADEQUACY, *_BACKTESTS}
    for name, parameter in parameters.items():
        if parameter.is_method and name not in read:
            yield no_parameter(f"{parameter.file}: {name.partition('.')[2]}", name, read)
