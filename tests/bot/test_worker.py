"""The worker on the real ledger; the assistant is replaced by one whose moves a test can see."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest

from bot import worker as worker_module
from bot.assistant import Answer
from bot.worker import SORRY, Worker
from ledger import BotSide, DeskSide, Entry, Handoff, Ledger, Reply, ShopperSide, Turn
from ledger.keys import GROUP
from ledger.turns import Notice


class Echo:
    """Answers with what was said; can be held up, or made to fail."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []
        self.kept: list[tuple[str, str]] = []
        self.failures = 0
        self.started = asyncio.Event()
        self.go = asyncio.Event()
        self.go.set()

    async def answer(self, turn: Turn, batch: Sequence[Entry]) -> Answer:
        self.asked.append([str(entry.body["text"]) for entry in batch])
        self.started.set()
        await self.go.wait()
        if self.failures:
            self.failures -= 1
            raise RuntimeError("broken on purpose")
        return Answer([Reply(" ".join(self.asked[-1]))], None, "[]", False)

    def committed(self, cid: str, memory: str) -> None:
        self.kept.append((cid, memory))


@asynccontextmanager
async def working(
    ledger: Ledger, assistant: Echo, name: str = "w1", lease_ms: int = 6000, concurrency: int = 16
) -> AsyncIterator[Worker]:
    worker = Worker(BotSide(ledger, name, lease_ms), assistant, concurrency=concurrency)
    task = asyncio.create_task(worker.run())
    try:
        yield worker
    finally:
        assistant.go.set()
        worker.stop()
        await asyncio.wait_for(task, 10)


async def bot_said(ledger: Ledger, cid: str, count: int) -> list[str]:
    """Waits until the bot has said `count` things."""
    while True:
        said = [
            entry.body["text"] for entry in await ledger.read(cid) if (entry.kind, entry.sender) == ("message", "bot")
        ]
        if len(said) >= count:
            return said
        await asyncio.sleep(0.01)


async def test_burst_is_answered_once(ledger: Ledger, shopper: ShopperSide) -> None:
    await shopper.open("c1", "zh")
    assistant = Echo()
    async with working(ledger, assistant):
        for n, text in enumerate(("在吗", "我的快递", "怎么还没到")):
            await shopper.say("c1", f"m{n}", text)
        await bot_said(ledger, "c1", 1)
    assert assistant.asked == [["在吗", "我的快递", "怎么还没到"]]
    assert await ledger.redis.xlen(ledger.keys.turns(0)) == 0


class Asking(BotSide):
    """Remembers for whom a turn was asked for."""

    def __init__(self, ledger: Ledger) -> None:
        super().__init__(ledger, "w1")
        self.begun: list[str] = []
        self.late_s = 0.0

    async def notices(self, shard: int, block_ms: int, count: int = 16) -> list[Notice]:
        found = await super().notices(shard, block_ms, count)
        return [notice._replace(read_at=notice.read_at - self.late_s) for notice in found]

    async def begin(self, cid: str, notice: Notice | None = None, again: bool = False) -> Turn | str:
        self.begun.append(cid)
        return await super().begin(cid, notice, again)


@asynccontextmanager
async def asking(ledger: Ledger, assistant: Echo) -> AsyncIterator[Asking]:
    side = Asking(ledger)
    worker = Worker(side, assistant)
    task = asyncio.create_task(worker.run())
    try:
        yield side
    finally:
        worker.stop()
        await asyncio.wait_for(task, 10)


async def test_turn_that_came_with_its_notice_is_run_as_it_came(ledger: Ledger, shopper: ShopperSide) -> None:
    await shopper.open("c1", "zh")
    async with asking(ledger, Echo()) as side:
        for count, text in enumerate(("我的订单到哪了", "怎么退货", "谢谢")):
            await shopper.say("c1", f"m{count}", text)
            await bot_said(ledger, "c1", count + 1)
        assert side.begun == []
        await shopper.say("c1", "m4", "在吗")
        await shopper.say("c1", "m5", "我的快递呢")
        assert (await bot_said(ledger, "c1", 4))[-1] == "在吗 我的快递呢"
        assert side.begun, "a greeting waits for more, which is looked for"
    assert await ledger.redis.xlen(ledger.keys.turns(0)) == 0


