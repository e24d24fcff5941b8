"""Run folders: what is written comes back at its place; whole or not at all; never overwritten."""

from __future__ import annotations

import codecs
import json
import re
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from paths import read_rows

from sim.commands.refusals import refusal
from sim.errors import ConfigError, RunError
from sim.intact import write_meta
from sim.store import ResultsWriter, RunFolder, Slice, open_run
from sim.writing import number, write_json, write_rows

REGIONS = [
    {"code": "410500", "name_zh": "安阳市", "name_en": "Anyang"},
    {"code": "410700", "name_zh": "新乡市", "name_en": "Xinxiang"},
]
YEARS = [2020, 2021]


def series(first: int, draws: int, scenario: int, region: int) -> dict[str, xr.DataArray]:
    """Values that tell their own place: scenario, region, year, group and draw as digits."""
    y, g, d = np.meshgrid([0, 1], [0, 1, 2], np.arange(first, first + draws), indexing="ij")
    beds = 10000 * scenario + 1000 * region + 100 * y + 10 * g + d
    levels = ["tertiary", "secondary", "primary"]
    births = 10000 * scenario + 1000 * region + 100 * y[:, 0] + d[:, 0]
    return {
        "bed_days": xr.DataArray(beds, {"level": levels}, ("year", "level", "draw")),
        "births": xr.DataArray(births, dims=("year", "draw")),
    }


def written(path: Path, blocks: list[tuple[int, int]], **how: bool) -> Path:
    writer = ResultsWriter(path, ["a", "b"], REGIONS, YEARS, 4, **how)
    for scenario in (0, 1):
        for region in (0, 1):
            for first, draws in blocks:
                part = series(first, draws, scenario, region)
                writer.write(Slice(scenario, region, first, part))
    writer.close()
    return path


def test_every_cell_comes_back_at_its_place(tmp_path: Path):
    with xr.open_dataset(written(tmp_path / "r.nc", [(0, 2), (2, 3)])) as found:
        assert found.draw.values.tolist() == [0, 1, 2, 3, 4]
        assert found.region_name.values.tolist() == ["安阳市", "新乡市"]
        cell = found.bed_days.sel(scenario="b", region="410700", year=2021, level="primary", draw=3)
        assert float(cell) == 11123
        assert float(found.births.sel(scenario="a", region="410700", year=2020, draw=4)) == 1004
        assert found.bed_days.dims == ("scenario", "region", "year", "level", "draw")
        assert found.bed_days.units == "bed-day"


def test_a_long_series_is_deflated_and_comes_back_all_the_same(tmp_path: Path):
    draws = 40_000  # 1.3 MB of births, 3.8 MB of bed-days
    writer = ResultsWriter(tmp_path / "r.nc", ["a", "b"], REGIONS, YEARS, draws - 1)
    for scenario in (0, 1):
        for region in (0, 1):
            part = series(0, draws, scenario, region)
            writer.write(Slice(scenario, region, 0, part | {"deaths": part["births"][:, :1]}))
    writer.close()
    with xr.open_dataset(tmp_path / "r.nc") as found:
        kept = {name: found[name].encoding["zlib"] for name in ("bed_days", "births", "deaths")}
        assert kept == {"bed_days": True, "births": False, "deaths": False}
        assert float(found.births.sel(scenario="b", region="410700", year=2021, draw=draws - 1)) == 51099
        levels = found.bed_days.sel(scenario="b", region="410700", year=2021, level="primary")
        np.testing.assert_array_equal(levels, 11120 + np.arange(draws))


def test_where_little_disk_is_asked_for_every_series_is_deflated(tmp_path: Path):
    for small in (True, False):
        with xr.open_dataset(written(tmp_path / f"{small}.nc", [(0, 5)], small=small)) as found:
            assert {found[name].encoding["zlib"] for name in ("bed_days", "births")} == {small}


def test_the_cut_into_blocks_does_not_change_a_byte(tmp_path: Path):
    one = written(tmp_path / "one.nc", [(0, 5)]).read_bytes()
    many = written(tmp_path / "many.nc", [(0, 1), (1, 1), (2, 3)]).read_bytes()
    assert one == many


def test_groups_in_another_order_are_refused(tmp_path: Path):
    """Written by position, they would stand under the wrong names."""
    writer = ResultsWriter(tmp_path / "r.nc", ["a"], REGIONS[:1], YEARS, 0)
    part = series(0, 1, 0, 0)["bed_days"]
    writer.write(Slice(0, 0, 0, {"bed_days": part}))
    turned = part.isel(level=[2, 1, 0])
    with pytest.raises(RunError, match=r"level \['primary', .*\| the same groups in"):
        writer.write(Slice(0, 0, 0, {"admissions_level": turned}))
    writer.close()


def test_a_folder_appears_whole(tmp_path: Path):
    folder = RunFolder(tmp_path / "x", "id")
    (folder.path / "a.txt").write_text("a")
    assert folder.path.name.startswith(".")
    final = folder.publish()
    assert [p.name for p in (tmp_path / "x").iterdir()] == ["id"]
    assert (final / "a.txt").read_text() == "a"


