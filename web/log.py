"""Logs of one line each: time, level, where, what, without texts of shoppers, tokens or addresses."""

from __future__ import annotations

import logging
import re
import traceback
from datetime import UTC, datetime
from pathlib import PurePath

TOKEN = re.compile(r"(token=|Bearer )[^\s&'\"]+")


class OneLine(logging.Formatter):
    """Whatever comes, also a traceback, becomes one line: an exception is named with its place, not with its text."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without a newline at its end."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        line = f"{at} {record.levelname.lower()} {record.name} {record.getMessage()}"
        if record.exc_info and record.exc_info[1] is not None:
            line += _place(record.exc_info[1])
        return TOKEN.sub(r"\1…", " ".join(line.split()))


def _place(error: BaseException) -> str:
    steps = traceback.extract_tb(error.__traceback__)
    where = " < ".join(f"{PurePath(step.filename).name}:{step.lineno}" for step in reversed(steps[-4:]))
    return f" error={type(error).__name__} at={where or '?'}"


def configure() -> None:
    """One handler for everybody; libraries speak up from a warning on."""
    out = logging.StreamHandler()
    out.setFormatter(OneLine())
    logging.basicConfig(level=logging.WARNING, handlers=[out], force=True)
    logging.getLogger("web").setLevel(logging.INFO)
