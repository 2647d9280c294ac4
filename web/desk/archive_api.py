"""Looking back over HTTP: the archive of closed conversations, and the audit log. Looking is itself noted."""

from __future__ import annotations

from typing import Any

from msgspec import structs
from sanic import HTTPResponse, Request

from ledger import Entry
from web.desk.archive import Archive
from web.desk.archive_search import ArchiveQuery, ArchiveSearch
from web.desk.audit import Audit, AuditQuery
from web.desk.login_api import account_of, login_of
from web.desk.logins import Logins
from web.desk.masks import mask_name, mask_text
from web.desk.requests import answer, iso, moment_of, page_of, text_of
from web.desk.shown import masked_texts, shown

LONGEST_QUERY = 200


class ArchiveApi:
    """`/api/desk/archive` and `/api/desk/audit`."""

    def __init__(self, logins: Logins, archive: Archive, search: ArchiveSearch, audit: Audit) -> None:
        self._logins, self._archive, self._search, self._audit = logins, archive, search, audit

    async def find(self, request: Request) -> HTTPResponse:
        """`GET /api/desk/archive?q=&customer=&agent=&category=&tag=&from=&to=&page=`."""
        account = await account_of(request, self._logins)
        asked = text_of(request, "q")
        query = ArchiveQuery(
            asked[:LONGEST_QUERY] if asked else None,
            text_of(request, "customer"),
            text_of(request, "agent"),
            text_of(request, "category"),
            text_of(request, "tag"),
            since=moment_of(request, "from"),
            before=moment_of(request, "to", end=True),
            page=page_of(request),
        )
        rows, total = await self._search.find(query)
        # What was typed may be a shopper's name or number: only that something was looked for is kept, masked.
        looked_for = {
            "q": mask_text(query.asked) if query.asked else None,
            "customer": query.customer,
            "agent": query.agent,
        }
        await self._audit.note(account.username, "archive_searched", None, **looked_for, page=query.page, total=total)
        return answer({"rows": rows, "total": total})

    async def one(self, request: Request, cid: str) -> HTTPResponse:
        """`GET /api/desk/archive/<id>`: personal data masked, unless it was revealed for this conversation."""
        login = await login_of(request, self._logins)
        row, messages, handlings = await self._archive.get(cid)
        revealed = await self._logins.revealed(login, cid)
        await self._audit.note(login.account.username, "archive_opened", cid, revealed=revealed)
        messages = [shown(cid, _entry(message), masked=not revealed) for message in messages]
        if not revealed:
            row = {**_masked(row), "name": mask_name(row["name"])}
            handlings = [_masked(handling) for handling in handlings]
        return answer({"row": row, "messages": messages, "handlings": handlings, "masked": not revealed})

    async def audit(self, request: Request) -> HTTPResponse:
        """`GET /api/desk/audit?who=&what=&conversation=&from=&to=&page=`: supervisors."""
        account = await account_of(request, self._logins)
        account.must("supervisor")
        query = AuditQuery(
            text_of(request, "who"),
            text_of(request, "what"),
            text_of(request, "conversation"),
            since=moment_of(request, "from"),
            before=moment_of(request, "to", end=True),
            page=page_of(request),
        )
        rows, total = await self._audit.find(query)
        return answer({"rows": [{**structs.asdict(row), "at": iso(row.at)} for row in rows], "total": total})


def _entry(message: dict[str, Any]) -> Entry:
    return Entry(
        message["id"], message["kind"], message["from"], message["body"], message.get("mid"), message.get("name")
    )


def _masked(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, **{name: masked_texts(row[name]) for name in ("summary", "solution") if name in row}}
