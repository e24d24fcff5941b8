"""Strict readers: what is ambiguous or damaged is refused with its line, never repaired."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from paths import ROOT

from sim import textfile
from sim.errors import ConfigError
from sim.textfile import did_you_mean, parse_yaml, read_csv, read_text, read_yaml


@pytest.fixture
def file(tmp_path: Path):
    """Function: write bytes or text to a file -> its path."""

    def write(content: str | bytes, name: str = "file.yaml") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def test_utf8_with_and_without_byte_order_mark_read_the_same(file):
    assert read_text(file("安阳")) == read_text(file(b"\xef\xbb\xbf" + "安阳".encode())) == "安阳"


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        ("x: 1\ny: 安阳".encode("gbk"), r"line 2: byte 0xb0 is not UTF-8 \| save .* UTF-8"),
        ("x: 1".encode("utf-16"), r"line 1: byte 0xff is not UTF-8"),
        (b"x: 1\x00", r"line 1: holds zero bytes \| save the file as UTF-8"),
        ("\ufeff\ufeffx: 1", r"begins with 2 byte order marks \(U\+FEFF\).* \| take out .*press Delete"),
        ("\ufeff\ufeff\ufeffsex,age", r"begins with 3 byte order marks"),
        ("\ufeffx: 1\ny: \ufeff23,5\n", r"line 2: holds a byte order mark .*, before '23,5' \| take it out"),
        (b"", r"the file is empty \| write"),
        (b" \n\t\n", r"the file is empty"),
    ],
)
def test_damaged_text_is_refused_with_its_line(file, content: bytes, wrong: str):
    with pytest.raises(ConfigError, match=rf"file\.yaml \| {wrong}"):
        read_text(file(content))


def test_a_missing_file_names_the_nearest_one(file, tmp_path: Path):
    file("x: 1", "anyang.yaml")
    with pytest.raises(ConfigError, match=r"anyan\.yaml \| no such file \| did you mean .*anyang"):
        read_text(tmp_path / "anyan.yaml")
    with pytest.raises(ConfigError, match=r"no such file \| the folder .*nowhere does not exist"):
        read_text(tmp_path / "nowhere" / "x.yaml")


def test_a_folder_and_a_file_taken_for_a_folder_are_refused(file, tmp_path: Path):
    with pytest.raises(ConfigError, match=r"is a folder \| give a file"):
        read_text(tmp_path)
    with pytest.raises(ConfigError, match=r"cannot be read: Not a directory \| check the path"):
        read_text(file("x: 1") / "y.yaml")


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("a: 1\nb: 2\na: 3", r"line 3: key 'a' stands twice \(first on line 1\) \| keep one"),
        ("a:\n  b: 1\n  b: 1", r"line 3: key 'b' stands twice"),
        ("a: [1, 2", r"line 1: .* \| mend the YAML"),
        ("a:\n\tb: 1", r"line 2: .*cannot start any token"),
        ("a: 1\n---\nb: 2", r"line 2: .*but found another document"),
        ("? [a, b]\n: 1", r"a key is a list"),
        ("a: &x [*x]", r"holds itself by an alias"),
        ("a: !!python/object:os.system x", r"could not determine a constructor"),
        ("a: !!int abc", r"line 1: 'abc' is not a plain whole number"),
        ("a: !!float abc", r"could not convert"),
        ("a: 010", r"'010' is not a plain whole number; put text between quotes"),
        ("a: 0x1F", r"'0x1F' is not a plain"),
        ("a: 1:30", r"'1:30' is not a plain"),
        ("a: 1:30.5", r"'1:30.5' is not a plain"),
        ("a: " + "9" * 5000, r"has 5000 digits; 18 at most"),
        ("a: \x07", r"line 1: holds the character U\+0007 \| take it out"),
        ("[" * 5000, r"nested too deeply"),
    ],
)
def test_ambiguous_yaml_is_refused(text: str, wrong: str):
    with pytest.raises(ConfigError, match=rf"here \| .*{wrong}"):
        parse_yaml(text, "here")


def test_plain_yaml_keeps_its_types(file):
    text = "a: 12\nb: -0.5\nc: 1e-3\nd: 2020-01-31\ne: '010'\nf: [x, 1_000]\ng: 1.5e+3"
    want = {"a": 12, "b": -0.5, "d": "2020-01-31", "e": "010", "f": ["x", 1000], "g": 1500.0}
    found = read_yaml(file(text))
    assert found == {**want, "c": 1e-3}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e-2", 0.01),
        ("1E3", 1000.0),
        ("-1e-2", -0.01),
        ("+1.5e+2", 150.0),
        ("1.e3", 1000.0),
        (".5", 0.5),
        ("-.5", -0.5),
        ("+.5", 0.5),
        ("-.5e-3", -0.0005),
        ("+5", 5),
        ("5.", 5.0),
        ("1_000", 1000),
    ],
)
def test_a_number_in_any_spelling_is_a_number(text: str, value: float):
    found = parse_yaml(f"a: {text}", "here")["a"]
    assert found == value
    assert type(found) is type(value)
    assert parse_yaml(f"a: '{text}'", "here")["a"] == text


@pytest.mark.parametrize(
    "text",
    ["yes", "no", "on", "off", "Yes", "NO", "y", "n", "0o17", "2020-01-31", "1e", "e3", "1e3.5", "12e"],
)
def test_what_is_no_number_is_text(text: str):
    assert parse_yaml(f"a: {text}", "here") == {"a": text}
    assert parse_yaml(f"{text}: a", "here") == {text: "a"}


def test_truth_has_two_words():
    assert parse_yaml("[true, False, TRUE]", "here") == [True, False, True]


@given(st.integers(-(10**17), 10**17))
def test_whole_numbers_are_read_as_written(number: int):
    assert parse_yaml(f"a: {number}", "here") == {"a": number}


def test_csv_rows_carry_their_line(file):
    rows = read_csv(file("a,b\n1,2\n\n3 , 安阳\n", "t.csv"), ["a", "b"])
    assert rows == [{"a": "1", "b": "2", "_line": "2"}, {"a": "3", "b": "安阳", "_line": "4"}]


def test_a_table_from_windows_reads_the_same(file):
    assert read_csv(file("a,b\r\n1,2\r\n", "t.csv")) == read_csv(file("a,b\n1,2\n", "u.csv"))


def test_columns_are_exact_but_for_the_optional_ones(file):
    path = file("a,note\n1,x\n", "t.csv")
    assert read_csv(path, ["a"], optional=("note",))[0]["note"] == "x"
    with pytest.raises(ConfigError, match=r"unknown column 'note'"):
        read_csv(path, ["a"])


def test_every_fault_of_a_table_is_told_at_once(file):
    path = file("sex,agee,agee\nmale,1\n1,2,3,4\n", "t.csv")
    with pytest.raises(ConfigError) as caught:
        read_csv(path, ["sex", "age"])
    text = str(caught.value)
    for wrong in (
        "column 'agee' stands twice | keep one of them",
        "column 'age' is missing | found: ['sex', 'agee', 'agee']",
        "unknown column 'agee' | did you mean 'age'?",
        "line 2: 2 cells, the header has 3 | check commas and quotes",
        "line 3: 4 cells, the header has 3",
    ):
        assert f"{path} | {wrong}" in text


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("a,b\n", r"the table has no rows \| write a row"),
        ('a,b\n1,"2\n', r"line 2: .*end of data \| check commas and quotes"),
        ('a,b\n1,"2"3\n', r"line 2: .*expected after"),
        ("a,b\n1," + "x" * 200_000, r"line 2: field larger than field limit"),
    ],
)
def test_damaged_tables_are_refused(file, text: str, wrong: str):
    with pytest.raises(ConfigError, match=wrong):
        read_csv(file(text, "t.csv"))


def test_the_nearest_name_or_the_list_is_offered():
    assert did_you_mean("sede", ["seed", "n"]) == "did you mean 'seed'?"
    assert did_you_mean("zzz", ["b", "a"]) == "known: a, b"
    assert did_you_mean("?", [str(i) for i in range(20, 40)]).endswith("31, ...")


def test_the_fast_loader_reads_what_the_strict_one_reads():
    files = [*(ROOT / "parameters").rglob("*.yaml"), *(ROOT / "experiments").glob("*.yaml")]
    assert len(files) > 40
    for path in files[::4]:
        text = read_text(path)
        strict = yaml.load(text, Loader=textfile._StrictLoader)
        assert yaml.load(text, Loader=textfile._FastLoader) == strict, path


@pytest.mark.parametrize("text", ["[" * 30_000 + "]" * 30_000, "- " * 30_000 + "a"])
def test_deep_nesting_is_a_fault_and_not_a_crash(text: str):
    with pytest.raises(ConfigError, match="nested too deeply"):
        parse_yaml(text, "here")


@pytest.mark.parametrize(
    ("text", "value"),
    [("1e-2", 0.01), ("1E5", 1e5), ("2.5e3", 2500.0), (".5e1", 5.0), ("-1e+2", -100.0), ("1.e2", 100.0)],
)
def test_numbers_with_an_exponent_are_numbers(text: str, value: float):
    found = parse_yaml(f"x: {text}\n", "x")["x"]
    assert isinstance(found, float)
    assert found == value


@pytest.mark.parametrize("text", ["1e", "e5", "1e5a", "0x1e5x", "'1e5'", "a1e5"])
def test_what_only_looks_like_a_number_with_an_exponent_stays_text(text: str):
    assert isinstance(parse_yaml(f"x: {text}\n", "x")["x"], str)


def test_an_alias_bomb_is_refused_by_count_before_it_is_written_out():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 30)]
    with pytest.raises(
        ConfigError, match=r"x \| its aliases write out to .*e\+\d+ values \| want 200000 at most"
    ):
        parse_yaml("\n".join(lines), "x")


@pytest.mark.parametrize("text", ["a: &a [*a]\n", "a: &a {b: *a}\n", "a: &a\n  - b: [*a]\n"])
def test_what_holds_itself_is_refused_with_its_line(text: str):
    with pytest.raises(ConfigError, match=r"x \| line \d: holds itself by an alias \| write"):
        parse_yaml(text, "x")


def test_a_plain_alias_is_kept():
    assert parse_yaml("a: &a {x: 1}\nb: *a\n", "x") == {"a": {"x": 1}, "b": {"x": 1}}


def test_a_file_that_would_fill_the_memory_is_refused_by_its_size(file, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(textfile, "MOST_BYTES", 1_000_000)
    with pytest.raises(ConfigError, match=r"big\.csv \| holds 2 MB \| want 1 MB at most"):
        read_csv(file("a\n" + "1\n" * 1_000_000, "big.csv"), ["a"])


@pytest.mark.parametrize("mark", [";", "\t", "|"])
def test_columns_parted_by_another_sign_are_named(file, mark: str):
    with pytest.raises(ConfigError, match=r"line 1: columns are parted by .* \| save the table with commas"):
        read_csv(file(f"sex{mark}age{mark}value\nfemale{mark}0{mark}1\n", "t.csv"), ["sex", "age", "value"])
