"""Workers that die at any moment: each message is answered once, and a turn that is done again has the same messages."""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

import pytest

from bot import worker as worker_module
from bot.assistant import Answer
from bot.worker import Worker
from ledger import BotSide, Entry, Ledger, Reply, ShopperSide, Turn, connect
from ledger.testing import RedisServer

SHOPPERS, MESSAGES, WORKERS = 20, 8, 3
LEASE_MS = 400
SAID = itertools.cycle(("我的订单到哪了", "在吗", "我的快递", "怎么退货?", "好的"))
TAKES_S = itertools.cycle((0, 0.2, 0.01, 0, 0.3, 0, 0.6))
PAUSES_S = itertools.cycle((0, 0.02, 0.5, 0, 0.2, 0.9, 0.02))
DIES_EVERY_S = 0.45
Runs = dict[tuple[str, str], list[tuple[str, ...]]]


class Echo:
    """Says again what was said, sooner or later; `runs` are the messages of each try of a turn."""

    def __init__(self, runs: Runs) -> None:
        self._runs = runs

    async def answer(self, turn: Turn, batch: Sequence[Entry]) -> Answer:
        self._runs[turn.cid, turn.cursor].append(tuple(str(entry.mid) for entry in batch))
        await asyncio.sleep(next(TAKES_S))
        return Answer([Reply(" ".join(str(entry.mid) for entry in batch))], None, "[]", False)

    def committed(self, cid: str, memory: str) -> None:
        """Nothing is remembered."""


class Mortal:
    """A worker that can die: from then on nothing it asks of Redis gets there."""

    def __init__(self, url: str, name: str, runs: Runs) -> None:
        self._dead = False
        self._redis: Any = connect(url)
        self._ask = self._redis.execute_command
        self._redis.execute_command = self._while_alive
        self._worker = Worker(BotSide(Ledger(self._redis), name, LEASE_MS), Echo(runs), concurrency=2)
        self._task = asyncio.create_task(self._worker.run())

    async def _while_alive(self, *args: Any, **options: Any) -> Any:
        if self._dead:
            await asyncio.Event().wait()
        return await self._ask(*args, **options)

    def die(self) -> None:
        self._dead = True

    async def bury(self) -> None:
        self._worker.stop()
        for turn in (*self._worker._turns, self._task) if self._dead else ():
            turn.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        await self._redis.aclose()


async def comes(shopper: ShopperSide, cid: str) -> str:
    """A shopper who says some things, in pieces; the id of the last."""
    await shopper.open(cid, "zh")
    for number in range(MESSAGES):
        last = await shopper.say(cid, f"m{number}", next(SAID))
        await asyncio.sleep(next(PAUSES_S))
    return last.id


async def all_is_answered(ledger: Ledger, ends: dict[str, str]) -> None:
    """Waits until the bot has answered up to the last message of each, and no notice is left."""
    for cid, end in ends.items():
        while (await ledger.state(cid))["cursor"] != end:
            await asyncio.sleep(0.05)
    while await ledger.redis.xlen(ledger.keys.turns(0)):
        await asyncio.sleep(0.05)


async def test_messages_are_answered_once_and_turns_done_again_alike(
    redis_server: RedisServer, ledger: Ledger, shopper: ShopperSide, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_module, "ABANDONED_EVERY_S", 0.2)
    monkeypatch.setattr(worker_module, "MOST_ATTEMPTS", 100)
    runs: Runs = defaultdict(list)
    names = (f"w{number}" for number in itertools.count())
    alive = [Mortal(redis_server.url, next(names), runs) for _ in range(WORKERS)]
    buried = list[Mortal]()

    async def die() -> None:
        while True:
            await asyncio.sleep(DIES_EVERY_S)
            alive[0].die()
            buried.append(alive.pop(0))
            alive.append(Mortal(redis_server.url, next(names), runs))

    dying = asyncio.create_task(die())
    try:
        cids = [f"c{number}" for number in range(SHOPPERS)]
        ends = await asyncio.gather(*(comes(shopper, cid) for cid in cids))
        dying.cancel()
        await asyncio.wait_for(all_is_answered(ledger, dict(zip(cids, ends, strict=True))), 30)
    finally:
        dying.cancel()
        for worker in (*alive, *buried):
            await worker.bury()
    for cid in cids:
        said = [entry.body["text"] for entry in await ledger.read(cid, "0-0", 1000) if entry.sender == "bot"]
        assert Counter(" ".join(said).split()) == Counter(f"m{number}" for number in range(MESSAGES))
    again = {turn: tries for turn, tries in runs.items() if len(tries) > 1}
    assert again, "somebody has died in a turn"
    assert {turn: tries for turn, tries in again.items() if len(set(tries)) > 1} == {}
