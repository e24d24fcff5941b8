"""`healthplan schema`: what an editor checks agrees with what ships and with what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from paths import ROOT
from working_folder import Outcome

from sim.commands.schema import SCHEMAS, schema
from sim.textfile import read_yaml

SHIPPED = {
    "experiment": ["experiments/*.yaml"],
    "parameters": [f"parameters/{folder}/*.yaml" for folder in ("national", "standards", "*/*")],
    "plan": ["parameters/plans/*/plan.yaml"],
    "scenarios": ["parameters/scenarios/*.yaml"],
    "sources": ["parameters/sources/*.yaml"],
}


def files(what: str) -> Iterator[tuple[Path, Any]]:
    """Files of a kind with their content, as an editor has it."""
    for pattern in SHIPPED[what]:
        for path in sorted(ROOT.glob(pattern)):
            content = _plain(read_yaml(path))
            if what != "parameters" or "parameters" in content:
                yield path, content


def _plain(content: Any) -> Any:
    """Keys are texts in JSON."""
    if isinstance(content, dict):
        return {str(key): _plain(value) for key, value in content.items()}
    return [_plain(value) for value in content] if isinstance(content, list) else content


@pytest.mark.sampled(5)
@pytest.mark.parametrize("what", SCHEMAS)
def test_every_shipped_file_fits_its_schema(what: str) -> None:
    Draft202012Validator.check_schema(schema(what))
    validator, seen = Draft202012Validator(schema(what)), 0
    for path, content in files(what):
        faults = [
            f"{path}: {list(e.absolute_path)}: {e.message:.200}" for e in validator.iter_errors(content)
        ]
        assert not faults
        seen += 1
    assert seen >= {"experiment": 8, "parameters": 100, "plan": 5}.get(what, 1)


@pytest.mark.parametrize(
    ("what", "damage", "said"),
    [
        ("experiment", {"draws": {"n": 10, "sede": 1}}, "sede"),
        ("experiment", {"regions": []}, "[]"),
        ("experiment", {"schema": 2}, "1 was expected"),
        ("plan", {"status": "printed"}, "printed"),
        ("plan", {"region": 410500}, "410500"),
    ],
)
def test_what_is_refused_does_not_fit(what: str, damage: dict[str, Any], said: str) -> None:
    _, content = next(files(what))
    faults = list(Draft202012Validator(schema(what)).iter_errors({**content, **damage}))
    assert len(faults) == 1
    assert said in faults[0].message


def test_a_misspelt_key_of_a_record_does_not_fit() -> None:
    path, content = next(iter(files("parameters")))
    record = next(iter(content["parameters"].values()))
    record["sorce"] = record.pop("source")
    messages = [e.message for e in Draft202012Validator(schema("parameters")).iter_errors(content)]
    assert any("'sorce' was unexpected" in m for m in messages), path
    assert "'source' is a required property" in messages


def test_keys_are_explained() -> None:
    """What stands under a key in its model is what an editor shows."""
    assert schema("experiment")["properties"]["plan"]["description"].startswith("Plan to test")
    (record,) = schema("parameters")["properties"]["parameters"]["patternProperties"].values()
    assert record["properties"]["basis"]["description"] == "Where the figure comes from."


def test_the_command_prints_it(cli: Callable[..., Outcome]) -> None:
    for what in SCHEMAS:
        assert json.loads(cli("schema", what, cwd=ROOT).out) == schema(what)
