"""Declared checks on what two printed figures imply together: people, rates, births, deaths, levels."""

from __future__ import annotations

from sim.plan.checks.finding import Finding, finding
from sim.plan.checks.phrase import Phrase, amount, clauses, listed, moved, people, said, same
from sim.plan.checks.populations import population_agreement
from sim.plan.checks.quoted import Figures, Relation, model
from sim.plan.figure import agreement

_PERCENT = 100


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
        words.append(_of_all(values[0], per))
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


def _of_all(share: float, per: int) -> Phrase:
    """So many for each hundred, thousand, ... of all people; of a hundred as a percentage."""
    if per == _PERCENT:
        return Phrase(f"{share:.3g} % of all people", f"相当于全部人口的{share:.3g}%")
    return Phrase(f"{share:.3g} per {per} of all people", f"全部人口每{per}人{share:.3g}")


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
