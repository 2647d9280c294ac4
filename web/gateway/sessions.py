"""Session tokens that the door signs, and identities that the shop signs."""

from __future__ import annotations

import secrets
import time
from typing import Any

import jwt
from msgspec import Struct

from web.gateway.errors import BadIdentity, SessionExpired, Unauthorized
from web.gateway.settings import Settings
from web.gateway.texts import visible
from web.gateway.wording import known

ALGORITHM = "HS256"
AUDIENCE = "shopper"
"""Keeps other tokens signed with the same secret from being taken for a shopper's session."""

DAY_S = 86_400
CLOCK_SKEW_S = 30
CID_LENGTH = 20
LONGEST_SUBJECT, LONGEST_NAME = 128, 64


class Session(Struct, frozen=True):
    """Whose token this is. `expires` in seconds since 1970."""

    cid: str
    lang: str
    expires: int


class Customer(Struct, frozen=True):
    """Whom the shop vouches for."""

    id: str
    name: str = ""


def new_cid() -> str:
    """A conversation's id, not to be guessed."""
    return "c" + secrets.token_urlsafe(CID_LENGTH)[:CID_LENGTH]


class Sessions:
    """Issues and reads tokens; keeps nothing."""

    def __init__(self, settings: Settings) -> None:
        self._secret = settings.secret
        self._identity_secret = settings.identity_secret
        self._lifetime_s = settings.session_days * DAY_S

    def issue(self, cid: str, lang: str) -> str:
        """A token for a conversation."""
        claims = {"sub": cid, "aud": AUDIENCE, "lang": lang, "exp": int(time.time()) + self._lifetime_s}
        return jwt.encode(claims, self._secret, algorithm=ALGORITHM)

    def read(self, token: str | None) -> Session:
        """The session that a token stands for. Raises `Unauthorized`, `SessionExpired`."""
        if not token:
            raise Unauthorized("no token")
        try:
            claims = jwt.decode(
                token, self._secret, algorithms=[ALGORITHM], audience=AUDIENCE, options={"require": ["sub", "exp"]}
            )
        except jwt.ExpiredSignatureError:
            raise SessionExpired("the token's time is over") from None
        except jwt.PyJWTError as error:
            raise Unauthorized(type(error).__name__) from None
        return Session(claims["sub"], known(str(claims.get("lang"))), int(claims["exp"]))

    def read_identity(self, identity: str) -> Customer:
        """The customer that the shop has signed for. Raises `BadIdentity`."""
        try:
            claims = jwt.decode(
                identity, self._identity_secret, algorithms=[ALGORITHM], leeway=CLOCK_SKEW_S,
                options={"require": ["sub", "exp"], "verify_aud": False},
            )  # fmt: skip
        except jwt.PyJWTError as error:
            raise BadIdentity(type(error).__name__) from None
        if int(claims["exp"]) > time.time() + DAY_S + CLOCK_SKEW_S:
            raise BadIdentity("valid for more than a day")
        return Customer(_subject(claims), _name(claims))


def _subject(claims: dict[str, Any]) -> str:
    subject = claims["sub"]
    if (
        not isinstance(subject, str)
        or not subject.isprintable()
        or not subject.strip()
        or len(subject) > LONGEST_SUBJECT
    ):
        raise BadIdentity("`sub` names nobody")
    return subject


def _name(claims: dict[str, Any]) -> str:
    name = claims.get("name") or ""
    if not isinstance(name, str):
        raise BadIdentity("`name` is no text")
    return "".join(c for c in name if c == " " or visible(c)).strip()[:LONGEST_NAME]
