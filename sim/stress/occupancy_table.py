"""`healthplan occupancy-table`: the occupancy targets that the annual model uses, as a table.

Writes parameters/national/occupancy_by_size.csv (size x service level, tried by simulation),
occupancy_by_size_target.csv and occupancy_by_group.csv (the parameters' tables). Run it again
after a change of hospital.yaml: `python -m sim.stress.occupancy_table`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sim.cells import numbers
from sim.errors import ConfigError, fault, raise_all
from sim.hospital import Mapped, in_turn
from sim.hospital.occupancy_table import (
    Row,
    Setting,
    make_row,
    make_table,
)
from sim.params import Parameter, read_file
from sim.stress.inputs import pattern_of
from sim.stress.replications import for_once
from sim.textfile import read_csv
from sim.writing import write_rows

SIZES = (5, 10, 15, 20, 30, 40, 60, 80, 100, 150, 200, 250, 300, 400, 600, 900, 1200)
LEVELS = (0.01, 0.02, 0.05)
COLUMNS = (
    "unit_beds",
    "service_level",
    "occupancy",
    "occupancy_flat",
    "simulated_occupancy",
    "simulated_low",
    "simulated_high",
    "simulated_blocked",
    "blocked_low",
    "blocked_high",
)
_INTERVALS = (
    ("simulated_occupancy", "simulated_low", "simulated_high"),
    ("simulated_blocked", "blocked_low", "blocked_high"),
)
SEED, REPLICATIONS, YEAR = 1, 20, 2025
GENERAL = "tertiary"  # whose stay and patterns the table is made for


def setting_of(parameters: dict[str, Parameter], group: str = GENERAL) -> Setting:
    """Stay, spread, patterns and share of electives of a kind of bed."""

    def of(name: str) -> float:
        return float(parameters[f"hospital.{name}"].data.sel(bed_group=group))

    hours = [float(parameters[f"hospital.discharge_{k}"].data) for k in ("hour", "spread")]
    return Setting(
        YEAR,
        of("stay"),
        of("stay_cv"),
        pattern_of(parameters, "emergency"),
        pattern_of(parameters, "elective"),
        of("elective_share"),
        (hours[0], hours[1]),
    )


def write_occupancy_table(
    root: Path,
    *,
    workers: int = 1,
    replications: int = REPLICATIONS,
    say: Callable[[str], None] = print,
) -> list[Path]:
    """Make the tables below `root`/parameters/national; returns the files written."""
    folder = root / "parameters" / "national"
    parameters = read_file(folder / "hospital.yaml")
    with for_once(workers) as mapped:
        rows = make_table(
            SIZES, LEVELS, setting_of(parameters), seed=SEED, replications=replications, mapped=mapped
        )
        groups = group_targets(parameters, replications=replications, mapped=mapped)
    files = [folder / f"occupancy_by_{n}.csv" for n in ("size", "size_target", "group")]
    write_rows(files[0], COLUMNS, [_printed(row) for row in rows])
    target = [
        {
            "service_level": f"{100 * r.service_level:g}",
            "unit_beds": r.unit_beds,
            "value": f"{100 * r.occupancy:.1f}",
        }
        for r in rows
    ]
    write_rows(files[1], ("service_level", "unit_beds", "value"), target)
    write_rows(files[2], ("bed_group", "value"), groups)
    for path in files:
        say(f"wrote {path}")
    return files


def group_targets(
    parameters: dict[str, Parameter], *, replications: int = REPLICATIONS, mapped: Mapped = in_turn
) -> list[dict[str, str]]:
    """Occupancy target of each kind of bed: its typical unit at its service level, percent.

    At the unit's own size, stay and patterns, tried by the event model.
    """
    groups = [str(g) for g in parameters["hospital.unit_beds"].data.bed_group.values]
    found = []
    for group in groups:
        size = round(float(parameters["hospital.unit_beds"].data.sel(bed_group=group)))
        level = float(parameters["hospital.service_level"].data.sel(bed_group=group))
        row = make_row(
            size,
            level,
            setting_of(parameters, group),
            seed=SEED,
            replications=replications,
            mapped=mapped,
        )
        found.append({"bed_group": group, "value": f"{100 * row.occupancy:.1f}"})
    return found


def read_occupancies(path: Path) -> list[dict[str, str]]:
    """Rows of the table that simulation tried, occupancy_by_size.csv.

    Raises ConfigError with every fault: a cell that is no number, a share beyond 0..1, a mean outside its
    interval, a size at a service level twice.
    """
    rows = read_csv(path, COLUMNS)
    numbers(path, rows, COLUMNS)
    faults: list[str] = []
    seen: dict[tuple[float, float], str] = {}
    for row in rows:
        line, held = f"{path}: line {row['_line']}", {name: float(row[name]) for name in COLUMNS}
        for name in COLUMNS[1:]:
            if not 0 <= held[name] <= 1:
                faults.append(fault(f"{line}: {name}", f"'{row[name]}'", "a share of 0 to 1"))
        for mean, low, high in _INTERVALS:
            if not held[low] <= held[mean] <= held[high]:
                wrong = f"{row[mean]} outside {row[low]} to {row[high]}"
                faults.append(fault(f"{line}: {mean}", wrong, f"between {low} and {high}"))
        if not held["unit_beds"] >= 1:
            faults.append(fault(f"{line}: unit_beds", f"'{row['unit_beds']}'", "one bed or more"))
        first = seen.setdefault((held["unit_beds"], held["service_level"]), row["_line"])
        if first != row["_line"]:
            wrong = f"{row['unit_beds']} beds at {row['service_level']} stand twice (first on line {first})"
            faults.append(fault(line, wrong, "keep one of them"))
    raise_all(ConfigError, faults)
    return rows


def _printed(row: Row) -> dict[str, str]:
    used, blocked = row.simulated_occupancy, row.simulated_blocked
    numbers = (
        row.occupancy,
        row.occupancy_flat,
        used.mean,
        used.low,
        used.high,
        blocked.mean,
        max(0.0, blocked.low),
        blocked.high,
    )
    values = [str(row.unit_beds), f"{row.service_level:g}", *(f"{x:.4f}" for x in numbers)]
    return dict(zip(COLUMNS, values, strict=True))
