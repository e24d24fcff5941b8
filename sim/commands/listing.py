"""`healthplan list` and `audit`: what there is, and whether a plan agrees with itself."""

from __future__ import annotations

import csv
import io
import textwrap
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from sim.commands.listed_words import worded
from sim.commands.plain_table import table
from sim.config import find_root, read_experiment
from sim.config.standard import load_standard
from sim.errors import ConfigError, SimError, fault
from sim.evidence.answers import expected, with_test
from sim.params import Parameter, read_sets
from sim.params.units import unit
from sim.places import (
    find_places,
    level_of,
    list_places,
    list_regions,
    one_place,
    place_censuses,
    read_place,
)
from sim.plan import list_plans, load_plan
from sim.plan.audit import COLUMNS as AUDIT_COLUMNS
from sim.plan.audit import SERIOUS, audit, audit_counts, audit_table
from sim.plan.checks.finding import VERDICTS
from sim.plan.needs import needs_of
from sim.plan.tests import load_rules, rule_for
from sim.writing import no_formula

_SHOWN = 17  # regions of an experiment that a table names


def listing(
    start: Path,
    what: str,
    plan: str | None = None,
    inside: str | None = None,
    like: str | None = None,
    lang: str = "zh",
) -> str:
    """A table of regions, plans, indicators, parameters, scenarios or experiments.

    plan: only this one's plans or indicators; raises ConfigError with any other table.  inside, like:
    regions that the censuses count, inside a place or with a name like this; inside with parameters:
    those of a place, each with the level whose figure it is.  lang: that of names.
    """
    root = find_root(start)
    if (like and what != "regions") or (inside and what not in ("regions", "parameters")):
        option = "--in" if inside else "--like"
        raise ConfigError(fault(option, f"does not go with '{what}'", "leave it out, or list regions"))
    if what == "parameters" and inside:
        return _of_place(root, inside, lang)
    if plan is not None and what not in ("plans", "indicators"):
        remedy = "leave it out, or list plans or indicators"
        raise ConfigError(fault("--plan", f"does not go with '{what}'", remedy))
    if what == "regions" and (inside or like):
        return _places(root, inside, like, lang)
    if what == "regions":
        rows = [
            (r.code, r.name_zh, r.name_en, r.level)
            for r in sorted(list_regions(root).values(), key=lambda r: r.code)
        ]
        return _worded(("code", "name_zh", "name_en", "level"), rows, lang)
    if what == "plans":
        return _plans(root, plan, lang)
    if what == "indicators":
        return _indicators(root, plan, lang)
    if what == "parameters":
        return _parameters(root, lang)
    if what == "scenarios":
        return _scenarios(root, lang)
    return _experiments(root, lang)


def _places(root: Path, inside: str | None, like: str | None, lang: str) -> str:
    """Places that the censuses count: where, who lives there, what of 2010 is held, its folder."""
    folders = list_regions(root)
    places = list_places(root)
    rows = []
    for place in find_places(places, inside, like):
        censuses = place_censuses(root, place.code)
        people = {year: f"{census.counts.sum():.0f}" for year, census in censuses.items()}
        earlier = people.get(2010, "")
        folder = folders[place.code].folder if place.code in folders else ""
        above = places.get(place.prefecture if place.code != place.prefecture else place.province)
        within = above.name_zh if above is not None and above.code != place.code else ""
        known = (people[2020], earlier, place.census_2010, folder)
        rows.append((place.code, place.name_zh, place.level, within, *known))
    columns = ("code", "name_zh", "level", "within", "people_2020", "people_2010", "area_2010", "folder")
    return _worded(columns, rows, lang)


def _plans(root: Path, plan: str | None, lang: str) -> str:
    """Indicators tested and declined, needs without a target, answerable questions answered."""
    rows = []
    for name in [plan] if plan else list_plans(root / "parameters"):
        found = load_plan(root / "parameters", name)
        tested, ids = len(with_test(root, found)), len(found.indicator_ids)
        rows.append(
            (
                name,
                found.region,
                f"{found.base_year}-{found.target_year}",
                str(len(found.indicators)),
                str(len(found.standards)),
                str(ids),
                str(tested),
                str(ids - tested),
                str(len(needs_of(root / "parameters", name))),
                expected(root, found).text,
                found.name_zh if lang == "zh" else found.name_en,
            )
        )
    columns = (
        "plan",
        "region",
        "years",
        "rows",
        "standards",
        "indicators",
        "tested",
        "declined",
        "needs",
        "questions",
        "name",
    )
    return _worded(columns, rows, lang)


def _indicators(root: Path, plan: str | None, lang: str) -> str:
    rules = load_rules(root)
    rows = []
    for name in [plan] if plan else list_plans(root / "parameters"):
        found = load_plan(root / "parameters", name)
        for i in found.indicators:
            rule = rule_for(rules, i.id, i.scope)
            called = i.entry.name_zh if lang == "zh" else i.entry.name_en
            rows.append((name, i.id, i.kind, i.year, f"{i.operator}{i.text}", i.unit.name, rule.test, called))
    columns = ("plan", "indicator", "kind", "year", "value", "unit", "test", "name")
    return _worded(columns, rows, lang)


