"""Labels for conversations: which ones there are. What a conversation is labelled with stands in the ledger, by name."""

from __future__ import annotations

import re
from typing import Any

import yaml
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from web.desk.database import Database
from web.desk.errors import BadFrame, Exists, NotFound
from web.desk.quick_replies import SEED
from web.desk.tables import TagRow
from web.desk.texts import clean_name

LONGEST_NAME = 32
COLOUR = re.compile(r"#[0-9a-f]{6}")


class Tags:
    """The tags in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self) -> list[dict[str, Any]]:
        """By name."""
        async with self._database.session() as session:
            return [_shown(row) for row in await session.scalars(select(TagRow).order_by(TagRow.name))]

    async def unknown(self, names: list[str]) -> list[str]:
        """Those of `names` that are no tags."""
        async with self._database.session() as session:
            known = set(await session.scalars(select(TagRow.name).where(TagRow.name.in_(names))))
        return [name for name in names if name not in known]

    async def add(self, name: str, colour: str) -> dict[str, Any]:
        """Raises `Exists`, `BadFrame`, `Empty`, `TooLong`."""
        if not COLOUR.fullmatch(colour.lower()):
            raise BadFrame("a colour is like #3366cc")
        row = TagRow(name=clean_name(name, LONGEST_NAME), colour=colour.lower())
        try:
            async with self._database.begin() as session:
                session.add(row)
        except IntegrityError:
            raise Exists(name) from None
        return _shown(row)

    async def delete(self, number: int) -> str:
        """Its name. Conversations that have it keep the word. Raises `NotFound`."""
        async with self._database.begin() as session:
            row = await session.get(TagRow, number)
            if row is None:
                raise NotFound("no such tag")
            await session.delete(row)
            return row.name


async def ensure_tags(database: Database) -> bool:
    """Fills an empty table with those of `quick_replies.yml`; true when it did."""
    seed = yaml.safe_load(SEED.read_text("utf-8"))["tags"]
    try:
        async with database.begin() as session:
            if await session.scalar(select(func.count()).select_from(TagRow)):
                return False
            session.add_all(TagRow(name=tag["name"], colour=tag["colour"]) for tag in seed)
    except IntegrityError:
        return False  # another desk has started at the same moment
    return True


def _shown(row: TagRow) -> dict[str, Any]:
    return {"id": row.id, "name": row.name, "colour": row.colour}
