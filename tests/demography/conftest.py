"""Parameters of a region for the demography tests, read from the repository's files."""

from pathlib import Path

import pytest
import xarray as xr
from paths import PARAMETERS
from place import place

from sim.params import Parameter, Sampler

TOPICS = ("population", "mortality", "fertility", "migration")


def region_parameters(code: str) -> dict[str, Parameter]:
    """Demographic parameters of a region by dotted name."""
    return {name: p for name, p in place(code).items() if name.partition(".")[0] in TOPICS}


def sampled(
    parameters: dict[str, Parameter], draws: int = 0, end: int = 2035, seed: int = 1
) -> dict[str, xr.DataArray]:
    """Parameters of draws 0..draws over 2020..end."""
    return Sampler(parameters, range(2020, end + 1), seed).block(range(draws + 1))


@pytest.fixture(scope="session")
def region():
    """Function: code of a region -> its parameters."""
    return region_parameters


@pytest.fixture(scope="session")
def draw():
    """Function: parameters, draws, end -> arrays for the stage."""
    return sampled


@pytest.fixture(scope="session")
def anyang() -> dict[str, Parameter]:
    return region_parameters("410500")


@pytest.fixture(scope="session")
def national() -> Path:
    return PARAMETERS / "national"
