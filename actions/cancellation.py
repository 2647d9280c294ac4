"""Cancels an order that has not been sent."""

from __future__ import annotations

from typing import Any

from actions.order_card import next_step
from actions.order_lines import NOT_SENT, ON_THE_WAY, card_items
from actions.refund_sentences import refund_row
from actions.shop import the_shop
from actions.tasks import Ask, Confirm, End, Option, Step, Topic, Work, row, summary
from shop.after_sales import Cancellation, Receipt
from shop.client import ShopRefused

REASONS = ("changed_mind", "wrong_order", "wrong_address", "too_slow", "cheaper_elsewhere", "other")


class Cancel(Topic):
    """取消订单."""

    name = "cancel"
    intents = ("cancel_order",)
    facts = ("reason",)
    states = NOT_SENT
    change_type = Cancellation

    async def next(self, work: Work) -> Step:
        """The reason, then the summary; or why it cannot be cancelled."""
        order = work.order
        if order.state not in NOT_SENT:
            return _too_late(work)
        if "reason" not in work.facts:
            options = tuple(Option(one, work.wording.text(f"utter_cancel_reason_{one}")) for one in REASONS)
            return Ask("reason", "utter_cancel_ask_reason", options, {"number": order.number})
        cause = work.wording.text(f"utter_cancel_reason_{work.facts['reason']}")
        rows = [row(work.wording, "utter_row_order", order.number), row(work.wording, "utter_row_cause", cause)]
        paid = order.amount.paid != "0.00"
        if paid:
            rows += refund_row(order, order.amount.paid, work.wording)
        card = summary(
            "confirm",
            "utter_cancel_title",
            work.wording,
            rows,
            items=card_items([(item, item.quantity) for item in order.items]),
        )
        said = "utter_cancel_confirm" if paid else "utter_cancel_confirm_unpaid"
        return Confirm(said, card, Cancellation(work.facts["reason"]), {"number": order.number})

    async def send(self, work: Work, change: Any, key: str) -> Receipt:
        """Cancels."""
        return await the_shop().cancel(work.order.number, work.proof, change, key)

    def done(self, work: Work, receipt: Receipt) -> End:
        """The receipt, with what goes back."""
        rows = [row(work.wording, "utter_row_order", receipt.order)]
        if receipt.amount is not None:
            rows += refund_row(work.order, receipt.amount, work.wording)
        card = summary("receipt", "utter_cancel_done_title", work.wording, rows, number=receipt.number)
        said = "utter_cancel_done" if receipt.amount is None else "utter_cancel_done_refund"
        values = {"order": receipt.order, "number": receipt.number, "amount": receipt.amount or ""}
        return End(said, values, card)

    def refused(self, error: ShopRefused, work: Work) -> End:
        """It was sent, or cancelled elsewhere, between the summary and the yes."""
        return End("utter_cancel_refused", {"number": work.order.number})


def _too_late(work: Work) -> End:
    order = work.order
    values = {"number": order.number, "next": next_step(order, (), work.wording, work.now)}
    if order.state == "cancelled":
        return End("utter_cancel_already", values)
    if order.state in ON_THE_WAY:
        return End("utter_cancel_sent", {"number": order.number})
    if order.state == "delivered":
        return End("utter_cancel_delivered", {"number": order.number})
    if order.state == "partly_shipped":
        return End("utter_cancel_partly", {"number": order.number})
    return End("utter_cancel_over", values)
