"""Person-years lived in an age group by those who die in it (ax), by named rule.

Floatss are NumPy with AGE FIRST, any further axes behind it; the last age group is open.
Rules: Coale and Demeny (1983) West relations in m0 (Preston, Heuveline and Guillot 2001,
table 3.3, p. 48); Andreev and Kingkade (2015), in m0 as the Human Mortality Database's methods
protocol, version 6, gives them; the United Nations' use of the same coefficients in WPP 2024;
Greville's formula as in United Nations (1982), Model Life Tables, p. 31, and MORTPAK.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from sim.argument_kinds import looked_at
from sim.arguments import choice_faults, count_faults, positive_faults, rate_faults, refuse
from sim.arrays import Floats
from sim.errors import ParameterError, fault

RULES = ("wpp", "andreev_kingkade", "coale_demeny", "greville", "midpoint")
SEXES = ("female", "male", "both")

_Pieces: TypeAlias = dict[str, tuple[tuple[float, float, float], ...]]

# a0 = c0 + c1 m0 below the cut; (cut, c0, c1), last piece constant. Rate per person-year.
_WPP: _Pieces = {
    "male": ((0.0226, 0.1493, -2.0367), (0.0785, 0.0244, 3.4994), (np.inf, 0.2991, 0.0)),
    "female": ((0.0170, 0.1490, -2.0867), (0.0658, 0.0438, 4.1075), (np.inf, 0.3141, 0.0)),
}
_ANDREEV_KINGKADE: _Pieces = {
    "male": ((0.0230, 0.14929, -1.99545), (0.08307, 0.02832, 3.26021), (np.inf, 0.29915, 0.0)),
    "female": ((0.01724, 0.14903, -2.05527), (0.06891, 0.04667, 3.88089), (np.inf, 0.31411, 0.0)),
}
_WEST_A0: _Pieces = {
    "male": ((0.107, 0.045, 2.684), (np.inf, 0.330, 0.0)),
    "female": ((0.107, 0.053, 2.800), (np.inf, 0.350, 0.0)),
}
_WEST_A1: _Pieces = {
    "male": ((0.107, 1.651, -2.816), (np.inf, 1.352, 0.0)),
    "female": ((0.107, 1.522, -1.518), (np.inf, 1.361, 0.0)),
}
_LEAST_OLD_AX = 0.97  # years; five-year group at a constant hazard of 1 (MORTPAK, UN)
HIGHEST_OPEN_RATE = 10.0  # per person-year: life ends in the open group, but not within five weeks
_GREVILLE_FROM = 15  # age; below it the UN procedure takes 2.5


@looked_at
def infant_ax(m0: Floats, sex: str, rule: str = "wpp") -> Floats:
    """Mean age at death of infants, years, 0..1, from the infant death rate m0.

    m0: person-1 year-1, any shape, which the result has too.  Sex "both" takes the mean of the two
    sexes' rules.
    Raises ParameterError for an unknown rule or sex, m0 < 0, not finite or per 1000.
    """
    refuse(name_faults(sex, rule), rate_faults("m0", m0, high=HIGHEST_OPEN_RATE))
    if rule == "midpoint":
        return np.full_like(m0, 0.5)
    return _piecewise(m0, sex, _pieces_of(rule))


def _pieces_of(rule: str) -> _Pieces:
    return {"wpp": _WPP, "andreev_kingkade": _ANDREEV_KINGKADE}.get(rule, _WEST_A0)


def infant_pieces(sex: str, rule: str = "wpp") -> Floats:
    """The rule of `infant_ax` as rows (cut, constant, slope), the last first: constant + slope m0 below it.

    Raises ParameterError for an unknown rule or sex, and for both sexes together, which have no such rows.
    """
    refuse(name_faults(sex, rule), choice_faults("sex", sex, SEXES[:2]))
    if rule == "midpoint":
        return np.array([[np.inf, 0.5, 0.0]])
    return np.array(_pieces_of(rule)[sex][::-1])


@looked_at
def ax_by_rule(mx: Floats, width: Floats, sex: str, rule: str = "wpp", first: float = 0.0) -> Floats:
    """Person-years lived by those who die, per age group; age first, last group open (1 / mx).

    mx: death rates per person-year.  width: years per group; the last one is not used.  first: age
    at which the first group starts: the rules for infants hold at birth only.
    Raises ParameterError for an unknown name, mx < 0, not finite or per 1000, widths that are not one a
    group or not above 0, or Greville without groups 0, 1-4, 5-9, ...
    """
    if not mx.ndim or np.shape(width) != mx.shape[:1]:
        wrong = f"shapes {mx.shape} and {np.shape(width)}"
        raise ParameterError(fault("mx, width", wrong, "ages first, one width for each group"))
    axes = ("age", *(f"axis {i}" for i in range(1, mx.ndim)))
    refuse(
        name_faults(sex, rule),
        rate_faults("mx", mx, axes, high=HIGHEST_OPEN_RATE),
        count_faults("first", first),
    )
    refuse(positive_faults("width", width[:-1], "years, above 0", axes))
    ax = np.empty_like(mx)
    ax[:] = (0.5 * width).reshape((-1,) + (1,) * (mx.ndim - 1))
    born = first == 0.0
    if born and width[0] == 1.0:
        ax[0] = infant_ax(mx[0], sex, rule)
    if born and len(width) > 2 and width[1] == 4.0 and rule != "midpoint":
        ax[1] = _piecewise(mx[0], sex, _WEST_A1)
    if rule == "greville":
        if not born:
            wrong = f"'greville' from age {first:g} on"
            raise ParameterError(fault("ax", wrong, "groups 0, 1-4, 5-9, .., or use 'coale_demeny'"))
        _greville(mx, width, ax)
    with np.errstate(divide="ignore"):
        ax[-1] = 1.0 / mx[-1]
    return ax


def _greville(mx: Floats, width: Floats, ax: Floats) -> None:
    """Fill 15-19 and above: 2.5 - 25/12 (m - k), k = log(m(x+5) / m(x-5)) / 10."""
    if len(width) < 5 or tuple(width[:3]) != (1.0, 4.0, 5.0) or np.any(width[2:-1] != 5.0):
        raise ParameterError(
            fault("ax", "'greville' with other groups than 0, 1-4, 5-9, ..", "use 'coale_demeny'")
        )
    start = np.concatenate([[0.0], np.cumsum(width[:-1])])
    first, last = int(np.searchsorted(start, _GREVILLE_FROM)), len(width) - 1
    tiny = np.finfo(float).tiny
    k = np.log(np.maximum(mx[first + 1 : last], tiny) / np.maximum(mx[first - 1 : last - 2], tiny))
    k = np.concatenate([k, k[-1:]]) / 10.0  # the last closed group takes its neighbour's slope
    ax[first:last] = 2.5 - 25.0 / 12.0 * (mx[first:last] - k)
    old = start[:last] > 35.0
    ax[:last][old] = np.maximum(ax[:last][old], _LEAST_OLD_AX)


def _piecewise(m0: Floats, sex: str, table: _Pieces) -> Floats:
    if sex == "both":
        return 0.5 * (_piecewise(m0, "female", table) + _piecewise(m0, "male", table))
    a0 = np.empty_like(m0)
    for cut, constant, slope in reversed(table[sex]):
        np.copyto(a0, constant + slope * m0, where=m0 < cut)
    return a0


def name_faults(sex: str, rule: str) -> list[str]:
    """An unknown rule or sex."""
    rules = [] if rule in RULES else [fault("ax", f"rule {rule!r} unknown", "one of " + ", ".join(RULES))]
    return rules + choice_faults("sex", sex, SEXES)
