"""Plain facts about the shop, by day: `service.yml`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from terms.document import Part, Versions, read_versions
from terms.return_terms import METHODS

FILE = Path(__file__).with_name("service.yml")
KNOWN = frozenset(
    {"ship_within_hours", "delivery_days", "payment", "instalments", "invoice", "exchange", "business_hours"}
)
INVOICES = frozenset({"electronic_normal", "electronic_special", "paper_normal", "paper_special"})
EXCHANGES = frozenset({"same_price", "any_price"})
_HOUR = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d$|24:00$")


@dataclass(frozen=True)
class ServiceTerms:
    """One version of `service.yml`; `opens` and `closes` are by the shop's clock, such as 09:00.

    An invoice is made out within `invoice_days` after delivery, and can be asked for within `invoice_within_days`.
    """

    ship_within_hours: int
    near_days: int
    far_days: int
    payment: tuple[str, ...]
    instalments: tuple[int, ...]
    invoice_kinds: tuple[str, ...]
    invoice_days: int
    invoice_within_days: int
    exchange: str
    opens: str
    closes: str


def read_service(path: Path = FILE) -> Versions[ServiceTerms]:
    """The facts of service.yml; TermsError names the line of what is wrong."""
    return read_versions(path, KNOWN, _terms)


def _terms(part: Part) -> ServiceTerms:
    days = part.part("delivery_days", frozenset({"near", "far"}))
    invoice = part.part("invoice", frozenset({"kinds", "days", "within_days"}))
    hours = part.part("business_hours", frozenset({"from", "until"}))
    if not part.list_of("payment", METHODS):
        raise part.wrong("payment", "there must be a way to pay")
    if not invoice.list_of("kinds", INVOICES):
        raise invoice.wrong("kinds", "the shop must give an invoice (art. 22)")
    if days.whole("far") < days.whole("near"):
        raise days.wrong("far", "far cannot be quicker than near")
    if _hour(hours, "until") <= _hour(hours, "from"):
        raise hours.wrong("until", "the shop closes after it opens")
    return ServiceTerms(
        ship_within_hours=part.whole("ship_within_hours"),
        near_days=days.whole("near"),
        far_days=days.whole("far"),
        payment=tuple(part.list_of("payment", METHODS)),
        instalments=_instalments(part),
        invoice_kinds=tuple(invoice.list_of("kinds", INVOICES)),
        invoice_days=invoice.whole("days"),
        invoice_within_days=invoice.whole("within_days"),
        exchange=part.choice("exchange", EXCHANGES),
        opens=_hour(hours, "from"),
        closes=_hour(hours, "until"),
    )


def _instalments(part: Part) -> tuple[int, ...]:
    months = part.list_of("instalments", None)
    if any(not one.isdecimal() or int(one) < 2 for one in months):
        raise part.wrong("instalments", "instalments are whole numbers of months from 2 on")
    return tuple(int(one) for one in months)


def _hour(hours: Part, name: str) -> str:
    if not _HOUR.match(hours.text(name)):
        raise hours.wrong(name, f"{name} must be a time such as 09:00, not {hours.text(name)}")
    return hours.text(name)
