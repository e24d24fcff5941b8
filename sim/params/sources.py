"""The works that figures come from: what a record's `source` names, in both languages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ValidationError, field_validator

from sim.errors import ConfigError, fault
from sim.strict import STRICT
from sim.textfile import did_you_mean, read_yaml

_OLDER = 20  # sources with one title: more than a planner adds by mistake
_MARKS = {"unchecked": "（题名未核对）", "translated": "（译名）"}
_WANTED = "title: {zh: 中文名, en: English name}"


class Named(BaseModel):
    """A title or a publisher, as a Chinese and as an English document call it; neither is empty."""

    model_config = STRICT

    zh: str
    en: str

    @field_validator("zh", "en")
    @classmethod
    def _said(cls, text: str) -> str:
        if not text.strip():
            raise ValueError("is empty")
        return text


class Source(BaseModel):
    """A publication, law, table or judgement, as it stands in `parameters/sources/`."""

    model_config = STRICT

    title: Named
    """What it is called; a Chinese publication by its own title."""
    chinese_title: Literal["own", "unchecked", "described", "translated"] = "described"
    """What its Chinese title is: its own, found in these words elsewhere too; its own as remembered, held
    against nothing; a description in words of this project; a translation of this project."""
    publisher: Named | None = None
    """Who answers for it."""
    url: str = ""
    """Where it was read."""
    doi: str = ""
    """Its DOI, where it has no address."""
    year: int | None = None
    """Year of publication."""
    licence: str = ""
    """Under which its figures may be passed on."""
    note: str = ""
    """What a reader of its figures should know."""
    attribution: str = ""
    """Words that its licence asks for."""
    shipped: list[str] = []
    """Tables below `parameters/` with its figures: what is derived of it, `healthplan calibrate` makes."""

    def title_in(self, lang: Literal["zh", "en"]) -> str:
        """Its title in a language; a Chinese one that nobody should look for in a library says so."""
        return self.title.en if lang == "en" else self.title.zh + _MARKS.get(self.chinese_title, "")

    def publisher_in(self, lang: Literal["zh", "en"]) -> str:
        """Who answers for it, in a language; empty where nobody is named."""
        return "" if self.publisher is None else getattr(self.publisher, lang)


def read_sources(root: Path, faults: list[str]) -> dict[str, Source]:
    """The source list: sources.yaml and every file of sources/, merged; ids are unique.

    Raises ConfigError, instead of a fault for each of its sources, where the folder is an older version's.
    """
    merged: dict[str, Source] = {}
    listed: dict[Path, dict[Any, Any]] = {}
    single = root / "sources.yaml"
    for path in ([single] if single.is_file() else []) + sorted((root / "sources").glob("*.yaml")):
        try:
            content = read_yaml(path)
        except ConfigError as error:
            faults.append(str(error))
            continue
        listed[path] = content if isinstance(content, dict) else {}
    _refuse_older(root, [entry for entries in listed.values() for entry in entries.values()])
    for path, entries in listed.items():
        for key, entry in entries.items():
            place = f"{path}: {key}"
            if key in merged:
                faults.append(fault(place, "source id stands twice", "rename one"))
            try:
                merged[key] = Source.model_validate(entry)
            except ValidationError as error:
                faults += [_fault(place, e) for e in error.errors()]
    return merged


def _refuse_older(root: Path, entries: Sequence[Any]) -> None:
    """Up to version 0.1 a source had one title, in English: such a folder is of that version as a whole."""
    plain = [e for e in entries if isinstance(e, dict) and isinstance(e.get("title"), str)]
    if len(plain) >= _OLDER:
        wrong = f"is of an older version: {len(plain)} of its {len(entries)} sources have one title only"
        remedy = "`healthplan init NEW`, and take your own regions, plans and experiments there"
        raise ConfigError(fault(str(root), wrong, remedy))


def _fault(place: str, error: Any) -> str:
    """What is wrong with an entry: place, value and what would be right."""
    where = ".".join([place, *map(str, error["loc"])])
    if error["type"] == "missing":
        if error["loc"] == ("title",):
            return fault(place, "a source wants a title", f"add {_WANTED}")
        return fault(where, "is missing", f"say it in both languages: {_WANTED}")
    if error["type"] == "extra_forbidden":
        known = list((Source if len(error["loc"]) == 1 else Named).model_fields)
        return fault(where, "unknown key", did_you_mean(str(error["loc"][-1]), known))
    if error["type"] == "value_error":
        return fault(where, "is empty", f"say it in both languages: {_WANTED}")
    if error["type"] == "model_type" and error["loc"]:
        wanted = _WANTED.replace("title", str(error["loc"][-1]))
        return fault(where, f"{error['input']!r} is in one language", f"write {wanted}")
    return fault(where, f"{error['input']!r}", error["msg"])
