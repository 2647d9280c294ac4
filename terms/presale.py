"""Pre-orders: what the deposit counts for, when the balance can be paid, and when the deposit goes back. Pure. Every amount is in fen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from terms.promotion_terms import PromotionTerms
from terms.reasons import Reason

State = Literal["early", "open", "missed"]


@dataclass(frozen=True)
class Presale:
    """A deposit that counts for `worth` of the price, and the balance that is left to pay."""

    deposit: int
    worth: int
    balance: int


@dataclass(frozen=True)
class BalanceRuling:
    """Whether the balance can be paid now, and why."""

    state: State
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class DepositRuling:
    """What goes back of a deposit, and why."""

    amount: int
    reasons: tuple[Reason, ...]


def presale_price(deposit: int, worth: int, price: int) -> Presale:
    """How a pre-order is paid; a deposit that is worth more than the price leaves nothing to pay.

    Raises ValueError for amounts below zero, a deposit above the price, or one that counts for less than was paid.
    """
    if not 0 <= deposit <= min(worth, price):
        raise ValueError("a deposit is no more than the price, and counts for at least what was paid")
    return Presale(deposit, worth, max(0, price - worth))


def balance_state(now: datetime, start: datetime, until: datetime) -> BalanceRuling:
    """Whether the balance can be paid now; both ends belong to the time.

    Raises ValueError for moments without their zone, or a time that ends before it begins.
    """
    if any(moment.tzinfo is None for moment in (now, start, until)) or until < start:
        raise ValueError("the time for the balance needs zones, and an end after its beginning")
    begun = Reason("balance_begun", now >= start, (("start", start.isoformat()),))
    if not begun.holds:
        return BalanceRuling("early", (begun,))
    in_time = Reason("balance_in_time", now <= until, (("until", until.isoformat()),))
    return BalanceRuling("open" if in_time.holds else "missed", (begun, in_time))


def deposit_back(terms: PromotionTerms, deposit: int, shop_at_fault: bool) -> DepositRuling:
    """What goes back of a deposit when nothing comes of the pre-order. Raises ValueError below zero.

    A shop that fails gives it back `fault_times` over, twice by law; a shopper who steps back loses it (Civil Code art. 587),
    unless the terms give it back always.
    """
    if deposit < 0:
        raise ValueError("a deposit cannot be negative")
    fault = Reason("shop_at_fault", shop_at_fault)
    if shop_at_fault:
        return DepositRuling(deposit * terms.deposit_fault_times, (fault,))
    back = Reason("deposit_back", terms.deposit_back == "always")
    return DepositRuling(deposit if back.holds else 0, (fault, back))
