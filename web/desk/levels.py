"""Customers' levels of membership for the queue: a shop that does not answer never delays it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Callable

from shop.client import CustomerNotFound, ShopClient, ShopClientError

logger = logging.getLogger(__name__)
LIMIT_S = 1.0
KNOWN_S, UNKNOWN_S = 600.0, 30.0
MOST = 5_000


async def customer_level(shop: ShopClient, customer: str, limit_s: float = LIMIT_S) -> str | None:
    """The level, "" for a customer whom the shop does not know; None when the shop did not say in time."""
    try:
        async with asyncio.timeout(limit_s):
            return (await shop.membership_of(customer)).level
    except CustomerNotFound:
        return ""
    except (TimeoutError, ShopClientError) as error:
        logger.warning("level_unknown why=%s", getattr(error, "code", "late"))
        return None


class Levels:
    """Remembers levels for ten minutes, and for half a minute that the shop did not tell; the oldest are forgotten first."""

    def __init__(
        self, shop: ShopClient, limit_s: float = LIMIT_S, most: int = MOST, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._shop, self._limit_s, self._most, self._clock = shop, limit_s, most, clock
        self._known: OrderedDict[str, tuple[str | None, float]] = OrderedDict()
        self._asking: dict[str, asyncio.Task[str | None]] = {}

    async def of(self, customer: str | None) -> str | None:
        """A customer's level; None for a stranger, and when it is not known. Those who ask at once share one question."""
        if not customer:
            return None
        level, until = self._known.get(customer, (None, 0.0))
        if self._clock() < until:
            return level or None
        asking = self._asking.get(customer)
        if asking is None:
            asking = asyncio.create_task(self._ask(customer))
            self._asking[customer] = asking
            asking.add_done_callback(lambda _: self._asking.pop(customer, None))
        return await asyncio.shield(asking) or None

    async def _ask(self, customer: str) -> str | None:
        level = await customer_level(self._shop, customer, self._limit_s)
        self._known[customer] = level, self._clock() + (UNKNOWN_S if level is None else KNOWN_S)
        self._known.move_to_end(customer)
        while len(self._known) > self._most:
            self._known.popitem(last=False)
        return level
