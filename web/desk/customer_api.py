"""The requests about a conversation's customer: the right column, and the reason for seeing personal data."""

from __future__ import annotations

import re

from msgspec import Struct
from sanic import HTTPResponse, Request

from ledger import Ledger
from web.desk.audit import Audit
from web.desk.customer import CustomerColumn, Look
from web.desk.errors import BadFrame, Empty, TooLong
from web.desk.login_api import account_of, login_of
from web.desk.logins import Logins
from web.desk.requests import answer, done, read_body, text_of

LONGEST_REASON = 500
NUMBER = re.compile(r"[0-9A-Za-z_-]{1,64}")
TAIL = re.compile(r"[0-9]{4}")


class Reason(Struct, frozen=True):
    """Why personal data must be seen."""

    reason: str


class CustomerApi:
    """`/api/desk/conversations/<cid>/customer` and `…/reveal`."""

    def __init__(self, ledger: Ledger, column: CustomerColumn, logins: Logins, audit: Audit) -> None:
        self._ledger, self._column, self._logins, self._audit = ledger, column, logins, audit

    async def customer(self, request: Request, cid: str) -> HTTPResponse:
        """`GET …/customer?order=&phone_tail=`: the column, with that order first. Raises `OrderNotFound`, `BadFrame`."""
        login = await login_of(request, self._logins)
        who, (order, tail) = login.account, _read_proof(request)
        if tail is not None:
            # Whoever guesses at phone endings leaves a trace, be the guess right or wrong.
            who.must("agent")
            await self._audit.note(who.username, "order_proof", cid, order=order)
        revealed = await self._logins.revealed(login, cid)
        column = await self._column.of(Look(cid, who.name, who.lang, not revealed, order, tail))
        if revealed:
            await self._audit.note(who.username, "personal_data_seen", cid)
        return answer(column)

    async def reveal(self, request: Request, cid: str) -> HTTPResponse:
        """`POST …/reveal`: personal data is shown for 15 minutes in this session. Raises `Empty` without a reason."""
        (await account_of(request, self._logins)).must("agent")
        login = await login_of(request, self._logins)
        reason = _read_reason(request)
        await self._ledger.state(cid)
        await self._audit.note(login.account.username, "reveal", cid, reason=reason)
        await self._logins.reveal(login, cid)
        return done()


def _read_reason(request: Request) -> str:
    reason = "".join(one for one in read_body(request, Reason).reason if one.isprintable()).strip()
    if not reason:
        raise Empty("no reason")
    if len(reason) > LONGEST_REASON:
        raise TooLong("a reason of many words")
    return reason


def _read_proof(request: Request) -> tuple[str | None, str | None]:
    order, tail = text_of(request, "order"), text_of(request, "phone_tail")
    if order is not None and not NUMBER.fullmatch(order):
        raise BadFrame("`order` is no order's number")
    if tail is not None and (order is None or not TAIL.fullmatch(tail)):
        raise BadFrame("`phone_tail` is not the ending of a phone")
    return order, tail
