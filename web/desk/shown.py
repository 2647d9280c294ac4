"""An entry of the log as the desk shows it: all of it, but for what buttons stand for, and personal data that nobody gave a reason for."""

from __future__ import annotations

from typing import Any

from ledger import Entry
from web.desk.masks import mask_contact, mask_text
from web.desk.times import iso

WRITTEN = ("text", "comment")
"""Parts of a body that somebody has written."""

OF_CARDS = frozenset({"rows", "reasons", "note"})
"""Parts of a summary that may hold what the shopper has given: where to send it, whom to call."""


def shown(cid: str, entry: Entry, masked: bool) -> dict[str, Any]:
    """The `message` frame of docs/frames.md; `masked` hides phones, mails and the like in what was written."""
    frame: dict[str, Any] = {
        "type": "message",
        "conversation": cid,
        "id": entry.id,
        "kind": entry.kind,
        "from": entry.sender,
        "at": iso(entry.at_ms),
        "body": _masked(entry) if masked else entry.body,
    }
    if entry.name:
        frame["name"] = entry.name
    if entry.mid:
        frame["mid"] = entry.mid
    return frame


def _masked(entry: Entry) -> dict[str, Any]:
    if entry.kind == "contact":
        return {**entry.body, "contact": mask_contact(str(entry.body.get("contact") or ""))}
    if entry.kind == "mode":
        return dict(masked_texts(entry.body))
    masked = {name: masked_texts(entry.body[name]) for name in WRITTEN if name in entry.body}
    if isinstance(card := entry.body.get("card"), dict):
        masked["card"] = {name: masked_texts(part) if name in OF_CARDS else part for name, part in card.items()}
    return {**entry.body, **masked}


def masked_texts(value: Any) -> Any:
    """The same with every text in it masked, however deep."""
    if isinstance(value, str):
        return mask_text(value)
    if isinstance(value, dict):
        return {name: masked_texts(one) for name, one in value.items()}
    if isinstance(value, list):
        return [masked_texts(one) for one in value]
    return value
