"""What is priced: the lines of a cart, who buys and when, the coupons; and what comes out: a price with its discounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, timezone

PRICE_STEPS = frozenset({"limited_price", "member_price"})
PIECE_STEPS = frozenset({"bundle", "second_at_half", "buy_get"})
SUM_STEPS = frozenset({"shop_step", "platform_step"})
COUPON_STEPS = frozenset({"shop_coupon", "category_coupon", "platform_coupon"})
STEPS = PRICE_STEPS | PIECE_STEPS | SUM_STEPS | COUPON_STEPS
LEVELS = frozenset({"regular", "silver", "gold"})
STATES = frozenset({"usable", "used", "locked", "expired"})
MOST_PIECES = 10_000
_CLOCK = timezone(timedelta(hours=8))


@dataclass(frozen=True)
class CartLine:
    """So many pieces of one article; `price` is the price of a piece."""

    sku: str
    category: str
    price: int
    quantity: int = 1


@dataclass(frozen=True)
class Shopper:
    """Who buys, and when: a whole day, or a moment with its zone. Without it no offer with a time of its own is open."""

    level: str = "regular"
    day: date | None = None

    def __post_init__(self) -> None:
        """Raises ValueError for a level that is not known, or a moment without its zone."""
        if self.level not in LEVELS or (isinstance(self.day, datetime) and self.day.tzinfo is None):
            raise ValueError("a shopper needs a level that is known, and a moment its zone")

    def at(self, now: datetime | None) -> Shopper:
        """The shopper, who buys at a moment unless it was said when."""
        return self if now is None or self.day is not None else replace(self, day=now)


ANYBODY = Shopper()


@dataclass(frozen=True)
class Coupon:
    """`off` when the lines it is about come to `least` at its step; both ends belong to the time in which it is valid."""

    code: str
    step: str
    least: int
    off: int
    categories: frozenset[str] = frozenset()
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    state: str = "usable"

    def is_about(self, line: CartLine) -> bool:
        """Whether a line counts for it."""
        return not self.categories or line.category in self.categories


@dataclass(frozen=True)
class Discount:
    """What one offer or coupon took off, and the sum that it was reckoned on."""

    name: str
    step: str
    off: int
    base: int


@dataclass(frozen=True)
class Quote:
    """The cart's price: what each line costs after all steps, their sum, and what was taken off in its order."""

    lines: tuple[int, ...]
    total: int
    discounts: tuple[Discount, ...]


@dataclass(frozen=True)
class Missing:
    """How much more must be in the cart, at the step of an offer or coupon, for its next discount `off`."""

    name: str
    fen: int
    off: int


def check(lines: Sequence[CartLine], coupons: Sequence[Coupon]) -> None:
    """Raises ValueError for a cart or coupons that cannot be."""
    if any(line.price < 0 or line.quantity < 1 for line in lines) or sum(line.quantity for line in lines) > MOST_PIECES:
        raise ValueError(f"a line needs a price from 0 and a quantity from 1, and a cart holds {MOST_PIECES} pieces")
    if any(coupon.step not in COUPON_STEPS or coupon.off < 0 or coupon.least < 0 for coupon in coupons):
        raise ValueError(f"a coupon needs amounts from 0 and a step of {', '.join(sorted(COUPON_STEPS))}")
    times = [end for coupon in coupons for end in (coupon.valid_from, coupon.valid_until) if end is not None]
    if any(end.tzinfo is None for end in times) or any(coupon.state not in STATES for coupon in coupons):
        raise ValueError(f"a coupon needs times with their zone and a state of {', '.join(sorted(STATES))}")


def begins(day: date) -> datetime:
    """The first moment of a day by the shop's clock; a moment is its own."""
    return day if isinstance(day, datetime) else datetime.combine(day, time.min, _CLOCK)


def ends(day: date) -> datetime:
    """The last moment of a day by the shop's clock; a moment is its own."""
    return day if isinstance(day, datetime) else datetime.combine(day, time.max, _CLOCK)
