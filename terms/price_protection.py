"""Decides whether the difference comes back when a price has fallen after the purchase: the shop's own promise, no law.

Pure. Every amount is in fen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from terms.reasons import Reason
from terms.return_terms import ReturnTerms


@dataclass(frozen=True)
class Bought:
    """Pieces of one article: what each cost after every discount, and when they were delivered (None: not yet) and ordered."""

    delivered: date | None
    created: date
    category: str
    unit_paid: int
    quantity: int = 1


@dataclass(frozen=True)
class Protection:
    """What comes back in all (0 for nothing), until which day it may be asked for, and every check in its order."""

    amount: int
    reasons: tuple[Reason, ...]
    until: date | None = None


def price_protection(terms: ReturnTerms, bought: Bought, price_now: int, today: date) -> Protection:
    """What comes back today. Raises ValueError for amounts below zero, no pieces, or days that lie ahead."""
    if bought.unit_paid < 0 or price_now < 0 or bought.quantity < 1:
        raise ValueError("amounts cannot be negative, and there must be a piece")
    if bought.created > today or (bought.delivered is not None and bought.delivered > today):
        raise ValueError("nothing can be bought or delivered after today")
    start = bought.created if terms.protection_from == "created" else bought.delivered
    until = None if start is None else start + timedelta(days=terms.protection_days)
    reasons = (
        _in_days(terms, start, today),
        Reason("protection_category", bought.category not in terms.protection_never, (("category", bought.category),)),
        Reason("protection_price", price_now < bought.unit_paid, (("paid", bought.unit_paid), ("now", price_now))),
    )
    holds = all(one.holds for one in reasons)
    return Protection((bought.unit_paid - price_now) * bought.quantity if holds else 0, reasons, until)


def _in_days(terms: ReturnTerms, start: date | None, today: date) -> Reason:
    """Whether it is still time; goods that are under way are in time."""
    if start is None:
        return Reason("protection_early", True)
    day = (today - start).days
    return Reason("protection_days", day <= terms.protection_days, (("day", day), ("days", terms.protection_days)))
