"""docs/errors.md from the faults: `PYTHONPATH=tests python -m refusals.page docs/errors.md`."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from refusals import books, command, counts, experiments, hands, odd, own_place, plans, runs, tables
from refusals.fault import Fault, Refusal, refuse
from working_folder import make_workspace

PARTS: tuple[tuple[str, str, Sequence[Fault]], ...] = (
    ("Experiments", "An experiment file ...", [*experiments.FAULTS, *odd.YAML, *hands.YAML]),
    ("Censuses", "A region's census_2020.csv ...", [*tables.CENSUS, *odd.CENSUS, *hands.CENSUS]),
    (
        "Parameters, regions, yearly figures",
        "A file of a region ...",
        [*tables.RECORDS, *hands.RECORDS, *hands.PLACES, *own_place.FOLDERS],
    ),
    ("Workbooks", "A workbook (.xlsx), or a table beside it: ...", [*books.TABLES, *books.ECONOMIC]),
    ("Local counts", "A table of local counts (known.csv) ...", [*odd.KNOWN, *own_place.KNOWN]),
    ("Counts", "A table of what was counted ...", counts.FAULTS),
    ("Plans", "A plan's table, head or rules ...", plans.ROWS),
    ("Documents and new plans", "A document, a review or a new plan ...", [*plans.DOCUMENTS, *books.REVIEWS]),
    (
        "Tables for a new region",
        "A census table given to `region new` ...",
        [*command.TABLES, *odd.SHEETS, *own_place.TABLES, *books.SHEETS],
    ),
    ("Saved runs", "A saved run ...", runs.FAULTS),
    ("The command line", "A command ...", command.LINE),
)
FAULTS = [fault for _, _, faults in PARTS for fault in faults]
_LONGEST, _LINES = 400, 6
BAR = "\\|"  # inside a table
_HEAD = """\
# Errors

What is refused, and how it is said: {n} faults, each made by a test that does it to a working folder
and holds the message to its parts (file, place in it, value, what would be right). Every one ends with
exit code 2, writes nothing and shows no traceback; what can be known before a run is refused before it.
All faults of a set are told together; a page line shows the first {lines} of them.

This page is written by `make errors` from tests/refusals; a test finds it stale. The messages come in
Chinese with `--lang zh`; here they stand in English.
"""


def made(folder: Path) -> Path:
    """A working folder to do the faults in: the small experiment, a made-up run."""
    make_workspace(folder)
    runs.prepare(folder)
    return folder


def page(refusals: dict[str, Refusal]) -> str:
    """The page, from what came of each fault."""
    return "\n".join([_HEAD.format(n=len(FAULTS), lines=_LINES), *_parts(refusals)])


def _parts(refusals: dict[str, Refusal]) -> Iterator[str]:
    for title, opening, faults in PARTS:
        yield f"## {title}\n\n{opening}\n\n| | what is said |\n|---|---|"
        for fault in faults:
            yield f"| {fault.did} | {_cell(refusals[fault.id].message)} |"
        yield ""


def _cell(message: str) -> str:
    lines = [line for line in message.split("\n") if line and not line.startswith(("Usage", "Try", " " * 9))]
    shown = [line if len(line) <= _LONGEST else f"{line[:_LONGEST]} ..." for line in lines[: _LINES + 1]]
    if len(lines) > len(shown):
        shown.append(f"... {len(lines) - len(shown)} more")
    return "<br>".join(f"`{line.replace('|', BAR).replace('`', chr(39))}`" for line in shown)


def main() -> None:
    """Write the page."""
    target = Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as place:
        folder = made(Path(place) / "work")
        target.write_text(page({f.id: refuse(f, folder) for f in FAULTS}), encoding="utf-8")
    print(f"{target}: {len(FAULTS)} faults")


if __name__ == "__main__":
    main()
