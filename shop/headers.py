"""Security headers of everything that the shop sends."""

from sanic import Request
from sanic.response import BaseHTTPResponse

from shop.settings import ShopSettings

API_DOCS = "/docs/api"


def content_policy(gateway_url: str) -> str:
    """For the pages: nothing inline, and only the chat comes from elsewhere."""
    socket_url = gateway_url.replace("http", "ws", 1)
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src 'self' {gateway_url}",
            f"style-src 'self' {gateway_url}",
            f"img-src 'self' {gateway_url}",
            f"font-src 'self' {gateway_url}",
            f"connect-src 'self' {gateway_url} {socket_url}",
            f"frame-src {gateway_url}",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ]
    )


API_DOCS_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)


async def add_headers(request: Request, answer: BaseHTTPResponse) -> None:
    """Response middleware."""
    settings: ShopSettings = request.app.ctx.settings
    docs = request.path.startswith(API_DOCS)
    answer.headers["Content-Security-Policy"] = API_DOCS_POLICY if docs else content_policy(settings.gateway_url)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Referrer-Policy"] = "same-origin"
