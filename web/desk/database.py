"""The SQL database: SQLite in a file by default, or PostgreSQL; opened without blocking, brought up to date by `migrate`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import msgspec
from alembic import command
from alembic.config import Config
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoFreeConnection
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

MIGRATIONS = Path(__file__).with_name("migrations")
SQLITE, POSTGRESQL = "sqlite", "postgresql"
BUSY_MS = 10_000
CONNECT_S = 5
MIGRATION_LOCK = 5_000_513
"""Any number, as long as all desks take the same."""


class DatabaseUnavailable(Exception):
    """The database does not answer, or is busy for too long. Nothing was stored."""

    code = "unavailable"


class BadDatabaseUrl(Exception):
    """DATABASE_URL is none that the desk can open; the text says what to do."""


class Database:
    """One database. Sessions are for one short piece of work; `begin` is for everything that writes."""

    def __init__(self, url: str) -> None:
        self.url = database_url(url, blocking=False)
        self.dialect = self.url.get_backend_name()
        self._engine = create_async_engine(self.url, **_options(self.url))
        # SQLite: a transaction that turns from reading to writing cannot wait for its turn, so it says at once that it writes.
        self._writing = self._engine.execution_options(writes=True)
        if self.dialect == SQLITE:
            _prepare_sqlite(self._engine.sync_engine)

    @asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncSession]:
        """For reading. Raises `DatabaseUnavailable`."""
        with _loud():
            async with AsyncSession(self._engine, expire_on_commit=False) as session:
                yield session

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncSession]:
        """One transaction: all of it, or nothing when something is raised. Raises `DatabaseUnavailable`."""
        with _loud():
            async with AsyncSession(self._writing, expire_on_commit=False) as session, session.begin():
                yield session

    async def ping(self) -> None:
        """Raises `DatabaseUnavailable` when it does not answer."""
        async with self.session() as session:
            await session.execute(text("SELECT 1"))

    async def close(self) -> None:
        """Closes all connections."""
        await self._engine.dispose()


@contextmanager
def _loud() -> Iterator[None]:
    """Turns what a driver raises for a database that is away into `DatabaseUnavailable`."""
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        raise DatabaseUnavailable(" ".join(str(error.orig).split())) from error
    except (NoFreeConnection, OSError) as error:
        raise DatabaseUnavailable(str(error)) from error


def database_url(address: str, blocking: bool) -> URL:
    """`sqlite:///path`, a plain path, or `postgresql://…`, with the driver that is used here. Raises `BadDatabaseUrl`."""
    if "://" not in address:
        address = f"sqlite:///{address}"
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        raise BadDatabaseUrl("DATABASE_URL is no address such as sqlite:///var/desk.sqlite or postgresql://…") from None
    backend = {"postgres": POSTGRESQL}.get(url.get_backend_name(), url.get_backend_name())
    if backend == POSTGRESQL and url.database:
        return url.set(drivername="postgresql+psycopg")
    if backend == SQLITE and url.database and url.database != ":memory:":
        return url.set(drivername="sqlite" if blocking else "sqlite+aiosqlite")
    raise BadDatabaseUrl("DATABASE_URL must name a SQLite file or a PostgreSQL database")


def migrate(url: str, revision: str = "head") -> None:
    """Brings the tables to `revision`, in one transaction; of several desks that start at once, one does it.

    Blocks: call it in a thread. Raises `DatabaseUnavailable`, `BadDatabaseUrl`.
    """
    address = database_url(url, blocking=True)
    if address.get_backend_name() == SQLITE:
        Path(str(address.database)).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(address, **_options(address))
    if address.get_backend_name() == SQLITE:
        _prepare_sqlite(engine)
    try:
        with _loud(), engine.execution_options(writes=True).begin() as connection:
            if connection.dialect.name == POSTGRESQL:
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK})
            _run_alembic(connection, revision)
    finally:
        engine.dispose()


def alembic_config(connection: Connection) -> Config:
    """What Alembic needs to know, without a file for it."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _run_alembic(connection: Connection, revision: str) -> None:
    config = alembic_config(connection)
    if revision == "base" or revision.startswith("-"):
        command.downgrade(config, revision)
    else:
        command.upgrade(config, revision)


def _options(url: URL) -> dict[str, Any]:
    options: dict[str, Any] = {
        "json_serializer": lambda content: msgspec.json.encode(content).decode(),
        "json_deserializer": msgspec.json.decode,
        "pool_timeout": CONNECT_S,
    }
    if url.get_backend_name() == POSTGRESQL:
        # A server that was started again is noticed before a request fails.
        options |= {"pool_pre_ping": True, "connect_args": {"connect_timeout": CONNECT_S}}
    return options


def _prepare_sqlite(engine: Engine) -> None:
    """Readers beside a writer, foreign keys that hold, and transactions that begin where SQLAlchemy says so."""

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "foreign_keys=ON", f"busy_timeout={BUSY_MS}", "synchronous=NORMAL"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
