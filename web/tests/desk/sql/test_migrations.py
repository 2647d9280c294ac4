"""The steps lead to the tables that are declared, and back, also when several desks start at once."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine, inspect, text

from web.desk.database import BadDatabaseUrl, Database, DatabaseUnavailable, database_url, migrate
from web.desk.migrations.scope import ours
from web.desk.tables import Base

ROOT = Path(__file__).resolve().parents[4]


@contextmanager
def looking(url: str) -> Iterator[Connection]:
    """A connection to see what has come of it."""
    engine = create_engine(database_url(url, blocking=True))
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def tables(url: str) -> set[str]:
    """What there is, without the full-text index's own tables."""
    with looking(url) as connection:
        return {name for name in inspect(connection).get_table_names() if not name.startswith("archive_words_")}


def test_tables_are_those_that_are_declared(empty_url: str) -> None:
    migrate(empty_url)
    with looking(empty_url) as connection:
        context = MigrationContext.configure(connection, opts={"include_name": ours, "compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    assert "archive_words" in tables(empty_url)


def test_there_and_back_and_there_again(empty_url: str) -> None:
    migrate(empty_url)
    everything = tables(empty_url)
    migrate(empty_url, "base")
    assert tables(empty_url) == {"alembic_version"}
    migrate(empty_url)
    assert tables(empty_url) == everything


def test_second_run_changes_nothing(url: str) -> None:
    with looking(url) as connection:
        connection.execute(text("INSERT INTO tags (name, colour) VALUES ('急', '#ff0000')"))
        connection.commit()
    migrate(url)
    with looking(url) as connection:
        assert connection.scalar(text("SELECT name FROM tags")) == "急"


def test_desks_that_start_at_once_make_the_tables_once(empty_url: str) -> None:
    code = (
        "import sys; from web.desk.database import migrate; print('ready', flush=True); sys.stdin.readline(); "
        "migrate(sys.argv[1])"
    )
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    desks = [subprocess.Popen([sys.executable, "-c", code, empty_url], cwd=ROOT, **pipes) for _ in range(4)]
    for desk in desks:
        assert desk.stdout is not None
        assert desk.stdout.readline() == "ready\n"
    for desk in desks:
        assert desk.stdin is not None
        desk.stdin.write("\n")
        desk.stdin.flush()
    said = [desk.communicate(timeout=60)[1] for desk in desks]
    assert [desk.returncode for desk in desks] == [0] * 4, said
    assert "archive" in tables(empty_url)


def test_step_that_fails_leaves_nothing_behind(empty_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("alembic.runtime.migration.HeadMaintainer.update_to_step", fail)
    with pytest.raises(DatabaseUnavailable):
        migrate(empty_url)
    assert tables(empty_url) == set()


@pytest.mark.parametrize(
    ("address", "spelled"),
    [
        ("var/desk.sqlite", "sqlite+aiosqlite:///var/desk.sqlite"),
        ("sqlite:////srv/desk.sqlite", "sqlite+aiosqlite:////srv/desk.sqlite"),
        ("postgresql://desk:secret@db/shop", "postgresql+psycopg://desk:***@db/shop"),
        ("postgres://desk@db:5433/shop", "postgresql+psycopg://desk@db:5433/shop"),
    ],
)
def test_addresses_that_are_understood(address: str, spelled: str) -> None:
    assert str(database_url(address, blocking=False)) == spelled


@pytest.mark.parametrize(
    "address", ["mysql://db/shop", "postgresql://db", "sqlite://", ":memory:", "postgresql://db:x/y"]
)
def test_addresses_that_are_refused(address: str) -> None:
    with pytest.raises(BadDatabaseUrl):
        database_url(address, blocking=False)


async def test_database_that_is_away_is_said_to_be(tmp_path: Path) -> None:
    away = Database(f"postgresql://desk@/shop?host={tmp_path}")
    with pytest.raises(DatabaseUnavailable):
        await away.ping()
    await away.close()
