"""Rules of the hospital model: parameters/national/hospital_rules.csv.

pool       a kind of bed
transfers  how often a patient may be moved while waiting
when_full  board: waits in a bed of another kind; turn_away: leaves
overflow   kinds of bed that take the patients, in this order, parted by ;
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sim.catalogue.bed_groups import POOLS
from sim.cells import whole
from sim.errors import ConfigError, fault, raise_all
from sim.textfile import did_you_mean, read_csv

RULES = "hospital_rules.csv"
"""In parameters/national."""
_COLUMNS = ("pool", "transfers", "when_full", "overflow")
_BOARD = "board"
_FULL = (_BOARD, "turn_away")


@dataclass(frozen=True)
class Rule:
    """What happens to patients of a kind of bed that is full."""

    pool: str
    transfers: int
    boards: bool
    overflow: tuple[str, ...]


def read_rules(path: Path) -> list[Rule]:
    """The rules in the order of the file.

    Raises ConfigError with every fault: a kind of bed that is none, twice or overflows into itself, transfers
    that are no whole number of 0 or more, a word for a full unit that is none.
    """
    faults: list[str] = []
    found: list[Rule] = []
    for row in read_csv(path, _COLUMNS):
        line, pool = f"{path}: line {row['_line']}", row["pool"]
        overflow = tuple(name for name in row["overflow"].split(";") if name)
        faults += [
            fault(f"{line}: {column}", f"no kind of bed '{name}'", did_you_mean(name, POOLS))
            for column, names in (("pool", (pool,)), ("overflow", overflow))
            for name in names
            if name not in POOLS
        ]
        if pool in {rule.pool for rule in found}:
            faults.append(fault(f"{line}: pool", f"'{pool}' stands twice", "keep one of them"))
        if pool in overflow:
            faults.append(fault(f"{line}: overflow", f"'{pool}' overflows into itself", "name others"))
        transfers = whole(row["transfers"])
        if transfers is None or transfers < 0:
            wrong = f"'{row['transfers']}'"
            faults.append(fault(f"{line}: transfers", wrong, "write a whole number of 0 or more"))
        if row["when_full"] not in _FULL:
            remedy = f"write {' or '.join(_FULL)}"
            faults.append(fault(f"{line}: when_full", f"'{row['when_full']}'", remedy))
        found.append(Rule(pool, transfers or 0, row["when_full"] == _BOARD, overflow))
    raise_all(ConfigError, faults)
    return found