async def test_turn_that_was_read_long_ago_or_before_other_notices_is_looked_at_again(
    ledger: Ledger, shopper: ShopperSide
) -> None:
    for cid in ("c1", "c2"):
        await shopper.open(cid, "zh")
        await shopper.say(cid, "m1", "我的订单到哪了")
    await shopper.say("c1", "m2", "怎么退货")
    assistant = Echo()
    async with asking(ledger, assistant) as side:
        await bot_said(ledger, "c1", 1)
        await bot_said(ledger, "c2", 1)
        assert sorted(assistant.asked) == [["我的订单到哪了"], ["我的订单到哪了", "怎么退货"]]
        assert "c2" not in side.begun
        side.late_s = worker_module.FRESH * side.lease_ms / 1000
        await shopper.say("c2", "m2", "怎么退货")
        await bot_said(ledger, "c2", 2)
        assert "c2" in side.begun


async def test_worker_stops_also_when_a_cancellation_gets_lost(ledger: Ledger) -> None:
    """As in redis-py's `wait_for` on Python 3.10, when Redis answers in the same moment."""
    lost = list[int]()

    class Deaf(BotSide):
        async def notices(self, shard: int, block_ms: int, count: int = 16) -> list[Notice]:
            try:
                return await super().notices(shard, block_ms, count)
            except asyncio.CancelledError:
                if lost:
                    raise
                lost.append(shard)
                return []

    worker = Worker(Deaf(ledger, "w1"), Echo())
    task = asyncio.create_task(worker.run())
    await asyncio.sleep(0.1)
    worker.stop()
    await asyncio.wait_for(task, 10)
    assert lost


async def test_greetings_that_wait_for_more_hold_nobody_up(ledger: Ledger, shopper: ShopperSide) -> None:
    assistant = Echo()
    for n in range(20):
        await shopper.open(f"c{n}", "zh")
        await shopper.say(f"c{n}", "m1", "在吗")
    await shopper.open("hurry", "zh")
    await shopper.say("hurry", "m1", "我的订单到哪了")
    async with working(ledger, assistant, concurrency=1):
        await bot_said(ledger, "hurry", 1)
        assert assistant.asked == [["我的订单到哪了"]]
        await bot_said(ledger, "c19", 1)
    assert await ledger.redis.xlen(ledger.keys.turns(0)) == 0


