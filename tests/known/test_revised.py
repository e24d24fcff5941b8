"""A revised register or moved borders are no migration; jumps, odd births and units off by powers of ten."""

from __future__ import annotations

from pathlib import Path

import pytest
from paths import ROOT
from small import setup as small_setup

from sim.errors import ConfigError, ParameterError
from sim.known import read_indicators
from sim.known.table import RARE
from sim.report import known_text
from sim.report.known_text import known_line

HEAD = "indicator,year,value,unit,source,quality,old_basis\n"
INDICATORS = read_indicators(ROOT)


def set_up(folder: Path, *rows: str):
    path = folder / "known.csv"
    path.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    return small_setup(folder, 0, end=2026, known={"410500": str(path)})


def refused(folder: Path, *rows: str) -> list[str]:
    with pytest.raises((ConfigError, ParameterError)) as caught:
        set_up(folder, *rows)
    return str(caught.value).splitlines()


def entries(setup) -> dict[str, tuple[float, float]]:
    return {e.count.label: (e.before, e.after) for e in setup.counted}


def base(setup) -> float:
    return float(setup.parameters["reference", "410500"]["population.base"].data.sum())


@pytest.mark.slow
def test_a_revision_scales_the_base_and_is_not_read_as_moves(tmp_path: Path):
    plain = set_up(tmp_path, "population,2022,541.2,万人,y,B,", "births,2021,38000,人,y,B,")
    same = set_up(tmp_path, "population,2022,595.32,万人,y,B,541.2", "births,2021,38000,人,y,B,")
    assert base(same) == pytest.approx(1.1 * base(plain))
    was, now = entries(plain), entries(same)
    for label in was:  # all of it, before and after, is the same place on the wider basis
        assert now[label] == pytest.approx([1.1 * v for v in was[label]], rel=1e-6)
    changed = same.parameters["reference", "410500"]["migration.level"].changed
    assert "x1.1, a revised basis" in changed
    level = "migration.level"
    ratio = [s.parameters["reference", "410500"][level].data.values[0] for s in (same, plain)]
    assert ratio[0] == pytest.approx(1.1 * ratio[1])


def test_the_same_jump_without_a_word_is_refused(tmp_path: Path):
    (found,) = refused(tmp_path, "population,2021,625,万人,y,B,")
    assert "row 2, column C" in found
    assert "want " in found
    assert "old_basis" in found
    two = refused(tmp_path, "population,2022,541,万人,y,B,", "population,2023,470,万人,y,B,")
    assert len(two) == 1
    assert "4700000 people in 2023, 5410000 in 2022" in two[0]


def test_an_old_basis_of_anything_else_is_refused_by_its_cell(tmp_path: Path):
    found = refused(tmp_path, "beds,2023,34000,bed,y,A,30000", "population,2023,540,万人,y,B,x")
    assert "row 2, column G (old_basis) | of beds | leave it empty" in found[0]
    assert "row 3, column G (old_basis) | 'x'" in found[1]


def test_fewer_births_than_children_of_that_year_are_refused(tmp_path: Path):
    (found,) = refused(tmp_path, "births,2020,38000,人,y,A,")
    assert "38000 births in 2020" in found
    assert "of age 0 lived at the end of it" in found


@pytest.fixture(scope="module")
def near(tmp_path_factory: pytest.TempPathFactory) -> dict[str, float]:
    """What the model has of each indicator in 2022."""
    plain = [f"{name},2022,{value:.10g},{INDICATORS[name].unit},y,D," for name, value in NEAR.items()]
    return {e.count.indicator.id: e.before for e in set_up(tmp_path_factory.mktemp("near"), *plain).counted}


POWERS = (100, 1000, 10000, 0.1, 0.01, 0.0001)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("power", [10, 0.001, *(pytest.param(p, marks=pytest.mark.slow) for p in POWERS)])
def test_every_indicator_off_by_a_power_of_ten_is_refused_with_what_to_write(
    tmp_path: Path, near: dict[str, float], power: float
):
    assert set(near) == set(INDICATORS)
    near = near | {name: float(round(near[name])) for name in RARE}
    apart = {*RARE, "childcare_children"}  # what is told when the table is read is told alone
    batches = (RARE, ("childcare_children",), [name for name in near if name not in apart])
    for values in ({name: near[name] for name in batch} for batch in batches):
        rows = [f"{name},2022,{v * power:.10g},{INDICATORS[name].unit},y,B," for name, v in values.items()]
        found = refused(tmp_path, *rows)
        for row, name in enumerate(values, start=2):
            mine = [line for line in found if f"row {row}," in line]
            assert mine, name
            assert any("times too" in line or "write" in line or "whole deaths" in line for line in mine), (
                mine
            )


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("counted", "held"),
    [
        (0, True),
        pytest.param(1, True, marks=pytest.mark.slow),
        pytest.param(9, True, marks=pytest.mark.slow),
        (13, True),
        (50, False),
    ],
)
def test_few_deaths_are_given_chance(tmp_path: Path, counted: int, held: bool):
    """Of about five mothers a year: none, one, and thirteen are chance; fifty are another figure."""
    row = f"maternal_deaths,2022,{counted},人,y,B,"
    if held:
        (entry,) = set_up(tmp_path, row).counted
        assert 4 < entry.before < 6
    else:
        (found,) = refused(tmp_path, row)
        assert "10 times too large? write 5" in found


