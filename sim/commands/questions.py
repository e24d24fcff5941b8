"""What `healthplan questions` writes: the page of planning questions and their answers."""

from __future__ import annotations

from pathlib import Path

from sim.config import find_root
from sim.evidence.questions import detail, experiments, page
from sim.folders import usable_file


def questions_command(start: Path, out: Path | None, draws: int | None) -> str:
    """The page; written to `out` if given.  Returns the text, or the path that was written."""
    root = find_root(start)
    if out is not None:
        usable_file(out, "--out")
    text = page(root, {e.stem: detail(e, draws) for e in experiments(root)})
    if out is None:
        return text
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(text, encoding="utf-8")
    return str(out)
