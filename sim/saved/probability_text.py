"""A probability in words: never surer than the draws that it was counted from.

Of n draws that all say yes nobody knows that the probability is 1: what is printed is the end of an
interval that holds it.  Other probabilities are given to the digit that their standard error leaves, and
none beyond that end: 119 of 120 draws never read surer than all 120.
Equal-tailed Jeffreys interval: Brown, Cai & DasGupta (2001), Statistical Science 16(2), 101-133,
doi:10.1214/ss/1009213286, which recommends it for small n.
"""

from __future__ import annotations

import math

from sim.catalogue.language import Lang, label

_ONE_SIDED = 0.05  # the printed end holds the probability in 95 of 100 runs
_PERCENT = 0.01


def certain(draws: int) -> float:
    """The least probability, 0..1, that n draws which all say yes leave standing."""
    from scipy.special import betaincinv

    return float(betaincinv(draws + 0.5, 0.5, _ONE_SIDED))


def probability_text(value: float | None, draws: int | None) -> str:
    """A probability as printed; empty if it is none.

    value: 0..1, NaN or None.  draws: number of draws behind it; 0: the central line alone, which carries no
    probability; None: not known, whole percents then.
    """
    if value is None or not math.isfinite(value):
        return ""
    if draws is None:
        return f"{value:.0%}"
    if draws == 0:
        return "–"
    least = math.floor(certain(draws) / _PERCENT)
    if value in (0.0, 1.0):
        return f"≥{least}%" if value == 1.0 else f"≤{100 - least}%"
    a, b = value * draws + 0.5, (1 - value) * draws + 0.5
    error = math.sqrt(a * b / (draws + 1) ** 2 / (draws + 2))
    step = 10 if error >= 10 * _PERCENT else 1
    shown = step * round(100 * value / step)
    return f"{min(max(shown, 100 - least), least)}%"


def number_format(draws: int | None, value: float) -> str:
    """The format of a workbook's cell that shows a probability as `probability_text` does, a number still.

    Its conditions hold whatever is typed into the cell: none shows 0 % or 100 % of some draws.
    """
    if not draws:
        return "0%"
    text = probability_text(value, draws)
    if 0.0 < value < 1.0 and text != f"{value:.0%}":
        return f'[={value!r}]"{text}";0%'
    return f'[>=1]"{probability_text(1.0, draws)}";[<=0]"{probability_text(0.0, draws)}";0%'


def few_draws_text(draws: int, fewest: int, lang: Lang) -> str:
    """What to say where there are fewer draws than a verdict wants; empty where there are enough."""
    if draws >= fewest:
        return ""
    if draws == 0:
        return label(
            f"没有抽样：结论只看中心值，没有概率；请用 --draws {fewest} 以上",
            f"no draws: verdicts rest on the central line alone, without probabilities; use --draws {fewest} "
            "or more",
            lang,
        )
    return label(
        f"只有 {draws} 次抽样（少于 {fewest} 次）：概率只写到抽样所能支持的程度，结论可能因抽样而变；"
        f"请用 --draws {fewest} 以上",
        f"only {draws} draws (fewer than {fewest}): probabilities are given as far as these carry them, and "
        f"verdicts may change with the draws; use --draws {fewest} or more",
        lang,
    )
