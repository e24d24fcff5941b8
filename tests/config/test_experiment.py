"""Experiment files: what is accepted, and how every fault is told."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from sim.config import find_root, parse_set, read_experiment, revalidated
from sim.described import field_texts
from sim.errors import ConfigError

MINIMAL = {
    "schema": 1,
    "name": "a",
    "regions": ["410500"],
    "years": {"base": 2020, "end": 2035},
}


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Function: the minimal experiment with changes (None removes a key) -> its file."""

    def _write(**changes: object) -> Path:
        content = {k: v for k, v in {**MINIMAL, **changes}.items() if v is not None}
        path = tmp_path / "experiment.yaml"
        path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
        return path

    return _write


def refused(path: Path) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        read_experiment(path)
    return [line.removeprefix(str(path)) for line in str(caught.value).splitlines()]


def test_a_minimal_experiment_has_the_documented_defaults(write):
    e = read_experiment(write())
    assert e.scenarios == {"reference": ()}
    assert e.test_years == (2025, 2035)
    assert e.parameters == ("national", "standards")
    assert (e.draws.n, e.draws.seed) == (200, 1)
    assert e.plan is None


def test_every_field_is_documented():
    from sim.config import Draws, Experiment, HospitalSettings, SweepSettings, Years

    for model in (Draws, Experiment, HospitalSettings, SweepSettings, Years):
        assert field_texts(model).keys() == model.model_fields.keys()


def test_an_experiment_is_frozen(write):
    with pytest.raises(ValidationError, match="frozen"):
        read_experiment(write()).name = "b"


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"scenaros": {}}, ": scenaros | unknown key | did you mean 'scenarios'?"),
        ({"draws": {"sede": 1}}, ": draws.sede | unknown key | did you mean 'seed'?"),
        (
            {"years": {"base": 2020, "end": 2030, "ende": 1}, "test_years": [2025]},
            ": years.ende | unknown key | did you mean 'end'?",
        ),
        ({"title": {"en": "a", "zh": "b", "cn": "c"}}, ": title.cn | unknown key | known: en, zh"),
        (
            {"titles": {"referense": {"en": "a", "zh": "b"}}},
            " | titles: no scenario 'referense' | did you mean 'reference'?",
        ),
        (
            {"titles": {"reference": {"en": "a"}}},
            ": titles.reference.zh | is missing | write it; see experiments/*.yaml",
        ),
        (
            {"titles": {"reference": {"en": " ", "zh": "b"}}},
            " | titles.reference.en: is empty | write the name that charts show",
        ),
        (
            {"titles": {"reference": {"en": "a", "zh": "b", "cn": "c"}}},
            ": titles.reference.cn | unknown key | known: en, zh",
        ),
        ({"name": None}, ": name | is missing | write it; see experiments/*.yaml"),
        ({"years": {"base": 2020}}, ": years.end | is missing | write it; see experiments/*.yaml"),
        ({"schema": 2}, ": schema | 2 is no version | write 1"),
        ({"schema": True}, ": schema | True is no version | write 1"),
        ({"sweep": {"groups": {"stay": None}}}, ": sweep.groups.stay | None | write a list, such as [a, b]"),
        (
            {"sweep": {"groups": {"stay": "inp"}}},
            ": sweep.groups.stay | 'inp' | write a list, such as [a, b]",
        ),
        ({"draws": {"n": "many"}}, ": draws.n | 'many' | write a whole number"),
        ({"draws": {"n": True}}, ": draws.n | True | write a whole number"),
        ({"draws": {"n": 8.5}}, ": draws.n | 8.5 | write a whole number"),
        ({"draws": {"n": -1}}, ": draws.n | -1 | write 0 or more"),
        ({"draws": 200}, ": draws | 200 | write a mapping, such as {key: value}"),
        ({"regions": [410500]}, ": regions.0 | 410500 | write it as text, between quotes"),
        ({"regions": "410500"}, ": regions | '410500' | write a list, such as [a, b]"),
        ({"regions": []}, ": regions | [] | name at least one"),
        ({"regions": ["4105"]}, ": regions | '4105' | write the six-digit code as text, such as '410500'"),
        (
            {"regions": ["4105", "41"]},
            ": regions | '4105', '41' | write the six-digit code as text, such as '410500'",
        ),
        ({"regions": ["410500", "410500"]}, " | regions: '410500' stands twice | keep one of them"),
        (
            {"years": {"base": 2035, "end": 2020}},
            ": years | end 2020 is not after base 2035 | write a later end",
        ),
        (
            {"years": {"base": 2020, "end": 2101}},
            ": years.end | 2101 | write 2100 or less",
        ),
        (
            {"years": {"base": 2020, "end": 2030}},
            " | test_years: 2035 (the default) is outside 2020..2030 | write test_years: [2030]",
        ),
        ({"test_years": [2010]}, " | test_years: 2010 is outside 2020..2035 | write test_years: [2035]"),
        (
            {"name": "安阳"},
            ": name | '安阳' | write small letters, digits, _ and - only, a letter or digit first",
        ),
        (
            {"name": "../up"},
            ": name | '../up' | write small letters, digits, _ and - only, a letter or digit first",
        ),
        ({"scenarios": {}}, " | scenarios: none | name at least one, such as reference: []"),
        (
            {"scenarios": {"a": ["wish"]}, "overrides": {"wishes": {}}},
            " | scenarios.a: no override 'wish' | did you mean 'wishes'?",
        ),
        (
            {"scenarios": {"a": ["x"]}, "overrides": {"x": {"p.q": 1}, "y": {"p.q": 2}}},
            ": overrides.y | no scenario has it: nothing of it would act | "
            "name it in one, such as scenarios.a: [y], or take it out",
        ),
        ({"scenarios": {"a": "x"}}, ": scenarios.a | 'x' | write a list, such as [a, b]"),
        (
            {"scenarios": {"a": ["x", "y"]}, "overrides": {"x": {"p.q": 1}, "y": {"p.q": 2}}},
            " | scenarios.a: 'x' and 'y' both set p.q | leave it to one of them",
        ),
        (
            {"sweep": {"method": "sobal"}},
            ": sweep.method | 'sobal' | write 'grid', 'oat', 'lhs', 'morris' or 'sobol'",
        ),
    ],
)
def test_one_fault_is_told_once_with_its_remedy(write, changes: dict, line: str):
    assert refused(write(**changes)) == [line]


