"""Writes what a conversation's log comes to into SQL: who served, ratings, and the archive once it is closed.

Everything is made anew from the whole log, so writing it twice, or from two desks, changes nothing.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from ledger import Entry, Ledger
from web.desk.archive import Archived, put
from web.desk.database import POSTGRESQL, Database
from web.desk.handlings import Handling, History, Rating, complete
from web.desk.masks import mask_name
from web.desk.search_words import plain
from web.desk.shown import shown
from web.desk.tables import HandlingRow, RatingRow, RecordedRow

PAGE = 500
LONGEST_NAME, LONGEST_AGENT, LONGEST_WORD, LONGEST_RULE = 80, 64, 32, 64
SEARCHED = ("text", "summary", "solution", "comment")
OF_CONVERSATIONS = 5_000_514
"""Keeps these advisory locks apart from others'."""


async def whole_log(ledger: Ledger, cid: str) -> list[Entry]:
    """Every entry, oldest first. Raises `LedgerUnavailable`."""
    entries: list[Entry] = []
    after = "0-0"
    while page := await ledger.read(cid, after, PAGE):
        entries += page
        after = page[-1].id
        if len(page) < PAGE:
            break
    return entries


class Keeping:
    """Takes conversations over from the ledger into the database."""

    def __init__(self, database: Database, ledger: Ledger) -> None:
        self._database, self._ledger = database, ledger

    async def keep(self, cid: str) -> bool:
        """Writes it; false when a newer reading has been written. Raises `UnknownConversation`, `LedgerUnavailable`,
        `DatabaseUnavailable`."""
        state = await self._ledger.state(cid)
        entries = await whole_log(self._ledger, cid)
        if not entries:
            return False
        history = History.of(entries)
        complete(history, state)
        async with self._database.begin() as session:
            await _alone(session, cid)
            if not await _newer(session, cid, entries[-1].id):
                return False
            for handling in history.handlings:
                await session.merge(_handling_row(cid, handling))
            for rating in history.ratings:
                await session.merge(_rating_row(cid, rating))
            if history.closed_at is not None:
                await put(session, archived(cid, state, entries, history, history.closed_at))
        return True


async def _alone(session: AsyncSession, cid: str) -> None:
    """Of two desks with the same conversation, one waits. SQLite has one writer anyway."""
    if session.get_bind().dialect.name == POSTGRESQL:
        number = zlib.crc32(cid.encode()) - 2**31
        await session.execute(
            text("SELECT pg_advisory_xact_lock(:of, :number)"), {"of": OF_CONVERSATIONS, "number": number}
        )


async def _newer(session: AsyncSession, cid: str, upto: str) -> bool:
    row = await session.get(RecordedRow, cid)
    if row is None:
        session.add(RecordedRow(conversation=cid, upto=upto))
        return True
    if _order(row.upto) > _order(upto):
        return False
    row.upto = upto
    return True


def _order(entry_id: str) -> tuple[int, int]:
    ms, _, n = entry_id.partition("-")
    return int(ms), int(n)


def archived(cid: str, state: dict[str, str], entries: list[Entry], history: History, closed_at: datetime) -> Archived:
    """A closed conversation as the archive keeps it."""
    last = history.handlings[-1] if history.handlings else None
    told = next((one for one in reversed(history.handlings) if one.category or one.solution or one.summary), None)
    name = (state.get("customer_name") or "")[:LONGEST_NAME]
    opened = state.get("created_at")
    tags = msgspec.json.decode(state.get("tags") or "[]", type=list[str])
    return Archived(
        conversation=cid,
        opened_at=datetime.fromtimestamp(int(opened) / 1000, UTC) if opened else entries[0].at,
        closed_at=closed_at,
        customer=state.get("customer") or None,
        name=name,
        name_masked=mask_name(name),
        lang=state.get("lang") or "zh",
        agent=last.agent[:LONGEST_AGENT] if last else None,
        category=_clip(told.category, LONGEST_WORD) if told else None,
        summary=_clean(told.summary) if told else None,
        solution=_clean(told.solution) if told else None,
        rating_bot=history.rating("bot"),
        rating_agent=history.rating("agent"),
        tags=[tag[:LONGEST_WORD] for tag in tags],
        transcript=[_clean(shown(cid, entry, masked=False)) for entry in entries],
        search_text=plain("\n".join(_searched(entries, tags))),
    )


def _searched(entries: list[Entry], tags: list[str]) -> Iterable[str]:
    """What somebody may remember of a conversation: the words of everyone, and numbers of orders and cases."""
    yield from tags
    for entry in entries:
        if entry.kind == "mode" and entry.sender != "agent":
            continue  # evidence and slots of a handoff are quoted from messages
        yield from (found for part in SEARCHED if isinstance(found := entry.body.get(part), str))
        card = entry.body.get("card")
        if isinstance(card, dict):
            yield from (found for part in ("number", "title") if isinstance(found := card.get(part), str))


def _clean(found: Any) -> Any:
    """Without the one character that PostgreSQL keeps in no text."""
    if isinstance(found, str):
        return found.replace("\0", "")
    if isinstance(found, list):
        return [_clean(one) for one in found]
    if isinstance(found, dict):
        return {_clean(name): _clean(one) for name, one in found.items()}
    return found


def _clip(found: str | None, longest: int) -> str | None:
    return _clean(found)[:longest] if found else None


def _handling_row(cid: str, handling: Handling) -> HandlingRow:
    values = asdict(handling)
    del values["summary"]
    values |= {
        "agent": handling.agent[:LONGEST_AGENT],
        "skill": _clip(handling.skill, LONGEST_WORD),
        "rule": _clip(handling.rule, LONGEST_RULE),
        "ended": _clip(handling.ended, LONGEST_WORD),
        "category": _clip(handling.category, LONGEST_WORD),
        "solution": _clean(handling.solution),
    }
    return HandlingRow(conversation=cid, **values)


def _rating_row(cid: str, rating: Rating) -> RatingRow:
    values = asdict(rating) | {"of": rating.of[:8], "comment": _clean(rating.comment)}
    return RatingRow(conversation=cid, **values)
