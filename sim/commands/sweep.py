"""What `healthplan sweep` does around a sweep: progress, the closing table, the path."""

from __future__ import annotations

import csv
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from sim.commands.run import Lines, _executor
from sim.config import parse_set
from sim.run.setup import set_up
from sim.sweeps import sweep as sweeps
from sim.sweeps.folder import RANKED_BY

_SHOWN = 6  # factors of each output in the closing table
_OUTPUTS = 12


def sweep_command(
    experiment: Path,
    method: str | None,
    over: Sequence[str],
    of: Sequence[str],
    n: int | None,
    groups: Sequence[str],
    seed: int | None,
    workers: int | None,
    out: Path | None,
    settings: Sequence[str],
    scenarios: Sequence[str],
    scheduler: str | None,
    no_charts: bool,
    dry_run: bool,
    quiet: bool,
) -> int:
    """Sweep, print which factors move each output and the path; return the exit code."""
    pairs = [parse_set(text) for text in settings]
    setup = set_up(experiment, settings=pairs, scenarios=scenarios)
    plan = sweeps.plan_sweep(setup, method=method, over=over, of=of, n=n, groups=groups, seed=seed)
    for note in plan.notes:
        print(f"note: {note}", file=sys.stderr)
    runs = len(plan.design.points) * len(setup.parameters)
    if dry_run:
        shape = f"{len(plan.design.factors)} factors, {len(plan.outputs)} outputs"
        print(f"{plan.design.method}, n = {plan.design.n}: {runs:,} model runs, {shape}")
        return 0
    folder = out if out is not None else setup.root / "outputs"
    with _executor(scheduler) as executor:
        path = sweeps.sweep(
            plan,
            folder,
            workers=workers or os.cpu_count() or 1,
            executor=executor,
            progress=None if quiet else Lines(sys.stderr),
            charts=not no_charts,
        )
    if not quiet:
        for line in table(path, plan.design.method):
            print(line)
    print(path)
    return 0


def table(folder: Path, method: str) -> Iterator[str]:
    """The strongest factors of each output, as lines of text."""
    with (folder / "sensitivity.csv").open(encoding="utf-8", newline="") as file:
        rows = [r for r in csv.DictReader(file) if r["measure"] == RANKED_BY[method]]
    found: dict[str, list[dict[str, str]]] = {}
    for r in rows:
        name = f"{r['scenario']}/{r['region']}  {r['output']}@{r['year']}"
        found.setdefault(name, []).append(r)
    for name, own in list(found.items())[:_OUTPUTS]:
        yield f"{name}   ({RANKED_BY[method]})"
        for r in own[:_SHOWN]:
            band = f"  [{float(r['low']):.3g}, {float(r['high']):.3g}]" if r["low"] else ""
            yield f"    {float(r['value']):>10.4g}{band:<22} {r['factor']} ({r['quality']})"
    if len(found) > _OUTPUTS:
        yield f"... and {len(found) - _OUTPUTS} more outputs in sensitivity.csv"
