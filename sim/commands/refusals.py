"""Refusals in the language asked for: the frame, and what refusals_zh.tsv has of their texts.

A refusal is raised in English, `where | what | would be right`, wherever a file is read; here, at the one
place where it is printed, each part is looked up among the texts of the catalogue, and so is what was
filled into it.  A part that the catalogue lacks stands as it was raised: no refusal is ever lost.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Final

import click

from sim.errors import SimError
from sim.magnitude import LOOKS

CATALOGUE: Final = Path(__file__).parent / "refusals_zh.tsv"
_GAP = re.compile(r"\{(\d*)\}")
_BAR = " | "
_MORE = re.compile(r"(.+) \((\d+) lines\)", re.DOTALL)  # a fault of many lines, told once
_LISTED = re.compile(r"'[^']*'(?:, '[^']*')* or '[^']*'")  # what may stand there


def refusal(error: SimError, lang: str) -> str:
    """What is printed of an error of the input: its frame, then its faults, one a line."""
    return spoken(f"{type(error).__name__}:\n{error}", lang)


def wrong_call(error: click.ClickException, lang: str) -> str:
    """What click says of a call that it cannot read: usage, where help is, what is wrong."""
    context = getattr(error, "ctx", None)
    usage = [] if context is None else [context.get_usage(), f"Try '{context.command_path} --help' for help."]
    said = " ".join(error.format_message().split())
    return spoken("\n".join([*usage, f"Error: {said}"]), lang)


def spoken(text: str, lang: str) -> str:
    """Faults or messages, one a line, in the language."""
    if lang == "en":
        return text
    return "\n".join(_BAR.join(map(_chinese, line.split(_BAR))) for line in text.split("\n"))


@cache
def catalogue() -> dict[str, str]:
    """The Chinese of each English text, {} where something is filled in."""
    lines = CATALOGUE.read_text(encoding="utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return dict((english, chinese) for english, chinese in pairs)


@cache
def _patterns() -> list[tuple[re.Pattern[str], str, str]]:
    """Texts with something filled in: pattern, Chinese, longest fixed piece; the most fixed words first."""
    found = []
    for english, chinese in catalogue().items():
        fixed = _GAP.split(english)[::2]
        if len(fixed) > 1:
            pattern = re.compile(_pattern(fixed), re.DOTALL)
            found.append((sum(map(len, fixed)), pattern, chinese, max(fixed, key=len)))
    return [entry[1:] for entry in sorted(found, key=lambda entry: -entry[0])]


def _pattern(fixed: list[str]) -> str:
    """The fixed pieces with anything between them; between quotes, anything without a quote."""
    text = re.escape(fixed[0])
    for before, after in pairwise(fixed):
        quoted = before.endswith("'") and after.startswith("'")
        text += ("([^']*)" if quoted else "(.*?)") + re.escape(after)
    return text


def _chinese(part: str) -> str:
    """A part of a fault in Chinese; as it is where the catalogue has no text for it."""
    exact = catalogue().get(part)
    if exact is not None:
        return exact
    if (many := _MORE.fullmatch(part)) is not None:
        return f"{_chinese(many[1])}（{many[2]} 行）"
    if (hint := LOOKS.fullmatch(part)) is not None:
        return "".join(_chinese(piece) for piece in hint.groups() if piece)
    if _LISTED.fullmatch(part):
        return part.replace("', '", "'、'").replace("' or '", "'或'")
    for pattern, chinese, longest in _patterns():
        if longest in part and (match := pattern.fullmatch(part)):
            return _filled(chinese, [_inside(group) for group in match.groups()])
    head, colon, rest = part.partition(": ")
    if colon and (inner := _chinese(rest)) != rest:
        return f"{head}：{inner}"
    return part


def _inside(text: str) -> str:
    """What was filled in: a text of its own where it has words of the catalogue, else as it is."""
    return _chinese(text) if " " in text else text


def _filled(chinese: str, groups: list[str]) -> str:
    """The Chinese with what was filled in: by number where it says one, else in turn."""
    turn = iter(groups)
    return _GAP.sub(lambda gap: groups[int(gap[1])] if gap[1] else next(turn), chinese)