def test_a_count_far_from_what_is_projected_is_told_where_chance_allows_it(tmp_path: Path):
    (entry,) = set_up(tmp_path, "maternal_deaths,2022,1,人,y,B,").counted
    assert known_line(entry.record, "en").endswith(" - 1/4.9 of what is projected: check unit and place")
    assert "推算值的4.9分之一" in known_line(entry.record, "zh")
    (near,) = set_up(tmp_path, "maternal_deaths,2022,5,人,y,B,").counted
    assert "check" not in known_line(near.record, "en")


@pytest.mark.parametrize("row", ["beds,34000,2022,床,y,A,", "population,5441000,2023,人,y,A,"])
def test_a_year_and_a_value_exchanged_are_told(tmp_path: Path, row: str):
    (found,) = refused(tmp_path, row.replace("床", "张"))
    year = row.split(",")[2]
    assert f"the two look exchanged: write {year} as the year" in found
    assert "row 2, column B (year)" in found


def test_a_year_for_a_value_is_asked_about(tmp_path: Path):
    (found,) = refused(tmp_path, "beds,2023,2024,张,y,A,")
    assert found.endswith("is 2024 a year?")


# about what the place of the small run has in 2022, in the indicator's unit
NEAR = {
    "population": 5.41e6,
    "births": 43000.0,
    "deaths": 42000.0,
    "life_expectancy": 77.5,
    "admissions": 850000.0,
    "visits": 3.0e7,
    "alos": 8.5,
    "occupancy": 75.0,
    "beds": 34000.0,
    "doctors": 16000.0,
    "nurses": 17000.0,
    "midwives": 600.0,
    "childcare_slots": 12000.0,
    "care_beds": 20000.0,
    "population_60": 1.05e6,
    "population_65": 8.0e5,
    "infant_deaths": 90.0,
    "maternal_deaths": 5.0,
    "childcare_children": 9000.0,
    "care_residents": 6800.0,
    "gps": 1400.0,
    "tcm_doctors": 2900.0,
    "pharmacists": 1300.0,
    "care_workers": 2000.0,
}


def moves(setup) -> dict[int, tuple[float, float, float]]:
    told = (e.record for e in setup.counted if e.moves is not None)
    keys = ("net_migration", "net_migration_before", "net_migration_sd")
    return {r["year"]: tuple(r[k] for k in keys) for r in told}


@pytest.mark.slow
def test_a_jump_within_the_bound_is_said_to_be_read_as_migration(tmp_path: Path):
    """590 for 541.2 in one year lies within 0.9 to 1.12: read as a move of 2 % a year, and told so."""
    usual = set_up(tmp_path, "population,2024,536.4,万人,y,B,")
    rate, projected, sd = moves(usual)[2024]
    assert abs(rate - projected) < 2 * sd
    (line,) = known_text([e.record for e in usual.counted], "en").splitlines()[1:]
    assert "read as net migration of" in line
    odd = set_up(tmp_path, "population,2022,541.2,万人,y,B,", "population,2024,590,万人,y,B,")
    rate, projected, sd = moves(odd)[2024]
    people = base(odd)
    # what 2023 and 2024 took in is the jump, but for births less deaths and what is met within the errors
    assert rate == pytest.approx((5_900_000 - 5_412_000) / 2 / people, abs=0.004)
    assert rate - projected > 3 * sd
    for lang, asks in (("en", "old_basis"), ("zh", "请核对")):
        text = known_text([e.record for e in odd.counted], lang)
        assert sum(asks in line for line in text.splitlines()) == 1
    told = set_up(tmp_path, "population,2022,541.2,万人,y,B,", "population,2024,590,万人,y,B,536")
    assert 2024 not in moves(told)
