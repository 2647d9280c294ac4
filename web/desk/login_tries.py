"""Counts wrong passwords, so that nobody gets to guess for long: by account and by network address, over all desks."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from web.desk.database import Database
from web.desk.errors import Locked
from web.desk.tables import LoginTryRow
from web.visitor import site

ACCOUNT_TRIES = 5
ADDRESS_TRIES = 20
"""More than for an account: a whole office shares an address, and so do all shoppers behind a proxy that is not trusted."""

WINDOW = timedelta(minutes=15)
LOCKED_FOR = timedelta(minutes=15)
Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


class LoginTries:
    """A try is counted before the password is looked at: a hundred tries at once are no more than five, too."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database, self._clock = database, clock

    async def begin(self, username: str, address: str) -> None:
        """Counts one more for both. Raises `Locked`, without having counted, when one of them has had too many."""
        subjects = _subjects(username, address)
        try:
            await self._count(subjects)
        except IntegrityError:
            await self._count(subjects)  # another desk has made the row at the same moment

    async def succeeded(self, username: str, address: str) -> None:
        """The password was right: the account starts anew, and the address has one try less."""
        account, from_address = _subjects(username, address)
        async with self._database.begin() as session:
            await session.execute(delete(LoginTryRow).where(LoginTryRow.subject == account))
            row = await session.get(LoginTryRow, from_address, with_for_update=True)
            if row is not None and row.count > 0:
                row.count -= 1
                row.locked_until = None if row.count < ADDRESS_TRIES else row.locked_until

    async def _count(self, subjects: Mapping[str, int]) -> None:
        now = self._clock()
        async with self._database.begin() as session:
            old = LoginTryRow.since < now - WINDOW - LOCKED_FOR
            await session.execute(delete(LoginTryRow).where(old))
            found = await session.scalars(
                select(LoginTryRow)
                .where(LoginTryRow.subject.in_(subjects))
                .order_by(LoginTryRow.subject)
                .with_for_update()
            )
            rows = {row.subject: row for row in found}
            until = [row.locked_until for row in rows.values() if row.locked_until and row.locked_until > now]
            if until:
                raise Locked(math.ceil((max(until) - now).total_seconds()))
            for subject, limit in subjects.items():
                row = rows.get(subject)
                if row is None:
                    session.add(LoginTryRow(subject=subject, count=1, since=now))
                    continue
                if row.since < now - WINDOW or row.locked_until is not None:
                    row.count, row.since, row.locked_until = 0, now, None
                row.count += 1
                if row.count >= limit:
                    row.since, row.locked_until = now, now + LOCKED_FOR


def _subjects(username: str, address: str) -> dict[str, int]:
    named = {f"account:{username}": ACCOUNT_TRIES, f"address:{site(address)}": ADDRESS_TRIES}
    return {hashlib.sha256(name.encode()).hexdigest(): limit for name, limit in named.items()}
