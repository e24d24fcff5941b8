"""Outputs of a sweep by name: beds_ratio, beds_required.icu@2035, beds_per_1000:enough@2035.

    output := (term [("/" | " - ") term] | row) ["@" years]
    term   := series["." group]      group: total unless given
    row    := indicator["." scope] ":" (required | available | projected | ratio | gap | enough |
              reached)               a row of the plan, as in adequacy.csv: see planrows
    years  := 2035 | 2025,2035 | 2025..2035 | all      the experiment's test years unless given,
              for a row of the plan its target year and the test years after it

A series is any variable of results.nc; `<resource>_ratio` is available / required and
`<resource>_gap` available - required.  `*` and `?` stand for any series, group or indicator.
beds_per_1000@2035:enough is the same as beds_per_1000:enough@2035.
"""

from __future__ import annotations

import difflib
import fnmatch
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import xarray as xr

from sim.adequacy.planrows import ASKED, PlanRow, Read
from sim.adequacy.series import Measures
from sim.errors import ConfigError, fault, raise_all
from sim.schema import RESOURCES, VARIABLES
from sim.sweeps.plan_rows import Asked
from sim.textfile import did_you_mean

Floats = npt.NDArray[np.float64]
Known = Mapping[str, tuple[str, ...]]
"""Series -> its groups ("total" alone where it has none)."""

_FORM = re.compile(r"(?P<left>[\w.*?+\-]+?)(?:(?P<sign>\s*/\s*|\s+-\s+)(?P<right>[\w.*?+\-]+))?")
_ROW = re.compile(
    r"(?P<name>[^:@]+?)\s*(?:@(?P<early>[^:@]+))?:\s*(?P<asked>[^:@]+?)\s*(?:@(?P<late>[^:@]*))?"
)
_DERIVED = {"ratio": "/", "gap": "-"}


@dataclass(frozen=True)
class Output:
    """One number of each run."""

    name: str
    """As shown: without the year."""
    left: tuple[str, str]
    """Series and group."""
    sign: str
    right: tuple[str, str] | None
    year: int
    row: PlanRow | None = None
    """The plan's row, of which `sign` is asked; `left` is its name then."""

    @property
    def label(self) -> str:
        """Name and year."""
        return f"{self.name}@{self.year}"

    @property
    def unit(self) -> str:
        """Unit of the schema, or of the plan's row; a ratio has none."""
        if self.row is not None:
            return self.row.unit(self.sign)
        variable = VARIABLES.get(self.left[0])
        return "1" if self.sign == "/" or variable is None else variable.units


def known_series(kept: Mapping[str, xr.DataArray]) -> dict[str, tuple[str, ...]]:
    """Series of a block and their groups."""
    found = {}
    for name, array in kept.items():
        if "draw" in array.dims:
            dim = _group_dim(array)
            found[name] = tuple(str(g) for g in array[dim].values) if dim else ("total",)
    return found


def parse_outputs(
    texts: Sequence[str],
    known: Known,
    years: Sequence[int],
    test_years: Sequence[int],
    rows: Mapping[str, Asked] | None = None,
) -> tuple[Output, ...]:
    """Outputs that the texts name; rows: what can be asked of the plan, by name.

    Raises ConfigError for every unknown series, group, indicator or year, with the nearest name.
    """
    faults: list[str] = []
    found: dict[str, Output] = {}
    for text in texts:
        if ":" in text:
            for own in _plan_rows(text, rows or {}, years, test_years, faults):
                found[own.label] = own
            continue
        body, _, when = text.strip().partition("@")
        meant = _meant(body.strip(), known, rows or {})
        if meant is not None:
            wrong = "is a row of the plan" if meant == body.strip() else "is not an output"
            remedy = f"write {meant}:{'|'.join(rows[meant].known if rows else ASKED)}"
            faults.append(fault(f"--of {text}", wrong, remedy))
            continue
        wanted = _years(text, when, years, test_years, faults)
        for output in _terms(text, body.strip(), known, faults):
            for year in wanted:
                own = Output(*output, year)
                found[own.label] = own
    raise_all(ConfigError, faults)
    return tuple(found.values())


def default_outputs(known: Known) -> list[str]:
    """Every resource's ratio where supply is known, else what is required."""
    texts = []
    for name in RESOURCES:
        if f"{name}_required" in known and "total" in known[f"{name}_required"]:
            both = "total" in known.get(f"{name}_available", ())
            texts.append(f"{name}_ratio" if both else f"{name}_required")
    return texts


