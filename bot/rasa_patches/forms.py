"""A form's temporary tracker is a copy with what is added, instead of the whole history played again."""

from __future__ import annotations

from collections.abc import Callable

from rasa.core.actions.forms import FormAction
from rasa.shared.core.constants import REQUESTED_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, Restarted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot.rasa_patches.patch import Patch


def temporary_tracker(
    self: FormAction, current_tracker: DialogueStateTracker, additional_events: list[Event], domain: Domain
) -> DialogueStateTracker:
    """The tracker that a form's validation gets. Stock Rasa plays all events again, up to three times in a turn."""
    if any(type(event) is Restarted for event in current_tracker.events):
        return _stock_temporary(self, current_tracker, additional_events, domain)
    made = current_tracker.copy()
    requested = SlotSet(REQUESTED_SLOT, self.get_slot_to_fill(current_tracker))
    for event in (requested, ActionExecuted(self.name()), *additional_events):
        made.update(event)
    return made


_stock_temporary: Callable[..., DialogueStateTracker] = FormAction._temporary_tracker
PATCHES = (
    Patch(
        FormAction, "_temporary_tracker", "381bc4b6e07fc205", temporary_tracker,
        "a form's temporary tracker is a copy with what is added",
    ),
)  # fmt: skip
