"""Rasa's memory of a conversation, kept in the ledger beside its log.

What a turn adds is not written when Rasa saves, but together with the turn's replies by the worker's commit: a turn that
is thrown away leaves no trace. A Redis that does not answer refuses the turn; it never looks like an empty memory.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
import numpy as np
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SessionStarted
from rasa.shared.core.trackers import DialogueStateTracker

from ledger import BotSide


class TurnTrackerStore(TrackerStore):
    """Reads committed events of the session under way; keeps new ones until `take` hands them to the commit."""

    def __init__(self, domain: Domain, ledger: BotSide) -> None:
        super().__init__(domain)
        self._ledger = ledger
        self._known: dict[str, int] = {}
        self._saved: dict[str, DialogueStateTracker] = {}

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The tracker as committed, or as saved earlier in this turn. Raises `LedgerUnavailable`."""
        if sender_id in self._saved:
            return self._saved[sender_id]
        turns = await self._ledger.tracker_events(sender_id)
        events = [event for turn in turns for event in msgspec.json.decode(turn)]
        self._known[sender_id] = len(events)
        if not events:
            return None
        return DialogueStateTracker.from_dict(sender_id, events, self.domain.slots)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keeps the tracker for `take`."""
        self._saved[tracker.sender_id] = tracker

    async def keys(self) -> Iterable[str]:
        """The conversations of turns under way; Rasa asks for them in commands that the worker never runs."""
        return list(self._saved)

    def take(self, sender_id: str) -> tuple[str, bool]:
        """What the turn added, as JSON, and whether a session starts in it. Forgets the turn."""
        tracker, known = self._saved.pop(sender_id, None), self._known.pop(sender_id, 0)
        if tracker is None:
            return "", False
        added = list(tracker.events)[known:]
        encoded = msgspec.json.encode([event.as_dict() for event in added], enc_hook=_plain).decode()
        return encoded, any(isinstance(event, SessionStarted) for event in added)

    def forget(self, sender_id: str) -> None:
        """Drops what a failed turn has left."""
        self._saved.pop(sender_id, None)
        self._known.pop(sender_id, None)


def _plain(value: object) -> object:
    """Classifiers leave numpy's strings and numbers in what they have parsed."""
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"{type(value).__name__} cannot be kept in the tracker")
