"""Whose conversation it is, and by what an order of theirs is proved to the shop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from shop.client import Proof


@dataclass(frozen=True)
class Shopper:
    """What the ledger knows of who writes. `order` was proved to the bot, with `tail` where that was the phone's ending."""

    cid: str
    lang: str
    customer: str | None
    name: str
    contact: str
    tags: tuple[str, ...]
    order: str | None
    tail: str | None

    @classmethod
    def of(cls, cid: str, state: dict[str, str]) -> Shopper:
        """Reads a conversation's state hash."""
        verified = _verified(state.get("reason"))
        return cls(
            cid=cid,
            lang=state.get("lang") or "zh",
            customer=state.get("customer") or None,
            name=state.get("customer_name") or "",
            contact=_contact(state.get("contact") or ""),
            tags=tuple(str(tag) for tag in _list(state.get("tags"))),
            order=_text(verified.get("number")),
            tail=_text(verified.get("phone_tail") or verified.get("tail")),
        )

    def proof(self, number: str, tail: str | None = None) -> Proof | None:
        """What to show the shop for an order: the ending that was given just now, or what the conversation has proved."""
        if tail is not None:
            return Proof(phone_tail=tail)
        if number == self.order and self.tail is not None:
            return Proof(phone_tail=self.tail)
        return Proof(customer_id=self.customer) if self.customer else None


def _verified(reason: str | None) -> dict[str, Any]:
    """The slot `order_verified` of what the bot handed over; a conversation that never was handed over has none."""
    found: Any = _decoded(reason)
    for name in ("context", "slots", "order_verified"):
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}


def _contact(stored: str) -> str:
    """The ledger keeps a contact as text, or with when it was left."""
    found = _decoded(stored) if stored.startswith("{") else None
    return str(found.get("contact", "")) if isinstance(found, dict) else stored


def _list(stored: str | None) -> list[Any]:
    found = _decoded(stored)
    return found if isinstance(found, list) else []


def _decoded(stored: str | None) -> Any:
    try:
        return msgspec.json.decode(stored) if stored else None
    except msgspec.DecodeError:
        return None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
