"""What a document is made from: one place and scenario of a saved run, with what the run was given.

Nothing but the run's folder is read: the same folder gives the same document on any machine.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from sim import saved
from sim.catalogue.language import Lang
from sim.catalogue.verdicts import severity
from sim.document.told import Line as Line
from sim.document.told import Told
from sim.errors import ConfigError, fault
from sim.intact import again
from sim.saved import SavedRun, open_saved
from sim.saved.attached import MAIN, read_lines
from sim.saved.row import Row
from sim.saved.row_table import KEY
from sim.saved.rows import indicator_name
from sim.saved.thresholds import NAMES, UNKNOWN
from sim.textfile import pick

SERIES = ("adequacy_detail.csv", "timeseries.csv")
WANTED = (*SERIES, "revise.csv", "decomposition.csv")
GIVEN = "parameters.csv"
PLAN = "plan"  # as `p` in revise.csv: the plan's own target
_SPAN = re.compile(r"(?<=\d)–(?=\d)")
_SAME = 1e-9  # two probabilities as written


@dataclass(frozen=True)
class Material:
    """A saved run, seen from one place and scenario, in one language."""

    run: SavedRun
    region: str
    scenario: str
    lang: Lang
    parameters: Sequence[Line]
    audit: Sequence[Line]
    revised: Sequence[Line]
    costs: Sequence[Line]
    proposed: Sequence[Line]
    """Rows of propose.csv; none of a run that proposes nothing."""
    told: Told

    @property
    def draws(self) -> int:
        """Number of draws."""
        return int(self.run.results.sizes.get("draw", 1)) - 1

    @property
    def years(self) -> tuple[int, ...]:
        """The run's years, base first."""
        return tuple(int(y) for y in saved.years(self.run.results))

    @property
    def shown_years(self) -> tuple[int, ...]:
        """Base, the plan's last target year, and the last year."""
        asked = [row.year for row in self.judged] or [int(line["year"]) for line in self.proposed[:1]]
        target = max(asked, default=self.years[len(self.years) // 2])
        return tuple(sorted({self.years[0], target, self.years[-1]}))

    @property
    def judged(self) -> list[Row]:
        """Judged rows of the plan in this place and scenario, the worst first."""
        rows = saved.rows_of(self.run.adequacy, self.region, self.scenario)
        kept = [row for row in rows if row.is_judged]
        return sorted(kept, key=lambda row: severity(row.verdict))

    @property
    def place(self) -> str:
        """The region's name."""
        return saved.region_name(self.run.results, self.region, self.lang)

    @property
    def plan_title(self) -> str:
        """The plan's own title; of a run without a plan its experiment's."""
        found = saved.plan_title(self.run.meta, self.lang)
        return found or str(self.run.results.attrs.get("experiment", ""))

    @property
    def plan_document(self) -> str:
        """The plan's own title, a draft said to be one."""
        return saved.plan_title(self.run.meta, self.lang, draft=True) or self.plan_title

    @property
    def scenario_name(self) -> str:
        """The scenario's name."""
        return saved.scenario_name(self.scenario, self.lang, self.run.results)

    @property
    def some(self) -> tuple[str, ...]:
        """The series that the experiment asked for alone; none where the run stored all."""
        asked = self.run.meta.get("experiment", {}).get("results", {})
        return tuple(asked.get("series") or ())

    def given(self, name: str) -> Line | None:
        """What the run was given for a parameter in this place and scenario."""
        return self.here.get(name)

    @cached_property
    def here(self) -> Mapping[str, Line]:
        """All that the run was given in this place and scenario, by the parameter's name."""
        return self.told.of(self.scenario, self.region)

    @property
    def thresholds(self) -> dict[str, str]:
        """The probabilities where verdicts part, `adequate` and `tight`, as the run was given them here."""
        lines_of = {name: self.given(f"adequacy.{name}") for name in NAMES}
        return {name: UNKNOWN if line is None else line["value"] for name, line in lines_of.items()}

    @property
    def indicator_names(self) -> dict[str, str]:
        """Name of each indicator of the run's rows, by its id."""
        return {row.indicator_id: indicator_name(row.name(self.lang), self.lang) for row in self.run.adequacy}

    def parameter_name(self, name: str) -> str:
        """A parameter's name; its dotted name where the run says no other."""
        line = self.given(name)
        return name if line is None else parameter_name(line, self.lang) or name

    def countable(self, name: str) -> str:
        """Local counts that would narrow a parameter not counted here; "" where none would."""
        line = self.given(name)
        return (
            "" if line is None or line["evidence"] == "counted_here" else line.get(f"count_{self.lang}", "")
        )

    def band(self, variable: str, year: int, **group: str) -> tuple[float, float, float] | None:
        """P10, P50 and P90 of a series in a year; None where the run has none."""
        if variable not in self.run.results:
            return None
        at: dict[str, Any] = {"scenario": self.scenario, "region": self.region, "year": year}
        array = self.run.results[variable].sel(at)
        for dim in [str(d) for d in array.dims if d != "draw"]:
            array = array.sel({dim: group.get(dim, "total")})
        low, middle, high = (float(v) for v in saved.central_and_band(array))
        return (low, middle, high) if np.isfinite(middle) else None

    def people(self, group: str, year: int) -> float:
        """Median number of people of an age group at the year's end."""
        found = self.band("population_group", year, age_group=group)
        return float("nan") if found is None else found[1]

    def revision(self, row: Row, p: float = MAIN) -> Line | None:
        """The line of revise.csv that answers a row with a probability."""
        for line in self._of(row):
            if line["p"] not in ("", PLAN) and abs(float(line["p"]) - p) < _SAME:
                return line
        return None

    def planned(self, row: Row) -> Line | None:
        """The line of revise.csv on the plan's own target: its count, yearly build and recruitment."""
        return next((line for line in self._of(row) if line["p"] == PLAN), None)

    def without_revision(self, row: Row) -> Line | None:
        """The line of revise.csv that says why a row has no other target."""
        return next((line for line in self._of(row) if not line["p"]), None)

    def cost(self, option: str, item: str, since: int, year: int) -> tuple[float | None, float | None]:
        """Mean cost of an item of an option, CNY 100m: built after `since` up to a year; running, more.

        None for a kind of cost that the run has none of, and where no year lies between.
        """
        if year <= since:
            return None, None
        keys = {"region": self.region, "scenario": self.scenario, "option": option, "item": item}
        mine = [line for line in self.costs if all(line[k] == v for k, v in keys.items())]
        built = [float(x["mean"]) for x in mine if x["cost"] == "capital" and since < int(x["year"]) <= year]
        more = [float(x["mean"]) for x in mine if x["cost"] == "yearly_more" and int(x["year"]) == year]
        return (sum(built) if built else None), (more[0] if more else None)

    def _of(self, row: Row) -> list[Line]:
        wanted = [str(getattr(row, key)) for key in KEY]
        return [line for line in self.revised if [line[key] for key in KEY] == wanted]


def open_material(
    folder: Path, lang: Lang, *, scenario: str | None = None, region: str | None = None, some: bool = False
) -> Material:
    """A saved run for a document.

    some: a run of some series will do, which has no tables of verdicts.
    Raises ConfigError for a folder that is no run, of an older version or not whole, and for a
    scenario or region that the run does not have.
    """
    run = open_saved(folder)
    series = run.meta.get("experiment", {}).get("results", {}).get("series")
    missing = [name for name in (SERIES if some and series else WANTED) if not (folder / name).is_file()]
    if missing:
        wrong = f"is not whole: holds no {', '.join(missing)}"
        raise ConfigError(fault(str(folder), wrong, again(run.meta)))
    if not (folder / GIVEN).is_file() or "files" not in run.meta:
        wrong = f"is of an older version: holds no {GIVEN}, from which figures and sources are quoted"
        raise ConfigError(fault(str(folder), wrong, again(run.meta)))
    results, given = run.results, read_lines(folder / GIVEN)
    return Material(
        run,
        pick("--region", region, saved.regions(results)),
        pick("--scenario", scenario, saved.scenarios(results)),
        lang,
        given,
        read_lines(folder / "audit.csv"),
        read_lines(folder / "revise.csv"),
        read_lines(folder / "costs.csv"),
        read_lines(folder / "propose.csv"),
        Told(given, saved.scenarios(results), saved.regions(results), some=bool(series)),
    )


def parameter_name(line: Line, lang: Lang) -> str:
    """A parameter's name; spans of a Chinese one as a document writes them: 0—14岁."""
    return _SPAN.sub("—", line["name_zh"]) if lang == "zh" else line["name_en"]
