"""Tables by age: counts are split and their sums kept, rates are spread; what cannot be is named."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from paths import PARAMETERS
from place import people
from sampling import examples

from sim.agegroups import cohorts_at, split_evenly, split_groups
from sim.errors import ParameterError
from sim.params import Parameter, read_file
from sim.params.catalogue import single_ages

HEAD = "name: {en: a, zh: 甲}, year: 2020, source: s, basis: measured, quality: A"
LABELS = "schema: 1\nlabels:\n  cause: {all: [stroke, cancer]}\n  cadre: {all: [nurses, doctors]}\n"
Spans = Sequence[tuple[int, int]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder `parameters` with a pattern for persons."""
    root = tmp_path_factory.mktemp("parameters")
    (root / "sources.yaml").write_text("s: {title: {zh: 来源, en: A source}}\n", encoding="utf-8")
    (root / "labels.yaml").write_text(LABELS, encoding="utf-8")
    nation = (PARAMETERS / "national/population_reference_2020.csv").read_text(encoding="utf-8")
    (root / "nation.csv").write_text(nation, encoding="utf-8")
    (root / "age_patterns.csv").write_text(
        "unit,table,year,cohorts_to,why\nperson,nation.csv,2020,80,the nation\n", encoding="utf-8"
    )
    (root / "own").mkdir()
    return root


@pytest.fixture(scope="module")
def read(folder: Path) -> Callable[..., Parameter]:
    def one(table: str, unit: str = "person", dims: str = "sex, age", more: str = "") -> Parameter:
        (folder / "own" / "t.csv").write_text(table, encoding="utf-8")
        record = f"{{{HEAD}, unit: {unit}, dims: [{dims}], table: t.csv{more}}}"
        path = folder / "own" / "topic.yaml"
        path.write_text(f"schema: 1\nparameters:\n  a: {record}\n", encoding="utf-8")
        return read_file(path, folder)["topic.a"]

    return one


@st.composite
def groupings(draw: st.DrawFn) -> Spans:
    """Ages 0..100 in groups of any width, single ages among them, the last one open."""
    inner = draw(st.sets(st.integers(1, 100), max_size=40))
    edges = [0, *sorted(inner), 101]
    return [(a, b - 1) for a, b in pairwise(edges)]


FIVE = [(0, 0), (1, 4), *((a, a + 4) for a in range(5, 85, 5)), (85, 100)]
TEN = [(a, a + 9) for a in range(0, 90, 10)] + [(90, 100)]
SINGLE = [(a, a) for a in range(101)]


@settings(
    max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    spans=st.one_of(st.sampled_from([FIVE, TEN, SINGLE]), groupings()),
    seed=st.integers(0, 2**32 - 1),
    more=st.sampled_from(["", ", split: evenly", ", split: ../nation.csv"]),
)
def test_people_by_any_grouping_keep_the_total_of_every_group(
    read: Callable[..., Parameter], spans: Spans, seed: int, more: str
):
    rng = np.random.default_rng(seed)
    rows = [(s, a, b, float(rng.integers(0, 10**6))) for s in ("female", "male") for a, b in spans]
    rng.shuffle(rows)
    rows = [(s, int(a), int(b), float(v)) for s, a, b, v in rows]
    table = "sex,age_start,age_end,value\n" + "".join(f"{s},{a},{b},{v}\n" for s, a, b, v in rows)
    data = read(table, more=more).data
    for sex, first, last, value in rows:
        found = float(data.sel(sex=sex, age=slice(first, last)).sum())
        assert found == pytest.approx(value, rel=1e-9, abs=1e-6)
    assert (data.values >= 0).all()
    assert float(data.sum()) == pytest.approx(sum(r[3] for r in rows), rel=1e-12)


@pytest.mark.parametrize("spans", [FIVE, TEN])
def test_the_nation_in_groups_is_the_nation_by_single_ages(read: Callable[..., Parameter], spans: Spans):
    """Known answer: splitting the pattern's own sums gives the pattern back."""
    nation = {
        s: single_ages(PARAMETERS / "national/population_reference_2020.csv", s) for s in ("female", "male")
    }
    table = "sex,age_start,age_end,value\n" + "".join(
        f"{s},{a},{b},{nation[s][a : b + 1].sum()}\n" for s in nation for a, b in spans
    )
    for sex, own in nation.items():
        np.testing.assert_allclose(read(table).data.sel(sex=sex), own, rtol=1e-9)


def test_a_rate_by_groups_is_that_of_each_age(read: Callable[..., Parameter]):
    data = read("age_start,age_end,value\n0,64,1\n65,100,20\n", "per 1000 person-years", "age").data
    assert set(data.values[:65]) == {0.001}
    assert set(data.values[65:]) == {0.02}


def test_shuffled_rows_and_labels_give_the_same_array(read: Callable[..., Parameter]):
    rows = [f"{c},{s},{a},{i}\n" for i, (c, s, a) in enumerate(_cells())]
    one = read("cause,sex,age,value\n" + "".join(rows), "case", "cause, sex, age").data
    two = read("cause,sex,age,value\n" + "".join(reversed(rows)), "case", "cause, sex, age").data
    assert one.identical(two)
    assert list(one.cause.values) == ["stroke", "cancer"]


def _cells() -> list[tuple[str, str, int]]:
    return [(c, s, a) for c in ("cancer", "stroke") for s in ("male", "female") for a in range(101)]


def test_a_peak_of_births_is_looked_for_at_the_age_that_it_has_then():
    nation = single_ages(PARAMETERS / "national/population_reference_2020.csv", None)
    assert np.argmax(cohorts_at(nation, 5, 80)) == np.argmax(nation) + 5
    np.testing.assert_array_equal(cohorts_at(nation, 0, 80), nation)
    np.testing.assert_array_equal(cohorts_at(nation, -10, 80)[:70], nation[10:80])


