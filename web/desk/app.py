"""The desk put together: what serves agents, and what dispatches behind it."""

from __future__ import annotations

import asyncio
import gc
import logging
import secrets
from dataclasses import dataclass
from typing import Any

from sanic import HTTPResponse, Request, Sanic
from sanic.response import BaseHTTPResponse

from ledger import DeskSide, Ledger, LedgerUnavailable, Roster, connect
from ledger.images import LARGEST_BYTES, ImageStore
from ledger.keys import Keys
from ledger.requests import Requests
from shop.client import ShopClient
from web.desk.accounts import Accounts, ensure_demo_accounts
from web.desk.accounts_api import AccountsApi
from web.desk.archive import Archive
from web.desk.archive_api import ArchiveApi
from web.desk.archive_search import ArchiveSearch
from web.desk.audit import Audit
from web.desk.board import Board
from web.desk.card_maker import CardMaker
from web.desk.connection import Wiring
from web.desk.conversation_api import ConversationApi
from web.desk.customer import CustomerColumn
from web.desk.customer_api import CustomerApi
from web.desk.customer_notes import CustomerNotes
from web.desk.database import Database, migrate
from web.desk.deeds import Deeds, Tools
from web.desk.dispatcher import Backstage, Dispatcher
from web.desk.errors import ForbiddenOrigin, http_answer, refusal
from web.desk.floor import Floor
from web.desk.frames import FRAME_BYTES
from web.desk.items import Items
from web.desk.levels import Levels
from web.desk.library_api import LibraryApi
from web.desk.login_api import LoginApi
from web.desk.logins import Logins
from web.desk.metrics import Metrics
from web.desk.mirror import Mirror
from web.desk.notifier import Notifier
from web.desk.order_tasks import OrderTasksApi
from web.desk.pages import Pages
from web.desk.passwords import Passwords
from web.desk.priority import PriorityRules
from web.desk.probes import Probes
from web.desk.quick_replies import QuickReplies, ensure_quick_replies
from web.desk.ranking import Ranking
from web.desk.recorder import Recorder
from web.desk.rooms import Rooms
from web.desk.routes import Doors, add_routes
from web.desk.rules import DeskRules
from web.desk.seats import Seats
from web.desk.settings import Settings
from web.desk.socket import SocketDoor
from web.desk.tags import Tags, ensure_tags
from web.visitor import preferred_lang

logger = logging.getLogger(__name__)
App = Sanic[Any, Any]
API = "/api/"
FOREIGN = frozenset({"cross-site", "same-site"})
PURGE_EVERY_S = 6 * 3600.0
BEATS = 6
"""How often in their grace agents are kept on the roster, and their conversations theirs."""


def create_app(settings: Settings, rules: DeskRules) -> App:
    """The app, not started: it connects when the server starts."""
    app: App = Sanic("shopdesk-desk", configure_logging=False)
    _configure(app, settings)
    inside = Inside(settings, rules)
    add_routes(app, inside.doors)
    _guard(app, settings, inside.metrics)

    @app.before_server_start
    async def open_up(_: App) -> None:
        await inside.prepare()

    @app.after_server_start
    async def start(_: App) -> None:
        inside.start()

    @app.before_server_stop
    async def stop(_: App) -> None:
        await inside.stop()

    @app.after_server_stop
    async def disconnect(_: App) -> None:
        await inside.close()

    return app


