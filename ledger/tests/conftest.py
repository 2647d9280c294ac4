"""A real Redis for each test session, emptied before each test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from ledger import BotSide, DeskSide, Ledger, ShopperSide, connect
from ledger.testing import RedisServer


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path_factory.mktemp("redis")).start()
    yield server
    server.stop()


@pytest_asyncio.fixture
async def ledger(redis_server: RedisServer) -> AsyncIterator[Ledger]:
    redis = connect(redis_server.url)
    await redis.flushall()
    yield Ledger(redis)
    await redis.aclose()


@pytest.fixture
def shopper(ledger: Ledger) -> ShopperSide:
    return ShopperSide(ledger)


@pytest.fixture
def bot(ledger: Ledger) -> BotSide:
    return BotSide(ledger, "worker-1")


@pytest.fixture
def desk(ledger: Ledger) -> DeskSide:
    return DeskSide(ledger)