def test_a_name_that_is_taken_gets_a_suffix(tmp_path: Path):
    for content, name in (("1", "id"), ("2", "id-2"), ("3", "id-3")):
        folder = RunFolder(tmp_path, "id")
        (folder.path / "a.txt").write_text(content)
        assert folder.publish().name == name
    assert (tmp_path / "id" / "a.txt").read_text() == "1"


def test_what_is_discarded_leaves_nothing(tmp_path: Path):
    folder = RunFolder(tmp_path, "id")
    (folder.path / "a.txt").write_text("a")
    folder.discard()
    assert list(tmp_path.iterdir()) == []


def test_only_a_run_folder_is_opened(tmp_path: Path, small_run: Path):
    with pytest.raises(ConfigError, match=r"is not a run folder \| give outputs/"):
        open_run(tmp_path)
    with pytest.raises(ConfigError, match=rf"did you mean .*{small_run.name}"):
        open_run(small_run.parent)
    assert open_run(small_run).meta["experiment"]["name"] == "small"


def test_a_sweep_is_no_run_and_says_how_it_is_drawn(tmp_path: Path):
    (tmp_path / "sweep.json").write_text("{}")
    told = f"is a sweep, not a run | draw it: healthplan plot {tmp_path}"
    with pytest.raises(ConfigError, match=re.escape(told)) as refused:
        open_run(tmp_path)
    chinese = refusal(refused.value, "zh")
    assert f"是敏感性分析的文件夹，不是运行结果 | 请用它绘图：healthplan plot {tmp_path}" in chinese


def test_a_damaged_run_json_is_told(tmp_path: Path):
    (tmp_path / "results.nc").write_text("")
    (tmp_path / "run.json").write_text("{")
    with pytest.raises(ConfigError, match=r"run\.json \| is not JSON: .* \| the file is damaged"):
        open_run(tmp_path)


def test_json_is_sorted_and_keeps_chinese(tmp_path: Path):
    write_json(tmp_path / "a.json", {"b": 1, "a": "安阳"})
    assert (tmp_path / "a.json").read_text("utf-8") == '{\n  "a": "安阳",\n  "b": 1\n}\n'


def test_rows_are_plain_csv(tmp_path: Path):
    """Commas, quotes and line ends of Unix; a spreadsheet is told UTF-8 where it matters."""
    write_rows(tmp_path / "a.csv", ("a", "b"), [{"b": "x,y", "a": 1}])
    assert (tmp_path / "a.csv").read_bytes() == b'a,b\n1,"x,y"\n'
    assert read_rows(tmp_path / "a.csv") == [{"a": "1", "b": "x,y"}]
    write_rows(tmp_path / "a.csv", ("a", "b"), [{"b": "x,y", "a": 1}, {"a": 2, "b": "安阳"}])
    text = 'a,b\n1,"x,y"\n2,安阳\n'
    assert (tmp_path / "a.csv").read_bytes() == codecs.BOM_UTF8 + text.encode()
    assert [p.name for p in tmp_path.iterdir()] == ["a.csv"]


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (1.0, "1"), (1234567.89, "1234568"), (1e-5, "0.00001"), (5.76e-3, "0.00576")],
)
def test_numbers_are_plain(value: float, text: str):
    assert number(value) == text


@given(st.floats(-1e9, 1e9))
def test_numbers_keep_seven_digits(value: float):
    text = number(value)
    assert "e" not in text
    assert float(text) == pytest.approx(value, rel=5e-7, abs=1e-300)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [("{", "is not JSON"), ("[]", "does not say 'experiment'"), ("{}", "does not say 'experi")],
)
def test_commands_on_a_damaged_run_say_so(cli, small_run: Path, tmp_path: Path, text, wrong):
    damaged = tmp_path / "run"
    damaged.mkdir()
    for name in ("results.nc", "adequacy.csv"):
        (damaged / name).write_bytes((small_run / name).read_bytes())
    (damaged / "run.json").write_text(text)
    for command in (("plot",), ("stress",), ("reproduce",), ("revise",)):
        done = cli(*command, damaged)
        assert done.code == 2, (command, done.err)
        assert f"run.json | {wrong}" in done.err
        assert "Traceback" not in done.err


def test_results_that_are_damaged_are_told(cli, small_run: Path, tmp_path: Path):
    damaged = tmp_path / "run"
    damaged.mkdir()
    for name in ("run.json", "adequacy.csv", "adequacy_detail.csv"):
        (damaged / name).write_bytes((small_run / name).read_bytes())
    (damaged / "results.nc").write_text("x")
    for command in ("plot", "revise"):
        done = cli(command, damaged)
        assert done.code == 2, done.err
        assert "results.nc | is not as the run wrote it (SHA-256)" in done.err
    meta = json.loads((small_run / "run.json").read_text("utf-8"))
    meta["files"] = {"adequacy.csv": meta["files"]["adequacy.csv"]}  # nothing to hold it against
    write_meta(damaged, meta)
    assert "results.nc | cannot be read" in cli("plot", damaged).err
