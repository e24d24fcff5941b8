"""What `healthplan discover` says: the corners in which an indicator fails, in words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from sim.run.setup import Setup
from sim.sweeps.discover import COLUMNS, Found, discover, rows
from sim.writing import write_rows


def text(setup: Setup, found: Found) -> Iterator[str]:
    """The boxes in words."""
    q, inputs = found.question, found.inputs
    n = len(q.fails)
    yield f"{q.indicator} fails in {q.fails.sum()} of {n} draws ({q.fails.mean():.0%}) in {q.year}"
    if not found.boxes:
        yield "no bounds on the parameters tell these draws apart; more draws may"
    parameters = setup.parameters[q.scenario, q.region]
    for b, box in enumerate(found.boxes, 1):
        yield (
            f"box {b}: fails in {box.density:.0%} of the draws inside; "
            f"holds {box.coverage:.0%} of all failing draws and {box.mass:.0%} of all draws, where"
        )
        for i in box.bounded:
            low, high = box.bounds[i]
            name, centre = inputs.names[i], inputs.central[i]
            if np.isfinite(low) and np.isfinite(high):
                bound = f"between {low:.4g} and {high:.4g}"
            else:
                bound = f"above {low:.4g}" if np.isfinite(low) else f"below {high:.4g}"
            record = parameters[name].record
            yield (
                f"    {record.name.en} {record.name.zh} {bound} {inputs.units[i]} "
                f"(central {centre:.4g}; {name}, {record.quality})"
            )


def discover_command(
    path: Path,
    indicator: str,
    year: int | None,
    scenario: str | None,
    region: str | None,
    boxes: int,
) -> int:
    """Print the boxes, write their CSV into the run folder; return the exit code."""
    setup, found, _ = discover(path, indicator, year=year, scenario=scenario, region=region, most=boxes)
    for line in text(setup, found):
        print(line)
    q = found.question
    target = path / f"discover_{q.indicator}_{q.year}_{q.scenario}_{q.region}.csv"
    write_rows(target, COLUMNS, rows(setup, found))
    print(target)
    return 0
