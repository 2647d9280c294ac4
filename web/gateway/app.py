"""The gateway put together: every route of the shoppers' door stands here."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from sanic import HTTPResponse, Request, Sanic
from sanic.response import BaseHTTPResponse

from ledger import Ledger, connect
from ledger.garbage import Garbage
from ledger.images import ImageStore
from ledger.keys import Keys
from web.gateway.connection import Wiring
from web.gateway.conversations import Conversations
from web.gateway.errors import ForbiddenOrigin, Refused, http_answer, refusal
from web.gateway.frames import FRAME_BYTES
from web.gateway.http_api import HttpApi
from web.gateway.hub import Hub
from web.gateway.images import Images
from web.gateway.metrics import Metrics
from web.gateway.pages import Pages
from web.gateway.probes import Probes
from web.gateway.sessions import Sessions
from web.gateway.settings import Settings
from web.gateway.socket import SocketDoor
from web.visitor import preferred_lang

API = "/api/"
READ = ["GET", "HEAD"]
App = Sanic[Any, Any]
Handler = Callable[[Request], Coroutine[Any, Any, HTTPResponse]]
PREFLIGHT_S = 600
SOCKET_BYTES = 36_000
"""What an open socket takes; of one that is gone, more than half is held until everything is collected."""


def create_app(settings: Settings) -> App:
    """The app, not started: it connects to Redis when the server starts."""
    app: App = Sanic("shopdesk-gateway", configure_logging=False)
    _configure(app, settings)
    metrics, keys, sessions = Metrics(), Keys(settings.shards), Sessions(settings)
    redis = connect(settings.redis_url)
    images = Images(ImageStore(settings.images))
    conversations = Conversations(Ledger(redis, keys), settings.typical_wait_s, images, metrics)
    hub = Hub(conversations, settings.redis_url, keys)
    sockets = SocketDoor(sessions, Wiring(conversations, hub, metrics))
    api = HttpApi(sessions, conversations, hub, images, metrics)
    garbage = Garbage(lambda: sockets.count, SOCKET_BYTES)
    probes, pages = Probes(conversations, metrics), Pages(settings)

    app.add_route(api.open_session, "/api/chat/sessions", ["POST"])
    app.add_route(api.hand_in, "/api/chat/messages", ["POST"])
    app.add_route(api.news, "/api/chat/messages", ["GET"])
    app.add_route(_streaming(api.keep_image), "/api/chat/images", ["POST"], stream=True, name="keep_image")
    app.add_route(api.show_image, "/api/chat/images/<image:str>", ["GET"])
    app.add_websocket_route(sockets.serve, "/api/chat/ws")
    app.add_route(_preflight, "/api/chat/sessions", ["OPTIONS"], name="preflight_sessions")
    app.add_route(_preflight, "/api/chat/messages", ["OPTIONS"], name="preflight_messages")
    app.add_route(_preflight, "/api/chat/images", ["OPTIONS"], name="preflight_images")
    app.add_route(probes.health, "/healthz", READ)
    app.add_route(probes.numbers, "/metrics", READ)
    app.add_route(pages.script, "/widget.js", READ)
    app.add_route(pages.widget_folder, "/widget", READ, strict_slashes=True)
    app.add_route(pages.widget, "/widget/", READ, strict_slashes=True, name="widget_index")
    app.add_route(pages.widget, "/widget/<path:path>", READ, name="widget_file")
    app.add_route(pages.vendor, "/vendor/<path:path>", READ)

    _guard(app, settings, metrics)

    @app.after_server_start
    async def start(_: App) -> None:
        hub.start()
        garbage.start()

    @app.before_server_stop
    async def stop(_: App) -> None:
        sockets.stop()
        await hub.stop()
        await garbage.stop()

    @app.after_server_stop
    async def disconnect(_: App) -> None:
        await redis.aclose()

    return app


def _configure(app: App, settings: Settings) -> None:
    app.config.ACCESS_LOG = False  # addresses of sockets carry tokens
    app.config.AUTO_EXTEND = False
    app.config.GRACEFUL_SHUTDOWN_TIMEOUT = 1.0
    app.config.KEEP_ALIVE_TIMEOUT = 75
    app.config.PROXIES_COUNT = settings.trusted_proxies or None
    app.config.REQUEST_MAX_SIZE = 4 * FRAME_BYTES
    app.config.WEBSOCKET_MAX_SIZE = 4 * FRAME_BYTES  # more than allowed, so that too long a frame gets its answer
    app.config.WEBSOCKET_PING_INTERVAL = 20
    app.config.WEBSOCKET_PING_TIMEOUT = 20


def _guard(app: App, settings: Settings, metrics: Metrics) -> None:
    """What holds for each request: which pages may ask, and the one shape of errors."""
    allowed = settings.allowed

    async def refuse_foreign_pages(request: Request) -> None:
        origin = request.headers.get("origin")
        if request.path.startswith(API) and origin is not None and origin not in allowed:
            raise ForbiddenOrigin("a page that is not ours")

    async def finish(request: Request, response: BaseHTTPResponse) -> None:
        if not request.path.startswith(API):
            return
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Vary"] = "Origin"
        if (origin := request.headers.get("origin")) in allowed:
            response.headers["Access-Control-Allow-Origin"] = origin

    app.register_middleware(refuse_foreign_pages, "request")
    app.register_middleware(finish, "response")

    @app.exception(Exception)
    async def answer_error(request: Request, error: Exception) -> HTTPResponse:
        refused: Refused = refusal(error)
        metrics.errors.labels(refused.code).inc()
        lang = getattr(request.ctx, "lang", None) or preferred_lang(request.headers.get("accept-language"))
        return http_answer(refused, lang)


def _streaming(handler: Handler) -> Handler:
    """A function of its own, which Sanic marks as one that reads the body by itself."""

    async def stream(request: Request) -> HTTPResponse:
        return await handler(request)

    return stream


async def _preflight(request: Request) -> HTTPResponse:
    """`OPTIONS`: what a shop's own front end may send from its pages; the guard has looked at the origin."""
    headers = {
        "Access-Control-Allow-Methods": "GET, POST, OPTIONS",
        "Access-Control-Allow-Headers": "Authorization, Content-Type",
        "Access-Control-Max-Age": str(PREFLIGHT_S),
    }
    return HTTPResponse(None, 204, headers)
