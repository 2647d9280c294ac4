"""What the shopper sees of the log: messages without what is only for the shop, changes of mode and notices as sentences."""

from __future__ import annotations

from typing import Any

import ledger
from ledger import Entry
from web.gateway.frames import Message, State
from web.gateway.wording import BACK_TO_BOT_LABEL, known, mode_text, notice_text

BACK_TO_BOT = "back_to_bot"
"""The id of the button that leaves the queue; never offered by the bot, whose ids are digests."""

SHOWN_BODY = ("text", "choices", "card", "image")
WAITING_SENTENCES = {
    "agent_vanished": "agent_vanished",
    "agent_offline": "agent_offline",
    "transferred": "transferred",
    "reassigned": "transferred",
}
JOINING_SENTENCES = {"taken_over": "taken_over", "reopened": "rejoined"}


def shown(entry: Entry, lang: str) -> Message | None:
    """The entry as the shopper gets it; None for what is not theirs to see: notes, offers, clocks, ratings, contacts."""
    if entry.kind == "message":
        return shown_message(entry)
    if entry.kind == "mode" and (told := _change(entry, lang)) is not None:
        return Message(entry.id, "system", _at(entry), told)
    if entry.kind == "notice" and (text := notice_text(entry.body.get("notice"), lang, entry.body.get("back_at"))):
        return Message(entry.id, "system", _at(entry), {"text": text})
    return None


def shown_message(entry: Entry) -> Message:
    """A message as the shopper gets it."""
    body = {part: entry.body[part] for part in SHOWN_BODY if entry.body.get(part)}
    mid = entry.mid if entry.sender == "shopper" else None
    name = entry.name if entry.sender == "agent" else None
    return Message(entry.id, entry.sender, _at(entry), body, mid, name)


def state_frame(state: ledger.State) -> State:
    """Where the conversation stands, for the shopper."""
    return State(
        state.mode,
        state.position,
        state.wait_s,
        state.agent,
        away=state.away,
        back_at=state.back_at,
        contact=state.contact,
        read=state.read if state.mode == "human" else None,
        rate=state.rate,
    )


def _change(entry: Entry, lang: str) -> dict[str, Any] | None:
    mode, was, rule = (str(entry.body.get(part)) for part in ("mode", "was", "rule"))
    by_agent = was == "human" and rule == "resolved"
    match mode:
        case "waiting" if was == "waiting":
            return None  # it moved within the shop; to the shopper it waits as before
        case "waiting":
            sentence = WAITING_SENTENCES.get(rule, "queued")
            button = {"id": BACK_TO_BOT, "label": BACK_TO_BOT_LABEL[known(lang)]}
            return {"text": mode_text(sentence, lang), "choices": [button]}
        case "human":
            sentence = "joined" if rule == "taken_over" and was != "human" else JOINING_SENTENCES.get(rule, "joined")
            return {"text": mode_text(sentence, lang, entry.name)}
        case "bot" if was != "closed":
            return {"text": mode_text("handed_back" if by_agent else "back", lang, entry.name)}
        case "closed":
            return {"text": mode_text("closed_by_agent" if by_agent else "closed", lang, entry.name)}
    return None


def _at(entry: Entry) -> str:
    return entry.at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
