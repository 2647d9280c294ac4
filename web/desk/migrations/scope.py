"""Which tables the declarations in `tables.py` speak for."""

from __future__ import annotations

FULL_TEXT = "archive_words"
"""The index for full-text search. SQLite keeps several tables for it whose names begin so."""


def ours(name: str | None, kind: str, parents: object) -> bool:
    """For Alembic's comparison: everything but the full-text index, which the migrations make by hand."""
    return not (kind == "table" and name is not None and name.startswith(FULL_TEXT))
