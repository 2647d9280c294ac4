"""What stands in a conversation's log, and what the bot hands in when a turn is done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

import msgspec

Fields = Mapping[str, str]


class Handoff(msgspec.Struct, frozen=True):
    """Why a person is needed. `priority` is 0 (can wait) to 9 (now)."""

    rule: str
    reason: str
    skill: str = "general"
    priority: int = 3
    evidence: list[str] = []
    context: dict[str, Any] = {}


class Button(msgspec.Struct, frozen=True):
    """A button of a reply: the shopper sees `label`; `payload` stays on the server."""

    id: str
    label: str
    payload: str


class Reply(msgspec.Struct, frozen=True, omit_defaults=True):
    """One message of the bot: `text`, a `card` (see docs/frames.md), buttons."""

    text: str | None = None
    card: dict[str, Any] | None = None
    buttons: list[Button] = []

    def body(self) -> dict[str, Any]:
        """The message as the shopper gets it, without payloads."""
        body: dict[str, Any] = {}
        if self.text:
            body["text"] = self.text
        if self.buttons:
            body["choices"] = [{"id": button.id, "label": button.label} for button in self.buttons]
        if self.card is not None:
            body["card"] = self.card
        return body


class Entry(msgspec.Struct, frozen=True):
    """One entry of the log.

    `kind` is message, mode, note, rating, contact, offer, clock or notice; `sender` is shopper, bot, agent or system.
    `payload` is what a chosen button stands for and never leaves the server.
    """

    id: str
    kind: str
    sender: str
    body: dict[str, Any]
    mid: str | None = None
    name: str | None = None
    payload: str | None = None

    @property
    def at(self) -> datetime:
        """When Redis stored it (UTC, milliseconds): the first half of a stream id."""
        return datetime.fromtimestamp(self.at_ms / 1000, tz=timezone.utc)

    @property
    def at_ms(self) -> int:
        """When Redis stored it, in ms since 1970."""
        return int(self.id.split("-")[0])

    @classmethod
    def from_stream(cls, entry_id: str, fields: Fields) -> Entry:
        """Reads what the scripts have written."""
        return cls(
            id=entry_id,
            kind=fields["kind"],
            sender=fields["from"],
            body=msgspec.json.decode(fields["body"]),
            mid=fields.get("mid"),
            name=fields.get("name"),
            payload=fields.get("payload"),
        )


class Turn(msgspec.Struct, frozen=True):
    """What a bot worker has to answer: the unread messages of one conversation, oldest first.

    `upto` is set when an earlier worker had fixed where this turn ends and then died: the turn is done again with just
    the same messages, so that its writes carry the same idempotency key. `attempts` counts those earlier tries.
    `agreed` says when a person has handed it back, and what was agreed: `{"back_at" (ms),"summary"?,"by"?,"at"? (ms),"order"?}`.
    `memory` names the state of the tracker's events: it is another after each commit.
    """

    cid: str
    cursor: str
    unread: list[Entry]
    lang: str
    customer: str | None
    customer_name: str | None
    typing_at_ms: int
    now_ms: int
    upto: str | None = None
    attempts: int = 0
    agreed: dict[str, Any] | None = None
    memory: str = ""
