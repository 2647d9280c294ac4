"""Adds up the time that is spent inside functions, each without what is spent in those that it calls."""

from __future__ import annotations

import functools
import inspect
import time
from collections import defaultdict
from typing import Any


class Steps:
    """Seconds by step. One thing at a time: what runs side by side would be counted for each other."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self.calls: dict[str, int] = defaultdict(int)
        self._open: list[float] = []

    def watch(self, owner: Any, name: str, step: str) -> None:
        """Counts a function of a class or module as a step from now on."""
        stock = inspect.getattr_static(owner, name)
        function = stock.__func__ if isinstance(stock, (staticmethod, classmethod)) else stock
        setattr(
            owner,
            name,
            self._coroutine(function, step) if inspect.iscoroutinefunction(function) else self._plain(function, step),
        )

    def _plain(self, function: Any, step: str) -> Any:
        @functools.wraps(function)
        def timed(*args: Any, **kwargs: Any) -> Any:
            began = self._begin()
            try:
                return function(*args, **kwargs)
            finally:
                self._end(step, began)

        return timed

    def _coroutine(self, function: Any, step: str) -> Any:
        @functools.wraps(function)
        async def timed(*args: Any, **kwargs: Any) -> Any:
            began = self._begin()
            try:
                return await function(*args, **kwargs)
            finally:
                self._end(step, began)

        return timed

    def _begin(self) -> float:
        self._open.append(0.0)
        return time.perf_counter()

    def _end(self, step: str, began: float) -> None:
        spent = time.perf_counter() - began
        self.seconds[step] += spent - self._open.pop()
        self.calls[step] += 1
        if self._open:
            self._open[-1] += spent

    def forget(self) -> None:
        """Begins anew."""
        self.seconds.clear()
        self.calls.clear()
