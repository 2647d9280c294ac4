"""Collects the parts of an answer together: each has its own failure, and all have one time limit."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from typing import Any

from ledger import LedgerUnavailable
from shop.client import ShopClientError
from web.desk.database import DatabaseUnavailable

logger = logging.getLogger(__name__)
LATE = "late"


class Parts:
    """The parts of one answer. `trouble` names what is left out, and why; nothing stands in for it."""

    def __init__(self, limit_s: float) -> None:
        self._deadline = asyncio.get_running_loop().time() + limit_s
        self.trouble: list[dict[str, str]] = []

    async def get[Part](self, what: str, part: Awaitable[Part], about: str | None = None) -> Part | None:
        """The part, or None with an entry in `trouble`: `what` it is, and `about` which order or parcel."""
        try:
            async with self.within_limit():
                return await part
        except TimeoutError:
            self.lacks(what, LATE, about)
        except (ShopClientError, LedgerUnavailable, DatabaseUnavailable) as error:
            self.lacks(what, error.code, about)
        return None

    def within_limit(self) -> asyncio.Timeout:
        """For what the answer cannot do without. Raises TimeoutError when the time is over."""
        return asyncio.timeout_at(self._deadline)

    def lacks(self, what: str, code: str, about: str | None = None) -> None:
        """Says that a part is missing."""
        logger.warning("customer_part_missing what=%s why=%s", what, code)
        entry: dict[str, Any] = {"what": what, "code": code}
        self.trouble.append(entry | ({"number": about} if about else {}))
