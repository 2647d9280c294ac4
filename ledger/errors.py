"""What can go wrong at the ledger; each error has the `code` that the doors answer with."""

from __future__ import annotations


class LedgerError(Exception):
    """Base of all; `code` is stable, the text is for people."""

    code = "ledger_error"


class LedgerUnavailable(LedgerError):
    """Redis does not answer. Whether the last write took place is unknown: send it again with the same id."""

    code = "unavailable"


class UnknownConversation(LedgerError):
    """There is no such conversation, or it has expired."""

    code = "not_found"


class UnknownChoice(LedgerError):
    """The conversation was never offered this button."""

    code = "unknown_choice"


class RateLimited(LedgerError):
    """Too many messages in the window; nothing was stored."""

    code = "rate_limited"


class NotYours(LedgerError):
    """The conversation is not held by this agent (any more)."""

    code = "not_yours"


class Taken(LedgerError):
    """Somebody else was quicker, or the conversation waits no longer."""

    code = "taken"


class TooLate(LedgerError):
    """It was closed too long ago to be opened again."""

    code = "too_late"
