"""Tells the browsers here what has changed on the floor: whose is what, the queue, the colleagues, the ledger. A listener of the mirror."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec

from ledger import Ledger, LedgerUnavailable, News
from ledger.connection import loud
from web.desk.context import context_of
from web.desk.errors import refusal
from web.desk.frames import write
from web.desk.items import Items
from web.desk.masks import mask_text
from web.desk.mirror import Mirror
from web.desk.rooms import Rooms
from web.desk.seats import Seats
from web.desk.talk import Talk
from web.desk.times import iso

logger = logging.getLogger(__name__)
QUEUE_SHOWN = 100
QUEUE_PAUSE_S = 0.25
LONG_QUEUE_PAUSE_S = 1.0
"""A long queue goes to everybody here: once a second is enough."""

MINE_PAUSE_S = 0.05
LOOKED_AT = 20
"""How many entries back the reason is looked for why a conversation is no longer an agent's."""

WHY = {
    "resolved": "resolved", "transferred": "transferred", "agent_vanished": "vanished", "agent_offline": "offline",
    "taken_over": "taken_over", "reassigned": "reassigned", "shopper_ended": "shopper_ended",
    "left_queue": "left_queue", "claimed": "claimed",
}  # fmt: skip


class Notifier:
    """Lists are told in bursts; what becomes somebody's is told at once."""

    def __init__(self, ledger: Ledger, mirror: Mirror, seats: Seats, rooms: Rooms, items: Items) -> None:
        self._ledger, self._mirror, self._seats, self._rooms, self._items = ledger, mirror, seats, rooms, items
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def moved(self, before: Talk | None, after: Talk) -> None:
        """From the mirror: a conversation stands differently."""
        was, now = _whose(before), _whose(after)
        if now and (now != was or (before is not None and before.mode != after.mode)):
            self._seats.each(now[0], lambda: write(assigned(after)))
        if was and (not now or was[0] != now[0]):
            self._later_task(self._released(was[0], after))
        for username in {one[0] for one in (was, now) if one}:
            self._soon(f"mine {username}", MINE_PAUSE_S, partial(self.tell_mine, username))
        if "waiting" in (after.mode, before.mode if before else ""):
            long = self._mirror.floor.queued() > QUEUE_SHOWN // 4
            self._soon("queue", LONG_QUEUE_PAUSE_S if long else QUEUE_PAUSE_S, self.tell_queue)
        if was != now:
            self._soon("agents", QUEUE_PAUSE_S, self.tell_agents)
        self.tell_state(after)

    def news(self, news: News) -> None:
        """From the mirror: something new in a conversation."""
        if news.news == "mention":
            self._later_task(self._mention(news))
        elif news.news == "account":
            for browser in self._seats.of(news.name or ""):
                browser.look_again()
        else:
            self._rooms.news(news)

    def staffed(self) -> None:
        """From the mirror: somebody came or went."""
        self._soon("agents", QUEUE_PAUSE_S, self.tell_agents)

    def ledger(self, up: bool) -> None:
        """From the mirror: said to everybody; the lists follow by themselves once it is back."""
        frame = write({"type": "ledger", "up": up})
        for one in self._seats.all():
            one.send(frame, "ledger")

    def tell_state(self, talk: Talk) -> None:
        """To those who have it open."""
        item = self._items.item(talk, self._mirror.now())
        frame = {"type": "state", "conversation": talk.cid, "state": item}
        self._rooms.tell(talk.cid, frame, f"state {talk.cid}")

    def tell_queue(self) -> None:
        """To everybody here; made once."""
        frame = write(self.queue())
        for one in self._seats.all():
            one.send(frame, "queue")

    def tell_mine(self, username: str) -> None:
        """To the agent's browsers."""
        self._seats.each(username, lambda: write(self.mine(username)), "mine")

    def tell_agents(self) -> None:
        """To everybody here."""
        frame = write({"type": "agents", "agents": self.agents()})
        for one in self._seats.all():
            one.send(frame, "agents")

    def queue(self) -> dict[str, Any]:
        """The first of those who wait, and how many there are."""
        waiting, now = self._mirror.floor.waiting(), self._mirror.now()
        items = [self._items.item(talk, now, place) for place, talk in enumerate(waiting[:QUEUE_SHOWN], start=1)]
        return {"type": "queue", "items": items, "total": len(waiting)}

    def mine(self, username: str) -> dict[str, Any]:
        """What an agent has: what is offered, in the order of the queue, then what is held, the oldest first."""
        mine = self._mirror.floor.of(username)
        offered = sorted((talk for talk in mine if talk.mode == "waiting"), key=lambda talk: talk.place)
        talks = [*offered, *sorted((talk for talk in mine if talk.mode == "human"), key=lambda talk: talk.queued_at)]
        now = self._mirror.now()
        return {"type": "mine", "items": [self._items.item(talk, now) for talk in talks]}

    def agents(self) -> list[dict[str, Any]]:
        """The roster with everybody's load."""
        floor = self._mirror.floor
        return [
            {
                "username": agent.username, "name": agent.name, "role": agent.role, "status": agent.status,
                "load": floor.load(agent.username), "capacity": agent.capacity, "skills": agent.skills,
            }
            for agent in floor.agents.values()
        ]  # fmt: skip

    async def stop(self) -> None:
        """Tells nothing more."""
        for timer in self._timers.values():
            timer.cancel()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _soon(self, what: str, pause_s: float, tell: Callable[[], None]) -> None:
        if what not in self._timers:
            self._timers[what] = asyncio.get_running_loop().call_later(pause_s, self._tell, what, tell)

    def _tell(self, what: str, tell: Callable[[], None]) -> None:
        self._timers.pop(what, None)
        tell()

    def _later_task(self, doing: Any) -> None:
        task = asyncio.create_task(self._guarded(doing))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _guarded(self, doing: Any) -> None:
        try:
            await doing
        except Exception as error:
            refusal(error)  # which logs it; the lists are right all the same

    async def _released(self, username: str, talk: Talk) -> None:
        if not self._seats.of(username):
            return
        declined = talk.mode == "waiting" and username in talk.declined and "passed" not in talk.fields
        why = "offer_over" if declined else await self._why(talk.cid)
        frame = write({"type": "released", "conversation": talk.cid, "why": why})
        self._seats.each(username, lambda: frame)

    async def _why(self, cid: str) -> str:
        for entry in reversed(await self._ledger.read(cid, limit=LOOKED_AT)):
            if entry.kind == "mode":
                return WHY.get(str(entry.body.get("rule")), str(entry.body.get("rule")))
            if entry.kind == "offer" and "over" in entry.body:
                return "offer_over"
        return "offer_over"

    async def _mention(self, news: News) -> None:
        usernames = [name for name in (news.name or "").split(",") if self._seats.of(name)]
        if not usernames or not news.sender:
            return
        key = self._ledger.keys.log(news.cid)
        try:
            async with loud():
                rows = await self._ledger.redis.xrange(key, news.sender, news.sender)
        except LedgerUnavailable:
            return
        for entry_id, fields in rows:
            body = msgspec.json.decode(fields["body"])
            frame = write({
                "type": "mention", "conversation": news.cid, "id": entry_id, "from": body.get("agent", ""),
                "name": fields.get("name", ""), "text": mask_text(body.get("text", "")), "whisper": body.get("whisper"),
            })  # fmt: skip
            for browser in (one for username in usernames for one in self._seats.of(username)):
                browser.send(frame)


def assigned(talk: Talk) -> dict[str, Any]:
    """The frame that says that it is theirs, or offered to them."""
    context = context_of(talk)
    frame: dict[str, Any] = {
        "type": "assigned", "conversation": talk.cid, "reason": context["reason"], "context": context,
    }  # fmt: skip
    if talk.mode == "waiting":
        frame["accept_by"] = iso(talk.offer_until)
        frame["why"] = msgspec.json.decode(talk.fields.get("offer_why") or "{}")
    return frame


def _whose(talk: Talk | None) -> tuple[str, str] | None:
    """Who holds it, or whom it is offered to, and which of the two."""
    if talk is None:
        return None
    if talk.mode == "human":
        return talk.agent, "held"
    return (talk.offered_to, "offered") if talk.mode == "waiting" and talk.offered_to else None
