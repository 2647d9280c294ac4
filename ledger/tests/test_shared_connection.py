"""What the connection that all calls share promises: answers to those who asked, and a new connection where one was lost."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from contextlib import closing

import pytest
import pytest_asyncio
from redis.asyncio import ConnectionPool
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import AuthenticationError, NoScriptError, ResponseError, TimeoutError

from ledger import connect
from ledger.connection import OneServer
from ledger.shared_connection import SharedConnection
from ledger.testing import RedisServer

ECHO = "return ARGV[1]"
LATE = "local till = ARGV[1] + 0 repeat local now = redis.call('TIME') until now[1] * 1000 + now[2] / 1000 > till return 'late'"


@pytest_asyncio.fixture
async def redis(redis_server: RedisServer) -> AsyncIterator[OneServer]:
    client = connect(redis_server.url)
    assert isinstance(client, OneServer)
    await client.flushall()
    yield client
    await client.aclose()


async def scripts_running_on(redis: OneServer) -> list[str]:
    """Ids of the connections whose last command was a script."""
    return [one["id"] for one in await redis.client_list() if one["cmd"] in ("eval", "evalsha")]


async def busy_ms(redis: OneServer, wait_ms: int) -> int:
    """Redis's clock so many ms from now."""
    seconds, micros = await redis.time()
    return int(seconds * 1000 + micros / 1000 + wait_ms)


async def test_many_who_ask_at_once_each_get_their_own_answer_over_one_connection(redis: OneServer) -> None:
    texts = ["短", "长" * 200_000, *(f"第{number}个" for number in range(200))]
    assert await asyncio.gather(*(redis.eval(ECHO, 0, text) for text in texts)) == texts
    assert len(await scripts_running_on(redis)) == 1


async def test_readings_are_what_redis_py_makes_of_them(redis: OneServer) -> None:
    await redis.hset("state", mapping={"mode": "bot", "名": "值"})
    first = await redis.xadd("log", {"text": "你好"})
    assert await redis.hgetall("state") == {"mode": "bot", "名": "值"}
    assert await redis.xrange("log") == await redis.xrevrange("log", count=5) == [(first, {"text": "你好"})]
    await redis.xgroup_create("log", "bots", id="0")
    assert await redis.xreadgroup("bots", "w1", {"log": ">"}, block=10) == [["log", [(first, {"text": "你好"})]]]
    assert not await redis.xreadgroup("bots", "w1", {"log": ">"}, block=10)


async def test_who_is_cancelled_leaves_the_others_their_answers(redis: OneServer) -> None:
    slow = asyncio.create_task(redis.eval(LATE, 0, await busy_ms(redis, 100)))
    given_up, *others = [asyncio.create_task(redis.eval(ECHO, 0, text)) for text in "abc"]
    await asyncio.sleep(0.02)
    given_up.cancel()
    assert await asyncio.gather(slow, *others) == ["late", "b", "c"]


async def test_a_lost_connection_is_opened_again_and_what_it_was_asked_is_asked_again(redis: OneServer) -> None:
    await redis.eval(ECHO, 0, "a")
    (lost,) = await scripts_running_on(redis)
    asked = [asyncio.create_task(redis.eval(ECHO, 0, text)) for text in "bcd"]
    await redis.client_kill_filter(_id=lost)
    assert await asyncio.gather(*asked) == ["b", "c", "d"]
    assert await redis.eval(ECHO, 0, "e") == "e"
    assert lost not in await scripts_running_on(redis)


async def test_an_answer_that_takes_too_long_is_given_up(redis: OneServer) -> None:
    impatient = SharedConnection(redis.connection_pool, Retry(NoBackoff(), retries=0), 0.1)
    try:
        assert await impatient.ask(("EVAL", ECHO, 0, "in time")) == "in time"
        await redis.client_pause(1_500)
        with pytest.raises(TimeoutError):
            await impatient.ask(("EVAL", ECHO, 0, "too late"))
    finally:
        await redis.client_unpause()
        await impatient.aclose()


async def test_nobody_waits_for_the_tries_of_others_to_reach_a_server_that_is_away() -> None:
    with closing(socket.socket()) as silent:  # nobody takes what comes in there
        silent.bind(("127.0.0.1", 0))
        silent.listen(0)
        address = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        pool = ConnectionPool.from_url(address, socket_connect_timeout=0.3, socket_timeout=0.3)
        shared = SharedConnection(pool, Retry(NoBackoff(), retries=0), 0.3)
        began = time.monotonic()
        asked = [shared.ask(("EVAL", ECHO, 0, str(number))) for number in range(20)]
        answers = await asyncio.gather(*asked, return_exceptions=True)
        assert {type(answer) for answer in answers} == {TimeoutError}
        assert time.monotonic() - began < 2
        await shared.aclose()


async def test_errors_are_those_of_redis_py(redis: OneServer) -> None:
    with pytest.raises(NoScriptError):
        await redis.evalsha("0" * 40, 0)
    await redis.set("text", "x")
    with pytest.raises(ResponseError, match="WRONGTYPE"):
        await redis.hgetall("text")
    assert await redis.eval(ECHO, 0, "goes on") == "goes on"


async def test_who_no_longer_waits_for_news_is_given_none(redis: OneServer) -> None:
    await redis.xgroup_create("news", "bots", id="$", mkstream=True)
    waiting = asyncio.create_task(redis.xreadgroup("bots", "gone", {"news": ">"}, block=4_000))
    await asyncio.sleep(0.05)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    await asyncio.sleep(0.05)  # until Redis has seen that it is closed
    await redis.xadd("news", {"text": "a"})
    ((_, entries),) = await redis.xreadgroup("bots", "here", {"news": ">"}, block=1_000)
    assert [fields for _, fields in entries] == [{"text": "a"}]


async def test_two_who_wait_for_news_do_not_wait_for_each_other(redis: OneServer) -> None:
    for stream in ("one", "other"):
        await redis.xgroup_create(stream, "bots", id="$", mkstream=True)
    first = asyncio.create_task(redis.xreadgroup("bots", "w1", {"one": ">"}, block=4_000))
    await asyncio.sleep(0.02)
    second = asyncio.create_task(redis.xreadgroup("bots", "w1", {"other": ">"}, block=4_000))
    await redis.xadd("other", {"text": "a"})
    assert await asyncio.wait_for(second, 2)
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)


async def test_user_and_database_of_the_address_are_kept(redis: OneServer, redis_server: RedisServer) -> None:
    await redis.execute_command("ACL", "SETUSER", "counter", "on", ">secret", "~*", "+@all")
    address = f"redis://counter:secret@127.0.0.1:{redis_server.port}/3"
    known, stranger = connect(address), connect(address.replace("secret", "wrong"))
    try:
        await known.eval("redis.call('SET', 'where', 'three')", 0)
        assert (await known.get("where"), await redis.get("where")) == ("three", None)
        assert {one["user"] for one in await redis.client_list() if one["db"] == "3"} == {"counter"}
        with pytest.raises(AuthenticationError):
            await stranger.eval(ECHO, 0, "a")
    finally:
        await known.aclose()
        await stranger.aclose()
        await redis.execute_command("ACL", "DELUSER", "counter")
