"""A tracker is copied as it stands, instead of having its whole history played again."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from typing import Any

from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker

from bot.rasa_patches.applied import Applied
from bot.rasa_patches.last_states import PLAYED
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
    made.__dict__.pop(PLAYED, None)
    made.events = deque(self.events, self._max_event_history)
    if type(self)._set_slot is set_slot:
        made.slots = self.slots.copy()
    else:
        made.slots = type(self.slots)((name, copy_slot(slot)) for name, slot in self.slots.items())
    made.active_loop = self.active_loop and replace(self.active_loop)
    if (known := made.__dict__.get("_applied")) and known.events is self.events:
        made.__dict__["_applied"] = Applied(made.events, known.number, set(known.loops), list(known.counting))
    made.model_id = made.assistant_id = made.sender_source = None
    return made


def set_slot(self: DialogueStateTracker, key: str, value: Any) -> None:
    """Sets a slot's value in this tracker alone: its copies share their slots until one of them is set."""
    if key not in self.slots:
        return _stock_set(self, key, value)
    slot = self.slots[key] = copy_slot(self.slots[key])
    slot.value = value


def reset_slots(self: DialogueStateTracker) -> None:
    """All slots as they were in the beginning, in this tracker alone."""
    self.slots = type(self.slots)((name, copy_slot(slot)) for name, slot in self.slots.items())
    _stock_reset(self)


_stock_set, _stock_reset = DialogueStateTracker._set_slot, DialogueStateTracker._reset_slots
PATCHES: tuple[Patch, ...] = (
    Patch(
        DialogueStateTracker, "copy", "187ee2be2d5e793e", copy_tracker,
        "a tracker is copied as it stands, without playing its events again", reads=(DialogueStateTracker,),
    ),
    *(
        Patch(
            DialogueStateTracker, name, "187ee2be2d5e793e", made, "a copy shares its slots until they are set",
            reads=(DialogueStateTracker,),
        )
        for name, made in (("_set_slot", set_slot), ("_reset_slots", reset_slots))
    ),
    Patch(Slot, "__copy__", "0a694d68aef36732", copy_slot, "a slot is copied directly", reads=(Slot,)),
)  # fmt: skip
