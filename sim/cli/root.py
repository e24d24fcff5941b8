"""The command `healthplan` itself, to which each group of commands adds its own."""

from __future__ import annotations

import click

from sim.cli.call import Commands
from sim.cli.options import SPOKEN


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="healthplan")
@SPOKEN
def cli() -> None:
    """Is a city's health plan enough?  卫生规划够不够？

    Population, burden, demand and supply projected from a census; the plan's targets tested:
    reached? enough? how surely? and which target would be?

    Results go to stdout, messages to stderr.  Exit codes: 0 done, 1 the plan is short and
    --fail-on was given, 2 the input is wrong, 3 the run failed.
    """
