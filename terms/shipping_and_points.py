"""What comes after the goods: postage, and points. Pure. Every amount is in fen."""

from __future__ import annotations

from typing import NamedTuple

from terms.promotion_terms import PromotionTerms


class Shipping(NamedTuple):
    """The postage, and how much more the goods must come to for there to be none."""

    fee: int
    missing: int


def shipping_of(terms: PromotionTerms, total: int) -> Shipping:
    """The postage of goods that come to `total` after every discount. Raises ValueError below zero."""
    _not_negative(total)
    missing = max(0, terms.free_shipping_from - total)
    return Shipping(terms.shipping_fee if missing else 0, missing)


def points_value(terms: PromotionTerms, points: int, total: int) -> int:
    """What so many points take off `total`: whole points only, and no more than the part of it that they may pay."""
    _not_negative(points, total)
    most = total * terms.points_most_percent // 100
    return min(points, most // terms.point_worth) * terms.point_worth


def points_earned(terms: PromotionTerms, paid: int) -> int:
    """The points that come with a payment; begun yuan count for nothing. Raises ValueError below zero."""
    _not_negative(paid)
    return paid // 100 * terms.points_per_yuan


def _not_negative(*amounts: int) -> None:
    if any(amount < 0 for amount in amounts):
        raise ValueError("amounts and points cannot be negative")
