"""What a run was given, as tables of its folder: parameters.csv with ranges and sources, audit.csv.

A run folder then says by itself on which figures its verdicts rest, how well each is known and where
it was published; `compare` reads from two folders what differed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sim.adequacy.case import evidence_of
from sim.catalogue.language import LANGS
from sim.known import Indicator
from sim.known.words import told_by
from sim.params import Parameter, Sampler, Source, read_sources
from sim.params.units import unit
from sim.places import Region, level_of
from sim.places.region import NATION
from sim.plan.audit import COLUMNS as AUDIT_COLUMNS
from sim.plan.audit import audit, audit_table
from sim.run import pipeline
from sim.run.cases import local
from sim.run.kept import PARAMETERS, variables
from sim.run.setup import Setup
from sim.writing import number, write_rows

COLUMNS = (
    "scenario",
    "region",
    "parameter",
    "name_zh",
    "name_en",
    "value",
    "unit",
    "low",
    "high",
    "scale",
    "distribution",
    "year",
    "basis",
    "quality",
    "evidence",
    "level",
    "made_zh",
    "made_en",
    "count_zh",
    "count_en",
    "source",
    "title_zh",
    "title_en",
    "publisher_zh",
    "publisher",
    "url",
    "locator",
    "changed",
    "hash",
)
_POINTS = (0.1, 0.9)
_PEOPLE = "population.base"


def write_given(setup: Setup, folder: Path) -> None:
    """parameters.csv, and audit.csv of a run with a plan."""
    write_rows(folder / "parameters.csv", COLUMNS, parameter_rows(setup))
    if setup.plan is not None:
        write_rows(folder / "audit.csv", AUDIT_COLUMNS, audit_table(audit(setup.plan)))


def cited(setup: Setup) -> dict[str, dict[str, Any]]:
    """What the source line of charts and tables names: sources of the base population; the plan's own
    title, and whether it is issued: the experiment's title may be another.
    """
    known = read_sources(setup.root / "parameters", [])
    found = {p[_PEOPLE].record.source for p in setup.parameters.values() if _PEOPLE in p}
    keys, plan = sorted(found & set(known)), setup.plan
    sources = {key: {f"title_{lang}": known[key].title_in(lang) for lang in LANGS} for key in keys}
    if plan is None:
        return {"sources": sources}
    named = {"zh": plan.name_zh, "en": plan.name_en, "status": plan.status}
    return {"sources": sources, "plan_name": named}


def parameter_rows(setup: Setup) -> Iterator[dict[str, Any]]:
    """A row for each parameter and region under the first scenario; of other scenarios what differs.

    Of the parts of a region, what differs from the whole under the same scenario; of a run of some
    series, what its stages read, and of all regions but the first what differs from that one.
    """
    sources = read_sources(setup.root / "parameters", [])
    counts = told_by(setup.root)
    for scenario, region, chosen in _chosen(setup):
        here = local(setup, region, chosen)
        sampler = Sampler(chosen, setup.years, setup.experiment.draws.seed)
        for name, parameter in chosen.items():
            place = {"scenario": scenario, "region": region.code}
            own = name in here or region.code == NATION
            yield place | _row(parameter, sampler, sources, counts.get(name, ()), here=own)


def _chosen(setup: Setup) -> Iterator[tuple[str, Region, dict[str, Parameter]]]:
    """Scenario, region, and those of its parameters by name that differ from what was told before."""
    some = bool(setup.experiment.results.series)
    read = _read(setup) if some else None
    first: Mapping[str, Parameter] = {}
    for region in setup.regions:
        first = first if some else {}
        for scenario in setup.scenarios:
            own = setup.parameters[scenario, region.code]
            yield scenario, region, _new(own, first, own if read is None else read)
            first = first or own
    parts = {part.code: part for part in setup.parts}
    for (scenario, code), own in setup.part_parameters.items():
        (whole,) = setup.regions
        yield scenario, parts[code], _new(own, setup.parameters[scenario, whole.code], own)


def _read(setup: Setup) -> set[str]:
    """Parameters that the stages of a run of some series read."""
    stages = pipeline.stages_for(variables(setup.experiment.results.series))
    return {*PARAMETERS, *(name for stage in stages for name in stage.PARAMETERS)}


def _new(
    own: Mapping[str, Parameter], told: Mapping[str, Parameter], names: Iterable[str]
) -> dict[str, Parameter]:
    """Those of these names that are not as told."""
    return {n: own[n] for n in sorted(names) if not _same(told.get(n), own[n])}


def _same(one: Parameter | None, other: Parameter) -> bool:
    if one is other:
        return True
    return one is not None and one.hash == other.hash and one.data.identical(other.data)


def _row(
    parameter: Parameter,
    sampler: Sampler,
    sources: Mapping[str, Source],
    counts: Sequence[Indicator],
    *,
    here: bool,
) -> dict[str, Any]:
    record = parameter.record
    source = sources[record.source]
    low, high, scale = _spread(parameter, sampler)
    return {
        "parameter": parameter.name,
        "name_zh": record.name.zh,
        "name_en": record.name.en,
        "value": value_text(parameter),
        "unit": "" if parameter.is_method else record.unit,
        "low": low,
        "high": high,
        "scale": scale,
        "distribution": record.range.distribution if record.range else "",
        "year": record.year,
        "basis": record.basis,
        "quality": record.quality,
        "evidence": evidence_of(record, here=here),
        "level": level_of(parameter),
        "made_zh": parameter.made.zh if parameter.made else "",
        "made_en": parameter.made.en if parameter.made else "",
        "count_zh": "、".join(i.zh for i in counts),
        "count_en": "; ".join(i.en for i in counts),
        "source": record.source,
        "title_zh": source.title_in("zh"),
        "title_en": source.title_in("en"),
        "publisher_zh": source.publisher_in("zh"),
        "publisher": source.publisher_in("en"),
        "url": source.url or source.doi,
        "locator": record.locator,
        "changed": parameter.changed,
        "hash": _hash(parameter),
    }


def _hash(parameter: Parameter) -> str:
    """Of record and figures: the hash of the record alone does not see an override."""
    digest = hashlib.sha256(parameter.hash.encode())
    digest.update(parameter.changed.encode())
    return digest.hexdigest()[:16]


def value_text(parameter: Parameter) -> str:
    """The central value in the unit of its file; of a path its years, of a table its ends: low..high."""
    if parameter.is_method:
        return str(parameter.data.item())
    figures = np.asarray(parameter.data.values, float) / unit(parameter.record.unit).factor
    if figures.size == 1:
        return number(float(figures.reshape(-1)[0]))
    if parameter.data.dims == ("year",):
        years = parameter.data["year"].values.tolist()
        return "; ".join(f"{y}: {number(v)}" for y, v in zip(years, figures.tolist(), strict=True))
    low, high = float(np.nanmin(figures)), float(np.nanmax(figures))
    return number(low) if low == high else f"{number(low)}..{number(high)}"


def _spread(parameter: Parameter, sampler: Sampler) -> tuple[str, str, str]:
    """The 10 and 90 % points, and on which scale: of the value, a factor, or what is added.

    Of a single number with a factor, the numbers themselves; of a deviation over the years (ar1) the
    points of its last year.
    """
    if not parameter.is_uncertain:
        return "", "", ""
    spread = parameter.record.range
    assert spread is not None
    found = sampler.deviation(parameter.name, [1, 2], np.array(_POINTS))
    if "year" in found.dims:
        found = found.isel(year=-1)
    points = np.asarray(found.values, float)
    factor = unit(parameter.record.unit).factor
    if spread.scale == "relative" and parameter.data.size == 1:
        ends = sorted(float(parameter.data.item()) / factor * points)
        return number(ends[0]), number(ends[1]), "value"
    low, high = (points if spread.scale == "relative" else points / factor).tolist()
    return number(low), number(high), spread.scale
