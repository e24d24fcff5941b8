"""Laws of the readers: any file is read or refused in words, and what is written is what is read.

The first law holds for every reader that the fuzzer knows, with edits as hands make them: a cell changed,
a row lost, doubled or moved, a column cut off.  The others are round trips: values drawn by chance, written
as an office would write them, read back.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from paths import ROOT
from reliability.fuzz import targets
from sampling import examples

from sim.config import parse_set, read_experiment
from sim.errors import SimError
from sim.params import read_file
from sim.places import read_census, read_observed
from sim.places.new_region import Asked, read_table
from sim.schema import SEXES

TEXTS = (
    "experiment",
    "record",
    "table",
    "census",
    "observed",
    "region",
    "document",
    "setting",
    "rows",
    "meta",
)
CELLS = (
    "",
    " ",
    "0",
    "-1",
    "1e400",
    "nan",
    "inf",
    "1,234",
    "1.234,5",
    "１２３",
    "5-9",
    "男",
    "=1+1",
    "\u00a0",
    "\x00",
)
CELLS += ("9" * 400, "2020.5", "true", "null", "[1]", "{a: 1}", "&a *a", "\ufeff", "\u202e", "100%", "٣", "½")


@pytest.fixture(scope="module")
def readers(
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, tuple[Callable[[bytes], None], tuple[bytes, ...]]]:
    """Every reader, with what it is begun from."""
    return {
        name: (target.make(tmp_path_factory.mktemp(name)), target.seeds)
        for name, target in targets().items()
        if name in (*TEXTS, "plan")
    }


@st.composite
def edits(draw: st.DrawFn) -> Callable[[bytes], bytes]:
    """A few changes of a text's rows and cells."""
    moves = draw(
        st.lists(
            st.tuples(
                st.sampled_from(("cell", "lose", "double", "move", "cut", "glue")),
                st.integers(0, 400),
                st.integers(0, 12),
                st.sampled_from(CELLS),
            ),
            min_size=1,
            max_size=4,
        )
    )

    def change(seed: bytes) -> bytes:
        lines = seed.decode("utf-8", "replace").split("\n")
        for kind, row, column, cell in moves:
            at = row % len(lines)
            mark = "," if "," in lines[at] else ":"
            parts = lines[at].split(mark)
            if kind == "cell":
                parts[column % len(parts)] = cell
                lines[at] = mark.join(parts)
            elif kind == "cut":
                lines[at] = mark.join(parts[: column % (len(parts) + 1)])
            elif kind == "glue":
                lines[at] += mark + cell
            elif kind == "double":
                lines.insert(at, lines[at])
            elif kind == "move":
                lines.append(lines.pop(at))
            elif len(lines) > 1:
                del lines[at]
        return "\n".join(lines).encode("utf-8", "replace")

    return change


@pytest.mark.sampled(4)
@pytest.mark.parametrize("name", [*TEXTS, "plan"])
def test_an_edited_file_is_read_or_refused_in_words(name: str, readers: dict[str, object]) -> None:
    reader, seeds = readers[name]  # type: ignore[misc]
    refused = 0

    @settings(max_examples=20 if name == "plan" else examples(60), suppress_health_check=list(HealthCheck))
    @given(change=edits(), which=st.integers(0, 50))
    def law(change: Callable[[bytes], bytes], which: int) -> None:
        nonlocal refused
        said = ""
        try:
            reader(change(seeds[which % len(seeds)]))
        except SimError as error:
            said = str(error)
            refused += 1
        assert max(map(len, said.splitlines()), default=0) < 1500, said

    law()
    assert refused or name == "document", "no edit was refused: the edits do not reach the reader"


def _written(columns: tuple[str, ...], rows: list[tuple[object, ...]]) -> str:
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return made.getvalue()


COUNTS = st.lists(st.integers(1, 10**7), min_size=38, max_size=38)
FIVE = (0, 1, *range(5, 90, 5))


@given(counts=COUNTS, order=st.randoms(use_true_random=False))
@settings(max_examples=25)
def test_a_census_is_read_as_it_is_written_in_any_order_of_rows(counts: list[int], order: object) -> None:
    ends = (*(s - 1 for s in FIVE[1:]), 100)
    rows = [
        (sex, start, end, counts[i * len(FIVE) + j])
        for i, sex in enumerate(SEXES)
        for j, (start, end) in enumerate(zip(FIVE, ends, strict=True))
    ]
    order.shuffle(rows)  # type: ignore[attr-defined]
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "census_2020.csv"
        path.write_text(_written(("sex", "age_start", "age_end", "value"), rows), encoding="utf-8")
        found = read_census(path)
    assert found.starts == FIVE
    assert np.array_equal(found.counts, np.array(counts, dtype=float).reshape(2, -1))


