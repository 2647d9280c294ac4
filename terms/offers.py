"""The offers of promotions.yml, how they are read, and to whom they are open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from terms.cart import LEVELS, PIECE_STEPS, PRICE_STEPS, SUM_STEPS, CartLine, Shopper, begins, ends
from terms.document import Part

LANGUAGES = frozenset({"zh", "en"})
COMMON = frozenset({"name", "step", "says", "categories", "skus", "from", "until"})
OWN: dict[str, frozenset[str]] = {
    "limited_price": frozenset({"percent", "prices"}),
    "member_price": frozenset({"levels"}),
    "bundle": frozenset({"pieces", "price", "off", "most"}),
    "second_at_half": frozenset(),
    "buy_get": frozenset({"buy", "free"}),
    "shop_step": frozenset({"every", "off", "most"}),
    "platform_step": frozenset({"every", "off", "most"}),
}
OFFER = COMMON.union(*OWN.values())


@dataclass(frozen=True)
class Offer:
    """An offer of the terms; without `categories` and `skus` it is about every line. Which numbers count depends on the step.

    `says` is what the shop calls it, in each language; `percent` is taken off the price of a piece, `levels` are percents off
    by the shopper's level, `prices` those of a piece by sku; `pieces` come together for `price`, or with `off` off.
    """

    name: str
    step: str
    categories: frozenset[str] = frozenset()
    buy: int = 0
    free: int = 0
    every: int = 0
    off: int = 0
    most: int = 0
    says: Mapping[str, str] = field(default_factory=dict, hash=False)
    skus: frozenset[str] = frozenset()
    percent: int = 0
    levels: Mapping[str, int] = field(default_factory=dict, hash=False)
    prices: Mapping[str, int] = field(default_factory=dict, hash=False)
    pieces: int = 0
    price: int = 0
    since: date | None = None
    until: date | None = None

    def is_about(self, line: CartLine) -> bool:
        """Whether a line counts for it."""
        return (not self.categories or line.category in self.categories) and (not self.skus or line.sku in self.skus)

    def open_to(self, shopper: Shopper) -> Offer | None:
        """The offer as it is for a shopper; None when it is not open to them, or not then."""
        if (self.since is not None or self.until is not None) and not self._holds(shopper.day):
            return None
        if self.step != "member_price":
            return self
        return replace(self, percent=self.levels[shopper.level]) if shopper.level in self.levels else None

    def _holds(self, day: date | None) -> bool:
        """Whether the whole of a day, or a moment, lies in the offer's time."""
        if day is None or (self.since is not None and begins(day) < begins(self.since)):
            return False
        return self.until is None or ends(day) <= ends(self.until)


def read_offer(part: Part) -> Offer:
    """One offer; TermsError names the line of what is wrong."""
    step = part.choice("step", PRICE_STEPS | PIECE_STEPS | SUM_STEPS)
    if foreign := [name for name in part.names if name not in COMMON | OWN[step]]:
        raise part.wrong(foreign[0], f"{foreign[0]} says nothing about {step}")
    says = part.part("says", LANGUAGES)
    offer = Offer(
        part.text("name"),
        step,
        categories=_some(part, "categories"),
        says={language: says.text(language) for language in sorted(LANGUAGES)},
        skus=_some(part, "skus"),
        since=part.moment("from") if part.has("from") else None,
        until=part.moment("until") if part.has("until") else None,
    )
    if offer.since and offer.until and ends(offer.until) < begins(offer.since):
        raise part.wrong("until", f"until {offer.until} lies before from {offer.since}")
    return replace(offer, **_NUMBERS[step](part))


def _some(part: Part, name: str) -> frozenset[str]:
    """What an offer is about; an empty list would make it one about everything."""
    if not part.has(name):
        return frozenset()
    if not (found := frozenset(part.list_of(name, None))):
        raise part.wrong(name, f"{name} must name one at least")
    return found


def _limited(part: Part) -> dict[str, Any]:
    if not (part.has("from") and part.has("until")):
        raise part.wrong("name", "a limited price needs from and until")
    if part.has("prices") == part.has("percent"):
        raise part.wrong("name", "a limited price needs either prices or percent")
    if part.has("percent"):
        return {"percent": _percent(part, "percent")}
    prices = part.free_part("prices")
    if part.has("skus") or part.has("categories"):
        raise part.wrong("prices", "prices name their skus themselves")
    return {"prices": {sku: prices.fen(sku) for sku in prices.names}, "skus": frozenset(prices.names)}


def _member(part: Part) -> dict[str, Any]:
    levels = part.part("levels", LEVELS)
    return {"levels": {level: _percent(levels, level) for level in levels.names}}


def _percent(part: Part, name: str) -> int:
    if not 0 < part.whole(name) < 100:
        raise part.wrong(name, f"{name} must be from 1 to 99: the percents that are taken off the price")
    return part.whole(name)


def _bundle(part: Part) -> dict[str, Any]:
    if part.has("price") == part.has("off"):
        raise part.wrong("name", "a bundle needs either a price or what is off a set")
    if part.has("pieces") and part.whole("pieces") < 2:
        raise part.wrong("pieces", "a bundle has two pieces or more")
    if not part.has("pieces") and (part.has("categories") or len(set(part.list_of("skus", None))) < 2):
        raise part.wrong("name", "a bundle is so many pieces, or one each of two skus or more")
    if part.has("off") and not part.fen("off"):
        raise part.wrong("off", "off must be more than nothing")
    found = {name: part.whole(name) for name in ("pieces", "most") if part.has(name)}
    return found | {name: part.fen(name) for name in ("price", "off") if part.has(name)}


def _buy_get(part: Part) -> dict[str, Any]:
    if not part.whole("buy") or not part.whole("free"):
        raise part.wrong("buy", "buy and free must be at least 1")
    return {"buy": part.whole("buy"), "free": part.whole("free")}


def _sums(part: Part) -> dict[str, Any]:
    if part.fen("off") > part.fen("every") or not part.fen("every"):
        raise part.wrong("off", "off cannot be more than every")
    return {"every": part.fen("every"), "off": part.fen("off"), "most": part.whole("most")}


_NUMBERS: dict[str, Callable[[Part], dict[str, Any]]] = {
    "limited_price": _limited,
    "member_price": _member,
    "bundle": _bundle,
    "second_at_half": lambda part: {},
    "buy_get": _buy_get,
    "shop_step": _sums,
    "platform_step": _sums,
}
