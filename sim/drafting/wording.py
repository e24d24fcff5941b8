"""Words of plans that mean the same or must not be mixed up, read from `parameters/plans/reading/`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sim.catalogue.words import SCOPES
from sim.errors import PlanError, fault, raise_all
from sim.plan.vocabulary import load_vocabulary, plans_folder
from sim.textfile import did_you_mean, read_csv

_DROPPED = re.compile(r"[\s()（）“”\"'《》〈〉\[\]【】·•、，。：:；;/_*#]|\.(?!\d)")


_PER_PEOPLE = re.compile(
    r"(?<![\d.十百])每?(千|万)名?(常住|户籍|服务|城乡|城市|城镇|农业|农村)?(?:居民|人口|人)(?:口|均|中(?!医))?(?!次|员|以)(?:拥有)?"
)
_COUNT_OF = re.compile(r"(?:总数|数量|总量|数)$")
_QUALIFIED = {"城市": "城市", "城镇": "城市", "农业": "农业", "农村": "农业"}


@dataclass(frozen=True)
class Measure:
    """A printed unit that stands for `unit` where the words around it hold `with_`."""

    printed: str
    with_: str
    unit: str


@dataclass(frozen=True)
class Wording:
    """What the tables of `reading/` hold.

    same: (printed, meant), applied in order.  distinct: word -> factor on a match that lacks it on one
    side.  measures: in order, the first that fits.  scopes, bases: (word, what a plan's row writes).
    names: (indicator, another name of it that national documents use).
    """

    same: tuple[tuple[str, str], ...]
    distinct: tuple[tuple[str, float], ...]
    measures: tuple[Measure, ...]
    scopes: tuple[tuple[str, str], ...]
    bases: tuple[tuple[str, str], ...]
    names: tuple[tuple[str, str], ...] = ()

    def plain(self, text: str) -> str:
        """A name in the one wording that names are compared in."""
        found = re.sub(r"(?<=\d),(?=\d{3})", "", unicodedata.normalize("NFKC", text).lower())
        found = _DROPPED.sub("", found)
        for printed, meant in self.same:
            found = found.replace(printed, meant)
        found = _PER_PEOPLE.sub(lambda m: f"每{m[1]}人口" + _QUALIFIED.get(m[2] or "", ""), found)
        return _COUNT_OF.sub("", found) or found

    def scope(self, text: str) -> str:
        """Whom a figure is for; empty where nothing says it."""
        return next((scope for word, scope in self.scopes if word in text), "")

    def basis(self, text: str) -> str:
        """Population that a ratio stands on; empty where nothing says it."""
        return next((basis for word, basis in self.bases if word in text), "")


@cache
def load_wording(root: Path) -> Wording:
    """The tables of `reading/` under the parameter folder `root`.

    Raises PlanError with every fault.
    """
    folder = plans_folder(root) / "reading"
    known = load_vocabulary(root)
    faults: list[str] = []
    same = tuple((r["printed"], r["meant"]) for r in read_csv(folder / "wording.csv", ["printed", "meant"]))
    distinct = []
    path = folder / "distinctions.csv"
    for row in read_csv(path, ["word", "weight"]):
        try:
            weight = float(row["weight"])
        except ValueError:
            weight = -1.0
        if not 0 < weight <= 1:
            place = f"{path}:{row['_line']}"
            faults.append(fault(place, f"weight '{row['weight']}'", "a number above 0, at most 1"))
        distinct.append((row["word"], weight))
    measures = []
    path = folder / "measures.csv"
    for row in read_csv(path, ["measure", "with", "unit"]):
        if row["unit"] not in known.units:
            faults.append(
                fault(f"{path}:{row['_line']}", f"unknown unit '{row['unit']}'", "one of units.csv")
            )
        measures.append(Measure(row["measure"], row["with"], row["unit"]))
    said = _groups(folder / "groups.csv", known.bases, faults)
    names = []
    path = folder / "names.csv"
    for row in read_csv(path, ["indicator_id", "name"]):
        if row["indicator_id"] not in known.indicators:
            wrong = f"unknown indicator '{row['indicator_id']}'"
            faults.append(fault(f"{path}:{row['_line']}", wrong, "an id of indicator_dictionary.csv"))
        names.append((row["indicator_id"], row["name"]))
    raise_all(PlanError, faults)
    return Wording(
        same, tuple(distinct), tuple(measures), tuple(said["scope"]), tuple(said["basis"]), tuple(names)
    )


def _groups(path: Path, bases: Collection[str], faults: list[str]) -> dict[str, list[tuple[str, str]]]:
    """Words by what they say: whom a figure is for, and the population that it stands on."""
    said: dict[str, list[tuple[str, str]]] = {"scope": [], "basis": []}
    known = {"scope": [*SCOPES], "basis": [*bases]}
    for row in read_csv(path, ["word", "column", "value"]):
        place, column = f"{path}:{row['_line']}", row["column"]
        if column not in said:
            faults.append(fault(place, f"column '{column}' is unknown", f"one of {', '.join(said)}"))
        elif row["value"] not in known[column]:
            remedy = did_you_mean(row["value"], known[column])
            faults.append(fault(place, f"{column} '{row['value']}' is unknown", remedy))
        else:
            said[column].append((row["word"], row["value"]))
    return said
