"""Signing in over HTTP: the cookie, the answers, and what the audit log holds of it."""

from __future__ import annotations

import logging
from typing import Any

import httpx
import pytest

from web.tests.desk.sql.small_desk import PASSWORD, SmallDesk


async def sign_in(client: httpx.AsyncClient, username: str = "agent1", password: str = PASSWORD) -> httpx.Response:
    return await client.post("/api/login", json={"username": username, "password": password})


async def test_signing_in_and_out(desk: SmallDesk) -> None:
    async with desk.client() as client:
        assert (await client.get("/api/me")).status_code == 401
        answer = await sign_in(client, " Agent1 ")
        assert answer.status_code == 200
        account = {
            "username": "agent1",
            "name": "Agent1",
            "role": "agent",
            "skills": ["orders"],
            "capacity": 5,
            "lang": "zh",
        }
        assert answer.json() == {"account": account}
        assert (await client.get("/api/me")).json() == {"account": account}
        token = client.cookies["shopdesk_desk"]
        assert (await client.post("/api/logout")).status_code == 204
        assert "shopdesk_desk" not in client.cookies
        client.cookies.set("shopdesk_desk", token)
        refused = await client.get("/api/me")
        assert (refused.status_code, refused.json()["error"]["code"]) == (401, "unauthorized")


async def test_cookie_is_for_the_browser_alone(desk: SmallDesk, secure_desk: SmallDesk) -> None:
    async with desk.client() as client, secure_desk.client() as secure_client:
        cookie = (await sign_in(client)).headers["set-cookie"].lower()
        assert all(part in cookie for part in ("httponly", "samesite=strict", "path=/", "max-age=43200"))
        assert "secure" not in cookie
        assert "secure" in (await sign_in(secure_client)).headers["set-cookie"].lower()


async def test_signing_in_again_ends_the_old_session(desk: SmallDesk) -> None:
    async with desk.client() as client, desk.client() as thief:
        await sign_in(client)
        thief.cookies.set("shopdesk_desk", client.cookies["shopdesk_desk"])
        assert (await thief.get("/api/me")).status_code == 200
        await sign_in(client)
        assert (await thief.get("/api/me")).status_code == 401
        assert (await client.get("/api/me")).status_code == 200


async def test_unknown_account_and_wrong_password_look_alike(desk: SmallDesk) -> None:
    async with desk.client() as client:
        answers = [await sign_in(client, name, "not the password") for name in ("agent1", "nobody", "x\0y")]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1
    assert answers[0].json()["error"] == {"code": "bad_login", "message": "用户名或密码不正确。"}


async def test_locked_says_how_long(desk: SmallDesk) -> None:
    async with desk.client() as client:
        for _ in range(5):
            assert (await sign_in(client, password="not the password")).status_code == 401
        answer = await sign_in(client)
    assert (answer.status_code, answer.json()["error"]["code"]) == (429, "locked")
    assert 890 <= int(answer.headers["retry-after"]) <= 900


async def test_what_is_no_sign_in_is_refused(desk: SmallDesk) -> None:
    async with desk.client() as client:
        for body in (b"", b"[]", b'{"username":"agent1"}', b'{"username":1,"password":"x"}', b"\xff", b"[" * 50_000):
            answer = await client.post("/api/login", content=body)
            assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_frame"), body[:40]


async def test_new_password_over_http(desk: SmallDesk) -> None:
    async with desk.client() as client:
        await sign_in(client)
        change = {"old": PASSWORD, "new": "a new long one"}
        weak = await client.post("/api/me/password", json={**change, "new": "agent1agent1"})
        assert (weak.status_code, weak.json()["error"]["code"]) == (400, "weak_password")
        assert (await client.post("/api/me/password", json={**change, "old": "?"})).status_code == 401
        assert (await client.post("/api/me/password", json=change)).status_code == 204
        assert (await client.get("/api/me")).status_code == 200
        assert (await sign_in(client, password="a new long one")).status_code == 200


async def test_audit_knows_who_came_and_no_password(desk: SmallDesk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    async with desk.client() as client:
        await sign_in(client, password="not the password")
        await sign_in(client, "hunter2-in-the-wrong-field")
        await sign_in(client)
        await client.post("/api/me/password", json={"old": PASSWORD, "new": "a new long one"})
        await client.post("/api/logout")
    rows = await desk.audited()
    assert [(row["who"], row["what"]) for row in rows] == [
        ("agent1", "login_failed"), ("?", "login_failed"), ("agent1", "login"), ("agent1", "password_changed"),
        ("agent1", "logout"),
    ]  # fmt: skip
    written = repr(rows) + caplog.text
    assert not any(secret in written for secret in ("not the password", "hunter2", PASSWORD, "a new long one"))


async def change(client: httpx.AsyncClient, username: str, **fields: Any) -> int:
    return (await client.patch(f"/api/desk/accounts/{username}", json=fields)).status_code


async def test_admins_make_accounts(desk: SmallDesk) -> None:
    new = {
        "username": "mei",
        "name": "小美",
        "role": "agent",
        "password": PASSWORD,
        "skills": ["orders"],
        "capacity": 3,
    }
    async with desk.signed_in("root") as client:
        answer = await client.post("/api/desk/accounts", json=new)
        assert (answer.status_code, answer.json()["account"]["active"]) == (201, True)
        assert (await client.post("/api/desk/accounts", json=new)).json()["error"]["code"] == "exists"
        assert await change(client, "mei", role="supervisor", name="小美美") == 200
        assert await change(client, "nobody", capacity=1) == 404
        assert await change(client, "mei", rolle="admin") == 400
        assert await change(client, "root", active=False) == 403
        assert await change(client, "root", role="agent") == 403
    async with desk.signed_in("mei") as client:
        listed = (await client.get("/api/desk/accounts")).json()["accounts"]
    assert [one["role"] for one in listed if one["username"] == "mei"] == ["supervisor"]
    assert not any("password" in name for one in listed for name in one)


async def test_supervisors_set_skills_and_capacity_only(desk: SmallDesk) -> None:
    async with desk.signed_in("boss") as client:
        assert await change(client, "agent1", skills=["logistics"], capacity=2) == 200
        for fields in ({"role": "admin"}, {"password": "a new long one"}, {"capacity": 3, "active": False}):
            assert await change(client, "agent1", **fields) == 403
        assert (await client.post("/api/desk/accounts", json={})).status_code == 403
    for username in ("agent1", "tina"):
        async with desk.signed_in(username) as client:
            assert (await client.get("/api/desk/accounts")).status_code == 403
            assert await change(client, "agent2", capacity=1) == 403
    rows = await desk.audited("account_changed")
    assert [(row["who"], row["detail"]) for row in rows] == [
        ("boss", {"account": "agent1", "fields": ["skills", "capacity"]})
    ]
