"""A person has handed the conversation back, mostly with what was agreed: the assistant's memory begins anew from there.

What was open before the person came is over, and so are the failures and the anger that led to them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from rasa.shared.core.events import ActiveLoop, Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

SLOT = "agreed"
OVER = (
    "requested_slot", "task", "task_before", "left_off", "order_question", "order_hint", "order_tried", "orders_offered",
    "escalation",
)  # fmt: skip


def handed_back(tracker: DialogueStateTracker, metadata: Mapping[str, Any]) -> list[Event]:
    """What to tell the tracker; nothing when no person had it, or when it knows. `metadata` is that of the turn's message."""
    agreed = metadata.get("agreed")
    if not agreed:
        return []
    known = {
        "summary": agreed.get("summary"),
        "by": agreed.get("by"),
        "at": _iso(agreed["at"]) if agreed.get("at") else None,
        "order": agreed.get("order"),
        "back_at": _iso(agreed["back_at"]),
    }
    if tracker.get_slot(SLOT) == known:
        return []
    return [
        ActiveLoop(None),
        *(SlotSet(slot, None) for slot in OVER),
        SlotSet("action_failures", 0),
        *_order(known["order"], tracker, metadata.get("customer")),
        SlotSet(SLOT, known),
    ]


def _iso(ms: int) -> str:
    at = datetime.fromtimestamp(ms / 1000, tz=timezone.utc)
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"


def _order(number: str | None, tracker: DialogueStateTracker, customer: str | None) -> list[Event]:
    """The order of the agreement is the one in question. Its proof is the customer's identity, or what was given before."""
    if not number:
        return []
    verified = tracker.get_slot("order_verified") or {}
    if verified.get("number") != number:
        verified = {"number": number, "tail": None} if customer else None
    tail = verified["tail"] if verified else None
    return [SlotSet("order_number", number), SlotSet("phone_tail", tail), SlotSet("order_verified", verified)]
