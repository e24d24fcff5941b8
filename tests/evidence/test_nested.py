"""Places in provinces in regions: what is known is found again; a province left out hears of its region."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from paths import PARAMETERS, ROOT

from sim.errors import ConfigError
from sim.evidence.backtest import backtest
from sim.evidence.calibration.economic import REGIONS, TABLE, economic_regions, lies_in
from sim.evidence.calibration.migration import by_region
from sim.evidence.calibration.nested import left_out, nested
from sim.evidence.left_out import _censuses, _migration_without, _unknown_of
from sim.evidence.setups import plain_setup
from sim.evidence.validation.unknown import compared, since_compared, since_regions
from sim.params import override
from sim.places import find_region, list_places, list_regions, read_place

_PROVINCES, _PLACES = 40, 12


def _made(seed: int, region: float, province: float, place: float):
    """Places of 40 provinces in eight regions around a line of slope 2 and middle 1."""
    rng = np.random.default_rng(seed)
    of = np.repeat(np.arange(_PROVINCES), _PLACES)
    lies = of % 8
    x = np.column_stack([np.ones(of.size), rng.normal(0, 1, of.size)])
    own = rng.normal(0, region, 8)
    y = x @ [1.0, 2.0] + own[lies] + rng.normal(0, province, _PROVINCES)[of] + rng.normal(0, place, of.size)
    return x, y, [f"p{i}" for i in of], [f"r{i}" for i in lies], own


def test_line_variances_and_regions_are_found_again():
    x, y, province, region, own = _made(1, 2.0, 0.5, 1.0)
    found = nested(x, y, province, region)
    assert found.line[1] == pytest.approx(2.0, abs=0.1)
    assert found.spreads[0] == pytest.approx(2.0, rel=0.5)
    assert found.spreads[1:] == pytest.approx((0.5, 1.0), rel=0.3)
    told = np.array([found.regions[f"r{i}"] for i in range(8)])
    assert np.corrcoef(told, own)[0, 1] > 0.98
    assert found.of_region("nowhere") == (0.0, found.spreads[0])


def test_the_answer_is_that_of_the_whole_matrix():
    """Sherman & Morrison against V written out: the same line and the same regions."""
    x, y, province, region, _ = _made(2, 1.0, 0.7, 1.0)
    found = nested(x, y, province, region)
    (r, p, e), n = found.spreads, len(y)
    same_region, same_province = (np.equal.outer(np.array(g), np.array(g)) for g in (region, province))
    inverse = np.linalg.inv(e**2 * np.eye(n) + p**2 * same_province + r**2 * same_region)
    line = np.linalg.solve(x.T @ inverse @ x, x.T @ inverse @ y)
    np.testing.assert_allclose(found.line, line, rtol=1e-8)
    for name, own in found.regions.items():
        mine = np.array([g == name for g in region], float)
        assert own == pytest.approx(r**2 * mine @ inverse @ (y - x @ line), rel=1e-6)


@pytest.mark.slow
def test_regions_that_are_none_are_drawn_to_nothing():
    x, y, province, region, _ = _made(3, 0.0, 0.5, 1.0)
    found = nested(x, y, province, region)
    assert max(abs(v) for v in found.regions.values()) < 0.25
    error = [
        np.std(y - left_out(x, y, province, by)) for by in (dict(zip(province, region, strict=True)), None)
    ]
    assert error[0] == pytest.approx(error[1], rel=0.02)


@pytest.mark.slow
def test_a_province_left_out_hears_of_its_region_and_not_of_itself():
    x, y, province, region, _ = _made(4, 2.0, 0.3, 1.0)
    lies = dict(zip(province, region, strict=True))
    mine, neighbours = (
        np.array([p == "p0" for p in province]),
        np.array([p in ("p8", "p16") for p in province]),
    )
    before = left_out(x, y, province, lies)[mine]
    np.testing.assert_allclose(left_out(x, y + 50.0 * mine, province, lies)[mine], before, atol=1e-9)
    raised = left_out(x, y + 2.0 * neighbours, province, lies)[mine] - before
    assert (raised > 0.5).all()
    alone = [left_out(x, v, province)[mine] for v in (y, y + 2.0 * neighbours)]
    assert ((alone[1] - alone[0]) < raised / 2).all()


def test_the_four_regions_as_the_bureau_divides_them():
    found = economic_regions(ROOT)
    assert [list(found.values()).count(name) for name in REGIONS] == [10, 6, 12, 3]
    assert lies_in(ROOT, ["210200", "410500", "440507"]) == ["north_east", "centre", "east"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("410000,centre", "410000,middle", "no region 'middle'"),
        ("410000,centre\n", "", "no row 410000"),
        ("410000,centre", "410000,centre\n410000,east", "410000 stands twice"),
        ("410000,centre", "419999,centre", "'419999' is no province"),
    ],
)
def test_a_wrong_table_of_regions_is_refused(tmp_path: Path, old: str, new: str, says: str):
    shutil.copytree(PARAMETERS / "places", tmp_path / "parameters" / "places")
    for name in ("observed_bounds.csv", "limits.csv", "labels.yaml"):
        shutil.copy(PARAMETERS / name, tmp_path / "parameters" / name)
    path = tmp_path / "parameters" / TABLE
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    with pytest.raises(ConfigError, match=says):
        economic_regions(tmp_path)


def test_what_a_region_has_moves_what_its_places_are_foretold_and_the_switch_takes_it_away():
    """Siping in Jilin, from 2010: the north-east's middle is lower; `line` has one for all."""
    place = list_places(ROOT)["220300"]
    own = read_place(ROOT, place.code)
    region = find_region(ROOT, place.code, list_regions(ROOT))
    observed = _censuses(ROOT, place, own["population.base"])

    def total(parameters) -> float:
        setup = plain_setup(ROOT, [region], {place.code: parameters}, 2)
        scores = backtest(setup, region, 2010, 2020, ("nation",), observed).scores
        return next(s.projected for s in scores if s.indicator == "population_total")

    by = own["observation.unknown_by_region"]
    lower = by.data.copy()
    lower.loc["north_east"] -= 0.005
    moved = own | {"observation.unknown_by_region": replace(by, data=lower)}
    assert total(moved) / total(own) - 1 == pytest.approx(-0.05, abs=0.015)  # half a per cent in ten years
    line = override(own, "observation.unknown_method", "line", "test")
    assert total(line) > 1.05 * total(own)
    assert total(line | {"observation.unknown_by_region": moved["observation.unknown_by_region"]}) == total(
        line
    )


