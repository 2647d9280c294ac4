"""What is in an order, as topics need it: what can still go back, when it was signed for, how it is named. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from actions.tasks import Option
from actions.wording import SHOP_CLOCK, Wording
from shop.client import Order
from shop.order import Item
from shop.shipment import Shipment
from terms.refunds import BoughtLine, return_plan
from terms.returns import ReturnTerms
from terms.shares import refund_of

ALL = "all"
NOT_SENT = frozenset({"unpaid", "paid", "packed", "pre_sale"})
ON_THE_WAY = frozenset({"shipped", "in_transit", "stuck", "out_for_delivery"})
OVER = frozenset({"refused", "returned", "refunded", "cancelled"})
_WORD = re.compile(r"[\u4e00-\u9fff]{2,}|[A-Za-z]{3,}")
_ALL_PIECES = re.compile(r"全部|[全都]退|都要|所有|\ball\b|\bboth\b|everything", re.IGNORECASE)
_WHOLE = re.compile(
    r"整单|[全都]退|全部(?:的|都|商品|东西)*[退换]|[退换]掉?(?:全部|所有)|所有(?:的|商品|东西|都)*[退换]"
    r"|everything|all of (?:it|them)|(?:whole|entire|complete) order",
    re.IGNORECASE,
)
_COUNT = r"\d{1,3}|[一两二三四五六七八九十]|\b(?:one|two|three|four|five|six)\b"
_PIECES = re.compile(
    rf"(?P<counted>{_COUNT})\s*(?:件|个|双|只|条|瓶|盒|本|套|罐|包|袋|把|台|pcs\b|pieces?\b|items?\b|of them\b)"
    rf"|^(?:[退换要就只\s]|only|just|return)*(?P<bare>{_COUNT})(?:[吧啊的呢\s。.!！]|please)*$",
    re.IGNORECASE,
)
_COUNTS = {word: str(at) for at, word in enumerate("一二三四五六七八九十", start=1)} | {"两": "2"}
_COUNTS |= {word: str(at) for at, word in enumerate(("one", "two", "three", "four", "five", "six"), start=1)}


def fen(yuan: str) -> int:
    """299.00 is 29900."""
    return int(yuan.replace(".", ""))


def yuan(amount: int) -> str:
    """29900 is 299.00."""
    return f"{amount // 100}.{amount % 100:02d}"


def lines_left(order: Order) -> list[Item]:
    """The lines of which a piece can still go back; gifts go with what they came with."""
    return [item for item in order.items if not item.gift and item.quantity > item.returning]


def signed_on(order: Order, item: Item, shipments: Sequence[Shipment]) -> date | None:
    """The day by the shop's clock on which a line was signed for; None while it is under way."""
    if order.delivered_at is not None:
        return order.delivered_at.astimezone(SHOP_CLOCK).date()
    parcels = {one.tracking_number for one in order.shipments if item.sku in one.skus}
    days = [
        one.events[0].at
        for one in shipments
        if one.tracking_number in parcels and one.state == "delivered" and one.events
    ]
    return max(days).astimezone(SHOP_CLOCK).date() if days else None


def line_label(item: Item) -> str:
    """How a line is named on a button."""
    return f"{item.name} {item.spec}".strip()


def line_options(items: Sequence[Item], wording: Wording) -> tuple[Option, ...]:
    """A button for each line, and one for all of them."""
    options = [Option(item.sku, line_label(item)) for item in items]
    return (*options, Option(ALL, wording.text("utter_task_all_items")))


def lines_named(text: str, options: Sequence[Option]) -> str | None:
    """The skus of the lines that a message names, with commas between; all of them for 全部."""
    if re.search(r"全部|全都|都要|都退|所有|整单|一起退|\ball\b|everything|both", text, re.IGNORECASE):
        return ALL
    named = [option.value for option in options if option.value != ALL and _names(text, option.label)]
    return ",".join(named) or None


def whole_order(text: str) -> bool:
    """Whether a request is about everything in the order: 整单都退."""
    return _WHOLE.search(text) is not None


def pieces_named(text: str) -> str | None:
    """The number of pieces that a message names; ALL for 全退."""
    if found := _PIECES.search(text.strip()):
        count = (found["counted"] or found["bare"]).lower()
        return _COUNTS.get(count, count)
    return ALL if _ALL_PIECES.search(text) else None


def pieces_left(item: Item) -> int:
    """How many pieces of a line have not gone back."""
    return item.quantity - item.returning


def gifts_due(order: Order, pieces: dict[str, int], terms: ReturnTerms) -> list[Item]:
    """The gifts that must come too when so many more pieces of each sku go back."""
    lines = [BoughtLine(one.sku, fen(one.price), one.quantity, one.gift) for one in order.items]
    back = [min(one.quantity, one.returning + pieces.get(one.sku, 0)) for one in order.items]
    due = return_plan(terms, lines, fen(order.amount.paid), back).gifts_back
    return [one for one in order.items if one.gift and one.sku in due and pieces_left(one) > 0]


def chosen_lines(order: Order, chosen: str) -> list[Item]:
    """The lines of an answer; those that are there no more are left out."""
    left = lines_left(order)
    return left if chosen == ALL else [item for item in left if item.sku in chosen.split(",")]


def card_items(items: Sequence[tuple[Item, int]]) -> list[dict[str, Any]]:
    """So many pieces of each line, as a card shows them."""
    return [
        {"name": item.name, "spec": item.spec, "quantity": pieces, "price": item.price, "image": item.image}
        for item, pieces in items
    ]


def paid_for(order: Order, pieces: dict[str, int]) -> int:
    """What was paid for so many more pieces of each sku, in fen, after those that have gone back already."""
    prices = [fen(item.price) for item in order.items]
    quantities = [item.quantity for item in order.items]
    goods = max(0, fen(order.amount.paid) - fen(order.amount.shipping))
    before = [item.returning for item in order.items]
    after = [min(item.quantity, item.returning + pieces.get(item.sku, 0)) for item in order.items]
    return refund_of(prices, quantities, goods, after) - refund_of(prices, quantities, goods, before)


def _names(text: str, label: str) -> bool:
    """Whether a message holds a word of a label: two signs in a row of a Chinese one."""
    text = text.casefold()
    for word in _WORD.findall(label.casefold()):
        if word.isascii() and word in text:
            return True
        if not word.isascii() and any(word[at : at + 2] in text for at in range(len(word) - 1)):
            return True
    return False
