"""The shop's pages: safe headers, escaped names, the demo sign-in, the identity for the chat, both languages."""

import json
import re
import sqlite3
import time
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path

import httpx
import jwt
import pytest

from shop.after_sales import CASE_KINDS, CASE_STATES
from shop.order import ORDER_STATES
from shop.page import PAGES
from shop.seed.stock import read_stock
from shop.testing import ROOT, RunningShop, start_shop

SHOWN = ["/", "/?category=books", "/?q=x", "/login", "/demo", "/nowhere"]


class Inline(HTMLParser):
    """Collects what a strict Content-Security-Policy would block."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name for name, _ in attrs}
        if tag == "style" or "style" in names or any(name.startswith("on") for name in names):
            self.found.append(self.get_starttag_text() or tag)
        if tag == "script" and "src" not in names:
            self.found.append(tag)


async def sign_in(visitor: httpx.AsyncClient, customer_id: str) -> httpx.Response:
    return await visitor.post("/login", data={"customer": customer_id})


def identity_in(page: str) -> str | None:
    found = re.search(r'data-identity="([^"]+)"', page)
    return found[1] if found else None


@pytest.mark.parametrize("address", [*SHOWN, "/healthz", "/pictures/cl01.svg", "/assets/shop.css", "/orders"])
async def test_a_strict_policy_on_everything(visitor: httpx.AsyncClient, address: str) -> None:
    headers = (await visitor.get(address)).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self' http://127.0.0.1:8000;" in policy
    assert "frame-src http://127.0.0.1:8000" in policy
    assert "connect-src 'self' http://127.0.0.1:8000 ws://127.0.0.1:8000" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("address", SHOWN)
async def test_nothing_is_inline(visitor: httpx.AsyncClient, address: str) -> None:
    await sign_in(visitor, "c001")
    for page in (address, "/orders"):
        parser = Inline()
        parser.feed((await visitor.get(page)).text)
        assert parser.found == []


async def test_the_chat_is_on_every_page(visitor: httpx.AsyncClient) -> None:
    for address in SHOWN:
        page = (await visitor.get(address)).text
        assert '<script src="http://127.0.0.1:8000/widget.js" data-lang="zh" defer></script>' in page
        assert identity_in(page) is None


async def test_the_gateway_can_be_elsewhere(tmp_path: Path) -> None:
    shop = start_shop(tmp_path, GATEWAY_URL="https://chat.example:8443/")
    try:
        async with httpx.AsyncClient(base_url=shop.url, trust_env=False) as http:
            reply = await http.get("/")
    finally:
        shop.stop()
    assert '<script src="https://chat.example:8443/widget.js"' in reply.text
    assert (
        "connect-src 'self' https://chat.example:8443 wss://chat.example:8443;"
        in (reply.headers["Content-Security-Policy"])
    )


async def test_signing_in_vouches_for_the_customer(shop_server: RunningShop, visitor: httpx.AsyncClient) -> None:
    reply = await sign_in(visitor, "c002")
    assert (reply.status_code, reply.headers["Location"]) == (303, "/orders")
    cookie = reply.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    reply = await visitor.get("/")
    assert reply.headers["Cache-Control"] == "no-store"
    token = identity_in(reply.text)
    assert token is not None
    claims = jwt.decode(token, shop_server.identity_secret, algorithms=["HS256"])
    assert (claims["sub"], claims["name"]) == ("c002", "李建国")
    assert 0 < claims["exp"] - time.time() <= 3600


async def test_signing_out_forgets(visitor: httpx.AsyncClient) -> None:
    await sign_in(visitor, "c002")
    reply = await visitor.post("/logout")
    assert (reply.status_code, reply.headers["Location"]) == (303, "/")
    assert identity_in((await visitor.get("/")).text) is None
    assert (await visitor.get("/orders")).headers["Location"] == "/login"


async def test_identity_and_cookie_cannot_stand_in_for_each_other(
    shop_server: RunningShop, visitor: httpx.AsyncClient
) -> None:
    await sign_in(visitor, "c002")
    cookie = visitor.cookies["shop_sign_in"]
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(cookie, shop_server.identity_secret, algorithms=["HS256"])
    token = identity_in((await visitor.get("/")).text)
    async with httpx.AsyncClient(base_url=shop_server.url, trust_env=False) as other:
        for forged in (token, cookie[:-2] + "AA", "rubbish", jwt.encode({"sub": "c002"}, "", algorithm="none")):
            reply = await other.get("/orders", headers={"Cookie": f"shop_sign_in={forged}"})
            assert reply.headers["Location"] == "/login"


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_other_sites_cannot_sign_anybody_in(visitor: httpx.AsyncClient, site: str) -> None:
    for form in ("/login", "/logout"):
        reply = await visitor.post(form, data={"customer": "c001"}, headers={"Sec-Fetch-Site": site})
        assert reply.status_code == 400
        assert "Set-Cookie" not in reply.headers


@pytest.mark.parametrize("customer", ["", "nobody", "c001' OR '1'='1"])
async def test_only_customers_can_be_chosen(visitor: httpx.AsyncClient, customer: str) -> None:
    reply = await sign_in(visitor, customer)
    assert reply.status_code == 400
    assert "Set-Cookie" not in reply.headers


async def test_my_orders_shows_all_of_mine(shop_server: RunningShop, visitor: httpx.AsyncClient) -> None:
    await sign_in(visitor, "c001")
    page = (await visitor.get("/orders")).text
    mine = shop_server.orders(customer_id="c001")
    assert all(order.number in page for order in mine)
    assert page.count(f'data-shopdesk-ask="我的订单 {mine[0].number}') == 1
    assert page.count("问客服") == len(mine)
    assert shop_server.orders(customer_id="c002")[0].number not in page


async def test_what_can_still_be_done_is_a_question_to_the_chat(
    shop_server: RunningShop, visitor: httpx.AsyncClient
) -> None:
    for state, question in (("paid", "取消订单"), ("unpaid", "取消订单"), ("delivered", "我要退货")):
        one = shop_server.orders(state=state)[0]
        await sign_in(visitor, one.customer_id)
        assert f'data-shopdesk-ask="{question} {one.number}"' in (await visitor.get("/orders")).text
    sent = shop_server.orders(state="in_transit")[0]
    await sign_in(visitor, sent.customer_id)
    page = (await visitor.get("/orders")).text
    assert f"取消订单 {sent.number}" not in page
    assert f"我要退货 {sent.number}" not in page


async def test_cases_stand_under_their_order(shop_server: RunningShop, visitor: httpx.AsyncClient) -> None:
    with closing(sqlite3.connect(shop_server.db)) as db:
        query = """
            SELECT cases.number, kind, cases.state, customer_id FROM cases JOIN orders ON orders.number = order_number
        """
        cases = db.execute(query).fetchall()
    wording = json.loads((PAGES / "wording.json").read_text(encoding="utf-8"))
    assert len({(kind, state) for _, kind, state, _ in cases}) > 2
    for number, kind, state, customer_id in cases:
        await sign_in(visitor, customer_id)
        for lang in ("zh", "en"):
            page = (await visitor.get("/orders", params={"lang": lang})).text
            shown = re.search(f"<span>([^<]+) <code>{number}</code></span><span class=.case-state.>([^<]+)<", page)
            assert shown is not None
            assert shown.groups() == (wording[lang][f"case_{kind}"], wording[lang][f"case_state_{state}"])
    await sign_in(visitor, "c002")
    assert "case-state" not in (await visitor.get("/orders")).text


async def test_a_customer_without_orders_is_told_so(visitor: httpx.AsyncClient) -> None:
    await sign_in(visitor, "c003")
    assert "还没有订单" in (await visitor.get("/orders")).text


async def test_every_customers_orders_can_be_shown(shop_server: RunningShop, visitor: httpx.AsyncClient) -> None:
    for lang in ("zh", "en"):
        for one in {order.customer_id: order for order in shop_server.orders()}.values():
            await sign_in(visitor, one.customer_id)
            reply = await visitor.get("/orders", params={"lang": lang})
            assert reply.status_code == 200
            assert one.number in reply.text


async def test_names_are_escaped(tmp_path: Path) -> None:
    shop = start_shop(tmp_path)
    evil = '<script>alert("1")</script>'
    try:
        with closing(sqlite3.connect(shop.db)) as db, db:
            db.execute("UPDATE customers SET name = ?, city = ?", (evil, evil))
            db.execute("UPDATE order_items SET name = ?, spec = ?", (evil, evil))
            db.execute("UPDATE products SET name = ?", (evil,))
        async with httpx.AsyncClient(base_url=shop.url, trust_env=False) as http:
            await sign_in(http, "c001")
            for address in ("/", "/login", "/orders", "/demo", f'/?q="><script>&category={evil}'):
                page = (await http.get(address)).text
                assert evil not in page
                assert page.count("<script") == 1
    finally:
        shop.stop()


async def test_language_by_address_cookie_and_browser(visitor: httpx.AsyncClient) -> None:
    assert '<html lang="zh-CN">' in (await visitor.get("/")).text
    assert '<html lang="en">' in (await visitor.get("/", headers={"Accept-Language": "en-GB,zh;q=0.5"})).text
    asked = await visitor.get("/?lang=en&category=food")
    assert '<html lang="en">' in asked.text
    assert 'data-lang="en"' in asked.text
    assert 'href="?category=food&amp;lang=zh"' in asked.text
    assert '<html lang="en">' in (await visitor.get("/demo")).text
    await visitor.get("/?lang=zh")
    assert '<html lang="zh-CN">' in (await visitor.get("/", headers={"Accept-Language": "en"})).text


async def test_categories_and_search_narrow_the_grid(visitor: httpx.AsyncClient) -> None:
    stock = read_stock()
    assert (await visitor.get("/")).text.count('<li class="card">') == len(stock.products)
    books = [product for product in stock.products if product.category == "books"]
    assert (await visitor.get("/?category=books")).text.count('<li class="card">') == len(books)
    found = (await visitor.get("/", params={"q": "围巾"})).text
    assert found.count('<li class="card">') == 1
    assert "没有找到" in (await visitor.get("/", params={"q": "飞机"})).text


async def test_the_sample_order_is_real(
    shop_server: RunningShop, visitor: httpx.AsyncClient, api: httpx.AsyncClient
) -> None:
    page = (await visitor.get("/")).text
    shown = [re.search(f'data-sample="{name}">([0-9]+)<', page) for name in ("number", "phone-tail")]
    number, tail = (found[1] if found else "" for found in shown)
    reply = await api.get(f"/api/orders/v1/orders/{number}", params={"phone_tail": tail})
    assert reply.json()["customer_id"] == "c002"


async def test_the_demo_page_shows_every_state(visitor: httpx.AsyncClient) -> None:
    page = (await visitor.get("/demo")).text
    assert all(f'class="state {state}"' in page for state in ORDER_STATES)


async def test_every_product_has_a_picture(visitor: httpx.AsyncClient) -> None:
    for product in read_stock().products:
        reply = await visitor.get(f"/pictures/{product.id}.svg")
        assert reply.status_code == 200
        assert "{{" not in reply.text
    assert (await visitor.get("/pictures/zz99.svg")).status_code == 404


async def test_what_is_not_there_has_a_page(visitor: httpx.AsyncClient) -> None:
    reply = await visitor.get("/nowhere")
    assert reply.status_code == 404
    assert "没有这个页面" in reply.text


def test_both_languages_say_the_same_things() -> None:
    wording = json.loads((PAGES / "wording.json").read_text(encoding="utf-8"))
    assert list(wording["zh"]) == list(wording["en"])
    wanted = {f"state_{one}" for one in ORDER_STATES}
    wanted |= {f"case_{one}" for one in CASE_KINDS} | {f"case_state_{one}" for one in CASE_STATES}
    assert wanted <= set(wording["zh"])


def test_nothing_comes_from_elsewhere() -> None:
    for file in (ROOT / "shop/pages").rglob("*"):
        if file.is_file():
            text = file.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
            assert not re.search(r"https?://", text), file.name
