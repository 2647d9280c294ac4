"""The seed: every state is there, the same data comes out each time, and its dates make sense."""

import subprocess
from collections import Counter
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from shop.order import ORDER_STATES, SHIPMENT_STATES
from shop.seed.calendar import BEIJING, Calendar
from shop.seed.orders import SeedOrder, make_orders
from shop.seed.stock import Stock, read_stock
from shop.testing import PYTHON, ROOT, RunningShop

NOW = datetime(2026, 11, 22, 7, 4, 35, tzinfo=timezone.utc)


@pytest.fixture(scope="module")
def stock() -> Stock:
    return read_stock()


def orders_at(stock: Stock, now: datetime) -> list[SeedOrder]:
    return make_orders(stock, Calendar(now))


def test_there_is_enough_of_everything(stock: Stock) -> None:
    assert len(stock.customers) >= 30
    assert len(stock.products) >= 40
    assert len(orders_at(stock, NOW)) >= 120
    assert {carrier.name for carrier in stock.carriers} == {
        "顺丰速运",
        "中通快递",
        "圆通速递",
        "韵达快递",
        "京东物流",
        "中国邮政",
        "极兔速递",
    }


def test_every_state_is_there(stock: Stock) -> None:
    states = Counter(order.state for order in orders_at(stock, NOW))
    assert set(states) == set(ORDER_STATES)
    assert min(states.values()) >= 3


def test_the_same_day_gives_the_same_orders(stock: Stock) -> None:
    assert orders_at(stock, NOW) == orders_at(stock, NOW)


def test_numbers_are_the_same_all_day_long(stock: Stock) -> None:
    morning = datetime(2026, 11, 21, 16, 0, 1, tzinfo=timezone.utc)
    evening = datetime(2026, 11, 22, 15, 59, 0, tzinfo=timezone.utc)
    first, last = ([order.number for order in orders_at(stock, now)] for now in (morning, evening))
    assert first == last


def test_the_shown_customers_keep_their_roles(stock: Stock) -> None:
    of = {one: [o for o in orders_at(stock, NOW) if o.customer.id == one] for one in ("c001", "c002", "c003")}
    assert len({order.state for order in of["c001"]}) >= 4
    assert [order.state for order in of["c002"]] == ["in_transit"]
    assert of["c003"] == []


def test_numbers_are_unique_and_carry_the_date(stock: Stock) -> None:
    orders = orders_at(stock, NOW)
    parcels = [parcel.tracking_number for order in orders for parcel in order.parcels]
    assert len({order.number for order in orders}) == len(orders)
    assert len(set(parcels)) == len(parcels)
    for order in orders:
        assert len(order.number) == 14
        assert order.number.startswith(f"{order.times.created.astimezone(BEIJING):%Y%m%d}")


@pytest.mark.parametrize("hour", [0, 1, 7, 12, 23])
def test_nothing_has_happened_in_the_future(stock: Stock, hour: int) -> None:
    now = datetime(2026, 3, 1, hour, 3, tzinfo=BEIJING)
    for order in orders_at(stock, now):
        times = order.times
        past = [times.created, times.paid, times.packed, times.shipped, times.delivered, times.cancelled]
        past += [order.refund.at] if order.refund else []
        past += [scan.at for parcel in order.parcels for scan in parcel.journey.scans]
        assert all(moment < now for moment in past if moment), order.number
        assert times.expected_ship is None or times.expected_ship > now
        for parcel in order.parcels:
            assert parcel.journey.estimated_delivery is None or parcel.journey.estimated_delivery > now


@pytest.mark.parametrize("hour", [0, 12, 23])
def test_things_happen_one_after_the_other(stock: Stock, hour: int) -> None:
    for order in orders_at(stock, datetime(2026, 11, 22, hour, 3, tzinfo=BEIJING)):
        times = order.times
        steps = [one for one in (times.created, times.paid, times.packed, times.shipped, times.delivered) if one]
        assert steps == sorted(steps)
        for parcel in order.parcels:
            moments = [scan.at for scan in parcel.journey.scans]
            assert moments == sorted(set(moments)), order.number
            assert moments[0] >= (times.shipped or NOW)


def test_times_fit_the_state(stock: Stock) -> None:
    for order in orders_at(stock, NOW):
        times, state = order.times, order.state
        assert (times.paid is None) <= (state in ("unpaid", "cancelled"))
        assert (times.delivered is not None) == (state == "delivered")
        assert (times.cancelled is not None) <= (state in ("cancelled", "refunded"))
        assert (times.expected_ship is not None) == (state in ("paid", "packed", "pre_sale", "partly_shipped"))
        if state in ("refused", "returned"):
            assert order.refund and order.refund.state == "pending"
        if state == "refunded":
            assert order.refund and order.refund.state == "done"
        if state in ("unpaid", "paid", "packed", "pre_sale", "cancelled"):
            assert order.parcels == ()


def test_parcels_fit_the_state(stock: Stock) -> None:
    for order in orders_at(stock, NOW):
        assert all(parcel.state in SHIPMENT_STATES for parcel in order.parcels)
        last = [parcel.journey.scans[-1] for parcel in order.parcels]
        if order.state == "stuck":
            assert NOW - last[0].at > timedelta(days=3)
        elif order.state == "delivered":
            assert "签收" in last[0].text
        elif order.state == "out_for_delivery":
            assert "派送" in last[0].text
        elif order.state == "refused":
            assert "拒收" in last[0].text
        elif order.state == "returned":
            assert "退回" in last[0].text


def test_a_partly_shipped_order_has_two_parcels_and_something_left(stock: Stock) -> None:
    for order in orders_at(stock, NOW):
        if order.state == "partly_shipped":
            sent = [line for parcel in order.parcels for line in parcel.lines]
            assert len(order.parcels) == 2
            assert len(sent) < len(order.lines)


def test_phone_numbers_are_plainly_made_up(stock: Stock) -> None:
    assert all(customer.phone.startswith("1000000") and len(customer.phone) == 11 for customer in stock.customers)
    assert len({customer.phone[-4:] for customer in stock.customers}) == len(stock.customers)


def test_show_lists_an_order_in_every_state(shop_server: RunningShop, tmp_path: Path) -> None:
    command = [str(PYTHON), "-m", "shop.seed", "--show"]
    env = {"SHOP_DB": str(shop_server.db), "PYTHONPATH": str(ROOT)}
    shown = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    assert all(f" {state} " in shown.stdout for state in ORDER_STATES)
    assert shop_server.orders(customer_id="c002")[0].number in shown.stdout
