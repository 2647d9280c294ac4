"""A conversation as the dispatch and the lists of the desk see it: the ledger's state hash, read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import msgspec

AGEING_MS = 300_000
"""What a step of priority is worth in waiting; the same in ledger/scripts/common.lua, where the queue's order is made."""

GENERAL, ENGLISH = "general", "english"


@dataclass(frozen=True)
class Talk:
    """One conversation; times in ms since 1970, 0 for none. `prefer` is who served this shopper last, or whom it is passed on to."""

    cid: str
    mode: str
    lang: str = "zh"
    customer: str = ""
    skill: str = GENERAL
    priority: int = 3
    queued_at: int = 0
    prefer: str = ""
    passed_to: str = ""
    declined: frozenset[str] = frozenset()
    declined_at: int = 0
    offered_to: str = ""
    offer_until: int = 0
    agent: str = ""
    first_reply_at: int = 0
    round_since: int = 0
    fields: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)

    @property
    def place(self) -> tuple[float, str]:
        """What the queue is sorted by: lower comes first."""
        return self.queued_at - self.priority * AGEING_MS, self.cid

    @property
    def needs(self) -> frozenset[str]:
        """The skills that whoever serves it should have."""
        needed = {self.skill} - {GENERAL}
        return frozenset(needed | ({ENGLISH} if self.lang == "en" else set()))

    @cached_property
    def handoff(self) -> dict[str, Any]:
        """Why a person was asked for, as the bot or the shopper put it: `rule`, `reason`, `evidence`, `context`."""
        return _object(self.fields.get("reason"))

    @property
    def rule(self) -> str:
        """The rule that asked for a person."""
        return str(self.handoff.get("rule") or "asked")

    @property
    def mood(self) -> str:
        """How the shopper felt when a person was asked for."""
        mood = (self.handoff.get("context") or {}).get("mood")
        return str(mood) if mood else ("angry" if self.rule == "angry" else "calm")

    @property
    def who(self) -> str:
        """The shopper: the customer, or the conversation of a stranger."""
        return self.customer or self.cid


def talk_of(cid: str, fields: Mapping[str, str], served_by: str = "") -> Talk:
    """Reads a state hash; `served_by` is who served this shopper in the last day."""
    passed_to = fields.get("prefer", "")
    return Talk(
        cid=cid,
        mode=fields["mode"],
        lang=fields.get("lang", "zh"),
        customer=fields.get("customer", ""),
        skill=fields.get("skill") or GENERAL,
        priority=int(fields.get("priority") or 3),
        queued_at=int(fields.get("queued_at") or 0),
        prefer=passed_to or served_by,
        passed_to=passed_to,
        declined=frozenset(filter(None, fields.get("declined", "").split(","))),
        declined_at=int(fields.get("declined_at") or 0),
        offered_to=fields.get("offered_to", ""),
        offer_until=int(fields.get("offer_until") or 0),
        agent=fields.get("agent", ""),
        first_reply_at=int(fields.get("first_reply_at") or 0),
        round_since=int(fields.get("round_since") or 0),
        fields=fields,
    )


def _object(text: str | None) -> dict[str, Any]:
    value = msgspec.json.decode(text) if text else {}
    return value if isinstance(value, dict) else {}