def evaluate(
    outputs: Sequence[Output], kept: Mapping[str, xr.DataArray], reading: Read | None = None
) -> Floats:
    """Values (run, output) from a block's series; reading: how rows of the plan are read."""
    columns = []
    measures = Measures(kept)
    for output in outputs:
        if output.row is not None:
            columns.append(_of_row(output.row, output, measures, reading))
            continue
        value = _value(kept, output.left, output.year)
        if output.right is not None:
            other = _value(kept, output.right, output.year)
            if output.sign == "-":
                value = value - other
            else:
                with np.errstate(divide="ignore", invalid="ignore"):
                    value = np.where(other != 0, value / other, np.nan)
        columns.append(value)
    return np.stack(columns, axis=-1)


def _of_row(row: PlanRow, output: Output, measures: Measures, reading: Read | None) -> Floats:
    assert reading is not None
    held = row.held(measures, reading, output.year)
    assert held is not None
    value = row.value(held, output.sign)
    return np.where(np.isfinite(value), value, np.nan)


def _value(kept: Mapping[str, xr.DataArray], term: tuple[str, str], year: int) -> Floats:
    name, group = term
    array = kept[name]
    at = array.values[list(array.year.values).index(year)]
    dim = _group_dim(array)
    if dim is not None:
        at = at[[str(g) for g in array[dim].values].index(group)]
    return np.asarray(at, float)


def _group_dim(array: xr.DataArray) -> str | None:
    return next((str(d) for d in array.dims if d not in ("year", "draw")), None)


def _years(text: str, when: str, years: Sequence[int], tested: Sequence[int], faults: list[str]) -> list[int]:
    place = f"--of {text}"
    when = when.strip()
    if not when:
        return list(tested) or [years[-1]]
    if when == "all":
        return list(years)
    try:
        if ".." in when:
            first, last = (int(part) for part in when.split(".."))
            if first > last:
                faults.append(fault(place, f"years {when} are reversed", f"@{last}..{first}"))
            chosen = list(range(first, last + 1))
        else:
            chosen = [int(part) for part in when.split(",")]
    except ValueError:
        faults.append(fault(place, f"'{when}' is not a year", "write @2035, @2025..2035 or @all"))
        return []
    outside = [y for y in chosen if y not in years]
    if outside:
        faults.append(fault(place, f"no year {outside[0]}", f"{years[0]}..{years[-1]}"))
    return [y for y in chosen if y in years]


def _meant(body: str, known: Known, rows: Mapping[str, Asked]) -> str | None:
    """The plan's row that an unknown name is or resembles most; None for anything else."""
    name = body.partition(".")[0]
    if name in known or not re.fullmatch(r"[\w.]+", body):
        return None
    derived = [f"{r}_{e}" for r in RESOURCES for e in _DERIVED if f"{r}_available" in known]
    near = difflib.get_close_matches(body, [*known, *derived, *rows], n=1, cutoff=0.6)
    return near[0] if near and near[0] in rows else None


def _plan_rows(
    text: str,
    rows: Mapping[str, Asked],
    years: Sequence[int],
    test_years: Sequence[int],
    faults: list[str],
) -> list[Output]:
    place, form = f"--of {text}", _ROW.fullmatch(text.strip())
    if form is None or (form["early"] and form["late"]):
        remedy = "write INDICATOR:WHAT@YEAR, such as beds_per_1000:enough@2035"
        faults.append(fault(place, "is not an output", remedy))
        return []
    if not rows:
        remedy = "name a plan in the experiment, or a series such as beds_ratio@2035"
        faults.append(fault(place, "the experiment has no plan, so no rows of one", remedy))
        return []
    name, asked = form["name"].replace(" ", "_"), form["asked"]
    if asked not in ASKED:
        faults.append(fault(place, f"nothing is called '{asked}'", did_you_mean(asked, ASKED)))
        return []
    several = any(c in name for c in "*?")
    chosen = [n for n in rows if fnmatch.fnmatchcase(n, name)] if several else [name]
    if several:
        chosen = [n for n in chosen if asked in rows[n].known]
    if not chosen or chosen[0] not in rows:
        scoped = [r for r in rows if r.startswith(f"{name}.")]
        remedy = f"write {' or '.join(scoped)}" if scoped else did_you_mean(name, list(rows))
        faults.append(fault(place, f"no testable row '{name}' in the plan", remedy))
        return []
    own = rows[chosen[0]]
    if asked not in own.known:
        what = "an outcome has no need" if "required" not in own.known else "supply has no trend"
        remedy = f"it has {', '.join(own.known)}"
        faults.append(fault(place, f"{name} has no '{asked}': {what}", remedy))
        return []
    when = (form["early"] or form["late"] or "").strip()
    found = []
    for each in chosen:
        row = rows[each].row
        if when == "all":
            wanted = list(rows[each].years)
        else:
            wanted = _years(text, when, years, [y for y in row.years if y in years], faults)
        early = [y for y in wanted if y < row.target_year]
        if early and not several:
            wrong = f"the target is for {row.target_year}, not yet for {early[0]}"
            faults.append(fault(place, wrong, f"@{row.target_year} or later"))
        found += [
            Output(f"{each}:{asked}", (each, ""), asked, None, y, row) for y in wanted if y >= row.target_year
        ]
    return found


