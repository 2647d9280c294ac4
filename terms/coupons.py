"""Says why a coupon cannot be used for a cart now, and what of an order's discounts is not reached any more when goods go back.

Pure. Every amount is in fen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from terms.promotions import (
    ANYBODY,
    CartLine,
    Coupon,
    Discount,
    PromotionTerms,
    Shopper,
    base_of,
    check,
    go_together,
    quote,
)
from terms.reasons import Reason


def in_time(coupon: Coupon, now: datetime) -> bool:
    """Whether a coupon is valid at a moment; both ends belong to its time."""
    return (coupon.valid_from is None or coupon.valid_from <= now) and (
        coupon.valid_until is None or now <= coupon.valid_until
    )


def why_not(
    terms: PromotionTerms,
    lines: Sequence[CartLine],
    coupon: Coupon,
    others: Sequence[Coupon],
    now: datetime,
    shopper: Shopper = ANYBODY,
) -> tuple[Reason, ...]:
    """Every check of a coupon beside `others` that are chosen; it can be used when all hold.

    `least` is reckoned at the coupon's step beside those others that go with it, and names what is missing in fen. `now` is also
    the shopper's day when that is not given, as in `best`.
    """
    check(lines, [coupon, *others])
    beside = [one for one in others if go_together(terms, [one, coupon])]
    lacking = max(0, coupon.least - base_of(terms, lines, coupon, beside, shopper.at(now)))
    clash = [one.code for one in others if frozenset({one.step, coupon.step}) in terms.excludes]
    same = [one.code for one in others if one.step == coupon.step]
    over = coupon.state == "expired" or (coupon.valid_until is not None and coupon.valid_until < now)
    return (
        Reason("used", coupon.state != "used"),
        Reason("locked", coupon.state != "locked"),
        Reason("not_yet", coupon.valid_from is None or coupon.valid_from <= now),
        Reason("expired", not over),
        Reason("categories", any(coupon.is_about(line) for line in lines)),
        Reason("least", not lacking, (("missing", lacking),)),
        Reason("same_kind", not same, (("coupon", same[0]),) if same else ()),
        Reason("excluded", not clash, (("coupon", clash[0]),) if clash else ()),
    )


@dataclass(frozen=True)
class Lost:
    """The price of all lines, that of the kept ones by themselves, and the discounts that these do not reach any more."""

    before: int
    after: int
    lost: tuple[Discount, ...]


def lost_when_returned(
    terms: PromotionTerms,
    lines: Sequence[CartLine],
    coupons: Sequence[Coupon],
    returned: Sequence[int],
    shopper: Shopper = ANYBODY,
) -> Lost:
    """What of the discounts is not reached any more when `returned` pieces of each line go back.

    For telling a shopper before they decide. What is refunded is each line's share (`refund_of`), whatever is lost here. Raises
    ValueError for more pieces than there are.
    """
    if len(lines) != len(returned) or any(not 0 <= back <= line.quantity for line, back in zip(lines, returned)):  # noqa: B905
        raise ValueError("no more pieces can go back than there are")
    pairs = zip(lines, returned)  # noqa: B905
    kept = [replace(line, quantity=line.quantity - back) for line, back in pairs if back < line.quantity]
    before, after = quote(terms, lines, coupons, shopper), quote(terms, kept, coupons, shopper)
    still = {one.name for one in after.discounts}
    return Lost(before.total, after.total, tuple(one for one in before.discounts if one.name not in still))
