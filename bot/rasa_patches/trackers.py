"""A tracker is copied as it stands, instead of having its whole history played again."""

from __future__ import annotations

from collections import deque
from dataclasses import fields, replace
from typing import Any, NamedTuple

from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    Event,
    LoopInterrupted,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity

from bot.rasa_patches.patch import Patch

COUNTING = frozenset(
    (
        ActionExecutionRejected,
        ActiveLoop,
        BotUttered,
        DefinePrevUserUtteredFeaturization,
        LoopInterrupted,
        SlotSet,
        UserUttered,
    )
)
"""Events that count wherever they stand."""


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
    if (known := made.__dict__.get("_applied")) and known.events is self.events:
        made.__dict__["_applied"] = Applied(made.events, known.number, set(known.loops), list(known.counting))
    made.model_id = made.assistant_id = made.sender_source = None
    return made


class Applied(NamedTuple):
    """Which of the first `number` of a tracker's events count, and the names of the loops among all of them."""

    events: deque[Event]
    number: int
    loops: set[str]
    counting: list[Event]


def applied_events(self: DialogueStateTracker) -> list[Event]:
    """The events that count. Stock Rasa works them out some ten times in a turn, from all events; here those that are new are added."""
    known: Applied | None = self.__dict__.pop("_applied", None)
    if known is None or known.events is not self.events or known.number > len(self.events):
        known = _worked_out(self.events)
    elif known.number < len(self.events):
        known = _added_to(known) or _worked_out(self.events)
    if known is None:
        return _stock_applied(self)
    self.__dict__["_applied"] = known
    return list(known.counting)


def _worked_out(events: deque[Event]) -> Applied | None:
    loops = {event.name for event in events if type(event) is ActiveLoop and event.name}
    return _added_to(Applied(events, 0, loops, []))


def _added_to(known: Applied) -> Applied | None:
    """With the events that came since; None where one is of a kind that is left to stock Rasa, or names a loop for the first time."""
    events, number, loops, counting = known
    for event in (events[at] for at in range(number, len(events))):
        kind = type(event)
        if kind is ActionExecuted:
            name = event.action_name
            if name in loops and not first_execution_or_unhappy_path(name, counting):
                DialogueStateTracker._undo_till_previous_loop_execution(name, counting)
            else:
                counting.append(event)
        elif kind is SessionStarted:
            counting.clear()
        elif kind in COUNTING and not (kind is ActiveLoop and event.name and event.name not in loops):
            counting.append(event)
        else:
            return None
    return Applied(events, len(events), loops, counting)


def first_execution_or_unhappy_path(loop: str, counting: list[Event]) -> bool:
    """As in stock Rasa, for the kinds of events that are `COUNTING`."""
    next_action: str | None = None
    for event in reversed(counting):
        kind = type(event)
        if kind is ActionExecuted:
            if event.action_name == loop:
                return False
            next_action = event.action_name
        elif (
            (kind is ActiveLoop and event.name is None)
            or (kind is ActionExecutionRejected and event.action_name == loop)
            or (kind is UserUttered and next_action is not None and next_action != loop)
        ):
            return True
    return True


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


_stock_applied = DialogueStateTracker.applied_events
_stock_state = DialogueStateTracker.current_state
PATCHES: tuple[Patch, ...] = (
    Patch(
        DialogueStateTracker, "copy", "187ee2be2d5e793e", copy_tracker,
        "a tracker is copied as it stands, without playing its events again", reads=(DialogueStateTracker,),
    ),
    Patch(
        DialogueStateTracker, "applied_events", "187ee2be2d5e793e", applied_events,
        "which events count is worked out once for so many events", reads=(DialogueStateTracker,),
    ),
    Patch(
        DialogueStateTracker, "current_state", "187ee2be2d5e793e", current_state,
        "events are made JSON once, and a loop's message is not copied deeply", reads=(DialogueStateTracker,),
    ),
    Patch(Slot, "__copy__", "0a694d68aef36732", copy_slot, "a slot is copied directly", reads=(Slot,)),
)  # fmt: skip
