"""The carrier says delivered, and it is not there: where to look first, then a case."""

from __future__ import annotations

from actions.damage import Damaged
from actions.order_card import next_step
from actions.order_lines import NOT_SENT, OVER
from actions.tasks import Ask, Confirm, End, Option, Step, Topic, Work, row, summary
from shop.after_sales import CaseRequest, Receipt
from shop.client import AlreadyOpen, ShopRefused

SEARCHED = ("not_found", "found")


class NotReceived(Topic):
    """显示签收却没收到."""

    name = "not_received"
    intents = ("delivery_problem",)
    facts = ("searched",)
    states = frozenset({"delivered", "partly_shipped", "out_for_delivery", "stuck", "in_transit"})
    needs_shipments = True

    async def next(self, work: Work) -> Step:
        """What the carrier says, where to look, the summary."""
        order, wording = work.order, work.wording
        values = {"number": order.number, "next": next_step(order, (), wording, work.now)}
        delivered = [one for one in work.shipments if one.state == "delivered"]
        if order.state in NOT_SENT:
            return End("utter_not_received_not_sent", values)
        if order.state in OVER:
            return End("utter_not_received_over", values)
        if not delivered:
            return End("utter_not_received_on_the_way", values)
        parcel = delivered[0]
        scan = parcel.events[0].text.rstrip("。. ") if parcel.events else wording.text("utter_order_state_delivered")
        day = wording.day(parcel.events[0].at) if parcel.events else ""
        searched = work.facts.get("searched")
        if searched is None:
            options = tuple(Option(one, wording.text(f"utter_not_received_{one}")) for one in SEARCHED)
            return Ask("searched", "utter_not_received_ask", options, {"day": day, "scan": scan})
        if searched == "found":
            return End("utter_not_received_glad")
        rows = [
            row(wording, "utter_row_order", order.number),
            row(wording, "utter_row_tracking", f"{parcel.carrier} {parcel.tracking_number}"),
            row(wording, "utter_row_scan", scan),
        ]
        card = summary("confirm", "utter_not_received_title", wording, rows)
        return Confirm("utter_case_confirm", card, CaseRequest(kind="not_received"))

    def begin(self, text: str, order: object) -> dict[str, object]:
        """Everybody is asked to look first."""
        return {}

    def done(self, work: Work, receipt: Receipt) -> End:
        """The receipt."""
        rows = [row(work.wording, "utter_row_order", receipt.order)]
        if receipt.by is not None:
            rows.append(row(work.wording, "utter_row_answer_by", work.wording.moment(receipt.by)))
        card = summary("receipt", "utter_case_done_title", work.wording, rows, number=receipt.number)
        return End("utter_not_received_done", {"number": receipt.number}, card)

    def refused(self, error: ShopRefused, work: Work) -> End:
        """It has been reported already; else as with any case."""
        if isinstance(error, AlreadyOpen):
            return End("utter_not_received_already", {"case": error.case or "–"})
        return Damaged().refused(error, work)
