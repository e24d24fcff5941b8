"""`--help` in the language asked for: click's own layout, with the texts of help_zh.py in Chinese."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from inspect import cleandoc
from itertools import pairwise
from shutil import get_terminal_size
from typing import Any

import click

from sim.catalogue.language import LANGS, Lang, label, preferred
from sim.commands.examples import EXAMPLES
from sim.commands.help_zh import BRACKETS, COMMANDS, HEADINGS, OPTIONS
from sim.commands.plain_table import width
from sim.commands.wrapped import wrap

REPEATS = "[may be repeated]"
_TERM = 30  # places that a term takes beside its text, at most
_EXAMPLES = "\b\n"  # how click is told to leave lines as they stand
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
        width = super().make_formatter().width
        if language() == "en":
            return Wide(width=width)
        found = Chinese(width=width)
        found.command = self.command_path.partition(" ")[2]
        return found


class Wide(click.HelpFormatter):
    """Click's formatter, for which a Chinese character takes two places and no word is broken."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The line of usage."""
        begun = f"{prefix or 'Usage: '}{prog} "
        self._lines(wrap(args, self.width - width(begun)), begun, " " * width(begun))

    def write_text(self, text: str) -> None:
        """Paragraphs; what stands behind a line of its own with a backspace stays as it is."""
        indent = " " * self.current_indent
        for number, part in enumerate(re.split(r"\n\s*\n", text.strip("\n"))):
            if number:
                self.write("\n")
            kept = part.lstrip().startswith("\b")
            whole = part.partition("\n")[2].splitlines() if kept else wrap(part, self.width - len(indent))
            self._lines(whole, indent, indent)

    def write_dl(self, rows: Iterable[tuple[str, str]], *_: Any, **__: Any) -> None:
        """Terms, each with its text: beside it, or below it where the term is long."""
        rows, indent = list(rows), " " * self.current_indent
        most = min(_TERM, self.width // 3)
        column = min(max(width(term) for term, _ in rows), most) + 2
        for term, text in rows:
            beside = f"{indent}{term}{' ' * (column - width(term))}"
            if width(term) > most:
                self.write(f"{indent}{term}\n")
                beside = indent + " " * column
            self._lines(wrap(text, self.width - len(indent) - column), beside, indent + " " * column)

    def _lines(self, lines: Sequence[str], first: str, others: str) -> None:
        for number, line in enumerate(lines or [""]):
            self.write(f"{(others if number else first) + line}".rstrip() + "\n")


class Chinese(Wide):
    """Writes what a command has in Chinese where click hands over its English."""

    command = ""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The line of usage."""
        super().write_usage(prog, args, prefix or HEADINGS["Usage: "])

    def write_heading(self, heading: str) -> None:
        """A heading of a section."""
        super().write_heading(HEADINGS.get(heading, heading))

    def write_text(self, text: str) -> None:
        """What the command does, in place of `text`; its examples as they are."""
        examples = text.startswith(_EXAMPLES)
        super().write_text(text if examples else cleandoc(COMMANDS.get(self.command, text)))

    def write_dl(self, rows: Iterable[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        """Options, or the commands of a group, with their texts."""
        super().write_dl([(term, self._of(term, text)) for term, text in rows], *args, **kwargs)

    def _of(self, term: str, text: str) -> str:
        if not term.startswith("-"):
            found = COMMANDS.get(f"{self.command} {term}".strip(), text)
            return cleandoc(found).partition("\n")[0]
        names = [word.strip(",") for word in term.split() if word.startswith("--")]
        name = names[-1]
        brackets = ""
        while found_bracket := _BRACKET.search(text):
            brackets = f"  {found_bracket[1]}{brackets}"
            text = text[: found_bracket.start()]
        for english, chinese in BRACKETS:
            brackets = brackets.replace(english, chinese)
        return OPTIONS.get(f"{self.command} {name}", OPTIONS.get(name, text)) + brackets


def _broken(text: str, columns: int) -> list[str]:
    """A command in lines of a terminal, as a shell goes on with them."""
    first, *rest = (part.strip() for part in re.split(r" (?=--)", text))
    lines = [f"  {first}"]
    for part in rest:
        if width(f"{lines[-1]} {part} \\") > columns - 4:
            lines[-1] += " \\"
            lines.append(f"    {part}")
        else:
            lines[-1] += f" {part}"
    return lines


def speaking(command: click.Command, path: str = "") -> click.Command:
    """The command, and those below it, with help in the language asked for.

    Help says of each option that repeats that it does, and ends with examples.
    """
    command.context_class = Context
    if texts := EXAMPLES.get(path):
        lines = [line for text in texts for line in _broken(text, get_terminal_size((80, 24)).columns)]
        command.epilog = "\n".join([_EXAMPLES + label("例：", "Examples:", language()), *lines])
    for option in command.params:
        if isinstance(option, click.Option) and option.multiple and REPEATS not in (option.help or ""):
            option.help = f"{option.help}  {REPEATS}"
    for name, below in command.commands.items() if isinstance(command, click.Group) else ():
        speaking(below, f"{path} {name}".strip())
    return command
