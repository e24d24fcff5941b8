"""How older people of a place come, go and die apart from what its net migration says of them.

The yearly rate at which migration moved a cohort (census survival beside the nation's), less what a
line on the place's net rate gives it: at ages past 45 these residuals move together, the leading
component of their covariance, so that one deviation with a shape over ages stands for them.  It holds
old people who move for their own reasons, mortality beside the nation's, and ages that two censuses
counted unlike; two censuses do not tell these apart.
Method: principal components of forecast errors by age (Lee & Carter 1992, JASA 87(419), 659-671, for
mortality); census survival as Siegel & Swanson (2004), chapter 19.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.arrays import Floats

FIRST = 47.5  # middle age, in the middle of the decade, of the youngest cohort that counts
_WIDTH = 5.0
_YOUNGEST = 7.5  # middle age of the first cohort of the rates


@dataclass(frozen=True)
class Apart:
    """Residuals of the older cohorts, taken as one deviation of each place."""

    shape: Floats
    """Its rate at each cohort over the highest, (cohort,), 0..1."""
    own: Floats
    """Each place's deviation at the highest, share of these people a year (place,)."""
    share: float
    """Of the residuals' variance that it stands for."""

    @property
    def sd(self) -> float:
        """Standard deviation over places."""
        return float(self.own.std())


def middles(cohorts: int) -> Floats:
    """Age of each cohort in the middle of the decade, years."""
    return np.asarray(_YOUNGEST + _WIDTH * np.arange(cohorts), float)


def apart(rates: Floats, net: Floats) -> Apart:
    """The deviation of older cohorts beside their place's net migration.

    rates: yearly rates of cohorts (place, sex, cohort).  net: yearly net rate of each place, all ages
    (place,).  Both sexes count alike.
    """
    both = rates.mean(axis=1)
    line = np.stack([np.ones_like(net), net], axis=1)
    left = both - line @ np.linalg.lstsq(line, both, rcond=None)[0]
    left = left[:, middles(both.shape[1]) >= FIRST]
    places, strength, ways = np.linalg.svd(left, full_matrices=False)
    sign = 1.0 if ways[0].sum() >= 0 else -1.0
    way = np.maximum(sign * ways[0], 0.0)
    own = sign * places[:, 0] * strength[0] * way.max()
    return Apart(way / way.max(), own, float(strength[0] ** 2 / (strength**2).sum()))


def foretold(first: Apart, second: Apart) -> float:
    """What lasts of the places' deviations from one decade to the next: slope through the origin."""
    return float((first.own * second.own).sum() / (first.own**2).sum())
