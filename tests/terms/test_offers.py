"""Offers on pieces and prices: limited and member prices, sets, their times, and whom they are open to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from terms.best_coupons import best
from terms.cart import LEVELS, CartLine, Coupon, Shopper
from terms.document import TermsError
from terms.offers import Offer
from terms.promotions import FILE, PromotionTerms, missing, quote, read_promotions

TERMS = replace(read_promotions().on(date(2026, 10, 31)), offers=())
CLOCK = timezone(timedelta(hours=8))
DAY = date(2026, 11, 10)
BALL = CartLine("ball", "sport", 10000)
LIMITED = Offer("week", "limited_price", categories=frozenset({"sport"}), percent=10, since=DAY, until=DAY)
MEMBER = Offer("members", "member_price", levels={"silver": 5, "gold": 15})


def having(*offers: Offer) -> PromotionTerms:
    return replace(TERMS, offers=offers)


@pytest.mark.parametrize(
    ("day", "total"),
    [
        (None, 10000),
        (date(2026, 11, 9), 10000),
        (DAY, 9000),
        (date(2026, 11, 11), 10000),
        (datetime(2026, 11, 9, 23, 59, 59, tzinfo=CLOCK), 10000),
        (datetime(2026, 11, 10, 0, 0, tzinfo=CLOCK), 9000),
        (datetime(2026, 11, 10, 23, 59, 59, tzinfo=CLOCK), 9000),
        (datetime(2026, 11, 10, 16, 0, tzinfo=timezone.utc), 10000),
    ],
)
def test_a_limited_price_holds_on_its_days_by_the_shops_clock(day: date | None, total: int) -> None:
    assert quote(having(LIMITED), [BALL], (), Shopper(day=day)).total == total


def test_a_limited_price_may_begin_at_an_hour() -> None:
    begin = datetime(2026, 11, 10, 20, 0, tzinfo=CLOCK)
    offer = replace(LIMITED, since=begin)
    assert not offer.open_to(Shopper(day=begin - timedelta(seconds=1)))
    assert offer.open_to(Shopper(day=begin))
    assert not offer.open_to(Shopper(day=DAY)), "it does not hold the whole day"


@pytest.mark.parametrize(("level", "total"), [("regular", 9000), ("silver", 9000), ("gold", 8500)])
def test_the_better_of_a_limited_and_a_member_price_counts(level: str, total: int) -> None:
    shopper = Shopper(level, DAY)
    for offers in ((LIMITED, MEMBER), (MEMBER, LIMITED)):
        found = quote(having(*offers), [BALL], (), shopper)
        assert found.total == total
        assert [(one.name, one.off) for one in found.discounts] == [
            ("members" if level == "gold" else "week", 10000 - total)
        ]


def test_each_line_has_its_own_better_price() -> None:
    found = quote(
        having(LIMITED, MEMBER), [BALL, replace(BALL, sku="tea", category="food")], (), Shopper("silver", DAY)
    )
    assert found.lines == (9000, 9500)
    assert [(one.name, one.base) for one in found.discounts] == [("week", 10000), ("members", 10000)]


def test_prices_by_sku_and_an_odd_fen_is_paid() -> None:
    fixed = Offer("fixed", "limited_price", skus=frozenset({"ball"}), prices={"ball": 7777})
    assert quote(having(fixed), [replace(BALL, quantity=2), replace(BALL, sku="net")]).lines == (15554, 10000)
    assert quote(having(replace(fixed, prices={"ball": 12000})), [BALL]).total == 10000, "no price goes up"
    assert quote(having(MEMBER), [replace(BALL, price=1005)], (), Shopper("silver")).total == 955


def test_offers_on_pieces_reckon_with_the_reduced_price() -> None:
    half = Offer("half", "second_at_half")
    assert quote(having(half, MEMBER), [replace(BALL, quantity=2)], (), Shopper("gold")).total == 8500 + 4250


@pytest.mark.parametrize(
    ("offer", "quantities", "total"),
    [
        (Offer("three", "bundle", pieces=3, price=9900), (1, 1, 0), 11000),
        (Offer("three", "bundle", pieces=3, price=9900), (1, 1, 1), 9900),
        (Offer("three", "bundle", pieces=3, price=9900), (2, 2, 0), 9900 + 5000),
        (Offer("three", "bundle", pieces=3, price=9900), (3, 3, 0), 9900 + 9900),
        (Offer("three", "bundle", pieces=3, price=9900, most=1), (3, 3, 0), 9900 + 15000),
        (Offer("three", "bundle", pieces=3, price=29900), (1, 1, 1), 15000),
        (Offer("set", "bundle", skus=frozenset({"a", "b"}), off=1500), (1, 0, 3), 6000 + 12000),
        (Offer("set", "bundle", skus=frozenset({"a", "b"}), off=1500), (2, 1, 0), 15500),
        (Offer("set", "bundle", skus=frozenset({"a", "b"}), off=1500), (3, 2, 1), 29000),
        (Offer("set", "bundle", skus=frozenset({"a", "b"}), price=10000), (1, 1, 1), 14000),
        (Offer("set", "bundle", skus=frozenset({"a", "b"}), off=99900), (1, 1, 1), 4000),
    ],
)
def test_sets(offer: Offer, quantities: tuple[int, ...], total: int) -> None:
    skus = (("a", 6000), ("b", 5000), ("c", 4000))
    cart = [CartLine(sku, "home", price, count) for (sku, price), count in zip(skus, quantities) if count]  # noqa: B905
    assert quote(having(offer), cart).total == total


def test_a_set_is_shared_over_its_pieces() -> None:
    offer = Offer("set", "bundle", skus=frozenset({"a", "b"}), off=1100)
    cart = [CartLine("b", "home", 5000), CartLine("c", "home", 100), CartLine("a", "home", 6000)]
    assert quote(having(offer), cart).lines == (4500, 100, 5400)


@pytest.mark.parametrize("bad", [{"level": "platinum"}, {"day": datetime(2026, 11, 10)}])
def test_a_shopper_that_cannot_be_is_refused(bad: dict) -> None:
    with pytest.raises(ValueError, match="a shopper needs"):
        Shopper(**bad)


def test_missing_and_best_reckon_with_the_shopper() -> None:
    step = Offer("step", "shop_step", every=10000, off=1000, most=1)
    terms = having(MEMBER, step)
    assert [one.fen for one in missing(terms, [BALL], [], Shopper("gold"))] == [1500]
    coupon = Coupon("C", "shop_coupon", 9000, 500)
    assert best(terms, [BALL], [coupon], shopper=Shopper("gold")).coupons == ()
    assert best(terms, [BALL], [coupon]).coupons == (coupon,)
    now = datetime(2026, 11, 10, 12, tzinfo=CLOCK)
    assert best(having(LIMITED), [BALL], [], now).quote.total == 9000, "the moment is the shopper's day"


@pytest.mark.parametrize(("second", "total"), [(-1, 10000), (0, 9000), (24 * 3600 - 1, 9000), (24 * 3600, 10000)])
def test_the_best_price_knows_the_moment(second: int, total: int) -> None:
    now = datetime(2026, 11, 10, tzinfo=CLOCK) + timedelta(seconds=second)
    assert best(having(LIMITED), [BALL], [], now).quote.total == total
    assert best(having(LIMITED), [BALL], [], now, Shopper(day=DAY)).quote.total == 9000, "a day that is given counts"


def test_a_price_gives_way_to_a_coupon_that_excludes_it() -> None:
    terms = replace(having(MEMBER), excludes=(frozenset({"member_price", "shop_coupon"}),))
    coupon = Coupon("C", "shop_coupon", 0, 500)
    assert quote(terms, [BALL], [coupon], Shopper("gold")).total == 9500
    assert best(terms, [BALL], [coupon], shopper=Shopper("gold")).quote.total == 8500


CARTS = st.lists(
    st.builds(
        CartLine,
        st.sampled_from("abcd"),
        st.sampled_from(["sport", "home"]),
        st.integers(0, 9999),
        st.integers(1, 4),
    ),
    max_size=6,
)
SOME = st.frozensets(st.sampled_from("abcd"), min_size=2, max_size=3)
BUNDLES = st.one_of(
    st.builds(Offer, st.just("b"), st.just("bundle"), pieces=st.integers(2, 4), price=st.integers(0, 9999)),
    st.builds(Offer, st.just("b"), st.just("bundle"), skus=SOME, off=st.integers(1, 9999), most=st.integers(0, 2)),
)


@given(CARTS, BUNDLES, st.sampled_from(sorted(LEVELS)), st.integers(1, 99), st.booleans())
@settings(deadline=None)
def test_no_line_falls_below_zero_and_all_adds_up(
    cart: list[CartLine], bundle: Offer, level: str, percent: int, timely: bool
) -> None:
    limited = replace(LIMITED, percent=percent)
    half, free = Offer("half", "second_at_half"), Offer("free", "buy_get", buy=1, free=1)
    found = quote(having(limited, MEMBER, bundle, half, free), cart, (), Shopper(level, DAY if timely else None))
    full = [line.price * line.quantity for line in cart]
    assert all(0 <= amount <= whole for amount, whole in zip(found.lines, full))  # noqa: B905
    assert found.total == sum(found.lines) == sum(full) - sum(one.off for one in found.discounts)


@given(CARTS, st.integers(1, 99), st.integers(1, 99))
@settings(deadline=None)
def test_limited_and_member_price_are_never_both_taken(cart: list[CartLine], limited: int, member: int) -> None:
    shopper = Shopper("gold", DAY)
    one, other = replace(LIMITED, percent=limited), replace(MEMBER, levels={"gold": member})
    both = quote(having(one, other), cart, (), shopper).lines
    alone = [quote(having(offer), cart, (), shopper).lines for offer in (one, other)]
    assert both == tuple(min(pair) for pair in zip(*alone))  # noqa: B905


@given(CARTS, BUNDLES)
@settings(deadline=None)
def test_a_set_takes_no_more_than_its_goods_cost(cart: list[CartLine], bundle: Offer) -> None:
    found = quote(having(bundle), cart)
    about = [line.price * line.quantity if bundle.is_about(line) else 0 for line in cart]
    off = [line.price * line.quantity - left for line, left in zip(cart, found.lines)]  # noqa: B905
    assert all(0 <= taken <= cost for taken, cost in zip(off, about))  # noqa: B905
    assert not bundle.most or sum(off) <= bundle.off * bundle.most


SAYS = "says: {zh: 好, en: good}"


@pytest.mark.parametrize(
    ("offer", "message"),
    [
        ("step: limited_price, percent: 10", "needs from and until"),
        ("step: limited_price, from: 2026-11-10, until: 2026-11-10", "either prices or percent"),
        ("step: limited_price, percent: 0, from: 2026-11-10, until: 2026-11-10", "must be from 1 to 99"),
        ("step: limited_price, percent: 5, from: 2026-11-10, until: 2026-11-09", "lies before"),
        ("step: limited_price, percent: 5, from: 2026-11-10T20:00, until: 2026-11-11", "must be a moment"),
        ("step: limited_price, percent: 5, from: 2026-11-10T99:00+08:00, until: 2026-11-11", "must be a moment"),
        ("step: limited_price, prices: {a: dear}, from: 2026-11-10, until: 2026-11-11", "a must be an amount"),
        (
            "step: limited_price, prices: {a: 1.00}, skus: [a], from: 2026-11-10, until: 2026-11-11",
            "name their skus themselves",
        ),
        ("step: member_price, levels: {platinum: 5}", "platinum is not known here"),
        ("step: member_price, levels: {gold: 100}", "gold must be from 1 to 99"),
        ("step: bundle, pieces: 3", "either a price or what is off"),
        ("step: bundle, pieces: 1, off: 1.00", "two pieces or more"),
        ("step: bundle, skus: [a], off: 1.00", "one each of two skus"),
        ("step: bundle, skus: [a, a], off: 1.00", "one each of two skus"),
        ("step: bundle, off: 1.00", "skus is missing"),
        ("step: bundle, skus: [a, b], off: 0.00", "off must be more than nothing"),
        ("step: second_at_half, skus: []", "skus must name one at least"),
        ("step: second_at_half, categories: []", "categories must name one at least"),
        ("step: second_at_half, off: 1.00", "off says nothing about second_at_half"),
    ],
)
def test_a_mistake_in_an_offer_is_named(tmp_path: Path, offer: str, message: str) -> None:
    text = FILE.read_text(encoding="utf-8")
    bad = tmp_path / "promotions.yml"
    bad.write_text(text.replace("  offers:\n", f"  offers:\n  - {{name: x, {SAYS}, {offer}}}\n", 1), encoding="utf-8")
    with pytest.raises(TermsError, match=rf"promotions.yml, line \d+: .*{message}"):
        read_promotions(bad)


def test_offers_of_every_kind_are_read(tmp_path: Path) -> None:
    offers = [
        "step: limited_price, categories: [sport], percent: 10, from: 2026-11-10T20:00+08:00, until: 2026-11-11",
        "step: limited_price, prices: {a: 1.00, b: 2.50}, from: 2026-11-10, until: 2026-11-12",
        "step: member_price, levels: {silver: 3, gold: 5}",
        "step: bundle, categories: [books], pieces: 3, price: 99.00, most: 2",
        "step: bundle, skus: [a, b], off: 20.00",
    ]
    lines = "".join(f"  - {{name: x{at}, {SAYS}, {offer}}}\n" for at, offer in enumerate(offers))
    text = FILE.read_text(encoding="utf-8").replace("  offers:\n", f"  offers:\n{lines}", 1)
    file = tmp_path / "promotions.yml"
    file.write_text(text, encoding="utf-8")
    found = read_promotions(file).on(date(2026, 10, 31)).offers
    assert found[0].since == datetime(2026, 11, 10, 20, tzinfo=CLOCK)
    assert (found[1].prices, found[1].skus) == ({"a": 100, "b": 250}, frozenset("ab"))
    assert found[2].levels == {"silver": 3, "gold": 5}
    assert (found[3].pieces, found[3].price, found[3].most) == (3, 9900, 2)
    assert (found[4].skus, found[4].off) == (frozenset("ab"), 2000)
