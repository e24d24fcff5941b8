"""What a plan says of itself (plan.yaml), and what belongs together in it (relations.yaml): typed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, Field, field_validator, model_validator

from sim.errors import PlanError, SimError, collected, fault, raise_all
from sim.strict import STRICT, Version, as_tuple
from sim.textfile import read_yaml
from sim.validated import Texts, validated

_FIRST, _LAST = 1900, 2099  # as in the years of a plan's rows


class _Strict(BaseModel):
    model_config = STRICT


class Name(_Strict):
    """The document's title in both languages."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


class AdministrativeUnits(_Strict):
    """A number of counties, townships or villages that the document itself prints."""

    value: float = Field(ge=0)
    year: int
    line: int
    note: str = ""


class Head(_Strict):
    """plan.yaml."""

    schema_: Version = Field(alias="schema")
    """Version of this schema."""
    id: str
    """The folder's name."""
    region: str = Field(pattern=r"^[0-9]{6}$")
    """Six-digit administrative code, as text."""
    name: Name
    period: tuple[int, int]
    """First and last year of the plan."""
    base_year: int
    """Year of the baselines."""
    target_year: int
    """Year that the targets are for."""
    status: Literal["draft", "issued"]
    document: str
    """Title of the document as printed."""
    source: str
    """Who issued it, and when."""
    administrative_units: dict[str, AdministrativeUnits] = {}

    _pair = field_validator("period", mode="before")(as_tuple)

    @model_validator(mode="after")
    def _forward(self) -> Head:
        if self.target_year <= self.base_year:
            wrong = f"target_year {self.target_year} is not after base_year {self.base_year}"
            raise ValueError(f"{wrong} | write the year the targets are for")
        first, last = self.period
        if last < first:
            raise ValueError(f"period {[first, last]} ends before it begins | write [first, last]")
        if not _FIRST <= first <= last <= _LAST:
            raise ValueError(f"period {[first, last]} holds no calendar years | write years, [2026, 2030]")
        if not first <= self.target_year <= last:
            wrong = f"target_year {self.target_year} is outside the period {[first, last]}"
            raise ValueError(f"{wrong} | write a year of the period; years beyond it stand with their rows")
        return self


class Pair(_Strict):
    """A count and a rate that give the population behind the plan's ratios, by reference."""

    count: str
    rate: str


class Related(_Strict):
    """relations.yaml; what a relation holds is said by the check that it names."""

    schema_: Version = Field(alias="schema")
    population: Pair | None = None
    cites: tuple[str, ...] = ()
    """Other plans whose figures are referred to."""
    relations: tuple[dict[str, Any], ...] = ()

    _tuple = field_validator("cites", "relations", mode="before")(as_tuple)


_M = TypeVar("_M", bound=_Strict)
_TEXTS = Texts(
    missing="add it",
    remedies={
        "region": 'six digits in quotes: "410500"',
        "int_type": "write a whole number, such as 2020",
        "period": "write a list, such as [2021, 2025]",
    },
)


def read_head(path: Path, plan_id: str, faults: list[str]) -> Head | None:
    """plan.yaml; None if anything in it is wrong, its faults added."""
    head = _read(path, Head, faults)
    if head is not None and head.id != plan_id:
        faults.append(fault(str(path), f"id '{head.id}'", f"write the folder's name, {plan_id}"))
        return None
    return head


def read_related(path: Path, faults: list[str]) -> Related:
    """relations.yaml; an empty one where there is none or anything in it is wrong, its faults added."""
    empty = Related(schema=1)
    return (_read(path, Related, faults) or empty) if path.exists() else empty


def read_pair(stated: object, place: str) -> Pair:
    """The population that a relation states for itself.

    Raises PlanError for anything but a count and a rate.
    """
    faults: list[str] = []
    pair = validated(Pair, stated, place, faults, texts=_TEXTS)
    raise_all(PlanError, faults)
    assert pair is not None
    return pair


def _read(path: Path, model: type[_M], faults: list[str]) -> _M | None:
    content = collected(faults, lambda: _mapping(path, model), SimError)
    return None if content is None else validated(model, content, str(path), faults, texts=_TEXTS)


def _mapping(path: Path, model: type[_M]) -> Mapping[str, Any]:
    """A file's keys and values.

    Raises ConfigError where it cannot be read, PlanError where it is no mapping.
    """
    content = read_yaml(path)
    if not isinstance(content, Mapping):
        keys = ", ".join(f.alias or name for name, f in model.model_fields.items())
        raise PlanError(fault(str(path), "is not a mapping", f"give {keys}"))
    return content
