"""Who read and did what, for supervisors and for the law. It holds no shopper's words and no password."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql import ColumnElement

from web.desk.database import Database
from web.desk.login_tries import Clock, utc_now
from web.desk.tables import AuditRow

PAGE_ROWS = 50
LONGEST_DETAIL = 500
LONGEST_NAME = 64


class Audited(Struct, frozen=True):
    """A row of the audit log."""

    at: datetime
    who: str
    what: str
    conversation: str | None
    detail: dict[str, Any]


class AuditQuery(Struct, frozen=True):
    """What is looked for; None leaves it open. `since` counts in, `before` does not; `page` is from 1."""

    who: str | None = None
    what: str | None = None
    conversation: str | None = None
    since: datetime | None = None
    before: datetime | None = None
    page: int = 1


class Audit:
    """The audit log in the database; rows are added, never changed."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database, self._clock = database, clock

    async def note(self, who: str, what: str, conversation: str | None = None, **detail: Any) -> None:
        """Adds a row. Long texts in `detail` are cut: reasons belong here, messages do not. Raises `DatabaseUnavailable`."""
        async with self._database.begin() as session:
            self.add(session, who, what, conversation, detail)

    def add(self, session: AsyncSession, who: str, what: str, conversation: str | None, detail: dict[str, Any]) -> None:
        """Adds a row within the caller's transaction, so that nothing is done without being noted."""
        row = AuditRow(
            at=self._clock(), who=clip(who), what=clip(what), conversation=conversation, detail=short(detail)
        )
        session.add(row)

    async def find(self, query: AuditQuery) -> tuple[list[Audited], int]:
        """A page of rows, newest first, and how many there are in all."""
        conditions = _conditions(query)
        async with self._database.session() as session:
            total = await session.scalar(select(func.count()).select_from(AuditRow).where(*conditions))
            rows = await session.scalars(
                select(AuditRow)
                .where(*conditions)
                .order_by(AuditRow.at.desc(), AuditRow.id.desc())
                .limit(PAGE_ROWS)
                .offset((query.page - 1) * PAGE_ROWS)
            )
            found = [Audited(row.at, row.who, row.what, row.conversation, row.detail) for row in rows]
        return found, int(total or 0)


def clip(name: str) -> str:
    """A name as the table can hold it."""
    return name.replace("\0", "")[:LONGEST_NAME]


def short(detail: dict[str, Any]) -> dict[str, Any]:
    """The detail with its texts cut, and without characters that PostgreSQL refuses."""
    return {
        key: value.replace("\0", "")[:LONGEST_DETAIL] if isinstance(value, str) else value
        for key, value in detail.items()
        if value is not None
    }


def _conditions(query: AuditQuery) -> list[ColumnElement[bool]]:
    exact = ((AuditRow.who, query.who), (AuditRow.what, query.what), (AuditRow.conversation, query.conversation))
    conditions: list[ColumnElement[bool]] = [column == clip(value) for column, value in exact if value]
    if query.since:
        conditions.append(AuditRow.at >= query.since)
    if query.before:
        conditions.append(AuditRow.at < query.before)
    return conditions
