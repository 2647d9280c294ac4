"""What goes back and by which way: freight, ways of payment, refused parcels, parts of an order with gifts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terms.document import TermsError
from terms.reasons import Reason
from terms.refunds import BoughtLine, Freight, refund_path, refused_parcel, return_freight, return_plan
from terms.return_terms import CAUSES, FILE, METHODS, RefundPath, read_returns

TERMS = read_returns().on(date(2026, 3, 1))


@pytest.mark.parametrize(
    ("cause", "insured", "payer", "most"),
    [
        ("no_reason", True, "buyer", 1200),
        ("no_reason", False, "buyer", 0),
        ("quality", True, "shop", 0),
        ("wrong_item", False, "shop", 0),
        ("damaged", True, "shop", 0),
    ],
)
def test_who_pays_the_way_back(cause: str, insured: bool, payer: str, most: int) -> None:
    found = return_freight(TERMS, cause, insured)
    assert (found.payer, found.covered_most) == (payer, most)
    assert any(one.holds for one in found.reasons) is (payer == "shop" or most > 0)


def test_an_insurance_covers_its_causes_only() -> None:
    found = return_freight(replace(TERMS, insured=frozenset()), "no_reason", True)
    assert found == Freight(
        "buyer",
        0,
        (Reason("shop_pays", False, (("cause", "no_reason"),)), Reason("insured", False, (("most", 0),))),
    )


@pytest.mark.parametrize(
    ("method", "to", "days"),
    [
        ("alipay", "origin", 1),
        ("wechat", "origin", 3),
        ("card", "origin", 7),
        ("credit", "credit", 3),
        ("balance", "balance", 0),
        ("cash", "balance", 1),
    ],
)
def test_ways_back(method: str, to: str, days: int) -> None:
    assert refund_path(TERMS, method) == RefundPath(to, days)
    assert set(TERMS.refund_paths) == METHODS


@pytest.mark.parametrize("price", [0, 799, 800, 801, 20000])
def test_a_parcel_refused_without_a_reason_costs_the_ways(price: int) -> None:
    found = refused_parcel(TERMS, "no_reason", price, 800)
    assert found.amount == max(0, price - 800)
    assert [(one.name, one.holds) for one in found.reasons] == [
        ("goods_back", True),
        ("freight_back", False),
        ("way_back", price == 0),
    ]


def test_a_shop_may_pay_the_way_back_of_a_refused_parcel() -> None:
    terms = replace(TERMS, refused={**TERMS.refused, "no_reason": "shop"})
    found = refused_parcel(terms, "no_reason", 5000, 0)
    assert (found.amount, [one.name for one in found.reasons]) == (5000, ["goods_back", "way_back"])


@given(st.sampled_from(sorted(CAUSES)), st.integers(0, 10**6), st.integers(0, 10**4))
def test_a_refused_parcel_never_brings_more_than_was_paid(cause: str, price: int, freight: int) -> None:
    amount = refused_parcel(TERMS, cause, price, freight).amount
    assert 0 <= amount <= price + freight
    assert cause == "no_reason" or amount == price + freight


def test_what_is_not_known_is_refused() -> None:
    with pytest.raises(ValueError, match="is no method"):
        refund_path(TERMS, "bitcoin")
    with pytest.raises(ValueError, match="is no cause"):
        return_freight(TERMS, "mood", False)
    with pytest.raises(ValueError, match="is no cause"):
        refused_parcel(TERMS, "mood", 1, 1)
    with pytest.raises(ValueError, match="negative"):
        refused_parcel(TERMS, "quality", -1, 1)


CREAM, SOAP, MIRROR = BoughtLine("cream", 20000), BoughtLine("soap", 5000, 2), BoughtLine("mirror", 3000, gift=True)


@pytest.mark.parametrize(
    ("gifts", "returned", "amount", "back"),
    [
        ("with_all", (0, 0, 0), 0, ()),
        ("with_all", (1, 0, 0), 16667, ()),
        ("with_all", (0, 1, 0), 4166, ()),
        ("with_all", (1, 1, 0), 20833, ()),
        ("with_all", (1, 2, 0), 25000, ("mirror",)),
        ("with_all", (1, 2, 1), 25000, ("mirror",)),
        ("with_any", (0, 0, 0), 0, ()),
        ("with_any", (0, 1, 0), 4166, ("mirror",)),
        ("with_any", (1, 2, 0), 25000, ("mirror",)),
    ],
)
def test_gifts_go_back_with_all_or_with_any(
    gifts: str, returned: tuple[int, ...], amount: int, back: tuple[str, ...]
) -> None:
    found = return_plan(replace(TERMS, gifts=gifts), [CREAM, SOAP, MIRROR], 25000, returned)
    assert (found.amount, found.gifts_back) == (amount, back)
    assert found.per_line[2] == 0
    assert found.reasons == (Reason("discounts_shared", True), Reason("gifts_stay", not back))


def test_an_order_without_gifts_or_discounts_has_nothing_to_tell() -> None:
    assert return_plan(TERMS, [CREAM], 20000, [1]).reasons == ()


@pytest.mark.parametrize("returned", [[2, 0, 0], [0, 0, 2], [-1, 0, 0], [1]])
def test_no_more_goes_back_than_was_bought(returned: list[int]) -> None:
    with pytest.raises(ValueError, match="no more pieces"):
        return_plan(TERMS, [CREAM, SOAP, MIRROR], 25000, returned)


BOUGHT = st.lists(
    st.builds(BoughtLine, st.uuids().map(str), st.integers(0, 50_000), st.integers(1, 5), st.booleans()),
    min_size=1,
    max_size=8,
)


@given(BOUGHT, st.data())
def test_a_plan_never_brings_more_than_was_paid(lines: list[BoughtLine], data: st.DataObject) -> None:
    paid = data.draw(st.integers(0, sum(one.price * one.quantity for one in lines if not one.gift)))
    returned = [data.draw(st.integers(0, one.quantity)) for one in lines]
    plan = return_plan(TERMS, lines, paid, returned)
    assert plan.amount == sum(plan.per_line)
    assert all(part == 0 for part, one in zip(plan.per_line, lines) if one.gift)  # noqa: B905
    assert 0 <= plan.amount <= paid
    everything = return_plan(TERMS, lines, paid, [one.quantity for one in lines])
    if any(not one.gift for one in lines):
        assert everything.amount == paid
        assert everything.gifts_back == tuple(one.sku for one in lines if one.gift)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("refused: {no_reason: buyer, quality: shop", "refused: {no_reason: buyer, quality: buyer", "shop's cost"),
        ("freight: {no_reason: buyer, quality: shop", "freight: {no_reason: buyer, quality: buyer", "shop's cost"),
        ("cash: {to: balance, days: 1}", "coins: {to: balance, days: 1}", "coins is not known here"),
        ("    cash: {to: balance, days: 1}\n", "", "cash is missing"),
        ("card: {to: origin", "card: {to: mattress", "to must be one of"),
        ("refused_freight: 8.00", "refused_freight: -8.00", "must be an amount"),
        ("gifts: with_all", "gifts: never", "gifts must be one of with_all, with_any"),
        ("from: delivered", "from: paid", "from must be one of created, delivered"),
        ("covers: [no_reason]", "covers: [regret]", "regret is not known here"),
        ("condition: [complete", "condition: [clean", "clean is not known here"),
    ],
)
def test_a_mistake_in_the_terms_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    bad = tmp_path / "returns.yml"
    bad.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(TermsError, match=rf"returns.yml, line \d+: .*{message}"):
        read_returns(bad)


def test_what_the_goods_must_be_like_is_told() -> None:
    assert TERMS.condition == ("complete", "unused", "with_accessories")
