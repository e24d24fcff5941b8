"""Rates of child deaths a power of ten off are told for every place; chance of few births is let pass."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from paths import PARAMETERS
from refusals.own_place import _sheet
from working_folder import make_workspace, run_cli

from sim.errors import SimError
from sim.params import read_sets
from sim.places import list_regions, read_place
from sim.places.rare import SPREAD, ends_by_chance

_RATES = ("infant_mortality", "u5_mortality")
_LEVEL = {name: float(read_sets(PARAMETERS, ["national"])[f"outcomes.{name}"].data) for name in _RATES}
FOLDERS = {code: region.folder for code, region in list_regions(PARAMETERS.parent).items()}
MADE = {"542522": "540000", "410522": "410500", "500112": "500000"}
"""A county of a thousand births or fewer, of several thousand, of tens of thousands; and its parent."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_workspace(tmp_path_factory.mktemp("children") / "work")


def _record(name: str, value: float, more: str = "") -> str:
    told = f"unit: per 1000\n    value: {value:.6g}\n    year: 2020\n    source: yearbook_rates"
    return (
        f"  {name}:\n    name: {{en: Rate, zh: 率}}\n    {told}\n    basis: measured\n    quality: B\n{more}"
    )


def _times(text: str, by: float) -> str:
    """The text of an outcomes.yaml with both rates so many times; the nation's, where it states none."""
    for name in _RATES:
        found = re.search(rf"(?<=\n  {name}:)(.*?value: )([\d.]+)", text, re.DOTALL)
        if found is None:
            text = text.rstrip("\n") + "\n" + _record(name, 1000 * by * _LEVEL[name])
        else:
            text = text[: found.start(2)] + f"{by * float(found[2]):.6g}" + text[found.end(2) :]
    return text


@contextmanager
def _written(path: Path, text: str) -> Iterator[None]:
    before = path.read_text("utf-8") if path.is_file() else None
    path.write_text(text, encoding="utf-8")
    try:
        yield
    finally:
        path.unlink() if before is None else path.write_text(before, encoding="utf-8")


def _told(folder: Path, code: str, where: str, by: float) -> str:
    path = folder / "parameters" / where / "outcomes.yaml"
    text = path.read_text("utf-8") if path.is_file() else "schema: 1\nparameters:\n"
    with _written(path, _times(text, by)):
        try:
            read_place(folder, code)
        except SimError as error:
            return str(error)
    return ""


@pytest.mark.sampled(6)
@pytest.mark.parametrize("code", [code for code in FOLDERS if code != "440507"])
def test_a_power_of_ten_is_told_of_every_place(folder: Path, code: str) -> None:
    _law(folder, code, FOLDERS[code])


def test_ten_times_few_is_told_though_below_four_times_the_level_above(folder: Path) -> None:
    _law(folder, "440507", FOLDERS["440507"])
    said = _told(folder, "440507", FOLDERS["440507"], 10)
    assert "infant_mortality | 20 per 1000 is 3.7 times the 5.4 of " in said
    assert "looks 10 times too large" in said


def _law(folder: Path, code: str, where: str) -> None:
    assert _told(folder, code, where, 1) == ""
    for by in (10, 0.1):
        said = _told(folder, code, where, by)
        for name in _RATES:
            assert re.search(rf"{where}/outcomes.yaml: {name} \| [\d.]+ per 1000 .* \| want ", said), said


@pytest.mark.slow
@pytest.mark.parametrize("code", MADE)
def test_a_power_of_ten_is_told_of_a_made_place(folder: Path, code: str) -> None:
    table = folder / f"{code}.csv"
    table.write_text(_sheet(code, "age,female,male"), encoding="utf-8")
    made = run_cli("region", "new", table, "--name", f"试{code}", "--parent", MADE[code], cwd=folder)
    assert made.code == 0, made.err
    (new,) = [
        r for r in list_regions(folder).values() if r.code not in FOLDERS and code in r.folder + r.name_zh
    ]
    _law(folder, new.code, new.folder)


