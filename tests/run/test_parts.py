"""A city and its counties in one run: they add up in every draw, whoever computes them, and say so."""

from __future__ import annotations

import functools
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import small
import xarray as xr
from paths import ROOT, read_rows
from shared import CITY, run_with_parts, setup_with_parts
from working_folder import run_cli

from sim import run_folder
from sim.errors import ConfigError
from sim.intact import read_meta
from sim.places import place_censuses
from sim.report import parts_text
from sim.run import parts as run_parts
from sim.run.part_files import describe_parts
from sim.run.parts import NEEDS, PEOPLE, compute, plan_parts
from sim.run.runner import plan_blocks
from sim.run.setup import Setup, set_up

STORED = 1e-6  # of the whole: series are stored as 32-bit numbers
FILES = (*small.FILES, "parts.nc", "parts_alone.nc", "parts.csv", "parts_gap.csv")


@pytest.fixture(scope="module")
def setup(tmp_path_factory: pytest.TempPathFactory) -> Setup:
    return setup_with_parts(tmp_path_factory.mktemp("parts"))


def _run(setup: Setup, out: Path, **options: object) -> Path:
    return run_folder.run_experiment(setup, out, charts=False, **options)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run_with_parts(tmp_path_factory)


@functools.cache
def _opened(folder: Path, name: str) -> xr.Dataset:
    """A file of the run, which no test changes."""
    with xr.open_dataset(folder / name, engine="netcdf4") as data:
        return data.load()


@pytest.mark.parametrize("name", [*PEOPLE, *NEEDS, "population_central"])
def test_every_series_of_the_parts_adds_up_to_the_whole(folder: Path, name: str):
    whole, parts = (_opened(folder, file)[name] for file in ("results.nc", "parts.nc"))
    total, want = parts.astype(float).sum("region", skipna=False), whole.isel(region=0).astype(float)
    assert total.dims == want.dims
    assert (total.notnull().values == want.notnull().values).all()
    assert want.notnull().any()
    assert float(np.abs(total - want).max()) <= STORED * float(np.abs(want).max())


@pytest.mark.parametrize("groups", [["tertiary", "secondary", "primary"], ["public", "private"]])
def test_divisions_of_beds_add_up_within_every_part(folder: Path, groups: list[str]):
    beds = _opened(folder, "parts.nc").beds_required.astype(float)
    total = beds.sel(bed_group="total", drop=True)
    assert float(np.abs(beds.sel(bed_group=groups).sum("bed_group") / total - 1).max()) < STORED


def test_the_parts_are_not_the_same_share_of_everything(folder: Path):
    """Their own ages and births speak: a share that never moved would be a copy of the whole."""
    parts = _opened(folder, "parts.nc")
    share = {n: parts[n] / parts[n].sum("region") for n in ("beds_required", "births")}
    size = parts.population_group.sel(age_group="total") / parts.population_group.sel(age_group="total").sum(
        "region"
    )
    beds, births = share["beds_required"].sel(bed_group="total"), share["births"].sel(newborn_sex="total")
    assert float(np.abs(beds - size).max()) > 0.002
    assert float(np.abs(births - size).max()) > 0.002
    assert float(np.abs(size.isel(year=-1) - size.isel(year=0)).max()) > 0.0005


def test_the_table_has_every_part_and_its_share(folder: Path):
    rows = read_rows(folder / "parts.csv")
    assert {row["part"] for row in rows} == {"420702", "420703", "420704"}
    assert {row["part_zh"] for row in rows} == {"梁子湖区", "华容区", "鄂城区"}
    chosen = [
        r for r in rows if r["variable"] == "population" and r["group"] == "total" and r["year"] == "2022"
    ]
    assert sum(float(row["share_p50"]) for row in chosen) == pytest.approx(1, abs=1e-3)
    assert {"beds_required", "doctors_required", "childcare_slots_required", "care_beds_required"} <= {
        row["variable"] for row in rows
    }


def test_how_far_the_parts_alone_are_from_the_whole_is_told(folder: Path):
    whole, alone = (_opened(folder, name) for name in ("results.nc", "parts_alone.nc"))
    meta = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert meta["parts"]["of"] == CITY
    assert "Keilman (1985)" in meta["parts"]["method"]
    told = {row["variable"]: row for row in meta["parts_gap"]}
    births = [
        d.births.sel(newborn_sex="total", year=2022).isel(scenario=0).astype(float) for d in (alone, whole)
    ]
    gap = np.median((births[0].sum("region") - births[1].isel(region=0)).values[1:])
    assert float(told["births"]["difference_p50"]) == pytest.approx(gap, rel=1e-4)
    assert abs(gap) > 0
    assert {r["variable"] for r in read_rows(folder / "parts_gap.csv")} >= set(told)


