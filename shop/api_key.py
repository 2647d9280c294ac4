"""Lets only the shop's own servers into its APIs."""

import hmac

from sanic import Request

from shop.errors import Unauthorized


async def require_api_key(request: Request) -> None:
    """Raises Unauthorized unless the request carries the API key as its bearer token."""
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    expected: str = request.app.ctx.settings.api_key
    if scheme.lower() != "bearer" or not hmac.compare_digest(
        key.strip().encode(errors="surrogateescape"), expected.encode()
    ):
        raise Unauthorized
