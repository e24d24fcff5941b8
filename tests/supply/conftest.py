"""The made-up population and the parameter folder for tests of this stage."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from health_world import health_params, world


@pytest.fixture(scope="session")
def params():
    return health_params()


@pytest.fixture(scope="session")
def inputs():
    return world()
