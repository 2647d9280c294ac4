"""Reads from a conversation's log who served it, when and how it went, and how content the shopper was. Pure: no clock, no store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ledger import Entry

OF_HOLDER = {"resolved": "agent", "transferred": "agent", "agent_vanished": "agent", "agent_offline": "agent"}
"""By which field an end names who had the conversation. A `reassigned` names the supervisor."""


@dataclass
class Handling:
    """One time that a person served; `claim` is the entry that it began with."""

    claim: str
    agent: str
    claimed_at: datetime
    skill: str | None = None
    rule: str | None = None
    priority: int | None = None
    queued_at: datetime | None = None
    first_reply_at: datetime | None = None
    ended_at: datetime | None = None
    ended: str | None = None
    category: str | None = None
    solution: str | None = None
    summary: str | None = None
    first_breaches: int = 0
    round_breaches: int = 0


@dataclass
class Rating:
    """`about` tells what is rated: the claim of a handling, or for the bot the entry that the visit began with."""

    of: str
    about: str
    score: int
    reasons: list[str]
    comment: str | None
    agent: str | None
    at: datetime


@dataclass
class _Queued:
    skill: str | None
    rule: str | None
    priority: int | None
    at: datetime


@dataclass
class History:
    """What a log comes to. `closed_at` is None while the conversation is open, `visit` the entry that opened it again;
    `queued_since` tells that it has been queued since a person served last."""

    handlings: list[Handling] = field(default_factory=list)
    ratings: list[Rating] = field(default_factory=list)
    closed_at: datetime | None = None
    visit: str = ""
    queued_since: bool = False
    _queued: _Queued | None = None
    _serving: Handling | None = None
    _early_breaches: int = 0

    @classmethod
    def of(cls, entries: Sequence[Entry]) -> History:
        """Reads a whole log, oldest first."""
        history = cls()
        for entry in entries:
            match entry.kind:
                case "mode":
                    history._change(entry)
                case "message" if entry.sender == "agent" and (serving := history._serving):
                    serving.first_reply_at = serving.first_reply_at or entry.at
                case "clock" if entry.body.get("event") == "breach":
                    history._breach(str(entry.body.get("clock")))
                case "rating":
                    history._rate(entry)
        return history

    def rating(self, of: str) -> int | None:
        """The last score for the bot or the person."""
        return next((rating.score for rating in reversed(self.ratings) if rating.of == of), None)

    def _change(self, entry: Entry) -> None:
        mode, was = entry.body.get("mode"), entry.body.get("was")
        if was == "closed":
            self.visit = entry.id
        if self._serving is not None:
            self._end(self._serving, entry)
        self.closed_at = entry.at if mode == "closed" else None
        if mode == "waiting":
            self._queue(entry, passed_on=was in ("human", "waiting"))
        elif mode == "human":
            self._begin(entry)
        else:
            self._queued, self._early_breaches = None, 0

    def _queue(self, entry: Entry, passed_on: bool) -> None:
        """Whoever is passed on keeps what the log does not say anew: the time of queueing, the skill, the priority."""
        body, before = entry.body, self._queued if passed_on else None
        self.queued_since = True
        self._queued = _Queued(
            skill=_text(body.get("skill")) or (before.skill if before else None),
            rule=_text(body.get("rule")) or (before.rule if before else None),
            priority=_number(body.get("priority"), before.priority if before else None),
            at=before.at if before else entry.at,
        )
        if not passed_on:
            self._early_breaches = 0

    def _begin(self, entry: Entry) -> None:
        queued, self.queued_since = self._queued, False
        self._serving = Handling(
            claim=entry.id,
            agent=_text(entry.body.get("agent")) or entry.name or "?",
            claimed_at=entry.at,
            skill=queued.skill if queued else None,
            rule=queued.rule if queued else _text(entry.body.get("rule")),
            priority=queued.priority if queued else None,
            queued_at=queued.at if queued else None,
            first_breaches=self._early_breaches,
        )
        self._early_breaches = 0
        self.handlings.append(self._serving)

    def _end(self, serving: Handling, entry: Entry) -> None:
        body = entry.body
        rule = _text(body.get("rule"))
        serving.ended_at, serving.ended = entry.at, rule
        serving.category, serving.solution = _text(body.get("category")), _text(body.get("solution"))
        serving.summary = _text(body.get("summary"))
        holder = _text(body.get("was_with")) or _text(body.get(OF_HOLDER.get(rule or "", "")))
        serving.agent = holder or serving.agent
        self._serving = None

    def _breach(self, clock: str) -> None:
        if clock == "round" and self._serving is not None:
            self._serving.round_breaches += 1
        elif clock == "first_response" and self._serving is not None:
            self._serving.first_breaches += 1
        elif clock == "first_response":
            self._early_breaches += 1

    def _rate(self, entry: Entry) -> None:
        body, last = entry.body, self.handlings[-1] if self.handlings else None
        of = _text(body.get("of")) or ("agent" if last else "bot")
        person = last if of == "agent" else None
        if of == "agent" and person is None:
            return  # nobody was there to be rated
        about = person.claim if person else self.visit
        rating = Rating(
            of, about, int(body.get("score") or 0), [str(reason) for reason in body.get("reasons") or []],
            _text(body.get("comment")), person.agent if person else None, entry.at,
        )  # fmt: skip
        self.ratings = [one for one in self.ratings if (one.of, one.about) != (of, about)] + [rating]


def complete(history: History, state: Mapping[str, str]) -> None:
    """Adds what the log does not say but the state does: by which skill and priority the last handling came, and whose it was.

    The desk ranks a waiting conversation anew without an entry, and an entry of a claim has the display name only.
    """
    last = history.handlings[-1] if history.handlings else None
    if last is not None and last.queued_at is not None and not history.queued_since:
        last.skill = state.get("skill") or last.skill
        last.priority = _number(_digits(state.get("priority")), last.priority)
    if last is not None and last.ended not in (*OF_HOLDER, "taken_over"):
        last.agent = state.get("served") or last.agent
    for rating in history.ratings:
        if rating.of == "agent":
            rating.agent = next(one.agent for one in history.handlings if one.claim == rating.about)


def _digits(found: str | None) -> int | None:
    return int(found) if found and found.isdecimal() else None


def _text(found: Any) -> str | None:
    return found if isinstance(found, str) and found else None


def _number(found: Any, otherwise: int | None) -> int | None:
    return int(found) if isinstance(found, int | float) else otherwise