SPELLINGS = (
    ("年龄", ("男", "女"), "{0}-{1}岁", "85岁及以上"),
    ("Age", ("Male", "Female"), "{0}-{1}", "85+"),
    ("年龄组", ("男性", "女性"), "{0}～{1}", "85岁以上"),
)


@given(counts=COUNTS, spelling=st.sampled_from(SPELLINGS), totals=st.booleans(), turned=st.booleans())
@settings(max_examples=examples(40))
def test_a_table_of_an_office_is_read_as_it_is_written(
    counts: list[int], spelling: tuple[str, tuple[str, str], str, str], totals: bool, turned: bool
) -> None:
    head, (men, women), span, last = spelling
    per = {men: counts[: len(FIVE)], women: counts[len(FIVE) :]}
    labels = ["0岁" if "岁" in last else "0", span.format(1, 4)]
    labels += [span.format(a, a + 4) for a in range(5, 85, 5)] + [last]
    sexes = (women, men) if turned else (men, women)
    rows: list[tuple[object, ...]] = [(label, *(per[s][i] for s in sexes)) for i, label in enumerate(labels)]
    if totals:
        rows.insert(0, ("合计" if "岁" in last else "Total", *(sum(per[s]) for s in sexes)))
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "county.csv"
        path.write_text(_written((head, *sexes), rows), encoding="utf-8")
        _, census = read_table(Asked(path, "x", "x", "410500"), FIVE)
    found = {s: census.counts[i] for i, s in enumerate(SEXES)}
    assert list(found["male"]) == per[men]
    assert list(found["female"]) == per[women]


@given(values=st.lists(st.integers(5 * 10**5, 5 * 10**5 + 4000), min_size=2, max_size=6))
@settings(max_examples=25)
def test_what_was_observed_is_read_as_it_is_written(values: list[int]) -> None:
    rows = [(2015 + i, "population_total", "person", v, "A", "yearbook") for i, v in enumerate(values)]
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "observed.csv"
        columns = ("year", "indicator", "unit", "value", "grade", "source")
        path.write_text(_written(columns, rows), encoding="utf-8")
        found = read_observed(path)
    assert [(row.year, row.value) for row in found] == [(r[0], float(r[3])) for r in rows]  # type: ignore[arg-type]


@given(value=st.floats(allow_nan=False, allow_infinity=False, width=64))
def test_a_setting_gives_back_its_number(value: float) -> None:
    assert parse_set(f"inpatient.alos={value!r}") == ("inpatient.alos", pytest.approx(value, rel=0, abs=0))


@given(
    values=st.lists(st.floats(0, 1e6), min_size=101, max_size=101), order=st.randoms(use_true_random=False)
)
@settings(max_examples=15)
def test_a_parameter_table_is_read_as_it_is_written(values: list[float], order: object) -> None:
    record = {
        "name": {"en": "x", "zh": "x"},
        "unit": "person",
        "table": "t.csv",
        "dims": ["age"],
        "year": 2020,
        "source": "s",
        "basis": "measured",
        "quality": "A",
    }
    rows: list[tuple[object, ...]] = [(age, repr(v)) for age, v in enumerate(values)]
    order.shuffle(rows)  # type: ignore[attr-defined]
    with tempfile.TemporaryDirectory() as place:
        (Path(place) / "own.yaml").write_text(yaml.safe_dump({"schema": 1, "parameters": {"x": record}}))
        (Path(place) / "t.csv").write_text(_written(("age", "value"), rows), encoding="utf-8")
        (parameter,) = read_file(Path(place) / "own.yaml").values()
    assert list(np.asarray(parameter.data).ravel()) == values


@given(
    draws=st.integers(0, 5000),
    seed=st.integers(0, 2**31),
    horizon=st.integers(2035, 2060),
)
@settings(max_examples=15)
def test_an_experiment_is_read_as_it_is_written(draws: int, seed: int, horizon: int) -> None:
    content = yaml.safe_load((ROOT / "experiments" / "anyang_14fyp.yaml").read_text("utf-8"))
    content["draws"] = {**content["draws"], "n": draws, "seed": seed}
    content["years"] = {**content["years"], "end": horizon}
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "e.yaml"
        path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
        first = read_experiment(path)
        path.write_text(yaml.safe_dump(content, default_flow_style=True, sort_keys=True), encoding="utf-8")
        second = read_experiment(path)
    assert (first.draws.n, first.draws.seed, first.years.end) == (draws, seed, horizon)
    assert first == second
