"""Tables as text: what a spreadsheet opens, and what it must not compute."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from paths import read_rows

from sim.writing import cell, finite, number, whole, whole_folder, write_json, write_rows


def written(folder: Path, value: object) -> str:
    path = folder / "table.csv"
    write_rows(path, ("name",), [{"name": value}])
    return read_rows(path)[0]["name"]


def test_a_table_begins_with_the_mark_that_excel_knows_utf8_by(tmp_path: Path):
    assert written(tmp_path, "床位") == "床位"
    assert (tmp_path / "table.csv").read_bytes().startswith(b"\xef\xbb\xbfname\n")


@pytest.mark.parametrize(
    "text", ["=1+1", "+86 372", "-", "@cmd", "-2 a year", "\tx", "=", ">=570", "-3.5", "+0"]
)
def test_a_text_is_no_formula_and_a_number_stays_one(tmp_path: Path, text: str):
    kept = text in ("-", "=", ">=570", "-3.5", "+0")
    assert written(tmp_path, text) == (text if kept else f"'{text}")


def test_what_is_no_number_is_written_as_nothing():
    assert [finite(v) for v in (0.5, np.float32(0.25), 3, None, math.nan, math.inf)] == [
        "0.5",
        "0.25",
        "3",
        "",
        "",
        "",
    ]
    assert [cell(v) for v in (0.5, -math.inf, None, 7, "a", True)] == ["0.5", "", "", 7, "a", True]


def test_numbers_are_written_with_seven_digits():
    assert [number(v) for v in (1234567.89, 0.000012345678, -3.0)] == ["1234568", "0.00001234568", "-3"]
    assert number(-2.5) == "-2.5"


def half_written(path: Path, error: Exception) -> None:
    with whole(path) as part:
        part.write_text("half")
        raise error


def test_a_full_disk_that_netcdf_tells_is_a_fault_of_the_disk(tmp_path: Path):
    """The library raises a RuntimeError; other errors of that kind stay what they are."""
    with pytest.raises(OSError, match="NetCDF: HDF error; is the disk full"):
        half_written(tmp_path / "a.nc", RuntimeError("NetCDF: HDF error"))
    with pytest.raises(RuntimeError, match="other"):
        half_written(tmp_path / "a.nc", RuntimeError("other"))
    assert list(tmp_path.iterdir()) == []


def broken_off(path: Path) -> None:
    def rows():
        yield {"name": "new"}
        raise KeyboardInterrupt

    write_rows(path, ("name",), rows())


def test_a_table_that_is_broken_off_leaves_the_old_one(tmp_path: Path):
    path = tmp_path / "table.csv"
    write_rows(path, ("name",), [{"name": "old"}])
    with pytest.raises(KeyboardInterrupt):
        broken_off(path)
    assert read_rows(path) == [{"name": "old"}]
    assert list(tmp_path.iterdir()) == [path]


def test_a_disk_that_does_not_take_a_file_names_the_file(tmp_path: Path):
    """Not the half-written one beside it, and where the system names none (a full disk) all the same."""
    with pytest.raises(OSError, match="full") as told:
        half_written(tmp_path / "a.csv", OSError(28, "full"))
    assert told.value.filename == str(tmp_path / "a.csv")
    assert told.value.errno == 28
    (tmp_path / "taken").mkdir()
    with pytest.raises(OSError, match="taken'") as told:
        write_json(tmp_path / "taken", {})
    assert [p.name for p in tmp_path.iterdir()] == ["taken"]


def folder(path: Path, text: str, *, fails: bool = False, replace: bool = False) -> None:
    with whole_folder(path, replace=replace) as made:
        (made / "plan.yaml").write_text(text)
        assert text not in [p.read_text() for p in path.parent.glob("*/plan.yaml")]  # no search finds it
        if fails:
            raise KeyboardInterrupt


def test_a_folder_is_there_whole_or_not_at_all(tmp_path: Path):
    own = tmp_path / "plans" / "own"
    with pytest.raises(KeyboardInterrupt):
        folder(own, "one", fails=True)
    assert list((tmp_path / "plans").iterdir()) == []
    folder(own, "one")
    with pytest.raises(FileExistsError):
        folder(own, "two")
    with pytest.raises(KeyboardInterrupt):
        folder(own, "two", fails=True, replace=True)
    assert (own / "plan.yaml").read_text() == "one"
    folder(own, "two", replace=True)
    assert (own / "plan.yaml").read_text() == "two"
    assert list((tmp_path / "plans").iterdir()) == [own]
