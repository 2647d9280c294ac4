"""Rasa's memory of a conversation, kept in the ledger beside its log.

What a turn adds is not written when Rasa saves, but together with the turn's replies by the worker's commit: a turn that
is thrown away leaves no trace. A Redis that does not answer refuses the turn; it never looks like an empty memory.

A worker keeps the trackers of the conversations that it answered last, each with the name of the state that it stands for; one that
somebody else has moved on is read anew.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from typing import Any

import msgspec
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SessionStarted
from rasa.shared.core.trackers import DialogueStateTracker

from bot import memory_window
from bot.plain_json import encode
from bot.rasa_patches.tracker_json import as_read, remember_as_read
from ledger import BotSide, Turn

AT_HAND = 500
"""Trackers that a worker keeps; one takes about 50 KB."""


class TurnTrackerStore(TrackerStore):
    """Reads committed events of the session under way; keeps new ones until `take` hands them to the commit."""

    def __init__(self, domain: Domain, ledger: BotSide, at_hand: int = AT_HAND) -> None:
        super().__init__(domain)
        self._ledger = ledger
        self._known: dict[str, int] = {}
        self._saved: dict[str, DialogueStateTracker] = {}
        self._taken: dict[str, DialogueStateTracker | str] = {}
        self._most = at_hand
        self._at_hand: OrderedDict[str, tuple[str, DialogueStateTracker]] = OrderedDict()

    @property
    def at_hand(self) -> int:
        """How many trackers are kept."""
        return len(self._at_hand)

    def begin(self, turn: Turn) -> None:
        """Forgets what a failed try of the turn has left; a tracker at hand is used once, and only if nothing has happened since."""
        self.forget(turn.cid)
        self._taken.pop(turn.cid, None)
        memory, tracker = self._at_hand.pop(turn.cid, ("", None))
        if tracker is not None and memory == turn.memory:
            self._known[turn.cid] = len(tracker.events)
            self._saved[turn.cid] = tracker

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The tracker as committed, or as saved earlier in this turn. Raises `LedgerUnavailable`."""
        if sender_id in self._saved:
            return self._saved[sender_id]
        turns = await self._ledger.tracker_events(sender_id)
        events = [event for turn in turns for event in msgspec.json.decode(turn)]
        self._known[sender_id] = len(events)
        if not events:
            return None
        return self._as_read(sender_id, events)

    def _as_read(self, sender_id: str, events: list[dict[str, Any]]) -> DialogueStateTracker:
        tracker = DialogueStateTracker.from_dict(sender_id, events, self.domain.slots)
        remember_as_read(tracker, events)
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keeps the tracker for `take`."""
        self._saved[tracker.sender_id] = tracker

    async def keys(self) -> Iterable[str]:
        """The conversations of turns under way; Rasa asks for them in commands that the worker never runs."""
        return list(self._saved)

    def take(self, sender_id: str) -> tuple[str, bool]:
        """What the turn added, as JSON, and whether it is to be all: a session begins in it, or the memory was cut."""
        tracker, known = self._saved.pop(sender_id, None), self._known.pop(sender_id, 0)
        if tracker is None:
            return "", False
        added = list(tracker.events)[known:]
        afresh = any(type(event) is SessionStarted for event in added)
        holds_all = not afresh or not known
        if cut := memory_window.cut(tracker, self.domain):
            added, afresh, holds_all = cut, True, False
        as_dicts = [event.as_dict() for event in added]
        if holds_all:
            remember_as_read(tracker, [*as_read(tracker), *as_dicts])
        text = encode(as_dicts)
        self._taken[sender_id] = tracker if holds_all else text
        return text, afresh

    def keep(self, sender_id: str, memory: str) -> None:
        """The turn that was taken is committed, and its memory has this name. One that began anew or was cut is made here, while nobody
        waits for it."""
        taken = self._taken.pop(sender_id, None)
        if taken is None:
            return
        tracker = self._as_read(sender_id, msgspec.json.decode(taken)) if isinstance(taken, str) else taken
        self._at_hand[sender_id] = (memory, tracker)
        if len(self._at_hand) > self._most:
            self._at_hand.popitem(last=False)

    def forget(self, sender_id: str) -> None:
        """Drops what a failed turn has left."""
        self._saved.pop(sender_id, None)
        self._known.pop(sender_id, None)
