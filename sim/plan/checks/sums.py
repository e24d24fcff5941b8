"""Declared checks on parts and wholes: sums, shares, means, ratios."""

from __future__ import annotations

from sim.plan.checks.finding import Finding, finding
from sim.plan.checks.phrase import Phrase, both, clauses, number, said, same
from sim.plan.checks.quoted import Figures, Relation, model
from sim.plan.figure import Figure, agreement, exact


def sum_of_parts(figures: Figures, relation: Relation) -> Finding:
    """Parts against their total.

    `list: open` (the list ends with "etc.") may fall short; `closed` must be equal; without the
    word a shortfall is doubtful, because the document does not say that the list is complete.
    `parts` may hold several breakdowns of one total; `total` several figures to be added.
    """
    breakdowns = relation["parts"] if isinstance(relation["parts"][0], list) else [relation["parts"]]
    parts = [figures.picks(refs) for refs in breakdowns]
    whole = figures.picks(as_list(relation["total"]))
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


def as_list(refs: str | list[str]) -> list[str]:
    """One reference or several, as several."""
    return [refs] if isinstance(refs, str) else refs


def _sum(figures: list[Figure]) -> Figure:
    return sum(figures, start=exact(0.0))
