"""Finds the coupons that make a cart cheapest: exactly, by trying every combination that the terms allow.

A cart takes one coupon of each kind at most, so twenty coupons of three kinds make some hundred combinations. What they have in
common is reckoned once: the steps are gone through in their order, and the ways part where a coupon is chosen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from terms.coupons import in_time
from terms.promotions import (
    ANYBODY,
    CartLine,
    Coupon,
    PromotionTerms,
    Quote,
    Shopper,
    after_step,
    at_shelf,
    check,
    open_to,
)


@dataclass(frozen=True)
class Best:
    """The coupons to use, in the order of their steps, and the price with them."""

    coupons: tuple[Coupon, ...]
    quote: Quote


def best(
    terms: PromotionTerms,
    lines: Sequence[CartLine],
    coupons: Sequence[Coupon],
    now: datetime | None = None,
    shopper: Shopper = ANYBODY,
) -> Best:
    """The cheapest combination; of equal ones the one with the fewest coupons, then the first by their codes.

    Coupons that are used, locked or expired are left out, and with `now` those whose time it is not. `now` is also the
    shopper's day when that is not given.
    """
    check(lines, coupons)
    terms = open_to(terms, shopper.at(now))
    useful = [one for one in coupons if one.off > 0 and one.state == "usable" and (now is None or in_time(one, now))]
    found = [one for kinds in _kinds(terms, useful) for one in _ways(terms, lines, useful, kinds)]
    return min(found, key=lambda one: (one.quote.total, len(one.coupons), [coupon.code for coupon in one.coupons]))


def _kinds(terms: PromotionTerms, coupons: Sequence[Coupon]) -> Iterator[frozenset[str]]:
    """Which kinds of coupon may be used together, none at all too."""
    there = sorted({coupon.step for coupon in coupons})
    for count in range(len(there) + 1):
        for some in combinations(there, count):
            if not any(pair <= set(some) for pair in terms.excludes):
                yield frozenset(some)


def _ways(
    terms: PromotionTerms, lines: Sequence[CartLine], coupons: Sequence[Coupon], kinds: frozenset[str]
) -> list[Best]:
    """The price with every choice of one coupon of each of these kinds."""
    priced, price = at_shelf(terms, lines, kinds)
    ways = [Best((), price)]
    for step in terms.order:
        if step in kinds:
            here = [coupon for coupon in coupons if coupon.step == step]
            ways = [
                Best((*way.coupons, one), after_step(terms, priced, way.quote, step, kinds, one))
                for way in ways
                for one in here
            ]
        else:
            ways = [Best(way.coupons, after_step(terms, priced, way.quote, step, kinds, None)) for way in ways]
    return ways
