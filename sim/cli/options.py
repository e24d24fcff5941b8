"""Options that several commands share, each said once."""

from __future__ import annotations

from pathlib import Path

import click

from sim.catalogue.language import LANGS
from sim.commands.help import language

PATH = click.Path(path_type=Path)
_LANG_HELP = "Language; else that of HEALTHPLAN_LANG, else the locale's."
LANG = click.option("--lang", type=click.Choice(LANGS), default=language, help=_LANG_HELP)
# of a command that asks `language()` itself, or has nothing to say but its help and refusals
SPOKEN = click.option(
    "--lang", type=click.Choice(LANGS), default=language, expose_value=False, help=_LANG_HELP
)
EXPERIMENT = click.argument("experiment", type=PATH)
OUT = click.option("--out", type=PATH, default=None, help="Folder for run folders.  [default: outputs]")
SET = click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="NAME=VALUE",
    help="Give a parameter another value, e.g. inpatient.alos_growth=-0.02.",
)
SCENARIO = click.option(
    "--scenario", "scenarios", multiple=True, metavar="NAME", help="Run only these scenarios."
)
DRAWS = click.option("--draws", type=click.IntRange(0, 1_000_000), default=None, help="Number of draws.")
SEED = click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=None, help="Seed of every stream.")
WORKERS = click.option(
    "--workers", type=click.IntRange(1), default=None, help="Processes.  [default: all cores]"
)
QUIET = click.option("--quiet", is_flag=True, help="No progress, no table; the path only.")
