"""docs/reliability.md from what was measured: `python -m reliability.page [FILE]`; without FILE, printed."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from paths import read_rows
from refusals.page import FAULTS
from reliability.fuzz import FINDS
from reliability.measured import read
from reliability.mutant_runs import LONGEST
from reliability.mutants import RESULTS

_HEAD = """\
# Reliability

What was measured, by which command, and how much of it: nothing here is promised beyond the figures.
`make reliability-page` writes this page from tests/reliability/measured.json and mutants.csv, which the
commands below write; a test finds it stale.
"""


def page() -> str:
    """The page."""
    return (
        "\n".join([_HEAD, *_faults(), *_kills(), *_during(), *_mutants(), *_fuzz(), *_audit()]).rstrip("\n")
        + "\n"
    )


def _faults() -> Iterator[str]:
    yield "## Faults refused\n"
    yield f"{len(FAULTS)} distinct faults, each with its message in [errors.md](errors.md): exit 2, nothing"
    yield "written, no traceback. `pytest tests/refusals`.\n"


def _kills() -> Iterator[str]:
    kills = read().get("kills", {})
    ended, survived = (sum(k[of] for k in kills.values()) for of in ("kills", "survived"))
    yield "## Commands ended at random moments\n"
    yield f"{survived} of {ended} survived: kill -9, Ctrl-C, SIGTERM or a full disk;"
    yield "nothing half-written stood under a finished name, and the same command then ended with the bytes"
    yield "of an undisturbed one. `make reliability KILLS=25`.\n"
    yield "| command | ended | survived |\n|---|---|---|"
    yield from (f"| {name} | {k['kills']} | {k['survived']} |" for name, k in sorted(kills.items()))
    yield ""


def _during() -> Iterator[str]:
    faults = read().get("faults", {})
    yield "## Faults while a command runs\n"
    yield "Each was done to a real process: the exit code says so, no traceback, nothing finished is lost,"
    yield "and the same command then ends with the bytes of an undisturbed one."
    yield "`PYTHONPATH=tests python -m reliability.faults`.\n"
    yield "| fault | tried | held |\n|---|---|---|"
    yield from (f"| {name} | {f['kills']} | {f['survived']} |" for name, f in sorted(faults.items()))
    yield ""


def _mutants() -> Iterator[str]:
    rows = read_rows(RESULTS)
    live = [row for row in rows if row["outcome"] == "survived"]
    same = [row for row in live if row["equivalent"]]
    yield "## Mutants of the science core\n"
    yield f"{len(rows) - len(live)} of {len(rows) - len(same)} killed by the tests that cover them, of"
    yield "random samples of the rooms demography, burden, demand, supply, adequacy and of params/sample.py;"
    yield f"{len(same)} more are equivalent (no input tells them apart). The tests that execute the changed"
    yield f"line are run, cheapest first, for {LONGEST:g} seconds of one processor at most: a survivor may"
    yield "have a test beyond them. `make mutants` goes on; `python -m reliability.mutants 600 6`: anew."
    yield "At first: before any law was written for what survived of the sample. What counts is the first"
    yield "meeting of the newest samples: from the fourth on laws had been written for every module, whether"
    yield "a sample had pointed at it or not, and no mutant of the sample had been met before.\n"
    yield "| sample (seed) | at first, of all | equivalent | of the others at first | killed now | of |"
    yield f"|{'---|' * 6}"
    for seed, first in sorted(read().get("mutants", {}).items()):
        yield _sample(seed, first, [row for row in rows if row["seed"] == seed])
    yield ""
    rooms = Counter(row["id"].partition("/")[0] for row in rows)
    killed = Counter(row["id"].partition("/")[0] for row in rows if row["outcome"] == "killed")
    yield "| room | mutants | killed |\n|---|---|---|"
    yield from (f"| {room} | {n} | {killed[room]} |" for room, n in sorted(rooms.items()))
    yield "\nSurvivors:\n\n| where | was | became | why it lives |\n|---|---|---|---|"
    for row in live:
        why = row["why"] or "wants a law"
        said = f"equivalent: {why}" if row["equivalent"] else why
        cells = [f"`{row[c].replace('|', chr(92) + '|').replace(chr(10), ' ')}`" for c in ("was", "is")]
        yield f"| `{row['id']}`, line {row['line']} | {cells[0]} | {cells[1]} | {said} |"
    yield ""


def _sample(seed: str, first: dict[str, Any], own: list[dict[str, str]]) -> str:
    """A row of the table of samples."""
    other = [row for row in own if not row["equivalent"]]
    dead, same = sum(row["outcome"] == "killed" for row in own), len(own) - len(other)
    share = first["killed"] / (first["of"] - same)
    return f"| {seed} | {first['killed']} of {first['of']} | {same} | {share:.0%} | {dead} | {len(other)} |"


def _fuzz() -> Iterator[str]:
    fuzz = read().get("fuzz", {})
    hours = sum(f["seconds"] for f in fuzz.values()) / 3600
    runs = sum(f["runs"] for f in fuzz.values())
    yield "## Readers fuzzed\n"
    yield f"{hours:.1f} hours of the clock on a shared machine, {runs:,} inputs;"
    yield f"{len(list(FINDS.iterdir()))} finds, all mended and kept in tests/reliability/finds."
    yield "`make fuzz SECONDS=3600 READER=census`.\n"
    yield "| reader | seconds | inputs | refused | engine |\n|---|---|---|---|---|"
    yield from (
        f"| {name} | {f['seconds']} | {f['runs']:,} | {f['refused']:,} | {f['engine']} |"
        for name, f in sorted(fuzz.items())
    )
    yield ""


def _audit() -> Iterator[str]:
    yield "## Supply chain\n"
    yield "Licences: [licences.md](licences.md). Known holes of the locked versions:"
    yield "`pip-audit -r constraints.txt --no-deps --disable-pip`, which said where it was last run:\n"
    yield from (f"* {name}: {found['said']}" for name, found in sorted(read().get("audit", {}).items()))


def main() -> None:
    """Write the page, or print it."""
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(page(), encoding="utf-8")
    else:
        print(page())


if __name__ == "__main__":
    main()
