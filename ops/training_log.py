"""Reads what Rasa prints while it trains: how far it is, and why it failed."""

from __future__ import annotations

import asyncio
import codecs
import re
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

_COMPONENT = re.compile(r"(?:Starting to train|Restored) component '(\w+)'")
_EPOCHS = re.compile(r"Epochs:\s+\d+%.*?(\d+)/(\d+)")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_RAISED = re.compile(r"(?:[a-z_]\w*\.)*[A-Z]\w*(?:Error|Exception|NotFound|Exit)\b.*|[a-z_][\w.]*\.[A-Z]\w+: .+")
_NOISE = re.compile(r"^\s*$|Warning|warnings\.warn|Epochs:|^fatal: |\bINFO\b|\bDEBUG\b")
SHOWN = 8


class Steps:
    """Turns Rasa's lines into `(step, detail)`."""

    def __init__(self) -> None:
        self._component = ""
        self._number = 0

    def read(self, line: str) -> tuple[str, str] | None:
        """What this line says about the progress; None when it says nothing."""
        if found := _COMPONENT.search(line):
            self._component, self._number = found[1], self._number + 1
            return f"training the model, {self._component}", f"step {self._number}"
        if self._component and (epochs := _EPOCHS.search(line)):
            return f"training the model, {self._component}", f"epoch {epochs[1]} of {epochs[2]}"
        return None


async def pieces(stream: asyncio.StreamReader) -> AsyncIterator[str]:
    """Lines, and the rewritten lines of progress bars."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    rest = ""
    while chunk := await stream.read(64 * 1024):
        *lines, rest = re.split(r"[\r\n]+", rest + decoder.decode(chunk))
        for line in lines:
            yield line
    if rest:
        yield rest


def last_words(lines: Iterable[str], root: Path) -> list[str]:
    """Why it failed: the errors that were raised, the cause first, each with our own line; else what was said last."""
    ours = re.compile(rf'File "{re.escape(str(root))}/(?!\.venv/)(.+)", line (\d+)')
    said = [_COLOUR.sub("", line).rstrip() for line in lines]
    errors: dict[str, str] = {}
    where = ""
    for line in said:
        if line.startswith("Traceback"):
            where = ""
        elif found := ours.search(line):
            where = f" ({found[1]}, line {found[2]})"
        elif _RAISED.fullmatch(line):
            errors.setdefault(line, where)
    if errors:
        return [f"{line}{at}" for line, at in errors.items()][:SHOWN]
    return [line for line in said if not _NOISE.search(line)][-SHOWN:] or said[-SHOWN:]
