"""Temporary folders: they go in the end, and a machine without room for them is told as such."""

import shutil
from collections import namedtuple
from pathlib import Path

import pytest

from sim.errors import ConfigError, RunError
from sim.folders import scratch

Usage = namedtuple("Usage", "total used free")


def _fails(wrong: Exception) -> Path:
    with scratch() as folder:
        (folder / "part").write_text("x")
        kept = folder
        raise wrong
    return kept


@pytest.mark.parametrize(
    "wrong", [OSError(28, "No space left on device"), RunError("0 of 2 blocks are kept")]
)
def test_where_temporary_files_have_no_room_that_place_is_named(monkeypatch, tmp_path, wrong):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for free, error, said in (
        (0, RunError, "is full | make room there, or set TMPDIR"),
        (10**9, type(wrong), ""),
    ):
        monkeypatch.setattr(shutil, "disk_usage", lambda _, free=free: Usage(10**9, 0, free))
        with pytest.raises(error) as found:
            _fails(wrong)
        assert (found.value is wrong) == (not said)
        assert said in str(found.value)
        assert not said or str(found.value).startswith(f"{tmp_path} | ")
        assert not list(tmp_path.iterdir())


def test_what_a_user_did_wrong_is_never_told_as_want_of_room(monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(1, 1, 0))
    with pytest.raises(ConfigError, match="no such year"):
        _fails(ConfigError("no such year"))


def test_no_place_for_temporary_files_says_what_to_set(cli, monkeypatch):
    def nowhere(*_, **__):
        raise FileNotFoundError(2, "No usable temporary directory found in ['/tmp']")

    monkeypatch.setattr("sim.commands.listing.listing", nowhere)
    for lang, said in (
        ("en", "set TMPDIR (Windows: TEMP) to a folder that"),
        ("zh", "请把 TMPDIR（Windows 为 TEMP）设为"),
    ):
        done = cli("list", "--lang", lang)
        assert done.code == 3
        assert said in done.err
