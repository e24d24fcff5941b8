"""The works that figures come from: what a record's `source` names, in both languages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ValidationInfo, field_validator

from sim.errors import ConfigError, fault
from sim.strict import STRICT
from sim.textfile import read_yaml
from sim.validated import Texts, validated

_OLDER = 20  # sources with one title: more than a planner adds by mistake
_MARKS = {"unchecked": "（题名未核对）", "translated": "（译名）"}
_NAMES = "{zh: 中文名, en: English name}"
_BOTH = f"say it in both languages: title: {_NAMES}"
_TEXTS = Texts(missing=_BOTH, remedies={"title": f"write title: {_NAMES}"})


class Named(BaseModel):
    """A title or a publisher, as a Chinese and as an English document call it; neither is empty."""

    model_config = STRICT

    zh: str
    en: str

    @field_validator("zh", "en")
    @classmethod
    def _said(cls, text: str) -> str:
        if not text.strip():
            raise ValueError(f"is empty | {_BOTH}")
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

    @field_validator("title", "publisher", mode="before")
    @classmethod
    def _in_both(cls, name: Any, info: ValidationInfo) -> Any:
        if isinstance(name, str):
            raise ValueError(f"{name!r} is in one language | write {info.field_name}: {_NAMES}")
        return name

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
            if key in merged:
                faults.append(fault(f"{path}: {key}", "source id stands twice", "rename one"))
            source = validated(Source, entry, str(path), faults, (str(key),), _TEXTS)
            if source is not None:
                merged[key] = source
    return merged


def _refuse_older(root: Path, entries: Sequence[Any]) -> None:
    """Up to version 0.1 a source had one title, in English: such a folder is of that version as a whole."""
    plain = [e for e in entries if isinstance(e, dict) and isinstance(e.get("title"), str)]
    if len(plain) >= _OLDER:
        wrong = f"is of an older version: {len(plain)} of its {len(entries)} sources have one title only"
        remedy = "`healthplan init NEW`, and take your own regions, plans and experiments there"
        raise ConfigError(fault(str(root), wrong, remedy))