def test_each_figure_of_a_part_says_its_level_and_source(folder: Path):
    from sim.store import open_run, recorded_parameters

    own = recorded_parameters(open_run(folder).meta)
    assert set(own) == {f"reference|{code}" for code in (CITY, "420702", "420703", "420704")}
    assert {entry["level"] for entry in own["reference|420702"].values()} == {"place", "province", "nation"}


@pytest.mark.slow
def test_workers_and_size_of_blocks_change_no_byte(
    setup: Setup, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    want = {name: (folder / name).read_bytes() for name in FILES}
    monkeypatch.setattr(run_parts, "LANES", 10)  # blocks of eight draws
    two = _run(setup, tmp_path, workers=2)
    assert {name: (two / name).read_bytes() for name in FILES} == want
    with ThreadPoolExecutor(2) as executor:
        away = _run(setup, tmp_path, executor=executor)
    assert (away / "parts.nc").read_bytes() == want["parts.nc"]


@pytest.mark.slow
def test_a_count_set_for_the_whole_is_not_set_for_its_parts(tmp_path: Path):
    path = small.experiment(tmp_path, 0, end=2022, regions=[CITY], parts="counties")
    given = [
        ("migration.level", -5000.0),
        ("fertility.tfr_ratio", 0.9),
        ("migration.inflow", {"multiply": 2}),
    ]
    setup, plain = set_up(path, settings=given), set_up(path)
    for part in setup.parts:
        own, before = (s.part_parameters["reference", part.code] for s in (setup, plain))
        assert own["migration.level"].data.identical(before["migration.level"].data)
        assert float(own["fertility.tfr_ratio"].data.max()) == 0.9
        assert float(own["migration.inflow"].data) == 2 * float(before["migration.inflow"].data)
    assert float(setup.parameters["reference", CITY]["migration.level"].data.max()) == -5000
    assert "[reference] migration.level: set for the whole alone" in "\n".join(setup.log)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"parts": "countys"},
            "parts | 'countys' | write 'provinces', 'prefectures' or 'counties'",
        ),
        (
            {"parts": "counties", "regions": ["410500", "410600"]},
            "parts add up to one whole: name one region",
        ),
        ({"parts": "prefectures"}, "410500 安阳市, a prefecture, has no prefectures | write parts: counties"),
        pytest.param(
            {"parts": "counties", "regions": ["410581"]},
            "410581 林州市 is a county: it has no parts",
            marks=pytest.mark.slow,
        ),
    ],
)
def test_parts_that_cannot_be_are_refused_before_the_run(tmp_path: Path, changes: dict, said: str):
    path = small.experiment(tmp_path, 0, end=2022, **changes)
    done = run_cli("run", path, "--no-charts")
    assert done.code == 2
    assert said in done.err
    with pytest.raises(ConfigError):
        set_up(path)


@pytest.mark.slow
def test_the_chart_shows_every_part_and_cuts_no_text(folder: Path):
    from sim.charts.draw import charts_of
    from sim.charts.style import use
    from sim.saved import open_saved

    run = open_saved(folder)
    where = {"scenario": "reference", "region": CITY}
    with use("en") as lang:
        figure = charts_of(run.results)["parts"](run.results, run.adequacy, **where, lang=lang)
        figure.canvas.draw()
    said = {t.get_text() for ax in figure.axes for t in ax.get_yticklabels()}
    assert {"Liangzihu", "Huarong", "Echeng"} <= said
    for ax in figure.axes:
        for label in (*ax.get_yticklabels(), ax.title):
            box = label.get_window_extent()
            assert not label.get_text() or (box.x0 >= 0 and box.x1 <= figure.bbox.x1), label.get_text()


