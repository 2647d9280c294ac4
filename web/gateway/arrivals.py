"""How many sessions one network address opens in a minute, over all gateways."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from ledger import Ledger
from ledger.connection import loud
from web.gateway.errors import TooFast
from web.visitor import site

SESSIONS, WINDOW_S = 30, 60


@cache
def _script() -> str:
    return (files("web.gateway") / "arrivals.lua").read_text("utf-8")


class Arrivals:
    """Counts sessions by address in Redis."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def admit(self, address: str) -> None:
        """Counts one more. Raises `TooFast`, `LedgerUnavailable`."""
        async with loud():
            count = await self._ledger.redis.eval(_script(), 1, self._ledger.keys.opened(site(address)), WINDOW_S)
        if count > SESSIONS:
            raise TooFast(f"{count} sessions in {WINDOW_S} s")
