"""What is refused of a call before any command sees it: letters that no name holds, options given twice."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from inspect import cleandoc
from typing import Any

import click

from sim.errors import ConfigError, fault, raise_all


class Once(click.Command):
    """A command whose options stand once each, unless they say that they repeat."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does it, which would take the last of two and say nothing.

        Raises UsageError for an option that takes one value and was given two.
        """
        given = list(args)  # click takes them out of its list
        rest = super().parse_args(ctx, args)
        values, _, order = self.make_parser(ctx).parse_args(args=given)
        for option, times in Counter(order).items():
            if any(not word.strip() for word in _words(values, option)):
                if isinstance(option, click.Option):
                    raise click.UsageError(f"{option.opts[0]} is empty: give a value, or leave it out", ctx)
                raise click.UsageError(f"{option.human_readable_name} is empty: give a value", ctx)
            if times > 1 and isinstance(option, click.Option) and not (option.multiple or option.is_flag):
                raise click.UsageError(f"{option.opts[0]} is given {times} times: give it once", ctx)
            same = Counter(_words(values, option) if isinstance(option, click.Option) else ())
            if twice := [word for word, found in same.items() if found > 1]:
                raise click.UsageError(f"{option.opts[0]} {twice[0]} is given twice: give it once", ctx)
        return rest


def _words(values: Mapping[str, Any], option: click.Parameter) -> list[str]:
    """The words that an option or an argument was given."""
    value = values.get(option.name or "")
    words = value if isinstance(value, list | tuple) else (value,)
    return [word for word in words if isinstance(word, str)]


class Commands(click.Group):
    """A group of such commands."""

    command_class = Once
    group_class = type

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Each command with all of the first paragraph of what it does, which click cuts to one line."""
        found = [(name, self.commands[name].help or "") for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl([(name, cleandoc(text).partition("\n\n")[0]) for name, text in found])


def check_letters(arguments: Sequence[str]) -> None:
    """Raise ConfigError for arguments with control characters or bytes that are no text."""
    faults = []
    for argument in arguments:
        bad = next((c for c in argument if unicodedata.category(c) in ("Cc", "Cs")), None)
        if bad is not None:
            wrong = f"{argument[:40]!r} holds character U+{ord(bad):04X}"
            faults.append(fault("command line", wrong, "leave it out"))
    raise_all(ConfigError, faults)
