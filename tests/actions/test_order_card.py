"""The card of docs/frames.md, state by state."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from msgspec.structs import replace

from actions.order_card import Parcel, items_in_words, next_step, order_card
from actions.wording import Wording
from shop.order import ORDER_STATES
from tests.actions.test_wording import DOMAIN
from tests.shop_double import NOW, order, refund, shipment

ZH, EN = Wording(DOMAIN, "zh"), Wording(DOMAIN, "en")
PARCEL = Parcel("顺丰速运", "SF1", shipment("SF1"))


def test_the_card_has_the_shape_of_the_contract() -> None:
    when = datetime(2026, 11, 19, 2, 11, tzinfo=timezone.utc)
    card = order_card(order(paid_at=when), [PARCEL], ZH, NOW)
    assert set(card) == {"type", "number", "state", "items", "amount", "paid_at", "shipped_at", "shipments", "next"}
    assert card["type"] == "order"
    assert card["state"] == {"code": "in_transit", "label": "运输中"}
    assert card["items"] == [{"name": "羊绒围巾", "spec": "驼色", "quantity": 1, "price": "299.00", "image": None}]
    assert card["paid_at"] == "2026-11-19T02:11:00.000Z"
    (parcel,) = card["shipments"]
    assert set(parcel) == {"carrier", "tracking_number", "state", "events", "unavailable"}
    assert len(parcel["events"]) == 3
    assert parcel["events"][0]["text"] == "快件到达 第1站"
    assert parcel["events"] == sorted(parcel["events"], key=lambda event: event["at"], reverse=True)


def test_nobody_is_named_on_the_card() -> None:
    text = str(order_card(order(), [PARCEL], ZH, NOW))
    assert "3388" not in text
    assert "王" not in text


@pytest.mark.parametrize("state", ORDER_STATES)
@pytest.mark.parametrize("wording", [ZH, EN], ids=["zh", "en"])
def test_every_state_has_a_next_step_without_any_date(state: str, wording: Wording) -> None:
    sentence = next_step(order(state=state, delivered_at=None), [], wording, NOW)
    assert sentence
    assert "{" not in sentence


@pytest.mark.parametrize("state", ["paid", "packed", "pre_sale", "partly_shipped"])
@pytest.mark.parametrize(("days", "words"), [(2, "预计"), (-2, "已经晚了")])
def test_a_day_of_sending(state: str, days: int, words: str) -> None:
    expected = NOW + timedelta(days=days)
    sentence = next_step(order(state=state, expected_ship_at=expected), [], ZH, NOW)
    assert words in sentence
    assert ZH.day(expected) in sentence


@pytest.mark.parametrize("state", ["shipped", "in_transit", "out_for_delivery"])
@pytest.mark.parametrize(("days", "words"), [(2, "预计"), (-2, "已过预计")])
def test_a_day_of_arrival(state: str, days: int, words: str) -> None:
    parcel = Parcel("顺丰速运", "SF1", shipment("SF1", arrives_in_days=days))
    assert words in next_step(order(state=state), [parcel], ZH, NOW)


def test_no_day_is_named_when_a_parcel_has_none() -> None:
    parcels = [PARCEL, Parcel("顺丰速运", "SF2", None, silent=True)]
    assert next_step(order(), parcels, ZH, NOW) == "包裹正在路上，派送前快递员会联系您。"


@pytest.mark.parametrize(("state", "words"), [("pending", "正在处理"), ("done", "完成"), ("rejected", "没有通过")])
@pytest.mark.parametrize("of_order", ["refused", "returned", "refunded", "cancelled"])
def test_a_refund_is_what_comes_next(of_order: str, state: str, words: str) -> None:
    sentence = next_step(order(state=of_order, refund=refund(state)), [], ZH, NOW)
    assert words in sentence
    assert "299.00" in sentence


def test_a_silent_carrier() -> None:
    card: dict[str, Any] = order_card(order(), [Parcel("顺丰速运", "SF1", None, silent=True)], ZH, NOW)
    (parcel,) = card["shipments"]
    assert parcel["unavailable"] is True
    assert parcel["events"] == []


def test_items_in_words() -> None:
    item = order().items[0]
    assert items_in_words(order(), ZH) == "羊绒围巾"
    assert items_in_words(order(items=(item, item)), ZH) == "羊绒围巾 等 2 件"
    assert items_in_words(order(items=(item, item)), EN) == "羊绒围巾 and more (2 pieces)"
    assert items_in_words(order(items=(replace(item, quantity=2),)), ZH) == "羊绒围巾 ×2"
    assert items_in_words(order(items=(replace(item, quantity=2),)), EN) == "羊绒围巾 ×2"
