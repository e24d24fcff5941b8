"""Every place of China that the censuses name: found by name, code or pinyin, with its counts."""

from __future__ import annotations

import csv
import difflib
import gzip
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from sim.arrays import Floats
from sim.cells import number
from sim.config import is_region_code
from sim.errors import ConfigError, fault, raise_all
from sim.params.alike import alike
from sim.params.once import once
from sim.params.units import PER_1000
from sim.places.ranks import is_rank, stem
from sim.places.region import LEVELS
from sim.places.tables import Census
from sim.textfile import did_you_mean, read_csv

COLUMNS = (
    "code",
    "level",
    "province",
    "prefecture",
    "name_zh",
    "pinyin",
    "urban_2020",
    "children_ever_born",
    "census_2010",
    "deaths_2010",
    "beds",
)
COMPARED = ("", "same area", "same code", "same code and name", "area differs", "area not checked")
"""How a place's count of 2010 compares with its area of 2020; empty where it has none."""
_FIGURES = ("urban_2020", "children_ever_born", "deaths_2010", "beds")
_STARTS = (0, 1, *range(5, 90, 5))
_YEARS = (2010, 2020)
_CANDIDATES = 8  # places of one name that a message lists
_LIKE, _NAMED = 0.5, 5
"""How alike two names are (0..1) that may be mistaken for one another, and how many of them are told."""


@dataclass(frozen=True)
class Place:
    """A place as the census of 2020 names it."""

    code: str
    level: str
    province: str
    """Code of its province, its own for a province, empty for the country."""
    prefecture: str
    """Code of its prefecture, its own for a prefecture, empty above."""
    name_zh: str
    pinyin: str
    """Reading of the name without tones; for searching only."""
    urban_2020: float
    """Urban residents, persons."""
    children_ever_born: float | None
    """Mean per woman of 15-64."""
    census_2010: str
    """How its count of 2010 compares with its area of 2020; empty where it has none."""
    deaths_2010: float | None
    """Deaths of the twelve months before the census of 2010, per person."""
    beds: float | None
    """Beds of health institutions about 2020, where the county yearbook counts them."""
    urban_share: float | None = None
    """Urban share, 0..1, of a place that the censuses do not name."""
    urban_of: str = ""
    """Code of the place whose urban share it is, where its own was not counted."""


def list_places(root: Path) -> dict[str, Place]:
    """Every place by code, in the order of the yearbook.

    root: the working folder, above `parameters`.  Raises ConfigError with every fault of places.csv.
    """
    return once(("places", root), partial(_listed, root))


def _listed(root: Path) -> dict[str, Place]:
    path = root / "parameters" / "places" / "places.csv"
    return alike("places", [path], partial(_places, path))


def _places(path: Path) -> dict[str, Place]:
    found: dict[str, Place] = {}
    faults = []
    for row in read_csv(path, COLUMNS):
        line = f"{path}: line {row['_line']}"
        if row["level"] not in LEVELS:
            faults.append(fault(f"{line}: level", f"'{row['level']}'", did_you_mean(row["level"], LEVELS)))
        if row["code"] in found:
            faults.append(fault(line, f"code {row['code']} stands twice", "give each place its own code"))
        if not is_region_code(row["code"]):
            faults.append(fault(f"{line}: code", f"'{row['code']}'", "write six digits"))
        if row["province"] not in ("", row["code"]) and row["province"] not in found:
            wrong = f"'{row['province']}' is no province above"
            faults.append(fault(f"{line}: province", wrong, "the code of an earlier row"))
        if row["prefecture"] and not is_region_code(row["prefecture"]):
            faults.append(fault(f"{line}: prefecture", f"'{row['prefecture']}'", "write six digits"))
        if row["census_2010"] not in COMPARED:
            remedy = did_you_mean(row["census_2010"], COMPARED)
            faults.append(fault(f"{line}: census_2010", f"'{row['census_2010']}'", remedy))
        figures = {name: number(row[name]) for name in _FIGURES if row[name]}
        none = [n for n, v in figures.items() if v is None or not 0 <= v < np.inf]
        faults += [fault(f"{line}: {n}", f"'{row[n]}'", "a number of 0 or more") for n in none]
        urban = figures.get("urban_2020")
        if urban is None and "urban_2020" not in none:
            faults.append(fault(f"{line}: urban_2020", "''", "a number of 0 or more"))
        if none or urban is None:
            continue
        children, deaths, beds = (figures.get(n) for n in _FIGURES[1:])
        found[row["code"]] = Place(
            row["code"],
            row["level"],
            row["province"],
            row["prefecture"],
            row["name_zh"],
            row["pinyin"],
            urban,
            children,
            row["census_2010"],
            None if deaths is None else deaths / PER_1000,
            beds,
        )
    raise_all(ConfigError, faults)
    return found


