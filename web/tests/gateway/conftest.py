"""A real gateway on a real Redis, emptied before each test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from ledger import BotSide, DeskSide, Handoff, Ledger, Reply, Turn, connect
from ledger.testing import RedisServer
from web.gateway.testing import RunningGateway, start_gateway
from web.tests.gateway.backstage import Answer
from web.tests.gateway.shopper import PATIENCE_S, Shopper


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path_factory.mktemp("redis")).start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def gateway(redis_server: RedisServer) -> Iterator[RunningGateway]:
    running = start_gateway(redis_server.url)
    yield running
    running.terminate()
    log = running.log
    running.stop()
    assert "unexpected_error" not in log


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[RedisServer]:
    """A Redis that the test may kill."""
    server = RedisServer(tmp_path / "redis").start()
    yield server
    server.stop()


@pytest.fixture
def own_gateway(own_redis: RedisServer) -> Iterator[RunningGateway]:
    """A gateway that the test may kill, on a Redis that it may kill, too."""
    running = start_gateway(own_redis.url)
    yield running
    running.stop()


@pytest_asyncio.fixture
async def ledger(redis_server: RedisServer) -> AsyncIterator[Ledger]:
    connected = connect(redis_server.url)
    await connected.flushall()
    yield Ledger(connected)
    await connected.aclose()


@pytest_asyncio.fixture
async def own_ledger(own_redis: RedisServer) -> AsyncIterator[Ledger]:
    connected = connect(own_redis.url)
    yield Ledger(connected)
    await connected.aclose()


@pytest_asyncio.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(timeout=PATIENCE_S, trust_env=False) as opened:
        yield opened


@pytest_asyncio.fixture
async def shopper(gateway: RunningGateway, ledger: Ledger, client: httpx.AsyncClient) -> Shopper:
    return await Shopper.come(gateway, client, lang="zh")


@pytest.fixture
def bot(ledger: Ledger) -> BotSide:
    return BotSide(ledger, "worker-1")


@pytest.fixture
def desk(ledger: Ledger) -> DeskSide:
    return DeskSide(ledger, grace_ms=60_000)


@pytest.fixture
def answer(bot: BotSide) -> Answer:
    """The bot answers what is unread in a conversation."""

    async def answer_unread(cid: str, *replies: Reply, handoff: Handoff | None = None) -> None:
        turn = await bot.begin(cid)
        assert isinstance(turn, Turn), turn
        committed, _ = await bot.commit(turn, turn.unread[-1].id, replies, handoff=handoff)
        assert committed

    return answer_unread
