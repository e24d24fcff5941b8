"""Values, ranges and labels that cannot be: refused by file, name, value and remedy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from paths import PARAMETERS, read_rows
from place import place, regions

from sim.errors import ParameterError
from sim.params import Parameter, override, read_file
from sim.params.catalogue import read_catalogue
from sim.params.checks import outside, reach, value_fault

HEAD = "name: {en: a, zh: 甲}, year: 2020, source: s, basis: measured, quality: A"
LIMITS = (
    "parameter,unit,low,high,adds_to,over,ages,why\n"
    "topic.share,percent,0,100,,,,\n"
    "topic.srb,ratio,0.9,1.3,,,,\n"
    "topic.rate,per person-year,0,2,,,,\n"
    "topic.stay,day,0.1,365,,,,\n"
    "topic.parts,percent,0,100,100,part,,\n"
    "topic.kinds,percent,0,100,<=100,part,,\n"
)
LABELS = "schema: 1\nlabels:\n  part: {all: [a, b]}\n  level: {all: [tertiary, secondary, primary]}\n"


@pytest.fixture
def read(tmp_path: Path) -> Callable[[str], dict[str, Parameter]]:
    (tmp_path / "sources.yaml").write_text("s: {title: {zh: 来源, en: A source}}\n", encoding="utf-8")
    (tmp_path / "limits.csv").write_text(LIMITS, encoding="utf-8")
    (tmp_path / "labels.yaml").write_text(LABELS, encoding="utf-8")
    (tmp_path / "own").mkdir()

    def one(body: str) -> dict[str, Parameter]:
        path = tmp_path / "own" / "topic.yaml"
        path.write_text(f"schema: 1\nparameters:\n  {body}\n", encoding="utf-8")
        return read_file(path, tmp_path)

    return one


def spread(unit: str, value: float, **keys: object) -> str:
    written = ", ".join(f"{k}: {v}" for k, v in keys.items())
    return f"a: {{{HEAD}, unit: {unit}, value: {value}, range: {{{written}}}}}"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (
            f"srb: {{{HEAD}, unit: ratio, value: 108}}",
            r"topic.yaml: srb \| a value is 108 \| want 0.9 to 1.3; looks like a figure per 100; write 1.08",
        ),
        (
            f"srb: {{{HEAD}, unit: ratio, path: {{2020: 1.08, 2030: 106}}}}",
            r"srb \| a value is 106 at year=2030 \| want 0.9 to 1.3$",
        ),
        (f"rate: {{{HEAD}, unit: per person-year, value: 960}}", r"looks like a figure per 1000 or 10000$"),
        (f"rate: {{{HEAD}, unit: per person-year, value: -0.1}}", r"-0.1 per person-year \| want 0 to 2$"),
        (f"srb: {{{HEAD}, unit: ratio, value: 0.108}}", r"looks 10 times too small; write 1.08"),
        (f"srb: {{{HEAD}, unit: day, value: 1.08}}", r"srb.unit \| unit 'day' \| want 'ratio'"),
        (f"a: {{{HEAD}, unit: percent, value: 105}}", r"a value is 105 percent \| want 0 to 100$"),
        (
            f"parts: {{{HEAD}, unit: percent, dims: [part], values: {{a: 60, b: 50}}}}",
            r"parts \| a sum of 110 over part \| want 100",
        ),
        (
            f"parts: {{{HEAD}, unit: percent, dims: [part], values: {{a: 60, c: 40}}}}",
            r"parts \| part 'c' is unknown",
        ),
        (f"parts: {{{HEAD}, unit: percent, dims: [part], values: {{a: 100}}}}", "part 'b' is missing"),
        (
            f"a: {{{HEAD}, unit: day, dims: [levle], values: {{tertiary: 1}}}}",
            r"a.dims \| 'levle' is unknown \| did you mean 'level'",
        ),
        (
            spread("percent", 80, distribution="uniform", low=0.7, high=0.9, scale="value"),
            r"topic.yaml: a.*0.7..0.9 \(value\) does not hold the centre 80",
        ),
        (
            spread("percent", 80, distribution="uniform", low=70, high=150, scale="value"),
            r"a.range \| reaches 150 percent \| want 0 to 100",
        ),
        (
            spread("percent", 80, distribution="normal", low=0.6, high=1.4),
            r"a.range \| reaches 112 percent \| want 0 to 100",
        ),
        (
            spread("day", 8, distribution="normal", low=-10, high=10, scale="absolute"),
            r"a.range \| reaches -2 day \| want 0 or more",
        ),
        (spread("day", 8, distribution="uniform", low=1.1, high=1.3), r"1.1..1.3 \(relative\) does not hold"),
        (
            spread("day", 8, distribution="normal", low=1, high=3, scale="absolute"),
            "does not hold the centre 0",
        ),
        (
            spread("day", 8, distribution="empirical", values=[9, 10], scale="value"),
            r"9..10 \(value\) does not hold the centre 8",
        ),
        (spread("day", 8, distribution="ar1", rho=0.9, sd=0), r"sd 0 \| want more than 0"),
        (spread("day", 8, distribution="ar1", rho=0.9, sd=-1), r"sd -1 \| want more than 0"),
        (spread("day", 8, distribution="ar1", rho=0.9, sd="{2020: 0, 2030: -1}"), "want more than 0"),
        (spread("day", 8, distribution="uniform", low=2, high=1), r"low 2 is above high 1 \| swap them"),
    ],
)
def test_what_cannot_be_is_refused(read: Callable[[str], dict[str, Parameter]], body: str, text: str):
    with pytest.raises(ParameterError, match=text):
        read(body)


def test_a_share_of_all_by_definition_may_stand_beside_ranged_ones(
    read: Callable[[str], dict[str, Parameter]],
):
    body = (
        f"share: {{{HEAD}, unit: percent, dims: [part], values: {{a: 100, b: 80}}, "
        "range: {distribution: uniform, low: 0.8, high: %s}}"
    )
    assert read(body % "1.25")["topic.share"].data.size == 2
    with pytest.raises(ParameterError, match="reaches 104 percent"):
        read(body % "1.3")


def test_nested_values_are_laid_out_in_the_order_of_the_model(read: Callable[[str], dict[str, Parameter]]):
    body = f"stay: {{{HEAD}, unit: day, dims: [level], values: {{primary: 6, tertiary: 9, secondary: 8}}}}"
    assert list(read(body)["topic.stay"].data.values) == [9, 8, 6]


def test_kinds_may_add_up_to_less_than_all_and_never_to_more(read: Callable[[str], dict[str, Parameter]]):
    body = f"kinds: {{{HEAD}, unit: percent, dims: [part], values: {{a: 60, b: %s}}}}"
    assert float(read(body % 0)["topic.kinds"].data.sum()) == 0.6
    found = read(body % 40)
    with pytest.raises(ParameterError, match=r"a sum of 100.1 over part \| want at most 100"):
        read(body % 40.1)
    with pytest.raises(ParameterError, match=r"--set.*a sum of 140 over part \| want at most 100"):
        override(found, "topic.kinds.b", 80, "--set")


KINDS = {"severity", "ncd"}  # dims whose labels exclude each other for a person, or a death


@pytest.mark.sampled(5)
@pytest.mark.parametrize("code", sorted(regions()))
def test_shares_of_kinds_add_up_to_no_more_than_all_in_every_shipped_table(code: str):
    held = 0
    for name, p in place(code).items():
        kinds = [d for d in p.data.dims if d in KINDS]
        if kinds and p.limits is not None and p.limits.adds_to is not None:
            assert float(p.data.sum(kinds).max()) <= 1 + 1e-9, name
            held += 1
    assert held == 2


def test_the_same_limits_hold_for_what_is_set_by_hand(read: Callable[[str], dict[str, Parameter]]):
    found = read(f"srb: {{{HEAD}, unit: ratio, value: 1.08}}")
    assert value_fault(found["topic.srb"], found["topic.srb"].data) == ""
    with pytest.raises(ParameterError, match=r"--set.*108.*want 0.9 to 1.3.*write 1.08"):
        override(found, "topic.srb", 108, "--set")
    with pytest.raises(ParameterError, match=r"want 0.9 to 1.3"):
        override(found, "topic.srb", {"multiply": 1.5}, "--set")


@pytest.fixture(scope="module")
def shipped() -> dict[str, Parameter]:
    """Every parameter that stands in some shipped set, the last region's record of each."""
    found: dict[str, Parameter] = {}
    for code in sorted(regions()):
        found |= place(code)
    return found


