"""The map of a grid of two factors: each cell the run of its two values, the line where it is enough."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from sim.charts.folder import list_folder, plot_folder
from sim.charts.grid import cells, heat_map, is_pair
from sim.charts.style import use
from sim.charts.swept import SavedSweep, open_sweep

OUTPUT = "beds_ratio.total"
OCCUPANCY, STAY, THIRD = "inpatient.base_occupancy", "inpatient.alos_growth", "inpatient.icu_share"
LONG = ("x0.9", "x1", "x1.1")
STAYS = ("-0.02", "0")


def folder_of(folder: Path, factors: tuple[str, ...] = (OCCUPANCY, STAY)) -> SavedSweep:
    """A saved grid: the ratio is 1.1 at the low ends, .1 less for a step of occupancy, .3 of stay."""
    names = {name: {"zh": f"因素{i}", "en": f"Factor {i}"} for i, name in enumerate(factors)}
    meta = {"method": "grid", "names": names, "runs": 6, "output_names": {}, "regions": []}
    (folder / "sweep.json").write_text(json.dumps(meta), encoding="utf-8")
    place = {"scenario": "reference", "region": "410500"}
    measured = ("factor", "measure", "value", "low", "high", "value_unit")
    row = place | {"output": OUTPUT, "year": "2035", "unit": "1"} | dict.fromkeys(measured, "")
    units = {OCCUPANCY: "x central", STAY: "per year", THIRD: "%"}
    with (folder / "sensitivity.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(row))
        writer.writeheader()
        for factor in reversed(factors):
            own = {"factor": factor, "measure": "main_range", "value": "0.3", "value_unit": units[factor]}
            writer.writerow(row | own)
    with (folder / "runs.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*place, "run", OCCUPANCY, STAY, f"{OUTPUT}@2035"])
        for i, used in enumerate(LONG):
            for j, stay in enumerate(STAYS):
                writer.writerow([*place.values(), i * 2 + j, used, stay, 1.1 - 0.1 * i - 0.3 * j])
    return open_sweep(folder)


def test_each_cell_is_the_run_of_its_two_values(tmp_path: Path) -> None:
    sweep = folder_of(tmp_path)
    xs, ys, values = cells(sweep, sweep.rows[0], STAY, OCCUPANCY)
    assert (xs, ys) == (list(STAYS), list(LONG))
    assert values == pytest.approx(np.array([[1.1, 0.8], [1.0, 0.7], [0.9, 0.6]]))
    turned = cells(sweep, sweep.rows[0], OCCUPANCY, STAY)[2]
    assert turned == pytest.approx(values.T)


@pytest.mark.parametrize(
    ("lang", "said", "name"), [("zh", "恰好够用", "因素1（/年）"), ("en", "just enough", "")]
)
def test_figures_axes_and_the_line_of_balance(tmp_path: Path, lang: str, said: str, name: str) -> None:
    sweep = folder_of(tmp_path)
    with use(lang) as language:
        fig = heat_map(sweep, sweep.rows, language)
        (ax,) = fig.axes
        assert [text.get_text() for text in ax.texts] == ["1.10", "0.80", "1.00", "0.70", "0.90", "0.60"]
        assert [text.get_text() for text in ax.get_xticklabels()] == ["−0.02", "0"]
        assert [text.get_text() for text in ax.get_yticklabels()] == ["×0.9", "×1", "×1.1"]
        assert ax.get_xlabel() == (name or "Factor 1 (a year)")
        words = [text.get_text() for legend in fig.legends for text in legend.get_texts()]
        assert words == [said]
        low, high = ax.get_ylim()
        assert low < high  # the lowest value at the bottom


def test_a_grid_that_is_never_enough_has_no_line(tmp_path: Path) -> None:
    sweep = folder_of(tmp_path)
    text = (tmp_path / "runs.csv").read_text(encoding="utf-8")
    (tmp_path / "runs.csv").write_text(text.replace("1.1\n", "0.95\n"), encoding="utf-8")
    with use("en") as lang:
        fig = heat_map(sweep, sweep.rows, lang)
        assert fig.legends == []


def test_plot_draws_and_lists_it_for_two_factors_alone(tmp_path: Path) -> None:
    folder_of(tmp_path)
    drawn = plot_folder(tmp_path, lang="en")
    assert [p.name for p in drawn] == [f"grid_{OUTPUT}_2035_en.png", f"grid_map_{OUTPUT}_2035_en.png"]
    assert "and a map of both factors" in list_folder(tmp_path, "en")
    assert "两因素热图" in list_folder(tmp_path, "zh")
    three = tmp_path / "three"
    three.mkdir()
    assert not is_pair(folder_of(three, (OCCUPANCY, STAY, THIRD)))
    assert "map" not in list_folder(three, "en")
