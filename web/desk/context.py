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
        "evidence": _shortest(handoff.get("evidence") or []),
        **{name: context[name] for name in KEPT if context.get(name) not in (None, "")},
    }
    if isinstance(slots := found.get("slots"), dict):
        known = INNER | ({"order_number"} if found.get("order") else set())
        found["slots"] = {name: value for name, value in slots.items() if name not in known}
    if passed := fields.get("passed"):
        found["passed"] = msgspec.json.decode(passed)
    if why := fields.get("prioritised"):
        found["prioritised"] = msgspec.json.decode(why)
    if (agreed := fields.get("agreed")) and "agreed" not in found:
        earlier = msgspec.json.decode(agreed)
        if earlier.get("summary"):
            found["agreed"] = {
                "summary": earlier.get("summary"),
                "by": earlier.get("by"),
                "at": iso(int(earlier["at"])),
            }
    return dict(masked_texts(found)) if masked else found


def _shortest(evidence: list[str]) -> list[str]:
    """Each word once; a sentence that holds another one of them shows nothing more."""
    words = list(dict.fromkeys(evidence))
    return [word for word in words if not any(other != word and other in word for other in words)]
