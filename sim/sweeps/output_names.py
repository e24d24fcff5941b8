"""Outputs of a sweep by name: beds_ratio, beds_required.icu@2035, beds_per_1000:enough@2035.

    output := (expression | row) ["@" years]
    row    := indicator["." scope] ":" (required | available | projected | ratio | gap | enough |
              reached)               a row of the plan, as in adequacy.csv: see adequacy/asked.py
    years  := 2035 | 2025,2035 | 2025..2035 | all      the experiment's test years unless given,
              for a row of the plan its target year and the test years after it

An expression is one of `sim.expression` on the variables of results.nc.  In a name without `/` and
` - `, `*` and `?` stand for any series, group or indicator, each an output of its own; within a
quotient `.*` is the sum of all groups.  beds_per_1000@2035:enough is beds_per_1000:enough@2035.
"""

from __future__ import annotations

import difflib
import fnmatch
import re
from collections.abc import Mapping, Sequence

from sim.adequacy.asked import ASKED
from sim.errors import ConfigError, fault, raise_all
from sim.expression import Known, NotReadableError, Series, Tree, combined, leaves, parse, written
from sim.sweeps.outputs import Output
from sim.sweeps.plan_rows import Asked
from sim.textfile import did_you_mean

_ROW = re.compile(
    r"(?P<name>[^:@]+?)\s*(?:@(?P<early>[^:@]+))?:\s*(?P<asked>[^:@]+?)\s*(?:@(?P<late>[^:@]*))?"
)


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
        for name in _named(text, body.strip(), known, faults):
            try:
                tree = parse(name, known)
            except NotReadableError as error:
                faults += [fault(f"--of {text}", *each) for each in error.faults]
                continue
            for year in wanted:
                own = Output(_shown(name, tree), year, tree)
                found[own.label] = own
    raise_all(ConfigError, faults)
    return tuple(found.values())


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
    near = difflib.get_close_matches(body, [*known, *combined(known), *rows], n=1, cutoff=0.6)
    return near[0] if near and near[0] in rows else None


def _named_rows(name: str, asked: str, rows: Mapping[str, Asked], place: str, faults: list[str]) -> list[str]:
    """The rows of the plan that a name or pattern means and that have what is asked of them."""
    if any(c in name for c in "*?"):
        chosen = [n for n, row in rows.items() if fnmatch.fnmatchcase(n, name) and asked in row.known]
    else:
        chosen = [name]
    if not chosen or chosen[0] not in rows:
        scoped = [r for r in rows if r.startswith(f"{name}.")]
        remedy = f"write {' or '.join(scoped)}" if scoped else did_you_mean(name, list(rows))
        faults.append(fault(place, f"no testable row '{name}' in the plan", remedy))
        return []
    own = rows[chosen[0]]
    if asked not in own.known:
        what = "an outcome has no need" if "required" not in own.known else "supply has no trend"
        faults.append(fault(place, f"{name} has no '{asked}': {what}", f"it has {', '.join(own.known)}"))
        return []
    return chosen


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
    chosen = _named_rows(name, asked, rows, place, faults)
    when = (form["early"] or form["late"] or "").strip()
    found = []
    for each in chosen:
        row = rows[each].target
        if when == "all":
            wanted = list(rows[each].years)
        else:
            wanted = _years(text, when, years, [y for y in rows[each].tested if y in years], faults)
        early = [y for y in wanted if y < row.year]
        if early and not several:
            wrong = f"the target is for {row.year}, not yet for {early[0]}"
            faults.append(fault(place, wrong, f"@{row.year} or later"))
        found += [Output(f"{each}:{asked}", y, row=row, asked=asked) for y in wanted if y >= row.year]
    return found


def _named(text: str, body: str, known: Known, faults: list[str]) -> list[str]:
    """The expressions that a text stands for: itself, or all that fit its `*` and `?`."""
    if "/" in body or " - " in body or not any(c in body for c in "*?"):
        return [body]
    name, _, group = body.partition(".")
    every = {**{k: g or () for k, g in known.items()}, **combined(known)}
    fitting = sorted(k for k in every if fnmatch.fnmatchcase(k, name))
    found = [
        f"{each}.{label}" if every[each] else each
        for each in fitting
        for label in every[each] or ("total",)
        if fnmatch.fnmatchcase(label, group or "total")
    ]
    if not found:
        remedy = did_you_mean(name, [*every])
        if fitting:
            remedy = f"{fitting[0]} has {', '.join(every[fitting[0]]) or 'no groups'}"
        faults.append(fault(f"--of {text}", "fits no series", remedy))
    return found


def _shown(name: str, tree: Tree) -> str:
    """A text with the group of a lone series, which is `total` unless it says so."""
    if isinstance(tree, Series):
        return written(tree)
    lone = re.fullmatch(r"\w+_(ratio|gap)", name)
    first = next(iter(leaves(tree)))
    if lone and isinstance(first, Series) and first.groups:
        return f"{name}.{'+'.join(first.groups)}"
    return name
