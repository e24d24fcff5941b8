"""A made-up run folder for the report's tests (see synthetic.py), written once."""

from pathlib import Path

import pytest
from synthetic import write_run


@pytest.fixture(scope="session")
def run_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_run(tmp_path_factory.mktemp("made_up") / "20250101-synthetic", draws=20)
