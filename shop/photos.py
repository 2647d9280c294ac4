"""The page where a shopper leaves photos for an after-sales case. Who has its address may add photos; nobody sees them there."""

import asyncio
import hmac
import re
from pathlib import Path

from sanic import Blueprint, HTTPResponse, Request
from sanic.exceptions import NotFound, PayloadTooLarge

from shop.case_links import photo_key
from shop.my_orders import own_form
from shop.page import pages_of, see_other
from shop.settings import ShopSettings

MOST_PHOTOS = 6
LARGEST_PHOTO = 5 * 1024 * 1024
LARGEST_UPLOAD = 8 * 1024 * 1024
_NUMBER = re.compile(r"[A-Z0-9]{4,40}")

photos = Blueprint("photos", url_prefix="/cases/<number:str>/photos")


@photos.get("/")
async def show_form(request: Request, number: str) -> HTTPResponse:
    """The form, and how many photos there are."""
    folder = _folder(request, number)
    return await _page(request, number, folder)


@photos.post("/", stream=True)
async def add_photo(request: Request, number: str) -> HTTPResponse:
    """Keep one more photo. The key is looked at before the photo is read: only here may a request be so large."""
    folder = _folder(request, number)
    own_form(request)
    try:
        photo = await _received(request)
    except PayloadTooLarge:
        return await _page(request, number, folder, 413, "photo_too_large")
    if len(photo) > LARGEST_PHOTO:
        return await _page(request, number, folder, 413, "photo_too_large")
    kind = sniffed(photo)
    if kind is None:
        return await _page(request, number, folder, 400, "photo_no_picture")
    async with _one_at_a_time(request):
        if len(kept(folder)) >= MOST_PHOTOS:
            return await _page(request, number, folder, 409, "photo_enough")
        await asyncio.to_thread(_keep, folder, photo, kind)
    return see_other(f"/cases/{number}/photos?key={request.args.get('key')}")


def sniffed(photo: bytes) -> str | None:
    """What the first bytes say it is: jpg, png or webp; None for anything else, whatever its name."""
    if photo.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if photo.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if photo[:4] == b"RIFF" and photo[8:12] == b"WEBP":
        return "webp"
    return None


def kept(folder: Path) -> list[Path]:
    """The photos of a case, oldest first."""
    return sorted(one for one in folder.glob("*.*") if one.suffix != ".part")


def _folder(request: Request, number: str) -> Path:
    """Where the photos of a case are; raises NotFound unless the address carries the key of this case."""
    settings: ShopSettings = request.app.ctx.settings
    key = str(request.args.get("key") or "")
    wanted = photo_key(number, settings.identity_secret)
    if not _NUMBER.fullmatch(number) or not hmac.compare_digest(key.encode(errors="surrogatepass"), wanted.encode()):
        raise NotFound("No case has this address.")
    return settings.db.with_name(f"{settings.db.name}.photos") / number


async def _received(request: Request) -> bytes:
    """The photo of the form; raises PayloadTooLarge."""
    if request.stream is not None:
        request.stream.request_max_size = LARGEST_UPLOAD
    await request.receive_body()
    sent = request.files.get("photo") if request.files else None
    return bytes(sent.body) if sent else b""


def _keep(folder: Path, photo: bytes, kind: str) -> None:
    """Write it under the next number; it is there in full or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / "next.part"
    part.write_bytes(photo)
    part.replace(folder / f"{len(kept(folder)) + 1}.{kind}")


def _one_at_a_time(request: Request) -> asyncio.Lock:
    lock: asyncio.Lock = request.app.ctx.photos_lock
    return lock


async def _page(request: Request, number: str, folder: Path, status: int = 200, trouble: str = "") -> HTTPResponse:
    count = len(kept(folder))
    content = {"number": number, "count": count, "most": MOST_PHOTOS, "trouble": trouble}
    return await pages_of(request).show(request, "photos.html", status=status, **content)
