"""Declared checks on numbers: sums, shares, means, ratios, and what two figures imply together."""

from __future__ import annotations

from sim.plan.checks.automatic import population_agreement
from sim.plan.checks.finding import Figures, Finding, Relation, finding, model, number, said
from sim.plan.figure import Figure, agreement, exact
from sim.year import DAYS_PER_YEAR


def sum_of_parts(figures: Figures, relation: Relation) -> Finding:
    """Parts against their total.

    `list: open` (the list ends with "etc.") may fall short; `closed` must be equal; without the
    word a shortfall is doubtful, because the document does not say that the list is complete.
    `parts` may hold several breakdowns of one total; `total` several figures to be added.
    """
    breakdowns = relation["parts"] if isinstance(relation["parts"][0], list) else [relation["parts"]]
    parts = [figures.picks(refs) for refs in breakdowns]
    whole = figures.picks(_listed(relation["total"]))
    total = _sum([i.figure for i in whole])
    sums = [_sum([i.figure for i in group]) for group in parts]
    kind = relation.get("list", "unsaid")
    verdicts = {_sum_verdict(s, total, kind) for s in sums}
    worst = next(v for v in ("inconsistent", "doubtful", "rounding", "consistent") if v in verdicts)
    text = "; ".join("+".join(i.text for i in group) for group in parts)
    values = tuple(s.mid for s in sums)
    computed = "; ".join(number(v) for v in values)
    if relation.get("as_count"):
        count = total_count(figures, relation, sums[0], whole[0].unit.factor)
        computed += f", {number(count)} at the implied population"
        values = (*values, count)
    return finding(
        figures.plan,
        "sum of parts",
        figures.used,
        worst,
        arithmetic=text,
        values=values,
        computed=computed,
        stated="+".join(i.text for i in whole),
        relation=relation,
    )


def total_count(figures: Figures, relation: Relation, rate: Figure, factor: float) -> float:
    """Count that a rate means at the implied population."""
    return rate.mid * factor * figures.people(relation).mid


def _sum_verdict(found: Figure, total: Figure, kind: str) -> str:
    verdict = agreement([found, total])
    if verdict != "inconsistent" or found.mid > total.mid:
        return verdict
    return {"open": "consistent", "closed": "inconsistent"}.get(kind, "doubtful")


def share(figures: Figures, relation: Relation) -> Finding:
    """A part as percentage of its whole, against the printed share if there is one."""
    part, whole = figures.pick(relation["part"]), figures.pick(relation["whole"])
    found = (part.figure / whole.figure).scaled(100)
    stated = figures.pick(relation["stated"]) if "stated" in relation else None
    verdict = agreement([found, stated.figure]) if stated else "implied"
    return finding(
        figures.plan,
        "share",
        figures.used,
        verdict,
        arithmetic=f"{part.text} / {whole.text} x 100",
        values=(found.mid,),
        stated=stated.text if stated else "",
        relation=relation,
    )


def weighted_mean(figures: Figures, relation: Relation) -> Finding:
    """A printed mean against its parts: by weights, or at least between the parts."""
    parts = figures.picks(relation["values"])
    stated = figures.pick(relation["stated"])
    if "weights" in relation:
        weights = [figures.figure(ref) for ref in relation["weights"]]
        total = sum(w.mid for w in weights)
        terms = [i.figure.scaled(w.mid / total) for i, w in zip(parts, weights, strict=True)]
        mean = _sum(terms)
        verdict = agreement([mean, stated.figure])
        values: tuple[float, ...] = (mean.mid,)
        computed = f"weighted mean {mean.mid:.2f}"
    else:
        span = Figure(
            min(i.figure.low for i in parts),
            sum(i.figure.mid for i in parts) / len(parts),
            max(i.figure.high for i in parts),
        )
        verdict = "consistent" if span.meets(stated.figure) else "inconsistent"
        values = (min(i.figure.mid for i in parts), max(i.figure.mid for i in parts))
        computed = f"a mean lies between {values[0]:g} and {values[1]:g}"
    return finding(
        figures.plan,
        "weighted mean",
        figures.used,
        verdict,
        values=values,
        computed=computed,
        arithmetic=" and ".join(said(i) for i in parts),
        stated=stated.text,
        relation=relation,
    )


