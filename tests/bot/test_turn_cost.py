"""What a turn costs is held as a ratio, both sides alternating in one process: by a margin that only a real loss uses up.

`make bench` has the figures.
"""

from __future__ import annotations

import itertools
import statistics
import time
from collections.abc import Iterator

import pytest

from actions import shop
from bench.turns.__main__ import ALL, SAID, STOCK, measured
from bot import rasa_patches
from bot.action_endpoint import InProcessActions
from bot.assistant import Assistant
from ledger import BotSide, Entry, Turn
from tests.conversation import trained_model
from tests.shop_double import CUSTOMER, ShopDouble, order

LONG = 290
"""Turns before a chat is called long."""
COMPARED = 40
_numbers = itertools.count(1)


class Kept(BotSide):
    """The events of one conversation, without Redis."""

    def __init__(self) -> None:
        self.events: dict[str, list[str]] = {}

    async def tracker_events(self, cid: str) -> list[str]:
        return self.events.get(cid, [])


class Chat:
    """A signed-in shopper who says one thing after another."""

    def __init__(self, assistant: Assistant, kept: Kept) -> None:
        self.cid = f"cost-{next(_numbers)}"
        self._assistant, self._kept = assistant, kept
        self._said = itertools.cycle(SAID)
        self._turns = 0

    async def goes_on(self) -> float:
        """The milliseconds of the processor that the next turn takes."""
        entry = Entry(f"{self._turns + 1}-0", "message", "shopper", {"text": next(self._said)}, mid=f"m{self._turns}")
        memory = f"w:{self._turns}-0" if self._turns else ""
        turn = Turn(self.cid, f"{self._turns}-0", [entry], "zh", CUSTOMER, "王", 0, 1000, memory=memory)
        began = time.thread_time()
        answer = await self._assistant.answer(turn, [entry])
        took = time.thread_time() - began
        before = [] if answer.afresh else self._kept.events.get(self.cid, [])
        self._kept.events[self.cid] = [*before, answer.events]
        self._turns += 1
        self._assistant.committed(self.cid, f"w:{self._turns}-0")
        return took * 1000


@pytest.fixture(autouse=True)
def in_memory() -> Iterator[None]:
    shop.use(ShopDouble(order()))
    yield
    shop.use(None)
    rasa_patches.undo()


async def test_long_chat_costs_hardly_more_than_a_new_one() -> None:
    kept = Kept()
    assistant = Assistant(trained_model(), kept, InProcessActions.of_package())
    old = Chat(assistant, kept)
    for _ in range(LONG):
        await old.goes_on()
    times = list[tuple[float, float]]()
    for number in range(COMPARED):
        if number % len(SAID) == 0:
            new = Chat(assistant, kept)
        times.append((await old.goes_on(), await new.goes_on()))
    slower = statistics.median(long for long, _ in times) / statistics.median(new for _, new in times)
    assert slower < 1.4, "1.07 by measurement, 1.85 without a cut memory"


async def test_patches_take_most_of_a_turn_away() -> None:
    times = await measured(trained_model(), rounds=3, variants=(STOCK, ALL))
    stock, ours = (sum(statistics.median(found) for found in times[variant].values()) for variant in (STOCK, ALL))
    assert ours < stock / 6, "a tenth by measurement"