@pytest.mark.parametrize("by", [10, 0.1])
@pytest.mark.parametrize("code", ["440507", *MADE])
def test_a_power_of_ten_that_is_set_is_told(folder: Path, code: str, by: float) -> None:
    own = read_place(folder, code)
    held = {name: float(own[f"outcomes.{name}"].data) * 1000 * by for name in _RATES}
    sets = [part for name, value in held.items() for part in ("--set", f"outcomes.{name}={value:.6g}")]
    file = folder / "experiments" / "case.yaml"
    years = "years: {base: 2020, end: 2030}\ntest_years: [2030]\ndraws: {n: 8, seed: 7}\n"
    file.write_text(f'schema: 1\nname: case\nregions: ["{code}"]\n{years}', encoding="utf-8")
    done = run_cli("run", file, "--no-charts", "--dry-run", "--lang", "en", *sets, cwd=folder)
    assert done.code == 2, done.err
    for name in _RATES:
        assert re.search(rf"--set \| outcomes.{name} = [\d.]+ is {by:g} times .* \| want ", done.err), (
            done.err
        )


def test_chance_leaves_a_small_place_more() -> None:
    """Of 300 births thirty in a thousand may die in a year, of a city's 45,000 not; none in neither."""
    spread = float(read_sets(PARAMETERS, ["national"])[SPREAD].data)
    ends = {n: np.array(ends_by_chance(0.0054 * n, spread)) / n * 1000 for n in (300, 45_000)}
    assert ends[300][0] == 0 < ends[45_000][0]
    assert ends[45_000][1] < 20 < 30 < ends[300][1]


def test_the_chance_is_gamma_and_poisson() -> None:
    """Against draws: rates about the level above as places differ, deaths about each rate."""
    rng, there, spread = np.random.default_rng(1), 30.0, 0.4
    rates = rng.gamma(1 / spread**2, there * spread**2, 2_000_000)
    deaths = rng.poisson(rates)
    low, high = ends_by_chance(there, spread)
    assert (deaths < low).mean() < 2e-4 > (deaths > high).mean()
    assert (deaths <= low).mean() > 0.5e-4 < (deaths >= high).mean()


def test_a_reason_lets_it_pass(folder: Path) -> None:
    where = FOLDERS["440507"]
    text = "schema: 1\nparameters:\n" + "".join(
        _record(name, 3700 * _LEVEL[name], "    unlike: a hospital of the whole prefecture\n")
        for name in _RATES
    )
    with _written(folder / "parameters" / where / "outcomes.yaml", text):
        assert float(read_place(folder, "440507")["outcomes.infant_mortality"].data) > 0.019


@pytest.mark.parametrize(("by", "said"), [(10, "54 per 1000 of the nation"), (0.1, "want 1.4 ")])
def test_the_nations_own_are_told(folder: Path, by: float, said: str) -> None:
    path = folder / "parameters" / "national" / "outcomes.yaml"
    with _written(path, _times(path.read_text("utf-8"), by)), pytest.raises(SimError, match=said):
        read_place(folder, "410200")


@pytest.mark.parametrize("by", [10, 0.1])
def test_counts_in_another_unit_than_the_censuses_are_told(folder: Path, by: float) -> None:
    """All figures of an observed.csv so many times: they agree with each other, not with the census."""
    path = folder / "parameters" / FOLDERS["410500"] / "observed.csv"
    text = re.sub(r"person,([\d.]+)", lambda m: f"person,{by * float(m[1]):.10g}", path.read_text("utf-8"))
    alone = "\n".join(line for line in text.split("\n") if "population" not in line)
    for content, name in ((text, "population_total"), (alone, "births"), (alone, "deaths")):
        with _written(path, content):
            done = run_cli("validate", path, cwd=folder)
        assert done.code == 2
        assert re.search(
            rf"observed.csv: line \d+: {name} of 2024 \| .* \| want .*looks 10 times too", done.err
        )


def test_a_table_of_one_kind_is_no_fault(folder: Path) -> None:
    path = folder / "parameters" / FOLDERS["410500"] / "observed.csv"
    births = [line for line in path.read_text("utf-8").split("\n") if "population" not in line]
    with _written(path, "\n".join(births)):
        assert run_cli("validate", path, cwd=folder).code == 0
