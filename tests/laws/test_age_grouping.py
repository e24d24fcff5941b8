"""How the ages of a table are grouped does not matter: the same people, the same rates, the same bytes.

A rate of a group is that of each of its ages; a count of a group is split by the method that is
stated. A table whose counts are already split by that method says the same, and so gives the same
tables of the whole run, from the census to the verdict.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from laws.test_order_and_scale import TABLES, shuffled, tables, working_folder
from paths import ROOT, read_rows

from sim import run_folder
from sim.agegroups import cohorts_at, split_evenly, split_groups
from sim.errors import ParameterError
from sim.params import read_file
from sim.places import read_place
from sim.places.tables import read_census
from sim.run.setup import set_up
from sim.schema import SEXES

Row = dict[str, str]
REGION = "regions/410500_anyang"
FIVE = tuple(range(0, 100, 5))


def write(path: Path, rows: list[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def adds_up(parameter: Any) -> bool:
    limits, record = parameter.limits, parameter.record
    return record.split is not None or "person" == record.unit or (limits and "age" in limits.over)


def aged_tables(root: Path) -> list[tuple[Path, Any]]:
    """Tables by age of the nation, each with its parameter."""
    found = {}
    for file in sorted((root / "national").glob("*.yaml")):
        for parameter in read_file(file, root).values():
            if parameter.record.table and "age" in parameter.record.dims:
                found[file.parent / parameter.record.table] = parameter
    return list(found.items())


def as_single(rows: list[Row]) -> list[Row]:
    """Each age of a group with the group's own figure, as text."""
    found = []
    for row in rows:
        rest = {c: v for c, v in row.items() if c not in ("age_start", "age_end", "value")}
        for age in range(int(row["age_start"]), int(row["age_end"]) + 1):
            found.append({**rest, "age": str(age), "value": row["value"]})
    return found


def as_groups(rows: list[Row]) -> list[Row]:
    """Neighbouring ages with the same figure as one group, every other age as a group of its own."""

    def but_age(row: Row) -> tuple[str, ...]:
        return tuple(v for c, v in row.items() if c != "age")

    found = []
    labels = [c for c in rows[0] if c not in ("age", "value")]
    ordered = sorted(rows, key=lambda r: (*(r[c] for c in labels), int(r["age"])))
    for _, same in groupby(enumerate(ordered), lambda x: (but_age(x[1]), int(x[1]["age"]) - x[0])):
        part = [row for _, row in same]
        rest = {c: v for c, v in part[0].items() if c not in ("age", "value")}
        ages = {"age_start": part[0]["age"], "age_end": part[-1]["age"]}
        found.append({**rest, **ages, "value": part[0]["value"]})
    return found


def regrouped(root: Path, grouped: bool, change: Callable[[list[Row]], list[Row]]) -> int:
    """Rates given by groups (or by single ages) written the other way; how many tables."""
    n = 0
    for path, parameter in aged_tables(root):
        rows = read_rows(path)
        if ("age_start" in rows[0]) == grouped and not adds_up(parameter):
            write(path, change(rows))
            n += 1
    return n


