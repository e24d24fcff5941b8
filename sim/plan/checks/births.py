"""Declared checks on births and single deaths: what counts, coverages and rates of them mean."""

from __future__ import annotations

from sim.plan.checks.finding import Finding, finding
from sim.plan.checks.phrase import Phrase, amount, both, clauses, said, same
from sim.plan.checks.quoted import Figures, Relation, model
from sim.plan.checks.sums import as_list


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
    rates = figures.picks(as_list(relation["rate"]))
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