def test_all_faults_of_a_file_are_told_at_once(write):
    lines = refused(write(scenaros={}, draws={"n": "many"}, name=None, regions=["x"]))
    assert len(lines) == 4


@pytest.mark.parametrize("text", ["- a\n- b\n", "hello\n", "# nothing\n", "null\n"])
def test_a_file_that_is_no_mapping_is_refused(tmp_path: Path, text: str):
    path = tmp_path / "e.yaml"
    path.write_text(text, encoding="utf-8")
    assert refused(path) == [" | is not a mapping of keys | see experiments/*.yaml"]


def test_a_key_that_is_a_number_is_refused(write):
    path = write()
    path.write_text(path.read_text() + "5: 3\n")
    assert refused(path) == [": 5 | 5 | write the key as text"]


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("inpatient.alos=8.5", ("inpatient.alos", 8.5)),
        ("inpatient.alos.tertiary=8", ("inpatient.alos.tertiary", 8)),
        (" a.b={2025: 1, 2030: 2} ", ("a.b", {2025: 1, 2030: 2})),
        ("a.b={multiply: 0.9}", ("a.b", {"multiply": 0.9})),
        ("a.b=hold_count", ("a.b", "hold_count")),
        ("fertility.asfr_by_order.3+=0.1", ("fertility.asfr_by_order.3+", 0.1)),
    ],
)
def test_settings_are_a_dotted_name_and_a_value(text: str, pair: tuple):
    assert parse_set(text) == pair


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("alos", "is not name=value | write dotted.name=value"),
        ("alos=8", "is not name=value"),
        ("a.b=", "is not name=value"),
        ("=8", "is not name=value"),
        ("a.b=null", "has no value"),
        ("a.b=[", "mend the YAML"),
        ("a.b=1:30", "'1:30' is not a plain whole number"),
        ("a.b={1: 2, 1: 3}", "key '1' stands twice"),
    ],
)
def test_malformed_settings_are_refused(text: str, wrong: str):
    with pytest.raises(ConfigError) as caught:
        parse_set(text)
    assert str(caught.value).startswith(f"--set {text} | ")
    assert wrong in str(caught.value)


def test_the_working_folder_is_the_nearest_with_parameters(tmp_path: Path):
    (tmp_path / "parameters" / "national").mkdir(parents=True)
    inner = tmp_path / "experiments" / "mine"
    inner.mkdir(parents=True)
    assert find_root(inner) == tmp_path.resolve()


def test_outside_a_working_folder_the_remedy_is_init(tmp_path: Path):
    with pytest.raises(ConfigError, match=r"no folder 'parameters' here or above \| run `health"):
        find_root(tmp_path)


NAMES = [
    ("", "the name is empty | write one, such as reference"),
    ("a/b", "'a/b' holds / | it becomes a file name: write 'a_b'"),
    ("a\\b", "it becomes a file name: write 'a_b'"),
    ("a|b", "write 'a_b'"),
    ("a\tb", "holds character U+0009 | leave it out"),
    ("a\x00b", "holds character U+0000 | leave it out"),
    ("a\u200bb", "holds ZERO WIDTH SPACE | leave it out"),
    ("a\u202eb", "holds RIGHT-TO-LEFT OVERRIDE | leave it out"),
    ("x" * 101, "101 characters | at most 100"),
    (".hidden", "begins or ends with a dot or a blank | write 'hidden'"),
    ("end.", "write 'end'"),
    ("end ", "write 'end'"),
    ("..", "begins or ends with a dot"),
    (".", "begins or ends with a dot or a blank | write letters or digits"),
    ("NUL", "is a device on Windows"),
    ("Aux.2030", "is a device on Windows"),
    ("CON", "is a device on Windows | write another"),
    ("nul.txt", "is a device on Windows"),
    ("com1", "is a device on Windows"),
]


