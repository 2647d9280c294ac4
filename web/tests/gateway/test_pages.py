"""The widget's files: what is served, under which policy, and what is not."""

from __future__ import annotations

import asyncio
import os
import re
from pathlib import Path

import httpx
import pytest

from web.gateway.pages import policy
from web.gateway.settings import Settings
from web.gateway.testing import RunningGateway
from web.static_files import STATIC, NoSuchFile, StaticFiles

SETTINGS = Settings("s" * 32, "i" * 32)


async def test_widget_comes_under_a_strict_policy(gateway: RunningGateway, client: httpx.AsyncClient) -> None:
    answer = await client.get(f"{gateway.url}/widget/")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    rules = dict(rule.split(" ", 1) for rule in answer.headers["content-security-policy"].split("; "))
    port = gateway.port
    assert rules == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' https: data: http://127.0.0.1:8002 http://localhost:8002",
        "connect-src": f"'self' ws://127.0.0.1:{port} ws://localhost:{port}",
        "font-src": "'self'",
        "media-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": f"'self' http://127.0.0.1:{port} http://localhost:{port}"
        " http://127.0.0.1:8002 http://localhost:8002",
    }
    assert not re.search(r"<(script|style)(?![^>]*\bsrc=)[^>]*>|\son\w+=|\sstyle=", answer.text), "nothing inline"


def test_policy_knows_the_public_address() -> None:
    rules = policy(
        Settings("s" * 32, "i" * 32, public_url="https://chat.shop.example", origins=("https://shop.example",))
    )
    assert "wss://chat.shop.example" in rules
    assert "frame-ancestors 'self' https://chat.shop.example" in rules
    assert rules.endswith(" https://shop.example")


async def test_widget_without_slash_leads_to_the_one_with(gateway: RunningGateway, client: httpx.AsyncClient) -> None:
    answer = await client.get(f"{gateway.url}/widget?lang=en")
    assert (answer.status_code, answer.headers["location"]) == (308, "/widget/?lang=en")


async def test_script_and_libraries_are_served_as_they_are(gateway: RunningGateway, client: httpx.AsyncClient) -> None:
    for path in ("widget.js", "vendor/preact.js", "vendor/htm.js"):
        answer = await client.get(f"{gateway.url}/{path}")
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
        assert answer.content == (STATIC / path).read_bytes()
        head = await client.head(f"{gateway.url}/{path}")
        assert (head.status_code, head.content) == (200, b"")
    script = await client.get(f"{gateway.url}/widget.js")
    assert script.headers["cross-origin-resource-policy"] == "cross-origin"


async def test_unchanged_file_is_not_sent_again(gateway: RunningGateway, client: httpx.AsyncClient) -> None:
    first = await client.get(f"{gateway.url}/widget.js")
    tag = first.headers["etag"]
    for known in (tag, f"W/{tag}", f'"other", {tag}'):
        again = await client.get(f"{gateway.url}/widget.js", headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert (await client.get(f"{gateway.url}/widget.js", headers={"If-None-Match": '"other"'})).status_code == 200


async def test_every_file_of_the_widget_has_a_type(gateway: RunningGateway, client: httpx.AsyncClient) -> None:
    for path in (STATIC / "widget").rglob("*"):
        if path.is_file():
            answer = await client.get(f"{gateway.url}/widget/{path.relative_to(STATIC / 'widget')}")
            assert answer.status_code == 200, path


@pytest.mark.parametrize(
    "path",
    [
        "/widget/../widget.js",
        "/widget/../../gateway/settings.py",
        "/widget/..%2f..%2fgateway%2fsettings.py",
        "/widget/%2e%2e/%2e%2e/gateway/settings.py",
        "/widget/..\\..\\gateway\\settings.py",
        "/widget//etc/passwd",
        "/widget//index.html",
        "/vendor/../../tests/gateway/conftest.py",
        "/vendor/....//widget.js",
        "/vendor/.hidden.js",
        "/vendor/",
        "/vendor/preact.js%00.html",
        "/vendor/preact.js/",
        "/widget/components",
        "/vendor/README.md",
        "/static/widget.js",
        "/widget/nothing.js",
    ],
)
async def test_nothing_else_can_be_reached(gateway: RunningGateway, path: str) -> None:
    raw = await _raw_get(gateway.port, path)
    assert raw.split(b" ", 2)[1] == b"404", raw[:200]
    assert b'"code":"not_found"' in raw


async def _raw_get(port: int, path: str) -> bytes:
    """Past the client, which would tidy the path up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
    answer = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    await writer.wait_closed()
    return answer


def test_link_that_leads_outside_is_not_followed(tmp_path: Path) -> None:
    inside = tmp_path / "static"
    (inside / "widget").mkdir(parents=True)
    (tmp_path / "secret.js").write_text("secret")
    os.symlink(tmp_path / "secret.js", inside / "widget" / "link.js")
    with pytest.raises(NoSuchFile):
        StaticFiles(inside)._find("widget/link.js")


def test_changed_file_is_read_again(tmp_path: Path) -> None:
    pages, script = StaticFiles(tmp_path), tmp_path / "widget.js"
    script.write_text("one")
    before, _ = pages._find("widget.js")
    script.write_text("three")
    after, _ = pages._find("widget.js")
    assert (before.content, after.content) == (b"one", b"three")
    assert before.etag != after.etag
