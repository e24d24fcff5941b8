"""What `healthplan revise` says: the table of the targets that would hold, and where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.adequacy.revise import PROBABILITIES, printed, revise, write
from sim.intact import REVISED, added, read_meta
from sim.textfile import pick


def revise_command(folder: Path, probabilities: Sequence[float], scenario: str | None, lang: str) -> str:
    """Write revise.csv of a run and return its table as text.

    Raises ConfigError for a scenario that the run does not have.
    """
    from sim.report import revise_text
    from sim.saved.run import draws_of, titles_of

    rows = revise(folder, probabilities or PROBABILITIES)
    names = list(dict.fromkeys(row["scenario"] for row in rows))
    if scenario is not None:
        pick("--scenario", scenario, names)
    with added(folder) as made:
        write(made, rows)
    meta = read_meta(folder / "run.json")
    how: dict[str, Any] = {"scenario": scenario, "draws": draws_of(meta), "titles": titles_of(meta)}
    text = revise_text([printed(row) for row in rows], lang, **how)
    return f"{text}\n{folder / REVISED}"