Term = tuple[str, tuple[str, str], str, tuple[str, str] | None]


def _terms(text: str, body: str, known: Known, faults: list[str]) -> list[Term]:
    form = _FORM.fullmatch(body)
    if form is None:
        remedy = "write series[.group][/series[.group]][@year], such as beds_ratio@2035"
        faults.append(fault(f"--of {text}", "is not an output", remedy))
        return []
    if form["right"] is None:
        return _plain(text, body, known, faults)
    pair = [_one(text, part, known, faults) for part in (form["left"], form["right"])]
    left, right = pair
    if left is None or right is None:
        return []
    return [(body, left, form["sign"].strip(), right)]


def _plain(text: str, body: str, known: Known, faults: list[str]) -> list[Term]:
    name, _, group = body.partition(".")
    stem, _, ending = name.rpartition("_")
    derived = ending in _DERIVED
    series = [f"{stem}_available"] if derived else [name]
    if any(c in body for c in "*?"):
        pattern = series[0]
        series = sorted(k for k in known if fnmatch.fnmatchcase(k, pattern))
        if not any(c in group for c in "*?"):
            series = [k for k in series if (group or "total") in known[k]]
        if not series:
            faults.append(fault(f"--of {text}", "fits no series", did_you_mean(pattern, [*known])))
    found: list[Term] = []
    for each in series:
        other = each.removesuffix("_available") + "_required"
        if derived and any(c in body for c in "*?") and other not in known:
            continue
        if derived and (each not in known or other not in known):
            names = [f"{r}_{ending}" for r in RESOURCES if f"{r}_available" in known]
            faults.append(fault(f"--of {text}", f"no output '{name}'", did_you_mean(name, names)))
            continue
        for term in _groups(text, each, group, known, faults):
            whole = f"{each.removesuffix('_available')}_{ending}" if derived else each
            shown = _shown(whole, term[1], known[each])
            if derived and term[1] not in known[other]:
                if any(c in body for c in "*?"):
                    continue
                faults.append(fault(f"--of {text}", f"{other} has no group '{term[1]}'"))
                continue
            right = (other, term[1]) if derived else None
            found.append((shown, term, _DERIVED.get(ending, "") if derived else "", right))
    return found


def _shown(name: str, group: str, groups: Sequence[str]) -> str:
    return name if tuple(groups) == ("total",) else f"{name}.{group}"


def _groups(text: str, name: str, group: str, known: Known, faults: list[str]) -> list[tuple[str, str]]:
    if any(c in group for c in "*?"):
        return [(name, g) for g in known.get(name, ()) if fnmatch.fnmatchcase(g, group)]
    one = _one(text, f"{name}.{group}" if group else name, known, faults)
    return [one] if one is not None else []


def _one(text: str, term: str, known: Known, faults: list[str]) -> tuple[str, str] | None:
    name, _, group = term.partition(".")
    groups = known.get(name)
    if groups is None:
        derived = [f"{r}_{e}" for r in RESOURCES for e in _DERIVED if f"{r}_available" in known]
        remedy = did_you_mean(name, [*known, *derived])
        faults.append(fault(f"--of {text}", f"no output '{name}'", remedy))
        return None
    group = group or "total"
    if group not in groups:
        remedy = did_you_mean(group, list(groups))
        if group == "total":
            remedy = f"write {name}.{groups[0]}; it has {', '.join(groups)}"
        faults.append(fault(f"--of {text}", f"{name} has no group '{group}'", remedy))
        return None
    return name, group