@pytest.fixture(scope="module")
def as_shipped(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("shipped")
    return tables(working_folder(folder / "work"), folder / "out")


@pytest.mark.slow
def test_rates_by_groups_are_the_rates_of_each_age(tmp_path: Path, as_shipped):
    """Every table of rates by age group, written age by age: no byte of any table moves."""
    path = working_folder(tmp_path / "work", copied=True)
    assert regrouped(tmp_path / "work" / "parameters", True, as_single) > 8
    assert tables(path, tmp_path / "out") == as_shipped


@pytest.mark.slow
def test_rates_by_single_ages_may_stand_in_groups(tmp_path: Path, as_shipped):
    """Every table of rates by single age in groups wherever neighbours are alike, rows shuffled."""
    path = working_folder(tmp_path / "work", copied=True)
    root = tmp_path / "work" / "parameters"
    before = sum(len(read_rows(p)) for p, _ in aged_tables(root))
    assert regrouped(root, False, as_groups) > 8
    assert sum(len(read_rows(p)) for p, _ in aged_tables(root)) < before - 500
    for table, _ in aged_tables(root):
        shuffled(table)
    assert tables(path, tmp_path / "out") == as_shipped


# counts


def people_by_group(starts: tuple[int, ...]) -> np.ndarray:
    """Anyang's base population summed over the groups, whole persons, (sex, group)."""
    base = read_place(ROOT, "410500")["population.base"].data
    single = np.asarray(base.transpose("sex", "age").sel(sex=list(SEXES)).values)
    return np.round(np.add.reduceat(single, list(starts), axis=1))


def split(groups: np.ndarray, starts: tuple[int, ...], method: str) -> np.ndarray:
    """The project's own methods, called by hand: by the nation's ages of that year, or evenly."""
    last = 100
    if method == "evenly":
        return np.stack([split_evenly(g, starts, last) for g in groups])
    rows = read_rows(ROOT / "parameters" / "national" / "population_reference_2020.csv")
    found = []
    for sex, own in zip(SEXES, groups, strict=True):
        pattern = np.zeros(last + 1)
        for row in rows:
            if row["sex"] == sex:
                pattern[int(row["age"])] = float(row["value"])
        found.append(split_groups(own, starts, last, cohorts_at(pattern, 0, 80)))
    return np.stack(found)


def with_base(folder: Path, rows: list[Row], method: str) -> Path:
    """A working folder where Anyang's people of the base year are this table."""
    path = working_folder(folder / "work", copied=True)
    region = folder / "work" / "parameters" / REGION
    file = region / "population.yaml"
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    content["parameters"]["base"] = {
        "name": {"en": "People by sex and age", "zh": "分性别年龄人口"},
        "unit": "person",
        "dims": ["sex", "age"],
        "table": "base.csv",
        "year": 2020,
        "source": "census_2020",
        "basis": "measured",
        "quality": "A",
        **({"split": "evenly"} if method == "evenly" else {}),
    }
    file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    write(region / "base.csv", rows)
    return path


SPLITS = {
    "five years": (*FIVE, 100),
    "abridged": (0, 1, *FIVE[1:], 100),
    "broad": (0, 15, 60, 65, 80, 100),
    "to 85 and over": FIVE[:18],
}


@pytest.mark.slow
@pytest.mark.parametrize("method", ["pattern", "evenly"])
@pytest.mark.parametrize("name", SPLITS)
def test_counts_by_groups_are_the_ages_they_are_split_into(tmp_path: Path, name: str, method: str):
    """People by group, and the same people by single age: every table of the run to the byte."""
    if name == "to 85 and over" and method == "evenly":
        pytest.skip("nobody splits an open group evenly")
    starts = SPLITS[name]
    ends = (*(s - 1 for s in starts[1:]), 100)
    groups = people_by_group(starts)
    single = split(groups, starts, method)
    np.testing.assert_allclose(np.add.reduceat(single, list(starts), axis=1), groups, rtol=1e-12)
    by_group = [
        {"sex": sex, "age_start": str(a), "age_end": str(b), "value": repr(float(v))}
        for sex, own in zip(SEXES, groups, strict=True)
        for a, b, v in zip(starts, ends, own, strict=True)
    ]
    by_age = [
        {"sex": sex, "age": str(age), "value": repr(float(v))}
        for sex, own in zip(SEXES, single, strict=True)
        for age, v in enumerate(own)
    ]
    one = tables(with_base(tmp_path / "groups", by_group[::-1], method), tmp_path / "out_groups")
    two = tables(with_base(tmp_path / "ages", by_age, method), tmp_path / "out_ages")
    for table in TABLES:
        assert one[table] == two[table], table
    people = [r for r in csv.DictReader(one["timeseries.csv"].lstrip("\ufeff").splitlines())]
    (total,) = [
        float(r["central"])
        for r in people
        if (r["variable"], r["group"], r["year"]) == ("population", "total", "2020")
    ]
    assert total == pytest.approx(groups.sum(), rel=1e-6)  # no group stands on each of its ages


@pytest.mark.parametrize("width", [1, 10])
def test_a_census_in_other_groups_than_the_nations_is_refused_by_its_ages(tmp_path: Path, width: int):
    """What is made from two censuses compares them group by group with the nation's."""
    path = working_folder(tmp_path / "work", copied=True)
    table = tmp_path / "work" / "parameters" / REGION / "census_2020.csv"
    census = read_census(table)
    starts = (0, 1, *range(width if width > 1 else 2, 85, width), 85)
    rows = []
    for sex, own in zip(SEXES, split(census.counts, census.starts, "pattern"), strict=True):
        for start, end in zip(starts, (*(s - 1 for s in starts[1:]), 100), strict=True):
            value = repr(float(own[start : end + 1].sum()))
            rows.append({"sex": sex, "age_start": str(start), "age_end": str(end), "value": value})
    write(table, rows)
    with pytest.raises(
        ParameterError, match=r"census_2020.csv \| a census of 2020 has first ages \[0, 1, .*want"
    ):
        run_folder.run_experiment(set_up(path), tmp_path / "out", charts=False, workers=1)
