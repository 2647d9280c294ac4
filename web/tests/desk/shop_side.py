"""Fixtures of the tests that ask the shop: a real demo shop, a real Redis, and accounts in a real database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from argon2 import PasswordHasher

from ledger import Ledger, connect
from ledger.testing import RedisServer
from shop.client import ClientSettings, ShopClient
from shop.testing import RunningShop, start_shop
from web.desk.accounts import Account, Accounts
from web.desk.audit import Audit
from web.desk.database import Database, migrate
from web.desk.logins import Logins
from web.desk.passwords import Passwords

PASSWORD = "blue kettle on a hill"


@pytest.fixture(scope="session")
def counter_shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningShop]:
    running = start_shop(tmp_path_factory.mktemp("counter-shop"))
    yield running
    running.stop()


@pytest.fixture
def demo_shop(counter_shop: RunningShop) -> Iterator[RunningShop]:
    """The shop, healthy again after each test."""
    yield counter_shop
    counter_shop.heal()


@pytest_asyncio.fixture
async def asks(demo_shop: RunningShop) -> AsyncIterator[ShopClient]:
    """A client of its own for each test: a breaker that opened stays that test's."""
    client = ShopClient(ClientSettings(demo_shop.api_key, demo_shop.url, demo_shop.url, demo_shop.url))
    yield client
    await client.aclose()


@pytest.fixture(scope="session")
def counter_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path_factory.mktemp("counter-redis")).start()
    yield server
    server.stop()


@pytest_asyncio.fixture
async def book(counter_redis: RedisServer) -> AsyncIterator[Ledger]:
    """The ledger, empty."""
    connected = connect(counter_redis.url)
    await connected.flushall()
    yield Ledger(connected)
    await connected.aclose()


@pytest_asyncio.fixture
async def staff_database(tmp_path: Path) -> AsyncIterator[Database]:
    url = f"sqlite:///{tmp_path / 'staff.sqlite'}"
    await asyncio.to_thread(migrate, url)
    database = Database(url)
    yield database
    await database.close()


@pytest.fixture
def staff_audit(staff_database: Database) -> Audit:
    return Audit(staff_database)


@pytest.fixture
def logins(staff_database: Database) -> Logins:
    return Logins(staff_database, _quick())


@pytest_asyncio.fixture
async def tokens(staff_database: Database, logins: Logins) -> dict[str, str]:
    """Somebody of each role, signed in: their cookies' tokens by username."""
    accounts, found = Accounts(staff_database, _quick()), {}
    for username, role in (("lin", "agent"), ("qiu", "agent"), ("boss", "supervisor"), ("coach", "trainer")):
        await accounts.add(Account(username, f"客服{username}", role, [], 5, "zh"), PASSWORD)
        found[username], _ = await logins.sign_in(username, PASSWORD, "127.0.0.1")
    return found


def _quick() -> Passwords:
    """How hard a password is to hash is not what these tests are about."""
    return Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
