"""What the bot knew when it handed over, as an agent gets it."""

from __future__ import annotations

from typing import Any

import msgspec

from web.desk.shown import masked_texts
from web.desk.talk import Talk
from web.desk.times import iso

INNER = frozenset({"order_verified", "order_question", "language"})
"""Slots that say nothing to an agent, or what stands elsewhere; the first holds the ending of a phone."""

KEPT = ("score", "asked", "tried", "order", "slots", "language", "next", "agreed", "mood")


def context_of(talk: Talk, masked: bool = True) -> dict[str, Any]:
    """The `context` of docs/frames.md. The ending of a phone that proved an order stays with the server."""
    handoff, fields = talk.handoff, talk.fields
    context = handoff.get("context") or {}
    found: dict[str, Any] = {
        "rule": talk.rule,
        "reason": str(handoff.get("reason") or ""),
        "priority": talk.priority,
        "evidence": handoff.get("evidence") or [],
        **{name: context[name] for name in KEPT if context.get(name) not in (None, "")},
    }
    if isinstance(slots := found.get("slots"), dict):
        found["slots"] = {name: value for name, value in slots.items() if name not in INNER}
    if passed := fields.get("passed"):
        found["passed"] = msgspec.json.decode(passed)
    if why := fields.get("prioritised"):
        found["prioritised"] = msgspec.json.decode(why)
    if (agreed := fields.get("agreed")) and "agreed" not in found:
        earlier = msgspec.json.decode(agreed)
        if earlier.get("summary"):
            found["agreed"] = {"summary": earlier.get("summary"), "by": earlier.get("by"), "at": iso(int(earlier["at"]))}
    return dict(masked_texts(found)) if masked else found
