"""A figure by head is held against that of the level above; a reason stated beside it lets it pass."""

from __future__ import annotations

from pathlib import Path

import pytest
from paths import PARAMETERS
from working_folder import make_workspace

from sim.errors import ParameterError
from sim.params import read_sets

_SETS = ("national", "standards", "regions/410500_anyang")
_SUPPLY = "regions/410500_anyang/supply.yaml"


def _beds(folder: Path, value: str, more: str = "") -> float:
    path = folder / "parameters" / _SUPPLY
    text = path.read_text("utf-8").replace("value: 5.76\n", f"value: {value}\n{more}")
    path.write_text(text, encoding="utf-8")
    return float(read_sets(folder / "parameters", _SETS)["supply.beds_base"].data)


def test_what_is_shipped_passes() -> None:
    assert float(read_sets(PARAMETERS, _SETS)["supply.beds_base"].data) == pytest.approx(0.00576)


@pytest.mark.parametrize(("value", "said"), [("0.576", "10 times too small"), ("28", "4.33 times the 6.46")])
def test_another_unit_is_said(tmp_path: Path, value: str, said: str) -> None:
    with pytest.raises(ParameterError, match=rf"supply.yaml: beds_base \| {value} per 1000 .*{said}|{said}"):
        _beds(make_workspace(tmp_path / "work"), value)


def test_a_reason_lets_it_pass(tmp_path: Path) -> None:
    folder = make_workspace(tmp_path / "work")
    assert _beds(folder, "28", "    unlike: hospitals of a whole province\n") == pytest.approx(0.028)


def test_the_bounds_are_read(tmp_path: Path) -> None:
    """What is within them passes, a little outside does not."""
    folder = make_workspace(tmp_path / "work")
    assert _beds(folder, "25.8") == pytest.approx(0.0258)
    path = folder / "parameters" / "national" / "observation.yaml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("value: 4\n", "value: 3.9\n"), encoding="utf-8")
    with pytest.raises(ParameterError, match=r"3.99 times"):
        read_sets(folder / "parameters", _SETS)
