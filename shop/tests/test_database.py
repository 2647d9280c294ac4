"""The database file: kept while it is today's, made anew when the day or the seed has changed."""

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from shop import database

NOW = datetime(2026, 11, 22, 7, 0, tzinfo=timezone.utc)


def first_number(path: Path) -> str:
    with closing(sqlite3.connect(path)) as db:
        (number,) = db.execute("SELECT max(number) FROM orders").fetchone()
    return str(number)


def test_it_is_made_where_there_is_none(tmp_path: Path) -> None:
    path = tmp_path / "deep/down/shop.sqlite"
    assert database.prepare(path, NOW)
    assert first_number(path).startswith("20261121")
    assert [one.name for one in path.parent.iterdir()] == ["shop.sqlite"]


def test_it_is_kept_on_the_same_day(tmp_path: Path) -> None:
    path = tmp_path / "shop.sqlite"
    database.prepare(path, NOW)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("INSERT INTO failed_tries VALUES ('20261121000001', 1)")
    assert not database.prepare(path, NOW + timedelta(hours=8))
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT count(*) FROM failed_tries").fetchone() == (1,)


def test_it_is_made_anew_on_the_next_day_in_beijing(tmp_path: Path) -> None:
    path = tmp_path / "shop.sqlite"
    database.prepare(path, NOW)
    assert database.prepare(path, datetime(2026, 11, 22, 16, 0, 1, tzinfo=timezone.utc))
    assert first_number(path).startswith("20261122")


def test_it_is_made_anew_when_the_seed_has_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "shop.sqlite"
    database.prepare(path, NOW)
    monkeypatch.setattr(database, "seed_version", lambda: "another")
    assert database.prepare(path, NOW)


def test_a_file_that_is_no_database_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "shop.sqlite"
    path.write_bytes(b"not a database, but long enough to look at" * 50)
    assert database.prepare(path, NOW)
    assert first_number(path).startswith("20261121")


def test_everything_refers_to_something(tmp_path: Path) -> None:
    path = tmp_path / "shop.sqlite"
    database.prepare(path, NOW)
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
