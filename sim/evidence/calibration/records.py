"""Records of estimates in the parameter files: what would change, and the files with it changed.

A file is changed record by record as text: comments, order and all other records stay byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from sim.errors import ParameterError, fault, raise_all
from sim.evidence.calibration.part import Estimate, Part
from sim.params import read_set
from sim.textfile import parse_yaml
from sim.writing import whole

_HEAD = "schema: 1\nparameters:\n"
_FORMS = ("value", "values", "path", "table", "computed")
_WIDTH = 100


@dataclass(frozen=True)
class Change:
    """A record as it is and as it would be; `old` is empty where there is none."""

    estimate: Estimate
    old: Mapping[str, Any]
    new: Mapping[str, Any]
    part: str

    @property
    def is_new(self) -> bool:
        """Whether anything would change."""
        return dict(self.old) != dict(self.new)

    @property
    def name(self) -> str:
        """File and key."""
        return f"{self.estimate.file}: {self.estimate.key}"


def changes(root: Path, part: Part) -> list[Change]:
    """What a part would change in the parameter files below a working folder.

    Raises ParameterError where a record is none of its file's and nothing says what it would be.
    """
    found, faults = [], []
    for estimate in part.estimate(root):
        path = root / "parameters" / estimate.file
        old = records(path).get(estimate.key, {})
        if not old and not estimate.new:
            remedy = "write its name, unit and what else is not estimated first"
            faults.append(fault(f"{path}: {estimate.key}", "no such record", remedy))
            continue
        found.append(Change(estimate, old, _merged(old or estimate.new, estimate, part), part.name))
    raise_all(ParameterError, faults)
    return found


def write(root: Path, found: Sequence[Change]) -> list[Path]:
    """Write the records that differ; returns the files that were changed, checked as they are read.

    Raises ParameterError, and leaves the files as they were, where one would not be read.
    """
    texts: dict[Path, str] = {}
    for change in (c for c in found if c.is_new):
        path = root / "parameters" / change.estimate.file
        text = texts.get(path) or (path.read_text(encoding="utf-8") if path.is_file() else _HEAD)
        texts[path] = _with_record(text, change.estimate.key, change.new)
    before = {path: path.read_bytes() if path.is_file() else None for path in texts}
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole(path) as part:
            part.write_text(text, encoding="utf-8")
    try:
        for folder in sorted({path.parent for path in texts}):
            read_set(folder, root / "parameters")
    except ParameterError:
        for path, content in before.items():
            path.unlink() if content is None else path.write_bytes(content)
        raise
    return sorted(texts)


def records(path: Path) -> Mapping[str, Any]:
    """The records of a parameter file as they are written; none where there is no file."""
    if not path.is_file():
        return {}
    return dict(parse_yaml(path.read_text(encoding="utf-8"), str(path))["parameters"])


def _merged(old: Mapping[str, Any], estimate: Estimate, part: Part) -> dict[str, Any]:
    """The old record with the estimated fields; another form of value takes the old one's place."""
    own = dict(estimate.fields)
    form = next((form for form in _FORMS if form in own), None)
    out: dict[str, Any] = {}
    for key, value in old.items():
        if form is not None and key in _FORMS:
            out[form] = own[form]
        else:
            out[key] = own.get(key, value)
    how = {"estimate": {"part": part.name, "n": estimate.n, "method": estimate.method}}
    return out | own | how


def _with_record(text: str, key: str, record: Mapping[str, Any]) -> str:
    """The text of a parameter file with one record in place of its old one, or at the end."""
    how: dict[str, Any] = {"sort_keys": False, "allow_unicode": True, "default_flow_style": None}
    body = yaml.safe_dump(dict(record), width=_WIDTH, **how)
    block = f"  {key}:\n" + "".join(f"    {line}\n" for line in body.splitlines())
    start = re.search(rf"^  {re.escape(key)}:.*\n", text, re.MULTILINE)
    if start is None:
        return text.rstrip("\n") + "\n" + block
    following = re.compile(r"^(?: {0,2}\S.*)$", re.MULTILINE).search(text, start.end())
    end = following.start() if following else len(text)
    return text[: start.start()] + block + text[end:]
