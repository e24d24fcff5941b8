"""Every fault is refused with exit 2: file, place, value, remedy; nothing written, no traceback."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from paths import ROOT, read_rows
from refusals.fault import Fault, Refusal, refuse
from refusals.page import FAULTS, made, page
from working_folder import run_cli

from sim.commands.refusals import spoken

LEAST = 120
KINDS = ("ConfigError:", "ParameterError:", "PlanError:", "run failed:")  # others are said by click
ENGLISH = re.compile(
    r"\b(the|is|are|was|of|not|that|which|with|or|and|want|write|has|have|had|such|than|should|cannot|it|be)\b"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("refusals") / "work")


@pytest.fixture(scope="module")
def refusals() -> dict[str, Refusal]:
    """What came of each fault, kept for the page."""
    return {}


# one of twelve for each test run, the first of all among them; all with the slow ones
EACH = [pytest.param(f, id=f.id, marks=() if i % 12 == 0 else pytest.mark.slow) for i, f in enumerate(FAULTS)]


@pytest.mark.parametrize("fault", EACH)
def test_a_fault_is_refused(fault: Fault, folder: Path, refusals: dict[str, Refusal]) -> None:
    refusals[fault.id] = found = refuse(fault, folder)
    assert found.outcome.code == fault.code, found.message
    assert not found.written
    assert "Traceback" not in found.message
    assert "Warning" not in found.message
    assert [part for part in fault.says if part not in found.message] == [], found.message
    if found.message.startswith(KINDS):
        assert english_in(spoken(found.message, "zh")) == []


def english_in(message: str) -> list[str]:
    """Pieces of a Chinese message that hold words of an English sentence: quoted texts and lists are none."""
    pieces = re.split(
        "[|：，；。（）\n]", re.sub("“[^”]*”|'[^']*'|`[^`]*`|healthplan .*|已有：.*", " ", message)
    )
    return [piece.strip() for piece in pieces if ENGLISH.search(piece)]


def test_there_are_enough_of_them_and_none_twice() -> None:
    assert len({fault.id for fault in FAULTS}) == len(FAULTS) >= LEAST
    assert len({fault.did + fault.id.partition("-")[0] for fault in FAULTS}) == len(FAULTS)


def test_the_page_is_fresh(refusals: dict[str, Refusal]) -> None:
    if len(refusals) < len(FAULTS):
        pytest.skip("only some of the faults were done")
    assert (ROOT / "docs" / "errors.md").read_text("utf-8") == page(refusals), "run: make errors"


def test_a_folder_without_a_fault_is_not_refused(folder: Path) -> None:
    """The faults are not refused for what surrounds them."""
    done = run_cli("validate", "experiments/small.yaml", "parameters/plans/anyang_14fyp", cwd=folder)
    assert done.code == 0, done.err


@pytest.mark.parametrize(
    "table", ["regions/410500_anyang/census_2020.csv", "national/mortality_mx.csv", "national/call_ratio.csv"]
)
def test_shuffled_rows_are_the_same_table(table: str, folder: Path) -> None:
    """The order of rows says nothing: the same parameters, bit for bit."""
    from sim.params import read_sets
    from sim.places import read_place

    def digest() -> dict[str, bytes]:
        found = read_place(folder, "410500") if "regions" in table else read_sets(path, ["national"])
        return {name: p.data.values.tobytes() for name, p in found.items() if not p.is_method}

    path = folder / "parameters"
    file = path / table
    text = file.read_text("utf-8")
    before = digest()
    head, *rows = text.strip().split("\n")
    random.Random(1).shuffle(rows)
    try:
        file.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
        assert digest() == before
        assert len(read_rows(file)) == len(rows)
    finally:
        file.write_text(text, encoding="utf-8")
