"""WISN against a published computation with every input printed.

Burmen B, Owuor N, Mitei P (2017), An assessment of staffing needs at a HIV clinic in Western Kenya
using the WHO workload indicators of staffing need, Human Resources for Health 15:9, Table 3,
doi 10.1186/s12960-017-0186-3: 100 000 consultations of a quarter of an hour; clinicians consult on
4.5 days of 52 weeks less 10 public holidays, 30 days of leave and 15 of sickness, 8 hours each;
10 of those days go on training (the category allowance).
"""

import pytest
import xarray as xr

from sim.demand.workforce import wisn_staff

CONSULTATIONS, HOURS_EACH = 100_000, 0.25
DAYS = 4.5 * 52 - 10 - 30 - 15
HOURS_A_DAY = 8.0
TRAINING_DAYS = 10.0


def _clinicians(service_share: float, individual_share: float = 0.0) -> float:
    hours = xr.DataArray(CONSULTATIONS * HOURS_EACH)
    available = xr.DataArray(DAYS * HOURS_A_DAY)
    return float(wisn_staff(hours, available, xr.DataArray(service_share), individual_share))


def test_available_working_time_of_the_paper():
    assert DAYS == 179.0


def test_baseline_staff_of_the_paper():
    """3125 working days of consultations over 179 days a clinician: 17.46 staff, as printed."""
    assert _clinicians(1.0) == pytest.approx(17.46, abs=0.005)


def test_category_allowance_of_the_paper():
    """10 of 179 days: the manual's factor 1 / (1 - 10 / 179) = 1.0592 on the printed 17.46."""
    want = 17.458 / (1 - TRAINING_DAYS / DAYS)
    assert _clinicians(1 - TRAINING_DAYS / DAYS) == pytest.approx(want, rel=1e-4)


def test_individual_allowance_adds_the_posts_of_those_who_do_other_work():
    """With one post in twenty on other work, service posts are the other nineteen."""
    assert _clinicians(1.0, 0.05) * 0.95 == pytest.approx(_clinicians(1.0))
