"""What a cart costs: each offer alone, the written order, coupons, the best combination, and what is missing to the next step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import product
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from terms.best_coupons import best
from terms.document import TermsError
from terms.promotions import (
    COUPON_STEPS,
    FILE,
    CartLine,
    Coupon,
    Missing,
    Offer,
    PromotionTerms,
    Quote,
    go_together,
    missing,
    quote,
    read_promotions,
)

TERMS = read_promotions().on(date(2026, 10, 31))
TEA = CartLine("tea", "tea", 10000)
SHOP = Coupon("S20", "shop_coupon", 9900, 2000)
SHOES = Coupon("C10", "category_coupon", 5000, 1000, frozenset({"shoes"}))
PLATFORM = Coupon("P15", "platform_coupon", 15000, 1500)


def taken(found: Quote) -> list[tuple[str, int]]:
    return [(one.name, one.off) for one in found.discounts]


@pytest.mark.parametrize(
    ("line", "total"),
    [
        (CartLine("s", "beauty", 1001, 1), 1001),
        (CartLine("s", "beauty", 1001, 2), 1502),
        (CartLine("s", "beauty", 1001, 3), 2503),
        (CartLine("b", "books", 3000, 2), 6000),
        (CartLine("b", "books", 3000, 3), 6000),
        (CartLine("b", "books", 3000, 6), 12000),
        (CartLine("t", "tea", 29999), 29999),
        (CartLine("t", "tea", 30000), 25000),
        (CartLine("t", "tea", 59999), 54999),
        (CartLine("t", "tea", 60000), 50000),
        (CartLine("t", "tea", 120000), 105000),
    ],
)
def test_offers_at_their_bounds(line: CartLine, total: int) -> None:
    assert quote(TERMS, [line]).total == total


def test_the_cheapest_of_three_different_books_is_free() -> None:
    books = [CartLine("a", "books", 5000), CartLine("b", "books", 3000), CartLine("c", "books", 4000)]
    assert quote(TERMS, books).lines == (5000, 0, 4000)
    assert quote(TERMS, [*books, CartLine("d", "books", 1000)]).lines == (5000, 0, 4000, 1000)


def test_discounts_come_in_the_written_order() -> None:
    cart = [replace(TEA, price=30500)]
    found = quote(TERMS, cart, [PLATFORM, SHOP])
    assert taken(found) == [("shop_300_50", 5000), ("S20", 2000), ("P15", 1500)]
    assert [one.base for one in found.discounts] == [30500, 25500, 23500]
    swapped = {"shop_step": "shop_coupon", "shop_coupon": "shop_step"}
    order = tuple(swapped.get(step, step) for step in TERMS.order)
    assert taken(quote(replace(TERMS, order=order), cart, [SHOP])) == [("S20", 2000)], "285.00 is below 300.00"


@pytest.mark.parametrize(("price", "off"), [(9899, 0), (9900, 2000)])
def test_a_coupon_needs_its_sum(price: int, off: int) -> None:
    assert quote(TERMS, [replace(TEA, price=price)], [SHOP]).total == price - off


def test_a_coupon_of_a_category_is_borne_by_its_lines() -> None:
    cart = [TEA, CartLine("x", "shoes", 4000), CartLine("y", "shoes", 2000)]
    assert quote(TERMS, cart, [SHOES]).lines == (10000, 3333, 1667)
    assert quote(TERMS, [TEA], [SHOES]).discounts == ()


def test_a_coupon_is_never_worth_more_than_what_it_is_for() -> None:
    assert quote(TERMS, [replace(TEA, price=500)], [replace(SHOP, least=0)]).total == 0


def test_what_excludes_each_other() -> None:
    terms = replace(
        TERMS, excludes=(frozenset({"shop_coupon", "platform_coupon"}), frozenset({"shop_step", "shop_coupon"}))
    )
    cart = [replace(TEA, price=30000)]
    with pytest.raises(ValueError, match="do not go together"):
        quote(terms, cart, [SHOP, PLATFORM])
    assert taken(quote(terms, cart, [SHOP])) == [("S20", 2000)], "the offer gives way to the coupon that was chosen"
    assert best(terms, cart, [SHOP, PLATFORM]).coupons == (PLATFORM,), "50.00 + 15.00 off is more than 20.00"


def test_two_coupons_of_a_kind_are_refused() -> None:
    with pytest.raises(ValueError, match="do not go together"):
        quote(TERMS, [TEA], [SHOP, replace(SHOP, code="S21")])


@pytest.mark.parametrize(
    ("lines", "coupons"),
    [([replace(TEA, price=-1)], []), ([replace(TEA, quantity=0)], []), ([TEA], [replace(SHOP, step="shop_step")])],
)
def test_what_cannot_be_is_refused(lines: list[CartLine], coupons: list[Coupon]) -> None:
    with pytest.raises(ValueError, match="needs"):
        quote(TERMS, lines, coupons)


def test_what_is_missing_to_the_next_step() -> None:
    cart = [replace(TEA, price=9000), CartLine("x", "shoes", 4000)]
    assert missing(TERMS, cart, [SHOP, SHOES, PLATFORM]) == [
        Missing("C10", 1000, 1000),
        Missing("P15", 2000, 1500),
        Missing("shop_300_50", 17000, 5000),
    ]
    assert missing(TERMS, [replace(TEA, price=90000)], [PLATFORM]) == [], "the third step is the last"


def test_putting_in_what_is_missing_brings_the_discount() -> None:
    cart = [replace(TEA, price=9000)]
    for one in missing(TERMS, cart, [PLATFORM]):
        fuller = [replace(TEA, price=9000 + one.fen)]
        assert one.name in dict(taken(quote(TERMS, fuller, [PLATFORM])))
        short = [replace(TEA, price=9000 + one.fen - 1)]
        assert one.name not in dict(taken(quote(TERMS, short, [PLATFORM])))


CATEGORIES = ["beauty", "books", "shoes", "tea"]
SOME = st.frozensets(st.sampled_from(CATEGORIES), max_size=2)
CARTS = st.lists(
    st.builds(CartLine, st.uuids().map(str), st.sampled_from(CATEGORIES), st.integers(0, 50_000), st.integers(1, 4)),
    min_size=1,
    max_size=8,
)
COUPONS = st.lists(
    st.builds(
        Coupon,
        st.uuids().map(str),
        st.sampled_from(sorted(COUPON_STEPS)),
        st.integers(0, 60_000),
        st.integers(0, 9_000),
        SOME,
    ),
    max_size=7,
)
PAIRS = st.lists(st.frozensets(st.sampled_from(sorted(TERMS.order[5:])), min_size=2, max_size=2), max_size=2).map(tuple)


def every_way(coupons: Sequence[Coupon], terms: PromotionTerms) -> list[tuple[Coupon, ...]]:
    kinds = [[None, *(one for one in coupons if one.step == step)] for step in sorted(COUPON_STEPS)]
    ways = [tuple(one for one in way if one is not None) for way in product(*kinds)]
    return [way for way in ways if go_together(terms, way)]


@given(CARTS, COUPONS, PAIRS)
@settings(deadline=None)
def test_prices_add_up_and_none_is_negative(cart: list[CartLine], coupons: list[Coupon], pairs: tuple) -> None:
    terms = replace(TERMS, excludes=pairs)
    for way in every_way(coupons, terms):
        found = quote(terms, cart, way)
        full = sum(line.price * line.quantity for line in cart)
        assert found.total == sum(found.lines) == full - sum(one.off for one in found.discounts)
        assert all(0 <= amount <= line.price * line.quantity for amount, line in zip(found.lines, cart))  # noqa: B905
        assert [TERMS.order.index(one.step) for one in found.discounts] == sorted(
            TERMS.order.index(one.step) for one in found.discounts
        )


@given(CARTS, COUPONS, PAIRS)
@settings(deadline=None)
def test_the_best_is_the_cheapest_of_all(cart: list[CartLine], coupons: list[Coupon], pairs: tuple) -> None:
    terms = replace(TERMS, excludes=pairs)
    found = best(terms, cart, coupons)
    assert found.quote == quote(terms, cart, found.coupons)
    assert found.quote.total == min(quote(terms, cart, way).total for way in every_way(coupons, terms))


def test_the_greedy_choice_is_not_the_best() -> None:
    """The larger shop coupon would bring the cart below what the platform's larger coupon needs."""
    cart = [replace(TEA, price=20000)]
    coupons = [
        Coupon("S30", "shop_coupon", 0, 3000),
        Coupon("S10", "shop_coupon", 0, 1000),
        Coupon("P60", "platform_coupon", 18000, 6000),
    ]
    assert [one.code for one in best(TERMS, cart, coupons).coupons] == ["S10", "P60"]


