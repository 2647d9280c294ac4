"""A circuit breaker: an API that keeps failing is left alone for a while, then tried with a single call."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal

State = Literal["closed", "open", "half_open"]


class BreakerOpen(Exception):
    """The call was not made: the API is being left alone."""


class Breaker:
    """Counts consecutive failures of one API. For one event loop; not for threads.

    `failure` is the exception that counts as one. Any other exception means that the API did answer; a cancelled call
    says nothing either way.
    """

    def __init__(
        self,
        failure: type[Exception],
        *,
        opens_after: int = 5,
        rest_s: float = 10.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._failure = failure
        self._opens_after = opens_after
        self._rest_s = rest_s
        self._clock = clock
        self._failures = 0
        self._opened_at: float | None = None
        self._probing = False

    @property
    def state(self) -> State:
        """`half_open` from the end of the rest until a probe has answered."""
        if self._opened_at is None:
            return "closed"
        if self._probing or self._rested():
            return "half_open"
        return "open"

    @contextmanager
    def call(self) -> Iterator[None]:
        """Wrap one call; raises BreakerOpen instead of making it while the API rests or is being probed."""
        probe = self._enter()
        try:
            yield
        except self._failure:
            self._failed(probe)
            raise
        except Exception:
            self._answered(probe)
            raise
        except BaseException:
            self._abandoned(probe)
            raise
        self._answered(probe)

    def _rested(self) -> bool:
        return self._opened_at is not None and self._clock() - self._opened_at >= self._rest_s

    def _enter(self) -> bool:
        """Whether the call that may now be made is the probe."""
        if self._opened_at is None:
            return False
        if self._probing or not self._rested():
            raise BreakerOpen
        self._probing = True
        return True

    def _answered(self, probe: bool) -> None:
        if probe or self._opened_at is None:
            self._failures = 0
            self._opened_at = None
        self._probing = self._probing and not probe

    def _failed(self, probe: bool) -> None:
        self._failures += 1
        if probe or (self._opened_at is None and self._failures >= self._opens_after):
            self._opened_at = self._clock()
        self._probing = self._probing and not probe

    def _abandoned(self, probe: bool) -> None:
        self._probing = self._probing and not probe
