"""What set-up can know is refused at set-up: by file, line, value and remedy, before anything is run."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from paths import ROOT
from place import place

from sim.errors import ParameterError, SimError
from sim.params import override
from sim.run.acting import other_years
from sim.run.possible import DIALS, after_counts, counted_faults
from sim.run.setup import set_up

BASE = "parameters/regions/410500_anyang/base_population.csv"
ASFR = "parameters/regions/410500_anyang/fertility_asfr_by_order.csv"
CENSUS = "parameters/regions/410500_anyang/census_2020.csv"
CARERS = "parameters/national/children_per_carer.csv"
ADMISSIONS = "parameters/national/admission_rate.csv"
MX = "parameters/national/mortality_mx.csv"


@pytest.fixture(scope="module")
def folder(workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("possible") / "plan"
    shutil.copytree(workspace, copy, ignore=shutil.ignore_patterns("outputs"))
    for table, name, dims in (
        (BASE, "population.base", "sex, age"),
        (ASFR, "fertility.asfr_by_order", "age, order"),
    ):
        _own_table(copy / table, name, dims)
    return copy


def _own_table(path: Path, name: str, dims: str) -> None:
    """What is computed of Anyang written out as a table of its own, which then wins."""
    topic, _, key = name.partition(".")
    parameter = place("410500")[name]
    columns = dims.replace(" ", "").split(",")
    cells = parameter.data.transpose(*columns).to_series()
    rows = [f"{','.join(map(str, at))},{value:.8g}" for at, value in cells.items()]
    path.write_text("\n".join([",".join((*columns, "value")), *rows]) + "\n", encoding="utf-8")
    record = path.parent / f"{topic}.yaml"
    own = (
        f"  {key}: {{name: {{en: a, zh: 甲}}, unit: {parameter.record.unit}, dims: [{dims}], "
        f"table: {path.name}, year: 2020, source: census_2020, basis: measured, quality: A}}\n"
    )
    record.write_text(record.read_text("utf-8").rstrip("\n") + "\n" + own, encoding="utf-8")


@pytest.fixture
def told(folder: Path) -> Callable[..., str]:
    """Function: one file changed -> what set-up says of an experiment."""
    kept: dict[Path, str] = {}

    def change(file: str, change: Callable[[str], str]) -> str:
        path = folder / file
        kept[path] = path.read_text(encoding="utf-8")
        path.write_text(change(kept[path]), encoding="utf-8")
        with pytest.raises(SimError) as caught:
            set_up(folder / "experiments" / "small.yaml", scenarios=["reference"])
        return str(caught.value)

    yield change
    for path, text in kept.items():
        path.write_text(text, encoding="utf-8")


def scaled(factor: float, only: str = "") -> Callable[[str], str]:
    """Last column times a factor, in rows that begin so."""

    def change(text: str) -> str:
        head, *rows = text.splitlines()
        out = [head]
        for row in rows:
            front, _, value = row.rpartition(",")
            out.append(f"{front},{float(value) * factor if row.startswith(only) else value}")
        return "\n".join(out) + "\n"

    return change


def replaced(old: str, new: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        assert re.search(old, text, re.M)
        return re.sub(old, new, text, count=1, flags=re.M)

    return change


CASES = [
    (BASE, scaled(0), r"base \| 0 people \| give the people"),
    (BASE, scaled(0, "female"), "nobody is female | give the people of both sexes"),
    (BASE, scaled(-1), "base_population.csv: line [0-9]+ .* want 0 to"),
    (BASE, scaled(1000), r"value 603\d{5} person \| want 0 to 5e\+07 \(11 lines\)"),
    (BASE, replaced(r"^female,37,.*\n", ""), "no value for age 37 at sex=female"),
    (BASE, replaced(r"^male,100,", "male,101,"), r"line 20[0-9].*age 101 is outside 0..100"),
    (BASE, replaced(r"^female,37,.*", "female,37,12;5"), "line 39 .* value '12;5' .* a number is wanted"),
    (CENSUS, scaled(0, "female"), r"census_2020.csv \| nobody is female \| give the people of both sexes"),
    (CENSUS, scaled(-1), r"census_2020.csv: line 2 \| value -23023.0 \| a count of 0 or more"),
    (CENSUS, scaled(1000), r"5477614000 people, 5173188 in 2010; looks 1,000 times too large \| persons"),
    (MX, scaled(1000), r"mortality_mx.csv: line \d+ .* looks like a figure per 1000 or 10000"),
    (ADMISSIONS, scaled(0), r"inpatient.admission_rate: 0 at every age \| a rate above 0 at some age"),
    (CARERS, replaced("^2,.*", "2,0"), r"children_per_carer: 0 at an age from 0 to 2 \| above 0"),
    (ASFR, scaled(1000), r"asfr_by_order.csv: line \d+ .* looks like a figure per 100 or 1000"),
    (ASFR, replaced(r"^60,1,0$", "60,1,0.01"), "0.01 at age=60, order=1 | want 0 outside ages 10 to 54"),
    (ASFR, replaced(r"^5,1,0$", "5,1,0.01"), "0.01 at age=5, order=1 | want 0 outside ages 10 to 54"),
    (ASFR, replaced(r",1,", ",one,"), "order 'one' is unknown"),
    (
        "parameters/national/elderly_care.yaml",
        replaced("value: 57\n|value: 0.57", "value: 1.05"),
        "community_bed_share",
    ),
    ("experiments/small.yaml", replaced(r"end: \d+", "end: 2024"), "is outside 2020..2024"),
]


@pytest.mark.sampled(5)
@pytest.mark.parametrize(("file", "change", "text"), CASES, ids=[c[2][:40] for c in CASES])
def test_an_input_that_no_run_can_have(told, file: str, change: Callable[[str], str], text: str):
    found = told(file, change)
    assert re.search(text, found) or text in found, found


def test_a_plan_beyond_the_horizon(folder: Path):
    path = folder / "experiments" / "short.yaml"
    text = (folder / "experiments" / "small.yaml").read_text(encoding="utf-8")
    text = text.replace("end: 2030", "end: 2024").replace("test_years: [2025, 2030]", "test_years: [2024]")
    path.write_text(text, encoding="utf-8")
    wanted = r"target year 2025 of 'anyang_14fyp' is beyond the end 2024 \| write end: 2025"
    with pytest.raises(SimError, match=wanted):
        set_up(path, scenarios=["reference"])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"fertility.tfr_change": {2023: 0, 2024: -0.1}}, r"tfr_change is -0.1 in 2024.*write 0 up to 2025"),
        ({"mortality.e0_change": 1.0}, r"e0_change is 1 in 2025"),
        (
            {"fertility.three_child_quantum": 0.05},
            r"three_child_quantum acts from 2021.*three_child_start: 2026",
        ),
    ],
)
def test_a_scenario_of_counted_years_is_refused(changes, message):
    own = place("410500")
    moved = dict(own)
    for name, value in changes.items():
        moved = override(moved, name, value, "test")
    (fault,) = counted_faults(moved, own, "scenarios.x")
    assert re.search(message, fault)
    for name, value in changes.items():
        path = after_counts(own, name, value)
        assert isinstance(value, dict) or "quantum" in name or path == {2025: 0, 2026: value}
        assert not isinstance(value, dict) or path is value
    later = dict(own)
    for name in changes:
        value = {2025: 0, 2026: -0.1} if "quantum" not in name else 0.05
        later = override(later, name, value, "test")
    later = override(later, "fertility.three_child_start", 2026, "test")
    assert not counted_faults(later, own, "scenarios.x")


@pytest.mark.sampled(3)
@pytest.mark.parametrize("dial", ["fertility.tfr_change", "fertility.birth_support", "mortality.e0_change"])
@pytest.mark.parametrize("form", [lambda v: v, lambda v: {"add": v}])
def test_a_plain_number_of_a_scenario_acts_after_the_last_count(experiment, dial, form):
    """In a scenario and by --set: what is counted stands, and what comes after moves by the number."""
    moved = {"overrides": {"x": {dial: form(0.05)}}, "scenarios": {"reference": [], "moved": ["x"]}}
    setup = set_up(experiment(**moved))
    given = set_up(experiment(), settings=[(dial, form(0.05))])
    for own in (setup.parameters["moved", "410500"], given.parameters["reference", "410500"]):
        path = own[dial].data
        assert [float(path.interp(year=y)) for y in (2025, 2026)] == pytest.approx([0.0, 0.05])
        assert float(path.max()) == pytest.approx(0.05)
        assert "2026" in own[dial].changed


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("mortality.mx", 2, r"e0: female \| 77.83 years is not reached.*; set were mortality.mx"),
        ("migration.level", -10_000_000, r"more people leave in 20.*; set were migration.level"),
        (
            "migration.level",
            700_000,
            r"700000 net migrants a year among 5473910 residents \| want at most 656869",
        ),
        (
            "migration.level",
            {"add_per_1000": 200},
            r"net migrants a year among .*write \{value: ..., exact: why\}",
        ),
        ("workforce.entry_age", 80, r"workforce.entry_age \| 80 \(cadre=doctors\).*an age of staff within"),
    ],
)
def test_what_the_central_path_cannot_be_is_refused_before_the_run(name: str, value: Any, text: str):
    with pytest.raises(ParameterError, match=text):
        set_up(ROOT / "experiments" / "anyang_14fyp.yaml", settings=[(name, value)], scenarios=["reference"])


def test_as_many_newcomers_as_a_place_has_people_say_why():
    """Up to the fastest growth of a total none needs a reason; beyond it one is taken."""
    for value in (650_000, {"value": 700_000, "exact": "a new town"}):
        set_up(
            ROOT / "experiments" / "anyang_14fyp.yaml",
            settings=[("migration.level", value)],
            scenarios=["reference"],
        )


@pytest.mark.parametrize(
    ("key", "value", "taken"),
    [
        ("inpatient.alos", {2040: 9, 2050: 8}, False),
        ("inpatient.alos", {"2040": 9}, False),
        ("inpatient.alos.tertiary", {2040: 9, 2050: 8}, False),
        ("inpatient.alos", {"tertiary": {2040: 9, 2050: 8}}, False),
        ("inpatient.alos", {"multiply": {2040: 0.9, 2050: 0.8}}, False),
        ("inpatient.alos", {"multiply": {2040: 1, 2050: 0.8}}, True),
        ("inpatient.alos", {2010: 9, 2015: 8}, False),
        ("inpatient.alos", {2010: 9, 2050: 8}, True),
        ("supply.beds_growth", {2040: 0, 2050: 0.1}, False),
        ("fertility.tfr_change", {2040: 0, 2050: -0.2}, True),
        ("migration.level", {"add_per_1000": {2040: 1, 2050: 2}}, False),
        ("migration.level", {"add_per_1000": {2040: 0, 2050: 2}}, True),
    ],
)
def test_a_path_beyond_the_run_is_refused_where_it_would_hold_within_it(key: str, value: Any, taken: bool):
    """What begins by changing nothing is the path of a longer run; else its first value would hold."""
    told = list(other_years("--set", key, value, range(2020, 2036), 0 if key in DIALS else None))
    assert (told == []) is taken
    assert taken or "of no year of this run: 20" in told[0]