def test_of_equal_prices_the_fewest_coupons_are_used() -> None:
    free = replace(SHOP, least=0, off=99999)
    assert best(TERMS, [TEA], [free, replace(PLATFORM, least=0)]).coupons == (free,)


def test_thirty_lines_and_twenty_coupons_are_quick() -> None:
    cart = [CartLine(str(at), CATEGORIES[at % 4], 500 + 977 * at, 1 + at % 4) for at in range(30)]
    steps = sorted(COUPON_STEPS)
    coupons = [Coupon(str(at), steps[at % 3], 9000 * at, 100 + 431 * at) for at in range(20)]
    times = []
    for _ in range(5):
        started = perf_counter()
        best(TERMS, cart, coupons)
        times.append(perf_counter() - started)
    assert min(times) < 0.05


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "  - limited_price\n  - member_price",
            "  - shop_step\n  - member_price",
            "limited_price is missing in the order",
        ),
        (
            "  - bundle\n  - second_at_half\n  - buy_get",
            "  - buy_get\n  - second_at_half\n  - bundle\n  - bundle",
            "twice",
        ),
        ("  - member_price\n  - bundle", "  - bundle\n  - member_price", "must come first"),
        ("  - buy_get\n  - shop_step", "  - shop_step\n  - buy_get", "must come first"),
        ("every: 300.00, off: 50.00", "every: 30.00, off: 50.00", "off cannot be more than every"),
        ("every: 300.00, off: 50.00", "every: 300.00, of: 50.00", "of is not known here"),
        ("buy: 2, free: 1", "buy: 0, free: 1", "must be at least 1"),
        ("name: books_3_for_2", "name: shop_300_50", "shop_300_50 stands here twice"),
        ("excludes: &excludes []", "excludes: &excludes [[shop_step, gifts]]", "gifts is not known here"),
        ("excludes: &excludes []", "excludes: &excludes [[shop_step, shop_step]]", "two different steps make a pair"),
        ("excludes: &excludes []", "excludes: &excludes [[limited_price, member_price]]", "never add up"),
        (", en: '¥50 off every ¥300, ¥150 at most'", "", "en is missing"),
        ("fee: 8.00", "fee: eight", "fee must be an amount"),
        ("most_percent: 10", "most_percent: 101", "most_percent is 100 at most"),
        ("worth: 0.01", "worth: 0.00", "worth 0.01 at least"),
        ("deposit_back: shop_fault_only", "deposit_back: never", "must be one of always, shop_fault_only"),
        ("fault_times: 2", "fault_times: 1", "twice when the shop fails"),
    ],
)
def test_a_mistake_in_the_terms_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    bad = tmp_path / "promotions.yml"
    bad.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(TermsError, match=rf"promotions.yml, line \d+: .*{message}"):
        read_promotions(bad)


