"""How much goes back, by which way, and who pays the freight: parts of an order, gifts, refused parcels.

Pure. Every amount is in fen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from terms.reasons import Reason
from terms.return_terms import CAUSES, RefundPath, ReturnTerms
from terms.shares import refund_of


@dataclass(frozen=True)
class Freight:
    """Who pays the way back of a return, and what the insurance gives the buyer back of it at most."""

    payer: str
    covered_most: int
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class BoughtLine:
    """So many pieces of one article as they were bought; `price` is of one piece. A gift costs nothing, whatever `price` says."""

    sku: str
    price: int
    quantity: int = 1
    gift: bool = False


@dataclass(frozen=True)
class ReturnPlan:
    """What goes back for a part of an order: the amount, its share of each line, the gifts that must come too, and why."""

    amount: int
    per_line: tuple[int, ...]
    gifts_back: tuple[str, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class RefusedRuling:
    """What goes back for a parcel that was refused at the door, and why not more."""

    amount: int
    reasons: tuple[Reason, ...]


def refund_path(terms: ReturnTerms, method: str) -> RefundPath:
    """Which way money goes back that was paid by a method. Raises ValueError for one that is not known."""
    if method not in terms.refund_paths:
        raise ValueError(f"{method} is no method of payment of these terms")
    return terms.refund_paths[method]


def return_freight(terms: ReturnTerms, cause: str, insured: bool) -> Freight:
    """Who pays the way back, and what the insurance covers. Raises ValueError for a cause that is not known."""
    _check_cause(cause)
    if terms.freight[cause] == "shop":
        return Freight("shop", 0, (Reason("shop_pays", True, (("cause", cause),)),))
    covers = insured and cause in terms.insured
    most = terms.insured_most if covers else 0
    reasons = (Reason("shop_pays", False, (("cause", cause),)), Reason("insured", covers, (("most", most),)))
    return Freight("buyer", most, reasons)


def return_plan(terms: ReturnTerms, lines: Sequence[BoughtLine], paid: int, returned: Sequence[int]) -> ReturnPlan:
    """What goes back when `returned` pieces of each line do; `paid` is what was paid for all goods after every discount.

    The amount is between 0 and `paid`: each line brings its share of what was paid (`refund_of`), a gift nothing. Raises
    ValueError for more pieces than were bought.
    """
    if len(lines) != len(returned) or any(not 0 <= back <= one.quantity for one, back in zip(lines, returned)):  # noqa: B905
        raise ValueError("no more pieces can go back than were bought")
    places = [at for at, one in enumerate(lines) if not one.gift]
    prices, quantities = [lines[at].price for at in places], [lines[at].quantity for at in places]
    per_line = [0] * len(lines)
    for at in places:
        per_line[at] = refund_of(prices, quantities, paid, [returned[at] if one == at else 0 for one in places])
    shared = sum(price * quantity for price, quantity in zip(prices, quantities)) > paid  # noqa: B905
    reasons = [Reason("discounts_shared", True)] if shared else []
    gifts = tuple(one.sku for one in lines if one.gift)
    due = _gifts_due(terms, [(lines[at].quantity, returned[at]) for at in places])
    if gifts:
        reasons.append(Reason("gifts_stay", not due))
    return ReturnPlan(sum(per_line), tuple(per_line), gifts if due else (), tuple(reasons))


def _gifts_due(terms: ReturnTerms, bought: Sequence[tuple[int, int]]) -> bool:
    """Whether gifts must come back, by how many pieces were bought and go back."""
    some = any(back for _, back in bought)
    return some and (terms.gifts == "with_any" or all(back == quantity for quantity, back in bought))


def refused_parcel(terms: ReturnTerms, cause: str, price_paid: int, freight_paid: int) -> RefusedRuling:
    """What goes back for a parcel that was refused. Raises ValueError for an unknown cause or amounts below zero.

    `price_paid` is for the goods, without the freight. With a cause everything comes back. Without one the goods are paid back,
    the freight is not, and the way back is taken off where the terms have the buyer pay it.
    """
    _check_cause(cause)
    if price_paid < 0 or freight_paid < 0:
        raise ValueError("amounts cannot be negative")
    goods = Reason("goods_back", True, (("fen", price_paid),))
    if cause != "no_reason":
        return RefusedRuling(price_paid + freight_paid, (goods, Reason("shop_pays", True, (("cause", cause),))))
    off = min(terms.refused_freight, price_paid) if terms.refused[cause] == "buyer" else 0
    kept = [Reason("freight_back", False, (("fen", freight_paid),))] if freight_paid else []
    return RefusedRuling(price_paid - off, (goods, *kept, Reason("way_back", not off, (("fen", off),))))


def _check_cause(cause: str) -> None:
    if cause not in CAUSES:
        raise ValueError(f"{cause} is no cause of these terms")
