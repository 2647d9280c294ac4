"""Finds several requests in one message ("退货的话优惠券还退吗,另外发票咋开"), so that each is answered, in order.

A message is cut where a clause ends or a word such as 另外 begins another matter. Two clauses are two requests when both are
understood for certain, are about different subjects, and both ask for something; or when such a word stands between them, which
says that there are two, and each has a likely reading.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.components.labels import NO_SUBJECT
from bot.escalation_rules import UNCLEAR

MOST_CLAUSES = 8
MOST_REQUESTS = 3
LIKELY = 0.5
"""What a reading must reach in a request that the shopper has set apart."""
KIN = frozenset({"return_request", "exchange", "cancel_order", "return_policy"})
"""Subjects that one request is told in (我要退货,买了不想要了): they are two only where the shopper sets them apart."""
NO_REQUESTS = frozenset({"out_of_scope", "greeting", "thanks", "ack", "human_agent", "complaint"})
"""Subjects that end or frame a message, or that concern all of it: they never make it two requests."""

ANOTHER = re.compile(
    r"另外|还有(?!多久|几|多少|货|吗|没|库存|现货)|顺便|顺带|对了|再(?:问|请问|咨询|麻烦)|同时(?=.*[吗?？怎咋能])|以及|然后(?:还|再|想问)"
    r"|\b(?:also|another (?:thing|question)|and (?:also|then|what|how|where|when|can|could|do|is)|plus|by the way|btw|one more)\b",
    re.IGNORECASE,
)
_ENDS = re.compile(r"(?<=[,，。;；!！?？\n])|(?<=[.?!;]) ")
_ASKS = re.compile(
    r"[吗么?？]|呢|怎|咋|什么|啥|多少|多久|几天|哪|能不能|可不可以|是否|有没有|能否|帮我|[我想]要|想|麻烦|请|查一?下|可以"
    r"|\b(?:what|where|when|how|why|which|who|can|could|do|does|did|is|are|will|would|need|want|please|like to|check|tell)\b",
    re.IGNORECASE,
)

Read = Callable[[str], Awaitable[Mapping[str, Any]]]


@dataclass
class _Request:
    """A request with its certain and its likely subject; `apart` when the shopper's words set it apart from its neighbour."""

    text: str
    certain: str | None = None
    likely: str | None = None
    apart: bool = False


async def requests_in(text: str, read: Read, label_of: Mapping[str, str]) -> list[str]:
    """The requests of a message in their order; the message as it is when it has one. `read` gives a parse result."""
    clauses = clauses_of(text)
    if not 2 <= len(clauses) <= MOST_CLAUSES:
        return [text]
    found = [_Request("")]
    for clause in clauses:
        _add(found, await _request(clause, read, label_of))
    if not 2 <= len(found) <= MOST_REQUESTS:
        return [text]
    again = [await _request(one.text, read, label_of) for one in found]
    subjects = [now.likely if one.apart else now.certain for one, now in zip(found, again)]  # noqa: B905
    if None in subjects or any(one == other for one, other in zip(subjects, subjects[1:])):  # noqa: B905, RUF007
        return [text]
    return [one.text.strip(" ,，") for one in found]


async def _request(text: str, read: Read, label_of: Mapping[str, str]) -> _Request:
    parsed = await read(text)
    return _Request(text, subject_of(parsed["intent"], label_of), subject_of(likely_reading(parsed), label_of))


def _add(found: list[_Request], clause: _Request) -> None:
    """A clause begins another request, or goes on with the latest."""
    now = found[-1]
    apart = bool(ANOTHER.match(clause.text))
    before, after = (now.likely, clause.likely) if apart else (now.certain, clause.certain)
    both_ask = _ASKS.search(now.text) and _ASKS.search(clause.text)
    kin = before in KIN and after in KIN
    if before and after and before != after and (apart or (both_ask and not kin)):
        now.apart, clause.apart = now.apart or apart, apart
        found.append(clause)
    else:
        now.text += clause.text
        now.certain, now.likely = now.certain or clause.certain, now.likely or clause.likely


def clauses_of(text: str) -> list[str]:
    """The clauses of a message, with their punctuation."""
    cuts = sorted(
        {
            0,
            len(text),
            *(match.end() for match in _ENDS.finditer(text)),
            *(match.start() for match in ANOTHER.finditer(text)),
        }
    )
    pieces = [text[start:end] for start, end in zip(cuts, cuts[1:])]  # noqa: B905, RUF007
    return [piece for piece in pieces if piece.strip(" ,，。;；!！?？\n.")]


def subject_of(reading: Mapping[str, Any] | None, label_of: Mapping[str, str]) -> str | None:
    """What a reading (`{"name", "confidence"}`) asks about; None when it is no request."""
    intent = (reading or {}).get("name") or ""
    label = label_of.get(intent)
    if label is None or label in NO_REQUESTS:
        return None
    return intent if label == NO_SUBJECT else label


def likely_reading(parsed: Mapping[str, Any], enough: float = LIKELY) -> Mapping[str, Any] | None:
    """The reading that is settled, or else the first of the ranking if it scores enough."""
    if parsed["intent"]["name"] != UNCLEAR:
        return parsed["intent"]
    first = next(iter(parsed.get("intent_ranking") or []), None)
    return first if first and first["name"] != UNCLEAR and first["confidence"] >= enough else None


def without_repeats(replies: Sequence[Any]) -> list[Any]:
    """Replies to several requests; what was said twice (a form's question) is said where it came last."""
    return [reply for place, reply in enumerate(replies) if reply not in replies[place + 1 :]]
