"""The archive of closed conversations: what is kept of one, and how one is looked up. Searching is in `archive_search.py`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import delete, insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from web.desk.database import POSTGRESQL, Database
from web.desk.errors import NotFound
from web.desk.requests import iso
from web.desk.search_words import index_words
from web.desk.tables import ArchiveRow, ArchiveTagRow, HandlingRow

Row = dict[str, Any]
LISTED = (
    ArchiveRow.id, ArchiveRow.conversation, ArchiveRow.name, ArchiveRow.name_masked, ArchiveRow.lang, ArchiveRow.opened_at,
    ArchiveRow.closed_at, ArchiveRow.agent, ArchiveRow.category, ArchiveRow.summary, ArchiveRow.solution,
    ArchiveRow.rating_bot, ArchiveRow.rating_agent, ArchiveRow.tags,
)  # fmt: skip
"""The columns of a list: not the long texts."""

ADD_WORDS = {
    "sqlite": "INSERT INTO archive_words (rowid, words) VALUES (:id, :words)",
    POSTGRESQL: "INSERT INTO archive_words (rowid, words) VALUES (:id, array_to_tsvector(CAST(:words AS text[])))",
}


class Archived(Struct, frozen=True):
    """A closed conversation as it is kept. `transcript` has its messages as docs/frames.md has them."""

    conversation: str
    opened_at: datetime
    closed_at: datetime
    customer: str | None
    name: str
    name_masked: str
    lang: str
    agent: str | None
    category: str | None
    summary: str | None
    solution: str | None
    rating_bot: int | None
    rating_agent: int | None
    tags: list[str]
    transcript: list[Row]
    search_text: str


async def put(session: AsyncSession, kept: Archived) -> None:
    """Writes a conversation, over an earlier version of it. The caller sees to it that nobody else writes it meanwhile."""
    values = {field: getattr(kept, field) for field in kept.__struct_fields__}
    row = await session.scalar(select(ArchiveRow).where(ArchiveRow.conversation == kept.conversation))
    if row is None:
        row = ArchiveRow(**values)
        session.add(row)
    else:
        for field, value in values.items():
            setattr(row, field, value)
    await session.flush()
    await session.execute(delete(ArchiveTagRow).where(ArchiveTagRow.archive == row.id))
    if kept.tags:
        tags = [{"archive": row.id, "tag": tag} for tag in dict.fromkeys(kept.tags)]
        await session.execute(insert(ArchiveTagRow), tags)
    await put_words(session, row.id, kept.search_text)


async def put_words(session: AsyncSession, row_id: int, searched: str) -> None:
    """Makes a row findable by the words of `searched`."""
    words = index_words(searched)
    dialect = session.get_bind().dialect.name
    await session.execute(text("DELETE FROM archive_words WHERE rowid = :id"), {"id": row_id})
    given = words if dialect == POSTGRESQL else " ".join(words)
    await session.execute(text(ADD_WORDS[dialect]), {"id": row_id, "words": given})


class Archive:
    """Looks conversations up."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def earlier(self, customer: str, limit: int) -> Sequence[Row]:
        """A customer's conversations, newest first, with the full name: whoever shows them masks it."""
        listed = (
            select(*LISTED)
            .where(ArchiveRow.customer == customer)
            .order_by(ArchiveRow.closed_at.desc(), ArchiveRow.id.desc())
            .limit(limit)
        )
        async with self._database.session() as session:
            return [{**shown(row), "name": row.name} for row in await session.execute(listed)]

    async def get(self, conversation: str) -> tuple[Row, list[Row], list[Row]]:
        """The row (with the full name), the messages and who served when. Raises `NotFound`."""
        async with self._database.session() as session:
            row = await session.scalar(select(ArchiveRow).where(ArchiveRow.conversation == conversation))
            if row is None:
                raise NotFound("not in the archive")
            handlings = await session.scalars(
                select(HandlingRow).where(HandlingRow.conversation == conversation).order_by(HandlingRow.claimed_at)
            )
            return {**shown(row), "name": row.name}, list(row.transcript), [_handling(one) for one in handlings]


def shown(row: Any) -> Row:
    """A row of a list as docs/frames.md has it, the name masked."""
    ratings = {"rating_bot": row.rating_bot, "rating_agent": row.rating_agent}
    return {
        "conversation": row.conversation,
        "name": row.name_masked,
        "lang": row.lang,
        "opened_at": iso(row.opened_at),
        "closed_at": iso(row.closed_at),
        "agent": row.agent,
        "category": row.category,
        "summary": row.summary,
        "solution": row.solution,
        **{name: score for name, score in ratings.items() if score is not None},
        "tags": row.tags,
    }


def _handling(row: HandlingRow) -> Row:
    return {
        "agent": row.agent,
        "skill": row.skill,
        "rule": row.rule,
        "priority": row.priority,
        "queued_at": iso(row.queued_at),
        "claimed_at": iso(row.claimed_at),
        "first_reply_at": iso(row.first_reply_at),
        "ended_at": iso(row.ended_at),
        "ended": row.ended,
        "category": row.category,
        "solution": row.solution,
        "breaches": {"first_response": row.first_breaches, "round": row.round_breaches},
    }
