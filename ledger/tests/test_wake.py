"""Readers are woken up by news, and told to look again after a lost connection."""

from __future__ import annotations

import asyncio
from pathlib import Path

from ledger import Entry, Ledger, News, ShopperSide, Wake, connect
from ledger.testing import RedisServer


async def test_news_of_messages_typing_and_queue(
    ledger: Ledger, shopper: ShopperSide, redis_server: RedisServer
) -> None:
    news: asyncio.Queue[News] = asyncio.Queue()
    listener = asyncio.create_task(Wake(redis_server.url, ledger.keys, news.put_nowait).run())
    assert (await asyncio.wait_for(news.get(), 5)).news == "all"
    await shopper.open("c1", "zh")
    await shopper.say("c1", "m1", "你好")
    said = await asyncio.wait_for(news.get(), 5)
    assert (said.cid, said.news, said.sender) == ("c1", "log", "shopper")
    await shopper.typing("c1")
    assert await asyncio.wait_for(news.get(), 5) == News("c1", "typing", "shopper")
    await shopper.end("c1")
    ended = await asyncio.wait_for(news.get(), 5)
    assert (ended.cid, ended.news, ended.sender) == ("c1", "log", None)
    await shopper.say("c1", "m2", "还有")
    reopened, more = await asyncio.wait_for(news.get(), 5), await asyncio.wait_for(news.get(), 5)
    told = [said, ended, reopened, more]
    brought = [Entry.from_stream(*entry) for one in told for entry in one.entries]
    assert brought == await ledger.read("c1")
    assert [entry.kind for entry in brought] == ["message", "mode", "mode", "message"]
    assert [one.after for one in told] == ["0-0", *(entry.id for entry in brought[:-1])], (
        "each follows what was told before"
    )
    listener.cancel()


async def test_listener_comes_back_after_redis_was_away(tmp_path: Path) -> None:
    server = RedisServer(tmp_path).start()
    redis = connect(server.url)
    ledger = Ledger(redis)
    news: asyncio.Queue[News] = asyncio.Queue()
    listener = asyncio.create_task(Wake(server.url, ledger.keys, news.put_nowait).run())
    try:
        assert (await asyncio.wait_for(news.get(), 5)).news == "all"
        server.kill()
        server.start()
        assert (await asyncio.wait_for(news.get(), 20)).news == "all"
        await ShopperSide(ledger).open("c1", "zh")
        await ShopperSide(ledger).say("c1", "m1", "还在吗")
        assert (await asyncio.wait_for(news.get(), 5)).news == "log"
    finally:
        listener.cancel()
        await redis.aclose()
        server.stop()
