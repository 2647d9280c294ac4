"""The service clocks: when a shopper is owed a word. Pure; the bot's replies stop no clock, and closed hours do not count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from web.desk.duty import Duty
from web.desk.rules import Clocks
from web.desk.talk import Talk

Kind = Literal["first_response", "round"]
State = Literal["ok", "warning", "breach"]
COMPLAINT = "complaint"


@dataclass(frozen=True)
class Clock:
    """What is owed, by when, and from when on it is urgent (ms since 1970)."""

    kind: Kind
    since: int
    warn: int
    due: int

    def state(self, now: int) -> State:
        """How it stands at a moment."""
        return "breach" if now >= self.due else "warning" if now >= self.warn else "ok"


def clock_of(talk: Talk, rules: Clocks, duty: Duty) -> Clock | None:
    """The clock that runs in a conversation: until the first reply that of the first response, then that of the round.

    None where nothing is owed: the shopper has the last word of an agent, or talks with the bot.
    """
    if talk.mode not in ("waiting", "human"):
        return None
    if not talk.first_reply_at:
        seconds = rules.complaint_first_response_s if talk.skill == COMPLAINT else rules.first_response_s
        return _clock("first_response", talk.queued_at, seconds, rules, duty)
    if talk.round_since:
        return _clock("round", talk.round_since, rules.round_s, rules, duty)
    return None


def _clock(kind: Kind, since: int, seconds: int, rules: Clocks, duty: Duty) -> Clock:
    begin = datetime.fromtimestamp(since / 1000, UTC)
    warn, due = (duty.due(begin, seconds * share) for share in (rules.warn_at / 100, 1.0))
    return Clock(kind, since, _ms(warn), _ms(due))


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
