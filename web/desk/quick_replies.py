"""Texts that are sent with a few keys, with variables such as `{{order.tracking}}`: one's own, and those of everybody."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from msgspec import Struct
from sqlalchemy import func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from web.desk.accounts import Account
from web.desk.database import Database
from web.desk.errors import BadFrame, Empty, Exists, Forbidden, NotFound
from web.desk.tables import QuickReplyRow
from web.desk.texts import clean_name, clean_text

SEED = Path(__file__).with_name("quick_replies.yml")
LONGEST_SHORTCUT, LONGEST_TITLE = 32, 80
MAY_SHARE = ("supervisor", "trainer", "admin")


class Draft(Struct, frozen=True, forbid_unknown_fields=True):
    """A quick reply as it is written; one of the languages may be missing."""

    shortcut: str
    title: str
    text: dict[str, str]
    shared: bool = False


class QuickReplies:
    """The quick replies in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, account: Account) -> list[dict[str, Any]]:
        """One's own and the shared ones, the most used first."""
        mine = or_(QuickReplyRow.owner.is_(None), QuickReplyRow.owner == account.username)
        order = (QuickReplyRow.used.desc(), QuickReplyRow.shortcut, QuickReplyRow.id)
        async with self._database.session() as session:
            return [_shown(row) for row in await session.scalars(select(QuickReplyRow).where(mine).order_by(*order))]

    async def add(self, account: Account, draft: Draft) -> dict[str, Any]:
        """Raises `Forbidden`, `Exists` when the shortcut is taken, and what is wrong with the texts."""
        _must_share(account, draft.shared)
        row = QuickReplyRow(used=0)
        _write(row, account, draft)
        try:
            async with self._database.begin() as session:
                session.add(row)
        except IntegrityError:
            raise Exists(draft.shortcut) from None
        return _shown(row)

    async def change(self, account: Account, number: int, draft: Draft) -> dict[str, Any]:
        """Raises `NotFound`, also for somebody else's own; else as `add`."""
        try:
            async with self._database.begin() as session:
                row = await self._changeable(session, account, number)
                _must_share(account, draft.shared)
                _write(row, account, draft)
        except IntegrityError:
            raise Exists(draft.shortcut) from None
        return _shown(row)

    async def delete(self, account: Account, number: int) -> None:
        """Raises `NotFound`, `Forbidden`."""
        async with self._database.begin() as session:
            await session.delete(await self._changeable(session, account, number))

    async def count_use(self, account: Account, number: int) -> None:
        """Counts that it was sent. Raises `NotFound`."""
        async with self._database.begin() as session:
            row = await self._visible(session, account, number)
            counted = update(QuickReplyRow).where(QuickReplyRow.id == row.id).values(used=QuickReplyRow.used + 1)
            await session.execute(counted)

    async def _visible(self, session: AsyncSession, account: Account, number: int) -> QuickReplyRow:
        row = await session.get(QuickReplyRow, number)
        if row is None or row.owner not in (None, account.username):
            raise NotFound("no such quick reply")
        return row

    async def _changeable(self, session: AsyncSession, account: Account, number: int) -> QuickReplyRow:
        row = await self._visible(session, account, number)
        _must_share(account, row.owner is None)
        return row


async def ensure_quick_replies(database: Database) -> bool:
    """Fills an empty table with those of `quick_replies.yml`; true when it did."""
    rows = [_seed_row(entry) for entry in yaml.safe_load(SEED.read_text("utf-8"))["replies"]]
    try:
        async with database.begin() as session:
            if await session.scalar(select(func.count()).select_from(QuickReplyRow)):
                return False
            session.add_all(rows)
    except IntegrityError:
        return False  # another desk has started at the same moment
    return True


def _seed_row(entry: dict[str, str]) -> QuickReplyRow:
    return QuickReplyRow(
        owner=None, shortcut=entry["shortcut"], title=entry["title"], used=0,
        text_zh=entry["zh"].strip(), text_en=entry["en"].strip(),
    )  # fmt: skip


def _must_share(account: Account, shared: bool) -> None:
    if shared and account.role not in MAY_SHARE:
        raise Forbidden("shared quick replies are a supervisor's or a trainer's")


def _write(row: QuickReplyRow, account: Account, draft: Draft) -> None:
    shortcut = clean_name(draft.shortcut, LONGEST_SHORTCUT).lstrip("/")
    if not shortcut or any(sign.isspace() for sign in shortcut):
        raise BadFrame("a shortcut is one word")
    if not set(draft.text) <= {"zh", "en"}:
        raise BadFrame("texts are in zh and en")
    texts = {lang: clean_text(text) for lang, text in draft.text.items() if text.strip()}
    if not texts:
        raise Empty("no text")
    row.owner = None if draft.shared else account.username
    row.shortcut, row.title = shortcut, clean_name(draft.title, LONGEST_TITLE)
    row.text_zh, row.text_en = texts.get("zh", ""), texts.get("en", "")


def _shown(row: QuickReplyRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "shortcut": row.shortcut,
        "title": row.title,
        "text": {"zh": row.text_zh, "en": row.text_en},
        "shared": row.owner is None,
        "used": row.used,
    }
