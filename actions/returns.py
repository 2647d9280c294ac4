"""Sends goods back: what, why, whether the terms allow it, what comes back for it, and who fetches it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from actions.order_lines import (
    ALL,
    NOT_SENT,
    ON_THE_WAY,
    OVER,
    card_items,
    chosen_lines,
    gifts_due,
    line_options,
    lines_left,
    lines_named,
    paid_for,
    pieces_left,
    pieces_named,
    signed_on,
    whole_order,
    yuan,
)
from actions.pickup_choice import SELF, pickup_ask, pickup_named, pickup_of, pickup_rows, sends_it
from actions.refund_sentences import refund_row
from actions.return_rulings import Judged, freight_rows, judge, pieces_of
from actions.return_sentences import CAUSES, named, reason_lines, why_not
from actions.shop_terms import returns_today
from actions.tasks import Ask, Confirm, End, Facts, Option, Step, Topic, Work, row, summary
from shop.after_sales import CaseItem, CaseRequest, Receipt
from shop.client import AlreadyOpen, Order, OutOfStock, PickupUnavailable, ShopRefused
from shop.order import Item

MOST_PIECES = 6


class Return(Topic):
    """退货退款."""

    name = "return"
    kind = "return"
    intents: ClassVar[tuple[str, ...]] = ("return_request",)
    facts: ClassVar[tuple[str, ...]] = ("items", "pieces", "cause", "intact", "pickup")
    states = frozenset({"delivered", "partly_shipped"})
    needs_shipments = True
    outcomes: ClassVar[frozenset[str]] = frozenset({"return"})

    async def next(self, work: Work) -> Step:
        """What is still to be asked, the summary, or why it cannot be done."""
        end = self._too_early_or_late(work)
        if end is not None:
            return end
        asked = self._what(work) or self._why(work)
        if asked is not None:
            return asked
        judged = self.judged(work)
        allowed = [one for one in judged if one.ruling.outcome in self.outcomes]
        if not allowed:
            return self._refuse(judged, work)
        if work.facts["cause"] == "no_reason" and "intact" not in work.facts:
            options = tuple(Option(one, work.wording.text(f"utter_return_intact_{one}")) for one in ("yes", "no"))
            return Ask("intact", "utter_return_ask_intact", options)
        return await self._then(allowed, judged, work)

    def judged(self, work: Work) -> list[Judged]:
        """What the terms say about the lines that were chosen."""
        return judge(work)

    async def _then(self, allowed: Sequence[Judged], judged: Sequence[Judged], work: Work) -> Step:
        """How it is fetched, then the summary."""
        ask = await pickup_ask(work)
        return ask if ask is not None else self._summary(allowed, judged, work)

    def _too_early_or_late(self, work: Work) -> End | None:
        order, values = work.order, {"number": work.order.number}
        if order.state in NOT_SENT:
            return End(f"utter_{self.kind}_not_sent", values)
        if order.state in ON_THE_WAY:
            return End("utter_return_on_the_way", values)
        if order.state in OVER:
            return End("utter_return_over", values)
        if not lines_left(order):
            return End("utter_return_all_gone", values)
        return None

    def _what(self, work: Work) -> Ask | None:
        left, wording = lines_left(work.order), work.wording
        if len(left) == 1:
            work.facts.setdefault("items", left[0].sku)
        if "items" not in work.facts or not chosen_lines(work.order, work.facts["items"]):
            return Ask(
                "items", f"utter_{self.kind}_ask_items", line_options(left, wording), {"number": work.order.number}
            )
        chosen = chosen_lines(work.order, work.facts["items"])
        most = pieces_left(chosen[0])
        known = pieces_of(work.facts.get("pieces"), most)
        if len(chosen) == 1 and most > 1 and work.facts["items"] != ALL and known is None:
            options = [Option(str(count), str(count)) for count in range(1, min(most, MOST_PIECES) + 1)]
            return Ask("pieces", "utter_return_ask_pieces", tuple(options), {"item": chosen[0].name, "most": str(most)})
        return None

    def _why(self, work: Work) -> Ask | None:
        if work.facts.get("cause") in CAUSES:
            return None
        options = tuple(Option(one, work.wording.text(f"utter_cause_{one}")) for one in CAUSES)
        chosen = chosen_lines(work.order, work.facts["items"])
        return Ask("cause", f"utter_{self.kind}_ask_cause", options, {"items": named(chosen, work.wording)})

    def _refuse(self, judged: Sequence[Judged], work: Work) -> End:
        """No line may go back: why, and what may be done instead."""
        wording, first = work.wording, judged[0]
        card = self._card("info", f"utter_{self.kind}_refused_title", judged, work, reasons=first.ruling.reasons)
        values = {"items": named([one.item for one in judged], wording), "why": why_not(first.ruling, wording)}
        if first.ruling.outcome == "refuse" and work.facts["cause"] != "no_reason":
            return End("utter_return_fault_refused", values, card)
        if first.ruling.outcome in ("exchange", "repair"):
            return End(f"utter_return_only_{first.ruling.outcome}", values, card)
        return End(f"utter_{self.kind}_refused", values, card)

    def _summary(self, allowed: Sequence[Judged], judged: Sequence[Judged], work: Work) -> Confirm:
        wording = work.wording
        rows = [row(wording, "utter_row_cause", wording.text(f"utter_cause_{work.facts['cause']}"))]
        rows += self._worth(allowed, work)
        rows += freight_rows(allowed[0].ruling, work)
        rows += pickup_rows(work)
        until = allowed[0].ruling.until
        if until is not None:
            rows.append(row(wording, "utter_row_until", wording.date(until.isoformat())))
        card = self._card("confirm", f"utter_{self.kind}_title", allowed, work, rows, allowed[0].ruling.reasons)
        left_out = [one.item for one in judged if one not in allowed]
        if left_out:
            values = {"items": named(left_out, wording)}
            return Confirm(f"utter_{self.kind}_confirm_part", card, self.request(allowed, work), values)
        return Confirm(f"utter_{self.kind}_confirm", card, self.request(allowed, work))

    def _worth(self, allowed: Sequence[Judged], work: Work) -> list[dict[str, Any]]:
        """What comes back for it."""
        amount = paid_for(work.order, {one.item.sku: one.pieces for one in allowed})
        return refund_row(work.order, yuan(amount), work.wording)

    def _card(
        self,
        kind: str,
        title: str,
        judged: Sequence[Judged],
        work: Work,
        rows: Sequence[Any] = (),
        reasons: Sequence[Any] = (),
    ) -> dict[str, Any]:
        goods = [(one.item, one.pieces) for one in judged]
        if kind == "confirm":
            goods += [(gift, pieces_left(gift)) for gift in self._gifts(judged, work)]
        lines = reason_lines(reasons, work.wording)
        return summary(kind, title, work.wording, rows, items=card_items(goods), reasons=lines)

    def _gifts(self, allowed: Sequence[Judged], work: Work) -> list[Item]:
        """The gifts that must come too, of those that have come."""
        due = gifts_due(work.order, {one.item.sku: one.pieces for one in allowed}, returns_today())
        return [gift for gift in due if signed_on(work.order, gift, work.shipments)]

    def request(self, allowed: Sequence[Judged], work: Work) -> CaseRequest:
        """What is asked of the shop: the lines that the terms allow today, and the gifts that go with them."""
        items = [CaseItem(one.item.sku, one.pieces) for one in allowed]
        items += [CaseItem(gift.sku, pieces_left(gift)) for gift in self._gifts(allowed, work)]
        return CaseRequest(kind="return", cause=work.facts["cause"], items=tuple(items), pickup=pickup_of(work.facts))

    def done(self, work: Work, receipt: Receipt) -> End:
        """The receipt, with what goes back and how."""
        return End(f"utter_{self.kind}_done", {"number": receipt.number}, self._receipt(receipt, work))

    def _receipt(self, receipt: Receipt, work: Work) -> dict[str, Any]:
        wording = work.wording
        rows = [] if receipt.amount is None else refund_row(work.order, receipt.amount, wording)
        if receipt.pickup is not None:
            rows += pickup_rows(work)
        elif receipt.send_to:
            rows.append(row(wording, "utter_row_send_to", receipt.send_to))
        link = {"label": wording.text("utter_link_photos"), "url": receipt.photo_url} if receipt.photo_url else None
        return summary("receipt", f"utter_{self.kind}_done_title", wording, rows, number=receipt.number, link=link)

    def refused(self, error: ShopRefused, work: Work) -> End:
        """What stood in the way."""
        if isinstance(error, AlreadyOpen):
            return End("utter_case_already_open", {"case": error.case or "–"})
        if isinstance(error, OutOfStock):
            return End("utter_exchange_out_of_stock")
        if isinstance(error, PickupUnavailable):
            return End("utter_pickup_gone")
        return End("utter_return_not_allowed", {"number": work.order.number})

    def choose(self, fact: str, text: str, options: Sequence[Option]) -> Any | None:
        """Lines are named by their names, several at once too; a time of pick-up by its day."""
        chosen = super().choose(fact, text, options)
        if chosen is None and fact == "items":
            return lines_named(text, options)
        return pickup_named(text, options) if chosen is None and fact == "pickup" else chosen

    def read(self, fact: str, text: str) -> Any | None:
        """A number of pieces is a number; who sends it themselves says so."""
        if fact == "pickup":
            return SELF if sends_it(text) else None
        return pieces_named(text) if fact == "pieces" else super().read(fact, text)

    def begin(self, text: str, order: Order) -> Facts:
        """The lines that the first message names, and the cause."""
        found = super().begin(text, order)
        found.pop("intact", None)
        left = lines_left(order)
        lines = lines_named(text, [Option(item.sku, item.name) for item in left])
        if lines == ALL and not whole_order(text):
            lines = None
        return found | ({"items": lines} if len(left) > 1 and lines else {})


class CheckReturn(Topic):
    """这件能退吗."""

    name = "check_return"
    tells_only = True
    intents = ("return_policy",)
    states = frozenset({"delivered", "partly_shipped"})
    needs_shipments = True

    async def next(self, work: Work) -> Step:
        """For each line whether it can go back without a reason, and why; the checks of the first line on the card."""
        order, wording = work.order, work.wording
        if order.state in NOT_SENT:
            return End("utter_return_not_sent", {"number": order.number})
        if order.state in ON_THE_WAY:
            return End("utter_return_on_the_way", {"number": order.number})
        if order.state in OVER or not lines_left(order):
            return End("utter_return_over", {"number": order.number})
        work.facts.update(items=ALL, cause="no_reason")
        judged = judge(work)
        yes = [one.item for one in judged if one.ruling.outcome == "return"]
        until = next((one.ruling.until for one in judged if one.ruling.until), None)
        rows = freight_rows(judged[0].ruling, work) if yes else []
        reasons = [line for one in judged[:3] for line in _lines_of(one, len(judged) > 1, work)]
        items = card_items([(one.item, one.pieces) for one in judged])
        card = summary("info", "utter_check_return_title", wording, rows, items=items, reasons=reasons)
        if yes and until is not None:
            values = {"items": named(yes, wording), "day": wording.date(until.isoformat())}
            return End("utter_check_return_yes", values, card)
        return End("utter_check_return_no", {"why": why_not(judged[0].ruling, wording)}, card)


def _lines_of(one: Judged, several: bool, work: Work) -> list[dict[str, Any]]:
    lines = reason_lines(one.ruling.reasons, work.wording)
    if several:
        lines = [{**line, "text": f"{one.item.name}: {line['text']}"} for line in lines]
    return lines