@pytest.mark.slow
def test_the_end_of_a_run_tells_of_its_parts_and_of_who_is_left_out(setup: Setup, folder: Path):
    meta = read_meta(folder / "run.json")
    told = parts_text(meta, "en")
    assert "3 parts of Ezhou, which add up to it in every draw" in told
    assert "left out" not in told
    births = next(r for r in meta["parts_gap"] if r["variable"] == "births")
    assert f"births {100 * float(births['relative_p50']):+.1f} %" in told
    sansha = replace(setup, left_out=(("460300", "三沙市", 2333.0),))
    for lang, said in (("en", "left out, too few people in 2020 to project: 460300"), ("zh", "未列入")):
        assert said in parts_text({**meta, "parts": describe_parts(sansha)}, lang)
    assert parts_text({"regions": meta["regions"]}, "zh") == ""


def test_parts_are_asked_for_on_the_command_line_too(tmp_path: Path):
    path = small.experiment(tmp_path, 0, end=2022)
    done = run_cli("run", path, "--no-charts", "--parts", "prefectures")
    assert done.code == 2
    assert "410500 安阳市, a prefecture, has no prefectures | write parts: counties" in done.err
    assert run_cli("run", path, "--parts", "countys").code == 2


@pytest.mark.slow
def test_parts_after_history_are_history_too_and_add_up(tmp_path: Path):
    """A later base: until then a part is the same in both scenarios, from then on it is not."""
    changes = {"years": {"base": 2025, "end": 2027}, "scenarios": {"as_is": [], "fewer": ["fewer"]}}
    fewer = {"fewer": {"fertility.tfr_change": -0.3}}
    setup = small.setup(tmp_path, 3, regions=[CITY], parts="counties", overrides=fewer, **changes)
    assert (setup.years[0], setup.history) == (2020, (2021, 2022, 2023, 2024, 2025))
    assert setup.scenarios == ("as_is", "fewer")
    first, second = map(compute, plan_parts(setup))
    wholes = [block.compute() for block in plan_blocks(setup)]
    for name in (*PEOPLE, *NEEDS):
        past = slice(2020, 2025)
        one, other = (found[name].sel(year=past).values for found in (first, second))
        assert np.allclose(one, other, rtol=1e-9, atol=1e-9, equal_nan=True), name
        for found, whole in zip((first, second), wholes, strict=True):
            want = whole[name].transpose(*found[name].dims[1:])
            gap = np.abs(found[name].sum("part", skipna=False) - want)
            assert float(gap.max()) <= STORED * float(np.abs(want).max()), name
    born = [found["births"].sel(year=2027, newborn_sex="total").values for found in (first, second)]
    assert (born[1] < born[0]).all()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("code", "word", "parts"), [("460000", "prefectures", 18), ("000000", "provinces", 31)]
)
def test_a_provinces_prefectures_and_the_nations_provinces_add_up(
    tmp_path: Path, code: str, word: str, parts: int
):
    """Hainan without Sansha, whose people the others hold; the nation."""
    setup = small.setup(tmp_path, 3, end=2021, regions=[code], parts=word)
    assert len(setup.parts) == parts
    assert bool(setup.left_out) == (code == "460000")
    (block,), (whole,) = plan_parts(setup), plan_blocks(setup)
    found, want = compute(block), whole.compute()
    for name in (*PEOPLE, *NEEDS):
        gap = np.abs(found[name].sum("part", skipna=False) - want[name].transpose(*found[name].dims[1:]))
        assert float(gap.max()) <= STORED * float(np.abs(want[name]).max()), name


@pytest.mark.slow
def test_anyang_and_its_counties_add_up_and_begin_at_their_census():
    """Ten counties and a zone of 2020, two months on; nobody is moved by being made to add up."""
    draws, years = {"n": 3, "seed": 1}, {"base": 2020, "end": 2025}
    changes = {"draws": draws, "years": years, "test_years": (2025,)}
    setup = set_up(ROOT / "experiments/anyang_counties.yaml", changes=changes)
    (block,) = plan_parts(setup)
    (whole,) = plan_blocks(setup)
    found, want = compute(block), whole.compute()
    for name in (*PEOPLE, *NEEDS):
        gap = np.abs(found[name].sum("part", skipna=False) - want[name].transpose(*found[name].dims[1:]))
        assert float(gap.max()) <= STORED * float(np.abs(want[name]).max()), name
    people = found["population_group"].sel(year=2020, draw=0, age_group="total").values
    for count, part in zip(people, setup.parts, strict=True):
        census = float(place_censuses(ROOT, part.code)[2020].counts.sum())
        assert count == pytest.approx(census, rel=0.005), part.name_zh
