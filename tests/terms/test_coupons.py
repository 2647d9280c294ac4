"""Why a coupon cannot be used, which ones are left out of the best price, and what is lost when goods go back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from terms.best_coupons import best
from terms.cart import STATES
from terms.coupons import in_time, lost_when_returned, why_not
from terms.promotions import (
    COUPON_STEPS,
    CartLine,
    Coupon,
    Offer,
    PromotionTerms,
    Shopper,
    quote,
    read_promotions,
)
from terms.reasons import Reason
from terms.shares import refund_of

TERMS = read_promotions().on(date(2026, 10, 31))
NOW = datetime(2026, 10, 31, 12, tzinfo=timezone(timedelta(hours=8)))
SECOND = timedelta(seconds=1)
TEA = CartLine("tea", "food", 10000)
SHOP = Coupon("S20", "shop_coupon", 9900, 2000, valid_from=NOW - timedelta(days=1), valid_until=NOW + timedelta(days=1))
PLATFORM = Coupon("P15", "platform_coupon", 8000, 1500)


def failed(
    coupon: Coupon,
    others: tuple[Coupon, ...] = (),
    lines: tuple[CartLine, ...] = (TEA,),
    terms: PromotionTerms = TERMS,
) -> list[Reason]:
    return [one for one in why_not(terms, lines, coupon, others, NOW) if not one.holds]


def test_every_check_of_a_coupon_that_fits_holds() -> None:
    reasons = why_not(TERMS, [TEA], SHOP, (), NOW)
    assert all(one.holds for one in reasons)
    assert [one.name for one in reasons] == [
        "used",
        "locked",
        "not_yet",
        "expired",
        "categories",
        "least",
        "same_kind",
        "excluded",
    ]


@pytest.mark.parametrize(
    ("begin", "end", "names"),
    [
        (NOW, NOW, []),
        (NOW + SECOND, NOW + SECOND, ["not_yet"]),
        (NOW - SECOND, NOW - SECOND, ["expired"]),
        (NOW.astimezone(timezone.utc), None, []),
        (None, None, []),
    ],
)
def test_both_ends_belong_to_its_time(begin: datetime | None, end: datetime | None, names: list[str]) -> None:
    coupon = replace(SHOP, valid_from=begin, valid_until=end)
    assert [one.name for one in failed(coupon)] == names
    assert in_time(coupon, NOW) is not bool(names)


@pytest.mark.parametrize("state", ["used", "locked", "expired"])
def test_a_coupon_that_is_gone_says_so_and_is_left_out(state: str) -> None:
    gone = replace(SHOP, state=state)
    assert [one.name for one in failed(gone)] == [state]
    assert best(TERMS, [TEA], [gone]).coupons == ()


@pytest.mark.parametrize(("price", "missing"), [(9900, None), (9899, 1), (0, 9900)])
def test_what_is_missing_is_named(price: int, missing: int | None) -> None:
    found = failed(SHOP, lines=(replace(TEA, price=price),))
    assert found == ([Reason("least", False, (("missing", missing),))] if missing else [])


def test_another_coupon_may_bring_the_cart_below_what_is_needed() -> None:
    assert failed(replace(PLATFORM, least=8001)) == []
    assert failed(replace(PLATFORM, least=8001), (SHOP,)) == [Reason("least", False, (("missing", 1),))]


def test_a_coupon_of_other_goods() -> None:
    assert [one.name for one in failed(replace(SHOP, least=0, categories=frozenset({"books"})))] == ["categories"]


def test_a_second_of_its_kind_and_what_excludes_it() -> None:
    other = replace(SHOP, code="S21")
    assert failed(SHOP, (other,)) == [Reason("same_kind", False, (("coupon", "S21"),))]
    terms = replace(TERMS, excludes=(frozenset({"shop_coupon", "platform_coupon"}),))
    assert failed(SHOP, (PLATFORM,), terms=terms) == [Reason("excluded", False, (("coupon", "P15"),))]


@pytest.mark.parametrize("bad", [{"valid_until": datetime(2026, 10, 31)}, {"state": "torn"}])
def test_a_coupon_that_cannot_be_is_refused(bad: dict) -> None:
    with pytest.raises(ValueError, match="a coupon needs times with their zone"):
        why_not(TERMS, [TEA], replace(SHOP, **bad), (), NOW)


def test_the_best_leaves_out_what_is_not_valid_now() -> None:
    late = replace(SHOP, valid_until=NOW - SECOND)
    assert best(TERMS, [TEA], [late, PLATFORM], NOW).coupons == (PLATFORM,)
    assert best(TERMS, [TEA], [late, PLATFORM]).coupons == (late, PLATFORM)


def test_a_coupon_reckons_with_the_price_of_the_moment() -> None:
    """As `best` does: what a limited price brings below its sum cannot be used, whoever asks."""
    limited = Offer("week", "limited_price", percent=10, since=NOW.date(), until=NOW.date())
    terms = replace(TERMS, offers=(limited,))
    assert failed(SHOP, terms=terms) == [Reason("least", False, (("missing", 900),))]
    assert best(terms, [TEA], [SHOP], NOW).coupons == ()
    assert all(one.holds for one in why_not(terms, [TEA], SHOP, (), NOW, Shopper(day=NOW.date() - timedelta(days=1))))


CARTS = st.lists(
    st.builds(
        CartLine,
        st.uuids().map(str),
        st.sampled_from(["books", "beauty", "food"]),
        st.integers(0, 40_000),
        st.integers(1, 4),
    ),
    min_size=1,
    max_size=6,
)
OFFERED = st.builds(
    Coupon,
    st.uuids().map(str),
    st.just("shop_coupon"),
    st.integers(0, 60_000),
    st.integers(1, 9_000),
    st.just(frozenset()),
)


@given(CARTS, OFFERED, OFFERED.map(lambda one: replace(one, step="platform_coupon")))
@settings(deadline=None)
def test_a_coupon_that_fits_takes_something_off(cart: list[CartLine], coupon: Coupon, other: Coupon) -> None:
    found = quote(TERMS, cart, [coupon, other])
    reached = all(one.holds for one in why_not(TERMS, cart, coupon, [other], NOW))
    left = quote(TERMS, cart).total
    assert (coupon.code in [one.name for one in found.discounts]) is (reached and left > 0)


MOMENTS = st.sampled_from([None, NOW - SECOND, NOW, NOW + SECOND])
ANY_COUPONS = st.lists(
    st.builds(
        replace,
        OFFERED,
        step=st.sampled_from(sorted(COUPON_STEPS)),
        state=st.sampled_from(sorted(STATES)),
        valid_from=MOMENTS,
        valid_until=MOMENTS,
    ),
    max_size=6,
)


@given(CARTS, ANY_COUPONS)
@settings(deadline=None)
def test_the_best_is_as_if_unusable_coupons_were_not_there(cart: list[CartLine], coupons: list[Coupon]) -> None:
    usable = [one for one in coupons if one.state == "usable" and in_time(one, NOW)]
    found = best(TERMS, cart, coupons, NOW)
    assert found == best(TERMS, cart, usable, NOW)
    for at, one in enumerate(found.coupons):
        others = found.coupons[:at] + found.coupons[at + 1 :]
        assert all(reason.holds for reason in why_not(TERMS, cart, one, others, NOW))


def test_what_is_lost_when_a_part_goes_back() -> None:
    cart = [replace(TEA, price=20000), CartLine("pan", "home", 12000)]
    found = lost_when_returned(TERMS, cart, [SHOP], [0, 1])
    assert (found.before, found.after) == (32000 - 5000 - 2000, 20000 - 2000)
    assert [one.name for one in found.lost] == ["shop_300_50"]
    assert lost_when_returned(TERMS, cart, [SHOP], [0, 0]).lost == ()
    gone = lost_when_returned(TERMS, cart, [SHOP], [1, 1])
    assert (gone.after, [one.name for one in gone.lost]) == (0, ["shop_300_50", "S20"])


@pytest.mark.parametrize("returned", [[2], [-1], []])
def test_no_more_can_go_back_than_there_is(returned: list[int]) -> None:
    with pytest.raises(ValueError, match="no more pieces"):
        lost_when_returned(TERMS, [TEA], [], returned)


@given(CARTS, st.data())
@settings(deadline=None)
def test_what_is_lost_never_touches_the_refund(cart: list[CartLine], data: st.DataObject) -> None:
    returned = [data.draw(st.integers(0, line.quantity)) for line in cart]
    found = lost_when_returned(TERMS, cart, [SHOP], returned)
    back = refund_of([line.price for line in cart], [line.quantity for line in cart], found.before, returned)
    assert 0 <= back <= found.before
    assert (
        found.after
        == quote(
            TERMS,
            [
                replace(line, quantity=line.quantity - gone)
                for line, gone in zip(cart, returned)  # noqa: B905
                if gone < line.quantity
            ],
            [SHOP],
        ).total
    )
    assert set(found.lost) <= set(quote(TERMS, cart, [SHOP]).discounts)
