"""Targets turned into counts: how many people, places or years a printed target means."""

from __future__ import annotations

from collections.abc import Sequence

from sim.plan.checks.finding import Finding, finding
from sim.plan.checks.phrase import (
    Phrase,
    both,
    listed,
    moved,
    number,
    people,
    said,
    same,
    worded,
)
from sim.plan.checks.quoted import Figures, Relation
from sim.plan.indicator import Indicator


def target_in_counts(figures: Figures, relation: Relation) -> Finding:
    """What a target means in heads, beds or slots at the implied population.

    form: change (baseline to target at constant people), total (baseline rate to target count),
    part (a share of a count), density (counts per 10 000 people), fleet (people per unit, city or
    county base), growing (target rate at the people of the target year).
    """
    return _FORMS[relation["form"]](figures, relation)


def _change(figures: Figures, relation: Relation) -> Finding:
    before, after = figures.pick(relation["baseline"]), figures.pick(relation["target"])
    everyone = figures.people(relation).mid
    base = before.fraction or 0.0
    goal = base * (1 + (after.fraction or 0.0)) if _relative(after) else after.fraction or 0.0
    extra, percent = (goal - base) * everyone, (goal / base - 1) * 100
    return _counted(
        figures,
        relation,
        (extra, percent),
        moved(said(before), said(after)) + Phrase(f" at {everyone:.0f}", f"，按{everyone:.0f}人计"),
        Phrase(f"{extra:+.0f} ({percent:+.1f} %)", f"{extra:+.0f}（{percent:+.1f}%）"),
    )


def _relative(target: Indicator) -> bool:
    return target.operator == "change" and target.unit.name == "%"


def _total(figures: Figures, relation: Relation) -> Finding:
    before, after = figures.pick(relation["baseline"]), figures.pick(relation["target"])
    now = (before.fraction or 0.0) * figures.people(relation).mid
    goal = after.value or 0.0
    figures.used = [after]
    return _counted(
        figures,
        relation,
        (now, goal, goal / now),
        moved(said(before), said(after)),
        moved(same(f"{now:.0f}"), same(f"{goal:.0f}"))
        + Phrase(f" ({goal / now:.2f} times)", f"（{goal / now:.2f}倍）"),
    )


def _part(figures: Figures, relation: Relation) -> Finding:
    share, whole = figures.pick(relation["share"]), figures.pick(relation["of"])
    count = (share.fraction or 0.0) * (whole.value or 0.0)
    figures.used = [share]
    words = Phrase(f"{share.text} % of {whole.text}", f"{whole.text}的{share.text}%")
    return _counted(figures, relation, (count,), words, same(number(count)))


def _density(figures: Figures, relation: Relation) -> Finding:
    rows = figures.picks(relation["counts"])
    everyone = figures.people(relation).mid
    values = [(i.value or 0.0) / everyone * 10_000 for i in rows]
    return _counted(
        figures,
        relation,
        values,
        both(same(i.text) for i in rows) + Phrase(f" at {everyone:.0f} people", f"，按{everyone:.0f}人计"),
        Phrase("", "每万人") + both(same(f"{v:.2f}") for v in values) + Phrase(" per 10 000", ""),
    )


def _fleet(figures: Figures, relation: Relation) -> Finding:
    per_unit = figures.pick(relation["people_per_unit"])
    multiplier = figures.pick(relation["county_multiplier"])
    everyone = figures.people(relation).mid
    urban = everyone / (per_unit.value or float("nan"))
    county = urban * (multiplier.fraction or 0.0)
    figures.used = [per_unit]
    return _counted(
        figures,
        relation,
        (urban, county),
        same(f"{everyone:.0f} / {per_unit.text}"),
        Phrase(
            f"{urban:.0f} if all urban to {county:.0f} if all county",
            f"{urban:.0f}（全为市区）至{county:.0f}（全为县）",
        ),
    )


def _growing(figures: Figures, relation: Relation) -> Finding:
    after, stock = figures.pick(relation["target"]), figures.pick(relation["stock"])
    yearly = figures.pick(relation["increase"])
    now = figures.people(relation).mid
    then = now + (yearly.value or 0.0) * (figures.plan.target_year - figures.plan.base_year)
    goal = (after.fraction or 0.0) * then
    still = (after.fraction or 0.0) * now - (stock.value or 0.0)
    extra = goal - (stock.value or 0.0)
    figures.used = [after]
    return _counted(
        figures,
        relation,
        (goal, extra, still),
        said(after) + Phrase(f" at {then:.0f} people", f"，按{then:.0f}人计"),
        Phrase(
            f"{goal:.0f}, {extra:+.0f}; {still:+.0f} without growth",
            f"{goal:.0f}，{extra:+.0f}；人口不增则{still:+.0f}",
        ),
    )


def _counted(
    figures: Figures, relation: Relation, values: Sequence[float], arithmetic: Phrase, computed: Phrase
) -> Finding:
    return finding(
        figures.plan,
        "target in counts",
        figures.used,
        "implied",
        arithmetic=arithmetic,
        values=values,
        computed=computed,
        relation=relation,
    )


_FORMS = {
    "change": _change,
    "total": _total,
    "part": _part,
    "density": _density,
    "fleet": _fleet,
    "growing": _growing,
}


def implied_target_counts(figures: Figures, relation: Relation) -> Finding:
    """Counts that several targets mean at the implied population, and what they add."""
    everyone = figures.people(relation).mid
    values: list[float] = []
    words = []
    for item in relation["targets"]:
        rate = sum(i.fraction or 0.0 for i in figures.picks(item["rates"]))
        stock = figures.pick(item["stock"])
        goal = rate * everyone
        values += [goal, goal - (stock.value or 0.0)]
        of = worded(item["of"], "of")
        words.append(
            Phrase(f"{goal:.0f} {of.en} ({values[-1]:+.0f})", f"{goal:.0f}{of.zh}（{values[-1]:+.0f}）")
        )
    return finding(
        figures.plan,
        "implied target counts",
        figures.used,
        "implied",
        values=values,
        arithmetic=Phrase("target rates x ", "目标比率×") + people(everyone),
        computed=listed(words),
        relation=relation,
    )
