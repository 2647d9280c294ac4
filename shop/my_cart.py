"""The page of a customer's cart: what is in it, what it comes to before discounts, and which coupons may help."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from sanic import Blueprint, HTTPResponse, Request

from shop.order_book import yuan
from shop.page import day, language, pages_of, see_other
from shop.price_book import PriceBook

my_cart = Blueprint("my_cart")


@dataclass(frozen=True)
class ShownCoupon:
    """A coupon as the page tells it; `standing` is usable, short (of `gap` yuan), later, used, locked or expired."""

    name: str
    kind: str
    least: str
    off: str
    valid_from: str
    valid_until: str
    standing: str
    order: str | None
    gap: str


@my_cart.get("/cart")
async def show_cart(request: Request) -> HTTPResponse:
    """The cart, the coupons and the membership of who is signed in."""
    visitor = await pages_of(request).visitor(request)
    if visitor is None:
        return see_other("/login")
    lang = language(request)
    book = PriceBook(request.app.ctx.reading, public_url="")
    lines = book.cart(visitor.id, lang)["lines"]
    coupons = book.coupons(visitor.id, lang)["coupons"]
    now = datetime.now(timezone.utc)
    return await pages_of(request).show(
        request,
        "cart.html",
        lines=lines,
        pieces=sum(line["quantity"] for line in lines),
        total=yuan(_sum(lines)),
        coupons=[_shown(coupon, lines, now) for coupon in coupons],
        member=book.membership(visitor.id),
        day=lambda iso: day(iso, lang),
    )


def _shown(coupon: dict[str, Any], lines: Sequence[dict[str, Any]], now: datetime) -> ShownCoupon:
    categories = coupon["categories"]
    about = [line for line in lines if not categories or line["category"] in categories]
    gap = max(0, fen(coupon["least"]) - _sum(about))
    standing = coupon["state"]
    if standing == "usable" and datetime.fromisoformat(coupon["valid_from"]) > now:
        standing = "later"
    elif standing == "usable" and gap:
        standing = "short"
    return ShownCoupon(
        name=coupon["name"],
        kind=coupon["kind"],
        least=coupon["least"].removesuffix(".00"),
        off=coupon["off"].removesuffix(".00"),
        valid_from=coupon["valid_from"],
        valid_until=coupon["valid_until"],
        standing=standing,
        order=coupon["order"],
        gap=yuan(gap),
    )


def _sum(lines: Sequence[dict[str, Any]]) -> int:
    """What the lines come to in fen."""
    return sum(fen(line["price"]) * line["quantity"] for line in lines)


def fen(amount: str) -> int:
    """29900 for 299.00."""
    return int(amount.replace(".", ""))
