"""Claims the difference when a price has fallen after the purchase."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from actions.open_cases import cases_about, open_one, paid_back
from actions.order_lines import (
    ON_THE_WAY,
    card_items,
    chosen_lines,
    fen,
    line_label,
    line_options,
    lines_left,
    lines_named,
    paid_for,
    signed_on,
    yuan,
)
from actions.refund_sentences import refund_row
from actions.return_sentences import reason_lines, why_not_of
from actions.shop import the_shop
from actions.shop_terms import returns_today
from actions.tasks import Ask, Confirm, End, Option, Step, Topic, Work, row, summary
from actions.wording import SHOP_CLOCK
from shop.after_sales import CaseItem, CaseRequest, Receipt
from shop.client import AlreadyOpen, ShopRefused, SkuNotFound
from shop.order import Item
from terms.price_protection import Bought, Protection, price_protection


class Claim(Topic):
    """降价了,退差价."""

    name = "claim"
    intents = ("price_protection",)
    facts = ("items",)
    states = ON_THE_WAY | {"paid", "packed", "delivered", "partly_shipped"}
    needs_shipments = True

    async def next(self, work: Work) -> Step:
        """Which line, what it costs today, what the terms say, the summary."""
        order, wording = work.order, work.wording
        if order.state not in self.states or not lines_left(order):
            return End("utter_claim_over", {"number": order.number})
        left = lines_left(order)
        if len(left) == 1:
            work.facts.setdefault("items", left[0].sku)
        if "items" not in work.facts or not chosen_lines(order, work.facts["items"]):
            return Ask("items", "utter_claim_ask_items", line_options(left, wording)[:-1], {"number": order.number})
        item = chosen_lines(order, work.facts["items"])[0]
        before = await cases_about(work, "claim", [item.sku])
        if (other := open_one(before)) is not None:
            return End("utter_case_already_open", {"case": other.number})
        try:
            now = (await the_shop().sku(item.sku)).price
        except SkuNotFound:
            return End("utter_claim_not_sold", {"item": line_label(item)})
        return self._settled(item, now, paid_back(before), work)

    def _settled(self, item: Item, now: str, back: int, work: Work) -> Step:
        """What the terms say; of the difference so much came `back` before."""
        order, wording = work.order, work.wording
        paid, protection = _unit_paid(item, work), _protection(item, fen(now), work)
        rows = [
            row(wording, "utter_row_paid_price", wording.text("utter_yuan", amount=yuan(paid))),
            row(wording, "utter_row_price_now", wording.text("utter_yuan", amount=now)),
        ]
        reasons = reason_lines(protection.reasons, wording)
        if not protection.amount:
            card = summary("info", "utter_claim_title", wording, rows, reasons=reasons)
            return End(
                "utter_claim_none", {"item": line_label(item), "why": why_not_of(protection.reasons, wording)}, card
            )
        if protection.amount <= back:
            return End("utter_claim_had", {"item": line_label(item), "amount": yuan(back)})
        rows = [*refund_row(order, yuan(protection.amount - back), wording), *rows]
        left = item.quantity - item.returning
        card = summary("confirm", "utter_claim_title", wording, rows, items=card_items([(item, left)]), reasons=reasons)
        return Confirm("utter_claim_confirm", card, CaseRequest(kind="claim", items=(CaseItem(item.sku, left),)))

    def done(self, work: Work, receipt: Receipt) -> End:
        """The receipt, with what goes back."""
        rows = refund_row(work.order, receipt.amount, work.wording) if receipt.amount else []
        card = summary("receipt", "utter_claim_done_title", work.wording, rows, number=receipt.number)
        return End("utter_claim_done", {"number": receipt.number}, card)

    def refused(self, error: ShopRefused, work: Work) -> End:
        """What stood in the way."""
        if isinstance(error, AlreadyOpen):
            return End("utter_case_already_open", {"case": error.case or "–"})
        return End("utter_claim_refused", {"number": work.order.number})

    def choose(self, fact: str, text: str, options: Sequence[Option]) -> Any | None:
        """Lines are named by their names."""
        chosen = super().choose(fact, text, options)
        return lines_named(text, options) if chosen is None and fact == "items" else chosen


def _unit_paid(item: Item, work: Work) -> int:
    """What was paid for one more piece, its part of the order's discounts taken off."""
    left = item.quantity - item.returning
    return paid_for(work.order, {item.sku: left}) // left


def _protection(item: Item, price_now: int, work: Work) -> Protection:
    bought = Bought(
        delivered=signed_on(work.order, item, work.shipments),
        created=work.order.created_at.astimezone(SHOP_CLOCK).date(),
        category=item.category,
        unit_paid=_unit_paid(item, work),
        quantity=item.quantity - item.returning,
    )
    return price_protection(returns_today(), bought, price_now, work.today)
