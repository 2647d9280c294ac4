"""The last few states of a conversation, as RulePolicy reads them, without those that no rule looks at."""

from __future__ import annotations

from collections.abc import Sequence

from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    Event,
    LoopInterrupted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

PLAIN = (ActiveLoop, ActionExecuted, BotUttered, SlotSet, UserUttered)
"""Events of which only the last counts for what comes after them, of a slot's the last for that slot."""
WITHOUT_TRACE = (ActionExecutionRejected, DefinePrevUserUtteredFeaturization, LoopInterrupted)
"""Events that no later state shows, or that have left their mark on the message itself."""


def last_states(tracker: DialogueStateTracker, domain: Domain, number: int) -> list[State]:
    """The last `number` of what `Domain.states_for_tracker_history` gives, oldest first."""
    events = tracker.applied_events()
    ends = [at for at, event in enumerate(events) if type(event) is ActionExecuted]
    begin = ends[-number + 1] if 1 < number <= len(ends) else 0
    played = tracker.init_copy()
    _pass_over(played, events[:begin])
    states = []
    for event in events[begin:]:
        if type(event) is ActionExecuted:
            states.append(domain.get_active_state(played))
        event.apply_to(played)
    return [*states, domain.get_active_state(played)]


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
