"""The right column of the desk: who the customer is, what they bought and where it is, and what colleagues know of them.

Everything that others keep is asked for at the same time and within one limit. What does not come is left out and named in
`trouble`; personal data is masked unless the session has given a reason to see it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from ledger import Ledger
from shop.client import CustomerNotFound, ShopClient, ShopClientError
from shop.offers import Membership
from shop.order import Order
from web.desk.card_wording import CardWording
from web.desk.customer_notes import customer_key
from web.desk.errors import ShopUnavailable
from web.desk.masks import mask_contact, mask_name, mask_text, spoken_name
from web.desk.order_rows import order_row, spent
from web.desk.parts import LATE, Parts
from web.desk.requests import iso
from web.desk.shopper import Shopper
from web.desk.shopper_orders import COUNTED, Proved, ShopperOrders

LIMIT_S = 2.7
"""With what the ledger and the session take, the whole answer is there within three seconds."""
EARLIER = 10
Row = Mapping[str, Any]


class Archive(Protocol):
    """Where closed conversations are."""

    async def earlier(self, customer: str, limit: int) -> Sequence[Row]:
        """A customer's conversations, newest first, as archive rows of docs/frames.md."""


class Notes(Protocol):
    """What colleagues wrote down about a customer."""

    async def notes_of(self, customer: str) -> Sequence[Row]:
        """Newest first: id, by, at, text. `customer` is what `customer_notes.customer_key` says."""


@dataclass(frozen=True)
class Look:
    """Who looks at what: in which language, whether personal data may be shown, and the order asked for with its proof."""

    cid: str
    agent_name: str
    lang: str
    masked: bool
    order: str | None = None
    phone_tail: str | None = None


class CustomerColumn:
    """Puts the column together."""

    def __init__(
        self, ledger: Ledger, shop: ShopClient, archive: Archive, notes: Notes, limit_s: float = LIMIT_S
    ) -> None:
        self._ledger, self._shop, self._limit_s = ledger, shop, limit_s
        self._archive, self._notes = archive, notes
        self._orders = ShopperOrders(ledger, shop)

    async def of(self, look: Look) -> dict[str, Any]:
        """The answer of `GET …/customer`. Raises `UnknownConversation`, `OrderNotFound` for the order asked for."""
        state = await self._ledger.state(look.cid)
        shopper = Shopper.of(look.cid, state)
        parts = Parts(self._limit_s)
        asked = await self._asked(shopper, look, parts)
        (rows, listed), member, earlier, notes = await asyncio.gather(
            self._rows(shopper, look, parts, asked),
            self._member(shopper, parts),
            self._earlier(shopper, look, parts),
            self._known(customer_key(look.cid, state), look, parts),
        )
        answer = {
            "masked": look.masked,
            "customer": _customer(shopper, member, listed, look),
            "orders": rows,
            "earlier": earlier,
            "tags": list(shopper.tags),
            "notes": notes,
            "variables": _variables(shopper, rows, look),
        }
        return answer | ({"trouble": parts.trouble} if parts.trouble else {})

    async def _asked(self, shopper: Shopper, look: Look, parts: Parts) -> Proved | None:
        """The order that was asked for by its number: without it there is no answer."""
        if look.order is None:
            return None
        try:
            async with parts.within_limit():
                return await self._orders.one(shopper, look.order, look.phone_tail)
        except (ShopClientError, TimeoutError) as error:
            raise ShopUnavailable(getattr(error, "code", LATE)) from None

    async def _rows(
        self, shopper: Shopper, look: Look, parts: Parts, asked: Proved | None
    ) -> tuple[list[dict[str, Any]], list[Order] | None]:
        found = await self._orders.find(shopper, parts, asked)
        about = await asyncio.gather(*(self._orders.about(one, parts) for one in found.shown))
        wording, now = CardWording(look.lang), datetime.now(UTC)
        rows = [
            order_row(one.order, known, wording, now, look.masked)
            for one, known in zip(found.shown, about, strict=True)
        ]
        return rows, found.listed

    async def _member(self, shopper: Shopper, parts: Parts) -> Membership | None:
        if shopper.customer is None:
            return None
        return await parts.get("membership", self._membership(shopper.customer))

    async def _membership(self, customer: str) -> Membership | None:
        try:
            return await self._shop.membership_of(customer)
        except CustomerNotFound:
            return None

    async def _earlier(self, shopper: Shopper, look: Look, parts: Parts) -> list[dict[str, Any]]:
        if shopper.customer is None:
            return []
        rows = await parts.get("earlier", self._archive.earlier(shopper.customer, EARLIER + 1)) or ()
        others = [dict(row) for row in rows if row.get("conversation") != shopper.cid][:EARLIER]
        return [_masked_row(row) for row in others] if look.masked else others

    async def _known(self, customer: str, look: Look, parts: Parts) -> list[dict[str, Any]]:
        notes = [dict(note) for note in await parts.get("notes", self._notes.notes_of(customer)) or ()]
        return [{**note, "text": mask_text(str(note.get("text", "")))} for note in notes] if look.masked else notes


def _customer(shopper: Shopper, member: Membership | None, listed: list[Order] | None, look: Look) -> dict[str, Any]:
    """What is not known is null: a stranger has no level, and a shop that does not answer no orders that could be counted."""
    more = listed is not None and len(listed) >= COUNTED
    return {
        "id": shopper.customer,
        "name": mask_name(shopper.name) if look.masked else shopper.name,
        "verified": shopper.customer is not None,
        "level": member.level if member else None,
        "points": member.points if member else None,
        "orders": len(listed) if listed is not None else None,
        "more_orders": more,
        "spent": spent(listed) if listed is not None else None,
        "since": iso(min(one.created_at for one in listed)) if listed and not more else None,
        "contact": (mask_contact(shopper.contact) if look.masked else shopper.contact) or None,
    }


def _masked_row(row: dict[str, Any]) -> dict[str, Any]:
    texts = {name: mask_text(row[name]) for name in ("summary", "solution") if isinstance(row.get(name), str)}
    return {**row, "name": mask_name(str(row.get("name") or "")), **texts}


def _variables(shopper: Shopper, rows: Sequence[dict[str, Any]], look: Look) -> dict[str, str]:
    """What quick replies are filled with; one that is not known is not there, and the page says so before sending."""
    found = {"agent.name": look.agent_name}
    name = spoken_name(shopper.name, shopper.lang) if look.masked else shopper.name
    if name:
        found["customer.name"] = name
    if rows:
        card = rows[0]["card"]
        found |= {"order.number": card["number"], "order.amount": card["amount"]}
        if card["shipments"]:
            found["order.tracking"] = card["shipments"][0]["tracking_number"]
            found["order.carrier"] = card["shipments"][0]["carrier"]
    return found
