"""How a fault of a file is told: where it stands, what is there, what would be right."""

from __future__ import annotations

import re
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, Field, field_validator, model_validator

from sim.commands.refusals import spoken
from sim.strict import STRICT, as_tuple
from sim.validated import Texts, validated


class Part(BaseModel):
    model_config = STRICT

    zh: str
    en: str = ""


class Whole(BaseModel):
    model_config = STRICT

    schema_: int = Field(default=1, alias="schema", ge=1)
    kind: Literal["a", "b"] = "a"
    name: Part | None = None
    parts: dict[str, Part] = {}
    listed: tuple[Part, ...] = Field(default=(), min_length=1, validate_default=False)
    year: Annotated[int, Field(le=2150)] | Annotated[str, Field(pattern="^all$")] = "all"
    path: dict[Annotated[int, Field(le=2150)], float] = {}
    share: float = Field(default=0.5, gt=0, lt=1)

    _tuple = field_validator("listed", mode="before")(as_tuple)

    @model_validator(mode="after")
    def _even(self) -> Whole:
        if self.kind == "b" and self.path:
            raise ValueError("b with a path | leave it out\npath too")
        return self


def told(content: object, inside: tuple[str, ...] = (), **texts: object) -> list[str]:
    faults: list[str] = []
    found = validated(Whole, content, "f.yaml", faults, inside, Texts(**texts))
    assert (found is None) == bool(faults)
    return faults


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"schema": 0}, "schema | 0 | write 1 or more"),
        ({"kind": "c"}, "kind | 'c' | write 'a' or 'b'"),
        ({"nmae": 1}, "nmae | unknown key | did you mean 'name'?"),
        ({"name": {"zh": "x", "eng": "y"}}, "name.eng | unknown key | did you mean 'en'?"),
        ({"parts": {"name": {"zh": "x", "eng": "y"}}}, "parts.name.eng | unknown key | did you mean 'en'?"),
        ({"listed": [{"zh": "x", "eng": "y"}]}, "listed.0.eng | unknown key | did you mean 'en'?"),
        ({"name": {"en": "y"}}, "name.zh | is missing | write it"),
        ({"name": "x"}, "name | 'x' | write a mapping, such as {key: value}"),
        ({"listed": "x"}, "listed | 'x' | write a list, such as [a, b]"),
        ({"listed": []}, "listed | [] | name at least one"),
        ({"listed": [{"zh": 1}]}, "listed.0.zh | 1 | write it as text, between quotes"),
        ({"path": {2020: "x"}}, "path.2020 | 'x' | write a number"),
        ({"path": {2020: "5"}}, "path.2020 | '5' | write a number, without quotes"),
        ({"path": {"2020": 5.0}}, "path.2020 | '2020' | write a whole number, without quotes"),
        ({"path": {2020.5: 5.0}}, "path.2020.5 | 2020.5 | write a whole number"),
        ({"path": {45658: 5.0}}, "path.45658 | 45658 | write 2150 or less"),
        ({"parts": {True: {"zh": "x"}}}, "parts.True | True | write it as text, between quotes"),
        ({"share": 1.0}, "share | 1.0 | write less than 1"),
        ({"share": 0.0}, "share | 0.0 | write more than 0"),
        ({"schema": "x" * 99}, f"schema | '{'x' * 59} | write a whole number"),
    ],
)
def test_where_what_and_what_would_be_right(content: object, said: str) -> None:
    assert told(content) == [f"f.yaml: {said}"]
    *_, remedy = spoken(f"f.yaml: {said}", "zh").split(" | ")
    assert re.search(r"[\u4e00-\u9fff]", remedy)


def test_what_may_be_one_of_two_things_is_one_fault() -> None:
    (fault,) = told({"year": 20200})
    assert fault == "f.yaml: year | 20200 | write 2150 or less; or write it as text, between quotes"
    assert told({"year": 20200}, remedies={"year": "write a year"}) == ["f.yaml: year | 20200 | write a year"]


def test_a_bound_is_told_before_the_words_of_the_file() -> None:
    assert told({"schema": 0}, remedies={"schema": "write 1"}) == ["f.yaml: schema | 0 | write 1 or more"]


def test_what_a_model_says_itself_stands_line_by_line() -> None:
    faults = told({"kind": "b", "path": {2020: 1.0}}, ("records", "x"))
    assert faults == ["f.yaml: records.x | b with a path | leave it out", "f.yaml: records.x | path too"]


def test_keys_that_the_content_stands_under_lead_the_place() -> None:
    assert told({"kind": "c"}, ("records", "x"))[0].startswith("f.yaml: records.x.kind | ")
    assert told("no mapping", ("records", "x"))[0].startswith(
        "f.yaml: records.x | 'no mapping' | write a mapping"
    )


def test_every_fault_is_told_and_a_key_that_was_one_once_says_so() -> None:
    faults = told({"old": 1, "kind": "c"}, unknown=lambda keys: ("is gone", "take it out"))
    assert sorted(faults) == ["f.yaml: kind | 'c' | write 'a' or 'b'", "f.yaml: old | is gone | take it out"]