async def test_rest_of_a_sentence_is_noticed_at_once(
    ledger: Ledger, shopper: ShopperSide, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.burst.FRAGMENT_MS", 20_000)
    monkeypatch.setattr("bot.burst.LONGEST_MS", 20_000)
    monkeypatch.setattr(worker_module, "LOOK_AGAIN_MS", 20_000)
    assistant = Echo()
    await shopper.open("c1", "zh")
    async with working(ledger, assistant):
        for n, text in enumerate(("在吗", "我的快递", "怎么", "还没到")):
            await shopper.say("c1", f"m{n}", text)
            await asyncio.sleep(0.1)
        await asyncio.wait_for(bot_said(ledger, "c1", 1), 5)
    assert assistant.asked == [["在吗", "我的快递", "怎么", "还没到"]]
    assert await ledger.redis.xlen(ledger.keys.turns(0)) == 0


async def test_many_conversations_each_get_their_answer(ledger: Ledger, shopper: ShopperSide) -> None:
    cids = [f"c{n}" for n in range(50)]
    async with working(ledger, Echo(), "w1"), working(ledger, Echo(), "w2"):
        for cid in cids:
            await shopper.open(cid, "zh")
            for n in range(3):
                await shopper.say(cid, f"m{n}", f"第{n}个问题,我的订单到哪了")
        for cid in cids:
            await bot_said(ledger, cid, 1)
        while await ledger.redis.xlen(ledger.keys.turns(0)):
            await asyncio.sleep(0.01)
    for cid in cids:
        entries = await ledger.read(cid)
        answered = " ".join(entry.body["text"] for entry in entries if entry.sender == "bot")
        assert answered == " ".join(entry.body["text"] for entry in entries if entry.sender == "shopper")


async def test_person_asked_for_during_the_turn_silences_the_bot(ledger: Ledger, shopper: ShopperSide) -> None:
    await shopper.open("c1", "zh")
    assistant = Echo()
    assistant.go.clear()
    async with working(ledger, assistant):
        await shopper.say("c1", "m1", "我的订单到哪了")
        await assistant.started.wait()
        await shopper.ask_for_person("c1", Handoff("asked", "顾客要求人工"))
        assistant.go.set()
        while await ledger.redis.xlen(ledger.keys.turns(0)):
            await asyncio.sleep(0.01)
    assert [entry.kind for entry in await ledger.read("c1")] == ["message", "mode"]


async def test_failing_turn_is_tried_again(
    ledger: Ledger, shopper: ShopperSide, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_module, "RETRY_S", (0.01,))
    await shopper.open("c1", "zh")
    assistant = Echo()
    assistant.failures = 2
    async with working(ledger, assistant):
        await shopper.say("c1", "m1", "我的订单到哪了")
        assert await bot_said(ledger, "c1", 1) == ["我的订单到哪了"]
    assert len(assistant.asked) == 3


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_turn_that_keeps_failing_goes_to_a_person(
    ledger: Ledger, shopper: ShopperSide, desk: DeskSide, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    monkeypatch.setattr(worker_module, "RETRY_S", (0.01,))
    await shopper.open("c1", lang)
    assistant = Echo()
    assistant.failures = 99
    async with working(ledger, assistant):
        await shopper.say("c1", "m1", "我的订单到哪了")
        assert await bot_said(ledger, "c1", 1) == [SORRY[lang]]
    assert await desk.waiting("general") == ["c1"]
    assert (await ledger.read("c1"))[-1].body["rule"] == "bot_error"


async def test_message_of_a_dead_worker_is_answered_by_another(ledger: Ledger, shopper: ShopperSide) -> None:
    await shopper.open("c1", "zh")
    dead = BotSide(ledger, "dead", lease_ms=100)
    await dead.prepare()
    await shopper.say("c1", "m1", "我的订单到哪了")
    (notice,) = await dead.notices(0, block_ms=1000)
    turn = await dead.begin(notice.cid)
    assert isinstance(turn, Turn)
    async with working(ledger, Echo(), "alive", lease_ms=100):
        assert await bot_said(ledger, "c1", 1) == ["我的订单到哪了"]


async def test_notice_of_a_held_conversation_outlives_its_holder(ledger: Ledger, shopper: ShopperSide) -> None:
    """A long turn: another worker gets the notice, finds the conversation held, and is there when the holder dies."""
    await shopper.open("c1", "zh")
    holder = BotSide(ledger, "holder", lease_ms=300)
    await holder.prepare()
    await shopper.say("c1", "m1", "我的订单到哪了")
    assert len(await holder.notices(0, block_ms=1000)) == 1
    turn = await holder.begin("c1")
    assert isinstance(turn, Turn)
    async with working(ledger, Echo(), "other", lease_ms=300):
        looked = 0
        while looked < 3:  # each look of the other worker is a delivery
            assert await holder.hold("c1")
            pending = await ledger.redis.xpending_range(ledger.keys.turns(0), GROUP, "-", "+", 1)
            assert pending, "the notice is gone while the conversation is held"
            looked = pending[0]["times_delivered"] if pending[0]["consumer"] == "other" else 0
            await asyncio.sleep(0.02)
        assert await bot_said(ledger, "c1", 1) == ["我的订单到哪了"]


async def test_long_turn_keeps_its_lease_and_shows_typing(ledger: Ledger, shopper: ShopperSide) -> None:
    """A second worker is around all the time and must not touch the turn."""
    await shopper.open("c1", "zh")
    slow, other = Echo(), Echo()
    slow.go.clear()
    async with working(ledger, slow, "slow", lease_ms=900):
        await shopper.say("c1", "m1", "我的订单到哪了")
        await slow.started.wait()
        async with working(ledger, other, "other", lease_ms=900):
            renewed, until = 0, None
            while renewed < 5:
                await asyncio.sleep(0.02)
                now = (await ledger.state("c1")).get("turn_until")
                renewed, until = renewed + (now != until), now
            slow.go.set()
            assert await bot_said(ledger, "c1", 1) == ["我的订单到哪了"]
    assert other.asked == []