def test_signed_counts_are_split_evenly_only(read: Callable[..., Parameter]):
    table = "age_start,age_end,value\n0,14,-30\n15,100,86\n"
    data = read(table, "person/year", "age", ", split: evenly").data
    assert float(data.sel(age=slice(0, 14)).sum()) == pytest.approx(-30)
    assert data.values[0] == pytest.approx(-2)
    with pytest.raises(ParameterError, match=r"line 2.*-30 people in the group from age 0.*0 or more"):
        read(table, "person/year", "age", ", split: ../nation.csv")


@pytest.mark.parametrize(
    ("table", "unit", "dims", "text"),
    [
        (
            "age_start,age_end,value\n0,14,0\n15,49,9\n50,100,0\n",
            "birth",
            "age",
            r"t.csv: line 2 \| 0 birth for the age group 0..14 \| .*state split: evenly, or split: a table",
        ),
        (
            "age_start,age_end,value\n0,64,1\n60,100,2\n",
            "person",
            "age",
            r"line 3 \| age=60..64 stands twice \(also on line 2\)",
        ),
        (
            "sex,age,value\nfemale,0,1\nmale,0,1\nfemale,0,2\n",
            "person",
            "sex, age",
            r"line 4 \| sex=female, age=0 stands twice \(also on line 2\)",
        ),
        (
            "sex,age_start,age_end,value\nfemale,0,100,1\nmale,0,49,1\nmale,60,100,1\n",
            "person",
            "sex, age",
            r"no value for age 50..59 at sex=male \| cover ages 0 to 100",
        ),
        ("sex,age_start,age_end,value\nfemale,0,100,1\n", "person", "sex, age", "sex 'male' is missing"),
        ("age_start,age_end,value\n0,105,1\n", "person", "age", r"line 2 \| age_end 105 is outside 0..100"),
        ("age_start,age_end,value\n100,0,1\n", "person", "age", "age_start 100 above age_end 0"),
        ("age,value\n0-4,1\n", "person", "age", r"line 2 \| age '0-4' \|.*age_start and age_end"),
        (
            'age_start,age_end,value\n0,100,"12,345"\n',
            "person",
            "age",
            r"line 2 \| value '12,345' \| a number is wanted: write 12345",
        ),
        ('age_start,age_end,value\n0,100,"0,5"\n', "ratio", "age", "write 0.5, with a point"),
        ("age_start,age_end,value\n0,100,１２\n", "percent", "age", "write 12, in plain digits"),
        ("age_start,age_end,value\n0,100,1_000\n", "person", "age", "write 1000, without separators"),
        ("age_start,age_end,value\n0,100,12%\n", "percent", "age", "leave the sign out"),
        (
            "cause,value\nstrokes,1\ncancer,2\n",
            "case",
            "cause",
            r"t.csv: line 2 \| cause 'strokes' is unknown \| did you mean 'stroke'",
        ),
        ("cause,value\nstroke,1\n", "case", "cause", r"t.csv \| cause 'cancer' is missing"),
        (
            "cause,cadre,value\nstroke,nurses,1\nstroke,doctors,1\ncancer,nurses,1\n",
            "case",
            "cause, cadre",
            "no row for cause=cancer, cadre=doctors",
        ),
        ("case,value\nstroke,1\n", "case", "casue", r"column 'casue' is missing"),
        (
            "age_start,age_end,value\n0,14,-1\n15,100,2\n",
            "person",
            "age",
            "-1 people in the group from",
        ),
    ],
)
def test_tables_that_are_refused(read: Callable[..., Parameter], table: str, unit: str, dims: str, text: str):
    with pytest.raises(ParameterError, match=text):
        read(table, unit, dims)


def test_every_wrong_label_of_every_column_is_named_once(read: Callable[..., Parameter]):
    rows = "".join(f"{c},{s},{a},1\n" for c, s, a in _cells())
    rows = rows.replace("stroke", "strokes").replace(",female", ",Female")
    with pytest.raises(ParameterError) as caught:
        read("cause,sex,age,value\n" + rows, "case", "cause, sex, age")
    lines = str(caught.value).splitlines()
    assert len(lines) == 2
    assert "line 204 | cause 'strokes' is unknown (202 lines) | did you mean 'stroke'?" in lines[0]
    assert "sex 'Female' is unknown (202 lines) | did you mean 'female'?" in lines[1]


def test_rows_outside_the_ages_of_the_record_are_not_lost_in_silence(read: Callable[..., Parameter]):
    table = "age_start,age_end,value\n0,59,5\n60,100,1\n"
    with pytest.raises(ParameterError, match=r"line 2.*value 5 for age 0..59.*ages: \[60, 100\]"):
        read(table, "percent", "age", ", ages: [60, 100]")


def test_a_census_by_five_years_starts_a_projection_with_its_own_people():
    """The shipped census tables, read as a base: the same people as counted."""
    region = PARAMETERS / "regions/410500_anyang"
    counted = np.loadtxt(region / "census_2020.csv", delimiter=",", skiprows=1, usecols=3).sum()
    assert float(people("410500").sum()) == pytest.approx(counted, rel=0.005)


def test_split_groups_refuses_what_it_cannot_split():
    with pytest.raises(ParameterError, match="nobody in the group from age 5"):
        split_groups(np.array([5.0, 5.0]), [0, 5], 9, np.r_[np.ones(5), np.zeros(5)])
    np.testing.assert_allclose(split_evenly(np.array([10.0, -4.0]), [0, 5], 6), [2, 2, 2, 2, 2, -2, -2])