def find_places(
    places: Mapping[str, Place], inside: str | None = None, like: str | None = None
) -> list[Place]:
    """The places inside another one whose name holds `like`, or whose pinyin or code begins so.

    inside: a code, or the name or pinyin of a province or prefecture (its first two characters do);
    with neither, provinces and the country.
    Raises ConfigError, with the names nearest to what was asked, where `inside` is no province or
    prefecture, or more than one, and where no place is like `like`.
    """
    chosen: Iterable[Place] = places.values()
    if inside is not None:
        within = one_place(places, inside).code
        chosen = [p for p in chosen if within in (p.province, p.prefecture) or within == "000000"]
        if like is None and within != "000000":
            own = places[within].level
            below = ("prefecture", "direct_county") if own == "province" else ("county", "zone")
            direct = [p for p in chosen if p.level in below or p.code == within]
            chosen = direct if len(direct) > 1 else chosen  # municipalities have counties only
    if like is not None:
        text, among = _plain(like), list(chosen)
        chosen = [
            p
            for p in among
            if text in p.name_zh or p.pinyin.startswith(text) or p.code.lower().startswith(text)
        ]
        if not chosen:
            raise ConfigError(fault("--like", f"no place like '{like}'", _closest(among, like)))
    elif inside is None:
        chosen = [p for p in chosen if p.level in ("country", "province")]
    return list(chosen)


def one_place(places: Mapping[str, Place], text: str) -> Place:
    """The place of a code, or the province or prefecture of a name or pinyin (its beginning does).

    Raises ConfigError where there is none, or more than one.
    """
    if text in places:
        return places[text]
    wide = [p for p in places.values() if p.level in ("country", "province", "prefecture", "direct_county")]
    low = _plain(text)
    found = [p for p in wide if low in (p.name_zh, p.pinyin)]
    found = found or [p for p in wide if p.name_zh.startswith(low) or p.pinyin.startswith(low)]
    if len(found) == 1:
        return found[0]
    if not found:
        raise ConfigError(fault("--in", f"no province or prefecture '{text}'", _closest(wide, text)))
    shown = ", ".join(f"{p.code} {p.name_zh}" for p in found[:6])
    raise ConfigError(fault("--in", f"'{text}' is {len(found)} places", f"write one of {shown}"))


def _plain(text: str) -> str:
    """A name as it is searched: `Xi'an`, `He Nan` and `HENAN` as pinyin is written in places.csv."""
    return "".join(c for c in text.lower() if c.isalnum())


def _closest(places: Sequence[Place], text: str) -> str:
    """Remedy for a name that none of these places has: those whose name or pinyin is nearest to it."""
    asked = _plain(text)
    scored = [(max(_likeness(asked, word) for word in (p.name_zh, p.pinyin)), p) for p in places]
    near = sorted((pair for pair in scored if pair[0][0] >= _LIKE), key=lambda pair: pair[0], reverse=True)
    if not near:
        return "fewer letters, or --in 河南 --like 安阳"
    return f"did you mean {', '.join(f'{p.name_zh} ({p.code})' for _, p in near[:_NAMED])}?"


def _likeness(one: str, other: str) -> tuple[float, int, float]:
    """0..1, how much of two names without their ranks is the same; letters in the same place; of all.

    Half of a short name would be its rank.
    """
    short = stem(one), stem(other)
    same = sum(a == b for a, b in zip(*short, strict=False))
    names, wholes = (difflib.SequenceMatcher(None, *pair).ratio() for pair in (short, (one, other)))
    return names, same, wholes


