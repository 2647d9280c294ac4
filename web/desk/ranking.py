"""Ranks who waits: at once by what the ledger says, and again when the shop has told the customer's level."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace

from ledger.desk import Place
from web.desk import priority
from web.desk.errors import refusal
from web.desk.priority import PriorityRules, Waiting
from web.desk.talk import Talk

logger = logging.getLogger(__name__)

LevelOf = Callable[[str], Awaitable[str | None]]
Told = Callable[[Talk, str], Awaitable[None]]


def ranked(talk: Talk) -> bool:
    """Whether its place stands in the ledger: the rules have given it one, or a person has passed it on."""
    return "prioritised" in talk.fields or "passed" in talk.fields


class Ranking:
    """`level_of` answers a customer's level or None, in limited time, and never raises for a shop that is away."""

    def __init__(self, rules: PriorityRules, level_of: LevelOf) -> None:
        self._rules, self._level_of = rules, level_of
        self._asking: set[asyncio.Task[None]] = set()

    def place(self, talk: Talk, level: str | None = None) -> Place:
        """Where a conversation belongs, as far as it is known."""
        found = priority.rank(Waiting(talk.handoff, talk.lang, level, mood=talk.mood), self._rules)
        return Place(talk.fields["queued_at"], found.skill, found.priority, found.why)

    def placed(self, talk: Talk) -> Talk:
        """The conversation as this desk's rules place it, from the moment it is read: the ledger is told with the offer, or soon."""
        if talk.mode != "waiting" or ranked(talk):
            return talk
        place = self.place(talk)
        return replace(talk, skill=place.skill, priority=place.priority)

    def look_up(self, talk: Talk, told: Told) -> None:
        """Asks for the customer's level in the background; `told` is called when there is one."""
        if not talk.customer:
            return
        task = asyncio.create_task(self._ask(talk, told))
        self._asking.add(task)
        task.add_done_callback(self._asking.discard)

    async def _ask(self, talk: Talk, told: Told) -> None:
        try:
            level = await self._level_of(talk.customer)
            if level:
                await told(talk, level)
        except Exception as error:
            refusal(error)  # which logs it; the conversation keeps its first place

    async def stop(self) -> None:
        """Asks no more."""
        for task in self._asking:
            task.cancel()
        await asyncio.gather(*self._asking, return_exceptions=True)
