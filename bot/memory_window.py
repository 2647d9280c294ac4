"""The part of a conversation that the assistant goes on from: what it knows, and the last turns. So a long chat costs no more.

Where the memory grows too long it begins afresh with what was known at that place, as slots and the form under way, and the last
turns word for word. It depends on nothing but the conversation, so every worker remembers the same.
"""

from __future__ import annotations

from collections.abc import Sequence

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

LONGEST = 16
"""Turns after which the memory is cut."""
KEPT = 8
"""Turns that are kept then. What the rules of escalation count over a session they count over these, once it was cut."""


def cut(tracker: DialogueStateTracker, domain: Domain) -> list[Event] | None:
    """All events to go on from, when there are too many; else nothing."""
    events = list(tracker.events)
    turns = [at for at, event in enumerate(events) if type(event) is UserUttered]
    if len(turns) <= LONGEST:
        return None
    begin = _beginning_of(events, turns[-KEPT])
    return [*_known(tracker.sender_id, events[:begin], domain), *events[begin:]]


def _beginning_of(events: Sequence[Event], message: int) -> int:
    """Where a turn begins: with the bot listening."""
    for at in range(message, -1, -1):
        if isinstance(events[at], ActionExecuted):
            return at
    return message


def _known(sender_id: str, before: Sequence[Event], domain: Domain) -> list[Event]:
    """What was known after some events, as events."""
    then = DialogueStateTracker.from_events(sender_id, list(before), domain.slots)
    at = before[-1].timestamp if before else None
    known: list[Event] = [
        SlotSet(name, slot.value, timestamp=at) for name, slot in then.slots.items() if slot.value != slot.initial_value
    ]
    if then.active_loop_name:
        known.append(ActiveLoop(then.active_loop_name, timestamp=at))
    return known
