"""Names that become folders, files, keys and labels: what none of these can bear is refused."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from sim.errors import ConfigError, fault

EXPERIMENT_NAME = r"^[a-z0-9][a-z0-9_\-]*$"
"""Name of an experiment or a plan: a folder's and a file's on any computer."""
LONGEST = 100  # characters: a file name holds 255 bytes, a Chinese character takes three, and more follows
LONGEST_TITLE = 200  # characters: two lines over a chart
_SHOWN = 40
_COMPUTED = "=+-@'"  # at the beginning: tables would name it otherwise, and a command take it for an option
_FORBIDDEN = frozenset('/\\:*?"<>|')
# device names of Windows, with any ending
_RESERVED = frozenset(
    ("con", "prn", "aux", "nul", *(f"{d}{i}" for d in ("com", "lpt") for i in range(1, 10)))
)


def name_fault(name: str) -> str:
    """What is wrong with a name, `what | what would be right`; empty if nothing is."""
    if not name:
        return "the name is empty | write one, such as reference"
    shown = f"{name[:_SHOWN]!r}{'...' if len(name) > _SHOWN else ''}"
    if len(name) > LONGEST:
        return f"{shown}: {len(name)} characters | at most {LONGEST}"
    if not name.isprintable():
        bad = next(c for c in name if not c.isprintable())
        return f"{shown} holds {_called(bad)} | leave it out"
    found = sorted(_FORBIDDEN & set(name))
    if found:
        kept = "".join("_" if c in _FORBIDDEN else c for c in name)
        return f"{shown} holds {' '.join(found)} | it becomes a file name: write {kept!r}"
    if name != name.strip(" .") or name != name.strip():
        kept = name.strip(" .").strip()
        remedy = f"write {kept!r}" if kept else "write letters or digits, such as reference"
        return f"{shown} begins or ends with a dot or a blank | {remedy}"
    if name[0] in _COMPUTED:
        remedy = f"a spreadsheet would compute it: write {name.lstrip(_COMPUTED) or 'reference'!r}"
        return f"{shown} begins with {name[0]} | {remedy}"
    if name.split(".")[0].strip().casefold() in _RESERVED:
        return f"{shown} is a device on Windows | write another"
    return ""


def title_fault(text: str) -> str:
    """What is wrong with a title that pages and charts show in one line; empty if nothing is."""
    if not text.strip():
        return "is empty | write the name that charts show"
    if len(text) > LONGEST_TITLE:
        return f"{text[:_SHOWN]!r}...: {len(text)} characters | at most {LONGEST_TITLE}"
    if not text.isprintable():
        bad = next(c for c in text if not c.isprintable())
        return f"{text[:_SHOWN]!r} holds {_called(bad)} | leave it out"
    return ""


def _called(letter: str) -> str:
    return unicodedata.name(letter, f"character U+{ord(letter):04X}")


def check_name(name: str, place: str) -> str:
    """The name of a plan or an experiment that is to be made.

    Raises ConfigError where it cannot be a folder's; place: what gave it, such as --name.
    """
    wrong = name_fault(name)
    if not wrong and not re.fullmatch(EXPERIMENT_NAME, name):
        wrong = f"{name!r} | write small letters, digits, _ and - only, a letter or digit first"
    if wrong:
        raise ConfigError(fault(place, wrong))
    return name


def same_names(names: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs that differ by case or by composed characters only: one file on many computers."""
    seen: dict[str, str] = {}
    found = []
    for name in names:
        key = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", name).casefold())
        if key in seen:
            found.append((seen[key], name))
        else:
            seen[key] = name
    return found


def is_region_code(code: object) -> bool:
    """Whether it is a six-digit administrative code, as text in plain digits.

    Development zones with census rows of their own have four digits, Z and one more.
    """
    if not (isinstance(code, str) and len(code) == 6 and code.isascii()):
        return False
    return code.isdigit() or (code[:4].isdigit() and code[4] == "Z" and code[5].isdigit())
