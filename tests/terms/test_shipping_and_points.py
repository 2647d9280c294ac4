"""Postage and points: at their bounds, and never more than they may take."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terms.promotions import read_promotions
from terms.shipping_and_points import points_earned, points_value, shipping_of

TERMS = read_promotions().on(date(2026, 10, 31))


@pytest.mark.parametrize(("total", "fee", "missing"), [(0, 800, 9900), (9899, 800, 1), (9900, 0, 0), (99999, 0, 0)])
def test_postage_is_free_from_a_sum_on(total: int, fee: int, missing: int) -> None:
    assert shipping_of(TERMS, total) == (fee, missing)


@pytest.mark.parametrize(
    ("points", "total", "off"), [(0, 10000, 0), (999, 10000, 999), (1000, 10000, 1000), (1001, 10000, 1000), (5, 9, 0)]
)
def test_points_pay_a_part_of_the_price(points: int, total: int, off: int) -> None:
    assert points_value(TERMS, points, total) == off


def test_only_whole_points_are_taken() -> None:
    assert points_value(replace(TERMS, point_worth=30), 100, 1000) == 90


@pytest.mark.parametrize(("paid", "points"), [(0, 0), (99, 0), (100, 1), (12345, 123)])
def test_begun_yuan_bring_no_point(paid: int, points: int) -> None:
    assert points_earned(TERMS, paid) == points


@given(st.integers(0, 10**6), st.integers(0, 10**7), st.integers(1, 100), st.integers(0, 100))
def test_points_never_take_more_than_they_may(points: int, total: int, worth: int, percent: int) -> None:
    off = points_value(replace(TERMS, point_worth=worth, points_most_percent=percent), points, total)
    assert 0 <= off * 100 <= total * percent
    assert off <= points * worth
    assert off % worth == 0


def test_amounts_below_zero_are_refused() -> None:
    for wrong in (lambda: shipping_of(TERMS, -1), lambda: points_value(TERMS, -1, 1), lambda: points_earned(TERMS, -1)):
        with pytest.raises(ValueError, match="cannot be negative"):
            wrong()
