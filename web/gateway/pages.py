"""The widget's files, as they lie in web/static, under a strict Content-Security-Policy."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from sanic import HTTPResponse, Request
from sanic.response import redirect

from web.gateway.errors import NotFound
from web.gateway.settings import Settings

STATIC = Path(__file__).resolve().parent.parent / "static"
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


class File(NamedTuple):
    """A file as it was when it was read."""

    stamp: tuple[int, int]
    content: bytes
    etag: str


class Pages:
    """Serves `/widget.js`, `/widget/…` and `/vendor/…`."""

    def __init__(self, settings: Settings, root: Path = STATIC) -> None:
        self._root = root.resolve()
        self._files: dict[Path, File] = {}
        self._policy = policy(settings)

    async def script(self, request: Request) -> HTTPResponse:
        """`/widget.js`: what a shop's page loads, so any page may."""
        return self._serve(request, "widget.js", {"Cross-Origin-Resource-Policy": "cross-origin"})

    async def widget(self, request: Request, path: str = "index.html") -> HTTPResponse:
        """`/widget/…`: the chat itself, for an iframe."""
        return self._serve(request, f"widget/{path}", {"Content-Security-Policy": self._policy})

    async def widget_folder(self, request: Request) -> HTTPResponse:
        """`/widget`: its relative addresses only hold below the slash."""
        query = f"?{request.query_string}" if request.query_string else ""
        return redirect(f"/widget/{query}", status=308)

    async def vendor(self, request: Request, path: str) -> HTTPResponse:
        """`/vendor/…`: the libraries of the pages."""
        return self._serve(request, f"vendor/{path}", {})

    def _serve(self, request: Request, path: str, headers: dict[str, str]) -> HTTPResponse:
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
        """The file at `path`, read again when it has changed. Raises `NotFound`, also for hidden files and outside."""
        if any(part.startswith(".") or not part for part in path.split("/")) or "\\" in path or "\0" in path:
            raise NotFound(path)
        place = (self._root / path).resolve()
        content_type = CONTENT_TYPES.get(place.suffix)
        if content_type is None or not place.is_relative_to(self._root) or not place.is_file():
            raise NotFound(path)
        status = place.stat()
        stamp = (status.st_mtime_ns, status.st_size)
        file = self._files.get(place)
        if file is None or file.stamp != stamp:
            content = place.read_bytes()
            file = File(stamp, content, f'"{hashlib.sha256(content).hexdigest()[:32]}"')
            self._files[place] = file
        return file, content_type


def policy(settings: Settings) -> str:
    """The Content-Security-Policy of the widget: our own files only, nothing inline, framed by the shop alone."""
    sockets = " ".join(_socket_origin(origin) for origin in settings.own_origins)
    rules = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": " ".join(("'self'", "https:", "data:", *settings.origins)),
        "connect-src": f"'self' {sockets}",
        "font-src": "'self'",
        "media-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": " ".join(("'self'", *settings.own_origins, *settings.origins)),
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _socket_origin(origin: str) -> str:
    """Not every browser takes a WebSocket to the same host for `'self'`."""
    parts = urlsplit(origin)
    return f"{'wss' if parts.scheme == 'https' else 'ws'}://{parts.netloc}"
