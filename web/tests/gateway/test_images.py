"""Pictures over the door: handed in, said, shown to their own conversation and to no other, and still there later."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from PIL import Image

from ledger import DeskSide, Ledger
from ledger.images import ImageStore
from ledger.testing import RedisServer
from web.gateway.images import ARRIVING_FROM_ADDRESS
from web.gateway.testing import RunningGateway, start_gateway
from web.tests.gateway.shopper import Shopper

SHOP = "http://localhost:8002"


def picture(size: tuple[int, int] = (60, 40), kind: str = "JPEG", **how: object) -> bytes:
    made = BytesIO()
    Image.new("RGB", size, "teal").save(made, kind, **how)
    return made.getvalue()


async def hand_in(shopper: Shopper, content: bytes, **headers: str) -> httpx.Response:
    address = f"{shopper.gateway.url}/api/chat/images"
    return await shopper.client.post(address, content=content, headers=shopper.headers | headers)


async def look_at(shopper: Shopper, image: str, token: str | None = None) -> httpx.Response:
    address = f"{shopper.gateway.url}/api/chat/images/{image}"
    return await shopper.client.get(address, params={"token": shopper.token if token is None else token})


async def test_picture_is_handed_in_said_and_shown(shopper: Shopper, ledger: Ledger) -> None:
    exif = Image.Exif()
    exif[0x010F] = "SECRET CAMERA"
    answer = await hand_in(shopper, picture((2000, 1000), exif=exif))
    assert answer.status_code == 201, answer.text
    image = answer.json()
    assert (image["width"], image["height"]) == (1600, 800)
    async with shopper.socket() as socket:
        await socket.send("message", mid="m1", text="  ", image=image["id"])
        await socket.until("ack", mid="m1")
        message = socket.messages[0] if socket.messages else await socket.until("message")
        assert message["body"] == {"image": image}
        await socket.send("message", mid="m2", text="破了", image=image["id"])
        assert (await socket.until("message", mid="m2"))["body"] == {"text": "破了", "image": image}
    shown = await look_at(shopper, image["id"])
    assert shown.status_code == 200
    assert b"SECRET CAMERA" not in shown.content
    with Image.open(BytesIO(shown.content)) as seen:
        assert (seen.format, seen.size) == ("JPEG", (1600, 800))
    assert {
        "content-type": "image/jpeg",
        "cache-control": "private, max-age=31536000, immutable",
        "content-disposition": "inline",
        "content-security-policy": "default-src 'none'; sandbox",
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
    }.items() <= shown.headers.items()
    assert (await ledger.read(shopper.cid))[0].body["image"] == image


async def test_agents_picture_is_shown_too(shopper: Shopper, gateway: RunningGateway, desk: DeskSide) -> None:
    image = ImageStore(gateway.images).keep(shopper.cid, picture())
    async with shopper.socket() as socket:
        await socket.send("human")
        await socket.until("state", mode="waiting")
        await desk.claim(shopper.cid, "a1", "小周")
        await desk.say(shopper.cid, "a1", "小周", "am1", image=image)
        assert (await socket.until("message", **{"from": "agent"}))["body"] == {"image": image}
    assert (await look_at(shopper, image["id"])).status_code == 200


async def test_nobody_else_sees_it(shopper: Shopper, gateway: RunningGateway, client: httpx.AsyncClient) -> None:
    image = (await hand_in(shopper, picture())).json()["id"]
    stranger = await Shopper.come(gateway, client)
    foreign = await look_at(stranger, image)
    assert (foreign.status_code, foreign.json()["error"]["code"]) == (404, "not_found")
    assert foreign.headers["cache-control"] == "no-store"
    said = await stranger.post("message", mid="m1", text="", image=image)
    assert (said.status_code, said.json()["error"]["code"]) == (400, "bad_image")
    for token in ("", "x.y.z"):
        refused = await look_at(shopper, image, token)
        assert (refused.status_code, refused.json()["error"]["code"]) == (401, "unauthorized")


@pytest.mark.parametrize("image", ["0" * 40, "..%2f..%2fx", "a.jpg", "%00"])
async def test_what_is_not_there_is_not_found(shopper: Shopper, image: str) -> None:
    assert (await look_at(shopper, image)).status_code == 404


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"", 400, "bad_image"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", 400, "bad_image"),
        (picture(kind="GIF"), 400, "bad_image"),
        (picture((7000, 6000), "PNG"), 400, "bad_image"),
        (picture() + b"\0" * (8 * 1024 * 1024), 413, "too_long"),
    ],
    ids=["empty", "svg", "gif", "42MP", "8MB"],
)
async def test_what_is_no_picture_of_ours_is_refused(shopper: Shopper, content: bytes, status: int, code: str) -> None:
    answer = await hand_in(shopper, content)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert (await hand_in(shopper, picture())).status_code == 201, "the door is well"


async def test_only_this_address_takes_so_much_and_only_from_who_is_in(
    shopper: Shopper, gateway: RunningGateway, client: httpx.AsyncClient
) -> None:
    large = b"\xff\xd8" + b"x" * 200_000
    elsewhere = await client.post(f"{gateway.url}/api/chat/messages", content=large, headers=shopper.headers)
    assert (elsewhere.status_code, elsewhere.json()["error"]["code"]) == (413, "too_long")
    shopper.token = "x.y.z"
    assert (await hand_in(shopper, picture())).status_code == 401


async def test_picture_may_be_as_large_as_promised(shopper: Shopper) -> None:
    padded = picture()
    padded += b"\0" * (8 * 1024 * 1024 - len(padded))
    assert (await hand_in(shopper, padded)).status_code == 201


async def test_the_door_answers_while_pictures_are_drawn(shopper: Shopper) -> None:
    """Four large ones at once; messages do not wait for them."""
    large = picture((4000, 4000), "PNG")
    drawing = [asyncio.create_task(hand_in(shopper, large)) for _ in range(4)]
    async with shopper.socket() as socket:
        await socket.send("message", mid="m1", text="在吗")
        await socket.until("ack", mid="m1")
        assert not all(task.done() for task in drawing)
    assert {answer.status_code for answer in await asyncio.gather(*drawing)} == {201}


async def test_too_many_pictures_are_refused_for_now(shopper: Shopper) -> None:
    answers = [await hand_in(shopper, picture((n + 1, 1))) for n in range(21)]
    assert [answer.status_code for answer in answers] == [201] * 20 + [429]


async def test_pictures_that_never_end_are_so_many_and_no_more(
    shopper: Shopper, gateway: RunningGateway, client: httpx.AsyncClient
) -> None:
    go_on, other = asyncio.Event(), await Shopper.come(gateway, client)

    async def slowly() -> AsyncIterator[bytes]:
        yield picture()
        await go_on.wait()

    async def slow_one() -> int:
        address = f"{gateway.url}/api/chat/images"
        return (await client.post(address, content=slowly(), headers=shopper.headers)).status_code

    slow = [asyncio.create_task(slow_one()) for _ in range(ARRIVING_FROM_ADDRESS)]
    for _ in range(15):  # until all of them have begun
        if (refused := await hand_in(other, picture())).status_code != 201:
            break
        await asyncio.sleep(0.3)
    assert refused.json()["error"]["code"] == "rate_limited"
    go_on.set()
    assert await asyncio.gather(*slow) == [201] * ARRIVING_FROM_ADDRESS
    assert (await hand_in(other, picture())).status_code == 201


async def test_shops_own_front_end_may_hand_one_in(shopper: Shopper) -> None:
    answer = await hand_in(shopper, picture(), Origin=SHOP)
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (201, SHOP)
    assert (await hand_in(shopper, picture(), Origin="http://evil.example")).status_code == 403


async def test_pictures_survive_a_restart_and_the_folder_is_the_one_that_is_set(
    redis_server: RedisServer, ledger: Ledger, client: httpx.AsyncClient, tmp_path: Path
) -> None:
    gateway = start_gateway(redis_server.url, SHOPDESK_IMAGES=str(tmp_path / "mine"))
    try:
        shopper = await Shopper.come(gateway, client)
        image = (await hand_in(shopper, picture())).json()["id"]
        gateway.kill()
        gateway.restart()
        assert (await look_at(shopper, image)).status_code == 200
        (file,) = [path for path in (tmp_path / "mine").rglob("*") if path.is_file()]
        assert file.stat().st_mode & 0o777 == 0o600
    finally:
        gateway.stop()
