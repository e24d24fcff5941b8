from __future__ import annotations

import pytest
from paths import PARAMETERS

from sim.drafting.draft import load_lexicon
from sim.drafting.lexicon import Lexicon


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    return load_lexicon(PARAMETERS)
