"""Where the money is, and how far a return, an exchange or a complaint has come."""

from __future__ import annotations

from actions.refund_sentences import path_of, refund_row
from actions.shop import the_shop
from actions.tasks import End, Step, Topic, Work, row, summary
from actions.wording import Wording
from shop.after_sales import OPEN_STATES, Case
from shop.client import Order

MOST_CASES = 4


class RefundStatus(Topic):
    """退款到哪了."""

    name = "refund"
    tells_only = True
    intents = ("refund_status",)

    async def next(self, work: Work) -> Step:
        """The refund of the order, or the return it depends on, or that there is none."""
        order, wording = work.order, work.wording
        cases = await the_shop().cases_of(order.number, work.proof)
        if order.refund is not None:
            return _refund(order, work)
        waiting = [one for one in cases if one.amount is not None and one.state in OPEN_STATES]
        if waiting:
            case = waiting[0]
            rows = [
                *refund_row(order, case.amount or "", wording),
                row(wording, "utter_row_state", _state(case, wording)),
            ]
            card = summary("info", "utter_refund_title", wording, rows, number=case.number)
            return End(f"utter_refund_waits_{case.state}", {"case": case.number}, card)
        if cases and cases[0].amount is not None and cases[0].state == "rejected":
            return End("utter_refund_case_rejected", {"case": cases[0].number})
        done = [one for one in cases if one.amount is not None and one.state == "done"]
        if done and order.payment_method is not None:
            way = path_of(order.payment_method, wording)
            return End("utter_refund_case_done", {"case": done[0].number, "amount": done[0].amount or "", "way": way})
        return End(
            "utter_refund_none", {"number": order.number, "state": wording.text(f"utter_order_state_{order.state}")}
        )


class CaseProgress(Topic):
    """售后进度."""

    name = "after_sales"
    tells_only = True
    intents = ("after_sales_progress",)

    async def next(self, work: Work) -> Step:
        """The order's cases, the newest first."""
        wording = work.wording
        cases = await the_shop().cases_of(work.order.number, work.proof)
        if not cases:
            return End("utter_cases_none", {"number": work.order.number})
        rows = [
            {"label": f"{wording.text(f'utter_case_kind_{one.kind}')} {one.number}", "value": _state(one, wording)}
            for one in cases[:MOST_CASES]
        ]
        card = summary("info", "utter_cases_title", wording, rows, number=work.order.number)
        first = cases[0]
        kind = wording.text(f"utter_case_kind_{first.kind}")
        return End("utter_cases_shown", {"kind": kind, "case": first.number, "state": _state(first, wording)}, card)


def _refund(order: Order, work: Work) -> End:
    refund, wording = order.refund, work.wording
    assert refund is not None
    rows = refund_row(order, refund.amount, wording)
    card = summary("info", "utter_refund_title", wording, rows, number=order.number)
    told = wording.text(f"utter_order_next_refund_{refund.state}", amount=refund.amount, day=wording.day(refund.at))
    return End("utter_refund_shown", {"next": told}, card)


def _state(case: Case, wording: Wording) -> str:
    return wording.text(f"utter_case_state_{case.state}")
