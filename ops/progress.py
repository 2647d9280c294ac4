"""Says how far something has come: one line that is rewritten in a terminal, a line a step elsewhere."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import time
import unicodedata
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TextIO

REFRESH_S = 0.2


class Progress:
    """Steps of several things at once, such as `redis: ready   bot: training the model, DIETClassifier`."""

    def __init__(self, output: TextIO) -> None:
        self._output = output
        self._live = output.isatty()
        self._started = time.monotonic()
        self._steps: dict[str, tuple[str, str]] = {}

    def step(self, name: str, step: str, detail: str = "") -> None:
        """`name` has reached `step`; `detail` changes often and is only shown where the line is rewritten."""
        if not self._live and self._steps.get(name, ("", ""))[0] != step:
            self._write(f"  {name}: {step} ({clock(self.elapsed())})\n")
        self._steps[name] = step, detail
        self._draw()

    def elapsed(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._started

    @asynccontextmanager
    async def shown(self) -> AsyncIterator[None]:
        """Keep the line fresh while the body runs, and take it away at the end."""
        ticking = asyncio.create_task(self._tick())
        try:
            yield
        finally:
            ticking.cancel()
            if self._live:
                self._write("\r\x1b[K")

    async def _tick(self) -> None:
        while True:
            self._draw()
            await asyncio.sleep(REFRESH_S)

    def _draw(self) -> None:
        if self._live:
            parts = [f"{name}: {', '.join(filter(None, words))}" for name, words in self._steps.items()]
            line = "   ".join([clock(self.elapsed()), *parts])
            self._write(f"\r\x1b[K{fit(line, shutil.get_terminal_size().columns - 1)}")

    def _write(self, text: str) -> None:
        with contextlib.suppress(OSError, ValueError):
            self._output.write(text)
            self._output.flush()


def clock(seconds: float) -> str:
    """`1:05` for 65 seconds."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def fit(line: str, columns: int) -> str:
    """The line, cut where it would wrap; Chinese characters take two columns."""
    width = 0
    for position, character in enumerate(line):
        width += 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if width > columns:
            return line[: max(position - 1, 0)] + "…"
    return line
