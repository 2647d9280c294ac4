"""What agents write down for themselves and each other, over HTTP: quick replies, tags, notes on customers."""

from __future__ import annotations

from msgspec import Struct
from sanic import HTTPResponse, Request

from ledger import Ledger
from web.desk.audit import Audit
from web.desk.customer_notes import CustomerNotes, customer_key
from web.desk.login_api import account_of
from web.desk.logins import Logins
from web.desk.quick_replies import Draft, QuickReplies
from web.desk.requests import answer, done, read_body, row_number
from web.desk.tags import Tags


class NewTag(Struct, frozen=True, forbid_unknown_fields=True):
    """A label."""

    name: str
    colour: str


class NewNote(Struct, frozen=True, forbid_unknown_fields=True):
    """A note on a customer."""

    text: str


class LibraryApi:
    """`/api/desk/quick-replies`, `/api/desk/tags`, `…/customer-notes`."""

    def __init__(
        self, logins: Logins, ledger: Ledger, replies: QuickReplies, tags: Tags, notes: CustomerNotes, audit: Audit
    ) -> None:
        self._logins, self._ledger, self._audit = logins, ledger, audit
        self._replies, self._tags, self._notes = replies, tags, notes

    async def replies(self, request: Request) -> HTTPResponse:
        """`GET /api/desk/quick-replies`: mine and shared."""
        account = await account_of(request, self._logins)
        return answer({"replies": await self._replies.of(account)})

    async def add_reply(self, request: Request) -> HTTPResponse:
        """`POST /api/desk/quick-replies`."""
        account = await account_of(request, self._logins)
        draft = read_body(request, Draft)
        added = await self._replies.add(account, draft)
        if draft.shared:
            await self._audit.note(account.username, "quick_reply_added", shortcut=added["shortcut"])
        return answer({"reply": added}, 201)

    async def change_reply(self, request: Request, number: int) -> HTTPResponse:
        """`PUT /api/desk/quick-replies/<n>`."""
        account = await account_of(request, self._logins)
        changed = await self._replies.change(account, row_number(number), read_body(request, Draft))
        if changed["shared"]:
            await self._audit.note(account.username, "quick_reply_changed", shortcut=changed["shortcut"])
        return answer({"reply": changed})

    async def delete_reply(self, request: Request, number: int) -> HTTPResponse:
        """`DELETE /api/desk/quick-replies/<n>`."""
        account = await account_of(request, self._logins)
        await self._replies.delete(account, row_number(number))
        await self._audit.note(account.username, "quick_reply_deleted", number=number)
        return done()

    async def count_reply(self, request: Request, number: int) -> HTTPResponse:
        """`POST /api/desk/quick-replies/<n>/used`."""
        await self._replies.count_use(await account_of(request, self._logins), row_number(number))
        return done()

    async def tags(self, request: Request) -> HTTPResponse:
        """`GET /api/desk/tags`."""
        await account_of(request, self._logins)
        return answer({"tags": await self._tags.all()})

    async def add_tag(self, request: Request) -> HTTPResponse:
        """`POST /api/desk/tags`: supervisors."""
        account = await account_of(request, self._logins)
        account.must("supervisor")
        new = read_body(request, NewTag)
        added = await self._tags.add(new.name, new.colour)
        await self._audit.note(account.username, "tag_added", tag=added["name"])
        return answer({"tag": added}, 201)

    async def delete_tag(self, request: Request, number: int) -> HTTPResponse:
        """`DELETE /api/desk/tags/<n>`: supervisors."""
        account = await account_of(request, self._logins)
        account.must("supervisor")
        await self._audit.note(account.username, "tag_deleted", tag=await self._tags.delete(row_number(number)))
        return done()

    async def add_note(self, request: Request, cid: str) -> HTTPResponse:
        """`POST /api/desk/conversations/<id>/customer-notes`."""
        account = await account_of(request, self._logins)
        account.must("agent")
        note = read_body(request, NewNote)
        customer = customer_key(cid, await self._ledger.state(cid))
        added = await self._notes.add(customer, account, note.text)
        await self._audit.note(account.username, "customer_note_added", cid, number=added["id"])
        return answer({"note": added}, 201)

    async def delete_note(self, request: Request, cid: str, number: int) -> HTTPResponse:
        """`DELETE /api/desk/conversations/<id>/customer-notes/<n>`."""
        account = await account_of(request, self._logins)
        account.must("agent")
        customer = customer_key(cid, await self._ledger.state(cid))
        await self._notes.delete(customer, account, row_number(number))
        await self._audit.note(account.username, "customer_note_deleted", cid, number=number)
        return done()