def nearest(places: Mapping[str, Place], code: str) -> str:
    """Remedy for a code that is none, or a name in its place: the places so called, or the nearest code."""
    asked = _plain(code)
    named = [p for p in places.values() if asked and asked in (p.name_zh, p.pinyin)]
    alike = [p for p in places.values() if asked and (p.name_zh.startswith(asked) or _begins(p, asked))]
    found = named or alike
    if len(found) > 1:
        shown = ", ".join(_within(places, p) for p in found[:_CANDIDATES])
        more = f" and {len(found) - _CANDIDATES} more" if len(found) > _CANDIDATES else ""
        return f"{len(found)} places are called so, write the code of one: {shown}{more}"
    near = found or sorted(
        (p for p in places.values() if p.code[:2] == code[:2]),
        key=lambda p: (-_shared(p.code, code), p.code),
    )
    if not near:
        return "find its code with: healthplan list regions --in 河南, or --like 安阳"
    name = f"'{near[0].code}'? it is {near[0].name_zh}"
    return f"did you mean {name}; healthplan list regions --like finds more"


def _begins(place: Place, asked: str) -> bool:
    """Whether a place's pinyin is what was asked, and the word for its rank."""
    return place.pinyin.startswith(asked) and is_rank(place.pinyin.removeprefix(asked))


def _within(places: Mapping[str, Place], place: Place) -> str:
    """Code and name of a place, and what it lies in."""
    above = next((c for c in (place.prefecture, place.province) if c in places and c != place.code), None)
    return f"{place.code} {place.name_zh}" + (f" ({places[above].name_zh})" if above else "")


def _shared(code: str, other: str) -> int:
    """Digits that two codes share from the left."""
    return next((i for i, (a, b) in enumerate(zip(code, other, strict=False)) if a != b), len(other))


def tables_of_places(root: Path) -> list[Path]:
    """The files that `list_places` and `place_censuses` read."""
    folder = root / "parameters" / "places"
    return [folder / "places.csv", *(folder / f"census_{year}.csv.gz" for year in _YEARS)]


def place_censuses(root: Path, code: str) -> dict[int, Census]:
    """The censuses of a place by year, those that it has.

    Raises ConfigError for a code that no census has.
    """
    out = {}
    for year, (rows, counts) in once(("censuses of places", root), partial(_all_counts, root)).items():
        if code in rows:
            out[year] = Census(year, _STARTS, counts[rows[code]])
    if not out:
        known = list(list_places(root))
        raise ConfigError(fault("regions", f"no place '{code}' in the censuses", did_you_mean(code, known)))
    return out


def _all_counts(root: Path) -> dict[int, tuple[dict[str, int], Floats]]:
    """Row of each code and persons, by year."""
    found = {}
    for year in _YEARS:
        path = root / "parameters" / "places" / f"census_{year}.csv.gz"
        found[year] = alike("census of places", [path], partial(_counts, path))
    return found


def _counts(path: Path) -> tuple[dict[str, int], Floats]:
    """Row of each code, and persons (place, sex, group), female first."""
    try:
        text = gzip.decompress(path.read_bytes()).decode("utf-8")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise ConfigError(
            fault(str(path), f"cannot be read: {error}", "take it from the package again")
        ) from None
    header, *rows = csv.reader(io.StringIO(text))
    groups = len(_STARTS)
    if len(header) != 1 + 2 * groups or any(len(row) != len(header) for row in rows):
        raise ConfigError(fault(str(path), f"{len(header)} columns", f"code and {2 * groups} groups"))
    raise_all(
        ConfigError,
        [
            fault(f"{path}: line {line}: {header[0]}", f"'{row[0]}'", "write six digits")
            for line, row in enumerate(rows, start=2)
            if not is_region_code(row[0])
        ],
    )
    try:
        values = np.array([row[1:] for row in rows], dtype=float).reshape(len(rows), 2, groups)
    except ValueError:
        raise_all(ConfigError, _no_counts(path, header, rows))
        raise
    if not (values >= 0).all():  # NaN too
        raise_all(ConfigError, _no_counts(path, header, rows))
    return {row[0]: i for i, row in enumerate(rows)}, values


def _no_counts(path: Path, header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Cells of a census table that hold no count of 0 or more."""
    return [
        fault(f"{path}: line {line}: {name}", f"'{cell}'", "a count of 0 or more")
        for line, row in enumerate(rows, start=2)
        for name, cell in list(zip(header, row, strict=True))[1:]
        if (value := number(cell)) is None or not value >= 0
    ]
