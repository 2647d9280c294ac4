"""What colleagues should know about a customer the next time; the customer never sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from web.desk.accounts import Account
from web.desk.database import Database
from web.desk.errors import Forbidden, NotFound
from web.desk.login_tries import Clock, utc_now
from web.desk.requests import iso
from web.desk.tables import CustomerNoteRow
from web.desk.texts import clean_text

MOST = 50


def customer_key(cid: str, state: Mapping[str, str]) -> str:
    """Whose notes they are: the customer's whom the shop vouches for, else those of this conversation alone."""
    return state.get("customer") or f"conversation:{cid}"


class CustomerNotes:
    """The notes in the database."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database, self._clock = database, clock

    async def notes_of(self, customer: str) -> Sequence[dict[str, Any]]:
        """Newest first."""
        newest = (
            select(CustomerNoteRow)
            .where(CustomerNoteRow.customer == customer)
            .order_by(CustomerNoteRow.at.desc(), CustomerNoteRow.id.desc())
            .limit(MOST)
        )
        async with self._database.session() as session:
            return [_shown(row) for row in await session.scalars(newest)]

    async def add(self, customer: str, account: Account, words: str) -> dict[str, Any]:
        """Raises `Empty`, `TooLong`."""
        row = CustomerNoteRow(customer=customer, by=account.username, at=self._clock(), words=clean_text(words))
        async with self._database.begin() as session:
            session.add(row)
        return _shown(row)

    async def delete(self, customer: str, account: Account, number: int) -> None:
        """One's own, or anybody's for a supervisor. Raises `NotFound`, `Forbidden`."""
        async with self._database.begin() as session:
            row = await session.get(CustomerNoteRow, number)
            if row is None or row.customer != customer:
                raise NotFound("no such note")
            if row.by != account.username and not account.may("supervisor"):
                raise Forbidden("somebody else's note")
            await session.delete(row)


def _shown(row: CustomerNoteRow) -> dict[str, Any]:
    return {"id": row.id, "by": row.by, "at": iso(row.at), "text": row.words}
