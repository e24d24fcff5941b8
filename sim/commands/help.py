"""`--help` in the language asked for: click's own layout, with the texts of help_zh.py in Chinese."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from inspect import cleandoc
from itertools import pairwise
from typing import Any

import click

from sim.catalogue.language import LANGS, Lang, preferred
from sim.commands.help_zh import BRACKETS, COMMANDS, HEADINGS, OPTIONS

_BRACKET = re.compile(r"\s*(\[[^\]]*\])$")


def asked(arguments: Sequence[str], environ: Mapping[str, str]) -> Lang:
    """The language of a call: its --lang, else HEALTHPLAN_LANG, else the locale.

    Raises ConfigError where HEALTHPLAN_LANG is no language; a --lang that is none is click's to refuse.
    """
    given = [b for a, b in pairwise(arguments) if a == "--lang"]
    given += [a.partition("=")[2] for a in arguments if a.startswith("--lang=")]
    for lang in LANGS:
        if given and given[-1] == lang:
            return lang
    return preferred(environ)


def language() -> Lang:
    """The language of this call, for an option --lang that was not given."""
    return asked(sys.argv[1:], os.environ)


class Context(click.Context):
    """A context whose formatter knows which command it describes."""

    def make_formatter(self) -> click.HelpFormatter:
        """Click's formatter, or the Chinese one of this command."""
        plain = super().make_formatter()
        if language() == "en":
            return plain
        found = Chinese(width=plain.width)
        found.command = self.command_path.partition(" ")[2]
        return found


class Chinese(click.HelpFormatter):
    """Writes what a command has in Chinese where click hands over its English."""

    command = ""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The line of usage."""
        super().write_usage(prog, args, prefix or HEADINGS["Usage: "])

    def write_heading(self, heading: str) -> None:
        """A heading of a section."""
        super().write_heading(HEADINGS.get(heading, heading))

    def write_text(self, text: str) -> None:
        """What the command does, in place of `text`."""
        super().write_text(cleandoc(COMMANDS.get(self.command, text)))

    def write_dl(self, rows: Iterable[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        """Options, or the commands of a group, with their texts."""
        super().write_dl([(term, self._of(term, text)) for term, text in rows], *args, **kwargs)

    def _of(self, term: str, text: str) -> str:
        if not term.startswith("-"):
            found = COMMANDS.get(f"{self.command} {term}".strip(), text)
            return found.partition("\n")[0]
        names = [word.strip(",") for word in term.split() if word.startswith("--")]
        name = names[-1]
        brackets = ""
        while found_bracket := _BRACKET.search(text):
            brackets = f"  {found_bracket[1]}{brackets}"
            text = text[: found_bracket.start()]
        for english, chinese in BRACKETS:
            brackets = brackets.replace(english, chinese)
        return OPTIONS.get(f"{self.command} {name}", OPTIONS.get(name, text)) + brackets


def speaking(command: click.Command) -> click.Command:
    """The command, and those below it, with help in the language asked for."""
    command.context_class = Context
    for below in command.commands.values() if isinstance(command, click.Group) else ():
        speaking(below)
    return command
