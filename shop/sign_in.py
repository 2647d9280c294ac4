"""Who is signed in to the demo shop, and the identity that the shop vouches for towards the chat."""

import hashlib
import hmac
import time

import jwt
from sanic import HTTPResponse, Request

COOKIE = "shop_sign_in"
SIGNED_IN_S = 12 * 3600
IDENTITY_S = 3600


def sign_in(answer: HTTPResponse, customer_id: str, secret: str) -> None:
    """Set the cookie, signed with a key of its own: it can never pass for an identity, nor an identity for it."""
    claims = {"sub": customer_id, "exp": int(time.time()) + SIGNED_IN_S}
    token = jwt.encode(claims, _cookie_key(secret), algorithm="HS256")
    answer.add_cookie(COOKIE, token, path="/", httponly=True, samesite="Lax", secure=False, max_age=SIGNED_IN_S)


def sign_out(answer: HTTPResponse) -> None:
    """Remove the cookie."""
    answer.add_cookie(COOKIE, "", path="/", httponly=True, samesite="Lax", secure=False, max_age=0)


def signed_in(request: Request, secret: str) -> str | None:
    """The customer id of a valid cookie."""
    token = request.cookies.get(COOKIE)
    if not token:
        return None
    try:
        claims = jwt.decode(token, _cookie_key(secret), algorithms=["HS256"], options={"require": ["sub", "exp"]})
    except jwt.InvalidTokenError:
        return None
    return str(claims["sub"])


def identity(customer_id: str, name: str, secret: str) -> str:
    """The JWT that tells the chat who is asking, as docs/frames.md has it."""
    claims = {"sub": customer_id, "name": name, "exp": int(time.time()) + IDENTITY_S}
    return jwt.encode(claims, secret, algorithm="HS256")


def _cookie_key(secret: str) -> bytes:
    return hmac.new(secret.encode(), b"shop sign-in cookie", hashlib.sha256).digest()
