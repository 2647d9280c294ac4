"""The promotions API: carts at today's prices, coupons in their states, memberships, articles with their price history."""

import sqlite3
from collections import Counter
from contextlib import closing
from datetime import datetime, timedelta, timezone
from typing import Any

import httpx
import pytest

from shop.seed.calendar import Calendar
from shop.seed.orders import make_orders
from shop.seed.prices import at_their_prices, make_prices, price_at
from shop.seed.stock import read_stock
from shop.testing import RunningShop
from shop.tests.test_contract import Contract, check, contract, described_schema

BASE = "/api/promotions/v1"
NOW = datetime(2026, 11, 22, 7, 4, 35, tzinfo=timezone.utc)
PATHS = {
    f"{BASE}/customers/{{customer_id}}/cart": f"{BASE}/customers/c001/cart",
    f"{BASE}/customers/{{customer_id}}/coupons": f"{BASE}/customers/c001/coupons",
    f"{BASE}/customers/{{customer_id}}/membership": f"{BASE}/customers/c001/membership",
    f"{BASE}/skus/{{sku}}": f"{BASE}/skus/CL01-1",
}

__all__ = ["contract"]


async def ask(api: httpx.AsyncClient, what: str) -> dict[str, Any]:
    reply = await api.get(f"{BASE}/{what}")
    assert reply.status_code == 200
    answer: dict[str, Any] = reply.json()
    return answer


def fen(amount: str) -> int:
    return int(amount.replace(".", ""))


def customers() -> list[str]:
    return [customer.id for customer in read_stock().customers]


async def test_what_it_says_of_everybody_keeps_the_contract(contract: Contract, api: httpx.AsyncClient) -> None:
    for one in customers():
        check(contract, "Cart", await ask(api, f"customers/{one}/cart"))
        check(contract, "CouponList", await ask(api, f"customers/{one}/coupons"))
        check(contract, "Membership", await ask(api, f"customers/{one}/membership"))


async def test_every_article_keeps_the_contract(contract: Contract, api: httpx.AsyncClient) -> None:
    for product in read_stock().products:
        for sku in product.skus:
            article = await ask(api, f"skus/{sku.sku}")
            check(contract, "Sku", article)
            assert article["price"] == article["prices"][0]["price"] == sku.price
            moments = [price["since"] for price in article["prices"]]
            assert moments == sorted(moments, reverse=True)
            assert {one["sku"] for one in article["others"]} == {one.sku for one in product.skus} - {sku.sku}


@pytest.mark.parametrize("path", PATHS)
async def test_no_key_no_answer(contract: Contract, api: httpx.AsyncClient, path: str) -> None:
    reply = await api.get(PATHS[path], headers={"Authorization": "Bearer no"})
    assert reply.status_code == 401
    check(contract, described_schema(contract, path, 401), reply.json())


@pytest.mark.parametrize("path", PATHS)
async def test_down_keeps_the_contract(
    contract: Contract, shop_server: RunningShop, api: httpx.AsyncClient, path: str
) -> None:
    shop_server.fault("promotions", "down")
    try:
        reply = await api.get(PATHS[path])
        others = await api.get("/api/logistics/v1/shipments/X")
    finally:
        shop_server.fault("promotions", "ok")
    assert (reply.status_code, others.status_code) == (503, 404)
    check(contract, described_schema(contract, path, 503), reply.json())


async def test_somebody_unknown_has_nothing(contract: Contract, api: httpx.AsyncClient) -> None:
    assert await ask(api, "customers/nobody/cart") == {"lines": []}
    assert await ask(api, "customers/nobody/coupons") == {"coupons": []}
    reply = await api.get(f"{BASE}/customers/nobody/membership")
    assert (reply.status_code, reply.json()["error"]["code"]) == (404, "customer_not_found")
    check(contract, "Error", reply.json())


async def test_an_unknown_article_is_not_found(contract: Contract, api: httpx.AsyncClient) -> None:
    reply = await api.get(f"{BASE}/skus/ZZ99-1")
    assert (reply.status_code, reply.json()["error"]["code"]) == (404, "sku_not_found")
    check(contract, "Error", reply.json())


async def test_the_shown_cart_lies_just_below_a_step(api: httpx.AsyncClient) -> None:
    lines = (await ask(api, "customers/c001/cart"))["lines"]
    total = sum(fen(line["price"]) * line["quantity"] for line in lines)
    assert 270_00 < total < 300_00
    assert {"books", "clothes", "socks"} == {line["category"] for line in lines}
    (limited,) = [line for line in lines if line["price"] != line["list_price"]]
    assert fen(limited["price"]) < fen(limited["list_price"])
    assert len((await ask(api, "customers/c002/cart"))["lines"]) == 2
    assert (await ask(api, "customers/c003/cart"))["lines"] == []


