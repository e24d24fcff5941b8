"""Experiment files: what is accepted, and how every fault is told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from sim.config import find_root, parse_set, read_experiment
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
        for name, field in model.model_fields.items():
            assert field.description, f"{model.__name__}.{name}"


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
        ({"name": None}, ": name | is missing | write it; see experiments/*.yaml"),
        ({"years": {"base": 2020}}, ": years.end | is missing | write it; see experiments/*.yaml"),
        ({"schema": 2}, ": schema | 2 | Input should be 1"),
        ({"draws": {"n": "many"}}, ": draws.n | 'many' | write a whole number"),
        ({"draws": {"n": True}}, ": draws.n | True | write a whole number"),
        ({"draws": {"n": 8.5}}, ": draws.n | 8.5 | write a whole number"),
        ({"draws": {"n": -1}}, ": draws.n | -1 | Input should be greater than or equal to 0"),
        ({"draws": 200}, ": draws | 200 | write a mapping, such as {key: value}"),
        ({"regions": [410500]}, ": regions.0 | 410500 | write it as text, between quotes"),
        ({"regions": "410500"}, ": regions | '410500' | write a list, such as [a, b]"),
        ({"regions": []}, ": regions | [] | name at least one"),
        ({"regions": ["4105"]}, ": regions | '4105' | write the six-digit code as text, such as '410500'"),
        (
            {"regions": ["410500", "410500"]},
            ": regions | a region stands twice in ['410500', '410500'] | keep one of them",
        ),
        (
            {"years": {"base": 2035, "end": 2020}},
            ": years | end 2020 is not after base 2035 | write a later end",
        ),
        (
            {"years": {"base": 2020, "end": 2101}},
            ": years.end | 2101 | Input should be less than or equal to 2100",
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
        ({"scenarios": {"a": "x"}}, ": scenarios.a | 'x' | write a list, such as [a, b]"),
        (
            {"scenarios": {"a": ["x", "y"]}, "overrides": {"x": {"p.q": 1}, "y": {"p.q": 2}}},
            " | scenarios.a: 'x' and 'y' both set p.q | leave it to one of them",
        ),
        (
            {"sweep": {"method": "sobal"}},
            ": sweep.method | 'sobal' | Input should be 'grid', 'oat', 'lhs', 'morris' or 'sobol'",
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
