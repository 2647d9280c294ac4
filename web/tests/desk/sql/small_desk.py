"""The desk's routes that need only SQL, served for a test in its own process; `web/desk/app.py` has them all."""

from __future__ import annotations

import asyncio
import itertools
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from sanic import HTTPResponse, Request, Sanic

from ledger import Ledger
from web.desk.accounts import Accounts
from web.desk.accounts_api import AccountsApi
from web.desk.archive import Archive
from web.desk.archive_api import ArchiveApi
from web.desk.archive_search import ArchiveSearch
from web.desk.audit import Audit, AuditQuery
from web.desk.customer_notes import CustomerNotes
from web.desk.database import Database
from web.desk.errors import http_answer, refusal
from web.desk.library_api import LibraryApi
from web.desk.login_api import LoginApi
from web.desk.logins import Logins
from web.desk.passwords import Passwords
from web.desk.quick_replies import QuickReplies
from web.desk.tags import Tags

NUMBERS = itertools.count()
PASSWORD = "quite a long one"


async def _nobody_is_connected(username: str) -> None:
    """There are no sockets here."""


class SmallDesk:
    """One app on a free port of the loopback."""

    def __init__(
        self, database: Database, accounts: Accounts, passwords: Passwords, ledger: Ledger, secure: bool
    ) -> None:
        self.audit = Audit(database)
        self.logins = Logins(database, passwords)
        self.app: Any = Sanic(f"small-desk-{next(NUMBERS)}", configure_logging=False)
        self.app.config.TOUCHUP = False  # it rewrites methods of Sanic, which works once a process
        self._add_routes(database, accounts, ledger, secure)
        self.app.error_handler.add(Exception, _answer_error)
        self._server: Any = None
        self.url = ""

    def _add_routes(self, database: Database, accounts: Accounts, ledger: Ledger, secure: bool) -> None:
        login = LoginApi(self.logins, self.audit, secure, _nobody_is_connected)
        people = AccountsApi(self.logins, accounts, self.audit, _nobody_is_connected)
        archive = ArchiveApi(self.logins, Archive(database), ArchiveSearch(database), self.audit)
        replies, tags, notes = QuickReplies(database), Tags(database), CustomerNotes(database)
        library = LibraryApi(self.logins, ledger, replies, tags, notes, self.audit)
        for handler, path, method in (
            (login.sign_in, "/api/login", "POST"),
            (login.sign_out, "/api/logout", "POST"),
            (login.me, "/api/me", "GET"),
            (login.change_password, "/api/me/password", "POST"),
            (people.all, "/api/desk/accounts", "GET"),
            (people.add, "/api/desk/accounts", "POST"),
            (people.change, "/api/desk/accounts/<username:str>", "PATCH"),
            (library.replies, "/api/desk/quick-replies", "GET"),
            (library.add_reply, "/api/desk/quick-replies", "POST"),
            (library.change_reply, "/api/desk/quick-replies/<number:int>", "PUT"),
            (library.delete_reply, "/api/desk/quick-replies/<number:int>", "DELETE"),
            (library.count_reply, "/api/desk/quick-replies/<number:int>/used", "POST"),
            (library.tags, "/api/desk/tags", "GET"),
            (library.add_tag, "/api/desk/tags", "POST"),
            (library.delete_tag, "/api/desk/tags/<number:int>", "DELETE"),
            (library.add_note, "/api/desk/conversations/<cid:str>/customer-notes", "POST"),
            (library.delete_note, "/api/desk/conversations/<cid:str>/customer-notes/<number:int>", "DELETE"),
            (archive.find, "/api/desk/archive", "GET"),
            (archive.one, "/api/desk/archive/<cid:str>", "GET"),
            (archive.audit, "/api/desk/audit", "GET"),
        ):
            self.app.add_route(
                handler, path, [method], name=f"{method}-{path}".replace("/", "-").replace("<", "").replace(">", "")
            )

    async def start(self) -> SmallDesk:
        listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        self._server = await self.app.create_server(sock=listening, return_asyncio_server=True, access_log=False)
        await self._server.startup()
        return self

    async def stop(self) -> None:
        self._server.close()
        for connection in list(self._server.connections):
            connection.close()
        await self._server.wait_closed()
        await asyncio.sleep(0)

    def client(self) -> httpx.AsyncClient:
        """A browser."""
        return httpx.AsyncClient(base_url=self.url, timeout=20, trust_env=False)

    @asynccontextmanager
    async def signed_in(self, username: str) -> AsyncIterator[httpx.AsyncClient]:
        """A browser in which somebody has signed in."""
        async with self.client() as client:
            answer = await client.post("/api/login", json={"username": username, "password": PASSWORD})
            assert answer.status_code == 200, answer.text
            yield client

    async def audited(self, what: str | None = None) -> list[dict[str, Any]]:
        """What the audit log holds, oldest first."""
        rows, _ = await self.audit.find(AuditQuery(what=what))
        return [
            {"who": row.who, "what": row.what, "conversation": row.conversation, "detail": row.detail}
            for row in rows[::-1]
        ]


async def _answer_error(request: Request, error: Exception) -> HTTPResponse:
    return http_answer(refusal(error), getattr(request.ctx, "lang", None) or "zh")
