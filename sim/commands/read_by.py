"""Which reader takes each table of `parameters/`: `validate` reads a file as a run or a command does.

A table that a record names (`table`, `split`) is right if the files of records beside it can be read; one
that places or plans share, if its own reader takes it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from sim.drafting.draft import load_lexicon
from sim.errors import ConfigError, ParameterError, PlanError, SimError, collected, fault, raise_all
from sim.evidence.calibration.economic import TABLE as ECONOMIC
from sim.evidence.calibration.economic import economic_regions
from sim.evidence.calibration.pairs import census_2000, log_registered
from sim.evidence.calibration.parts import life_expectancy, premature_pace, young_mortality
from sim.evidence.dependency_table import dependency_rows
from sim.evidence.validation.orders import observed_orders
from sim.known import read_indicators
from sim.params import read_file, read_sources
from sim.params.catalogue import LIMITS, limit_faults, role_faults, unknown_faults
from sim.places import list_places, list_regions, place_censuses, read_place, read_yearly
from sim.places.observed_checks import bounds_of
from sim.places.region import NATION
from sim.places.used import read_use
from sim.places.vital import read_vital
from sim.plan.counts import load_counts
from sim.plan.floors import load_floors
from sim.plan.needs import OF_PLAN, load_needs, needs_table
from sim.propose.listed import load_listed
from sim.run.acting import condition_faults
from sim.run.counted import counts_of, last_counted
from sim.stress.occupancy_table import read_occupancies
from sim.stress.rules import RULES, read_rules
from sim.textfile import did_you_mean, read_csv, read_yaml

DICTIONARY = "indicator_dictionary.csv"
Reader = Callable[[Path], object]
"""Of the working folder; raises SimError with every fault."""


def _nation_names(root: Path) -> set[str]:
    return set(read_place(root, NATION))


def _roles(root: Path) -> None:
    raise_all(ParameterError, role_faults(root / "parameters", _nation_names(root)))


def _limits(root: Path) -> None:
    names = set().union(*(read_place(root, region) for region in list_regions(root).values()))
    raise_all(ParameterError, limit_faults(root / "parameters", names))


def _indicators(root: Path) -> None:
    read_indicators(root)
    path, names = root / "parameters" / "known.csv", _nation_names(root)
    rows = read_csv(path)
    raise_all(
        ParameterError,
        [told for column in ("of", "tells_of") for told in unknown_faults(path, rows, column, names)],
    )


def _listed(root: Path) -> None:
    """Rows of proposal.csv whose yearly figures or pace there are not, beside what its reader finds."""
    load_listed(root / "parameters")
    path = root / "parameters" / "plans" / "proposal.csv"
    paces = [str(name) for name in read_place(root, NATION)["proposal.pace"].data["pace"].values]
    known = (("series", ["", *read_yearly(root).indicators]), ("pace", ["", *paces]))
    raise_all(
        PlanError,
        [
            fault(f"{path}:{row['_line']}", f"{column} '{row[column]}'", did_you_mean(row[column], names))
            for row in read_csv(path)
            for column, names in known
            if row[column] not in names
        ],
    )


def _needs(root: Path) -> None:
    """Needs whose share is no parameter, beside what their reader finds."""
    names, path = _nation_names(root), needs_table(root / "parameters")
    raise_all(
        PlanError,
        [
            fault(f"{path}:{need.line}", f"share '{need.share}'", did_you_mean(need.share, [*names]))
            for need in load_needs(root / "parameters")
            if need.share and not need.share.startswith(OF_PLAN) and need.share not in names
        ],
    )


def _cited(path: Path, root: Path) -> None:
    """Raises ConfigError for figures of a table whose source the folder does not list."""
    faults: list[str] = []
    known = read_sources(root / "parameters", faults)
    column = "good_source" if path.name == DICTIONARY else "source"
    faults += [
        fault(
            f"{path}: line {row['_line']}: {column}",
            f"'{row[column]}' is not listed",
            did_you_mean(row[column], [*known]),
        )
        for row in read_csv(path)
        if row[column] and row[column] not in known
    ]
    raise_all(ConfigError, faults)


def _conditions(root: Path) -> None:
    raise_all(ConfigError, condition_faults(root, read_place(root, NATION)))


def _nation_file(read: Reader, name: str) -> Reader:
    return lambda root: read(root / "parameters" / "national" / name)


_READERS: Mapping[str, Reader] = {
    "known.csv": _indicators,
    LIMITS: _limits,
    "acts_with.csv": _conditions,
    "roles.csv": _roles,
    "observed_birth_orders.csv": observed_orders,
    "observed_bounds.csv": bounds_of,
    "observed_use.csv": read_use,
    "observed_use_bounds.csv": read_use,
    "places/places.csv": list_places,
    "places/census_2010.csv.gz": partial(place_censuses, code=NATION),
    "places/census_2020.csv.gz": partial(place_censuses, code=NATION),
    "places/births_2020.csv": read_vital,
    "places/deaths_2020.csv": read_vital,
    "places/e0_2020.csv": read_vital,
    ECONOMIC: economic_regions,
    "places/registered_2010.csv": partial(log_registered, code=NATION),
    "series/indicators.csv": read_yearly,
    "series/provinces.csv": read_yearly,
    "series/doubts.csv": read_yearly,
    "series/census_2000.csv": census_2000,
    "series/deaths_30_69.csv": premature_pace.premature,
    "series/life_expectancy.csv": life_expectancy.differences,
    "series/young_mortality.csv": young_mortality.counted,
    "standards/counts.csv": lambda root: load_counts(root / "parameters"),
    "standards/floors.csv": lambda root: load_floors(root / "parameters"),
    "plans/proposal.csv": _listed,
    "plans/question_needs.csv": _needs,
    "plans/reading": lambda root: load_lexicon(root / "parameters"),
    f"national/{RULES}": _nation_file(read_rules, RULES),
    "national/occupancy_by_size.csv": _nation_file(read_occupancies, "occupancy_by_size.csv"),
    "national/adl_published.csv": lambda root: dependency_rows(root / "parameters" / "national"),
}
"""Below `parameters`: a table, or a folder of tables, and what reads it."""


_CITING = (
    "observed_use.csv",
    "places/e0_2020.csv",
    "series/indicators.csv",
    "series/life_expectancy.csv",
    "series/young_mortality.csv",
    "standards/counts.csv",
    "standards/floors.csv",
    f"plans/{DICTIONARY}",
)
"""Tables whose sources are keys of parameters/sources."""


def read_as_shared(path: Path, root: Path) -> bool:
    """Whether a table has a reader of its own, which takes it.

    root: the working folder.  Raises SimError with every fault.
    """
    try:
        name = path.resolve().relative_to((root / "parameters").resolve())
    except ValueError:
        return False
    reader = _READERS.get(name.as_posix()) or _READERS.get(name.parent.as_posix())
    faults: list[str] = []
    if reader is not None:
        collected(faults, partial(reader, root), SimError)
    if name.as_posix() in _CITING:
        collected(faults, partial(_cited, path, root), SimError)
    raise_all(ConfigError, faults)
    return reader is not None


def naming(path: Path) -> list[Path]:
    """The files of records beside a table that name it."""
    found = []
    for file in sorted(path.parent.glob("*.yaml")):
        content = read_yaml(file)
        records = content.get("parameters") if isinstance(content, dict) else None
        for record in records.values() if isinstance(records, dict) else ():
            if isinstance(record, dict) and path.name in (record.get("table"), record.get("split")):
                found.append(file)
                break
    return found


def read_as_named(path: Path, parameters: Path | None) -> int:
    """Records of the files that name a table.  Raises SimError with every fault of them."""
    faults: list[str] = []
    read = [collected(faults, partial(read_file, file, parameters), SimError) for file in naming(path)]
    raise_all(ConfigError, faults)
    return sum(len(found) for found in read if found is not None)


def read_as_known(path: Path, root: Path) -> int:
    """Counts since the census in a region's folder, known.csv or .xlsx.

    Raises ConfigError with every fault, and where the folder is of no region.
    """
    here = path.resolve().parent
    folders = {(root / "parameters" / r.folder).resolve(): r for r in list_regions(root).values()}
    if here not in folders:
        raise ConfigError(fault(str(path), "lies in no region's folder", "try it with run --known"))
    region = folders[here]
    census = 2020
    return len(counts_of(root, region, None, (census, last_counted(read_place(root, region)))))
