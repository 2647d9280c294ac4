"""The terms of promotions.yml, and how the file is read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from terms.cart import PIECE_STEPS, PRICE_STEPS, STEPS
from terms.document import Part, Versions, read_versions
from terms.offers import OFFER, Offer, read_offer

FILE = Path(__file__).with_name("promotions.yml")
KNOWN = frozenset({"order", "excludes", "offers", "free_shipping", "points", "presale"})
DEPOSIT_BACK = frozenset({"shop_fault_only", "always"})


@dataclass(frozen=True)
class PromotionTerms:
    """One version of `promotions.yml`: the steps in their order, pairs of steps that exclude each other, the offers.

    Then what comes after the goods: the sum from which postage is free and else its fee, points, and when a deposit goes back.
    """

    order: tuple[str, ...]
    excludes: tuple[frozenset[str], ...]
    offers: tuple[Offer, ...]
    free_shipping_from: int = 0
    shipping_fee: int = 0
    points_per_yuan: int = 0
    point_worth: int = 1
    points_most_percent: int = 0
    deposit_back: str = "always"
    deposit_fault_times: int = 2


def read_promotions(path: Path = FILE) -> Versions[PromotionTerms]:
    """The terms of promotions.yml; TermsError names the line of what is wrong."""
    return read_versions(path, KNOWN, _terms)


def _terms(part: Part) -> PromotionTerms:
    shipping = part.part("free_shipping", frozenset({"from", "fee"}))
    points = part.part("points", frozenset({"per_yuan", "worth", "most_percent"}))
    presale = part.part("presale", frozenset({"deposit_back", "fault_times"}))
    if not points.fen("worth"):
        raise points.wrong("worth", "a point is worth 0.01 at least")
    if points.whole("most_percent") > 100:
        raise points.wrong("most_percent", "most_percent is 100 at most")
    if presale.whole("fault_times") < 2:
        raise presale.wrong("fault_times", "the law gives a deposit back twice when the shop fails (art. 587)")
    return PromotionTerms(
        _order(part),
        _excludes(part),
        _offers(part),
        free_shipping_from=shipping.fen("from"),
        shipping_fee=shipping.fen("fee"),
        points_per_yuan=points.whole("per_yuan"),
        point_worth=points.fen("worth"),
        points_most_percent=points.whole("most_percent"),
        deposit_back=presale.choice("deposit_back", DEPOSIT_BACK),
        deposit_fault_times=presale.whole("fault_times"),
    )


def _offers(part: Part) -> tuple[Offer, ...]:
    found: list[Offer] = []
    for one in part.parts("offers", OFFER):
        offer = read_offer(one)
        if offer.name in (other.name for other in found):
            raise one.wrong("name", f"the offer {offer.name} stands here twice")
        found.append(offer)
    return tuple(found)


def _order(part: Part) -> tuple[str, ...]:
    order = tuple(part.list_of("order", STEPS))
    if missing := sorted(STEPS - set(order)):
        raise part.wrong("order", f"{', '.join(missing)} is missing in the order")
    if len(set(order)) < len(order):
        raise part.wrong("order", "a step stands in the order twice")
    prices, pieces = len(PRICE_STEPS), len(PRICE_STEPS | PIECE_STEPS)
    if set(order[:prices]) != PRICE_STEPS or set(order[prices:pieces]) != PIECE_STEPS:
        raise part.wrong(
            "order",
            f"{', '.join(sorted(PRICE_STEPS))} must come first, then {', '.join(sorted(PIECE_STEPS))}: "
            "they are about pieces, not sums",
        )
    return order


def _excludes(part: Part) -> tuple[frozenset[str], ...]:
    pairs = tuple(frozenset(pair) for pair in part.lists_of("excludes", STEPS))
    if any(len(pair) != 2 for pair in pairs):
        raise part.wrong("excludes", "two different steps make a pair")
    if PRICE_STEPS in pairs:
        raise part.wrong("excludes", "limited and member prices never add up: the lower counts")
    return pairs
