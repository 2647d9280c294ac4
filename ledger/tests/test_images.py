"""Pictures: what is kept of them, what is refused, whose they are, and when they go."""

from __future__ import annotations

import os
import struct
import time
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from ledger.images import LARGEST_BYTES, BadImage, ImageStore, ImageTooLarge, TooManyImages

SECRET = b"GPS-30.2741-120.1551"


@pytest.fixture
def store(tmp_path: Path) -> ImageStore:
    return ImageStore(tmp_path / "images")


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 40), mode: str = "RGB", **how: Any) -> bytes:
    """A picture whose left half is red and whose right half is blue."""
    image = Image.new(mode, size, "blue")
    image.paste(Image.new(mode, (size[0] // 2, size[1]), "red"), (0, 0))
    made = BytesIO()
    image.save(made, kind, **how)
    return made.getvalue()


def opened(store: ImageStore, cid: str, content: bytes) -> Image.Image:
    path = store.path(cid, store.keep(cid, content)["id"])
    assert path is not None
    return Image.open(path)


def test_metadata_is_gone_and_the_picture_stands_upright(store: ImageStore) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned clockwise
    exif[0x010F] = SECRET.decode()
    exif.get_ifd(0x8825)[1] = "N"
    content = picture(exif=exif, comment=SECRET, icc_profile=SECRET * 20)
    assert SECRET in content
    with opened(store, "c1", content) as kept:
        assert kept.format == "JPEG"
        assert kept.size == (40, 60)
        assert not kept.getexif()
        assert kept.getpixel((20, 5))[0] > 200, "what was left is above"  # type: ignore[index]
        assert SECRET not in Path(kept.filename).read_bytes()  # type: ignore[attr-defined]


@pytest.mark.filterwarnings("ignore:.*:UserWarning")
def test_broken_metadata_does_not_matter(store: ImageStore) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x8825] = {1: "N", 2: (1.0, 2.0, 3.0)}
    content = exif.tobytes()
    for at in range(8, len(content)):  # whatever byte of it is wrong
        broken = content[:at] + b"\xff" + content[at + 1 :]
        kept = store.keep("c1", picture(exif=broken))
        assert sorted((kept["width"], kept["height"])) == [40, 60]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_large_ones_are_made_smaller_and_the_answer_says_how_large(store: ImageStore, kind: str) -> None:
    kept = store.keep("c1", picture(kind, (3000, 2000)))
    assert (kept["width"], kept["height"]) == (1600, 1067)
    assert store.find("c1", kept["id"]) == kept


@pytest.mark.parametrize(("mode", "ground"), [("RGBA", (0, 0, 0, 0)), ("LA", (0, 0)), ("P", 0)])
def test_what_is_transparent_becomes_white(store: ImageStore, mode: str, ground: Any) -> None:
    made = BytesIO()
    Image.new(mode, (8, 8), ground).save(made, "PNG", **({"transparency": 0} if mode == "P" else {}))
    with opened(store, "c1", made.getvalue()) as kept:
        assert kept.getpixel((4, 4)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["L", "CMYK", "1", "I;16"])
def test_other_kinds_of_colour_are_taken(store: ImageStore, mode: str) -> None:
    made = BytesIO()
    Image.new(mode, (8, 8)).save(made, "JPEG" if mode == "CMYK" else "PNG")
    with opened(store, "c1", made.getvalue()) as kept:
        assert kept.mode == "RGB"


def bomb(width: int, height: int) -> bytes:
    """A small PNG that says it is very large."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )


def moving(kind: str) -> bytes:
    made = BytesIO()
    frames = [Image.new("RGB", (9, 9), colour) for colour in ("red", "blue")]
    frames[0].save(made, kind, save_all=True, append_images=frames[1:])
    return made.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7",
        b"<html><script>alert(1)</script>",
        picture("GIF"),
        picture("BMP"),
        picture("TIFF"),
        picture()[:300],
        picture("PNG")[:-60],
        bomb(8000, 6000),
        bomb(12_000, 12_000),
        bomb(60_000, 60_000),
        moving("PNG"),
        moving("WEBP"),
    ],
    ids=["empty", "svg", "pdf", "html", "gif", "bmp", "tiff", "cut-jpeg", "cut-png", "48MP", "144MP", "3.6GP", "apng", "webp"],
)  # fmt: skip
def test_what_is_no_picture_of_ours_is_refused_and_leaves_nothing(
    store: ImageStore, tmp_path: Path, content: bytes
) -> None:
    with pytest.raises(BadImage):
        store.keep("c1", content)
    assert list(tmp_path.rglob("*")) == []


def test_too_large_a_file_is_refused_unread(store: ImageStore) -> None:
    with pytest.raises(ImageTooLarge):
        store.keep("c1", picture() + b"\0" * LARGEST_BYTES)


def test_second_view_of_a_phones_picture_is_left_out(store: ImageStore) -> None:
    made = BytesIO()
    first, second = (Image.new("RGB", (30, 20), colour) for colour in ("red", "blue"))
    first.save(made, "MPO", save_all=True, append_images=[second])
    with opened(store, "c1", made.getvalue()) as kept:
        assert kept.getpixel((10, 10))[0] > 200  # type: ignore[index]


def test_a_picture_belongs_to_its_conversation(store: ImageStore) -> None:
    mine, theirs = store.keep("c1", picture()), store.keep("c2", picture())
    assert mine["id"] != theirs["id"], "an id tells nothing about another conversation's picture"
    assert store.path("c2", mine["id"]) is None
    assert store.find("c2", mine["id"]) is None


def test_the_same_picture_is_kept_once(store: ImageStore, tmp_path: Path) -> None:
    assert store.keep("c1", picture()) == store.keep("c1", picture())
    assert len(list(tmp_path.rglob("*.jpg"))) == 1


def test_only_the_owner_reads_them_and_nothing_half_written_is_left(store: ImageStore, tmp_path: Path) -> None:
    path = store.path("c1", store.keep("c1", picture())["id"])
    assert path is not None
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o077 == 0
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == [path]
    assert "c1" not in str(path.relative_to(tmp_path)), "a folder's name does not say whose it is"


@pytest.mark.parametrize("image_id", ["", "..", "../../etc/passwd", "a" * 39, "A" * 40, "a" * 40 + "\n", "%2e%2e"])
def test_an_id_is_no_path(store: ImageStore, image_id: str) -> None:
    store.keep("c1", picture())
    assert store.path("c1", image_id) is None


def test_a_conversation_may_not_fill_the_disk(store: ImageStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledger.images.MOST_IMAGES", 2)
    first = store.keep("c1", picture(size=(10, 10)))
    store.keep("c1", picture(size=(20, 20)))
    with pytest.raises(TooManyImages):
        store.keep("c1", picture(size=(30, 30)))
    assert store.keep("c1", picture(size=(10, 10))) == first, "what is there already takes no room"
    store.keep("c2", picture(size=(30, 30)))


def test_purge_deletes_what_is_old_and_only_that(store: ImageStore, tmp_path: Path) -> None:
    old, fresh = store.keep("c1", picture(size=(10, 10))), store.keep("c1", picture())
    alone = store.keep("c2", picture())
    month_ago = time.time() - 31 * 86_400
    for cid, kept in (("c1", old), ("c2", alone)):
        path = store.path(cid, kept["id"])
        assert path is not None
        os.utime(path, (month_ago, month_ago))
    assert store.purge() == 2
    assert store.path("c1", old["id"]) is None
    assert store.path("c1", fresh["id"]) is not None
    assert len(list((tmp_path / "images").glob("??/*"))) == 1
    assert store.purge() == 0
