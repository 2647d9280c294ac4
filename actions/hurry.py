"""Urges the shop to send, or the carrier to move."""

from __future__ import annotations

from actions.damage import Damaged
from actions.order_card import next_step
from actions.order_lines import ON_THE_WAY
from actions.tasks import Confirm, End, Step, Topic, Work, row, summary
from shop.after_sales import CaseRequest, Receipt
from shop.client import AlreadyOpen, ShopRefused

TO_SEND = frozenset({"paid", "packed", "partly_shipped", "pre_sale"})


class Hurry(Topic):
    """催发货、催快递."""

    name = "hurry"
    intents = ("hurry",)
    states = TO_SEND | ON_THE_WAY

    async def next(self, work: Work) -> Step:
        """How far it is, and whether to urge."""
        order, wording = work.order, work.wording
        then = next_step(order, (), wording, work.now)
        if order.state not in self.states:
            return End("utter_hurry_nothing", {"number": order.number, "next": then})
        state = wording.text(f"utter_order_state_{order.state}")
        rows = [row(wording, "utter_row_order", order.number), row(wording, "utter_row_state", state)]
        card = summary("confirm", f"utter_hurry_title_{_kind(order.state)}", wording, rows, note=then)
        request = CaseRequest(kind="urge_shipping" if order.state in TO_SEND else "urge_delivery")
        return Confirm(f"utter_hurry_confirm_{_kind(order.state)}", card, request, {"state": state})

    def done(self, work: Work, receipt: Receipt) -> End:
        """The receipt, with when the shop will have answered."""
        kind = _kind(work.order.state)
        rows = [row(work.wording, "utter_row_order", receipt.order)]
        if receipt.by is not None:
            rows.append(row(work.wording, "utter_row_answer_by", work.wording.moment(receipt.by)))
        card = summary("receipt", "utter_hurry_done_title", work.wording, rows, number=receipt.number)
        return End(f"utter_hurry_done_{kind}", {"number": receipt.number}, card)

    def refused(self, error: ShopRefused, work: Work) -> End:
        """It has been urged already; else as with any case."""
        if isinstance(error, AlreadyOpen):
            return End("utter_hurry_already", {"case": error.case or "–"})
        return Damaged().refused(error, work)


def _kind(state: str) -> str:
    return "shipping" if state in TO_SEND else "delivery"
