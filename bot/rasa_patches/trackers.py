"""A tracker is copied as it stands, instead of having its whole history played again."""

from __future__ import annotations

from collections import deque
from dataclasses import replace

from rasa.shared.core.events import Event
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker

from bot.rasa_patches.patch import Patch


def copy_slot(self: Slot) -> Slot:
    """A slot with the same values. Without this `copy.copy` goes the way of pickling, for each slot of each tracker."""
    made: Slot = object.__new__(type(self))
    made.__dict__.update(self.__dict__)
    return made


def copy_tracker(self: DialogueStateTracker) -> DialogueStateTracker:
    """The tracker as it stands. Stock Rasa applies all events of the conversation anew, before each action."""
    made: DialogueStateTracker = object.__new__(type(self))
    made.__dict__.update(self.__dict__)
    made.events = deque(self.events, self._max_event_history)
    made.slots = type(self.slots)((name, copy_slot(slot)) for name, slot in self.slots.items())
    made.active_loop = self.active_loop and replace(self.active_loop)
    if (known := made.__dict__.get("_applied")) and known[0] is self.events:
        made.__dict__["_applied"] = (made.events, *known[1:])
    made.model_id = made.assistant_id = made.sender_source = None
    return made


def applied_events(self: DialogueStateTracker) -> list[Event]:
    """The events that count. Stock Rasa works them out some ten times in a turn, from all events; here anew once there are more."""
    known = self.__dict__.get("_applied")
    if known is None or known[0] is not self.events or known[1] != len(self.events):
        known = self.__dict__["_applied"] = (self.events, len(self.events), _stock_applied(self))
    return list(known[2])


_stock_applied = DialogueStateTracker.applied_events
PATCHES: tuple[Patch, ...] = (
    Patch(
        DialogueStateTracker, "copy", "187ee2be2d5e793e", copy_tracker,
        "a tracker is copied as it stands, without playing its events again", reads=(DialogueStateTracker,),
    ),
    Patch(
        DialogueStateTracker, "applied_events", "764d5065ea9997d6", applied_events,
        "which events count is worked out once for so many events",
    ),
    Patch(Slot, "__copy__", "0a694d68aef36732", copy_slot, "a slot is copied directly", reads=(Slot,)),
)  # fmt: skip