def ratio(figures: Figures, relation: Relation) -> Finding:
    """Quotients of pairs; with `stated` each must give it, with `agree` they must be one number."""
    pairs = [figures.picks(pair) for pair in relation["pairs"]]
    found = [model(a) / model(b) for a, b in pairs]
    percent = 100.0 if relation.get("percent") else 1.0
    values = tuple(f.mid * percent for f in found)
    stated = ""
    if "stated" in relation:
        row = figures.pick(relation["stated"])
        verdicts = [agreement([f, row.figure]) for f in found]
        verdict: str = next(v for v in ("inconsistent", "rounding", "consistent") if v in verdicts)
        stated = row.text
    else:
        verdict = agreement(found) if relation.get("agree") else "implied"
    return finding(
        figures.plan,
        "ratio",
        figures.used,
        verdict,
        values=values,
        stated=stated,
        arithmetic="; ".join(f"{a.text}/{b.text}" for a, b in pairs),
        relation=relation,
    )


def agreement_of_populations(figures: Figures, relation: Relation) -> Finding:
    """One population behind the declared pairs of count and rate."""
    group = []
    for count, rate in relation["pairs"]:
        top, bottom = figures.pick(count), figures.pick(rate)
        group.append((bottom, model(top) / model(bottom)))
    return population_agreement(figures.plan, group, relation)


def implied_population(figures: Figures, relation: Relation) -> Finding:
    """People behind a count and its rate or coverage."""
    count, rate = figures.pick(relation["count"]), figures.pick(relation["rate"])
    people = model(count) / model(rate)
    values = [people.mid]
    computed = f"{people.mid:.0f} people"
    if relation.get("share_of_population"):
        values.append(people.mid / figures.people(relation).mid * 100)
        computed += f", {values[1]:.1f} % of the implied population"
    return finding(
        figures.plan,
        "implied population",
        figures.used,
        "implied",
        values=values,
        arithmetic=f"{count.text} / {rate.text} {rate.unit.name}",
        computed=computed,
        relation=relation,
    )


def implied_rate(figures: Figures, relation: Relation) -> Finding:
    """Rate that a count gives at the implied population, against every printed rate."""
    count = figures.pick(relation["count"])
    stated = figures.picks(relation["stated"])
    people = figures.people(relation)
    found = (model(count) / people).scaled(1 / stated[0].unit.factor)
    fits = [agreement([found, i.figure]) for i in stated]
    verdict = next(v for v in ("inconsistent", "rounding", "consistent") if v in fits)
    return finding(
        figures.plan,
        "implied rate",
        stated,
        verdict,
        values=(found.mid,),
        arithmetic=f"{count.text} / {people.mid:.0f} people",
        computed=f"{found.mid:.2f} {stated[0].unit.name}",
        stated=", ".join(i.text for i in stated),
        relation=relation,
    )


def count_against_rate(figures: Figures, relation: Relation) -> Finding:
    """A count (a share of a total) against a printed rate of the same thing."""
    total, part = figures.pick(relation["total"]), figures.pick(relation["share"])
    rate = figures.pick(relation["rate"])
    count = model(total) * model(part)
    people = figures.people(relation)
    found = (count / people).scaled(1 / rate.unit.factor)
    behind = count / model(rate)
    return finding(
        figures.plan,
        "count vs rate",
        [rate],
        agreement([found, rate.figure]),
        arithmetic=f"{total.text} x {part.text} % = {count.mid:.0f}",
        values=(behind.mid, found.mid),
        stated=rate.text,
        relation=relation,
        computed=f"{behind.mid:.0f} people behind the rate; {found.mid:.2f} {rate.unit.name} "
        f"at {people.mid:.0f} people",
    )


