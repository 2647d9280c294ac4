"""The widget's files, as they lie in web/static, under a strict Content-Security-Policy."""

from __future__ import annotations

from urllib.parse import urlsplit

from sanic import HTTPResponse, Request
from sanic.response import redirect

from web.gateway.errors import NotFound
from web.gateway.settings import Settings
from web.static_files import NoSuchFile, StaticFiles


class Pages:
    """Serves `/widget.js`, `/widget/…` and `/vendor/…`."""

    def __init__(self, settings: Settings) -> None:
        self._files = StaticFiles()
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
        try:
            return self._files.serve(request, path, headers)
        except NoSuchFile:
            raise NotFound(path) from None


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
