"""The pictures of conversations, which both doors keep and show: made smaller, without metadata, one folder a conversation.

Only the doors import this module: the bot does without pictures.
"""

from __future__ import annotations

import os
import re
import struct
import tempfile
import time
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import ExifTags, Image

from ledger.errors import LedgerError
from ledger.keys import CONVERSATION_TTL_S

LARGEST_BYTES = 8 * 1024 * 1024
LONGEST_SIDE = 1600
MOST_PIXELS = 40_000_000
"""More than phones make by default; decoding takes up to four bytes for each."""

MOST_IMAGES = 200
"""In one conversation."""

FORMATS = ("JPEG", "PNG", "WEBP")
"""What is taken. Of a JPEG with several views, as phones make them, the first counts."""

MOVING = ("PNG", "WEBP")
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_90,
}  # fmt: skip
"""What a camera's orientation (EXIF 2.32, tag 274) asks for; nothing for 1."""
ID = re.compile(r"[0-9a-f]{40}")


class BadImage(LedgerError):
    """No picture of a kind that we take: broken, moving, or of too many pixels."""

    code = "bad_image"


class ImageTooLarge(LedgerError):
    """The file has more than 8 MB."""

    code = "too_long"


class TooManyImages(LedgerError):
    """The conversation has as many pictures as one may have."""

    code = "too_many"


class ImageStore:
    """Pictures below `folder`, which whoever runs both doors gives to both. Everything here blocks: call it in a thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, cid: str, content: bytes) -> dict[str, Any]:
        """Stores a picture as a JPEG of at most 1600 pixels a side; `{"id","width","height"}`. The same one twice is one.

        Raises `BadImage`, `ImageTooLarge`, `TooManyImages`.
        """
        if len(content) > LARGEST_BYTES:
            raise ImageTooLarge(f"a picture of {len(content)} bytes")
        jpeg, width, height = _redrawn(content)
        image_id = sha256(cid.encode() + b"\0" + jpeg).hexdigest()[:40]
        folder = self._of(cid)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        target = folder / f"{image_id}.jpg"
        if target.exists():
            os.utime(target)
        elif sum(1 for _ in folder.glob("*.jpg")) >= MOST_IMAGES:
            raise TooManyImages(f"{MOST_IMAGES} pictures in one conversation")
        else:
            _write(target, jpeg)
        return {"id": image_id, "width": width, "height": height}

    def path(self, cid: str, image_id: str) -> Path | None:
        """The file of a picture of this conversation; None when it has none of this id."""
        if not ID.fullmatch(image_id):
            return None
        found = self._of(cid) / f"{image_id}.jpg"
        return found if found.is_file() else None

    def find(self, cid: str, image_id: str) -> dict[str, Any] | None:
        """What `keep` has answered for it, or None."""
        found = self.path(cid, image_id)
        if found is None:
            return None
        with Image.open(found, formats=("JPEG",)) as image:
            return {"id": image_id, "width": image.width, "height": image.height}

    def purge(self, older_than_s: float = CONVERSATION_TTL_S) -> int:
        """Deletes what was stored longer ago, and folders left empty; returns how many pictures that were."""
        before, gone = time.time() - older_than_s, 0
        for file in self._folder.glob("??/*/*"):
            try:
                if file.stat().st_mtime < before:
                    file.unlink()
                    gone += file.suffix == ".jpg"
            except FileNotFoundError:
                continue  # somebody else cleans up, too
        for folder in (*self._folder.glob("??/*"), *self._folder.glob("??")):
            try:
                folder.rmdir()
            except OSError:
                continue  # something is still in it
        return gone

    def _of(self, cid: str) -> Path:
        digest = sha256(cid.encode()).hexdigest()
        return self._folder / digest[:2] / digest[:40]


def _redrawn(content: bytes) -> tuple[bytes, int, int]:
    """The picture drawn anew, so that nothing else of the file is left. Raises `BadImage`."""
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise BadImage(f"{image.width} × {image.height} pixels")
            if image.format in MOVING and getattr(image, "is_animated", False):
                raise BadImage("it moves")
            sharp = image.format == "PNG"  # a screenshot: letters keep their edges
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # decodes no more of a JPEG than is needed
            upright = _on_white(_turned(image))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise BadImage("far too many pixels") from None
    except (OSError, SyntaxError, ValueError, EOFError, TypeError, struct.error) as error:  # Pillow on broken files
        raise BadImage(type(error).__name__) from None
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    upright.info.clear()  # comments and profiles would be written again
    made = BytesIO()
    upright.save(made, "JPEG", quality=88 if sharp else 84, subsampling=0 if sharp else 2, optimize=True)
    return made.getvalue(), upright.width, upright.height


def _turned(image: Image.Image) -> Image.Image:
    """As the camera was held. Pillow's own way writes the metadata anew first, and fails where a part of it is broken."""
    image.load()  # a PNG may have its metadata after the picture
    held = image.getexif().get(ExifTags.Base.Orientation)
    turn = UPRIGHT.get(held) if isinstance(held, int) else None
    return image if turn is None else image.transpose(turn)


def _on_white(image: Image.Image) -> Image.Image:
    """Without transparency; what was transparent is white."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        with_alpha = image.convert("RGBA")
        ground = Image.new("RGB", image.size, "white")
        ground.paste(with_alpha, mask=with_alpha.getchannel("A"))
        return ground
    plain = image.convert("RGB")
    return plain if plain is not image else image.copy()


def _write(target: Path, content: bytes) -> None:
    """It is there in full or not at all; only its owner may read it."""
    handle, part = tempfile.mkstemp(dir=target.parent, suffix=".part")  # with mode 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, target)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise
