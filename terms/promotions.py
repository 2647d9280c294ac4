"""Prices a cart by the offers and coupons of the day, step by step in the written order, and says what each step did.

Pure. Every amount is in fen. A step works on what the steps before it have left, and its discount is shared over the lines that
it is about, so each line knows what it costs in the end and no line or sum ever falls below zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from terms.cart import (
    ANYBODY,
    COUPON_STEPS,
    PIECE_STEPS,
    PRICE_STEPS,
    SUM_STEPS,
    CartLine,
    Coupon,
    Discount,
    Missing,
    Quote,
    Shopper,
    check,
)
from terms.offers import Offer
from terms.pieces import off_pieces, price_of
from terms.promotion_terms import FILE, PromotionTerms, read_promotions
from terms.shares import shares

__all__ = [
    "ANYBODY",
    "COUPON_STEPS",
    "FILE",
    "CartLine",
    "Coupon",
    "Discount",
    "Missing",
    "Offer",
    "PromotionTerms",
    "Quote",
    "Shopper",
    "after_step",
    "at_shelf",
    "base_of",
    "check",
    "go_together",
    "missing",
    "open_to",
    "quote",
    "read_promotions",
]


def quote(
    terms: PromotionTerms, lines: Sequence[CartLine], coupons: Sequence[Coupon] = (), shopper: Shopper = ANYBODY
) -> Quote:
    """The price of a cart with these coupons; one that does not reach its sum takes nothing off.

    Whether a coupon is valid at the moment is not looked at here but in `why_not`. Raises ValueError for coupons that do not go
    together, and for amounts below zero.
    """
    check(lines, coupons)
    if not go_together(terms, coupons):
        raise ValueError("these coupons do not go together")
    return _through(open_to(terms, shopper), terms.order, lines, coupons)[1]


def open_to(terms: PromotionTerms, shopper: Shopper) -> PromotionTerms:
    """The terms with those offers only that are open to a shopper, as they are for them."""
    offers = [offer.open_to(shopper) for offer in terms.offers]
    return replace(terms, offers=tuple(offer for offer in offers if offer is not None))


def at_shelf(terms: PromotionTerms, lines: Sequence[CartLine], kinds: frozenset[str]) -> tuple[list[CartLine], Quote]:
    """The lines at the prices at which their pieces are sold, and what they come to before every further step.

    Of a piece's own, limited and member prices the lowest counts, never two together.
    """
    priced: list[CartLine] = list(lines)
    given: list[Offer | None] = [None] * len(lines)
    offers = [
        offer
        for step in terms.order
        if step in PRICE_STEPS and not _gives_way(terms, step, kinds)
        for offer in terms.offers
        if offer.step == step
    ]
    for offer in offers:
        for at, line in enumerate(lines):
            if offer.is_about(line) and (price := price_of(offer, line)) < priced[at].price:
                priced[at], given[at] = replace(line, price=price), offer
    discounts = []
    for offer in offers:
        places = [at for at, one in enumerate(given) if one is offer]
        if places:
            base = sum(lines[at].price * lines[at].quantity for at in places)
            left = sum(priced[at].price * priced[at].quantity for at in places)
            discounts.append(Discount(offer.name, offer.step, base - left, base))
    amounts = tuple(line.price * line.quantity for line in priced)
    return priced, Quote(amounts, sum(amounts), tuple(one for one in discounts if one.off))


def after_step(
    terms: PromotionTerms,
    lines: Sequence[CartLine],
    before: Quote,
    step: str,
    kinds: frozenset[str],
    coupon: Coupon | None,
) -> Quote:
    """The price after one more step. `lines` are at their shelf prices, so the steps that make these change nothing here.

    `kinds` are the steps of all coupons that are used, `coupon` the one of this step.
    """
    here: list[Offer | Coupon] = [offer for offer in terms.offers if offer.step == step and step not in PRICE_STEPS]
    here += [coupon] if coupon else []
    if not here or _gives_way(terms, step, kinds.union(one.step for one in before.discounts)):
        return before
    amounts, discounts = list(before.lines), list(before.discounts)
    for one in here:
        done = _apply(one, lines, amounts)
        if done.off:
            discounts.append(done)
    return Quote(tuple(amounts), sum(amounts), tuple(discounts))


def go_together(terms: PromotionTerms, coupons: Sequence[Coupon]) -> bool:
    """Whether a cart may take these coupons at once: one of a kind, and no two that exclude each other."""
    steps = [coupon.step for coupon in coupons]
    return len(set(steps)) == len(steps) and not any(pair <= set(steps) for pair in terms.excludes)


def missing(
    terms: PromotionTerms, lines: Sequence[CartLine], coupons: Sequence[Coupon], shopper: Shopper = ANYBODY
) -> list[Missing]:
    """What the offers on sums and the coupons still lack, the nearest first; each coupon is looked at with none but itself."""
    found = []
    reckoned = {one.name: one.base for one in quote(terms, lines, (), shopper).discounts}
    for offer in open_to(terms, shopper).offers:
        if offer.step in SUM_STEPS:
            base = reckoned.get(offer.name, base_of(terms, lines, offer, (), shopper))
            if base // offer.every < offer.most:
                found.append(Missing(offer.name, offer.every - base % offer.every, offer.off))
    for coupon in coupons:
        if (base := base_of(terms, lines, coupon, (), shopper)) < coupon.least:
            found.append(Missing(coupon.code, coupon.least - base, coupon.off))
    return sorted(found, key=lambda one: (one.fen, one.name))


def base_of(
    terms: PromotionTerms,
    lines: Sequence[CartLine],
    one: Offer | Coupon,
    others: Sequence[Coupon] = (),
    shopper: Shopper = ANYBODY,
) -> int:
    """The sum that an offer or coupon is reckoned on, beside `others` that are used."""
    coupons = [*others, one] if isinstance(one, Coupon) else others
    check(lines, coupons)
    before = tuple(takewhile(lambda step: step != one.step, terms.order))
    amounts = _through(open_to(terms, shopper), before, lines, coupons)[1].lines
    return sum(amount for amount, line in zip(amounts, lines) if one.is_about(line))  # noqa: B905


def _through(
    terms: PromotionTerms, order: Sequence[str], lines: Sequence[CartLine], coupons: Sequence[Coupon]
) -> tuple[Sequence[CartLine], Quote]:
    """The lines at their shelf prices, and the price after these steps with these coupons."""
    kinds = frozenset(coupon.step for coupon in coupons)
    priced, price = at_shelf(terms, lines, kinds)
    for step in order:
        coupon = next((one for one in coupons if one.step == step), None)
        price = after_step(terms, priced, price, step, kinds, coupon)
    return priced, price


def _gives_way(terms: PromotionTerms, step: str, used: frozenset[str]) -> bool:
    """Whether a step must give way: to a coupon that the shopper chose, or to an offer that came before it."""
    return step not in COUPON_STEPS and any(step in pair and pair - {step} <= used for pair in terms.excludes)


def _apply(one: Offer | Coupon, lines: Sequence[CartLine], amounts: list[int]) -> Discount:
    """Takes what an offer or coupon gives off the amounts of its lines."""
    places = [at for at, line in enumerate(lines) if one.is_about(line)]
    here = [amounts[at] for at in places]
    base = sum(here)
    if isinstance(one, Coupon):
        name, taken = one.code, shares(min(one.off, base) if base >= one.least else 0, here)
    elif one.step in PIECE_STEPS:
        pieces = off_pieces(one, [lines[at] for at in places])
        name, taken = one.name, [min(off, amount) for off, amount in zip(pieces, here)]  # noqa: B905
    else:
        name, taken = one.name, shares(min(base // one.every, one.most) * one.off, here)
    for off, at in zip(taken, places):  # noqa: B905
        amounts[at] -= off
    return Discount(name, one.step, sum(taken), base)
