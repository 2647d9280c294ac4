"""A step that many tests take: a worker begins a turn that is there."""

from __future__ import annotations

from ledger import BotSide, Turn


async def begun(bot: BotSide, cid: str = "c1") -> Turn:
    """The turn of `cid`, which must be to be had."""
    turn = await bot.begin(cid)
    assert isinstance(turn, Turn), turn
    return turn
