"""Many places of one run: each as it is alone, whatever its neighbours and processes; told of once."""

from __future__ import annotations

import csv
import pickle
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import small
from paths import ROOT, read_rows

from sim import run_folder
from sim.config import read_experiment
from sim.errors import ConfigError, ParameterError, RunError
from sim.params import Packed, Parameter, Shared, hashes, packed
from sim.places import list_places, read_place
from sim.places.counts import counts
from sim.places.derive import moves_of
from sim.places.migration_profile import Moved, _schedules, _together
from sim.run import places, runner
from sim.run.places import FEW
from sim.run.pool import mapped
from sim.run.setup import Setup, set_up

NEEDS = ["beds_required", "childcare_slots_required"]
CODES = ["130402", "130403", "130404", "130406", "410500", "410502", "410503", "410505", "542524", "110101"]
"""Counties of three provinces, one so small that it has no count of 2010; a prefecture with a folder."""


def experiment(folder: Path, codes: list[str], n: int = 8, **changes: object) -> Path:
    results = {"series": NEEDS, "digits": 5, "years": [2020, 2022]}
    return small.experiment(folder, n, end=2022, regions=codes, results=results, **changes)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Setup:
    assert len(CODES) > FEW
    return set_up(experiment(tmp_path_factory.mktemp("many"), CODES))