async def test_a_limited_price_ends(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    with closing(sqlite3.connect(shop_server.db)) as db, db:
        kept = db.execute("SELECT sku, starts_at, ends_at FROM limited_prices").fetchall()
        db.execute("UPDATE limited_prices SET starts_at = '2020-01-01', ends_at = '2020-01-02'")
    try:
        lines = (await ask(api, "customers/c001/cart"))["lines"]
        assert all(line["price"] == line["list_price"] for line in lines)
    finally:
        with closing(sqlite3.connect(shop_server.db)) as db, db:
            restored = [(starts, ends, sku) for sku, starts, ends in kept]
            db.executemany("UPDATE limited_prices SET starts_at = ?, ends_at = ? WHERE sku = ?", restored)


async def test_the_shown_coupons_are_of_every_kind_and_state(api: httpx.AsyncClient) -> None:
    coupons = (await ask(api, "customers/c001/coupons"))["coupons"]
    now = datetime.now(timezone.utc)
    usable = [one for one in coupons if one["state"] == "usable"]
    assert coupons[: len(usable)] == usable
    good_now = [one for one in usable if datetime.fromisoformat(one["valid_from"]) <= now]
    assert usable[: len(good_now)] == good_now
    assert {one["kind"] for one in good_now} == {"shop_coupon", "category_coupon", "platform_coupon"}
    assert len(usable) == len(good_now) + 1
    assert Counter(one["state"] for one in coupons[len(usable) :]) == {"used": 1, "locked": 1, "expired": 1}
    assert (await ask(api, "customers/c003/coupons"))["coupons"] == []


async def test_a_used_coupon_names_an_order_that_it_reduced(api: httpx.AsyncClient) -> None:
    coupons = (await ask(api, "customers/c001/coupons"))["coupons"]
    (used,) = [one for one in coupons if one["state"] == "used"]
    reply = await api.get(f"/api/orders/v1/orders/{used['order']}", params={"customer_id": "c001"})
    assert reply.json()["amount"]["discount"] == used["off"]


async def test_a_coupon_whose_days_are_over_has_expired(shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    def ends(moment: datetime) -> None:
        with closing(sqlite3.connect(shop_server.db)) as db, db:
            db.execute("UPDATE coupons SET valid_until = ? WHERE code = 'QH00201'", (moment.isoformat(),))

    now = datetime.now(timezone.utc)
    with closing(sqlite3.connect(shop_server.db)) as db:
        (kept,) = db.execute("SELECT valid_until FROM coupons WHERE code = 'QH00201'").fetchone()
    try:
        ends(now - timedelta(seconds=1))
        coupons = (await ask(api, "customers/c002/coupons"))["coupons"]
        assert next(one for one in coupons if one["code"] == "QH00201")["state"] == "expired"
        ends(now - timedelta(days=91))
        coupons = (await ask(api, "customers/c002/coupons"))["coupons"]
        assert "QH00201" not in [one["code"] for one in coupons]
    finally:
        ends(datetime.fromisoformat(kept))


async def test_points_that_go_have_a_day(api: httpx.AsyncClient) -> None:
    members = [await ask(api, f"customers/{one}/membership") for one in customers()]
    assert {one["level"] for one in members} == {"regular", "silver", "gold"}
    soon = datetime.now(timezone.utc) + timedelta(days=31)
    for one in members:
        assert one["points_expiring"] <= one["points"]
        assert (one["points_expire_at"] is None) == (one["points_expiring"] == 0)
        assert one["points_expire_at"] is None or datetime.fromisoformat(one["points_expire_at"]) < soon


def test_a_quarter_of_the_prices_fell_lately() -> None:
    prices = make_prices(read_stock(), Calendar(NOW))
    assert prices == make_prices(read_stock(), Calendar(NOW))
    fallen = [held for held in prices.values() if len(held) > 1 and held[-1].fen < held[-2].fen]
    risen = [held for held in prices.values() if len(held) > 1 and held[-1].fen > held[-2].fen]
    assert 0.2 < len(fallen) / len(prices) < 0.3
    assert risen
    assert all(timedelta(days=2) < NOW - held[-1].since < timedelta(days=11) for held in fallen)
    assert all(NOW - held[0].since > timedelta(days=55) for held in prices.values())


def test_orders_cost_what_the_history_says() -> None:
    stock, calendar = read_stock(), Calendar(NOW)
    prices = make_prices(stock, calendar)
    dearer: Counter[str] = Counter()
    for order in (at_their_prices(one, prices) for one in make_orders(stock, calendar)):
        goods = 0
        for line in order.lines:
            assert line.sku.fen == price_at(prices[line.sku.sku], order.times.created)
            goods += line.sku.fen * line.quantity
            if line.sku.fen > prices[line.sku.sku][-1].fen:
                dearer[order.customer.id] += 1
        assert order.money.total == goods - order.money.discount + order.money.shipping
        assert order.refund is None or order.refund.amount == order.money.total
    assert dearer["c001"]
    assert len(dearer) > 5
