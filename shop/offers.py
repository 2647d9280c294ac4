"""What the promotions API says about carts, coupons, members and articles, as immutable typed records."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from shop.order import Count, Instant, Yuan

CouponKind = Literal["shop_coupon", "category_coupon", "platform_coupon"]
CouponState = Literal["usable", "used", "locked", "expired"]
Level = Literal["regular", "silver", "gold"]
Points = Annotated[int, Meta(ge=0)]


class CartLine(Struct, frozen=True):
    """One line of a cart; `price` is that of a piece today, `list_price` without limited-time and member prices."""

    sku: str
    name: str
    spec: str
    category: str
    quantity: Count
    price: Yuan
    list_price: Yuan
    image: str | None


class Cart(Struct, frozen=True):
    """What a customer has in the cart."""

    lines: tuple[CartLine, ...]


class Coupon(Struct, frozen=True):
    """A customer's coupon: `off` when the articles it is about come to `least`; no categories means all."""

    code: str
    name: str
    kind: CouponKind
    least: Yuan
    off: Yuan
    categories: tuple[str, ...]
    valid_from: Instant
    valid_until: Instant
    state: CouponState
    order: str | None


class CouponList(Struct, frozen=True):
    """A customer's coupons."""

    coupons: tuple[Coupon, ...]


class Membership(Struct, frozen=True):
    """A customer's level and points."""

    level: Level
    points: Points
    points_expiring: Points
    points_expire_at: Instant | None


class OtherSpec(Struct, frozen=True):
    """Another spec of the same product."""

    sku: str
    spec: str
    price: Yuan
    in_stock: bool


class PriceSince(Struct, frozen=True):
    """A price and since when it held."""

    since: Instant
    price: Yuan


class Sku(Struct, frozen=True):
    """An article; its prices come newest first."""

    sku: str
    name: str
    spec: str
    category: str
    price: Yuan
    in_stock: bool
    image: str | None
    others: tuple[OtherSpec, ...]
    prices: tuple[PriceSince, ...]