class Inside:
    """All parts of one desk, wired together."""

    def __init__(self, settings: Settings, rules: DeskRules) -> None:
        self._settings, self.name = settings, f"desk-{secrets.token_hex(4)}"
        self.metrics, self._redis = Metrics(), connect(settings.redis_url)
        ledger = Ledger(self._redis, Keys(settings.shards))
        self._database, self._shop = Database(settings.database_url), ShopClient(settings.shop)
        self._images = ImageStore(settings.images)
        self._sql = _Sql.over(self._database)
        floor = Floor(rules.offers)
        grace_ms = settings.grace_s * 1000
        desk, roster, items = DeskSide(ledger, grace_ms), Roster(ledger, grace_ms), Items(rules.clocks, rules.duty)
        self._roster = roster
        self._ranking = Ranking(PriorityRules(**rules.priorities), Levels(self._shop).of)
        self._mirror = Mirror(ledger, roster, settings.redis_url, floor, self._ranking.placed)
        self._dispatcher = Dispatcher(self.name, Backstage(self._mirror, desk, roster, rules, items, self._ranking))
        self._seats, rooms = Seats(self._mirror, desk, roster, settings.grace_s / BEATS), Rooms(ledger, roster)
        self._notifier = Notifier(ledger, self._mirror, self._seats, rooms, items)
        self._board = Board(self._mirror, items, self._notifier, rules.duty)
        for listener in (self._notifier, self._board, self._dispatcher):
            self._mirror.listen(listener)
        self._recorder = Recorder(ledger, self._database, self.name)
        sql = self._sql
        tools = Tools(
            ledger,
            desk,
            roster,
            self._mirror,
            self._seats,
            rules,
            sql.audit,
            CardMaker(ledger, self._shop),
            self._images,
        )
        socket = SocketDoor(
            Wiring(tools, Deeds(tools), rooms, self._notifier, items, self._board, sql.logins, self.metrics)
        )
        column = CustomerColumn(ledger, self._shop, sql.archive, sql.notes)
        self.doors = Doors(
            login=LoginApi(sql.logins, sql.audit, settings.public_url.startswith("https://"), self._account_changed),
            accounts=AccountsApi(sql.logins, sql.accounts, sql.audit, self._account_changed),
            archive=ArchiveApi(sql.logins, sql.archive, sql.search, sql.audit),
            conversation=ConversationApi(ledger, self._images, sql.logins, sql.audit),
            customer=CustomerApi(ledger, column, sql.logins, sql.audit),
            library=LibraryApi(sql.logins, ledger, sql.replies, sql.tags, sql.notes, sql.audit),
            order_tasks=OrderTasksApi(ledger, self._shop, Requests(ledger), sql.logins, sql.audit),
            pages=Pages(settings),
            probes=Probes(desk, self._database, self._mirror, self._dispatcher, self.metrics),
            socket=socket,
        )
        self._purging: asyncio.Task[None] | None = None

    async def prepare(self) -> None:
        """The tables, and what a new installation begins with. Raises `DatabaseUnavailable`."""
        await asyncio.to_thread(migrate, self._settings.database_url)
        await ensure_quick_replies(self._database)
        await ensure_tags(self._database)
        if self._settings.demo_password and await ensure_demo_accounts(self._database, self._settings.demo_password):
            logger.info("demo_accounts_made")

    def start(self) -> None:
        """Begins to work. What there is by now stays for good: nobody waits while it is looked through for garbage."""
        gc.collect()
        gc.freeze()
        self._mirror.start()
        self._dispatcher.start()
        self._seats.start()
        self._board.start()
        self._recorder.start()
        self._purging = asyncio.create_task(self._purge())

    async def stop(self) -> None:
        """Sends everybody away; their conversations stay theirs for thirty seconds, time enough to sit at another desk."""
        self.doors.socket.stop()
        if self._purging is not None:
            self._purging.cancel()
        for part in (
            self._dispatcher,
            self._ranking,
            self._board,
            self._notifier,
            self._seats,
            self._mirror,
            self._recorder,
        ):
            await part.stop()

    async def close(self) -> None:
        """Closes all connections."""
        await self._shop.aclose()
        await self._database.close()
        await self._redis.aclose()

    async def _account_changed(self, username: str) -> None:
        """Open sockets look at once whether they may stay; without Redis they do so within half a minute."""
        try:
            await self._roster.account_changed(username)
        except LedgerUnavailable:
            logger.warning("sockets_not_told agent=%s", username)

    async def _purge(self) -> None:
        """Pictures go when their conversations have."""
        while True:
            gone = await asyncio.to_thread(self._images.purge)
            if gone:
                logger.info("pictures_deleted count=%s", gone)
            await asyncio.sleep(PURGE_EVERY_S)


@dataclass(frozen=True)
class _Sql:
    """What is kept in the database."""

    accounts: Accounts
    logins: Logins
    audit: Audit
    archive: Archive
    search: ArchiveSearch
    replies: QuickReplies
    tags: Tags
    notes: CustomerNotes

    @classmethod
    def over(cls, database: Database) -> _Sql:
        passwords = Passwords()
        return cls(
            Accounts(database, passwords), Logins(database, passwords), Audit(database), Archive(database),
            ArchiveSearch(database), QuickReplies(database), Tags(database), CustomerNotes(database),
        )  # fmt: skip


def _configure(app: App, settings: Settings) -> None:
    app.config.ACCESS_LOG = False
    app.config.AUTO_EXTEND = False
    app.config.GRACEFUL_SHUTDOWN_TIMEOUT = 1.0
    app.config.KEEP_ALIVE_TIMEOUT = 75
    app.config.PROXIES_COUNT = settings.trusted_proxies or None
    app.config.REQUEST_MAX_SIZE = LARGEST_BYTES // 32
    app.config.WEBSOCKET_MAX_SIZE = 4 * FRAME_BYTES
    app.config.WEBSOCKET_PING_INTERVAL = 20
    app.config.WEBSOCKET_PING_TIMEOUT = 20


def _guard(app: App, settings: Settings, metrics: Metrics) -> None:
    """What holds for each request: it comes from our own page, and errors have one shape."""
    own = frozenset(settings.own_origins)

    async def refuse_foreign_pages(request: Request) -> None:
        origin = request.headers.get("origin")
        if request.path.startswith(API) and origin is not None and origin not in own:
            raise ForbiddenOrigin("a page that is not ours")
        # Another port of this host, or a sister domain, is the same site to a cookie, but not to us; looks are noted, too.
        # Sockets always bring an `Origin`, and browsers do not agree on what site `ws:` is.
        site, socket = request.headers.get("sec-fetch-site"), request.headers.get("upgrade", "").lower() == "websocket"
        if request.path.startswith(API) and site in FOREIGN and not socket:
            raise ForbiddenOrigin("another site")

    async def finish(request: Request, response: BaseHTTPResponse) -> None:
        if request.path.startswith(API):
            response.headers.setdefault("Cache-Control", "no-store")
            response.headers["X-Content-Type-Options"] = "nosniff"

    app.register_middleware(refuse_foreign_pages, "request")
    app.register_middleware(finish, "response")

    @app.exception(Exception)
    async def answer_error(request: Request, error: Exception) -> HTTPResponse:
        refused = refusal(error)
        metrics.errors.labels(refused.code).inc()
        lang = getattr(request.ctx, "lang", None) or preferred_lang(request.headers.get("accept-language"))
        return http_answer(refused, lang)
