"""How a return is sent: where to, and when a courier fetches it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from actions.pickup_choice import SELF, pickup_ask, pickup_named, pickup_of, pickup_rows
from actions.return_sentences import pickup_in_words
from actions.shop import the_shop
from actions.tasks import Confirm, End, Option, Step, Topic, Work, row, summary
from shop.after_sales import Case, Pickup, Receipt
from shop.client import NotAllowed, ShopRefused

GOES_BACK = frozenset({"return", "exchange", "repair"})
NOT_SENT_BACK = frozenset({"requested", "approved"})


class PickUp(Topic):
    """退货怎么寄、预约取件."""

    name = "pickup"
    intents = ("return_logistics",)
    facts = ("pickup",)
    change_type = Pickup

    async def next(self, work: Work) -> Step:
        """Where it goes and when it is fetched; a new time; or that there is no case yet."""
        case = await _case(work)
        if case is None:
            return End("utter_pickup_no_case", {"number": work.order.number})
        if case.state not in NOT_SENT_BACK:
            state = work.wording.text(f"utter_case_state_{case.state}")
            return End("utter_pickup_not_needed", {"case": case.number, "state": state})
        ask = await pickup_ask(work)
        if ask is not None:
            return ask
        rows = [row(work.wording, "utter_row_send_to", case.send_to)] if case.send_to else []
        if work.facts["pickup"] == SELF:
            card = summary("info", "utter_pickup_title", work.wording, rows, number=case.number)
            return End("utter_pickup_send_yourself", {"case": case.number}, card)
        rows += pickup_rows(work)
        card = summary("confirm", "utter_pickup_title", work.wording, rows, number=case.number)
        pickup = pickup_of(work.facts)
        assert pickup is not None
        return Confirm("utter_pickup_confirm", card, pickup)

    def choose(self, fact: str, text: str, options: Sequence[Option]) -> Any | None:
        """A time is named by its day, too."""
        chosen = super().choose(fact, text, options)
        return pickup_named(text, options) if chosen is None else chosen

    async def send(self, work: Work, change: Any, key: str) -> Receipt:
        """Books the courier."""
        case = await _case(work)
        if case is None:
            raise NotAllowed(NotAllowed.code)
        return await the_shop().book_pickup(work.order.number, work.proof, case.number, change, key)

    def done(self, work: Work, receipt: Receipt) -> End:
        """The receipt, with the time."""
        card = summary("receipt", "utter_pickup_done_title", work.wording, pickup_rows(work), number=receipt.number)
        time = pickup_in_words(receipt.pickup, work.wording) if receipt.pickup else ""
        values = {"time": time, "number": receipt.number}
        return End("utter_pickup_done", values, card)

    def refused(self, error: ShopRefused, work: Work) -> End:
        """That time is taken, or the goods are on their way."""
        return End("utter_pickup_gone")


async def _case(work: Work) -> Case | None:
    """The newest case whose goods go back."""
    cases = await the_shop().cases_of(work.order.number, work.proof)
    going = [one for one in cases if one.kind in GOES_BACK]
    waiting = [one for one in going if one.state in NOT_SENT_BACK]
    return next(iter(waiting or going), None)
