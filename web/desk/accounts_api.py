"""Accounts over HTTP: admins make and change them, supervisors read them and set skills and capacity."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct, structs
from sanic import HTTPResponse, Request

from web.desk.accounts import Account, Accounts, Change, Role
from web.desk.audit import Audit
from web.desk.errors import Forbidden
from web.desk.login_api import Changed, account_of
from web.desk.logins import Logins
from web.desk.requests import answer, read_body

SUPERVISORS_FIELDS = frozenset({"skills", "capacity"})


class NewAccount(Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody who is to sign in."""

    username: str
    name: str
    role: Role
    password: str
    skills: list[str] = []
    capacity: int = 5
    lang: Literal["zh", "en"] = "zh"


class AccountsApi:
    """`/api/desk/accounts`; `changed` is told whose account is another."""

    def __init__(self, logins: Logins, accounts: Accounts, audit: Audit, changed: Changed) -> None:
        self._logins, self._accounts, self._audit, self._changed = logins, accounts, audit, changed

    async def all(self, request: Request) -> HTTPResponse:
        """`GET /api/desk/accounts`: supervisors."""
        (await account_of(request, self._logins)).must("supervisor")
        return answer({"accounts": [_shown(account, active) for account, active in await self._accounts.all()]})

    async def add(self, request: Request) -> HTTPResponse:
        """`POST /api/desk/accounts`: admins. Raises `Exists`, `WeakPassword`."""
        by = await account_of(request, self._logins)
        by.must("admin")
        new = read_body(request, NewAccount)
        account = Account(new.username, new.name, new.role, new.skills, new.capacity, new.lang)
        await self._accounts.add(account, new.password)
        await self._audit.note(by.username, "account_added", account=account.username, role=account.role)
        return answer({"account": _shown(account, True)}, 201)

    async def change(self, request: Request, username: str) -> HTTPResponse:
        """`PATCH /api/desk/accounts/<username>`: admins; supervisors skills and capacity only."""
        by = await account_of(request, self._logins)
        by.must("supervisor")
        change = read_body(request, Change)
        fields = [field for field, value in structs.asdict(change).items() if value is not None]
        if not by.may("admin") and not SUPERVISORS_FIELDS.issuperset(fields):
            raise Forbidden("not a supervisor's to change")
        if username == by.username and (change.active is False or change.role not in (None, by.role)):
            raise Forbidden("nobody shuts themselves out")
        changed, active = await self._accounts.change(username, change)
        await self._audit.note(by.username, "account_changed", account=username, fields=fields)
        await self._changed(username)
        return answer({"account": _shown(changed, active)})


def _shown(account: Account, active: bool) -> dict[str, Any]:
    return {**structs.asdict(account), "active": active}
