"""Signing in and out over HTTP, and whose request it is: the cookie is read nowhere else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from msgspec import Struct
from sanic import HTTPResponse, Request

from web.desk.accounts import Account
from web.desk.audit import Audit
from web.desk.errors import BadLogin, Locked
from web.desk.logins import LIFETIME, Login, Logins
from web.desk.requests import answer, done, read_body

COOKIE = "shopdesk_desk"
LONGEST_USERNAME = 64
Changed = Callable[[str], Awaitable[None]]
"""Tells the sockets of an account that its sessions or rights are others now."""


class SigningIn(Struct, frozen=True):
    """Who wants in."""

    username: str
    password: str


class NewPassword(Struct, frozen=True):
    """The old one proves who asks: the browser may have been left open."""

    old: str
    new: str


class LoginApi:
    """`/api/login`, `/api/logout` and `/api/me`. `secure` where the desk's own address is https; `changed` is told whose
    sessions have ended."""

    def __init__(self, logins: Logins, audit: Audit, secure: bool, changed: Changed) -> None:
        self._logins, self._audit, self._secure, self._changed = logins, audit, secure, changed

    async def sign_in(self, request: Request) -> HTTPResponse:
        """`POST /api/login`: sets the cookie. Raises `BadLogin`, `Locked`."""
        wanted = read_body(request, SigningIn)
        username = wanted.username.strip().lower()[:LONGEST_USERNAME]
        try:
            token, account = await self._logins.sign_in(username, wanted.password, request.client_ip)
        except (BadLogin, Locked) as refused:
            # A name that is no account's is not kept: it may be a password in the wrong field.
            who = username if await self._logins.exists(username) else "?"
            await self._audit.note(who, "login_failed", why=refused.code)
            raise
        await self._audit.note(account.username, "login")
        await self._logins.sign_out(token_of(request))
        signed_in = answer({"account": account})
        self._set_cookie(signed_in, token, int(LIFETIME.total_seconds()))
        return signed_in

    async def sign_out(self, request: Request) -> HTTPResponse:
        """`POST /api/logout`."""
        login = await login_of(request, self._logins)
        await self._logins.sign_out(token_of(request))
        await self._audit.note(login.account.username, "logout")
        await self._changed(login.account.username)
        signed_out = done()
        self._set_cookie(signed_out, "", 0)
        return signed_out

    async def me(self, request: Request) -> HTTPResponse:
        """`GET /api/me`."""
        return answer({"account": await account_of(request, self._logins)})

    async def change_password(self, request: Request) -> HTTPResponse:
        """`POST /api/me/password`. Raises `BadLogin` for a wrong old one, `WeakPassword`."""
        login = await login_of(request, self._logins)
        wanted = read_body(request, NewPassword)
        await self._logins.change_password(login, wanted.old, wanted.new, request.client_ip)
        await self._audit.note(login.account.username, "password_changed")
        await self._changed(login.account.username)
        return done()

    def _set_cookie(self, response: HTTPResponse, token: str, max_age: int) -> None:
        response.add_cookie(
            COOKIE, token, path="/", max_age=max_age, httponly=True, samesite="Strict", secure=self._secure
        )


def token_of(request: Request) -> str | None:
    """The token in the request's cookie."""
    token = request.cookies.get(COOKIE)
    return str(token) if token else None


async def login_of(request: Request, logins: Logins) -> Login:
    """The session that a request belongs to; looked up once a request. Raises `Unauthorized`."""
    login = getattr(request.ctx, "login", None)
    if isinstance(login, Login):
        return login
    login = await logins.enter(token_of(request))
    request.ctx.login, request.ctx.lang = login, login.account.lang
    return login


async def account_of(request: Request, logins: Logins) -> Account:
    """Whose request it is. Raises `Unauthorized`."""
    return (await login_of(request, logins)).account