def test_offers_of_the_file_are_read() -> None:
    assert replace(TERMS.offers[0], says={}) == Offer("shop_300_50", "shop_step", every=30000, off=5000, most=3)


@pytest.mark.parametrize(
    ("day", "sale"), [("2026-10-31", False), ("2026-11-01", True), ("2026-12-12", True), ("2026-12-13", False)]
)
def test_the_sale_has_its_days(day: str, sale: bool) -> None:
    terms = read_promotions().on(date.fromisoformat(day))
    assert ("platform_300_30" in [one.name for one in terms.offers]) is sale
    assert quote(terms, [replace(TEA, price=70000)]).total == (54000 if sale else 60000)


def test_the_versions_differ_in_nothing_but_the_sale() -> None:
    before, sale, after = (one.terms for one in read_promotions().versions)
    assert before == after
    assert replace(sale, offers=before.offers) == before


@pytest.mark.parametrize("offer", read_promotions().on(date(2026, 11, 11)).offers, ids=lambda one: one.name)
def test_what_is_said_of_an_offer_names_its_figures(offer: Offer) -> None:
    figures = [offer.every // 100, offer.off // 100, offer.off * offer.most // 100] if offer.every else []
    figures += [offer.buy + offer.free] if offer.buy else []
    for said in offer.says.values():
        assert all(str(figure) in said for figure in figures)
