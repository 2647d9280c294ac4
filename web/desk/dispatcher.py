"""Makes the offers, notes the clocks and tells those who wait. Of several desks one leads; another takes over within seconds."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from ledger import DeskSide, LedgerUnavailable, News, Roster, UnknownConversation
from ledger.roster import LEADER_MS
from web.desk.errors import refusal
from web.desk.floor import Offer
from web.desk.items import Items
from web.desk.mirror import Mirror
from web.desk.ranking import Ranking, ranked
from web.desk.rules import DeskRules
from web.desk.talk import Talk
from web.desk.times import iso

logger = logging.getLogger(__name__)
TICK_S = 1.0
RETRY_S = 1.0
AT_ONCE = 32
LASTS_MS = 30_000
TWO_BEATS = 1 / 3
"""Of the grace: by then every desk has said who is connected to it."""
FIELD_OF = {"first_response": "clock_first", "round": "clock_round"}


@dataclass(frozen=True)
class Backstage:
    """What the dispatch works with."""

    mirror: Mirror
    desk: DeskSide
    roster: Roster
    rules: DeskRules
    items: Items
    ranking: Ranking


class Dispatcher:
    """Runs on every desk; does nothing where it does not lead. To the mirror it is a listener."""

    def __init__(self, name: str, to: Backstage) -> None:
        self.leads = False
        self.last_ms = 0.0
        """How long the last dispatch took to decide, in ms."""
        self._name, self._mirror, self._desk, self._roster = name, to.mirror, to.desk, to.roster
        self._rules, self._items, self._ranking = to.rules, to.items, to.ranking
        self._grace_s = to.desk.grace_ms / 1000
        self._settling = time.monotonic()
        self._stirred = asyncio.Event()
        self._led_until = 0.0
        self._alone_since = 0
        self._missed: Counter[str] = Counter()
        self._tasks: list[asyncio.Task[None]] = []
        self._gate = asyncio.Semaphore(AT_ONCE)

    def start(self) -> None:
        """Begins to stand by."""
        self._tasks = [asyncio.create_task(one) for one in (self._run(), self._stand_by())]

    async def stop(self) -> None:
        """Lets another desk lead."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        try:
            await self._roster.stand_down(self._name)
        except LedgerUnavailable:
            logger.warning("another desk leads once the lease is over")

    def moved(self, before: Talk | None, after: Talk) -> None:
        """From the mirror: there may be something to offer."""
        if before is not None and before.offered_to and after.agent == before.offered_to:
            self._missed.pop(after.agent, None)
        if after.mode not in ("waiting", "human"):
            self._items.forget(after.cid)
        self._stirred.set()

    def news(self, news: News) -> None:
        """From the mirror: nothing to do with."""

    def staffed(self) -> None:
        """From the mirror: somebody has come or gone."""
        self._stirred.set()

    def ledger(self, up: bool) -> None:
        """From the mirror: agents could not be kept on the roster meanwhile."""
        self._settling = time.monotonic()
        self._stirred.set()

    def _settled(self, share: float) -> bool:
        """Whether agents have had that share of their grace to be heard of, since this desk leads and Redis answers."""
        return time.monotonic() - self._settling >= self._grace_s * share

    async def _run(self) -> None:
        """Dispatches as soon as anything has changed."""
        while True:
            await self._stirred.wait()
            self._stirred.clear()
            if self._leading():
                await self._try(self._dispatch)

    async def _stand_by(self) -> None:
        """What has its time: the lease of who leads, then whatever is due. Apart, so that nobody who comes waits for it."""
        while True:
            await self._try(self._lead)
            if self._leading():
                await self._try(self._tick)
                self._stirred.set()
            await asyncio.sleep(TICK_S)

    def _leading(self) -> bool:
        return self.leads and time.monotonic() < self._led_until

    async def _try(self, do: Callable[[], Awaitable[None]]) -> None:
        try:
            await do()
        except Exception as error:
            if isinstance(error, LedgerUnavailable):
                self._mirror.answered(False)
            else:
                refusal(error)  # which logs it
            self._led_until = 0.0
            await asyncio.sleep(RETRY_S)

    async def _lead(self) -> None:
        """Asks to lead, each time; the lease is counted from before it was asked for."""
        began = time.monotonic()
        leads = await self._roster.lead(self._name)
        self._mirror.answered(True)
        self._led_until = began + LEADER_MS / 1000 if leads else 0.0
        if leads and not self.leads:
            logger.info("leads desk=%s", self._name)
            self._settling = time.monotonic()
        self.leads = leads

    async def _dispatch(self) -> None:
        began = time.perf_counter()
        offers = self._mirror.floor.dispatch(self._mirror.now())
        self.last_ms = (time.perf_counter() - began) * 1000
        if offers:
            await self._offer_all(offers)
            self._stirred.set()  # there may be more than were offered at once
        await self._each([t for t in self._mirror.floor.waiting() if not ranked(t)], self._rank)
        await self._attend()

    async def _offer_all(self, offers: Sequence[Offer]) -> None:
        """Each offer is one script, which ranks who has just come and answers how it stands then."""
        made: dict[str, Mapping[str, str]] = {}
        fresh = [t for one in offers if not ranked(t := self._mirror.floor.talks[one.cid])]

        async def make_all() -> Mapping[str, Mapping[str, str]]:
            states = await asyncio.gather(*(self._offer(one) for one in offers))
            made.update({one.cid: state for one, state in zip(offers, states, strict=True) if state is not None})
            return made

        await self._mirror.written(make_all())
        await self._mirror.refresh([one.cid for one in offers if one.cid not in made])
        for talk in fresh:
            if talk.cid in made:
                self._ranking.look_up(talk, self._rank_again)

    async def _offer(self, one: Offer) -> Mapping[str, str] | None:
        """The state with the offer; None when it was not to be had."""
        talk, accept_ms = self._mirror.floor.talks[one.cid], self._rules.offers.accept_s * 1000
        place = None if ranked(talk) else self._ranking.place(talk)
        async with self._gate:
            try:
                offered = await self._desk.offer(one.cid, one.agent.username, one.agent.name, accept_ms, one.why, place)
            except UnknownConversation:
                logger.info("expired conversation=%s", one.cid)
                return None
        if offered is None:
            return None
        logger.info("offered conversation=%s agent=%s rule=%s", one.cid, one.agent.username, one.why["rule"])
        return offered.fields

    async def _rank(self, talk: Talk) -> None:
        """Tells the ledger the place of somebody whom nobody can be offered now."""
        if await self._desk.rank(talk.cid, self._ranking.place(talk)):
            self._ranking.look_up(talk, self._rank_again)

    async def _each(self, talks: Sequence[Talk], do: Callable[[Talk], Awaitable[object]]) -> None:
        """Does something to the first of these conversations at once, and reads them again; the others come with the next turn."""
        some = talks[:AT_ONCE]
        if not some:
            return
        await asyncio.gather(*(self._guarded(talk, do) for talk in some))
        await self._mirror.refresh([talk.cid for talk in some])
        if len(talks) > AT_ONCE:
            self._stirred.set()

    async def _guarded(self, talk: Talk, do: Callable[[Talk], Awaitable[object]]) -> None:
        try:
            await do(talk)
        except UnknownConversation:
            logger.info("expired conversation=%s", talk.cid)

    async def _rank_again(self, talk: Talk, level: str) -> None:
        """The shop has told the customer's level."""
        if await self._desk.rank(talk.cid, self._ranking.place(talk, level), level):
            await self._mirror.refresh([talk.cid])

    async def _tick(self) -> None:
        """What time brings: offers that run out, agents that vanish, clocks."""
        now, floor = self._mirror.now(), self._mirror.floor
        await self._each([t for t in floor.waiting() if t.offered_to and t.offer_until <= now], self._end_offer)
        await self._each([floor.talks[cid] for cid in floor.exhausted(now)], lambda t: self._desk.offer_again(t.cid))
        if self._settled(1.0):
            for cid in await self._desk.reclaim():
                logger.warning("agent_vanished conversation=%s", cid)
        late = [t for t in list(floor.talks.values()) if self._to_note(t, now)]
        await self._each(late, lambda talk: self._note(talk, now))

    async def _end_offer(self, talk: Talk) -> None:
        if await self._desk.end_offer(talk.cid):
            await self._missed_by(talk.offered_to)

    async def _missed_by(self, username: str) -> None:
        """Who does not answer several times running is not there, whatever the status says."""
        self._missed[username] += 1
        agent = self._mirror.floor.agents.get(username)
        if agent is None or self._missed[username] < self._rules.offers.missed:
            return
        del self._missed[username]
        if await self._roster.set_status(username, "online", "away"):
            logger.warning("missed_offers agent=%s", username)

    def _to_note(self, talk: Talk, now: int) -> bool:
        """Whether a warning or a breach stands in no log yet."""
        clock = self._items.clock(talk)
        if clock is None or (event := clock.state(now)) == "ok":
            return False
        return talk.fields.get(FIELD_OF[clock.kind]) not in (f"{clock.due} {event}", f"{clock.due} breach")

    async def _note(self, talk: Talk, now: int) -> None:
        """Puts it into the conversation's log, once."""
        clock = self._items.clock(talk)
        if clock is None:
            return
        event = clock.state(now)
        body = {"clock": clock.kind, "event": event, "due": iso(clock.due)}
        logger.warning("clock_%s kind=%s conversation=%s agent=%s", event, clock.kind, talk.cid, talk.agent or "-")
        await self._desk.notice(talk.cid, [talk.mode], "clock", body, FIELD_OF[clock.kind], f"{clock.due} {event}")

    async def _attend(self) -> None:
        """Tells those who wait that nobody is on duty, or that somebody is again."""
        now = self._mirror.now()
        duty, at = self._rules.duty, datetime.fromtimestamp(now / 1000, UTC)
        is_open = duty.is_open(at)
        attended = self._mirror.floor.attended(is_open)
        self._alone_since = 0 if attended else self._alone_since or now
        if not attended and not self._settled(TWO_BEATS):
            return
        back: dict[str, str] = {}
        if not attended and not is_open and (opens := duty.opens_at(at)) is not None:
            back = {"back_at": iso(round(opens.timestamp() * 1000))}
        body = {"notice": "back" if attended else "away", **back}
        value = "" if attended else msgspec.json.encode(back).decode()
        # Who comes is told at once; who waits already, when it lasts: an agent may be back in a moment.
        lasts = now - self._alone_since >= LASTS_MS
        untold = [
            t
            for t in self._mirror.floor.waiting()
            if bool(t.fields.get("away")) == attended and (attended or lasts or t.queued_at >= self._alone_since)
        ]
        await self._each(untold, lambda talk: self._desk.notice(talk.cid, ["waiting"], "notice", body, "away", value))
