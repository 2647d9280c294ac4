"""Sessions: tokens, signed identities, whose conversation goes on, how many may be opened."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import httpx
import jwt
import pytest

from ledger import Ledger, ShopperSide
from ledger.testing import RedisServer
from web.gateway.testing import RunningGateway, start_gateway
from web.tests.gateway.shopper import Shopper, identity


async def open_session(client: httpx.AsyncClient, gateway: RunningGateway, **request: Any) -> httpx.Response:
    return await client.post(f"{gateway.url}/api/chat/sessions", **request)


def refused(answer: httpx.Response, status: int, code: str) -> bool:
    body = answer.json()
    assert (answer.status_code, body["error"]["code"]) == (status, code)
    assert set(body) == {"error"}
    assert set(body["error"]) == {"code", "message"}
    assert body["error"]["message"]
    return True


async def test_session_is_a_token_and_a_conversation(
    gateway: RunningGateway, ledger: Ledger, client: httpx.AsyncClient
) -> None:
    answer = await open_session(client, gateway, json={})
    assert answer.status_code == 201
    assert set(answer.json()) == {"token", "conversation"}
    cid = answer.json()["conversation"]
    assert cid.startswith("c")
    assert len(cid) == 21
    claims = jwt.decode(answer.json()["token"], gateway.secret, algorithms=["HS256"], audience="shopper")
    assert claims["sub"] == cid
    assert abs(claims["exp"] - time.time() - 7 * 86_400) < 10
    assert (await ShopperSide(ledger).state(cid)).customer is None
    assert answer.headers["cache-control"] == "no-store"


async def test_empty_body_opens_a_session(gateway: RunningGateway, ledger: Ledger, client: httpx.AsyncClient) -> None:
    assert (await open_session(client, gateway)).status_code == 201


@pytest.mark.parametrize(
    ("asked", "header", "lang"),
    [
        ({"lang": "en"}, "zh-CN", "en"),
        ({"lang": "zh"}, "en", "zh"),
        ({}, "en-GB,en;q=0.9,zh;q=0.5", "en"),
        ({}, "en;q=0.2, zh-TW;q=0.8", "zh"),
        ({}, "fr-FR, de;q=0.7", "zh"),
        ({}, "en;q=0", "zh"),
        ({}, "zh;q=nonsense, en;q=0.1", "en"),
    ],
)
async def test_language_is_the_one_asked_for_else_the_browsers(
    gateway: RunningGateway, ledger: Ledger, client: httpx.AsyncClient, asked: dict[str, str], header: str, lang: str
) -> None:
    answer = await open_session(client, gateway, json=asked, headers={"Accept-Language": header})
    assert (await ShopperSide(ledger).state(answer.json()["conversation"])).lang == lang


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b'{"lang":"fr"}', b'{"identity":7}', b'{"identity":null}', b"\xff", b"[" * 9000]
)
async def test_what_is_no_opening_is_refused(
    gateway: RunningGateway, ledger: Ledger, client: httpx.AsyncClient, body: bytes
) -> None:
    assert refused(await open_session(client, gateway, content=body), 400, "bad_frame")


async def test_too_large_an_opening_is_refused(
    gateway: RunningGateway, ledger: Ledger, client: httpx.AsyncClient
) -> None:
    for size in (17_000, 100_000):
        assert refused(await open_session(client, gateway, json={"identity": "x" * size}), 413, "too_long")


async def test_identity_signs_the_customer_in(
    gateway: RunningGateway, ledger: Ledger, client: httpx.AsyncClient
) -> None:
    shopper = await Shopper.come(gateway, client, identity=identity(gateway, "u1", aud="shopdesk"))
    fields = await ledger.state(shopper.cid)
    assert (fields["customer"], fields["customer_name"]) == ("u1", "林小满")


async def test_identity_without_a_name_is_enough(
    gateway: RunningGateway, ledger: Ledger, client: httpx.AsyncClient
) -> None:
    shopper = await Shopper.come(gateway, client, identity=identity(gateway, "u1", name=None))
    assert (await ledger.state(shopper.cid))["customer"] == "u1"


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": int(time.time()) - 120},
        {"exp": int(time.time()) + 86_400 + 7200},
        {"exp": None},
        {"sub": None},
        {"sub": " "},
        {"sub": 7},
        {"sub": "u" * 129},
        {"sub": "u\ud800"},
        {"sub": "u\0"},
        {"name": ["x"]},
        {"nbf": int(time.time()) + 3600},
    ],
)
async def test_identity_that_does_not_hold_is_refused(
    gateway: RunningGateway, ledger: Ledger, client: httpx.AsyncClient, claims: dict[str, Any]
) -> None:
    claims = {"sub": "u1", "exp": int(time.time()) + 600} | claims
    payload = json.dumps({name: value for name, value in claims.items() if value is not None}).encode()
    signed = jwt.api_jws.encode(payload, gateway.identity_secret, algorithm="HS256")
    assert refused(await open_session(client, gateway, json={"identity": signed}), 401, "bad_identity")
    assert await ledger.redis.keys("sd:*:c:*") == [], "no anonymous session instead"


async def test_identity_signed_otherwise_is_refused(
    gateway: RunningGateway, ledger: Ledger, client: httpx.AsyncClient
) -> None:
    claims = {"sub": "u1", "exp": int(time.time()) + 600}
    mine = identity(gateway)
    forged = [
        jwt.encode(claims, "another secret of thirty-two characters", algorithm="HS256"),
        jwt.encode(claims, None, algorithm="none"),
        jwt.encode(claims, gateway.secret, algorithm="HS256"),
        jwt.encode(claims, gateway.identity_secret + "-" * 32, algorithm="HS512"),
        mine[:-2],
        mine.rpartition(".")[0] + ".",
        "",
        "不是令牌",
    ]
    for one in forged:
        assert refused(await open_session(client, gateway, json={"identity": one}), 401, "bad_identity")


async def test_token_of_one_kind_is_not_taken_for_the_other(
    gateway: RunningGateway, ledger: Ledger, client: httpx.AsyncClient, shopper: Shopper
) -> None:
    assert refused(await open_session(client, gateway, json={"identity": shopper.token}), 401, "bad_identity")
    shopper.token = identity(gateway, shopper.cid)
    assert refused(await shopper.news(), 401, "unauthorized")
    claims = {"sub": shopper.cid, "exp": int(time.time()) + 600}
    shopper.token = jwt.encode(claims, gateway.secret, algorithm="HS256")
    assert refused(await shopper.news(), 401, "unauthorized"), (
        "the secret is right, but it was issued for something else"
    )


async def test_anonymous_conversation_goes_on_signed_in(
    gateway: RunningGateway, ledger: Ledger, client: httpx.AsyncClient
) -> None:
    before = await Shopper.come(gateway, client, lang="en")
    answer = await open_session(
        client, gateway, json={"lang": "zh", "identity": identity(gateway)}, headers=before.headers
    )
    assert answer.json()["conversation"] == before.cid
    state = await ShopperSide(ledger).state(before.cid)
    assert (state.customer, state.lang) == ("u1", "en")
    again = await open_session(client, gateway, json={"identity": identity(gateway)}, headers=before.headers)
    assert again.json()["conversation"] == before.cid


async def test_another_customers_conversation_is_left_alone(
    gateway: RunningGateway, ledger: Ledger, client: httpx.AsyncClient
) -> None:
    first = await Shopper.come(gateway, client, identity=identity(gateway, "u1"))
    answer = await open_session(client, gateway, json={"identity": identity(gateway, "u2")}, headers=first.headers)
    assert answer.status_code == 201
    assert answer.json()["conversation"] != first.cid
    assert (await ShopperSide(ledger).state(first.cid)).customer == "u1"
    assert (await ShopperSide(ledger).state(answer.json()["conversation"])).customer == "u2"


async def test_anonymous_session_never_takes_over_a_conversation(
    gateway: RunningGateway, ledger: Ledger, client: httpx.AsyncClient
) -> None:
    first = await Shopper.come(gateway, client, identity=identity(gateway))
    answer = await open_session(client, gateway, json={}, headers=first.headers)
    assert answer.json()["conversation"] != first.cid


def own_token(gateway: RunningGateway, cid: str, secret: str | None = None, **claims: Any) -> str:
    held = {"sub": cid, "aud": "shopper", "exp": int(time.time()) + 600} | claims
    return jwt.encode({k: v for k, v in held.items() if v is not None}, secret or gateway.secret, algorithm="HS256")


async def test_token_that_is_not_ours_is_refused(gateway: RunningGateway, shopper: Shopper) -> None:
    forged = [
        "x",
        "x.y.z",
        own_token(gateway, shopper.cid, secret="somebody else's secret, long enough"),
        own_token(gateway, shopper.cid, exp=None),
        jwt.encode({"sub": shopper.cid, "aud": "shopper", "exp": int(time.time()) + 600}, None, algorithm="none"),
    ]
    for shopper.token in forged:
        assert refused(await shopper.news(), 401, "unauthorized")
        assert refused(await shopper.post("human"), 401, "unauthorized")


async def test_expired_token_is_told_apart(
    gateway: RunningGateway, client: httpx.AsyncClient, shopper: Shopper
) -> None:
    shopper.token = own_token(gateway, shopper.cid, exp=int(time.time()) - 5)
    assert refused(await shopper.news(), 401, "session_expired")
    signing_in = {"json": {"identity": identity(gateway)}, "headers": shopper.headers}
    assert refused(await open_session(client, gateway, **signing_in), 401, "session_expired")
    assert (await open_session(client, gateway, json={}, headers=shopper.headers)).status_code == 201


async def test_conversation_that_redis_has_let_go_of_has_expired(ledger: Ledger, shopper: Shopper) -> None:
    await ledger.redis.flushall()
    assert refused(await shopper.news(), 401, "session_expired")
    assert refused(await shopper.post("message", mid="m1", text="还在吗"), 401, "session_expired")


async def test_thirty_sessions_a_minute_for_an_address_whoever_asks_at_once(
    gateway: RunningGateway, ledger: Ledger, client: httpx.AsyncClient
) -> None:
    answers = await asyncio.gather(*(open_session(client, gateway, json={}) for _ in range(40)))
    assert sorted(answer.status_code for answer in answers) == [201] * 30 + [429] * 10
    assert refused(next(answer for answer in answers if answer.status_code == 429), 429, "rate_limited")
    seconds = await ledger.redis.ttl(ledger.keys.opened("127.0.0.1"))
    assert 0 < seconds <= 60


async def test_forwarded_addresses_count_only_behind_a_known_proxy(
    redis_server: RedisServer, gateway: RunningGateway, ledger: Ledger, client: httpx.AsyncClient
) -> None:
    behind = start_gateway(redis_server.url, SHOPDESK_TRUSTED_PROXIES="1")
    try:
        for asked, spoofed in ((gateway, "203.0.113.7"), (behind, "198.51.100.9, 203.0.113.7")):
            await open_session(client, asked, json={}, headers={"X-Forwarded-For": spoofed})
        keys = ledger.keys
        assert await ledger.redis.get(keys.opened("127.0.0.1")) == "1"
        assert await ledger.redis.get(keys.opened("203.0.113.7")) == "1", "the proxy's word, not the client's"
        assert await ledger.redis.get(keys.opened("198.51.100.9")) is None
    finally:
        behind.stop()
