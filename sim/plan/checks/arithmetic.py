"""Declared checks on numbers: sums, shares, means, ratios, and what two figures imply together."""

from __future__ import annotations

from sim.plan.checks.automatic import population_agreement
from sim.plan.checks.finding import Figures, Finding, Relation, finding, model
from sim.plan.checks.phrase import Phrase, amount, both, clauses, listed, moved, number, people, said, same
from sim.plan.figure import Figure, agreement, exact
from sim.plan.indicator import Indicator
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
    text = clauses(same("+".join(i.text for i in group)) for group in parts)
    values = tuple(s.mid for s in sums)
    computed = clauses(same(number(v)) for v in values)
    if relation.get("as_count"):
        count = total_count(figures, relation, sums[0], whole[0].unit.factor)
        computed += Phrase(f", {number(count)} at the implied population", f"，按隐含人口为{number(count)}")
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
        computed = Phrase(f"weighted mean {mean.mid:.2f}", f"加权平均为{mean.mid:.2f}")
    else:
        span = Figure(
            min(i.figure.low for i in parts),
            sum(i.figure.mid for i in parts) / len(parts),
            max(i.figure.high for i in parts),
        )
        verdict = "consistent" if span.meets(stated.figure) else "inconsistent"
        values = (min(i.figure.mid for i in parts), max(i.figure.mid for i in parts))
        computed = Phrase(
            f"a mean lies between {values[0]:g} and {values[1]:g}",
            f"均值应介于{values[0]:g}与{values[1]:g}之间",
        )
    return finding(
        figures.plan,
        "weighted mean",
        figures.used,
        verdict,
        values=values,
        computed=computed,
        arithmetic=both(said(i) for i in parts),
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
        arithmetic=clauses(same(f"{a.text}/{b.text}") for a, b in pairs),
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
    behind = model(count) / model(rate)
    values = [behind.mid]
    computed = people(behind.mid)
    if relation.get("share_of_population"):
        values.append(behind.mid / figures.people(relation).mid * 100)
        computed += Phrase(
            f", {values[1]:.1f} % of the implied population", f"，占隐含人口的{values[1]:.1f}%"
        )
    return finding(
        figures.plan,
        "implied population",
        figures.used,
        "implied",
        values=values,
        arithmetic=same(f"{count.text} / ") + amount(rate.text, rate.unit),
        computed=computed,
        relation=relation,
    )


def implied_rate(figures: Figures, relation: Relation) -> Finding:
    """Rate that a count gives at the implied population, against every printed rate."""
    count = figures.pick(relation["count"])
    stated = figures.picks(relation["stated"])
    implied = figures.people(relation)
    found = (model(count) / implied).scaled(1 / stated[0].unit.factor)
    fits = [agreement([found, i.figure]) for i in stated]
    verdict = next(v for v in ("inconsistent", "rounding", "consistent") if v in fits)
    return finding(
        figures.plan,
        "implied rate",
        stated,
        verdict,
        values=(found.mid,),
        arithmetic=same(f"{count.text} / ") + people(implied.mid),
        computed=amount(f"{found.mid:.2f}", stated[0].unit),
        stated=listed(same(i.text) for i in stated),
        relation=relation,
    )


def count_against_rate(figures: Figures, relation: Relation) -> Finding:
    """A count (a share of a total) against a printed rate of the same thing."""
    total, part = figures.pick(relation["total"]), figures.pick(relation["share"])
    rate = figures.pick(relation["rate"])
    count = model(total) * model(part)
    implied = figures.people(relation)
    found = (count / implied).scaled(1 / rate.unit.factor)
    behind = count / model(rate)
    implies = amount(f"{found.mid:.2f}", rate.unit)
    return finding(
        figures.plan,
        "count vs rate",
        [rate],
        agreement([found, rate.figure]),
        arithmetic=same(f"{total.text} x ") + amount(part.text, part.unit) + same(f" = {count.mid:.0f}"),
        values=(behind.mid, found.mid),
        stated=rate.text,
        relation=relation,
        computed=clauses(
            [
                Phrase(f"{behind.mid:.0f} people behind the rate", f"该比率对应{behind.mid:.0f}人"),
                Phrase(f"{implies.en} at {implied.mid:.0f} people", f"按{implied.mid:.0f}人计为{implies.zh}"),
            ]
        ),
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
        arithmetic=same(f"{count.text} / ") + amount(coverage.text, coverage.unit),
        computed=Phrase(f"{births.mid:.0f} births", f"{births.mid:.0f}例出生"),
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
        pairs = zip(deaths, values, strict=True)
        computed = clauses(Phrase(f"{n}: {b:.0f}", f"{n}例死亡对应{b:.0f}例出生") for n, b in pairs)
        verdict = "implied"
    else:
        pair = relation["births"]
        births = (figures.model(pair["count"]) / figures.model(pair["coverage"])).mid
        expected = tuple(model(i).mid * births for i in rates)
        impossible = all(0 < n < 0.5 for n in expected)
        verdict = "inconsistent" if impossible else "implied"
        values = (1 / model(rates[0]).mid, births) if impossible else expected
        single = 1 / births / rates[0].unit.factor
        computed = (
            Phrase(
                f"one death in {values[0]:.0f} births; the place has {births:.0f} a year, where one "
                f"death is {single:.1f}",
                f"相当于每{values[0]:.0f}例出生有一例死亡；当地年出生{births:.0f}例，"
                f"一例死亡即为{single:.1f}",
            )
            if impossible
            else both(Phrase(f"{n:.1f} deaths", f"{n:.1f}例死亡") for n in expected)
        )
    return finding(
        figures.plan,
        "small numbers",
        rates,
        verdict,
        values=values,
        computed=computed,
        arithmetic=both(said(i) for i in rates),
        relation=relation,
    )


def coverage_against_count(figures: Figures, relation: Relation) -> Finding:
    """People a managed count stands for: as share of all, behind a coverage, behind a target."""
    count = figures.pick(relation["count"])
    values: list[float] = []
    words: list[Phrase] = []
    verdict = "implied"
    if "coverage" in relation:
        group = (model(count) / figures.model(relation["coverage"])).mid
        values += [group, group / relation["ages"]]
        words.append(
            Phrase(
                f"{group:.0f} people, {values[1]:.0f} per single year of age",
                f"{group:.0f}人，每一岁{values[1]:.0f}人",
            )
        )
    else:
        everyone = figures.people(relation).mid
        per = relation.get("per", 100)
        values.append((count.value or 0.0) / everyone * per)
        words.append(Phrase(f"{values[0]:.3g} per {per} of all people", f"全部人口每{per}人{values[0]:.3g}"))
    if "target_coverage" in relation:
        target = figures.pick(relation["target_coverage"])
        group = (model(count) / model(target)).mid
        limit = figures.plan.vocabulary.rules[relation["limit"]]["high"]
        share_of_all = group / everyone
        values += [group, share_of_all * 100]
        words.append(
            Phrase(
                f"at {target.text} % coverage {group:.0f} people, {share_of_all:.1%} of all",
                f"按{target.text}%覆盖率为{group:.0f}人，占全部人口的{share_of_all:.1%}",
            )
        )
        verdict = "doubtful" if share_of_all > limit else "implied"
    return finding(
        figures.plan,
        "coverage vs count",
        [count],
        verdict,
        values=values,
        relation=relation,
        arithmetic=said(count),
        computed=clauses(words),
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
        computed=Phrase(f"{days.mid * DAYS_PER_YEAR:.2f} days", f"{days.mid * DAYS_PER_YEAR:.2f}天"),
        arithmetic=_bed_days(beds, use) + same(f" / {stays.text}"),
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
        computed=Phrase(
            f"{stays:.0f} a year, {rate:.0f} per 1000 of the implied population",
            f"每年{stays:.0f}人次，隐含人口每千人{rate:.0f}人次",
        ),
        arithmetic=_bed_days(beds, use) + same(f" / {stay.text}"),
        relation=relation,
    )


def implied_visits(figures: Figures, relation: Relation) -> Finding:
    """Visits per person of the implied population."""
    visits = figures.pick(relation["visits"])
    everyone = figures.people(relation).mid
    each = (visits.value or 0.0) / everyone
    return finding(
        figures.plan,
        "implied visits",
        figures.used,
        "implied",
        values=(each,),
        arithmetic=f"{visits.text} / {everyone:.0f}",
        computed=Phrase(f"{each:.2f} per person", f"每人{each:.2f}次"),
        relation=relation,
    )


def demography(figures: Figures, relation: Relation) -> Finding:
    """Growth less natural increase = net migration."""
    growth, natural = figures.pick(relation["increase"]), figures.pick(relation["natural"])
    everyone = figures.people(relation).mid
    migrants = (growth.value or 0.0) - (natural.fraction or 0.0) * everyone
    part = migrants / (growth.value or float("nan"))
    return finding(
        figures.plan,
        "demography",
        figures.used,
        "implied",
        values=(migrants, part * 100),
        arithmetic=same(f"{growth.text} - ")
        + amount(natural.text, natural.unit)
        + same(f" x {everyone:.0f}"),
        computed=Phrase(
            f"{migrants:.0f} net migrants a year ({part:.0%} of growth)",
            f"每年净迁入{migrants:.0f}人（占增量的{part:.0%}）",
        ),
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
        stated=listed(
            Phrase(f"{i.text} in {i.plan}", f"{figures.plan.cited[i.plan].name_zh}的{i.text}") for i in others
        ),
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
        arithmetic=moved(said(before), said(after)),
        computed=Phrase(f"{percent:+.1f} %", f"{percent:+.1f}%"),
        relation=relation,
    )


def _bed_days(beds: Indicator, occupancy: Indicator) -> Phrase:
    """Beds x occupancy x days of a year, as the document prints the two."""
    return same(f"{beds.text} x ") + amount(occupancy.text, occupancy.unit) + same(f" x {DAYS_PER_YEAR}")


def _listed(refs: str | list[str]) -> list[str]:
    return [refs] if isinstance(refs, str) else refs


def _sum(figures: list[Figure]) -> Figure:
    return sum(figures, start=exact(0.0))
