"""A real desk on a real Redis, emptied before each test; its rules are desk.yml's with short times."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from ledger import DeskSide, Ledger, ShopperSide, connect
from ledger.testing import RedisServer
from web.desk.rules import FILE
from web.desk.testing import RunningDesk, start_desk

GRACE_S = 2
PATIENCE_S = 15.0


def rules_with(path: Path, **changes: str) -> Path:
    """desk.yml with other numbers."""
    text = FILE.read_text("utf-8")
    for name, value in changes.items():
        lines = [line for line in text.splitlines() if line.strip().startswith(f"{name}:")]
        assert len(lines) == 1, f"{name} is not in desk.yml once"
        indent = lines[0][: len(lines[0]) - len(lines[0].lstrip())]
        text = text.replace(lines[0], f"{indent}{name}: {value}")
    path.write_text(text, "utf-8")
    return path


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path_factory.mktemp("redis")).start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def running_desk(redis_server: RedisServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDesk]:
    folder = tmp_path_factory.mktemp("desk")
    rules = rules_with(folder / "desk.yml", accept_s="2", missed="2")
    desk = start_desk(redis_server.url, folder, SHOPDESK_DESK_RULES=str(rules), DESK_GRACE_S=str(GRACE_S))
    yield desk
    desk.stop()


@pytest_asyncio.fixture
async def ledger(redis_server: RedisServer) -> AsyncIterator[Ledger]:
    redis = connect(redis_server.url)
    await redis.flushall()
    yield Ledger(redis)
    await redis.aclose()


@pytest_asyncio.fixture
async def desk(running_desk: RunningDesk, ledger: Ledger) -> RunningDesk:
    """The desk, with nobody waiting and nobody on duty: it has noticed that Redis was emptied."""
    await ledger.redis.publish(ledger.keys.wake(0), '{"cid":"","news":"all"}')
    async with httpx.AsyncClient(base_url=running_desk.url, trust_env=False) as client:
        wanted = {
            "shopdesk_desk_waiting 0.0",
            "shopdesk_desk_held 0.0",
            "shopdesk_desk_agents_online 0.0",
            "shopdesk_desk_leads 1.0",
        }
        async with asyncio.timeout(PATIENCE_S):
            while not wanted <= set((await client.get("/metrics")).text.splitlines()):
                await asyncio.sleep(0.02)
    return running_desk


@pytest.fixture
def shopper(ledger: Ledger) -> ShopperSide:
    return ShopperSide(ledger)


@pytest.fixture
def desk_side(ledger: Ledger) -> DeskSide:
    return DeskSide(ledger)
