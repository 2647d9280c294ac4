"""Reads the demo shop's database in the event loop: a row is found by index in some 20 µs, and a thread would be asked for longer."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

Row = sqlite3.Row


class Reading:
    """A connection that can only read; it sees whatever has been committed."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.row_factory = Row
        self._db.execute("PRAGMA query_only = ON")

    def rows(self, query: str, values: Sequence[object] = ()) -> list[Row]:
        """All rows of a query that finds few."""
        return self._db.execute(query, values).fetchall()

    def close(self) -> None:
        """Closes it."""
        self._db.close()
