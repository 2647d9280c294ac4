"""The terms of returns.yml: what the law gives, what the shop promises beyond it, and how the file is read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from terms.document import Part, Versions, read_versions

FILE = Path(__file__).with_name("returns.yml")
CAUSES = frozenset({"no_reason", "quality", "wrong_item", "damaged"})
KINDS = frozenset(
    {"made_to_order", "fresh", "opened_media", "download", "newspaper", "opened_hygiene", "activated", "near_expiry"}
)
NEVER = frozenset({"made_to_order", "fresh", "opened_media", "download", "newspaper"})
PAYERS = frozenset({"buyer", "shop"})
METHODS = frozenset({"alipay", "wechat", "card", "credit", "balance", "cash"})
WAYS = frozenset({"origin", "credit", "balance"})
CONDITIONS = frozenset({"complete", "unused", "with_accessories", "with_packaging"})
GIFTS = frozenset({"with_all", "with_any"})
LAW = frozenset(
    {
        "no_reason_days",
        "never",
        "agreed",
        "quality_return_days",
        "quality_exchange_days",
        "warranty_days",
        "freight",
        "refund_days",
        "fraud",
        "condition",
    }
)
PROMISES = frozenset(
    {"freight_insurance", "refund_paths", "refused", "refused_freight", "gifts", "price_protection"},
)


@dataclass(frozen=True)
class RefundPath:
    """Where money goes back to (`WAYS`), and within how many working days once the shop has released it."""

    to: str
    days: int


@dataclass(frozen=True)
class ReturnTerms:
    """One version of `returns.yml`; days count from the day after signing, amounts are in fen.

    `insured` are the causes for which freight insurance pays the way back; `protection_from` is the day from which the days of
    price protection count.
    """

    no_reason_days: int
    never: frozenset[str]
    agreed: frozenset[str]
    quality_return_days: int
    quality_exchange_days: int
    warranty_days: int
    freight: dict[str, str]
    refund_days: int
    fraud_times: int
    fraud_least: int
    condition: tuple[str, ...]
    insured: frozenset[str]
    insured_most: int
    refund_paths: dict[str, RefundPath]
    refused: dict[str, str]
    refused_freight: int
    gifts: str
    protection_days: int
    protection_from: str
    protection_never: frozenset[str]


def read_returns(path: Path = FILE) -> Versions[ReturnTerms]:
    """The terms of returns.yml; TermsError names the line of what is wrong."""
    return read_versions(path, LAW | PROMISES, lambda part: ReturnTerms(**_law(part), **_promises(part)))


def _law(part: Part) -> dict[str, Any]:
    """What the law gives; worse than that is refused."""
    fraud = part.part("fraud", frozenset({"times", "least"}))
    for name, article in (("no_reason_days", 25), ("quality_return_days", 24)):
        if part.whole(name) < 7:
            raise part.wrong(name, f"the law gives seven days (art. {article}); fewer are void")
    if part.whole("refund_days") > 7:
        raise part.wrong("refund_days", "the law has the shop pay back within seven days (art. 25)")
    if fraud.whole("times") < 3:
        raise fraud.wrong("times", "fraud costs three times the price at least (art. 55)")
    if fraud.fen("least") < 500_00:
        raise fraud.wrong("least", "fraud costs 500 yuan at least (art. 55)")
    if part.whole("quality_exchange_days") < part.whole("quality_return_days"):
        raise part.wrong("quality_exchange_days", "an exchange must be possible at least as long as a return")
    return {
        "no_reason_days": part.whole("no_reason_days"),
        "never": part.words("never", NEVER),
        "agreed": part.words("agreed", KINDS),
        "quality_return_days": part.whole("quality_return_days"),
        "quality_exchange_days": part.whole("quality_exchange_days"),
        "warranty_days": part.whole("warranty_days"),
        "freight": _payers(part, "freight"),
        "refund_days": part.whole("refund_days"),
        "fraud_times": fraud.whole("times"),
        "fraud_least": fraud.fen("least"),
        "condition": tuple(part.list_of("condition", CONDITIONS)),
    }


def _promises(part: Part) -> dict[str, Any]:
    """What the shop promises beyond the law."""
    insurance = part.part("freight_insurance", frozenset({"covers", "most"}))
    paths = part.part("refund_paths", METHODS)
    protection = part.part("price_protection", frozenset({"days", "from", "never"}))
    return {
        "insured": insurance.words("covers", CAUSES),
        "insured_most": insurance.fen("most"),
        "refund_paths": {method: _path(paths.part(method, frozenset({"to", "days"}))) for method in sorted(METHODS)},
        "refused": _payers(part, "refused"),
        "refused_freight": part.fen("refused_freight"),
        "gifts": part.choice("gifts", GIFTS),
        "protection_days": protection.whole("days"),
        "protection_from": protection.choice("from", frozenset({"delivered", "created"})),
        "protection_never": frozenset(protection.list_of("never", None)),
    }


def _payers(part: Part, name: str) -> dict[str, str]:
    """Who pays a way back, by cause; faulty, wrong and damaged goods go back at the shop's cost."""
    payers = part.part(name, CAUSES)
    found = {cause: payers.choice(cause, PAYERS) for cause in sorted(CAUSES)}
    for cause in sorted(CAUSES - {"no_reason"}):
        if found[cause] != "shop":
            raise payers.wrong(cause, f"{cause}: the way back is the shop's cost (art. 24)")
    return found


def _path(part: Part) -> RefundPath:
    return RefundPath(part.choice("to", WAYS), part.whole("days"))
