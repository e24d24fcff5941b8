"""Significant digits of stored numbers: the error is what is said, and zero bits are left."""

import numpy as np
import pytest

from sim.digits import FEWEST, MOST, to_digits

VALUES = (np.random.default_rng(1).lognormal(0.0, 9.0, 20_000) * np.tile([1, -1], 10_000)).astype(np.float32)


@pytest.mark.parametrize("digits", range(FEWEST, MOST))
def test_off_by_at_most_half_a_unit_of_the_last_digit(digits: int):
    kept = to_digits(VALUES, digits).astype(float)
    unit = 10.0 ** (np.floor(np.log10(np.abs(VALUES.astype(float)))) - (digits - 1))
    assert (np.abs(kept - VALUES) <= 0.5 * unit).all()
    assert (np.abs(kept - VALUES) > 0.05 * unit).any()


def test_rounding_again_changes_nothing():
    once = to_digits(VALUES, 5)
    assert once.tobytes() == to_digits(once, 5).tobytes()


def test_what_is_no_number_and_nought_stay():
    special = np.array([0.0, np.nan, np.inf, -np.inf], np.float32)
    np.testing.assert_array_equal(to_digits(special, 5), special)


def test_a_number_is_rounded_alike_whatever_stands_beside_it():
    alone = np.concatenate([to_digits(VALUES[i : i + 1], 5) for i in range(50)])
    np.testing.assert_array_equal(alone, to_digits(VALUES[:50], 5))


def test_bits_that_are_left_are_zero():
    assert not (to_digits(VALUES, 5).view(np.uint32) & 0x3F).any()
