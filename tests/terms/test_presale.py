"""Pre-orders: the balance, the moments at which it can be paid, and the deposit."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terms.presale import Presale, balance_state, deposit_back, presale_price
from terms.promotions import read_promotions

TERMS = read_promotions().on(date(2026, 10, 31))
START = datetime(2026, 11, 1, 20, tzinfo=timezone(timedelta(hours=8)))
UNTIL = START + timedelta(days=2)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("deposit", "worth", "price", "balance"),
    [(5000, 10000, 39900, 29900), (0, 0, 100, 100), (100, 100, 100, 0), (5000, 10000, 8000, 0)],
)
def test_what_is_left_to_pay(deposit: int, worth: int, price: int, balance: int) -> None:
    assert presale_price(deposit, worth, price) == Presale(deposit, worth, balance)


@pytest.mark.parametrize("amounts", [(-1, 0, 100), (200, 100, 300), (200, 200, 100)])
def test_a_deposit_that_cannot_be_is_refused(amounts: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="a deposit is no more"):
        presale_price(*amounts)


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_pre_order_never_costs_more_than_the_price(deposit: int, more: int, price: int) -> None:
    if deposit <= price:
        found = presale_price(deposit, deposit + more, price)
        assert found.balance >= 0
        assert found.deposit + found.balance <= price


@pytest.mark.parametrize(
    ("now", "state", "holds"),
    [
        (START - SECOND, "early", [False]),
        (START, "open", [True, True]),
        (START.astimezone(timezone.utc), "open", [True, True]),
        (UNTIL, "open", [True, True]),
        (UNTIL + SECOND, "missed", [True, False]),
    ],
)
def test_moments_of_the_balance(now: datetime, state: str, holds: list[bool]) -> None:
    found = balance_state(now, START, UNTIL)
    assert (found.state, [one.holds for one in found.reasons]) == (state, holds)


@pytest.mark.parametrize(("now", "until"), [(datetime(2026, 11, 1), UNTIL), (START, START - SECOND)])
def test_a_time_that_cannot_be_is_refused(now: datetime, until: datetime) -> None:
    with pytest.raises(ValueError, match="the time for the balance"):
        balance_state(now, START, until)


@pytest.mark.parametrize(
    ("rule", "shop_at_fault", "amount"),
    [
        ("shop_fault_only", True, 10000),
        ("shop_fault_only", False, 0),
        ("always", True, 10000),
        ("always", False, 5000),
    ],
)
def test_when_a_deposit_goes_back(rule: str, shop_at_fault: bool, amount: int) -> None:
    found = deposit_back(replace(TERMS, deposit_back=rule), 5000, shop_at_fault)
    assert found.amount == amount
    assert any(one.holds for one in found.reasons) is (amount > 0)


def test_a_deposit_below_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be negative"):
        deposit_back(TERMS, -1, True)
