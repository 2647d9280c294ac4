"""Tries to break the promises of the ledger with `kill -9`, and on a cluster."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger import BotSide, DeskSide, Handoff, Ledger, LedgerUnavailable, Reply, ShopperSide, Turn, connect
from ledger.connection import CLUSTER
from ledger.keys import Keys
from ledger.testing import RedisServer, start_cluster


async def talk(shopper: ShopperSide, cid: str, acknowledged: list[str], killed: asyncio.Event) -> None:
    """One shopper who writes until Redis is gone, remembering what was acknowledged."""
    for n in range(19):
        try:
            await shopper.say(cid, f"m{n}", f"第 {n} 句")
        except LedgerUnavailable:
            return
        acknowledged.append(f"m{n}")
        await asyncio.sleep(random.random() / 200)
    await killed.wait()


async def test_acknowledged_messages_survive_kill_9_of_redis(tmp_path: Path) -> None:
    server = RedisServer(tmp_path).start()
    redis = connect(server.url)
    shopper = ShopperSide(Ledger(redis))
    cids = [f"c{n}" for n in range(20)]
    acknowledged: dict[str, list[str]] = {cid: [] for cid in cids}
    killed = asyncio.Event()
    try:
        for cid in cids:
            await shopper.open(cid, "zh")
        talks = [asyncio.create_task(talk(shopper, cid, acknowledged[cid], killed)) for cid in cids]
        while sum(map(len, acknowledged.values())) < 100:
            await asyncio.sleep(0.001)
        server.kill()
        killed.set()
        await asyncio.gather(*talks)
        server.start()
        for cid in cids:
            stored = [entry.mid for entry in await Ledger(redis).read(cid)]
            assert stored[: len(acknowledged[cid])] == acknowledged[cid], "lost or reordered"
            assert len(stored) <= len(acknowledged[cid]) + 1, "at most the one on its way"
            for mid in acknowledged[cid]:
                await shopper.say(cid, mid, "again")
            assert [entry.mid for entry in await Ledger(redis).read(cid)] == stored, "doubled by a resend"
    finally:
        await redis.aclose()
        server.stop()


async def test_redis_away_is_said_aloud(tmp_path: Path) -> None:
    server = RedisServer(tmp_path).start()
    redis = connect(server.url)
    shopper = ShopperSide(Ledger(redis))
    await shopper.open("c1", "zh")
    server.kill()
    with pytest.raises(LedgerUnavailable):
        await shopper.say("c1", "m1", "你好")
    with pytest.raises(LedgerUnavailable):
        await shopper.state("c1")
    await redis.aclose()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[list[RedisServer]]:
    servers = start_cluster(tmp_path)
    yield servers
    for server in servers:
        server.stop()


async def test_the_same_code_runs_on_a_cluster(cluster: list[RedisServer]) -> None:
    """Nine shards over three nodes; every verb is used on each, and the queue is one over all of them."""
    redis = connect(cluster[0].url.replace("redis://", CLUSTER))
    ledger = Ledger(redis, Keys(shards=9))
    shopper, bot, desk = ShopperSide(ledger), BotSide(ledger, "w1"), DeskSide(ledger)
    try:
        await bot.prepare()
        cids = [f"c{n}" for n in range(40)]
        assert {ledger.keys.shard_of(cid) for cid in cids} == set(range(9))
        for cid in cids:
            await shopper.open(cid, "zh")
            await shopper.say(cid, "m1", "你好")
        noticed = [notice for shard in range(9) for notice in await bot.notices(shard, block_ms=1)]
        assert sorted(notice.cid for notice in noticed) == sorted(cids)
        for notice in noticed:
            turn = await bot.begin(notice.cid)
            assert isinstance(turn, Turn)
            handoff = Handoff("asked", "顾客要求人工")
            last = turn.unread[-1].id
            assert await bot.commit(turn, last, [Reply("请稍候")], "[]", False, handoff, notice) == (True, False)
        order = [notice.cid for notice in noticed]
        states = [await shopper.state(cid) for cid in order]
        assert sorted(state.position or 0 for state in states) == list(range(1, 41))
        assert [await desk.claim_next("general", "a1", "小林") for _ in order] == await _by_queueing(ledger, order)
        assert await desk.claim_next("general", "a1", "小林") is None
        await desk.say(order[0], "a1", "小林", "m1", "您好")
        assert await desk.renew(order[0], "a1") and await desk.reclaim() == []
        await desk.resolve(order[0], "a1", "closed")
        assert [entry.kind for entry in await ledger.read(order[0])] == [
            "message",
            "message",
            "mode",
            "mode",
            "message",
            "mode",
        ]
    finally:
        await redis.aclose()


async def _by_queueing(ledger: Ledger, cids: list[str]) -> list[str]:
    """By the time each was queued; those of the same millisecond in the order of their ids, as a sorted set keeps them."""
    states = {cid: await ledger.state(cid) for cid in cids}
    return sorted(cids, key=lambda cid: (int(states[cid]["queued_at"]), cid))