@pytest.mark.parametrize(("name", "text"), NAMES, ids=lambda v: ascii(v)[:30])
@pytest.mark.parametrize("key", ["scenarios", "overrides"])
def test_names_that_no_file_can_have_are_refused(write, key: str, name: str, text: str):
    scenarios = {name: []} if key == "scenarios" else {"reference": []}
    overrides = {name: {}} if key == "overrides" else {}
    lines = refused(write(scenarios=scenarios, overrides=overrides))
    assert len(lines) == 1
    assert lines[0].startswith(f" | {key}: ")
    assert text in lines[0]


@pytest.mark.parametrize(
    "name", ["reference", "low fertility", "三孩政策（强）", "a.b", "x" * 100, "console"]
)
def test_names_that_files_can_have_are_kept(write, name: str):
    assert name in read_experiment(write(scenarios={name: []})).scenarios


def test_names_that_one_file_would_have_are_refused(write):
    lines = refused(write(scenarios={"Low": [], "low": [], "ｌow": []}))
    assert lines == [
        " | scenarios: 'Low' and 'low' differ by case or form only | rename one of them",
        " | scenarios: 'Low' and 'ｌow' differ by case or form only | rename one of them",
    ]


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"regions": ["４１０５００"]}, "write the six-digit code as text"),
        ({"name": "con"}, "name: 'con' is a device on Windows"),
        ({"name": "x" * 300}, "300 characters | at most 100"),
        ({"years": {"base": 2020, "end": 10**9}}, "years.end | 1000000000"),
        ({"years": {"base": 2020, "end": 2025.5}}, "years.end | 2025.5 | write a whole number"),
        ({"years": {"base": 2020, "end": 2020}}, "end 2020 is not after base 2020"),
        ({"draws": {"n": 10**12}}, "draws.n | 1000000000000 | write 1000000 or less"),
        ({"draws": {"n": 1.5}}, "draws.n | 1.5 | write a whole number"),
        ({"draws": {"seed": 2**63}}, "has 19 digits"),
        ({"draws": {"seed": -1}}, "draws.seed | -1"),
        ({"test_years": [2025, 2025]}, "test_years: 2025 stands twice | keep one of them"),
        ({"hospital": {"years": [2025, 2025]}}, "hospital.years: 2025 stands twice | keep one of them"),
        ({"hospital": {"replications": 10**9}}, "hospital.replications"),
        ({"parameters": ["national", "../../etc"]}, "parameters: '../../etc' leaves the folder"),
        ({"parameters": ["national", "national"]}, "parameters: 'national' stands twice"),
        (
            {"parameters": ["national", "regions/410100_zhengzhou"]},
            "stand for 410500 too | leave it out",
        ),
        ({"parameters": ["national", "provinces/440000_guangdong"]}, "would stand for 410500 too"),
        ({"scenarios": {"=1+1": []}}, "begins with = | a spreadsheet would compute it: write '1+1'"),
        ({"scenarios": {"-low": []}}, "begins with - |"),
        ({"scenarios": {"@high": []}}, "begins with @ |"),
        ({"scenarios": {"'low": []}}, "begins with ' |"),
        ({"scenarios": {"a": ["x"]}, "overrides": {"x": {}}}, "overrides.x | sets nothing"),
    ],
    ids=str,
)
def test_what_no_run_can_have_is_refused(write, changes: dict, part: str):
    lines = refused(write(**changes))
    assert len(lines) == 1
    assert part in lines[0]


def test_no_draws_means_the_central_line_alone(write):
    assert read_experiment(write(draws={"n": 0})).draws.n == 0


def test_faults_between_fields_are_told_at_once(write):
    lines = refused(
        write(scenarios={"": [], "a/b": ["wish"]}, overrides={"con": {}}, test_years=[2010, 2025, 2025])
    )
    assert len(lines) == 6, lines


def test_a_replaced_field_is_checked_as_one_that_is_read(write):
    experiment = read_experiment(write())
    with pytest.raises(ConfigError, match=r"draws\.n"):
        revalidated(experiment.model_copy(update={"draws": {"n": -1}}), "x")
    assert revalidated(experiment, "x") == experiment


def test_what_a_run_saves_of_an_experiment_can_be_read_again(write):
    """With all its defaults written out, some of which lie beyond a short projection."""
    short = read_experiment(write(years={"base": 2020, "end": 2025}, test_years=[2025]))
    again = yaml.safe_load(json.dumps(short.model_dump(mode="json", by_alias=True)))
    assert read_experiment(write(**again)) == short
