"""What the lists of the desk show of a conversation. Personal data is masked here: lists are seen by everybody."""

from __future__ import annotations

from typing import Any

import msgspec

from web.desk.clocks import Clock, clock_of
from web.desk.duty import Duty
from web.desk.masks import mask_name, mask_text
from web.desk.rules import Clocks
from web.desk.talk import Talk
from web.desk.times import iso

PREVIEW = 80


class Items:
    """Makes items; clocks are reckoned once for each thing that is owed."""

    def __init__(self, clocks: Clocks, duty: Duty) -> None:
        self._rules, self._duty = clocks, duty
        self._known: dict[str, tuple[tuple[Any, ...], Clock | None]] = {}

    def clock(self, talk: Talk) -> Clock | None:
        """The clock that runs, if any."""
        key = (talk.mode, talk.skill, talk.queued_at, talk.first_reply_at, talk.round_since)
        known = self._known.get(talk.cid)
        if known is None or known[0] != key:
            known = self._known[talk.cid] = key, clock_of(talk, self._rules, self._duty)
        return known[1]

    def forget(self, cid: str) -> None:
        """The conversation is with people no longer."""
        self._known.pop(cid, None)

    def item(self, talk: Talk, now: int, position: int | None = None) -> dict[str, Any]:
        """The item of docs/frames.md; `now` in ms."""
        fields = talk.fields
        found: dict[str, Any] = {
            "conversation": talk.cid,
            "mode": talk.mode,
            "name": mask_name(fields.get("customer_name", "")),
            "lang": talk.lang,
            "customer": bool(talk.customer),
            "skill": talk.skill,
            "skills": sorted(talk.needs),
            "priority": talk.priority,
            "rule": talk.rule,
            "reason": mask_text(str(talk.handoff.get("reason") or "")),
            "since": iso(talk.queued_at),
            "unread": int(fields.get("unread") or 0),
            "mood": talk.mood,
            "tags": msgspec.json.decode(fields.get("tags") or "[]"),
            "position": position,
            "level": fields.get("level"),
            "agent": {"username": talk.agent, "name": fields.get("agent_name", "")} if talk.agent else None,
            "offered_to": _offered(talk),
            "preview": _preview(talk),
            "clock": self._clock(talk, now),
            "away": True if fields.get("away") else None,
            "contact": True if fields.get("contact") else None,
            "read_by_shopper": fields.get("shopper_read"),
            "read_by_agent": fields.get("agent_read"),
        }
        return {name: value for name, value in found.items() if value is not None}

    def _clock(self, talk: Talk, now: int) -> dict[str, str] | None:
        clock = self.clock(talk)
        if clock is None:
            return None
        return {"kind": clock.kind, "due": iso(clock.due), "warn": iso(clock.warn), "state": clock.state(now)}


def _offered(talk: Talk) -> dict[str, str] | None:
    if not talk.offered_to:
        return None
    return {"username": talk.offered_to, "name": talk.fields.get("offered_name", ""), "until": iso(talk.offer_until)}


def _preview(talk: Talk) -> dict[str, str] | None:
    """The last word; before anybody has said one to people, what made the bot hand over."""
    if said := talk.fields.get("last_said"):
        last = msgspec.json.decode(said)
        if int(last["at"]) >= talk.queued_at:
            text = mask_text(str(last.get("text") or ""))[:PREVIEW]
            return {"from": str(last["from"]), "text": text, "at": iso(int(last["at"]))}
    asked = (talk.handoff.get("context") or {}).get("asked") or []
    if asked and isinstance(asked[-1], dict):
        return {
            "from": "shopper",
            "text": mask_text(str(asked[-1].get("text") or ""))[:PREVIEW],
            "at": iso(talk.queued_at),
        }
    return None
