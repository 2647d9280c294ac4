"""When the garbage of a gateway or a worker is collected: when there is some.

Python looks through everything whenever it holds a quarter more than at the last time. Here that is while shoppers come, when there
is nothing to find: with 5,000 sockets it stops a gateway for half a second, with 500 conversations at hand a worker for a fifth. So
only what is young is collected by itself, and everything when the process holds much more than those account for.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import time
from collections.abc import Callable
from pathlib import Path

logger = logging.getLogger(__name__)
STATM = Path("/proc/self/statm")
MOST_BYTES = 48_000_000
"""More than this is not left lying about."""

EVERY_S = 5.0
NEVER = 1_000_000_000


class Garbage:
    """`count` says how many there are of what the process is there for, `each` how many bytes one takes, `resident` what is held in all."""

    def __init__(
        self,
        count: Callable[[], int],
        each: int,
        resident: Callable[[], int] | None = None,
        collect: Callable[[], object] = gc.collect,
    ) -> None:
        self._count, self._each = count, each
        self._resident, self._collect = resident or resident_bytes, collect
        self._held, self._counted = self._resident(), count()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """From now on; what there is at the start stays for good. Where the system does not say what is held, Python goes on as ever."""
        gc.enable()
        gc.collect()
        gc.freeze()
        if self._resident() == 0:
            return
        gc.set_threshold(*gc.get_threshold()[:2], NEVER)
        self._task = asyncio.create_task(self._watch())

    async def stop(self) -> None:
        """Looks no more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def look(self) -> bool:
        """Collects everything if it is worth it; whether it was."""
        expected = self._held + (self._count() - self._counted) * self._each
        if self._resident() - expected <= MOST_BYTES:
            return False
        began = time.perf_counter()
        self._collect()
        took_ms = (time.perf_counter() - began) * 1000
        self._held, self._counted = self._resident(), self._count()
        logger.info("garbage_collected ms=%.0f count=%s bytes=%s", took_ms, self._counted, self._held)
        return True

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(EVERY_S)
            self.look()


def resident_bytes() -> int:
    """What this process holds in memory, or 0 where the system does not say."""
    try:
        return int(STATM.read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0
