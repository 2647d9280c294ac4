"""A tracker's events are made JSON once."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity

from bot.rasa_patches.patch import Patch


def current_state(self: DialogueStateTracker, event_verbosity: EventVerbosity = EventVerbosity.NONE) -> dict[str, Any]:
    """The state as JSON. Stock Rasa makes each event of the conversation anew for each action, and copies the loop's message deeply."""
    loop, self.active_loop = self.active_loop, None
    earlier = as_read(self)
    everything = event_verbosity == EventVerbosity.ALL and bool(earlier)
    try:
        state: dict[str, Any] = _stock_state(self, EventVerbosity.NONE if everything else event_verbosity)
    finally:
        self.active_loop = loop
    if everything:
        later = (self.events[at] for at in range(len(earlier), len(self.events)))
        state["events"] = [*earlier, *(event.as_dict() for event in later)]
    if loop:
        state["active_loop"] = {field.name: getattr(loop, field.name) for field in fields(loop)}
    return state


def remember_as_read(tracker: DialogueStateTracker, events: list[dict[str, Any]]) -> None:
    """All events of the tracker so far, as JSON: they will not change any more."""
    tracker.__dict__["_earlier"] = events


def as_read(tracker: DialogueStateTracker) -> list[dict[str, Any]]:
    """The events that were remembered so."""
    earlier: list[dict[str, Any]] = tracker.__dict__.get("_earlier", [])
    return earlier


_stock_state = DialogueStateTracker.current_state
PATCHES = (
    Patch(
        DialogueStateTracker, "current_state", "187ee2be2d5e793e", current_state,
        "events are made JSON once, and a loop's message is not copied deeply", reads=(DialogueStateTracker,),
    ),
)  # fmt: skip
