"""The desk's page and what it is made of, under a strict Content-Security-Policy."""

from __future__ import annotations

from sanic import HTTPResponse, Request
from sanic.response import redirect

from web.desk.errors import NotFound
from web.desk.settings import Settings
from web.static_files import NoSuchFile, StaticFiles


class Pages:
    """`/desk/…`, and `/vendor/…` and `/widget/…` that it takes parts from."""

    def __init__(self, settings: Settings) -> None:
        self._files = StaticFiles()
        self._policy = policy(settings)

    async def home(self, request: Request) -> HTTPResponse:
        """`/` and `/desk`: its relative addresses only hold below the slash."""
        return redirect("/desk/", status=302)

    async def desk(self, request: Request, path: str = "index.html") -> HTTPResponse:
        """`/desk/…`."""
        return self._serve(request, f"desk/{path}")

    async def widget(self, request: Request, path: str) -> HTTPResponse:
        """`/widget/…`: cards look the same on both sides."""
        return self._serve(request, f"widget/{path}")

    async def vendor(self, request: Request, path: str) -> HTTPResponse:
        """`/vendor/…`: the libraries of the pages."""
        return self._serve(request, f"vendor/{path}")

    def _serve(self, request: Request, path: str) -> HTTPResponse:
        try:
            return self._files.serve(request, path, {"Content-Security-Policy": self._policy})
        except NoSuchFile:
            raise NotFound(path) from None


def policy(settings: Settings) -> str:
    """Our own files only, nothing inline, in no frame."""
    sockets = " ".join(origin.replace("http", "ws", 1) for origin in settings.own_origins)
    rules = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' https: data: blob: " + " ".join(settings.shop_origins),
        "connect-src": f"'self' {sockets}",
        "font-src": "'self'",
        "media-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())
