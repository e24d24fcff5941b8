"""WISN against a published computation with every input printed.

Burmen B, Owuor N, Mitei P (2017), An assessment of staffing needs at a HIV clinic in Western Kenya
using the WHO workload indicators of staffing need, Human Resources for Health 15:9, Table 3,
doi 10.1186/s12960-017-0186-3: 100 000 consultations of a quarter of an hour; clinicians consult on
4.5 days of 52 weeks less 10 public holidays, 30 days of leave and 15 of sickness, 8 hours each;
10 of those days go on training (the category allowance).
"""

import pytest
import xarray as xr

from sim.demand.workforce import wisn_staff, with_other_posts
from sim.errors import ParameterError

CONSULTATIONS, HOURS_EACH = 100_000, 0.25
DAYS = 4.5 * 52 - 10 - 30 - 15
HOURS_A_DAY = 8.0
TRAINING_DAYS = 10.0


def _clinicians(service_share: float, individual_posts: float = 0.0) -> float:
    hours = xr.DataArray(CONSULTATIONS * HOURS_EACH)
    available = xr.DataArray(DAYS * HOURS_A_DAY)
    return float(wisn_staff(hours, available, xr.DataArray(service_share), individual_posts))


def test_available_working_time_of_the_paper():
    assert DAYS == 179.0


def test_baseline_staff_of_the_paper():
    """3125 working days of consultations over 179 days a clinician: 17.46 staff, as printed."""
    assert _clinicians(1.0) == pytest.approx(17.46, abs=0.005)


def test_category_allowance_of_the_paper():
    """10 of 179 days: the manual's factor 1 / (1 - 10 / 179) = 1.0592 on the printed 17.46."""
    want = 17.458 / (1 - TRAINING_DAYS / DAYS)
    assert _clinicians(1 - TRAINING_DAYS / DAYS) == pytest.approx(want, rel=1e-4)


def test_individual_allowance_is_posts_on_top_as_in_the_manual():
    """A x B + C: an allowance of 0.15 post (268 hours of one member's other work) adds 0.15 post."""
    other_hours = 0.15 * DAYS * HOURS_A_DAY
    allowance = other_hours / (DAYS * HOURS_A_DAY)
    assert _clinicians(0.9, allowance) == pytest.approx(_clinicians(0.9) + 0.15, rel=1e-12)


def test_posts_on_other_work_are_a_share_of_all_posts():
    """With one post in twenty on other work, service posts are the other nineteen."""
    service = xr.DataArray(19.0)
    assert float(with_other_posts(service, xr.DataArray(0.05))) == pytest.approx(20.0)


@pytest.mark.parametrize(
    ("hours", "available", "share", "posts", "text"),
    [
        (-1.0, 1800.0, 0.9, 0.0, "service_hours . negative: -1"),
        (1e4, 0.0, 0.9, 0.0, "available_hours . not above 0: 0"),
        (1e4, 1800.0, 85.0, 0.0, "service_share . above 1: 85 .*not per cent"),
        (1e4, 1800.0, 0.0, 0.0, "service_share . not above 0: 0"),
        (1e4, 1800.0, -0.1, 0.0, "service_share . not above 0: -0.1"),
        (1e4, 1800.0, float("nan"), 0.0, "service_share . not finite: nan"),
        (1e4, 1800.0, 0.9, -0.5, "individual_posts . negative: -0.5"),
    ],
)
def test_wrong_arguments_are_refused_by_name(hours, available, share, posts, text):
    with pytest.raises(ParameterError, match=text.replace(" . ", r" \| ")):
        wisn_staff(*(xr.DataArray(v) for v in (hours, available, share, posts)))


@pytest.mark.parametrize(("share", "text"), [(1.0, "below 1"), (15.0, "above 1: 15"), (-0.1, "negative")])
def test_a_share_of_other_posts_leaves_some_for_services(share, text):
    with pytest.raises(ParameterError, match=text):
        with_other_posts(xr.DataArray(19.0), xr.DataArray(share))