def test_the_left_out_place_reads_what_the_other_provinces_say():
    codes = [
        "210100",
        "210200",
        "220100",
        "220200",
        "410100",
        "410500",
        "320100",
        "320200",
        "510100",
        "510300",
    ]
    away, nets = dict.fromkeys(codes, 0.0), dict.fromkeys(codes, 0.001)
    away |= {"210100": 0.1, "410100": 0.2, "320100": -0.1}
    nets |= {"210100": -0.01, "210200": -0.02}
    base = _unknown_of(ROOT, away, nets, "220000")
    again = _unknown_of(ROOT, away, nets | {"220100": 0.5}, "220000")
    assert base == again
    own = _migration_without(read_place(ROOT, "220300"), *base)
    told = own["observation.unknown_by_region"].data.sel(economic_region="north_east")
    assert float(told) == pytest.approx(base[1].middles["north_east"])
    line = (
        np.array([away[c] for c in codes if c[:2] != "22"]),
        np.array([nets[c] for c in codes if c[:2] != "22"]),
    )
    rest = [c for c in codes if c[:2] != "22"]
    assert base[1] == by_region(*line, [c[:2] for c in rest], lies_in(ROOT, rest))


@pytest.mark.slow
def test_regions_tell_where_no_decade_is_known_and_nothing_where_one_is():
    """The claims of the page: better than one line, most of all in the north-east; none since 2020."""
    errors = compared(ROOT)
    rms = {name: float(np.sqrt(np.mean(e**2))) for name, (e, _) in errors.items()}
    line, regions = (
        "residents over registered, one line",
        "one line, provinces in the four economic regions (`regions`)",
    )
    assert min(rms, key=rms.__getitem__) == regions
    off = {name: float(errors[name][0][errors[name][1]].mean()) for name in (line, regions)}
    assert abs(off[regions]) < 0.3 * abs(off[line])
    lasts, with_regions = since_compared(ROOT).values()
    assert lasts < with_regions
    assert since_regions(ROOT) < 1e-4
