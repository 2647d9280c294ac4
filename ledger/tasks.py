"""Ends tasks that go on for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from typing import Any

AGAIN_S = 0.2


async def end(tasks: Collection[asyncio.Task[Any]]) -> None:
    """Cancels tasks until they have ended.

    Once is not enough: before Python 3.12 `asyncio.wait_for`, by which redis-py sends, loses a cancellation that comes in the
    moment in which it is done.
    """
    while left := [task for task in tasks if not task.done()]:
        for task in left:
            task.cancel()
        await asyncio.wait(left, timeout=AGAIN_S)
