"""What is to be sent to one browser, bounded: lists are replaced by their newest, and who does not read is dropped."""

from __future__ import annotations

import asyncio
from collections import deque

FRAMES = 512


class TooSlow(Exception):
    """The browser does not read. It comes again and reloads from the log."""


class Outbox:
    """Frames in their order. A frame with a `kind` takes the place of an unsent one of the same kind."""

    def __init__(self, frames: int = FRAMES) -> None:
        self._most = frames
        self._waiting: deque[str | None] = deque()
        self._kinds: deque[str] = deque()
        self._newest: dict[str, str] = {}
        self._filled = asyncio.Event()

    def put(self, frame: str, kind: str = "") -> None:
        """Adds a frame. Raises `TooSlow`."""
        if kind:
            if kind not in self._newest:
                self._waiting.append(None)
                self._kinds.append(kind)
            self._newest[kind] = frame
        else:
            if len(self._waiting) >= self._most:
                raise TooSlow
            self._waiting.append(frame)
        self._filled.set()

    async def get(self) -> str:
        """The next frame, as soon as there is one."""
        while not self._waiting:
            self._filled.clear()
            await self._filled.wait()
        frame = self._waiting.popleft()
        return frame if frame is not None else self._newest.pop(self._kinds.popleft())
