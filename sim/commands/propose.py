"""What `healthplan propose` says: the table of proposed targets, and where plan and tables stand."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from sim.catalogue.language import Lang
from sim.commands.options import out_folder
from sim.commands.run import Lines
from sim.config import find_root, parse_set
from sim.propose.folder import Asked, propose
from sim.run.pool import unsaid


def propose_command(
    *,
    region: str,
    year: int,
    to: int | None,
    now: int,
    p: float,
    name: str | None,
    out: Path | None,
    draws: int,
    seed: int | None,
    workers: int | None,
    settings: Sequence[str],
    lang: Lang,
    quiet: bool,
) -> int:
    """Project a place, print what is proposed, write plan folder and experiment; return the exit code."""
    from sim.report.propose_table import propose_text
    from sim.report.propose_workbook import write_proposal_workbook

    root = find_root(Path.cwd())
    count = workers or os.cpu_count() or 1
    years = (year,) if to is None else (year, to)
    told = None if quiet else Lines(sys.stderr, lang)
    found = propose(
        root,
        region,
        Asked(years, p, now),
        out_folder(out, root),
        name=name,
        draws=draws,
        seed=1 if seed is None else seed,
        lang=lang,
        settings=[parse_set(text) for text in settings],
        workers=count,
        progress=told,
        phase=unsaid if told is None else told.phase,
    )
    book = write_proposal_workbook(found.folder, lang)
    if not quiet:
        print(propose_text(found.folder, lang))
        print(f"{book}\n{found.plan}\n{found.experiment}")
    print(found.folder)
    return 0
