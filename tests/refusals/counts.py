"""Faults of what was counted: figures that contradict each other, in every table of counts."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from functools import partial

from refusals.fault import RUN, Change, Fault, edit, text

_OBSERVED = "parameters/regions/410500_anyang/observed.csv"
_SERIES = "parameters/series/provinces.csv"
_USE = "parameters/observed_use.csv"
_DEATHS = "parameters/series/deaths_30_69.csv"
_CENSUS = "parameters/series/census_2000.csv"
_REGISTERED = "parameters/places/registered_2010.csv"
_KNOWN = "counts.csv"
How = Callable[[float], float]


def _cell(column: str, how: How | str, **where: str) -> Change:
    """One cell of the row that these columns name as another figure."""

    def changed(content: str) -> str:
        rows = list(csv.DictReader(io.StringIO(content)))
        (row,) = [row for row in rows if all(row[k] == v for k, v in where.items())]
        row[column] = how if isinstance(how, str) else f"{how(float(row[column])):.10g}"
        return _text(rows)

    return edit(changed)


def _twice(column: str, value: str, **where: str) -> Change:
    def changed(content: str) -> str:
        rows = list(csv.DictReader(io.StringIO(content)))
        (row,) = [row for row in rows if all(row[k] == v for k, v in where.items())]
        return _text([*rows, row | {column: value}])

    return edit(changed)


def _text(rows: list[dict[str, str]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _all(content: str, by: float, only: tuple[str, ...] = ()) -> str:
    """Every figure so many times; only: of these indicators alone, the others left out."""
    rows = [row for row in csv.DictReader(io.StringIO(content)) if not only or row["indicator"] in only]
    return _text([row | {"value": f"{by * float(row['value']):.10g}"} for row in rows])


def _both(*changes: Change) -> Change:
    def change(path):  # type: ignore[no-untyped-def]
        for one in changes:
            one(path)

    return change


def _observed(id_: str, did: str, change: Change, *says: str) -> Fault:
    return Fault(f"counted-{id_}", f"observed.csv: {did}", (_OBSERVED, *says), {_OBSERVED: change})


def _of(year: int, indicator: str, how: How | str) -> Change:
    return _cell("value", how, year=str(year), indicator=indicator)


OBSERVED = [
    _observed(
        "births-tens",
        "births ten times too many",
        _of(2023, "births", lambda v: 10 * v),
        "births of 2023",
        "340000",
        "want",
        "looks 10 times too large",
    ),
    *(
        _observed(
            f"{name}-{looks}-ten",
            f"{name} of a year {said}",
            _of(2024, name, lambda v, by=by: by * v),  # type: ignore[misc]
            f"{name} of 2024",
            "want",
            f"looks 10 times too {looks}",
        )
        for name in ("births", "deaths", "population_total")
        for by, said, looks in ((10, "tenfold", "large"), (0.1, "a tenth", "small"))
    ),
    *(
        _observed(
            f"all-{said.partition(' ')[0]}",
            f"every figure {said}, so that only the census tells",
            edit(partial(_all, by=by)),
            "population_total of 2024",
            "of the census of 2020",
            f"looks 10 times too {looks}",
        )
        for by, said, looks in ((10, "tenfold", "large"), (0.1, "in tens of persons", "small"))
    ),
    _observed(
        "alone",
        "births and deaths alone, ten times too many, held against the census",
        edit(partial(_all, by=10, only=("births", "deaths"))),
        "births of 2024",
        "per 1000 of 5477614 residents",
        "looks 10 times too large",
    ),
    _observed(
        "births-ten-thousands",
        "births in ten thousands",
        _of(2023, "births", "3.4"),
        "births of 2023",
        "looks 10,000 times too small",
    ),
    _observed(
        "births-survivors",
        "births that no year before or after allows",
        _of(2022, "births", lambda v: 5 * v),
        "births of 2022",
        "200000 is 4.88 times the 41000 of 2021",
        "want 24600 to 69700",
    ),
    _observed(
        "deaths",
        "more deaths than people",
        _of(2023, "deaths", "6000000"),
        "deaths of 2023",
        "6000000",
        "want",
    ),
    _observed(
        "old",
        "more people of 65 and over than of 60 and over",
        _of(2023, "population_65+", lambda v: 1.5 * v),
        "population_65+ of 2023",
        "at most 1064000",
    ),
    _observed(
        "sum",
        "ages that do not add up to the total",
        _of(2023, "population_16-59", lambda v: 1.1 * v),
        "population_total of 2023",
        "5683700",
        "want 5322240 to 5429760",
    ),
    _observed(
        "total",
        "a total that no cohorts allow",
        _of(2022, "population_total", lambda v: 1.2 * v),
        "population_total of 2022",
        "1.2 times the 5423000 of 2021",
        "want 4880700 to 6073760",
    ),
    _observed(
        "all",
        "two faults in different years, told together",
        _both(_of(2022, "population_total", lambda v: 1.2 * v), _of(2024, "deaths", "6000000")),
        "population_total of 2022",
        "deaths of 2024",
    ),
]


def _calibrated(
    id_: str,
    did: str,
    file: str,
    change: Change,
    part: str,
    *says: str,
    others: dict[str, Change] | None = None,
) -> Fault:
    name = file.rpartition("/")[2]
    args = ("calibrate", part, "--check")
    return Fault(f"counted-{id_}", f"{name}: {did}", (file, *says), {file: change}, args)


def _series(id_: str, did: str, change: Change, *says: str) -> Fault:
    return _calibrated(f"series-{id_}", did, _SERIES, change, "own_trends", *says)


def _henan(indicator: str, how: How | str, year: int = 2020) -> Change:
    return _cell(str(year), how, indicator=indicator, region="410000")


SERIES = [
    _series(
        "tens",
        "people ten times too many",
        _henan("population", lambda v: 10 * v),
        "population of 410000 in 2020",
        "994100000",
        "too large",
    ),
    _series(
        "ten-thousands",
        "beds in ten thousands",
        _henan("beds", lambda v: v / 1e4),
        "beds of 410000",
        "10,000 times too small",
    ),
    _series(
        "balance",
        "natural growth that is not births less deaths",
        _henan("natural_growth_rate", lambda v: v + 1),
        "natural growth 3.09",
        "births 9.24 less deaths 7.15",
        "want 2.09",
    ),
    _series(
        "part",
        "more people of 65 and over than people in the survey",
        _henan("survey_population_65+", lambda v: 20 * v, 2021),
        "in 2021",
        "more than survey_population",
        "at most 104679",
    ),
    _series(
        "all",
        "people and beds of different years, told together",
        _both(_henan("population", lambda v: 1.3 * v, 2010), _henan("beds", lambda v: v / 1e4)),
        "population of 410000 in 2010 |",
        "beds of 410000 in 2020 |",
    ),
    _series(
        "twice",
        "a province twice",
        _twice("2020", "99400000", indicator="population", region="410000"),
        "stands twice",
        "keep one",
    ),
]


def _used(id_: str, did: str, change: Change, *says: str) -> Fault:
    return _calibrated(f"use-{id_}", did, _USE, change, "supply_growth", *says)


_VISITS = {"region": "000000", "year": "2023", "scope": "all", "indicator": "visits"}
_STAYS = {"region": "000000", "year": "2023", "scope": "tertiary"}

USE = [
    _used(
        "tens",
        "admissions ten times too many",
        _cell("value", lambda v: 10 * v, **_VISITS | {"indicator": "admissions"}),
        "admissions (all) of 000000 in 2023",
        "2141 per 1000 of 1409778724 residents",
        "want 20 to 500",
        "looks 10 or 100 times too large",
    ),
    _used(
        "ten-thousands",
        "visits in ten thousands",
        _cell("value", lambda v: v / 1e4, **_VISITS),
        "10,000 times too small",
    ),
    _used("unit", "visits in another unit", _cell("unit", "万人次", **_VISITS), "unit", "'万人次'", "visit"),
    _used(
        "part",
        "a kind of hospital with more admissions than all",
        _cell("value", lambda v: 3 * v, **_STAYS, indicator="admissions"),
        "445008000",
        "more than admissions (all) of that year",
        "at most 301873000",
    ),
    _used(
        "alos",
        "a mean stay of months",
        _cell("value", lambda v: 10 * v, **_STAYS, indicator="alos"),
        "81 day",
        "want 3 to 20",
    ),
    _used("scope", "a scope that is none", _cell("scope", "al", **_VISITS), "scope", "'al'", "did you mean"),
    _used(
        "twice", "a year twice", _twice("value", "9000000000", **_VISITS), "9550000000 of line 66", "keep one"
    ),
]

_DIED = {"region": "410000", "year": "2010", "age_start": "30"}
OTHERS = [
    _calibrated(
        "deaths-people",
        "more deaths than people",
        _DEATHS,
        _cell("deaths", lambda v: 1e5 * v, **_DIED),
        "premature_pace",
        "deaths among",
        "fewer than the people",
    ),
    _calibrated(
        "deaths-sum",
        "deaths of a province ten times too many",
        _DEATHS,
        _cell("deaths", lambda v: 10 * v, **_DIED),
        "premature_pace",
        "deaths of 30 in 2010",
        "provinces add up to 123358",
        "79960",
    ),
    _calibrated(
        "census-2000",
        "children of a province ten times too many",
        _CENSUS,
        _cell("0_4", lambda v: 10 * v, region="410000", sex="female"),
        "migration",
        "provinces add up to 51767663",
        "31329680",
    ),
    _calibrated(
        "census-2000-text",
        "a cell that is no number",
        _CENSUS,
        _cell("0_4", "x", region="410000", sex="female"),
        "migration",
        "0_4",
        "'x'",
    ),
    _calibrated(
        "registered",
        "registered people in ten thousands",
        _REGISTERED,
        _cell("registered", lambda v: v / 1e4, code="410500"),
        "unobserved",
        "5173188 residents, 568 registered",
        "another unit?",
    ),
]


def _known(id_: str, did: str, *rows: str, says: tuple[str, ...]) -> Fault:
    content = "\n".join(["indicator,year,value,unit,source,quality", *rows]) + "\n"
    args = (*RUN, "--known", _KNOWN)
    return Fault(f"known-{id_}", f"known.csv: {did}", (_KNOWN, *says), {_KNOWN: text(content)}, args)


KNOWN = [
    _known(
        "total-step",
        "people of a year that no cohorts allow",
        "population,2022,7000000,person,x,B",
        says=("row 2", "7000000 people in 2022", "the census", "want 4433867 to 6866472"),
    ),
    _known(
        "all",
        "three faults told together",
        "births,2023,340000,birth/year,x,B",
        "deaths,2023,6000000,death/year,x,B",
        "population,2022,7000000,person,x,B",
        says=("row 2", "write 34000", "row 3", "row 4", "want 4433867 to 6866472"),
    ),
    _known(
        "old",
        "more people of 65 and over than of 60 and over",
        "population_65,2023,1200000,person,x,B",
        "population_60,2023,1064000,person,x,B",
        says=("row 2", "population_60 1.064e+06", "no more than population_60"),
    ),
    _known(
        "year-twice",
        "a year twice",
        "births,2023,34000,birth/year,x,B",
        "births,2023,35000,birth/year,x,B",
        says=("row 3", "stands twice", "keep one"),
    ),
]
FAULTS = [*OBSERVED, *SERIES, *USE, *OTHERS, *KNOWN]