def implied_births(figures: Figures, relation: Relation) -> Finding:
    """Mothers behind a managed count, against another count of the same births.

    Two programmes may count different people (place of birth or of residence): an excess is
    doubtful, not a contradiction.
    """
    count, coverage = figures.pick(relation["count"]), figures.pick(relation["coverage"])
    births = model(count) / model(coverage)
    other = figures.pick(relation["compare"])
    verdict = "doubtful" if other.figure.low > births.high else "implied"
    return finding(
        figures.plan,
        "implied births",
        figures.used[:2],
        verdict,
        values=(births.mid,),
        arithmetic=f"{count.text} / {coverage.text} %",
        computed=f"{births.mid:.0f} births",
        stated=said(other),
        relation=relation,
    )


def small_numbers(figures: Figures, relation: Relation) -> Finding:
    """What single deaths do to a rate per birth.

    With `births` (count / coverage): the deaths that the rates mean; a rate above 0 but below one
    death a year cannot be a yearly rate. With `births_between`: births for whole-number deaths.
    """
    rates = figures.picks(_listed(relation["rate"]))
    if "births_between" in relation:
        low, high = relation["births_between"]
        per_death = 1 / model(rates[0]).mid
        deaths = range(max(1, -int(-low // per_death)), int(high // per_death) + 1)
        values = tuple(n * per_death for n in deaths)
        computed = "; ".join(f"{n}: {b:.0f}" for n, b in zip(deaths, values, strict=True))
        verdict = "implied"
    else:
        pair = relation["births"]
        births = (figures.model(pair["count"]) / figures.model(pair["coverage"])).mid
        expected = tuple(model(i).mid * births for i in rates)
        impossible = all(0 < n < 0.5 for n in expected)
        verdict = "inconsistent" if impossible else "implied"
        values = (1 / model(rates[0]).mid, births) if impossible else expected
        computed = (
            f"one death in {values[0]:.0f} births; the place has {births:.0f} a year, where one "
            f"death is {1 / births / rates[0].unit.factor:.1f}"
            if impossible
            else " and ".join(f"{n:.1f} deaths" for n in expected)
        )
    return finding(
        figures.plan,
        "small numbers",
        rates,
        verdict,
        values=values,
        computed=computed,
        arithmetic=" and ".join(said(i) for i in rates),
        relation=relation,
    )


def coverage_against_count(figures: Figures, relation: Relation) -> Finding:
    """People a managed count stands for: as share of all, behind a coverage, behind a target."""
    count = figures.pick(relation["count"])
    values: list[float] = []
    words: list[str] = []
    verdict = "implied"
    if "coverage" in relation:
        group = (model(count) / figures.model(relation["coverage"])).mid
        values += [group, group / relation["ages"]]
        words.append(f"{group:.0f} people, {values[1]:.0f} per single year of age")
    else:
        people = figures.people(relation).mid
        per = relation.get("per", 100)
        values.append((count.value or 0.0) / people * per)
        words.append(f"{values[0]:.3g} per {per} of all people")
    if "target_coverage" in relation:
        target = figures.pick(relation["target_coverage"])
        group = (model(count) / model(target)).mid
        limit = figures.plan.vocabulary.rules[relation["limit"]]["high"]
        share_of_all = group / people
        values += [group, share_of_all * 100]
        words.append(f"at {target.text} % coverage {group:.0f} people, {share_of_all:.1%} of all")
        verdict = "doubtful" if share_of_all > limit else "implied"
    return finding(
        figures.plan,
        "coverage vs count",
        [count],
        verdict,
        values=values,
        relation=relation,
        arithmetic=said(count),
        computed="; ".join(words),
    )


def length_of_stay(figures: Figures, relation: Relation) -> Finding:
    """Beds x occupancy x 365 / admissions."""
    beds, use, stays = figures.picks([relation[k] for k in ("beds", "occupancy", "admissions")])
    days = model(beds) * model(use) / model(stays)
    return finding(
        figures.plan,
        "implied length of stay",
        figures.used,
        "implied",
        values=(days.mid * DAYS_PER_YEAR,),
        computed=f"{days.mid * DAYS_PER_YEAR:.2f} days",
        arithmetic=f"{beds.text} x {use.text} % x {DAYS_PER_YEAR} / {stays.text}",
        relation=relation,
    )


def implied_admissions(figures: Figures, relation: Relation) -> Finding:
    """Beds x occupancy x 365 / length of stay, and per 1000 of the implied population."""
    beds, use, stay = figures.picks([relation[k] for k in ("beds", "occupancy", "alos")])
    stays = (model(beds) * model(use) / model(stay)).mid * DAYS_PER_YEAR
    rate = stays / figures.people(relation).mid * 1000
    return finding(
        figures.plan,
        "implied admissions",
        figures.used,
        "implied",
        values=(stays, rate),
        computed=f"{stays:.0f} a year, {rate:.0f} per 1000 of the implied population",
        arithmetic=f"{beds.text} x {use.text} % x {DAYS_PER_YEAR} / {stay.text}",
        relation=relation,
    )


def implied_visits(figures: Figures, relation: Relation) -> Finding:
    """Visits per person of the implied population."""
    visits = figures.pick(relation["visits"])
    people = figures.people(relation).mid
    return finding(
        figures.plan,
        "implied visits",
        figures.used,
        "implied",
        values=((visits.value or 0.0) / people,),
        arithmetic=f"{visits.text} / {people:.0f}",
        computed=f"{(visits.value or 0.0) / people:.2f} per person",
        relation=relation,
    )


def demography(figures: Figures, relation: Relation) -> Finding:
    """Growth less natural increase = net migration."""
    growth, natural = figures.pick(relation["increase"]), figures.pick(relation["natural"])
    people = figures.people(relation).mid
    migrants = (growth.value or 0.0) - (natural.fraction or 0.0) * people
    part = migrants / (growth.value or float("nan"))
    return finding(
        figures.plan,
        "demography",
        figures.used,
        "implied",
        values=(migrants, part * 100),
        arithmetic=f"{growth.text} - {natural.text} {natural.unit.name} x {people:.0f}",
        computed=f"{migrants:.0f} net migrants a year ({part:.0%} of growth)",
        relation=relation,
    )


def implied_value(figures: Figures, relation: Relation) -> Finding:
    """Level before a printed increase; other cited plans may print the same value."""
    level, change = figures.pick(relation["level"]), figures.pick(relation["change"])
    before = level.figure - change.figure
    own = list(figures.used)
    others = [figures.pick(ref) for ref in relation.get("same_as", ())]
    fits = all(agreement([before, i.figure]) == "consistent" for i in others)
    verdict = "implied" if not others else "consistent" if fits else "inconsistent"
    return finding(
        figures.plan,
        f"implied {change.first_year} value",
        own,
        verdict,
        values=(before.mid,),
        arithmetic=f"{level.text} - {change.text}",
        relation=relation,
        stated=", ".join(f"{i.text} in {i.plan}" for i in others),
    )


def rate_change(figures: Figures, relation: Relation) -> Finding:
    """Target relative to its baseline, in per cent."""
    before, after = figures.pick(relation["baseline"]), figures.pick(relation["target"])
    percent = ((after.value or 0.0) / (before.value or float("nan")) - 1) * 100
    return finding(
        figures.plan,
        "rate change",
        figures.used,
        "implied",
        values=(percent,),
        arithmetic=f"{said(before)} -> {said(after)}",
        computed=f"{percent:+.1f} %",
        relation=relation,
    )


def _listed(refs: str | list[str]) -> list[str]:
    return [refs] if isinstance(refs, str) else refs


def _sum(figures: list[Figure]) -> Figure:
    return sum(figures, start=exact(0.0))
