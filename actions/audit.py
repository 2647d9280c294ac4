"""Notes what is changed on a shopper's behalf: before it is asked of the shop, and what has come of it. No shopper's words, no proofs."""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass

log = logging.getLogger(__name__)

BOT = "bot"


@dataclass(frozen=True)
class Note:
    """Which change: its conversation, idempotency key, action and order, by what the order was proved (customer or phone), and
    who made it: the bot, or an agent by their username.
    """

    conversation: str
    key: str
    action: str
    order: str
    proof: str
    by: str = BOT


Write = Callable[[str, dict[str, str]], Awaitable[None]]

_write: Write | None = None


def use(write: Write | None) -> None:
    """Where notes are kept besides the log; the worker gives the ledger's audit trail."""
    global _write
    _write = write


async def write(note: Note, outcome: str, receipt: str | None = None) -> None:
    """Keeps a note. A trail that cannot be written is an error in the log, where the note stands anyway; the change goes on."""
    entry = {**asdict(note), "outcome": outcome, **({"receipt": receipt} if receipt else {})}
    log.info("audit %s", json.dumps(entry, ensure_ascii=False))
    if _write is not None:
        try:
            await _write(note.conversation, entry)
        except Exception:
            log.exception("the audit trail could not be written for %s", note.key)
