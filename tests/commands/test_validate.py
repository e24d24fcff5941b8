"""`healthplan validate`: every fault of every file at once, for parameters and for plans."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from paths import ROOT

from sim.commands.validate import validate
from sim.errors import ConfigError

RECORD = """\
schema: 1
parameters:
  x:
    name: {en: A, zh: 甲}
    unit: percent
    value: 5
    year: 2020
    source: census_2020
    basis: measured
    quality: A
"""
TABLE = RECORD.replace("value: 5", "dims: [sex, age]\n    table: x.csv")


def cells(value: str = "1") -> str:
    rows = [f"{sex},{age},{value}" for sex in ("female", "male") for age in range(101)]
    return "\n".join(["sex,age,value", *rows, ""])


@pytest.fixture
def told(tmp_path: Path) -> Callable[..., list[str]]:
    """Function: a parameter file (and its table) -> its faults, places shortened."""
    (tmp_path / "parameters" / "national").mkdir(parents=True)
    listed = "census_2020: {title: {zh: 普查, en: Census}}\n"
    (tmp_path / "parameters" / "sources.yaml").write_text(listed, encoding="utf-8")
    folder = tmp_path / "parameters" / "national"

    def check(text: str, table: str | None = None) -> list[str]:
        (folder / "x.yaml").write_text(text, encoding="utf-8")
        if table is not None:
            (folder / "x.csv").write_text(table, encoding="utf-8")
        try:
            validate([folder / "x.yaml"])
        except ConfigError as error:
            return [line.replace(f"{folder}/", "") for line in str(error).splitlines()]
        return []

    return check


def test_what_is_right_has_no_fault(told):
    assert told(RECORD) == []
    assert told(TABLE, cells()) == []


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("value: 5", "value: 130", "x.yaml: x | a value is 130 percent | want 0 to 100"),
        ("value: 5", "value: -1", "x.yaml: x | a value is -1 percent | want 0 to 100"),
        ("value: 5", "value: true", "x.yaml: x.value | True is not a finite number | write one"),
        ("value: 5", "value: .nan", "x.yaml: x.value | nan is not a finite number | write one"),
        ("value: 5", "value: five", "x.yaml: x | value 'five' is not a number | write one without quotes"),
        ("value: 5", "path: {}", "x.yaml: x | path is empty | give {year: number}"),
        (
            "value: 5",
            "dims: [sex]\n    values: {femal: 1, male: 2}",
            "x.yaml: x | sex 'femal' is unknown | did you mean 'female'?",
        ),
        (
            "value: 5",
            "dims: [sex]\n    values: {male: 2}",
            "x.yaml: x | sex 'female' is missing | want ['female', 'male']",
        ),
        (
            "value: 5",
            "dims: [age]\n    values: {0: 1, 1: 2}",
            "x.yaml: x | ages are not 0..100 | give every single age, or a table",
        ),
        (
            "value: 5",
            "dims: [sex, sex]\n    values: {a: {a: 1}}",
            "x.yaml: x | dims ['sex', 'sex'] | name each once, draw never",
        ),
        ("unit: percent", "unit: percents", "x.yaml: x | unit 'percents' unknown | write 'percent'"),
        (
            "census_2020",
            "cencus_2020",
            "x.yaml: x.source | 'cencus_2020' is not listed | did you mean 'census_2020'?",
        ),
        (
            "quality: A",
            "quality: C",
            "x.yaml: x | quality C, basis measured, but no range | give `range`, or `exact` with the reason",
        ),
        ("quality: A", "qualiti: A", "x.yaml: x.qualiti | unknown key | did you mean 'quality'?"),
        (
            "  x:",
            "  5:",
            "x.yaml: 5 | is no name of a parameter | a name is small letters, digits and _, a letter first",
        ),
        (
            "quality: A",
            "quality: A\n    range: {distribution: pert, low: 1.1, high: 0.9}",
            "x.yaml: x.range | low 1.1 is above high 0.9 | swap them",
        ),
        (
            "quality: A",
            "quality: A\n    range: {distribution: pert, low: 1.1, high: 1.2}",
            "x.yaml: x.range | 1.1..1.2 (relative) does not hold the centre 1 | widen it",
        ),
        ("schema: 1", "schema: 7", "x.yaml: schema | 7 is no version | write 1"),
    ],
)
def test_faults_of_a_record(told, old: str, new: str, line: str):
    assert line in told(RECORD.replace(old, new))


@pytest.mark.parametrize("content", ["parameters:", "parameters: [1]", "parameters: {x: 5}"])
def test_what_is_no_record(told, content: str):
    lines = told(f"schema: 1\n{content}\n")
    assert len(lines) == 1
    assert "write" in lines[0]


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        (
            "female,37,1\n",
            "",
            "x.csv | no value for age 37 at sex=female | cover ages 0 to 100 without a gap",
        ),
        (
            "female,3,1\n",
            "female,3,1\nfemale,3,1\n",
            "x.csv: line 6 | sex=female, age=3 stands twice (also on line 5) | keep one of them",
        ),
        ("male,37,1", "male,37,", "x.csv: line 39 | value '' | a number is wanted"),
        ("male,37,1", "male,37,nan", "x.csv: line 39 | value nan | a finite number is wanted"),
        ("male,37,1", "male,37,1_0x", "x.csv: line 39 | value '1_0x' | a number is wanted"),
        ("male,37,1", "male,3.5,1", "x.csv: line 39 | age '3.5' | a whole number is wanted"),
        ("male,37,1", "male,37,-0.1", "x.csv: line 39 | value -0.1 percent | want 0 to 100 (2 lines)"),
        ("female,", "woman,", "x.csv: line 2 | sex 'woman' is unknown (101 lines) | known: female, male"),
        (
            "sex,age,value",
            "sex,ages,value",
            "x.csv | column 'age' is missing | found: ['sex', 'ages', 'value']",
        ),
    ],
)
def test_faults_of_a_table(told, old: str, new: str, line: str):
    assert line in told(TABLE, cells().replace(old, new))


@pytest.mark.parametrize(
    ("groups", "line"),
    [
        ("0,50 51,100", None),
        (
            "0,50 50,100",
            "x.csv: line 3 | sex=female, age=50 stands twice (also on line 2) | keep one of them",
        ),
        ("0,50 52,100", "x.csv | no value for age 51 at sex=female | cover ages 0 to 100 without a gap"),
        ("50,0 51,100", "x.csv: line 2 | age_start 50 above age_end 0 | swap them"),
        ("0,50 51,120", "x.csv: line 3 | age_end 120 is outside 0..100 | 100 means 100 and over"),
        ("0,50 51,99", "x.csv | no value for age 100 at sex=female | cover ages 0 to 100 without a gap"),
    ],
)
def test_age_groups_cover_all_ages_once(told, groups: str, line: str | None):
    rows = [f"{sex},{group},1" for sex in ("female", "male") for group in groups.split()]
    found = told(TABLE, "\n".join(["sex,age_start,age_end,value", *rows, ""]))
    assert (line in found) if line else found == []


@pytest.fixture
def plan(damaged: Path) -> Callable[[int, str], str]:
    """Function: one field of the beds target replaced -> what validate says of the plan."""
    path = damaged / "parameters" / "plans" / "anyang_14fyp" / "indicators.csv"
    text = path.read_text(encoding="utf-8")
    row = next(r for r in text.splitlines() if r.startswith("beds_per_1000,target"))

    def change(field: int, value: str) -> str:
        cells = row.split(",")
        cells[field] = value
        path.write_text(text.replace(row, ",".join(cells)), encoding="utf-8")
        with pytest.raises(ConfigError) as caught:
            validate([path.parent])
        return str(caught.value)

    return change


@pytest.mark.parametrize(
    ("field", "value", "wrong"),
    [
        (0, "beds_per_100", "unknown indicator 'beds_per_100' | did you mean 'beds_per_1000'?"),
        (1, "targt", "kind 'targt' is unknown | one of baseline, target"),
        (2, "2019", "target year 2019 is not after its baseline year | write a year after 2020"),
        (3, "=>", "operator '=>' is unknown | one of"),
        (4, "abc", "value 'abc' is not a number or a range | write 4.5 or 5-6"),
        (4, "576", "beds_per_1000 = 576 per 1000 is not plausible | between"),
        (5, "per 10000", "beds_per_1000 is given per 10000 | give it per 1000"),
        (6, "residents", "unknown population basis 'residents' | did you mean 'resident'?"),
    ],
)
def test_faults_of_a_plan_row_name_file_and_row(plan, field: int, value: str, wrong: str):
    text = plan(field, value)
    assert "indicators.csv:66 | " in text
    assert wrong in text


def test_faults_of_several_files_are_told_at_once(tmp_path: Path, workspace: Path):
    good = workspace / "parameters" / "national" / "inpatient.yaml"
    bad = []
    for name, text in (("a.yaml", "a: [\n"), ("b.yaml", RECORD.replace("percent", "percents"))):
        (tmp_path / name).write_text(text, encoding="utf-8")
        bad.append(tmp_path / name)
    with pytest.raises(ConfigError) as caught:
        validate([bad[0], good, bad[1], tmp_path / "c.txt"])
    text = str(caught.value)
    assert "a.yaml | line 2" in text
    assert "b.yaml: x" in text
    assert "c.txt | is no YAML file and no plan table | name the YAML file" in text
    assert "inpatient.yaml" not in text


def test_a_line_for_each_file_that_is_right(workspace: Path):
    parameters = workspace / "parameters"
    files = [
        parameters / "national" / "inpatient.yaml",
        parameters / "regions" / "410500_anyang" / "region.yaml",
        parameters / "sources" / "demography.yaml",
        parameters / "plans" / "anyang_14fyp",
        workspace / "experiments" / "small.yaml",
    ]
    lines = validate(files)
    assert len(lines) == len(files)
    assert all(line.endswith(", valid") for line in lines)


def test_a_ratio_on_a_population_that_the_model_lacks_is_named_by_validate(tmp_path, cli):
    shutil.copytree(ROOT / "parameters", tmp_path / "parameters")
    path = tmp_path / "parameters" / "plans" / "anyang_14fyp" / "indicators.csv"
    old = "beds_per_1000,target,2025,=,5.76,per 1000,unstated,"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, old.replace("unstated", "newborns")), encoding="utf-8")
    done = cli("validate", path.parent)
    assert done.code == 2
    assert "a ratio per head of 'newborns', a population that the model does not have" in done.err
    assert "anyang_14fyp/indicators.csv:66 (beds_per_1000, line 37 of the text)" in done.err
