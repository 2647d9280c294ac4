"""Searches the archive: words anywhere in the conversations, and filters; newest first."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Select, cast, column, func, literal, or_, select, table
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.ext.asyncio import AsyncSession

from web.desk.archive import LISTED, Row, shown
from web.desk.database import POSTGRESQL, Database
from web.desk.masks import mask_text
from web.desk.search_words import Term, terms
from web.desk.snippets import snippet
from web.desk.tables import ArchiveRow, ArchiveTagRow, HandlingRow

PAGE_ROWS = 20
FEW = 1_000
WORDS = table("archive_words", column("rowid"), column("words"))
Condition = ColumnElement[bool]


class ArchiveQuery(Struct, frozen=True):
    """What is looked for; None leaves it open. `since` counts in, `before` does not; `page` is from 1."""

    asked: str | None = None
    customer: str | None = None
    agent: str | None = None
    category: str | None = None
    tag: str | None = None
    since: datetime | None = None
    before: datetime | None = None
    page: int = 1


class ArchiveSearch:
    """The same answers from both databases."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, query: ArchiveQuery) -> tuple[list[Row], int]:
        """A page of rows, newest first, with `found` where words were looked for; and how many there are in all."""
        wanted = terms(query.asked) if query.asked else []
        if query.asked and not wanted:
            return [], 0
        conditions = _filters(query)
        conditions += [ArchiveRow.search_text.contains(term.exact) for term in wanted if term.exact]
        async with self._database.session() as session:
            counted: Select[int] | None = None
            if wanted:
                words = self._words(wanted)
                among, many = await _among(session, words)
                if many and not conditions:
                    counted = select(func.count()).select_from(WORDS).where(words)
                conditions.append(among)
            if counted is None:
                counted = select(func.count()).select_from(ArchiveRow).where(*conditions)
            total = await session.scalar(counted) or 0
            rows = (await session.execute(_page(conditions, query.page))).all() if total else []
            texts = await _texts(session, [row.id for row in rows]) if wanted else {}
        # Masking reads whole conversations: in a thread, so that the dispatch goes on.
        return await asyncio.to_thread(_listed, rows, texts, wanted), total

    def _words(self, wanted: list[Term]) -> Condition:
        if self._database.dialect == POSTGRESQL:
            return WORDS.c.words.op("@@")(cast(literal(tsquery(wanted)), TSQUERY))
        return WORDS.c.words.op("MATCH")(literal(fts5_query(wanted)))


async def _among(session: AsyncSession, words: Condition) -> tuple[Condition, bool]:
    """Rows with these words, and whether they are many.

    A few are named, and looked up one by one. Of many, the database reads the rows newest first and asks whether each is among
    them; both databases take a sum for that, since they would look up all of them otherwise.
    """
    found = select(WORDS.c.rowid).where(words)
    many = (await session.scalar(select(func.count()).select_from(WORDS).where(words)) or 0) > FEW
    if many:
        return (ArchiveRow.id + 0).in_(found), True
    return ArchiveRow.id.in_(list(await session.scalars(found))), False


def _page(conditions: list[Condition], page: int) -> Select[*tuple[Any, ...]]:
    newest = select(*LISTED).where(*conditions).order_by(ArchiveRow.closed_at.desc(), ArchiveRow.id.desc())
    return newest.limit(PAGE_ROWS).offset((page - 1) * PAGE_ROWS)


async def _texts(session: AsyncSession, rows: list[int]) -> dict[int, str]:
    found = await session.execute(select(ArchiveRow.id, ArchiveRow.search_text).where(ArchiveRow.id.in_(rows)))
    return {row.id: row.search_text for row in found}


def tsquery(wanted: list[Term]) -> str:
    """For PostgreSQL: words have no quotes in them."""
    return " & ".join(f"'{word}'{':*' if term.prefix else ''}" for term in wanted for word in term.words)


def fts5_query(wanted: list[Term]) -> str:
    """For SQLite."""
    return " AND ".join(f'"{word}"{" *" if term.prefix else ""}' for term in wanted for word in term.words)


def _filters(query: ArchiveQuery) -> list[Condition]:
    conditions: list[Condition] = []
    if query.customer:
        conditions.append(ArchiveRow.customer == query.customer)
    if query.category:
        conditions.append(ArchiveRow.category == query.category)
    if query.agent:
        served = select(HandlingRow.conversation).where(HandlingRow.agent == query.agent)
        conditions.append(or_(ArchiveRow.agent == query.agent, ArchiveRow.conversation.in_(served)))
    if query.tag:
        conditions.append(ArchiveRow.id.in_(select(ArchiveTagRow.archive).where(ArchiveTagRow.tag == query.tag)))
    if query.since:
        conditions.append(ArchiveRow.closed_at >= query.since)
    if query.before:
        conditions.append(ArchiveRow.closed_at < query.before)
    return conditions


def _listed(rows: Sequence[Any], texts: dict[int, str], wanted: list[Term]) -> list[Row]:
    return [_with_place(shown(row), texts.get(row.id), wanted) for row in rows]


def _with_place(row: Row, searched: str | None, wanted: list[Term]) -> Row:
    """Free text in a list is masked: a conversation is opened to read more of it."""
    masked = {name: mask_text(row[name]) for name in ("summary", "solution") if row[name]}
    place = snippet(mask_text(searched), wanted) if searched else None
    return {**row, **masked, **({"found": place} if place else {})}
