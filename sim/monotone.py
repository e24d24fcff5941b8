"""A smooth curve through points that rises and falls only where they do.

scipy.interpolate.PchipInterpolator is the same curve (tests/test_monotone.py), but loading it takes a tenth
of a second of every command.
"""

from __future__ import annotations

import numpy as np

from sim.arrays import Floats


def monotone_cubic(x: Floats, y: Floats, at: Floats) -> Floats:
    """Heights at `at` of the monotone cubic Hermite curve through (x, y).

    x: rising, two or more.  y: as many.  at: within x[0]..x[-1].
    The slope at a point is the weighted harmonic mean of those of its two chords, 0 at a turn (Fritsch and
    Butland 1984, SIAM J Sci Stat Comput 5:300-304); at an end that of the parabola through three points, kept
    to the side and to three times the steepness of the first chord.
    """
    width = np.diff(x)
    chord = np.diff(y) / width
    slope = _slopes(width, chord)
    k = np.clip(np.searchsorted(x, at, side="right") - 1, 0, len(chord) - 1)
    s = at - x[k]
    bend = (slope[:-1] + slope[1:] - 2 * chord) / width
    second = (chord - slope[:-1]) / width - bend
    return np.asarray(y[k] + s * (slope[k] + s * (second[k] + s * bend[k] / width[k])))


def _slopes(width: Floats, chord: Floats) -> Floats:
    """At each point."""
    if len(chord) == 1:
        return np.repeat(chord, 2)
    before, after = chord[:-1], chord[1:]
    first, last = 2 * width[1:] + width[:-1], width[1:] + 2 * width[:-1]
    same = before * after > 0
    inner = np.zeros(len(before))
    weighed = first[same] / before[same] + last[same] / after[same]
    inner[same] = (first[same] + last[same]) / weighed
    return np.concatenate([[_end(width, chord)], inner, [_end(width[::-1], chord[::-1])]])


def _end(width: Floats, chord: Floats) -> float:
    """At the first point."""
    near, next_ = float(chord[0]), float(chord[1])
    slope = ((2 * width[0] + width[1]) * near - width[0] * next_) / (width[0] + width[1])
    if slope * near <= 0:
        return 0.0
    if near * next_ <= 0 and abs(slope) > 3 * abs(near):
        return 3 * near
    return float(slope)
