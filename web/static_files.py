"""Serves files as they lie in web/static: read again when they change, never outside of it, each with its tag."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import NamedTuple

from sanic import HTTPResponse, Request

STATIC = Path(__file__).resolve().parent / "static"
CONTENT_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".mp3": "audio/mpeg",
    ".ogg": "audio/ogg",
    ".txt": "text/plain; charset=utf-8",
}
"""What is served at all."""


class NoSuchFile(LookupError):
    """There is no such file, or none that is served."""


class File(NamedTuple):
    """A file as it was when it was read."""

    stamp: tuple[int, int]
    content: bytes
    etag: str


class StaticFiles:
    """The files below a folder."""

    def __init__(self, root: Path = STATIC) -> None:
        self._root = root.resolve()
        self._files: dict[Path, File] = {}

    def serve(self, request: Request, path: str, headers: dict[str, str]) -> HTTPResponse:
        """The file at `path`, or that the browser has it. Raises `NoSuchFile`."""
        file, content_type = self._find(path)
        headers = {
            "Cache-Control": "no-cache",
            "ETag": file.etag,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            **headers,
        }
        known = [tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")]
        if file.etag in known:
            return HTTPResponse(None, 304, headers)
        return HTTPResponse(file.content, 200, headers, content_type)

    def _find(self, path: str) -> tuple[File, str]:
        if any(part.startswith(".") or not part for part in path.split("/")) or "\\" in path or "\0" in path:
            raise NoSuchFile(path)
        place = (self._root / path).resolve()
        content_type = CONTENT_TYPES.get(place.suffix)
        if content_type is None or not place.is_relative_to(self._root) or not place.is_file():
            raise NoSuchFile(path)
        status = place.stat()
        stamp = (status.st_mtime_ns, status.st_size)
        file = self._files.get(place)
        if file is None or file.stamp != stamp:
            content = place.read_bytes()
            file = File(stamp, content, f'"{hashlib.sha256(content).hexdigest()[:32]}"')
            self._files[place] = file
        return file, content_type
