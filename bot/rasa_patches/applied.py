"""Which events of a tracker count is worked out once for so many events; those that are new are added."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    Event,
    FollowupAction,
    LoopInterrupted,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.rasa_patches.patch import Patch

COUNTING = frozenset(
    (
        ActionExecutionRejected,
        ActiveLoop,
        BotUttered,
        DefinePrevUserUtteredFeaturization,
        FollowupAction,
        LoopInterrupted,
        SlotSet,
        UserUttered,
    )
)
"""Events that count wherever they stand."""


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


_stock_applied = DialogueStateTracker.applied_events
PATCHES = (
    Patch(
        DialogueStateTracker, "applied_events", "187ee2be2d5e793e", applied_events,
        "which events count is worked out once for so many events", reads=(DialogueStateTracker,),
    ),
)  # fmt: skip
