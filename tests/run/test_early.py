"""What is refused because it is read before anything is set moves nothing in a run, counts or not."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from paths import ROOT

from sim.errors import ParameterError, SimError
from sim.run.acting import early_faults
from sim.run.runner import check_set, plan_blocks, with_draws
from sim.run.setup import Setup, set_up

COUNTS = """\
indicator,year,value,unit,quality,source
population,2021,541.9,万人,B,made up
births,2021,4.1,万人,B,made up
deaths,2021,4.0,万人,B,made up
beds,2022,32500,张,B,made up
life_expectancy,2022,78.2,岁,B,made up
"""
ANYANG = ROOT / "experiments" / "anyang_14fyp.yaml"


@cache
def names() -> tuple[str, ...]:
    """Every parameter of Anyang that a run refuses to set."""
    setup = set_up(ANYANG, scenarios=["reference"])
    (own,) = setup.parameters.values()
    how = (setup.experiment, setup.file)
    early = [n for n in own if early_faults(*how, [(n, 1)], setup.parameters)]
    return tuple(n for n in early if not own[n].is_method)


def made(folder: Path, *settings: tuple[str, object]) -> Setup:
    table = folder / "known.csv"
    if not table.is_file():
        table.write_text(COUNTS, encoding="utf-8")
    known = [f"410500={table}"]
    return with_draws(set_up(ANYANG, scenarios=["reference"], known=known, settings=settings), 2)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("early")


@cache
def plain(folder: Path) -> dict[str, np.ndarray]:
    return {name: array.values for name, array in plan_blocks(made(folder))[0].compute().items()}


def test_some_are_refused_and_what_stages_read_is_not():
    assert {"observation.stock_error", "migration.child_tie", "known.error"} <= set(names())
    assert not {"fertility.tfr", "cost.build", "hospital.season", "adequacy.fewest_draws"} & set(names())


@pytest.mark.sampled(12)
@pytest.mark.parametrize("share", range(12))
def test_it_moves_nothing(folder: Path, share: int):
    for name in names()[share::12]:
        for factor in (1.05, 0.95):
            try:
                setup = made(folder, (name, {"multiply": factor}))
            except SimError:  # parts of a whole, limits
                continue
            for series, array in plan_blocks(setup)[0].compute().items():
                np.testing.assert_array_equal(array.values, plain(folder)[series], err_msg=f"{name} {series}")
            with pytest.raises(ParameterError, match=f"{name} moves nothing here"):
                check_set(setup)
            break
