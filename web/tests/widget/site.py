"""Two small web servers for the widget's tests: the gateway's pages as it serves them, and a shop's page on another origin."""

import mimetypes
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

STATIC = Path(__file__).resolve().parents[2] / "static"
PANEL_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: data:; connect-src 'self'; "
    "font-src 'self'; media-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors http://127.0.0.1:* http://localhost:*"
)
HOSTILE = """* { all: unset !important; display: none !important; visibility: hidden !important; opacity: 0 !important }
html, body, main { display: block !important; visibility: visible !important; opacity: 1 !important }
button { display: none !important } iframe { width: 1px !important } div { transform: rotate(45deg) !important }"""
SHOP = """<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>小店</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
<link rel="stylesheet" href="/shop.css{style}"></head><body><main><h1>小店</h1>
<button id="ask" data-shopdesk-ask="订单 20261120000042 到哪了">问订单</button></main>
<script src="{gateway}/widget.js" {attributes} defer></script></body></html>"""

Answer = tuple[str, bytes, dict[str, str]]


@contextmanager
def served(answer: Callable[[str], Answer | None]) -> Iterator[int]:
    """Serve what `answer(path)` gives (type, body, headers) on a free port of the loopback; yields the port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, body, headers = answer(self.path) or ("text/plain", b"not found", {})
            self.send_response(200 if kind != "text/plain" else 404)
            for name, value in {"Content-Type": kind, "Cache-Control": "no-store", **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing: the tests say what matters."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def gateway_page(path: str) -> Answer | None:
    """What the gateway answers for its static pages; `/` is an empty page to load single modules into."""
    name = urlsplit(path).path
    if name == "/":
        return "text/html", b"<!doctype html><title>modules</title>", {}
    file = STATIC / (name.lstrip("/") + ("index.html" if name.endswith("/") else ""))
    if not file.is_file():
        return None
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    return kind, file.read_bytes(), {"Content-Security-Policy": PANEL_POLICY} if name.startswith("/widget/") else {}


def shop_page(gateway: str) -> Callable[[str], Answer | None]:
    """A shop that allows only its own things and the gateway; the query gives the script tag's attributes."""
    policy = f"default-src 'none'; script-src 'self' {gateway}; frame-src {gateway}; style-src 'self'; img-src data:"

    def answer(path: str) -> Answer | None:
        address = urlsplit(path)
        asked = dict(parse_qsl(address.query))
        if address.path == "/shop.css":
            return "text/css", (HOSTILE if "hostile" in asked else "main { height: 3000px }").encode(), {}
        style = "?hostile=1" if asked.pop("hostile", None) else ""
        attributes = " ".join(f'data-{name}="{value}"' for name, value in asked.items())
        page = SHOP.format(gateway=gateway, style=style, attributes=attributes)
        return "text/html; charset=utf-8", page.encode(), {"Content-Security-Policy": policy}

    return answer
