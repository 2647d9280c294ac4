"""Shares an amount over the lines of an order, to the fen: what each piece has cost after the order's discounts.

The largest remainder method: every line gets its part rounded down, and the fen that are left go one each to the lines with the
largest remainders (the earlier line first), so the shares add up to the amount and differ from the exact ones by less than a fen.
"""

from __future__ import annotations

from collections.abc import Sequence


def shares(amount: int, weights: Sequence[int]) -> list[int]:
    """An amount in fen divided in proportion to weights; all of them zero share alike.

    Raises ValueError for a negative amount or weight, or for an amount without anybody to bear it.
    """
    if amount < 0 or any(weight < 0 for weight in weights):
        raise ValueError("amounts and weights cannot be negative")
    if not weights:
        if amount:
            raise ValueError("there is nothing to share the amount over")
        return []
    weights = list(weights) if any(weights) else [1] * len(weights)
    total = sum(weights)
    found = [amount * weight // total for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda at: (-(amount * weights[at] % total), at))
    for at in by_remainder[: amount - sum(found)]:
        found[at] += 1
    return found


def refund_of(prices: Sequence[int], quantities: Sequence[int], paid: int, returned: Sequence[int]) -> int:
    """What goes back when `returned` pieces of each line go back: their share of what was paid for the goods, in fen.

    `prices` are of one piece; `paid` is what was paid for all goods after every discount. Of a line, the pieces bear its share
    alike, and the last piece to go back brings the fen that do not divide; so returning a line piece by piece gives its share.
    """
    if not len(prices) == len(quantities) == len(returned):
        raise ValueError("each line needs a price, a quantity and how many go back")
    if any(not 0 <= back <= quantity for back, quantity in zip(returned, quantities)):  # noqa: B905
        raise ValueError("no more pieces can go back than were bought")
    lines = shares(paid, [price * quantity for price, quantity in zip(prices, quantities)])  # noqa: B905
    return sum(
        share if back == quantity else share // quantity * back
        for share, back, quantity in zip(lines, returned, quantities)  # noqa: B905
        if back
    )
