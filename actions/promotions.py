"""Offers and coupons: what reduces the price today, how the cart comes out cheapest, what each coupon lacks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.base import ShopdeskAction, customer_of, language_of
from actions.order_lines import fen, yuan
from actions.shop import the_shop
from actions.shop_terms import promotions_today
from actions.tasks import row, summary
from actions.wording import SHOP_CLOCK, Wording
from shop.client import ShopClientError
from shop.offers import Cart
from shop.offers import Coupon as OwnCoupon
from terms.best_coupons import Best, best
from terms.coupons import in_time, why_not
from terms.promotions import CartLine, Coupon, Missing, PromotionTerms, missing

MOST_COUPONS = 6
MOST_OFFERS = 3
SOMEWHERE = {"used": "utter_coupon_used_somewhere", "locked": "utter_coupon_locked_somewhere"}
"""Where the shop does not say by which order."""


class Offers(ShopdeskAction):
    """有什么活动、怎么凑单最划算."""

    def name(self) -> str:
        """Its name in domain.yml."""
        return "action_offers"

    async def decide(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """The best price for a customer's cart; the offers of the day for everybody else."""
        wording, customer = Wording(domain, language_of(tracker)), customer_of(tracker)
        terms = promotions_today()
        try:
            cart = await the_shop().cart_of(customer) if customer else Cart(())
            own = await the_shop().coupons_of(customer) if customer and cart.lines else ()
        except ShopClientError:
            dispatcher.utter_message(response="utter_offers_unavailable", offers=_told(terms, wording))
            return []
        if not cart.lines:
            said = "utter_offers_sign_in" if customer is None else "utter_offers_empty_cart"
            dispatcher.utter_message(response=said, offers=_told(terms, wording))
            return []
        _say_best(cart, own, terms, dispatcher, wording)
        return []


