"""What the typed client's connections promise: which failure means that nothing was sent, the proxy, one event loop at a time."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import ExitStack, asynccontextmanager, closing
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
import uvloop

from shop.after_sales import Cancellation
from shop.client import ClientSettings, Order, Proof, ShopClient, ShopUnavailable, ShopUncertain
from shop.connections import AnswerLate, AnswerLost, Connections, NotConnected, proxy_to
from shop.tests.scripted_api import answer, scripted_api
from shop.tests.test_client import until

NONE_FOUND = answer({"orders": []})
BEGUN = b"HTTP/1.1 200 X\r\nContent-Length: 5\r\n\r\n"


def settings_of(url: str, **more: Any) -> ClientSettings:
    given = {"connect_s": 0.2, "read_s": 0.2, **more}
    return ClientSettings("key", orders_url=url, logistics_url=url, promotions_url=url, **given)


async def failure_of(url: str) -> str:
    """The name of what goes wrong when a path there is asked for."""
    connections = Connections(settings_of(url))
    try:
        await connections.ask("GET", f"{url}/", {}, None, None)
    except (NotConnected, AnswerLost, AnswerLate) as error:
        return type(error).__name__
    finally:
        await connections.aclose()
    return "none"


@pytest.fixture
def full_house() -> Iterator[str]:
    """An address where nobody refuses a connection, and nobody takes it."""
    with ExitStack() as open_sockets:
        listening = open_sockets.enter_context(socket.socket())
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        for _ in range(4):
            waiting = open_sockets.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listening.getsockname())
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


@asynccontextmanager
async def silent_api(head: bytes = b"") -> AsyncIterator[tuple[str, list[bytes]]]:
    """A server that says no more than this to each connection, and what it was asked."""
    asked: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(head)
        await reader.read()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", asked
    server.close()
    await server.wait_closed()


# --- was it sent?


async def test_a_connection_that_does_not_come_about_sent_nothing(full_house: str) -> None:
    assert await failure_of(full_house) == "NotConnected"
    client = ShopClient(settings_of(full_house))
    with pytest.raises(ShopUnavailable):
        await client.cancel("20261120000042", Proof(phone_tail="4821"), Cancellation("changed_mind"), "c1:m1:cancel")
    await client.aclose()


async def test_a_name_that_nobody_has_sent_nothing() -> None:
    assert await failure_of("http://shop.invalid") == "NotConnected"


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 X\r\n", BEGUN, BEGUN + b"{"])
async def test_silence_after_the_question_is_a_late_answer(head: bytes) -> None:
    async with silent_api(head) as (url, asked):
        assert await failure_of(url) == "AnswerLate"
        client = ShopClient(settings_of(url))
        with pytest.raises(ShopUnavailable):
            await client.orders_of("c001")
        assert len(asked) == 2
        with pytest.raises(ShopUncertain):
            await client.cancel(
                "20261120000042", Proof(phone_tail="4821"), Cancellation("changed_mind"), "c1:m1:cancel"
            )
        assert len(asked) == 5
        await client.aclose()


async def test_a_reset_after_the_question_is_a_lost_answer() -> None:
    async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.transport.abort()

    server = await asyncio.start_server(reset, "127.0.0.1", 0)
    assert await failure_of(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}") == "AnswerLost"
    server.close()
    await server.wait_closed()


# --- kept open


@dataclass
class Doorkeeper:
    """Where a server is, and how many connections have come and gone."""

    url: str = ""
    came: int = 0
    left: int = 0


@asynccontextmanager
async def lasting_api() -> AsyncIterator[Doorkeeper]:
    """A server that finds no orders, on connections that stay open."""
    door = Doorkeeper()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        door.came += 1
        while await reader.readline():
            await reader.readuntil(b"\r\n\r\n")
            await asyncio.sleep(0.01)
            writer.write(NONE_FOUND.replace(b"Connection: close\r\n", b""))
        door.left += 1
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    door.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    yield door
    server.close()
    await server.wait_closed()


async def test_connections_are_used_again_and_closed_at_the_end() -> None:
    async with lasting_api() as door:
        client = ShopClient(settings_of(door.url, read_s=3.0))
        for _ in range(3):
            await asyncio.gather(*(client.orders_of("c001") for _ in range(16)))
        assert (door.came, door.left) == (16, 0)
        await client.aclose()
        await until(lambda: door.left == door.came)
    with pytest.raises(RuntimeError, match="closed"):
        await client.orders_of("c001")


async def test_an_answer_quicker_than_its_question_leaves_the_connection_good(monkeypatch: pytest.MonkeyPatch) -> None:
    """Under uvloop an answer can be there before aiohttp begins to wait for it; nothing may be waited for afterwards."""
    write = aiohttp.ClientRequest.write_bytes

    async def write_late(request: Any, writer: Any, conn: Any, *args: Any) -> None:
        while not len(conn.protocol):
            await asyncio.sleep(0)
        await write(request, writer, conn, *args)

    monkeypatch.setattr(aiohttp.ClientRequest, "write_bytes", write_late)
    async with lasting_api() as door:
        client = ShopClient(settings_of(door.url))
        for _ in range(3):
            assert await client.orders_of("c001") == []
            await asyncio.sleep(0.5)
        assert door.came == 1
        await client.aclose()
        await until(lambda: door.left == door.came)


async def test_the_key_is_sent_and_no_cookie_is_kept() -> None:
    async with scripted_api(answer({"orders": []}, set_cookie="session=1; Path=/")) as api:
        client = ShopClient(settings_of(api.url))
        for _ in range(2):
            await client.orders_of("c001")
        await client.aclose()
    for head in api.heads:
        assert (head["authorization"], head["accept"]) == ("bearer key", "application/json")
        assert "cookie" not in head


def test_a_second_event_loop_gets_connections_of_its_own() -> None:
    with closing(socket.socket()) as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    client = ShopClient(settings_of(f"http://127.0.0.1:{port}"))

    async def ask() -> list[Order]:
        async with scripted_api(NONE_FOUND, port=port):
            return await client.orders_of("c001")

    assert asyncio.run(ask()) == []

    async def ask_and_close() -> list[Order]:
        try:
            return await ask()
        finally:
            await client.aclose()

    assert asyncio.run(ask_and_close()) == []


async def test_two_event_loops_at_once_are_refused() -> None:
    async with scripted_api(NONE_FOUND) as api:
        client = ShopClient(settings_of(api.url))
        await client.orders_of("c001")
        with pytest.raises(RuntimeError, match="another event loop"):
            await asyncio.to_thread(asyncio.run, client.orders_of("c001"))
        await client.aclose()


# --- the environment's proxy


@pytest.fixture
def proxied(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "proxy.example:3128")
    monkeypatch.setenv("NO_PROXY", "inside.example,10.0.0.7:8002")
    return monkeypatch


@pytest.mark.usefixtures("proxied")
@pytest.mark.parametrize(
    ("address", "proxy"),
    [
        ("http://shop.example", "http://127.0.0.1:9"),
        ("https://shop.example:8443/shop", "http://proxy.example:3128"),
        ("http://shop.inside.example", None),
        ("http://10.0.0.7:8002", None),
        ("http://10.0.0.7:8003", "http://127.0.0.1:9"),
        ("http://127.0.0.1:8002", None),
        ("http://localhost", None),
        ("http://[::1]:8002", None),
    ],
)
def test_the_proxy_is_for_the_outside(address: str, proxy: str | None) -> None:
    assert proxy_to(address) == proxy


@pytest.mark.usefixtures("proxied")
async def test_a_shop_on_this_machine_is_asked_without_the_proxy() -> None:
    async with scripted_api(NONE_FOUND) as api:
        client = ShopClient(settings_of(api.url))
        assert await client.orders_of("c001") == []
        await client.aclose()


async def test_a_shop_elsewhere_is_asked_through_it(proxied: pytest.MonkeyPatch) -> None:
    async with scripted_api(NONE_FOUND) as api:
        proxied.setenv("HTTP_PROXY", api.url.replace("//", "//me:secret@"))
        client = ShopClient(settings_of("http://shop.example"))
        assert await client.orders_of("c001") == []
        await client.aclose()
    assert api.asked == ["http://shop.example/api/orders/v1/customers/c001/orders?limit=10"]
    assert api.heads[0]["proxy-authorization"] == "basic bwu6c2vjcmv0"


@pytest.mark.parametrize("run", [asyncio.run, uvloop.run], ids=["asyncio", "uvloop"])
@pytest.mark.filterwarnings("ignore:An HTTPS request is being sent:RuntimeWarning")  # aiohttp 3.9 says so under uvloop
def test_a_proxy_that_refuses_makes_the_shop_unavailable(
    run: Callable[[Coroutine[Any, Any, None]], None], proxied: pytest.MonkeyPatch
) -> None:
    async def refused() -> None:
        async with scripted_api(answer(b"", 403)) as api:
            proxied.setenv("HTTPS_PROXY", api.url)
            client = ShopClient(settings_of("https://shop.example"))
            with pytest.raises(ShopUnavailable):
                await client.orders_of("c001")
            await client.aclose()
        assert api.asked == ["shop.example:443"]

    run(refused())
