"""The dispatch: who waits, who is on duty, and what is offered to whom. Pure: events in, offers out.

The same events give the same offers: nothing here asks a clock, a random number or the network. `Floor` is kept in step with
the ledger by `mirror.py`; `dispatcher.py` makes the offers.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from ledger import OnDuty
from web.desk.rules import Offers
from web.desk.talk import ENGLISH, Talk

MOST_AT_ONCE = 50
"""Offers of one dispatch; what is left comes with the next, which follows at once."""

Needs = frozenset[str]


@dataclass(frozen=True)
class Offer:
    """A waiting conversation for an agent. `why`: `rule` is passed_on, served_before, least_loaded or overflow."""

    cid: str
    agent: OnDuty
    why: dict[str, str | int]


class Floor:
    """Conversations that wait or are held, the agents on the roster, and how much each has."""

    def __init__(self, offers: Offers) -> None:
        self._offers = offers
        self.talks: dict[str, Talk] = {}
        self.agents: dict[str, OnDuty] = {}
        self._queue: list[tuple[float, str]] = []
        self._borne: defaultdict[str, dict[str, Talk]] = defaultdict(dict)
        self._last: dict[str, int] = {}
        self._turns = 0

    def put(self, talk: Talk) -> Talk | None:
        """How a conversation stands now, or that it is with the bot or closed; returns how it stood before."""
        before = self.talks.pop(talk.cid, None)
        if before is not None:
            self._take_out(before)
        if talk.mode in ("waiting", "human"):
            self.talks[talk.cid] = talk
            if bearer := _bearer(talk):
                self._borne[bearer][talk.cid] = talk
            if talk.mode == "waiting":
                insort(self._queue, talk.place)
        return before

    def _take_out(self, talk: Talk) -> None:
        self._borne[_bearer(talk)].pop(talk.cid, None)
        if talk.mode == "waiting":
            del self._queue[bisect_left(self._queue, talk.place)]

    def staff(self, agents: Iterable[OnDuty]) -> None:
        """Who is on the roster now."""
        self.agents = {agent.username: agent for agent in agents}

    def load(self, username: str) -> int:
        """How many conversations an agent has, with those offered to them."""
        return len(self._borne[username])

    def queued(self) -> int:
        """How many wait."""
        return len(self._queue)

    def waiting(self) -> list[Talk]:
        """Who waits, first first."""
        return [self.talks[cid] for _, cid in self._queue]

    def position(self, cid: str) -> int:
        """The place in the queue over all skills, from 1."""
        return bisect_left(self._queue, self.talks[cid].place) + 1

    def of(self, username: str) -> list[Talk]:
        """What an agent holds and what is offered to them."""
        return list(self._borne[username].values())

    def attended(self, is_open: bool) -> bool:
        """Whether anybody serves: somebody is online, or has a break during business hours."""
        statuses = {agent.status for agent in self.agents.values() if agent.role != "trainer"}
        return "online" in statuses or (is_open and "away" in statuses)

    def exhausted(self, now: int) -> list[str]:
        """Who waits although everybody who could serve them was asked, a while ago: all of them may be asked again."""
        rest_ms = self._offers.again_s * 1000
        open_ones = (talk for talk in self.waiting() if talk.declined and not talk.offered_to)
        return [one.cid for one in open_ones if now - one.declined_at >= rest_ms and self._all_declined(one, now)]

    def _all_declined(self, talk: Talk, now: int) -> bool:
        """Of those who are free: a colleague who was not asked because of a full load would keep it waiting for ever."""
        able = self._who_can(self._wanted(talk, now), self._free())
        return bool(able) and all(agent.username in talk.declined for agent in able)

    def dispatch(self, now: int) -> list[Offer]:
        """The offers to make at this moment (ms), first first; the loads count them already when the next is made."""
        offers = self._passed_on(now)
        given = {offer.cid for offer in offers}
        taken = Counter(offer.agent.username for offer in offers)
        free = [one for one in self._online() if self.load(one.username) + taken[one.username] < one.capacity]
        able: dict[Needs, list[OnDuty]] = {}
        for place, (_, cid) in enumerate(self._queue if free else (), start=1):
            talk = self.talks[cid]
            if talk.offered_to or cid in given:
                continue
            wanted = self._wanted(talk, now)
            if wanted not in able:
                able[wanted] = self._who_can(wanted, free)
            asked = (
                [one for one in able[wanted] if one.username not in talk.declined] if talk.declined else able[wanted]
            )
            if not asked:
                continue
            agent = self._best(talk, asked, taken)
            offers.append(Offer(cid, agent, self._why(talk, agent, wanted, place, len(asked), taken, now)))
            taken[agent.username] += 1
            self._turns += 1
            self._last[agent.username] = self._turns
            if self.load(agent.username) + taken[agent.username] >= agent.capacity:
                free = [one for one in free if one.username != agent.username]
                able = {needs: [one for one in who if one.username != agent.username] for needs, who in able.items()}
            if len(offers) >= MOST_AT_ONCE or not free:
                break
        return offers

    def _passed_on(self, now: int) -> list[Offer]:
        """To whom a colleague has passed something on, it is offered whatever their skills are and however much they have."""
        offers: list[Offer] = []
        taken: Counter[str] = Counter()
        online = {agent.username: agent for agent in self._online()}
        for place, (_, cid) in enumerate(self._queue, start=1):
            talk = self.talks[cid]
            agent = online.get(talk.passed_to) if talk.passed_to else None
            if agent is None or talk.offered_to or agent.username in talk.declined:
                continue
            offers.append(Offer(cid, agent, self._why(talk, agent, talk.needs, place, 1, taken, now)))
            taken[agent.username] += 1
        return offers

    def _online(self) -> list[OnDuty]:
        return [agent for agent in self.agents.values() if agent.status == "online" and agent.role != "trainer"]

    def _free(self) -> list[OnDuty]:
        return [agent for agent in self._online() if self.load(agent.username) < agent.capacity]

    def _who_can(self, wanted: Needs, agents: Iterable[OnDuty]) -> list[OnDuty]:
        return [agent for agent in agents if wanted <= set(agent.skills)]

    def _wanted(self, talk: Talk, now: int) -> Needs:
        """The skills to ask for by now: after a while only the language, then nobody is turned away."""
        waited = now - talk.queued_at
        if waited >= 2 * self._offers.overflow_s * 1000:
            return frozenset()
        if waited >= self._offers.overflow_s * 1000:
            return talk.needs & {ENGLISH}
        return talk.needs

    def _best(self, talk: Talk, candidates: list[OnDuty], taken: Counter[str]) -> OnDuty:
        """Whom it is passed on to, or who served this shopper; else the least loaded, and of those who was asked longest ago."""
        for agent in candidates:
            if agent.username == talk.prefer:
                return agent

        def burden(agent: OnDuty) -> tuple[float, int, str]:
            load = self.load(agent.username) + taken[agent.username]
            return load / agent.capacity, self._last.get(agent.username, 0), agent.username

        return min(candidates, key=burden)

    def _why(
        self, talk: Talk, agent: OnDuty, wanted: Needs, place: int, among: int, taken: Counter[str], now: int
    ) -> dict[str, str | int]:
        rule = "least_loaded" if wanted == talk.needs else "overflow"
        if agent.username == talk.prefer:
            rule = "passed_on" if agent.username == talk.passed_to else "served_before"
        load = self.load(agent.username) + taken[agent.username]
        return {
            "rule": rule, "skill": talk.skill, "priority": talk.priority, "place": place, "among": among,
            "load": load, "capacity": agent.capacity, "waited_s": max(0, now - talk.queued_at) // 1000,
        }  # fmt: skip


def _bearer(talk: Talk) -> str:
    """Whose load a conversation is: who holds it, or whom it is offered to; '' for nobody's."""
    return talk.agent if talk.mode == "human" else talk.offered_to
