"""Everything that is stored is tested on both databases: SQLite in a file, and a real PostgreSQL."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from argon2 import PasswordHasher

from ledger import Ledger, connect
from ledger.testing import RedisServer
from web.desk.accounts import Account, Accounts
from web.desk.database import Database, migrate
from web.desk.passwords import Passwords
from web.desk.tables import Base
from web.tests.desk.postgres import PostgresServer
from web.tests.desk.sql.small_desk import PASSWORD, SmallDesk

NUMBERS = itertools.count()

QUICK_HASHER = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
"""Argon2 as it is meant takes a tenth of a second; `test_accounts.py` has a test with it."""


class Clock:
    """A clock that tests turn."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **time: float) -> None:
        """Lets time pass."""
        self.now += timedelta(**time)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    server = PostgresServer()
    try:
        server.start()
        server.execute("CREATE DATABASE ready")
        migrate(server.url("ready"))
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def ready_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with all tables, to be copied."""
    path = tmp_path_factory.mktemp("sqlite") / "ready.sqlite"
    migrate(str(path))
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    """Which database a test runs on: it runs on each."""
    return str(request.param)


@pytest.fixture
def empty_url(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without tables."""
    if kind == "sqlite":
        return f"sqlite:///{tmp_path / 'desk.sqlite'}"
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = f"test_{next(NUMBERS)}"
    server.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    return server.url(name)


@pytest.fixture
def url(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database with all tables, and nothing in them."""
    if kind == "sqlite":
        shutil.copy(request.getfixturevalue("ready_sqlite"), tmp_path / "desk.sqlite")
        return f"sqlite:///{tmp_path / 'desk.sqlite'}"
    server: PostgresServer = request.getfixturevalue("postgres_server")
    names = ", ".join(["archive_words", *Base.metadata.tables])
    server.execute(f"TRUNCATE {names} RESTART IDENTITY", "ready")
    return server.url("ready")


@pytest_asyncio.fixture
async def database(url: str) -> AsyncIterator[Database]:
    opened = Database(url)
    yield opened
    await opened.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def passwords() -> Passwords:
    return Passwords(QUICK_HASHER)


@pytest_asyncio.fixture
async def accounts(database: Database, passwords: Passwords) -> Accounts:
    """An agent, a supervisor, a trainer and an admin; everyone's password is `quite a long one`."""
    accounts = Accounts(database, passwords)
    for username, role in (
        ("agent1", "agent"),
        ("agent2", "agent"),
        ("boss", "supervisor"),
        ("tina", "trainer"),
        ("root", "admin"),
    ):
        await accounts.add(Account(username, username.title(), role, ["orders"], 5, "zh"), PASSWORD)  # type: ignore[arg-type]
    return accounts


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path_factory.mktemp("redis")).start()
    yield server
    server.stop()


@pytest_asyncio.fixture
async def ledger(redis_server: RedisServer) -> AsyncIterator[Ledger]:
    connected = connect(redis_server.url)
    await connected.flushall()
    yield Ledger(connected)
    await connected.aclose()


@pytest_asyncio.fixture
async def desk(
    database: Database, accounts: Accounts, passwords: Passwords, ledger: Ledger
) -> AsyncIterator[SmallDesk]:
    """The routes that need only SQL, served."""
    served = await SmallDesk(database, accounts, passwords, ledger, secure=False).start()
    yield served
    await served.stop()


@pytest_asyncio.fixture
async def secure_desk(
    database: Database, accounts: Accounts, passwords: Passwords, ledger: Ledger
) -> AsyncIterator[SmallDesk]:
    """The same behind https."""
    served = await SmallDesk(database, accounts, passwords, ledger, secure=True).start()
    yield served
    await served.stop()
