"""The page for photos of a case: only for who has its address, only real pictures, never too many and never shown."""

import asyncio
import contextlib
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from shop.case_links import photo_key
from shop.photos import LARGEST_PHOTO, MOST_PHOTOS, sniffed
from shop.testing import RunningShop
from shop.tests.test_pages import Inline

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 64
WEBP = b"RIFF\x40\0\0\0WEBPVP8 " + b"\0" * 64
NUMBER = "RT20261125000007"


@pytest.fixture
def folder(shop_server: RunningShop) -> Iterator[Path]:
    """Where the photos of the case go; empty again after each test."""
    place = shop_server.db.with_name(f"{shop_server.db.name}.photos") / NUMBER
    yield place
    for photo in place.glob("*"):
        photo.unlink()


@pytest.fixture
def address(shop_server: RunningShop) -> str:
    return f"/cases/{NUMBER}/photos?key={photo_key(NUMBER, shop_server.identity_secret)}"


async def send(visitor: httpx.AsyncClient, address: str, photo: bytes, **headers: str) -> httpx.Response:
    return await visitor.post(address, files={"photo": ("../../x.html", photo, "image/png")}, headers=headers)


def test_the_first_bytes_say_what_it_is() -> None:
    assert [sniffed(one) for one in (JPEG, PNG, WEBP)] == ["jpg", "png", "webp"]
    assert [sniffed(one) for one in (b"", b"GIF89a", b"<svg/>", b"%PDF-1.7", b"RIFF\x40\0\0\0WAVE", b"\x89PN")] == [
        None
    ] * 6


async def test_a_photo_is_kept_and_counted(visitor: httpx.AsyncClient, address: str, folder: Path) -> None:
    assert "已收到 0 / 6 张" in (await visitor.get(address)).text
    for photo in (PNG, JPEG, WEBP):
        reply = await send(visitor, address, photo)
        assert (reply.status_code, reply.headers["Location"]) == (303, address)
    assert [one.name for one in sorted(folder.iterdir())] == ["1.png", "2.jpg", "3.webp"]
    assert (folder / "2.jpg").read_bytes() == JPEG
    page = await visitor.get(address)
    assert "已收到 3 / 6 张" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    parser = Inline()
    parser.feed(page.text)
    assert parser.found == []


@pytest.mark.parametrize("key", ["", "?key=", "?key=wrong", "?key=%F0%9F%98%80", "?key=a&key=b"])
async def test_without_the_key_there_is_no_such_page(
    visitor: httpx.AsyncClient, folder: Path, shop_server: RunningShop, key: str
) -> None:
    assert (await visitor.get(f"/cases/{NUMBER}/photos{key}")).status_code == 404
    assert (await send(visitor, f"/cases/{NUMBER}/photos{key}", PNG)).status_code == 404
    other = photo_key("RT20261125000008", shop_server.identity_secret)
    assert (await send(visitor, f"/cases/{NUMBER}/photos?key={other}", PNG)).status_code == 404
    assert not folder.exists() or list(folder.iterdir()) == []


async def test_a_number_cannot_lead_elsewhere(visitor: httpx.AsyncClient, shop_server: RunningShop) -> None:
    for number in ("..", "%2e%2e%2f%2e%2e", "..%2F..", "RT/../.."):
        for form in (number, number.replace("%2e", ".").replace("%2f", "/").replace("%2F", "/")):
            key = photo_key(form, shop_server.identity_secret)
            assert (await visitor.get(f"/cases/{number}/photos?key={key}")).status_code == 404


@pytest.mark.parametrize("photo", [b"", b"<script>alert(1)</script>", b"GIF89a" + b"\0" * 64])
async def test_only_pictures_are_taken(visitor: httpx.AsyncClient, address: str, folder: Path, photo: bytes) -> None:
    reply = await send(visitor, address, photo)
    assert reply.status_code == 400
    assert "不是 JPEG" in reply.text
    assert not folder.exists() or list(folder.iterdir()) == []
    assert (await visitor.post(address)).status_code == 400


async def test_a_large_photo_is_taken_and_a_larger_one_is_not(
    visitor: httpx.AsyncClient, address: str, folder: Path
) -> None:
    assert (await send(visitor, address, PNG.ljust(LARGEST_PHOTO, b"\0"))).status_code == 303
    reply = await send(visitor, address, PNG.ljust(LARGEST_PHOTO + 1, b"\0"))
    assert reply.status_code == 413
    assert "太大" in reply.text
    assert len(list(folder.iterdir())) == 1


async def test_a_request_has_an_end(visitor: httpx.AsyncClient, address: str, folder: Path) -> None:
    with contextlib.suppress(httpx.TransportError):  # it may be cut off while it is still talking
        assert (await send(visitor, address, PNG.ljust(9 * 1024 * 1024, b"\0"))).status_code == 413
    assert not folder.exists() or list(folder.iterdir()) == []
    assert "已收到 0 / 6 张" in (await visitor.get(address)).text


async def test_elsewhere_a_request_stays_small(visitor: httpx.AsyncClient) -> None:
    reply = await visitor.post("/login", data={"customer": "c" * 100_000})
    assert reply.status_code == 413


async def test_six_photos_are_enough_even_all_at_once(visitor: httpx.AsyncClient, address: str, folder: Path) -> None:
    replies = await asyncio.gather(*(send(visitor, address, PNG) for _ in range(MOST_PHOTOS + 3)))
    assert sorted(reply.status_code for reply in replies) == [303] * MOST_PHOTOS + [409] * 3
    assert len(list(folder.iterdir())) == MOST_PHOTOS
    page = (await visitor.get(address)).text
    assert "照片已经够了" in page
    assert "<input id" not in page


async def test_another_site_cannot_send_photos(visitor: httpx.AsyncClient, address: str, folder: Path) -> None:
    assert (await send(visitor, address, PNG, **{"Sec-Fetch-Site": "cross-site"})).status_code == 400
    assert not folder.exists() or list(folder.iterdir()) == []


async def test_photos_are_shown_to_nobody(visitor: httpx.AsyncClient, address: str, folder: Path) -> None:
    await send(visitor, address, PNG)
    path, _, key = address.partition("?")
    for guess in (
        f"{path}/1.png?{key}",
        f"/shop.sqlite.photos/{NUMBER}/1.png",
        f"/assets/../shop.sqlite.photos/{NUMBER}/1.png",
    ):
        assert (await visitor.get(guess)).status_code == 404
