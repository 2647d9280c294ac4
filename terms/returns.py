"""Decides what may be done about goods that came: send back, exchange, repair; by when, at whose cost, and why.

Pure: the terms of the day and the facts in, a ruling with its chain of reasons out. Every check that was made is a reason, the
passed ones too, so that whoever reads them sees how it came about.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from terms.reasons import Reason
from terms.return_terms import CAUSES, FILE, KINDS, METHODS, RefundPath, ReturnTerms, read_returns

__all__ = [
    "CAUSES",
    "FILE",
    "KINDS",
    "METHODS",
    "Goods",
    "Outcome",
    "Reason",
    "RefundPath",
    "ReturnTerms",
    "Ruling",
    "fraud_compensation",
    "read_returns",
    "rule",
]
Outcome = Literal["return", "exchange", "repair", "refuse"]


@dataclass(frozen=True)
class Goods:
    """What came, and what is wrong with it: `kinds` of `KINDS` that apply, whether the buyer `agreed` at purchase that it does not go back.

    `signed` is the day of signing, None while it is under way; `intact` whether it can be sold again.
    """

    cause: str
    signed: date | None
    kinds: frozenset[str] = frozenset()
    agreed: bool = False
    intact: bool = True


@dataclass(frozen=True)
class Ruling:
    """What may be done until the end of the day `until`, who pays the way back, and every check in its order."""

    outcome: Outcome
    reasons: tuple[Reason, ...]
    until: date | None = None
    freight: str | None = None


def rule(terms: ReturnTerms, goods: Goods, today: date) -> Ruling:
    """What may be done today. Raises ValueError for a cause or kind that is not known, or goods signed for tomorrow."""
    if goods.cause not in CAUSES or not goods.kinds <= KINDS:
        raise ValueError(f"{goods.cause} or {', '.join(sorted(goods.kinds - KINDS))} is not known")
    if goods.signed is not None and goods.signed > today:
        raise ValueError("goods cannot be signed for after today")
    if goods.signed is None:
        return Ruling("refuse", (Reason("not_signed", False),))
    decide: Callable[[ReturnTerms, Goods, date, int], Ruling] = _no_reason if goods.cause == "no_reason" else _fault
    return decide(terms, goods, goods.signed, (today - goods.signed).days)


def _no_reason(terms: ReturnTerms, goods: Goods, signed: date, day: int) -> Ruling:
    barred = sorted(goods.kinds & terms.never)
    waived = sorted(goods.kinds & terms.agreed) if goods.agreed else []
    reasons = [
        _within("no_reason_days", day, terms.no_reason_days),
        *(Reason("never", False, (("kind", kind),)) for kind in barred),
        *(Reason("agreed", False, (("kind", kind),)) for kind in waived),
    ]
    if not barred:
        reasons.append(Reason("never", True))
    if not goods.intact:
        reasons.append(Reason("intact", False))
    elif not barred and not waived:
        reasons.append(Reason("intact", True))
    if not all(one.holds for one in reasons):
        return Ruling("refuse", tuple(reasons))
    return _ruling("return", reasons, signed, terms.no_reason_days, terms.freight["no_reason"])


def _fault(terms: ReturnTerms, goods: Goods, signed: date, day: int) -> Ruling:
    """Faulty, wrong or damaged goods: the strongest remedy that is still open; what kind of goods they are does not matter."""
    reasons = [Reason("fault", True, (("cause", goods.cause),))]
    remedies: tuple[tuple[Outcome, str, int], ...] = (
        ("return", "quality_return_days", terms.quality_return_days),
        ("exchange", "quality_exchange_days", terms.quality_exchange_days),
        ("repair", "warranty_days", terms.warranty_days),
    )
    for outcome, name, days in remedies:
        reasons.append(_within(name, day, days))
        if day <= days:
            return _ruling(outcome, reasons, signed, days, terms.freight[goods.cause])
    return Ruling("refuse", tuple(reasons))


def _within(name: str, day: int, days: int) -> Reason:
    return Reason(name, day <= days, (("day", day), ("days", days)))


def _ruling(outcome: Outcome, reasons: list[Reason], signed: date, days: int, freight: str) -> Ruling:
    return Ruling(outcome, tuple(reasons), signed + timedelta(days=days), freight)


def fraud_compensation(terms: ReturnTerms, price: int) -> int:
    """What the shop owes on top of the price, in fen, when goods were sold by fraud (Consumer Rights Protection Law art. 55)."""
    if price < 0:
        raise ValueError("a price cannot be negative")
    return max(price * terms.fraud_times, terms.fraud_least)
