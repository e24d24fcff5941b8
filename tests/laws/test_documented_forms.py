"""What docs/files.md says that an override may say is taken as it stands there."""

from __future__ import annotations

import re

import pytest
from laws.shipped import parameters
from paths import ROOT

from sim.config import parse_set
from sim.params import override, resolve

TABLE = re.search(
    r"What an override .*?\n\n(\|.*?)\n\n",
    (ROOT / "docs" / "files.md").read_text(encoding="utf-8"),
    re.DOTALL,
)


def forms() -> list[str]:
    """`name: value` of every row; a value that stands alone belongs to the name before it."""
    assert TABLE is not None
    found: list[str] = []
    for row in TABLE[1].splitlines()[2:]:
        for code in re.findall(r"`([^`]+)`", row.split(" | ")[0]):
            name = found[-1].split(": ")[0] if code.startswith("{") else code.split(": ")[0]
            found.append(code if code.startswith(name) else f"{name}: {code}")
    return found


@pytest.mark.parametrize("text", forms())
def test_a_documented_form_is_taken(text: str):
    name, value = text.split(": ", 1)
    name, parsed = parse_set(f"{name}={value}")
    base = parameters("410500_anyang")
    found = override(base, name, parsed, "--set")
    key = ".".join(name.split(".")[:2])
    assert found[key].changed.startswith(f"{name}: ")
    resolve(found[key], range(2020, 2036))


def test_the_table_was_found():
    assert len(forms()) >= 9
