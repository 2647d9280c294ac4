"""The supervisors' live board: the whole floor at a glance, made at most once a second and only while somebody looks."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from datetime import UTC, datetime
from typing import Any, Protocol

from ledger import News
from web.desk.duty import Duty
from web.desk.frames import write
from web.desk.items import Items
from web.desk.mirror import Mirror
from web.desk.notifier import Notifier
from web.desk.talk import Talk
from web.desk.times import iso

EVERY_S = 1.0
SHOWN = 300
HOUR_MS = 3_600_000


class Watcher(Protocol):
    """A supervisor's browser with the board open."""

    def send(self, frame: str, kind: str = "") -> None:
        """Puts a frame into its outbox."""


class Board:
    """A listener of the mirror that counts the last hour, and sends the board to those who watch."""

    def __init__(self, mirror: Mirror, items: Items, notifier: Notifier, duty: Duty) -> None:
        self._mirror, self._items, self._notifier, self._duty = mirror, items, notifier, duty
        self._watchers: set[Watcher] = set()
        self._claims: deque[tuple[int, int]] = deque()
        self._firsts: deque[tuple[int, bool]] = deque()
        self._ends: deque[int] = deque()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begins to send."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Sends no more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def watch(self, watcher: Watcher, on: bool) -> None:
        """Opens or closes the board in a browser."""
        if on:
            self._watchers.add(watcher)
            watcher.send(self._frame(), "board")
        else:
            self._watchers.discard(watcher)

    def moved(self, before: Talk | None, after: Talk) -> None:
        """From the mirror: counts what has happened."""
        if before is None:
            return
        now = self._mirror.now()
        if before.mode == "waiting" and after.mode == "human":
            self._claims.append((now, now - after.queued_at))
        if before.mode == "human" and after.mode not in ("human", "waiting"):
            self._ends.append(now)
        if before.mode == after.mode == "human" and after.first_reply_at and not before.first_reply_at:
            clock = self._items.clock(before)
            self._firsts.append((now, clock is None or after.first_reply_at <= clock.due))

    def news(self, news: News) -> None:
        """From the mirror: nothing to do with."""

    def staffed(self) -> None:
        """From the mirror: the next board shows it."""

    def ledger(self, up: bool) -> None:
        """From the mirror: nothing to do with."""

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(EVERY_S)
            if self._watchers:
                frame = self._frame()
                for watcher in list(self._watchers):
                    watcher.send(frame, "board")

    def _frame(self) -> str:
        return write(self.board())

    def board(self) -> dict[str, Any]:
        """The frame of docs/frames.md."""
        now, floor = self._mirror.now(), self._mirror.floor
        waiting = floor.waiting()
        held = sorted((talk for talk in floor.talks.values() if talk.mode == "human"), key=lambda talk: talk.queued_at)
        states = Counter(
            clock.state(now) for talk in floor.talks.values() if (clock := self._items.clock(talk)) is not None
        )
        places = {talk.cid: place for place, talk in enumerate(waiting, start=1)}
        shown = [*waiting[:SHOWN], *held[:SHOWN]]
        expected = self._duty.on_shift(datetime.fromtimestamp(now / 1000, UTC))
        return {
            "type": "board",
            "at": iso(now),
            "queue": {
                "total": len(waiting),
                "by_skill": dict(sorted(Counter(talk.skill for talk in waiting).items())),
                "longest_s": max(((now - talk.queued_at) // 1000 for talk in waiting), default=0),
                "away": sum("away" in talk.fields for talk in waiting),
            },
            "agents": [
                {**agent, "conversations": [talk.cid for talk in floor.of(agent["username"]) if talk.mode == "human"]}
                for agent in self._notifier.agents()
            ],
            "missing": [
                name for name in expected if name not in floor.agents or floor.agents[name].status == "offline"
            ],
            "conversations": [self._items.item(talk, now, places.get(talk.cid)) for talk in shown],
            "held": len(held),
            "clocks": {"warning": states["warning"], "breach": states["breach"]},
            "moods": dict(Counter(talk.mood for talk in floor.talks.values())),
            "hour": self._hour(now),
        }

    def _hour(self, now: int) -> dict[str, Any]:
        for counted in (self._claims, self._firsts):
            while counted and counted[0][0] < now - HOUR_MS:
                counted.popleft()
        while self._ends and self._ends[0] < now - HOUR_MS:
            self._ends.popleft()
        waits = [waited for _, waited in self._claims]
        met = [kept for _, kept in self._firsts]
        return {
            "claimed": len(waits),
            "resolved": len(self._ends),
            "mean_wait_s": round(sum(waits) / len(waits) / 1000) if waits else None,
            "first_response_met": round(sum(met) / len(met), 3) if met else None,
        }