def test_every_shipped_number_has_limits_and_every_dim_its_labels(shipped: dict[str, Parameter]):
    catalogue = read_catalogue(PARAMETERS, [])
    numbers = {name for name, p in shipped.items() if not p.is_method}
    assert numbers == set(catalogue.limits), numbers ^ set(catalogue.limits)
    dims = {d for p in shipped.values() for d in p.record.dims} - {"age", "year"}
    assert dims == set(catalogue.labels), dims ^ set(catalogue.labels)


def test_limits_refuse_every_shipped_parameter_in_units_a_thousand_times_off(shipped: dict[str, Parameter]):
    """A limit that nothing can break would be no limit."""
    passed = [
        name
        for name, p in shipped.items()
        if not p.is_method
        and float(abs(p.data).max()) > 0
        and not outside(p.record.unit, p.data * 1000, p.limits)
    ]
    assert len(passed) < 0.12 * len(shipped), sorted(passed)


def test_ranges_of_shipped_parameters_reach_what_their_units_allow(shipped: dict[str, Parameter]):
    for name, p in shipped.items():
        if p.record.range is not None and p.data.ndim == 0:
            ends = reach(p.record.range, p.data, 1.0)
            assert ends is None or ends[0] <= ends[1], name


def test_the_table_of_limits_is_checked_itself(tmp_path: Path):
    (tmp_path / "limits.csv").write_text(
        "parameter,unit,low,high,adds_to,over,ages,why\n"
        "a.b,days,0,1,,,,\na.c,day,5,1,,,,\na.d,day,x,1,,,,\na.c,day,0,1,,,,\na.e,day,0,inf,,,,\n",
        encoding="utf-8",
    )
    faults: list[str] = []
    read_catalogue(tmp_path, faults)
    text = "\n".join(faults)
    for wanted in (
        "line 2: unit | 'days'",
        "line 3 | low 5 above high 1",
        "line 4",
        "'a.c' stands twice",
        "line 6",
    ):
        assert wanted in text, text


def test_limits_stand_in_the_order_of_names():
    names = [row["parameter"] for row in read_rows(PARAMETERS / "limits.csv")]
    assert names == sorted(names)
