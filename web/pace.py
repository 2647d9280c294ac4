"""How often somebody may do what the ledger itself does not count."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable


class Pace:
    """At most `limit` times in each window of `window_s` seconds, for each conversation, in this process.

    The count of all conversations starts anew with each window, so it takes no more room than the busiest window has.
    """

    def __init__(self, limit: int, window_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit, self._window_s, self._clock = limit, window_s, clock
        self._began = clock()
        self._counts: Counter[str] = Counter()

    def allows(self, cid: str) -> bool:
        """Counts one more; false when it is one too many."""
        now = self._clock()
        if now - self._began >= self._window_s:
            self._began = now
            self._counts.clear()
        self._counts[cid] += 1
        return self._counts[cid] <= self._limit