def _parameters(root: Path, lang: str) -> str:
    found = read_sets(root / "parameters", ["national", "standards"])
    rows = []
    for name, p in sorted(found.items()):
        r = p.record
        value = "" if r.table or r.values or r.path else str(r.value)
        spread = r.range.distribution if r.range else ""
        called = r.name.zh if lang == "zh" else r.name.en
        rows.append((name, value or _size(p, lang), r.unit, r.quality, r.basis, spread, called))
    return _worded(("parameter", "value", "unit", "grade", "basis", "range", "name"), rows, lang)


def _of_place(root: Path, text: str, lang: str) -> str:
    """Parameters of a place: value, whose figure it is, source, how it was made."""
    code = text if text in list_regions(root) else one_place(list_places(root), text).code
    rows = []
    for name, p in sorted(read_place(root, code, ["national", "standards"]).items()):
        one = not p.is_method and p.data.size == 1
        value = f"{p.data.item() / unit(p.record.unit).factor:.6g}" if one else ""
        shown = str(p.data.item()) if p.is_method else value or _size(p, lang)
        note = p.record.note if p.level else ""
        rows.append((name, shown, p.record.unit, level_of(p), p.record.source, p.record.quality, note))
    return _worded(("parameter", "value", "unit", "level", "source", "grade", "made"), rows, lang)


def _size(parameter: Parameter, lang: str) -> str:
    """Of a path or a table how many values it holds: no value itself."""
    size = "x".join(map(str, parameter.data.shape))
    return f"（{size}个值）" if lang == "zh" else f"({size} values)"


def _worded(columns: Sequence[str], rows: Sequence[Sequence[str]], lang: str) -> str:
    return table(*worded(columns, rows, lang))


def _scenarios(root: Path, lang: str) -> str:
    """The standard set: what each record sets, or what a mixture is made of."""
    rows = [
        (name, one.family, ", ".join(one.of or one.set), one.quality, one.title.zh, one.title.en)
        for name, one in load_standard(root).items()
    ]
    return _worded(("scenario", "family", "sets", "grade", "name_zh", "name_en"), rows, lang)


def _experiments(root: Path, lang: str) -> str:
    rows = []
    for path in sorted((root / "experiments").glob("*.yaml")):
        try:
            e = read_experiment(path)
        except SimError as error:
            wrong = "有误：" if lang == "zh" else "wrong:"
            rows.append((path.name, wrong, str(error).splitlines()[0], "", ""))
            continue
        scenarios = ",".join(e.scenarios)
        rows.append(
            (
                f"experiments/{path.name}",
                ",".join(e.regions[:_SHOWN]) + (f" ... {len(e.regions)}" if len(e.regions) > _SHOWN else ""),
                e.plan or "",
                f"{e.years.base}-{e.years.end}",
                scenarios,
            )
        )
    return _worded(("file", "regions", "plan", "years", "scenarios"), rows, lang)


def audit_text(start: Path, plans: Sequence[str], *, as_csv: bool, lang: str) -> str:
    """Findings of the audit of some plans (all by default): counts, then what a planner must see.

    as_csv: every finding, as CSV.
    """
    root = find_root(start) / "parameters"
    names = list(plans) or list_plans(root)
    documents = [load_plan(root, name) for name in names]
    findings = {d.id: audit(d) for d in documents}
    rows = [row for found in findings.values() for row in audit_table(found)]
    if as_csv:
        out = io.StringIO()
        writer = csv.DictWriter(out, AUDIT_COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows({k: no_formula(v) for k, v in row.items()} for row in rows)
        return out.getvalue().rstrip("\n")
    counted = audit_counts([f for found in findings.values() for f in found])
    by_plan = [counted.get(name, Counter()) for name in findings]
    chinese = lang == "zh"
    counts = [
        (VERDICTS[v] if chinese else v, *(str(c[v]) for c in by_plan), str(sum(c[v] for c in by_plan)))
        for v in dict.fromkeys(v for c in by_plan for v in c)
    ]
    head = ("结论", *findings, "合计") if chinese else ("verdict", *findings, "all")
    text = [table(head, counts), ""]
    verdict, message = ("verdict_zh", "message_zh") if chinese else ("verdict", "message_en")
    for name, found in findings.items():
        serious = [row for row in audit_table(found) if row["verdict"] in SERIOUS]
        none = "没有需要处理的" if chinese else "nothing to mend"
        text.append(f"{name}:" if serious else f"{name}: {none}")
        for row in serious:
            line = f"[{row[verdict]}] {row[message]}"
            text.append(textwrap.fill(line, 110, initial_indent="  ", subsequent_indent="    "))
    return "\n".join(text)
