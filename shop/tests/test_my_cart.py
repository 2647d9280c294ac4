"""The page of a customer's cart: lines, what they come to, coupons with what stands in their way."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from shop.my_cart import fen
from shop.order_book import yuan
from shop.testing import RunningShop, start_shop
from shop.tests.test_pages import Inline, sign_in


async def test_only_who_is_signed_in_has_a_cart(visitor: httpx.AsyncClient) -> None:
    reply = await visitor.get("/cart")
    assert (reply.status_code, reply.headers["Location"]) == (303, "/login")
    assert 'href="/cart"' not in (await visitor.get("/")).text
    await sign_in(visitor, "c001")
    assert 'href="/cart"' in (await visitor.get("/")).text


async def test_the_sum_is_that_of_the_lines(visitor: httpx.AsyncClient, api: httpx.AsyncClient) -> None:
    await sign_in(visitor, "c001")
    page = (await visitor.get("/cart")).text
    lines = (await api.get("/api/promotions/v1/customers/c001/cart")).json()["lines"]
    assert all(line["name"] in page for line in lines)
    assert f"<b>¥{yuan(sum(fen(line['price']) * line['quantity'] for line in lines))}</b>" in page
    assert page.count("<s>") == len([line for line in lines if line["price"] != line["list_price"]])


@pytest.mark.parametrize(
    ("lang", "question"), [("zh", "购物车怎么凑单最划算"), ("en", "How do I get the best price for my cart?")]
)
async def test_it_asks_the_chat(visitor: httpx.AsyncClient, lang: str, question: str) -> None:
    await sign_in(visitor, "c001")
    page = (await visitor.get("/cart", params={"lang": lang})).text
    assert f'data-shopdesk-ask="{question}"' in page


async def test_each_coupon_says_where_it_stands(visitor: httpx.AsyncClient, api: httpx.AsyncClient) -> None:
    await sign_in(visitor, "c001")
    page = (await visitor.get("/cart")).text
    standings = re.findall(r'<li class="coupon (\w+)">', page)
    assert sorted(standings) == ["expired", "later", "locked", "short", "usable", "usable", "used"]
    assert "按合计还差 ¥115.00" in page
    coupons = (await api.get("/api/promotions/v1/customers/c001/coupons")).json()["coupons"]
    assert all(coupon["order"] in page for coupon in coupons if coupon["order"])


async def test_an_empty_cart_says_so(visitor: httpx.AsyncClient) -> None:
    await sign_in(visitor, "c003")
    page = (await visitor.get("/cart")).text
    assert "购物车还是空的" in page
    assert "没有优惠券" in page


async def test_every_cart_can_be_shown(shop_server: RunningShop, visitor: httpx.AsyncClient) -> None:
    with closing(sqlite3.connect(shop_server.db)) as db:
        customers = [row[0] for row in db.execute("SELECT id FROM customers")]
    for lang in ("zh", "en"):
        for one in customers:
            await sign_in(visitor, one)
            reply = await visitor.get("/cart", params={"lang": lang})
            assert reply.status_code == 200
            parser = Inline()
            parser.feed(reply.text)
            assert parser.found == []


async def test_names_are_escaped(tmp_path: Path) -> None:
    shop = start_shop(tmp_path)
    evil = '<script>alert("1")</script>'
    try:
        with closing(sqlite3.connect(shop.db)) as db, db:
            db.execute("UPDATE products SET name = ?", (evil,))
            db.execute("UPDATE skus SET spec = ?", (evil,))
            db.execute("UPDATE coupons SET name = ?", (evil,))
        async with httpx.AsyncClient(base_url=shop.url, trust_env=False) as http:
            await sign_in(http, "c001")
            page = (await http.get("/cart")).text
    finally:
        shop.stop()
    assert evil not in page
    assert page.count("<script") == 1
