"""Counts on a revised basis: a register mended or borders moved, which is nobody's move.

A row of population whose `old_basis` has the same year's people on the basis of the years before says so.
All that is of earlier years, the base and the counts of people, is put on the new basis by the ratio of the
two; only what is left of the change is read as births, deaths and migrants.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace

from sim.known.table import Count
from sim.params import Parameter

PEOPLE = (
    "population",
    "population_60",
    "population_65",
    "births",
    "deaths",
    "infant_deaths",
    "maternal_deaths",
)
"""Indicators that count people of a basis."""
_NUMBERS = ("population.base", "migration.level")


def factor_after(counts: Sequence[Count], year: int) -> float:
    """By what people of a year are multiplied to stand on the newest basis."""
    by = 1.0
    for count in counts:
        if count.old_basis and count.year > year:
            by *= count.value / count.old_basis
    return by


def on_new_basis(
    parameters: Mapping[str, Parameter], counts: Sequence[Count], first: int
) -> tuple[dict[str, Parameter], list[Count]]:
    """The base, its migrants and the counts of people on the newest basis.

    first: the base year.  Without a revision both are returned as they are.
    """
    whole = factor_after(counts, first)
    out = dict(parameters)
    if whole != 1.0:
        for name in _NUMBERS:
            p = out[name]
            said = f"x{whole:.6g}, a revised basis in the local counts"
            changed = "; ".join(part for part in (p.changed, said) if part)
            digest = hashlib.sha256(f"{p.hash}{whole!r}".encode()).hexdigest()
            out[name] = replace(p, data=p.data * whole, changed=changed, hash=digest)
    moved = [
        replace(c, value=c.value * factor_after(counts, c.year)) if c.indicator.id in PEOPLE else c
        for c in counts
    ]
    return out, moved
