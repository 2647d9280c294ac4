"""The ledger: one append-only log for each conversation in Redis, and the only place where the parts of Shopdesk meet."""

from ledger.connection import connect
from ledger.desk import DeskSide
from ledger.entries import Entry, Handoff, Reply, Turn
from ledger.errors import (
    LedgerError,
    LedgerUnavailable,
    NotYours,
    RateLimited,
    Taken,
    TooLate,
    UnknownChoice,
    UnknownConversation,
)
from ledger.roster import OnDuty, Roster
from ledger.shoppers import Appended, ShopperSide, State
from ledger.store import Ledger
from ledger.turns import BotSide
from ledger.wake import News, Wake

__all__ = [
    "Appended",
    "BotSide",
    "DeskSide",
    "Entry",
    "Handoff",
    "Ledger",
    "LedgerError",
    "LedgerUnavailable",
    "News",
    "NotYours",
    "OnDuty",
    "RateLimited",
    "Reply",
    "Roster",
    "ShopperSide",
    "State",
    "Taken",
    "TooLate",
    "Turn",
    "UnknownChoice",
    "UnknownConversation",
    "Wake",
    "connect",
]
