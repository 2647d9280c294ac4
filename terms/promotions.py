"""Prices a cart by the offers and coupons of the day, step by step in the written order, and says what each step did.

Pure. Every amount is in fen. A step works on what the steps before it have left, and its discount is shared over the lines that
it is about, so each line knows what it costs in the end and no line or sum ever falls below zero.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from terms.document import Part, Versions, read_versions
from terms.shares import shares

FILE = Path(__file__).with_name("promotions.yml")
PIECE_STEPS = frozenset({"second_at_half", "buy_get"})
SUM_STEPS = frozenset({"shop_step", "platform_step"})
COUPON_STEPS = frozenset({"shop_coupon", "category_coupon", "platform_coupon"})
STEPS = PIECE_STEPS | SUM_STEPS | COUPON_STEPS
KNOWN = frozenset({"order", "excludes", "offers"})
OFFER = frozenset({"name", "step", "categories", "buy", "free", "every", "off", "most"})
MOST_PIECES = 10_000


@dataclass(frozen=True)
class CartLine:
    """So many pieces of one article; `price` is the price of a piece."""

    sku: str
    category: str
    price: int
    quantity: int = 1


@dataclass(frozen=True)
class Offer:
    """An offer of the terms; without `categories` it is about every line. Which numbers count depends on the step."""

    name: str
    step: str
    categories: frozenset[str] = frozenset()
    buy: int = 0
    free: int = 0
    every: int = 0
    off: int = 0
    most: int = 0


@dataclass(frozen=True)
class PromotionTerms:
    """One version of `promotions.yml`: the steps in their order, pairs of steps that exclude each other, the offers."""

    order: tuple[str, ...]
    excludes: tuple[frozenset[str], ...]
    offers: tuple[Offer, ...]


@dataclass(frozen=True)
class Coupon:
    """`off` when the lines it is about come to `least` at its step."""

    code: str
    step: str
    least: int
    off: int
    categories: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Discount:
    """What one offer or coupon took off, and the sum that it was reckoned on."""

    name: str
    step: str
    off: int
    base: int


@dataclass(frozen=True)
class Quote:
    """The cart's price: what each line costs after all steps, their sum, and what was taken off in its order."""

    lines: tuple[int, ...]
    total: int
    discounts: tuple[Discount, ...]


def read_promotions(path: Path = FILE) -> Versions[PromotionTerms]:
    """The terms of promotions.yml; TermsError names the line of what is wrong."""
    return read_versions(path, KNOWN, _terms)


def _terms(part: Part) -> PromotionTerms:
    order = tuple(part.list_of("order", STEPS))
    if missing := sorted(STEPS - set(order)):
        raise part.wrong("order", f"{', '.join(missing)} is missing in the order")
    if len(set(order)) < len(order):
        raise part.wrong("order", "a step stands in the order twice")
    if set(order[: len(PIECE_STEPS)]) != PIECE_STEPS:
        raise part.wrong(
            "order", f"{' and '.join(sorted(PIECE_STEPS))} must come first: they are about pieces, not sums"
        )
    offers = tuple(_offer(one) for one in part.parts("offers", OFFER))
    names = [one.name for one in offers]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise part.wrong("offers", f"the offer {twice} stands here twice")
    return PromotionTerms(order, tuple(frozenset(pair) for pair in part.lists_of("excludes", STEPS)), offers)


def _offer(part: Part) -> Offer:
    step = part.choice("step", PIECE_STEPS | SUM_STEPS)
    categories = frozenset(part.list_of("categories", None)) if part.has("categories") else frozenset()
    offer = Offer(part.text("name"), step, categories)
    if step == "second_at_half":
        return offer
    if step == "buy_get":
        if not part.whole("buy") or not part.whole("free"):
            raise part.wrong("buy", "buy and free must be at least 1")
        return Offer(offer.name, step, categories, buy=part.whole("buy"), free=part.whole("free"))
    if part.fen("off") > part.fen("every") or not part.fen("every"):
        raise part.wrong("off", "off cannot be more than every")
    return Offer(offer.name, step, categories, every=part.fen("every"), off=part.fen("off"), most=part.whole("most"))


def quote(terms: PromotionTerms, lines: Sequence[CartLine], coupons: Sequence[Coupon] = ()) -> Quote:
    """The price of a cart with these coupons; one that does not reach its sum takes nothing off.

    Raises ValueError for coupons that do not go together, and for amounts below zero.
    """
    check(lines, coupons)
    if not go_together(terms, coupons):
        raise ValueError("these coupons do not go together")
    kinds = frozenset(coupon.step for coupon in coupons)
    price = full_price(lines)
    for step in terms.order:
        price = after_step(terms, lines, price, step, kinds, next((one for one in coupons if one.step == step), None))
    return price


def full_price(lines: Sequence[CartLine]) -> Quote:
    """The price before every step."""
    amounts = tuple(line.price * line.quantity for line in lines)
    return Quote(amounts, sum(amounts), ())


