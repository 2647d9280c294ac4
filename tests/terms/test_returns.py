"""Returns: every boundary day, every exception, and the chain of reasons."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terms.document import TermsError
from terms.returns import CAUSES, FILE, KINDS, Goods, Reason, fraud_compensation, read_returns, rule

SIGNED = date(2026, 3, 1)
TERMS = read_returns().on(SIGNED)
SHIRT = Goods("no_reason", SIGNED)


def after(days: int) -> date:
    return SIGNED + timedelta(days=days)


@pytest.mark.parametrize(
    ("cause", "day", "outcome"),
    [
        ("no_reason", 0, "return"),
        ("no_reason", 7, "return"),
        ("no_reason", 8, "refuse"),
        ("quality", 7, "return"),
        ("quality", 8, "exchange"),
        ("quality", 15, "exchange"),
        ("quality", 16, "repair"),
        ("quality", 365, "repair"),
        ("quality", 366, "refuse"),
        ("wrong_item", 7, "return"),
        ("damaged", 8, "exchange"),
    ],
)
def test_boundary_days(cause: str, day: int, outcome: str) -> None:
    assert rule(TERMS, replace(SHIRT, cause=cause), after(day)).outcome == outcome


def test_the_chain_of_reasons() -> None:
    ruling = rule(TERMS, SHIRT, after(5))
    assert ruling.reasons == (
        Reason("no_reason_days", True, (("day", 5), ("days", 7))),
        Reason("never", True),
        Reason("intact", True),
    )
    assert (ruling.until, ruling.freight) == (after(7), "buyer")


@pytest.mark.parametrize("kind", sorted(TERMS.never))
def test_what_never_goes_back_without_a_reason_does_when_it_is_faulty(kind: str) -> None:
    refused = rule(TERMS, replace(SHIRT, kinds=frozenset({kind})), after(1))
    assert refused.outcome == "refuse"
    assert Reason("never", False, (("kind", kind),)) in refused.reasons
    faulty = rule(TERMS, replace(SHIRT, cause="quality", kinds=frozenset({kind})), after(1))
    assert (faulty.outcome, faulty.freight) == ("return", "shop")


@pytest.mark.parametrize("kind", sorted(TERMS.agreed))
def test_an_exception_by_agreement_needs_the_agreement(kind: str) -> None:
    goods = replace(SHIRT, kinds=frozenset({kind}))
    assert rule(TERMS, goods, after(1)).outcome == "return"
    assert rule(TERMS, replace(goods, agreed=True), after(1)).outcome == "refuse"


def test_used_goods_stay_unless_they_are_faulty() -> None:
    assert rule(TERMS, replace(SHIRT, intact=False), after(1)).reasons[-1] == Reason("intact", False)
    assert rule(TERMS, replace(SHIRT, intact=False, cause="quality"), after(1)).outcome == "return"


def test_nothing_is_ruled_on_before_it_is_signed_for() -> None:
    assert rule(TERMS, replace(SHIRT, signed=None), SIGNED).reasons == (Reason("not_signed", False),)


@pytest.mark.parametrize("goods", [replace(SHIRT, cause="mood"), replace(SHIRT, kinds=frozenset({"red"}))])
def test_unknown_facts_are_refused(goods: Goods) -> None:
    with pytest.raises(ValueError, match="is not known"):
        rule(TERMS, goods, SIGNED)


def test_a_day_of_signing_in_the_future_is_refused() -> None:
    with pytest.raises(ValueError, match="after today"):
        rule(TERMS, SHIRT, after(-1))


@given(
    st.sampled_from(sorted(CAUSES)),
    st.frozensets(st.sampled_from(sorted(KINDS))),
    st.booleans(),
    st.booleans(),
    st.integers(0, 800),
)
def test_a_remedy_always_lies_ahead_and_a_refusal_always_has_a_cause(
    cause: str, kinds: frozenset[str], agreed: bool, intact: bool, day: int
) -> None:
    ruling = rule(TERMS, Goods(cause, SIGNED, kinds, agreed, intact), after(day))
    if ruling.outcome == "refuse":
        assert not all(one.holds for one in ruling.reasons)
    else:
        assert ruling.until is not None
        assert ruling.until >= after(day)
        assert ruling.freight in ("buyer", "shop")
        assert ruling.reasons[-1].holds


@given(st.integers(0, 800), st.integers(0, 30))
def test_waiting_never_helps(day: int, more: int) -> None:
    order = ["refuse", "repair", "exchange", "return"]
    for cause in CAUSES:
        now, later = (rule(TERMS, Goods(cause, SIGNED), after(one)).outcome for one in (day, day + more))
        assert order.index(later) <= order.index(now)


@pytest.mark.parametrize(("price", "owed"), [(0, 50000), (16666, 50000), (16667, 50001), (100000, 300000)])
def test_fraud_costs_three_times_the_price_and_at_least_500(price: int, owed: int) -> None:
    assert fraud_compensation(TERMS, price) == owed


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("no_reason_days: 7", "no_reason_days: 6", "the law gives seven days"),
        ("quality_exchange_days: 15", "quality_exchange_days: 3", "at least as long as a return"),
        ("never: [made_to_order", "never: [made_to_ordre", "made_to_ordre is not known here"),
        ("no_reason: buyer", "no_reason: us", "no_reason must be one of buyer, shop"),
        ("least: 500.00", "least: much", "least must be an amount"),
    ],
)
def test_a_mistake_in_the_terms_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    bad = tmp_path / "returns.yml"
    bad.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(TermsError, match=rf"returns.yml, line \d+: .*{message}"):
        read_returns(bad)
