"""Steps that many tests take: a worker begins a turn that is there, or reads the one notice of it."""

from __future__ import annotations

from ledger import BotSide, Turn
from ledger.turns import Notice


async def begun(bot: BotSide, cid: str = "c1") -> Turn:
    """The turn of `cid`, which must be to be had."""
    turn = await bot.begin(cid)
    assert isinstance(turn, Turn), turn
    return turn


async def taken(bot: BotSide) -> Notice:
    """The one notice that nobody has read."""
    (notice,) = await bot.notices(0, 1000)
    return notice