def after_step(
    terms: PromotionTerms,
    lines: Sequence[CartLine],
    before: Quote,
    step: str,
    kinds: frozenset[str],
    coupon: Coupon | None,
) -> Quote:
    """The price after one more step; `kinds` are the steps of all coupons that are used, `coupon` the one of this step."""
    here: list[Offer | Coupon] = [offer for offer in terms.offers if offer.step == step]
    here += [coupon] if coupon else []
    if not here or _gives_way(terms, step, kinds.union(one.step for one in before.discounts)):
        return before
    amounts, discounts = list(before.lines), list(before.discounts)
    for one in here:
        done = _apply(one, lines, amounts)
        if done.off:
            discounts.append(done)
    return Quote(tuple(amounts), sum(amounts), tuple(discounts))


def check(lines: Sequence[CartLine], coupons: Sequence[Coupon]) -> None:
    """Raises ValueError for a cart or coupons that cannot be."""
    if any(line.price < 0 or line.quantity < 1 for line in lines) or sum(line.quantity for line in lines) > MOST_PIECES:
        raise ValueError(f"a line needs a price from 0 and a quantity from 1, and a cart holds {MOST_PIECES} pieces")
    if any(coupon.step not in COUPON_STEPS or coupon.off < 0 or coupon.least < 0 for coupon in coupons):
        raise ValueError(f"a coupon needs amounts from 0 and a step of {', '.join(sorted(COUPON_STEPS))}")


def go_together(terms: PromotionTerms, coupons: Sequence[Coupon]) -> bool:
    """Whether a cart may take these coupons at once: one of a kind, and no two that exclude each other."""
    steps = [coupon.step for coupon in coupons]
    return len(set(steps)) == len(steps) and not any(pair <= set(steps) for pair in terms.excludes)


def _gives_way(terms: PromotionTerms, step: str, used: frozenset[str]) -> bool:
    """Whether a step must give way: to a coupon that the shopper chose, or to an offer that came before it."""
    return step not in COUPON_STEPS and any(step in pair and pair - {step} <= used for pair in terms.excludes)


def _apply(one: Offer | Coupon, lines: Sequence[CartLine], amounts: list[int]) -> Discount:
    """Takes what an offer or coupon gives off the amounts of its lines."""
    places = [at for at, line in enumerate(lines) if not one.categories or line.category in one.categories]
    base = sum(amounts[at] for at in places)
    if isinstance(one, Coupon):
        taken = shares(min(one.off, base) if base >= one.least else 0, [amounts[at] for at in places])
        name = one.code
    elif one.step in PIECE_STEPS:
        taken = PIECES[one.step](one, [lines[at] for at in places])
        taken = [min(off, amounts[at]) for off, at in zip(taken, places)]  # noqa: B905
        name = one.name
    else:
        times = min(base // one.every, one.most)
        taken = shares(min(times * one.off, base), [amounts[at] for at in places])
        name = one.name
    for off, at in zip(taken, places):  # noqa: B905
        amounts[at] -= off
    return Discount(name, one.step, sum(taken), base)


def _second_at_half(offer: Offer, lines: Sequence[CartLine]) -> list[int]:
    """Half of every second piece of a line; the odd fen is paid."""
    return [line.quantity // 2 * (line.price // 2) for line in lines]


def _buy_get(offer: Offer, lines: Sequence[CartLine]) -> list[int]:
    """The cheapest pieces of every full group, groups made from the dearest piece down."""
    pieces = sorted(
        ((line.price, -at) for at, line in enumerate(lines) for _ in range(line.quantity)),
        reverse=True,
    )
    group = offer.buy + offer.free
    taken = [0] * len(lines)
    for begin in range(0, len(pieces) // group * group, group):
        for price, at in pieces[begin + offer.buy : begin + group]:
            taken[-at] += price
    return taken


PIECES: dict[str, Callable[[Offer, Sequence[CartLine]], list[int]]] = {
    "second_at_half": _second_at_half,
    "buy_get": _buy_get,
}


@dataclass(frozen=True)
class Missing:
    """How much more must be in the cart, at the step of an offer or coupon, for its next discount `off`."""

    name: str
    fen: int
    off: int


def missing(terms: PromotionTerms, lines: Sequence[CartLine], coupons: Sequence[Coupon]) -> list[Missing]:
    """What the offers on sums and the coupons still lack, the nearest first; each coupon is looked at with none but itself."""
    found = []
    reckoned = {one.name: one.base for one in quote(terms, lines).discounts}
    for offer in terms.offers:
        if offer.step in SUM_STEPS:
            base = reckoned.get(offer.name, _base(terms, lines, offer))
            if base // offer.every < offer.most:
                found.append(Missing(offer.name, offer.every - base % offer.every, offer.off))
    for coupon in coupons:
        if (base := _base(terms, lines, coupon)) < coupon.least:
            found.append(Missing(coupon.code, coupon.least - base, coupon.off))
    return sorted(found, key=lambda one: (one.fen, one.name))


def _base(terms: PromotionTerms, lines: Sequence[CartLine], one: Offer | Coupon) -> int:
    """The sum that an offer or coupon is reckoned on, when no other coupon is used."""
    before = terms.order[: terms.order.index(one.step)]
    so_far = PromotionTerms(before, terms.excludes, tuple(offer for offer in terms.offers if offer.step in before))
    amounts = quote(so_far, lines).lines
    return sum(
        amount
        for amount, line in zip(amounts, lines)  # noqa: B905
        if not one.categories or line.category in one.categories
    )
