"""What is shared out adds up, to the fen; what goes back is never more than what was paid."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terms.shares import refund_of, shares

AMOUNTS = st.integers(0, 10**7)
LINES = st.lists(st.tuples(st.integers(0, 10**5), st.integers(1, 9)), min_size=1, max_size=30)


@pytest.mark.parametrize(
    ("amount", "weights", "parts"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (5000, [19900, 9900, 100], [3328, 1655, 17]),
        (7, [0, 0], [4, 3]),
        (0, [3, 4], [0, 0]),
        (0, [], []),
    ],
)
def test_shares(amount: int, weights: list[int], parts: list[int]) -> None:
    assert shares(amount, weights) == parts


@given(AMOUNTS, st.lists(AMOUNTS, min_size=1, max_size=40))
def test_shares_add_up_and_are_exact_to_a_fen(amount: int, weights: list[int]) -> None:
    found = shares(amount, weights)
    assert sum(found) == amount
    total = sum(weights)
    if total:
        assert all(abs(one * total - amount * weight) < total for one, weight in zip(found, weights))  # noqa: B905


@pytest.mark.parametrize(("amount", "weights"), [(-1, [1]), (1, [-1]), (1, [])])
def test_what_cannot_be_shared_is_refused(amount: int, weights: list[int]) -> None:
    with pytest.raises(ValueError, match=r"negative|nothing"):
        shares(amount, weights)


def test_one_of_two_bought_with_50_off_300() -> None:
    # 199.00 + 101.00 = 300.00, 50.00 off: 250.00 paid; the first bears 199/300 of it.
    assert refund_of([19900, 10100], [1, 1], 25000, [1, 0]) == 16583
    assert refund_of([19900, 10100], [1, 1], 25000, [0, 1]) == 8417


@given(LINES, st.data())
def test_a_refund_is_never_more_than_was_paid_and_all_of_it_for_all(
    lines: list[tuple[int, int]], data: st.DataObject
) -> None:
    prices, quantities = [price for price, _ in lines], [quantity for _, quantity in lines]
    paid = data.draw(st.integers(0, sum(price * quantity for price, quantity in lines)))
    some = [data.draw(st.integers(0, quantity)) for quantity in quantities]
    more = [data.draw(st.integers(back, quantity)) for back, quantity in zip(some, quantities)]  # noqa: B905
    assert refund_of(prices, quantities, paid, quantities) == paid
    assert 0 <= refund_of(prices, quantities, paid, some) <= refund_of(prices, quantities, paid, more) <= paid
    assert refund_of(prices, quantities, paid, [0] * len(lines)) == 0


@pytest.mark.parametrize("returned", [[2, 0], [-1, 0], [1]])
def test_no_more_goes_back_than_was_bought(returned: list[int]) -> None:
    with pytest.raises(ValueError, match=r"no more|each line"):
        refund_of([100, 100], [1, 1], 200, returned)
