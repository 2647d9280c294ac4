"""Collects what Rasa utters in a turn and turns it into replies for the ledger."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec
from rasa.core.channels.channel import OutputChannel

from bot.plain_json import plain
from ledger import Handoff, Reply
from ledger.entries import Button

NAME = "shopdesk"


class TurnChannel(OutputChannel):
    """The output channel of one turn: nothing is sent before the turn is committed."""

    def __init__(self) -> None:
        self.replies: list[Reply] = []
        self.handoff: Handoff | None = None

    @classmethod
    def name(cls) -> str:
        """As responses that are meant for this channel name it."""
        return NAME

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Takes one bot utterance whole: text, buttons and `custom` (a card or a handoff) belong together."""
        custom = message.get("custom") or {}
        if "handoff" in custom and self.handoff is None:
            self.handoff = msgspec.convert(custom["handoff"], Handoff)
        reply = Reply(
            text=message.get("text") or None,
            card=plain(custom.get("card")),
            buttons=[button_of(button) for button in message.get("buttons") or []],
        )
        if reply.body():
            self.replies.append(reply)

    def precede(self, text: str) -> None:
        """Puts a sentence before the first reply, in the same message."""
        first = self.replies[0]
        glue = " " if text.isascii() else ""
        self.replies[0] = msgspec.structs.replace(first, text=f"{text}{glue}{first.text}")


def button_of(button: dict[str, Any]) -> Button:
    """A Rasa button; its id is a digest of the payload, so that the same button has the same id everywhere."""
    payload = str(button["payload"])
    return Button(hashlib.sha256(payload.encode()).hexdigest()[:16], str(button["title"]), payload)