@pytest.fixture(scope="module")
def folder(many: Setup, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("out")
    return run_folder.run_experiment(many, out, charts=False, workers=1)


def same(one: Parameter, other: Parameter) -> bool:
    told = [(p.name, p.record, p.hash, p.changed, p.level, p.file.name) for p in (one, other)]
    return told[0] == told[1] and one.data.identical(other.data)


@pytest.mark.slow
def test_a_place_has_the_parameters_that_it_has_alone(many: Setup):
    for code in CODES:
        own, alone = many.parameters["reference", code], read_place(ROOT, code)
        assert own.keys() == alone.keys()
        assert all(same(own[name], alone[name]) for name in alone), code
        assert hashes(own) == hashes(alone)


@pytest.mark.slow
@pytest.mark.parametrize("size", [2, *(pytest.param(n, marks=pytest.mark.slow) for n in (1, 5))])
def test_groupings_of_places_give_the_same_bytes(size: int, many: Setup, tmp_path: Path):
    whole = {block.region: block for block in runner.plan_blocks(many)}
    codes = CODES[:4] + CODES[5:6]
    for first in range(0, len(codes), size):
        group = codes[first : first + size]
        for block in runner.plan_blocks(set_up(experiment(tmp_path, group))):
            assert block.key == whole[block.region].key
            found, wanted = block.compute(), whole[block.region].compute()
            assert found.keys() == wanted.keys()
            for name, array in found.items():
                assert array.values.tobytes() == wanted[name].values.tobytes(), (block.region, name)


@pytest.mark.slow
def test_two_processes_set_up_what_one_does(many: Setup):
    two = set_up(many.file, workers=2)
    assert list(two.parameters) == list(many.parameters)
    assert two.log == many.log
    for key, own in many.parameters.items():
        assert hashes(two.parameters[key]) == hashes(own)
        assert all(same(two.parameters[key][name], p) for name, p in own.items())


@pytest.mark.slow
def test_neighbours_hold_what_they_share_once(many: Setup):
    first, second, far = (many.parameters["reference", c] for c in ("130402", "130403", "110101"))
    assert isinstance(first, Packed)
    assert isinstance(second, Packed)
    assert isinstance(far, Packed)
    assert first.shared is second.shared
    assert first.shared != far.shared
    assert 0 < len(first.own) < len(first) / 8
    assert first.keys() == second.keys()
    assert "population.base" in first.own_hashes
    assert len(pickle.dumps(first)) < 1.3 * len(pickle.dumps(first.shared))


@pytest.mark.slow
def test_what_is_shared_is_one_object_after_a_journey_too(many: Setup):
    one, two = (many.parameters["reference", c] for c in ("130402", "130403"))
    there = [pickle.loads(pickle.dumps(own)) for own in (one, two)]
    assert there[0].shared is there[1].shared
    assert there[0].shared == one.shared  # type: ignore[attr-defined]
    assert same(there[1]["fertility.tfr"], two["fertility.tfr"])
    assert same(there[1]["population.base"], two["population.base"])


def test_packing_keeps_each_parameter_and_knows_its_keys():
    places_ = [read_place(ROOT, code) for code in ("130402", "130403")]
    for own, kept in zip(places_, packed(places_), strict=True):
        assert dict(kept).keys() == own.keys()
        assert len(kept) == len(own)
        assert all(same(kept[name], p) for name, p in own.items())
        assert kept.get("no.such") is None
    assert Shared(places_[0]) != Shared(places_[1])
    assert packed([]) == []


@pytest.mark.slow
def test_humps_of_many_places_are_fitted_as_each_is_alone():
    every = list_places(ROOT)
    moved: list[Moved] = []
    for code in ("130402", "410502", "650102", "320505", "110101"):
        held = counts(ROOT, every[code])
        moved.append(moves_of(held.own, held.nation, 0.5))
    still = Moved(np.zeros_like(moved[0].rates), moved[0].weights, 10, 0.5)  # nobody came or went
    alone = [_together([_schedules(own)])[0] for own in (*moved, still)]
    assert _together([_schedules(own) for own in (*moved, still)]) == alone
    assert all(alone[:-1])
    assert alone[-1] == {}


@pytest.mark.slow
@pytest.mark.parametrize("workers", [(1,), pytest.param((1, 2), marks=pytest.mark.slow)], ids=str)
def test_faults_of_many_places_are_told_once_with_the_places_that_have_them(
    workers: tuple[int, ...], tmp_path: Path
):
    path = experiment(tmp_path, CODES)
    texts = []
    for n in workers:
        with pytest.raises(ParameterError) as told:
            set_up(path, settings=[("migration.level", -1e6)], workers=n)
        texts.append(str(told.value))
    assert len(set(texts)) == 1
    assert "130402" in texts[0]
    with pytest.raises(ConfigError, match="no region '130499'"):
        set_up(experiment(tmp_path, [*CODES, "130499"]))


def test_a_process_that_is_killed_at_set_up_is_told(monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(RunError, match=r"set-up \| its worker was killed"):
        list(mapped(_die, [1, 2, 3], 2))


def _die(_: int) -> None:
    import os

    os._exit(1)


@pytest.mark.slow
def test_the_tables_are_those_of_results_nc_in_the_years_asked_for(folder: Path):
    from sim.run.bands import MCSE_COLUMNS, TIMESERIES_COLUMNS, bands
    from sim.store import open_results

    rows = read_rows(folder / "timeseries.csv")
    assert {row["year"] for row in rows} == {"2020", "2022"}
    assert {row["region"] for row in rows} == set(CODES)
    with open_results(folder / "results.nc") as results:
        assert all(results[name].encoding["zlib"] for name in NEEDS)  # few digits: little disk is asked for
        every = [{k: str(v) for k, v in band.row.items()} for band in bands(results, (2020, 2022))]
    assert rows == [{c: row[c] for c in TIMESERIES_COLUMNS} for row in every]
    errors = read_rows(folder / "timeseries_mcse.csv")
    assert errors == [{c: row[c] for c in MCSE_COLUMNS} for row in every]
    assert not list(folder.glob("*.timeseries*.csv"))


@pytest.mark.slow
def test_places_side_by_side_have_needs_without_a_trend(folder: Path):
    rows = read_rows(folder / "places.csv")
    assert {row["resource"] for row in rows} == {"beds", "childcare_slots"}
    assert {row["region"] for row in rows} == set(CODES)
    for row in rows:
        assert float(row["need_p10"]) <= float(row["need_p50"]) <= float(row["need_p90"])
        assert [row[c] for c in ("rank", "trend_p50", "ratio_p50", "p_enough")] == [""] * 4


@pytest.mark.slow
def test_parameters_of_the_first_place_and_what_differs_in_the_others(folder: Path, many: Setup):
    rows = list(csv.DictReader((folder / "parameters.csv").open(encoding="utf-8-sig")))
    by_place: dict[str, set[str]] = {}
    for row in rows:
        by_place.setdefault(row["region"], set()).add(row["parameter"])
    first = by_place[CODES[0]]
    assert {"fertility.tfr", "inpatient.alos"} <= first
    assert "supply.beds_growth" not in first  # no stage that was asked for reads it
    for code in CODES[1:]:
        differ = {
            name
            for name in first
            if many.parameters["reference", code][name].hash
            != many.parameters["reference", CODES[0]][name].hash
        }
        assert by_place[code] == differ
        assert "population.base" in differ


@pytest.mark.slow
def test_a_run_of_more_places_than_are_drawn_has_no_charts(
    many: Setup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(run_folder, "MOST_DRAWN", len(CODES) - 1)
    found = run_folder.run_experiment(runner.with_draws(many, 1), tmp_path)
    assert not (found / "charts").exists()
    assert not (found / "tables.xlsx").exists()
    assert (found / "places.csv").is_file()


def test_years_of_the_tables_lie_within_the_projection(tmp_path: Path):
    path = small.experiment(tmp_path, results={"series": NEEDS, "years": [2020, 2031]})
    with pytest.raises(ConfigError, match=r"results.years: 2031 is outside 2020..2023"):
        read_experiment(path)


@pytest.mark.slow
def test_shares_are_of_one_province_and_keep_the_order(many: Setup):
    shares = places._neighbours(many.regions)
    assert [r.code for share in shares for r in share] == CODES
    assert all(len({r.province for r in share}) == 1 for share in shares)


@pytest.fixture(autouse=True)
def _nothing_left() -> Iterator[None]:
    yield
    from sim.params import once

    assert once._held.get() is None
