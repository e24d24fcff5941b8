"""Parameter files read strictly: tables, paths, sets in order, every fault at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sim.errors import ParameterError
from sim.params import read_file, read_set, read_sets

HEAD = "name: {en: a, zh: 甲}, year: 2020, source: s, basis: measured, quality: A"


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    def make(body: str, name: str = "topic.yaml", folder: str = "national", **tables: str) -> Path:
        target = tmp_path / folder
        target.mkdir(exist_ok=True)
        (tmp_path / "sources.yaml").write_text("s: {title: {zh: 来源, en: A source}}\n", encoding="utf-8")
        for table, text in tables.items():
            (target / f"{table}.csv").write_text(text, encoding="utf-8")
        path = target / name
        lines = "".join(f"  {line}\n" for line in body.splitlines())
        path.write_text(f"schema: 1\nparameters:\n{lines}", encoding="utf-8")
        return path

    return make


def test_forms_of_a_value(write: Callable[..., Path]):
    path = write(
        f"one: {{{HEAD}, unit: percent, value: 80}}\n"
        f"path: {{{HEAD}, unit: day, path: {{2020: 8, 2030: 7}}}}\n"
        f"cells: {{{HEAD}, unit: day, dims: [level], "
        "values: {tertiary: 9, secondary: 8, primary: 6}}\n"
        f"ages: {{{HEAD}, unit: per 1000 person-years, dims: [sex, age], table: t.csv}}",
        t="sex,age_start,age_end,value\n"
        + "".join(f"{s},0,64,{k}\n{s},65,100,{10 * k}\n" for k, s in ((1, "female"), (2, "male"))),
    )
    found = read_file(path)
    assert found["topic.one"].data.item() == pytest.approx(0.8)
    assert found["topic.path"].data.sel(year=2030).item() == 7
    assert found["topic.cells"].data.sel(level="primary").item() == 6
    ages = found["topic.ages"].data
    assert ages.sizes == {"sex": 2, "age": 101}
    assert ages.sel(sex="male", age=64).item() == pytest.approx(0.002)
    assert ages.sel(sex="male", age=100).item() == pytest.approx(0.020)


def test_later_sets_win_and_it_is_logged(write: Callable[..., Path], tmp_path: Path):
    write(f"one: {{{HEAD}, unit: day, value: 8}}\ntwo: {{{HEAD}, unit: day, value: 1}}")
    write(f"one: {{{HEAD}, unit: day, value: 9}}", folder="own")
    log: list[str] = []
    found = read_sets(tmp_path, ["national", "own"], log)
    assert (found["topic.one"].data.item(), found["topic.two"].data.item()) == (9, 1)
    assert log == ["topic.one: 8.0 -> 9.0 (own)"]


def test_a_hash_follows_the_table(write: Callable[..., Path]):
    body = f"a: {{{HEAD}, unit: day, dims: [sex], table: t.csv}}"
    first = read_file(write(body, t="sex,value\nfemale,1\nmale,1\n"))["topic.a"].hash
    second = read_file(write(body, t="sex,value\nfemale,1\nmale,2\n"))["topic.a"].hash
    assert first != second


@pytest.mark.parametrize(
    ("table", "text"),
    [
        ("age_start,age_end,value\n0,59,1\n65,100,2\n", "no value for age 60..64.*without a gap"),
        ("age_start,age_end,value\n0,65,1\n65,100,2\n", "age=65 stands twice"),
        ("age,value\n0,1\n0,2\n", "line 3.*age=0 stands twice"),
        ("age_start,age_end,value\n0,100,nan\n", "line 2.*value nan.*finite"),
        ("age_start,age_end,value\n0,100,many\n", "value 'many'.*a number is wanted"),
        ("age_start,age_end,amount\n0,100,1\n", "value"),
    ],
)
def test_damaged_tables(write: Callable[..., Path], table: str, text: str):
    path = write(f"a: {{{HEAD}, unit: day, dims: [age], table: t.csv}}", t=table)
    with pytest.raises(ParameterError, match=text):
        read_file(path)


def test_every_fault_at_once(write: Callable[..., Path], tmp_path: Path):
    write(
        f"a: {{{HEAD}, unit: days, value: 8}}\n"
        f"b: {{{HEAD}, unit: day, vale: 8}}\n"
        f"c: {{{HEAD.replace('source: s', 'source: t')}, unit: day, value: 8}}"
    )
    with pytest.raises(ParameterError) as caught:
        read_set(tmp_path / "national", tmp_path)
    lines = str(caught.value).splitlines()
    assert any("topic.yaml: a" in line and "write 'day'" in line for line in lines)
    assert any("b.vale | unknown key | did you mean 'value'" in line for line in lines)
    assert any("c.source | 't' is not listed" in line for line in lines)


def test_no_such_set(write: Callable[..., Path], tmp_path: Path):
    write(f"a: {{{HEAD}, unit: day, value: 8}}")
    with pytest.raises(ParameterError, match=r"no such parameter set.*did you mean 'national'"):
        read_sets(tmp_path, ["nationl"])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("parameters: {}\n", "want 'schema' and 'parameters'"),
        ("schema: 2\nparameters: {}\n", "schema | 2 is no version | write 1"),
        ("schema: 1\nparameters: {}\nschema: 1\n", "schema"),
    ],
)
def test_top_level(tmp_path: Path, text: str, message: str):
    path = tmp_path / "x.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ParameterError, match=message):
        read_file(path)


def test_a_folder_is_read_again_when_a_byte_of_it_changes(tmp_path: Path):
    """Same size, same second: the content decides, not the time; and nothing is read twice for nothing."""
    file = tmp_path / "set" / "care.yaml"
    file.parent.mkdir()
    text = (
        "schema: 1\nparameters:\n  hours:\n    name: {en: Hours, zh: 小时}\n    unit: '1'\n    value: VALUE\n"
    )
    text += "    year: 2020\n    source: here\n    basis: assumed\n    quality: C\n    exact: a test\n"
    values, kept = [], []
    for value in (2, 3, 2, 2):
        file.write_text(text.replace("VALUE", str(value)), encoding="utf-8")
        found = read_set(file.parent)["care.hours"]
        values.append(float(found.data))
        kept.append(found)
    assert values == [2, 3, 2, 2]
    assert kept[3] is kept[2]
