"""What the shopper sees of the log: messages without what is only for the shop, and changes of mode as sentences."""

from __future__ import annotations

from typing import Any

import ledger
from ledger import Entry
from web.gateway.frames import Message, State
from web.gateway.wording import BACK_TO_BOT_LABEL, known, mode_text

BACK_TO_BOT = "back_to_bot"
"""The id of the button that leaves the queue; never offered by the bot, whose ids are digests."""

SHOWN_BODY = ("text", "choices", "card")
WAITING_SENTENCES = {"agent_vanished": "agent_vanished", "transferred": "transferred"}


def shown(entry: Entry, lang: str) -> Message | None:
    """The entry as the shopper gets it; None for what is not theirs to see: notes, ratings, a reopening."""
    if entry.kind == "message":
        body = {part: entry.body[part] for part in SHOWN_BODY if part in entry.body}
        mid = entry.mid if entry.sender == "shopper" else None
        name = entry.name if entry.sender == "agent" else None
        return Message(entry.id, entry.sender, _at(entry), body, mid, name)
    if entry.kind == "mode" and (told := _change(entry, lang)) is not None:
        return Message(entry.id, "system", _at(entry), told)
    return None


def state_frame(state: ledger.State) -> State:
    """Where the conversation stands, for the shopper."""
    return State(state.mode, state.position, state.wait_s, state.agent)


def _change(entry: Entry, lang: str) -> dict[str, Any] | None:
    match entry.body.get("mode"):
        case "waiting":
            sentence = WAITING_SENTENCES.get(str(entry.body.get("rule")), "queued")
            button = {"id": BACK_TO_BOT, "label": BACK_TO_BOT_LABEL[known(lang)]}
            return {"text": mode_text(sentence, lang), "choices": [button]}
        case "human":
            return {"text": mode_text("joined", lang, entry.name)}
        case "bot" if entry.body.get("was") != "closed":
            return {"text": mode_text("back", lang)}
        case "closed":
            return {"text": mode_text("closed", lang)}
    return None


def _at(entry: Entry) -> str:
    return entry.at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
