"""What the processes print: kept in var/log, and shown in the terminal with each one's name in its colour."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable
from datetime import datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TextIO

from honcho.colour import get_colours
from honcho.printer import Message, Printer

MAX_BYTES = 20 * 1024 * 1024
KEPT = 5


def open_log(folder: Path, name: str) -> RotatingFileHandler:
    """The log of one process: a new file at each start and each 20 MB, with the five before it kept."""
    path = folder / f"{name}.log"
    log = RotatingFileHandler(path, maxBytes=MAX_BYTES, backupCount=KEPT, encoding="utf-8", errors="replace")
    if path.stat().st_size:
        log.doRollover()
    path.chmod(0o600)
    return log


def write_line(log: logging.Handler, line: str) -> None:
    """Append a line as it is."""
    log.handle(logging.LogRecord("", logging.INFO, "", 0, line, None, None))


def last_lines(path: Path, count: int) -> list[str]:
    """The end of a log, without blank lines."""
    with contextlib.suppress(FileNotFoundError):
        return [line for line in path.read_text("utf-8", "replace").splitlines() if line.strip()][-count:]
    return []


def terminal(output: TextIO, names: list[str], plain: str) -> Callable[[str, str], None]:
    """Returns `show(name, line)`: prints a line with time, name and the name's colour; silent once the terminal has gone.

    `plain` is one more name, without a colour.
    """
    printer = Printer(output, width=max(map(len, [*names, plain])))
    colours = dict(zip(names, get_colours(), strict=False))

    def show(name: str, line: str) -> None:
        with contextlib.suppress(OSError, ValueError):
            printer.write(Message("line", line, datetime.now(), name, colours.get(name)))

    return show
