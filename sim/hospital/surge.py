"""An epidemic wave as arrivals, and the census of beds that it fills.

People infected = attack rate x population; a share by age needs a bed; admissions follow the
curve of infections; the census on a day is the sum of earlier admissions still in bed
(M(t)/G/infinity: the mean is exact for any shape of stay).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from sim.errors import ParameterError, fault, raise_all
from sim.hospital.arrivals import HOURS, Clock, Pattern, daily_rates
from sim.hospital.erlang import LoadPattern
from sim.hospital.stays import survival_days

Floats = NDArray[np.float64]

_TAIL = 4.0  # standard deviations of the curve that are kept on each side of its peak


@dataclass(frozen=True)
class Epidemic:
    """A named wave. Shares 0..1; days; fractions are of the infected, by single age 0..100."""

    name: str
    attack_rate: float
    half_width: float  # half of the width of the curve at half of its height, days
    peak_day: int  # of admissions, days from 1 January (negative: before)
    severity: float  # multiplies both fractions
    ward_days: float
    icu_days: float

    def __post_init__(self) -> None:
        faults = []
        if not 0 < self.attack_rate <= 1:
            faults.append(fault(self.name, f"attack rate {self.attack_rate:g}", "above 0, to 1"))
        for label, value in (
            ("half-width", self.half_width),
            ("ward days", self.ward_days),
            ("ICU days", self.icu_days),
        ):
            if not math.isfinite(value) or value <= 0:
                faults.append(fault(self.name, f"{label} {value:g}", "a finite number above 0"))
        if not math.isfinite(self.severity) or self.severity < 0:
            faults.append(fault(self.name, f"severity {self.severity:g}", "0 or more"))
        raise_all(ParameterError, faults)


def wave_curve(half_width: float) -> tuple[Floats, int]:
    """(share of the wave on each day, day of the peak in it): a normal curve that adds up to 1."""
    sigma = half_width / math.sqrt(2.0 * math.log(2.0))
    reach = math.ceil(_TAIL * sigma)
    curve = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    return curve / curve.sum(), reach


def patients_of_wave(population: ArrayLike, fraction: ArrayLike, epidemic: Epidemic) -> float:
    """People whom the wave sends to bed: sum over ages of population x attack x share."""
    people = np.asarray(population, dtype=np.float64)
    share = np.asarray(fraction, dtype=np.float64) * epidemic.severity
    if people.shape != share.shape:
        wrong = f"{people.shape} people, {share.shape} fractions"
        raise ParameterError(fault(epidemic.name, wrong, "one fraction an age"))
    return float((people * share).sum() * epidemic.attack_rate)


def wave_admissions(total: float, epidemic: Epidemic) -> tuple[tuple[float, ...], int]:
    """(admissions per day, first day from 1 January) of `total` patients."""
    curve, reach = wave_curve(epidemic.half_width)
    return tuple((total * curve).tolist()), epidemic.peak_day - reach


def census(per_day: ArrayLike, mean_stay: float, cv: float, shape: str = "lognormal") -> Floats:
    """Expected patients in bed on each day of `per_day` and on as many days again after it."""
    admissions = np.asarray(per_day, dtype=np.float64)
    alive = survival_days(mean_stay, cv, 2 * admissions.size, shape)
    return np.asarray(np.convolve(admissions, alive)[: 2 * admissions.size])


def peak_census(per_day: ArrayLike, mean_stay: float, cv: float, shape: str = "lognormal") -> float:
    """Largest expected number in bed."""
    return float(census(per_day, mean_stay, cv, shape).max())


def load_pattern(
    year: int,
    mean_stay: float,
    cv: float,
    emergency: Pattern,
    elective: Pattern,
    elective_share: float,
    discharge: tuple[float, float] | None = None,
    classes: int = 48,
) -> LoadPattern:
    """Relative offered load over the hours of the year, in `classes` of equal numbers of hours.

    Over the days: arrivals smoothed by the stay. Within the day, where discharges have an hour
    (mean, standard deviation): arrivals so far less discharges so far, as a share of the load
    (a day's admissions are 1 / mean stay of it).
    """
    clock = Clock(year)
    urgent = daily_rates(clock, 1.0 - elective_share, emergency)
    arrivals = urgent + daily_rates(clock, elective_share, elective)
    days = arrivals.size
    wrapped = survival_days(mean_stay, cv, 4 * days).reshape(4, days).sum(axis=0)
    load = np.real(np.fft.ifft(np.fft.fft(arrivals) * np.fft.fft(wrapped)))
    hours = (1.0 - elective_share) * np.asarray(emergency.hour)
    hours = hours + elective_share * np.asarray(elective.hour)
    hours = hours / hours.sum()
    swing = np.zeros(HOURS)
    if discharge is not None:
        swing = (np.cumsum(hours) - 0.5 * hours - _discharged(*discharge)) / mean_stay
        swing = swing - swing.mean()
    by_hour = (load / load.mean())[:, None] + swing * (arrivals / arrivals.mean())[:, None]
    weight = arrivals[:, None] * hours
    order = np.argsort(by_hour, axis=None)
    parts = [(by_hour.ravel()[k], weight.ravel()[k]) for k in np.array_split(order, classes)]
    total = weight.sum()
    means = np.maximum([part.mean() for part, _ in parts], 0.0)
    return LoadPattern(
        tuple((means / means.mean()).tolist()), tuple(float(w.sum() / total) for _, w in parts)
    )


def _discharged(hour: float, spread: float) -> Floats:
    """Share of the day's discharges done by the middle of each hour."""
    middle = np.arange(HOURS) + 0.5
    return np.asarray(stats.norm.cdf((middle - hour) / max(spread, 1e-9)))
