"""The last few states of a conversation, as RulePolicy reads them, without those that no rule looks at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    Event,
    FollowupAction,
    LoopInterrupted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

PLAIN = (ActiveLoop, ActionExecuted, BotUttered, SlotSet, UserUttered)
"""Events of which only the last counts for what comes after them, of a slot's the last for that slot."""
PLAYED = "_played"
"""Where a tracker keeps it; a copy has none."""
WITHOUT_TRACE = (ActionExecutionRejected, DefinePrevUserUtteredFeaturization, FollowupAction, LoopInterrupted)
"""Events that no later state shows, or that have left their mark on the message itself."""


@dataclass
class Played:
    """A tracker that these events were applied to, the states before each of the last actions among them, and the one after them all
    where somebody has asked for it."""

    tracker: DialogueStateTracker
    events: list[Event]
    states: list[State]
    now: State | None = None

    def state(self, domain: Domain) -> State:
        """The one after all events."""
        if self.now is None:
            self.now = domain.get_active_state(self.tracker)
        return self.now


def last_states(tracker: DialogueStateTracker, domain: Domain, number: int) -> list[State]:
    """The last `number` of what `Domain.states_for_tracker_history` gives, oldest first.

    What was played for the prediction before is gone on from, as long as all of it still counts.
    """
    events = tracker.applied_events()
    played: Played | None = tracker.__dict__.get(PLAYED)
    if played is None or events[: len(played.events)] != played.events:
        played = tracker.__dict__[PLAYED] = _played(tracker, events, number)
    for event in events[len(played.events) :]:
        if type(event) is ActionExecuted:
            played.states.append(played.state(domain))
        event.apply_to(played.tracker)
        played.now = None
        played.events.append(event)
    del played.states[: -number + 1]
    return [*played.states, played.state(domain)]


def _played(tracker: DialogueStateTracker, events: Sequence[Event], number: int) -> Played:
    """Up to the last place from where all wanted states lie ahead."""
    ends = [at for at, event in enumerate(events) if type(event) is ActionExecuted]
    begin = ends[-number + 1] if 1 < number <= len(ends) else 0
    begun = tracker.init_copy()
    _pass_over(begun, events[:begin])
    return Played(begun, list(events[:begin]), [])


def _pass_over(played: DialogueStateTracker, events: Sequence[Event]) -> None:
    """Brings a tracker behind events that no state is wanted of."""
    last: dict[tuple[type[Event], str | None], Event] = {}
    for event in events:
        kind = type(event)
        if kind in PLAIN:
            last[kind, event.key if kind is SlotSet else None] = event
        elif kind not in WITHOUT_TRACE:
            for played_again in events:
                played_again.apply_to(played)
            return
    for event in last.values():
        event.apply_to(played)
