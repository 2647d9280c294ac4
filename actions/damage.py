"""Something came broken, is missing or is not what was ordered: which, what is wrong with it, a case with a page for photos."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from typing import Any, ClassVar

from actions.open_cases import cases_about, open_one
from actions.order_lines import (
    ALL,
    card_items,
    chosen_lines,
    line_options,
    lines_left,
    lines_named,
    signed_on,
)
from actions.return_sentences import named
from actions.shop import shipment_of
from actions.tasks import Ask, Confirm, End, Facts, Option, Step, Topic, Work, row, summary
from shop.after_sales import CaseItem, CaseKind, CaseRequest, Receipt
from shop.client import AlreadyOpen, Order, ShopRefused
from shop.order import Item

CAME = frozenset({"delivered", "partly_shipped"})
NOTE_LENGTH = 300
NO_NOTE = "-"
# Nothing but this: 没有数据线 says what is missing.
_NOTHING_TO_ADD = re.compile(
    r"^(?:不用(?:说明?|了)?|没有?了?|没什么(?:好?说的)?|不(?:想)?说了?|跳过|无|skip|no(?:pe|thing)?|nothing (?:to add|else))"
    r"[\s,，.。!！]*$",
    re.IGNORECASE,
)


class Damaged(Topic):
    """收到的东西坏了."""

    name = "damaged"
    kinds: ClassVar[tuple[CaseKind, ...]] = ("damaged",)
    intents: ClassVar[tuple[str, ...]] = ("damaged_item",)
    facts: ClassVar[tuple[str, ...]] = ("items", "note")
    free = frozenset({"note"})
    states = CAME

    async def next(self, work: Work) -> Step:
        """Which kind and line, what is wrong in the shopper's words, then the summary."""
        order, wording = work.order, work.wording
        if order.state not in CAME:
            return End("utter_case_not_come", {"number": order.number})
        left = await _here(order)
        if not left:
            said = "utter_case_not_come" if lines_left(order) else "utter_return_all_gone"
            return End(said, {"number": order.number})
        if ask := self._kind(work):
            return ask
        kind = self.kind_of(work)
        # What is missing may simply be in another parcel, so what has not come can be chosen too.
        lines = lines_left(order) if kind == "missing" else left
        if len(lines) == 1:
            work.facts.setdefault("items", lines[0].sku)
        chosen = _chosen(order, lines, work.facts.get("items", ""))
        if not chosen:
            return Ask("items", f"utter_{kind}_ask_items", line_options(lines, wording), {"number": order.number})
        chosen, later = [one for one in chosen if one in left], [one for one in chosen if one not in left]
        if later and (kind == "missing" or not chosen):
            return End("utter_case_item_not_come", {"item": named(later, wording)})
        if (other := open_one(await cases_about(work, kind, [item.sku for item in chosen]))) is not None:
            return End("utter_case_already_open", {"case": other.number})
        if "note" not in work.facts:
            return Ask("note", f"utter_{kind}_ask_note", (Option(NO_NOTE, wording.text("utter_case_no_note")),))
        return self._summary(kind, chosen, work)

    def _summary(self, kind: CaseKind, chosen: Sequence[Item], work: Work) -> Confirm:
        """What is reported."""
        wording = work.wording
        rows = [row(wording, "utter_row_order", work.order.number)]
        if work.facts["note"] != NO_NOTE:
            rows.append(row(wording, "utter_row_note", work.facts["note"]))
        items = [(item, item.quantity - item.returning) for item in chosen]
        card = summary("confirm", f"utter_{kind}_title", wording, rows, items=card_items(items))
        pieces = tuple(CaseItem(item.sku, count) for item, count in items)
        note = None if work.facts["note"] == NO_NOTE else work.facts["note"]
        return Confirm("utter_case_confirm", card, CaseRequest(kind=kind, items=pieces, note=note))

    def _kind(self, work: Work) -> Ask | None:
        return None

    def kind_of(self, work: Work) -> CaseKind:
        """The kind of the case."""
        return self.kinds[0]

    def done(self, work: Work, receipt: Receipt) -> End:
        """The receipt, with the page for photos."""
        wording = work.wording
        link = {"label": wording.text("utter_link_photos"), "url": receipt.photo_url} if receipt.photo_url else None
        rows = [row(wording, "utter_row_order", receipt.order)]
        if receipt.by is not None:
            rows.append(row(wording, "utter_row_answer_by", wording.moment(receipt.by)))
        card = summary("receipt", "utter_case_done_title", wording, rows, number=receipt.number, link=link)
        said = "utter_case_done_photos" if link else "utter_case_done"
        return End(said, {"number": receipt.number}, card)

    def refused(self, error: ShopRefused, work: Work) -> End:
        """What stood in the way."""
        if isinstance(error, AlreadyOpen):
            return End("utter_case_already_open", {"case": error.case or "–"})
        return End("utter_case_refused", {"number": work.order.number})

    def choose(self, fact: str, text: str, options: Sequence[Option]) -> Any | None:
        """Lines are named by their names."""
        if fact == "note":
            return NO_NOTE if _NOTHING_TO_ADD.search(text.strip()) else None
        chosen = super().choose(fact, text, options)
        return lines_named(text, options) if chosen is None and fact == "items" else chosen

    def read(self, fact: str, text: str) -> Any | None:
        """What is wrong, in the shopper's words."""
        if fact == "note":
            return text.strip()[:NOTE_LENGTH] if len(text.strip()) > 1 else None
        return super().read(fact, text)

    def begin(self, text: str, order: Order) -> Facts:
        """The line that the first message names."""
        found = super().begin(text, order)
        left = lines_left(order)
        if len(left) > 1 and (lines := lines_named(text, [Option(item.sku, item.name) for item in left])) not in (
            None,
            ALL,
        ):
            found["items"] = lines
        return found


class Missing(Damaged):
    """少发、错发."""

    name = "missing"
    kinds: ClassVar[tuple[CaseKind, ...]] = ("missing", "wrong_item")
    intents: ClassVar[tuple[str, ...]] = ("missing_item",)
    facts: ClassVar[tuple[str, ...]] = ("kind", "items", "note")

    def _kind(self, work: Work) -> Ask | None:
        if work.facts.get("kind") in self.kinds:
            return None
        options = tuple(Option(one, work.wording.text(f"utter_case_kind_{one}")) for one in self.kinds)
        return Ask("kind", "utter_missing_ask_kind", options)

    def kind_of(self, work: Work) -> CaseKind:
        """Missing or wrong."""
        return "wrong_item" if work.facts["kind"] == "wrong_item" else "missing"


def _chosen(order: Order, lines: Sequence[Item], answer: str) -> list[Item]:
    return list(lines) if answer == ALL else chosen_lines(order, answer)


async def _here(order: Order) -> list[Item]:
    """The lines that have come: of an order in several parcels those of the parcels that were signed for."""
    left = lines_left(order)
    if order.state == "delivered":
        return left
    shipments = await asyncio.gather(*map(shipment_of, order.shipments))
    return [item for item in left if signed_on(order, item, shipments) is not None]