class Coupons(ShopdeskAction):
    """优惠券有哪些、为什么用不了."""

    def name(self) -> str:
        """Its name in domain.yml."""
        return "action_coupons"

    async def decide(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Each coupon of a customer with what keeps it from being used for the cart."""
        wording, customer = Wording(domain, language_of(tracker)), customer_of(tracker)
        if customer is None:
            dispatcher.utter_message(response="utter_coupons_sign_in")
            return []
        try:
            own, cart = await the_shop().coupons_of(customer), await the_shop().cart_of(customer)
        except ShopClientError:
            dispatcher.utter_message(response="utter_coupons_unavailable")
            return []
        if not own:
            dispatcher.utter_message(response="utter_coupons_none")
            return []
        terms, now = promotions_today(), datetime.now(SHOP_CLOCK)
        states = [(one, _why(one, cart, terms, now, wording)) for one in own]
        fitting = sum(why is None for _, why in states)
        shown = sorted(states, key=lambda state: state[1] is not None)[:MOST_COUPONS]
        rows = [{"label": one.name, "value": why or wording.text("utter_coupon_fits")} for one, why in shown]
        more = len(own) - len(shown)
        note = wording.text("utter_coupons_more", more=str(more)) if more else None
        card = summary("info", "utter_coupons_title", wording, rows, note=note)
        said = "utter_coupons_shown" if fitting else "utter_coupons_none_fit"
        values = {"count": str(len(own)), "fitting": str(fitting)}
        dispatcher.utter_message(response=said, json_message={"card": card}, **values)
        return []


class Membership(ShopdeskAction):
    """会员等级和积分."""

    def name(self) -> str:
        """Its name in domain.yml."""
        return "action_membership"

    async def decide(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """A customer's level and points, and what is about to expire."""
        wording, customer = Wording(domain, language_of(tracker)), customer_of(tracker)
        if customer is None:
            dispatcher.utter_message(response="utter_membership_sign_in")
            return []
        try:
            own = await the_shop().membership_of(customer)
        except ShopClientError:
            dispatcher.utter_message(response="utter_membership_unavailable")
            return []
        values = {"level": wording.text(f"utter_level_{own.level}"), "points": str(own.points)}
        if own.points_expiring and own.points_expire_at is not None:
            values |= {"expiring": str(own.points_expiring), "day": wording.day(own.points_expire_at)}
            dispatcher.utter_message(response="utter_membership_expiring", **values)
        else:
            dispatcher.utter_message(response="utter_membership_shown", **values)
        return []


def cart_lines(cart: Cart) -> list[CartLine]:
    """The cart as the terms reckon it; the shop's price has limited-time and member prices in it already."""
    return [CartLine(one.sku, one.category, fen(one.price), one.quantity) for one in cart.lines]


def coupon_of(own: OwnCoupon) -> Coupon:
    """A coupon as the terms reckon it."""
    return Coupon(
        own.code,
        own.kind,
        fen(own.least),
        fen(own.off),
        frozenset(own.categories),
        valid_from=own.valid_from,
        valid_until=own.valid_until,
        state=own.state,
    )


def _say_best(
    cart: Cart, own: Sequence[OwnCoupon], terms: PromotionTerms, dispatcher: CollectingDispatcher, wording: Wording
) -> None:
    """The cheapest way, what each step takes off, and the nearest next step."""
    lines, coupons = cart_lines(cart), [coupon_of(one) for one in own]
    now = datetime.now(SHOP_CLOCK)
    found = best(terms, lines, coupons, now=now)
    usable = [one for one in coupons if one.state == "usable" and in_time(one, now)]
    lacking = missing(terms, lines, usable)
    card = summary(
        "info",
        "utter_cart_title",
        wording,
        _price_rows(found, lines, own, terms, wording),
        items=[
            {"name": one.name, "spec": one.spec, "quantity": one.quantity, "price": one.price, "image": one.image}
            for one in cart.lines
        ],
        note=_next_step(lacking, own, terms, wording),
    )
    full = sum(line.price * line.quantity for line in lines)
    used = [_coupon_name(one.code, own) for one in found.coupons]
    values = {"total": yuan(found.quote.total), "saved": yuan(full - found.quote.total)}
    if used:
        values["coupons"] = wording.text("utter_list_comma").join(used)
    said = "utter_cart_best_coupons" if used else "utter_cart_best" if full > found.quote.total else "utter_cart_full"
    dispatcher.utter_message(response=said, json_message={"card": card}, **values)


def _price_rows(
    found: Best, lines: Sequence[CartLine], own: Sequence[OwnCoupon], terms: PromotionTerms, wording: Wording
) -> list[dict[str, Any]]:
    full = sum(line.price * line.quantity for line in lines)
    rows = [row(wording, "utter_row_goods", wording.text("utter_yuan", amount=yuan(full)))]
    rows += [
        {"label": _name(one.name, own, terms, wording), "value": "-" + wording.text("utter_yuan", amount=yuan(one.off))}
        for one in found.quote.discounts
    ]
    rows.append(
        row(wording, "utter_row_total", wording.text("utter_yuan", amount=yuan(found.quote.total)), strong=True)
    )
    return rows


def _next_step(
    lacking: Sequence[Missing], own: Sequence[OwnCoupon], terms: PromotionTerms, wording: Wording
) -> str | None:
    if not lacking:
        return None
    nearest = lacking[0]
    values = {"more": yuan(nearest.fen), "off": yuan(nearest.off), "name": _name(nearest.name, own, terms, wording)}
    return wording.text("utter_cart_missing", **values)


def _name(name: str, own: Sequence[OwnCoupon], terms: PromotionTerms, wording: Wording) -> str:
    """What an offer or a coupon is called."""
    offer = next((one for one in terms.offers if one.name == name), None)
    return offer.says[wording.language] if offer is not None else _coupon_name(name, own)


def _coupon_name(code: str, own: Sequence[OwnCoupon]) -> str:
    return next((one.name for one in own if one.code == code), code)


def _told(terms: PromotionTerms, wording: Wording) -> str:
    return wording.text("utter_list_separator").join(one.says[wording.language] for one in terms.offers[:MOST_OFFERS])


def _why(own: OwnCoupon, cart: Cart, terms: PromotionTerms, now: datetime, wording: Wording) -> str | None:
    """Why a coupon cannot be used for the cart now; None when it can."""
    if own.state in ("used", "locked"):
        if own.order is None:
            return wording.text(SOMEWHERE[own.state])
        return wording.text(f"utter_coupon_{own.state}", order=own.order)
    failed = [one for one in why_not(terms, cart_lines(cart), coupon_of(own), (), now) if not one.holds]
    if not failed:
        return None
    values = {
        "missing": yuan(int(dict(failed[0].values).get("missing", 0))),
        "day": wording.day(own.valid_from if failed[0].name == "not_yet" else own.valid_until),
    }
    return wording.text(f"utter_coupon_{failed[0].name}", **values)
