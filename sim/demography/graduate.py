"""Graduation: totals of age groups to single years of age, by a named method.

Every method keeps the group totals but `beers_modified`, which smooths across groups.  Multiplier
tables: Sprague (1880) and Beers (1945) as printed in Siegel & Swanson (2004), The Methods and
Materials of Demography, 2nd ed., appendix C.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from scipy.interpolate import PchipInterpolator

from sim.arguments import count_faults, refuse
from sim.arrays import Floats, Integers
from sim.errors import ParameterError, fault

# Rows: the five fifths of a panel; columns: the five groups around it.
_SPRAGUE_FIRST = (
    (0.3616, -0.2768, 0.1488, -0.0336, 0.0),
    (0.2640, -0.0960, 0.0400, -0.0080, 0.0),
    (0.1840, 0.0400, -0.0320, 0.0080, 0.0),
    (0.1200, 0.1360, -0.0720, 0.0160, 0.0),
    (0.0704, 0.1968, -0.0848, 0.0176, 0.0),
    (0.0336, 0.2272, -0.0752, 0.0144, 0.0),
    (0.0080, 0.2320, -0.0480, 0.0080, 0.0),
    (-0.0080, 0.2160, -0.0080, 0.0, 0.0),
    (-0.0160, 0.1840, 0.0400, -0.0080, 0.0),
    (-0.0176, 0.1408, 0.0912, -0.0144, 0.0),
)
_SPRAGUE_MIDDLE = (
    (-0.0128, 0.0848, 0.1504, -0.0240, 0.0016),
    (-0.0016, 0.0144, 0.2224, -0.0416, 0.0064),
    (0.0064, -0.0336, 0.2544, -0.0336, 0.0064),
    (0.0064, -0.0416, 0.2224, 0.0144, -0.0016),
    (0.0016, -0.0240, 0.1504, 0.0848, -0.0128),
)
_BEERS_ORDINARY_FIRST = (
    (0.3333, -0.1636, -0.0210, 0.0796, -0.0283),
    (0.2595, -0.0780, 0.0130, 0.0100, -0.0045),
    (0.1924, 0.0064, 0.0184, -0.0256, 0.0084),
    (0.1329, 0.0844, 0.0054, -0.0356, 0.0129),
    (0.0819, 0.1508, -0.0158, -0.0284, 0.0115),
    (0.0404, 0.2000, -0.0344, -0.0128, 0.0068),
    (0.0093, 0.2268, -0.0402, 0.0028, 0.0013),
    (-0.0108, 0.2272, -0.0248, 0.0112, -0.0028),
    (-0.0198, 0.1992, 0.0172, 0.0072, -0.0038),
    (-0.0191, 0.1468, 0.0822, -0.0084, -0.0015),
)
_BEERS_ORDINARY_MIDDLE = (
    (-0.0117, 0.0804, 0.1570, -0.0284, 0.0027),
    (-0.0020, 0.0160, 0.2200, -0.0400, 0.0060),
    (0.0050, -0.0280, 0.2460, -0.0280, 0.0050),
    (0.0060, -0.0400, 0.2200, 0.0160, -0.0020),
    (0.0027, -0.0284, 0.1570, 0.0804, -0.0117),
)
_BEERS_MODIFIED_FIRST = (
    (0.3332, -0.1938, 0.0702, -0.0118, 0.0022),
    (0.2569, -0.0753, 0.0205, -0.0027, 0.0006),
    (0.1903, 0.0216, -0.0146, 0.0032, -0.0005),
    (0.1334, 0.0969, -0.0351, 0.0059, -0.0011),
    (0.0862, 0.1506, -0.0410, 0.0054, -0.0012),
    (0.0486, 0.1831, -0.0329, 0.0021, -0.0009),
    (0.0203, 0.1955, -0.0123, -0.0031, -0.0004),
    (0.0008, 0.1893, 0.0193, -0.0097, 0.0003),
    (-0.0108, 0.1677, 0.0577, -0.0153, 0.0007),
    (-0.0159, 0.1354, 0.0972, -0.0170, 0.0003),
)
_BEERS_MODIFIED_MIDDLE = (
    (-0.0160, 0.0973, 0.1321, -0.0121, -0.0013),
    (-0.0129, 0.0590, 0.1564, 0.0018, -0.0043),
    (-0.0085, 0.0260, 0.1650, 0.0260, -0.0085),
    (-0.0043, 0.0018, 0.1564, 0.0590, -0.0129),
    (-0.0013, -0.0121, 0.1321, 0.0973, -0.0160),
)
_PANEL = 5


def graduate(groups: Floats, starts: Sequence[int], end: int, method: str = "pchip") -> Floats:
    """Single ages from age groups.

    groups: totals, persons or events, (..., group).  starts: first age of each group, rising.
    end: last age of the last group.  method: `pchip` (monotone cubic on the cumulated totals),
    `uniform`, and for 5-year groups `sprague`, `beers_ordinary`, `beers_modified`.
    Returns (..., age) for ages starts[0]..end; each group's ages add up to its total, except
    under `beers_modified`.
    `pchip` never returns a negative age, the multiplier methods may.
    Fritsch & Carlson (1980), doi:10.1137/0717021, for the monotone cubic.
    Raises ParameterError for an unknown method, ages out of order, groups not of 5 years, totals
    below 0 or not finite.
    """
    refuse(count_faults("groups", groups))
    edges = np.array([*starts, end + 1])
    if groups.shape[-1] != len(starts) or (np.diff(edges) <= 0).any():
        wrong = f"{groups.shape[-1]} groups, first ages {list(starts)}, last age {end}"
        raise ParameterError(fault("graduate", wrong, "one rising first age for each group"))
    if method not in METHODS:
        raise ParameterError(fault("graduate", f"no method '{method}'", f"one of {list(METHODS)}"))
    return METHODS[method](groups, edges)


def _uniform(groups: Floats, edges: Integers) -> Floats:
    widths = np.diff(edges)
    return np.repeat(groups / widths, widths, axis=-1)


def _pchip(groups: Floats, edges: Integers) -> Floats:
    zero = np.zeros((*groups.shape[:-1], 1))
    cumulated = np.concatenate([zero, np.cumsum(groups, axis=-1)], axis=-1)
    curve = PchipInterpolator(edges, cumulated, axis=-1)
    return np.asarray(np.diff(curve(np.arange(edges[0], edges[-1] + 1)), axis=-1))


def _multipliers(
    first: Sequence[Sequence[float]], middle: Sequence[Sequence[float]]
) -> Callable[[Floats, Integers], Floats]:
    def split(groups: Floats, edges: Integers) -> Floats:
        if (np.diff(edges) != _PANEL).any() or groups.shape[-1] < _PANEL:
            wrong = f"groups at {edges.tolist()}"
            remedy = "five or more groups of five years, the open one left out"
            raise ParameterError(fault("graduate", wrong, remedy))
        matrix = _matrix(np.array(first), np.array(middle), groups.shape[-1])
        return np.asarray(groups @ matrix.T)

    return split


def _matrix(first: Floats, middle: Floats, n: int) -> Floats:
    matrix = np.zeros((_PANEL * n, n))
    for panel in range(2, n - 2):
        matrix[_PANEL * panel : _PANEL * (panel + 1), panel - 2 : panel + 3] = middle
    matrix[: 2 * _PANEL, :_PANEL] = first
    matrix[-2 * _PANEL :, -_PANEL:] = first[::-1, ::-1]
    return matrix


METHODS: dict[str, Callable[[Floats, Integers], Floats]] = {
    "pchip": _pchip,
    "uniform": _uniform,
    "sprague": _multipliers(_SPRAGUE_FIRST, _SPRAGUE_MIDDLE),
    "beers_ordinary": _multipliers(_BEERS_ORDINARY_FIRST, _BEERS_ORDINARY_MIDDLE),
    "beers_modified": _multipliers(_BEERS_MODIFIED_FIRST, _BEERS_MODIFIED_MIDDLE),
}
