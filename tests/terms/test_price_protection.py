"""When the difference comes back after a price has fallen: every boundary day, every check."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terms.price_protection import Bought, price_protection
from terms.reasons import Reason
from terms.returns import read_returns

TERMS = read_returns().on(date(2026, 3, 1))
ORDERED, CAME = date(2026, 2, 26), date(2026, 3, 1)
SHIRT = Bought(CAME, ORDERED, "clothes", 19900, 2)


@pytest.mark.parametrize(("day", "amount"), [(0, 2000), (1, 2000), (15, 2000), (16, 0)])
def test_boundary_days(day: int, amount: int) -> None:
    found = price_protection(TERMS, SHIRT, 18900, CAME + timedelta(days=day))
    assert (found.amount, found.until) == (amount, CAME + timedelta(days=15))
    assert found.reasons[0] == Reason("protection_days", day <= 15, (("day", day), ("days", 15)))


@pytest.mark.parametrize(("price", "amount"), [(19899, 2), (19900, 0), (25000, 0), (0, 39800)])
def test_only_a_lower_price_brings_something(price: int, amount: int) -> None:
    found = price_protection(TERMS, SHIRT, price, CAME)
    assert found.amount == amount
    assert found.reasons[-1] == Reason("protection_price", amount > 0, (("paid", 19900), ("now", price)))


def test_goods_that_are_under_way_are_in_time() -> None:
    found = price_protection(TERMS, replace(SHIRT, delivered=None), 18900, ORDERED + timedelta(days=60))
    assert (found.amount, found.until, found.reasons[0]) == (2000, None, Reason("protection_early", True))


@pytest.mark.parametrize(("day", "amount"), [(15, 2000), (16, 0)])
def test_days_may_count_from_the_order(day: int, amount: int) -> None:
    terms = replace(TERMS, protection_from="created")
    assert price_protection(terms, SHIRT, 18900, ORDERED + timedelta(days=day)).amount == amount


@pytest.mark.parametrize("category", sorted(TERMS.protection_never))
def test_some_categories_never(category: str) -> None:
    found = price_protection(TERMS, replace(SHIRT, category=category), 18900, CAME)
    assert found.amount == 0
    assert [one.name for one in found.reasons if not one.holds] == ["protection_category"]


@pytest.mark.parametrize(
    ("bought", "price", "today"),
    [
        (SHIRT, 1, ORDERED - timedelta(days=1)),
        (SHIRT, 1, CAME - timedelta(days=1)),
        (SHIRT, -1, CAME),
        (replace(SHIRT, quantity=0), 1, CAME),
        (replace(SHIRT, unit_paid=-1), 1, CAME),
    ],
)
def test_what_cannot_be_is_refused(bought: Bought, price: int, today: date) -> None:
    with pytest.raises(ValueError, match=r"negative|after today"):
        price_protection(TERMS, bought, price, today)


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(1, 9), st.integers(0, 40), st.booleans())
def test_never_more_than_was_paid_and_nothing_without_every_check(
    paid: int, now: int, quantity: int, day: int, arrived: bool
) -> None:
    bought = Bought(CAME if arrived else None, ORDERED, "clothes", paid, quantity)
    found = price_protection(TERMS, bought, now, CAME + timedelta(days=day))
    assert 0 <= found.amount <= paid * quantity
    assert (found.amount > 0) is all(one.holds for one in found.reasons)
