"""Exchanges goods: for another spec, or for the same without its fault; repairs what is past an exchange."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, ClassVar

from actions.order_lines import chosen_lines, signed_on
from actions.pickup_choice import pickup_of
from actions.return_rulings import Judged
from actions.returns import Return
from actions.shop import the_shop
from actions.shop_terms import returns_today
from actions.tasks import Ask, End, Facts, Option, Step, Work, row
from shop.after_sales import CaseItem, CaseRequest
from shop.client import Order, SkuNotFound
from shop.order import Item
from terms.returns import Reason

SAME = "same"
MOST_SPECS = 6
_PART = re.compile(r"[a-z]+|\d+|[\u4e00-\u9fff]{2,}", re.IGNORECASE)
_SIZE = re.compile(r"(?<!\d)\d{1,3}(?!\d)")
_SAME = re.compile(r"同款|一样的|原[款样]|换新|换个新|\bthe same\b|\bsame one\b|new one", re.IGNORECASE)


class Exchange(Return):
    """换货."""

    name = "exchange"
    kind = "exchange"
    intents: ClassVar[tuple[str, ...]] = ("exchange",)
    facts: ClassVar[tuple[str, ...]] = ("items", "pieces", "cause", "intact", "want", "pickup")
    outcomes: ClassVar[frozenset[str]] = frozenset({"return", "exchange", "repair"})

    def judged(self, work: Work) -> list[Judged]:
        """What the terms say; what may go back for a fault may be exchanged, for longer."""
        found = super().judged(work)
        return found if work.facts["cause"] == "no_reason" else [_as_exchange(one, work) for one in found]

    async def _then(self, allowed: Sequence[Judged], judged: Sequence[Judged], work: Work) -> Step:
        """What it is exchanged for, as long as it is not past that; then how it is fetched."""
        if "want" not in work.facts and not _repair(allowed):
            step = await self._wanted(allowed, work)
            if step is not None:
                return step
        return await super()._then(allowed, judged, work)

    async def _wanted(self, allowed: Sequence[Judged], work: Work) -> Ask | End | None:
        if len(allowed) != 1:
            work.facts["want"] = SAME
            return None
        item = allowed[0].item
        try:
            sku = await the_shop().sku(item.sku)
        except SkuNotFound:
            work.facts["want"] = SAME
            return None
        options = [
            Option(f"{one.sku}|{one.spec}", one.spec) for one in sku.others if one.in_stock and one.price == sku.price
        ][:MOST_SPECS]
        if sku.in_stock:
            options.append(Option(SAME, work.wording.text("utter_exchange_same", spec=item.spec)))
        if not options:
            return End("utter_exchange_none_left", {"item": item.name})
        said = spec_named(work.facts.get("said", ""), options, item.spec)
        if said is not None:
            work.facts["want"] = said
            return None
        return Ask("want", "utter_exchange_ask_want", tuple(options), {"item": item.name})

    def choose(self, fact: str, text: str, options: Sequence[Option]) -> Any | None:
        """A spec is named by its colour or size, too."""
        chosen = super().choose(fact, text, options)
        if chosen is not None or fact != "want":
            return chosen
        now = next((option.label for option in options if option.value == SAME), "")
        named = spec_named(text, options, now)
        if named is None and now and _SAME.search(text):
            return SAME
        return named

    def begin(self, text: str, order: Order) -> Facts:
        """What the message tells; its words are kept, for the spec that it may name."""
        return super().begin(text, order) | {"said": text}

    def _gifts(self, allowed: Sequence[Judged], work: Work) -> list[Item]:
        """None: the order stays whole."""
        return []

    def _worth(self, allowed: Sequence[Judged], work: Work) -> list[dict[str, Any]]:
        """What it is exchanged for, or that it is repaired."""
        if _repair(allowed):
            return [row(work.wording, "utter_row_remedy", work.wording.text("utter_remedy_repair"))]
        return [row(work.wording, "utter_row_want", self._spec(work))]

    def _spec(self, work: Work) -> str:
        _, _, spec = str(work.facts.get("want", SAME)).partition("|")
        lines = chosen_lines(work.order, work.facts["items"])
        return spec or (lines[0].spec if lines else "")

    def request(self, allowed: Sequence[Judged], work: Work) -> CaseRequest:
        """An exchange, or a repair when it is too late for one."""
        want = str(work.facts.get("want", SAME)).partition("|")[0]
        return CaseRequest(
            kind="repair" if _repair(allowed) else "exchange",
            cause=work.facts["cause"],
            items=tuple(CaseItem(one.item.sku, one.pieces) for one in allowed),
            exchange_for=None if want == SAME or _repair(allowed) else want,
            pickup=pickup_of(work.facts),
        )


def spec_named(text: str, options: Sequence[Option], now: str) -> str | None:
    """The value of the one option whose colour or size a message names; None when it names a size that none of them has.

    `now` holds the spec that is exchanged, which may be named beside the other: 42的换43的.
    """
    sizes = set(_SIZE.findall(text)) - set(_PART.findall(now))
    found: dict[str, int] = {}
    for option in options:
        parts = set(_PART.findall(option.label)) - set(_PART.findall(now))
        if option.value != SAME and sizes <= parts:
            found[option.value] = sum(_says(part, text) for part in parts)
    most = max(found.values(), default=0)
    best = [value for value, count in found.items() if count == most]
    return best[0] if most and len(best) == 1 else None


def _says(part: str, text: str) -> bool:
    if part.isascii():
        return re.search(rf"(?<![a-z0-9'’]){part}(?![a-z0-9])", text, re.IGNORECASE) is not None
    return part in text


def _as_exchange(one: Judged, work: Work) -> Judged:
    """A line that may go back for its fault, with the days for an exchange."""
    signed = signed_on(work.order, one.item, work.shipments)
    if one.ruling.outcome != "return" or signed is None:
        return one
    days = returns_today().quality_exchange_days
    day = max(0, (work.today - signed).days)
    within = Reason("quality_exchange_days", True, (("day", day), ("days", days)))
    until = signed + timedelta(days=days)
    return replace(one, ruling=replace(one.ruling, reasons=(one.ruling.reasons[0], within), until=until))


def _repair(allowed: Sequence[Judged]) -> bool:
    return allowed[0].ruling.outcome == "repair"
