"""Counts wrong proofs for each order number, so that four digits cannot be guessed."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiosqlite

from shop.reading import Reading

ALLOWED = 10
WITHIN_S = 3600.0


class Attempts:
    """The wrong proofs of the last hour. Unknown order numbers are counted like known ones."""

    def __init__(self, db: aiosqlite.Connection, reading: Reading) -> None:
        self._db, self._reading = db, reading
        self._one_at_a_time = asyncio.Lock()

    @asynccontextmanager
    async def checking(self) -> AsyncIterator[None]:
        """Checks are made one after the other: a burst of guesses gets no more tries than a queue of them."""
        async with self._one_at_a_time:
            yield

    def used_up(self, order_number: str) -> bool:
        """Whether no further proof is looked at for this order number."""
        query = "SELECT count(*) FROM failed_tries WHERE order_number = ? AND at > ?"
        ((tries,),) = self._reading.rows(query, (order_number, time.time() - WITHIN_S))
        return bool(tries >= ALLOWED)

    async def failed(self, order_number: str) -> None:
        """Note a wrong proof, and forget those that no longer count."""
        now = time.time()
        await self._db.execute("DELETE FROM failed_tries WHERE at <= ?", (now - WITHIN_S,))
        await self._db.execute("INSERT INTO failed_tries VALUES (?, ?)", (order_number, now))
        await self._db.commit()
