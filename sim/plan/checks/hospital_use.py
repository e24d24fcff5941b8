"""Declared checks on the use of hospitals: stays, admissions and visits that printed figures mean."""

from __future__ import annotations

from sim.plan.checks.finding import Finding, finding
from sim.plan.checks.phrase import Phrase, amount, same
from sim.plan.checks.quoted import Figures, Relation, model
from sim.plan.indicator import Indicator
from sim.year import DAYS_PER_YEAR


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


def _bed_days(beds: Indicator, occupancy: Indicator) -> Phrase:
    """Beds x occupancy x days of a year, as the document prints the two."""
    return same(f"{beds.text} x ") + amount(occupancy.text, occupancy.unit) + same(f" x {DAYS_PER_YEAR}")
