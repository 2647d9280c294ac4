"""The connections to the shop's APIs: kept open, limited in number, each answer bounded in time and size.

What goes wrong has one of three names, because it decides whether a change may have been made: NotConnected, AnswerLost, AnswerLate.
"""

import asyncio
import os
import ssl
import zlib
from collections.abc import Mapping
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import certifi
from yarl import URL

from shop.client_settings import ClientSettings

LARGEST_REPLY = 1 << 20
MOST_CONNECTIONS = 100
KEPT_S = 5.0
"""For how long an unused connection stays open."""

LONGEST_HEADER = 1 << 16
_GZIP_OR_ZLIB = zlib.MAX_WBITS | 32
_PACKED = ("gzip", "x-gzip", "deflate")
_THIS_MACHINE = ("127.0.0.1", "localhost", "::1")


class NotConnected(Exception):
    """No connection came about, so nothing was sent."""


class AnswerLost(Exception):
    """The connection broke, or what came over it was not HTTP."""


class AnswerLate(Exception):
    """The whole answer did not come in time."""


class BadBody(Exception):
    """An answer that nobody should read further; the text says why."""


class Connections:
    """Those of one process, for one event loop at a time. They are made in the loop that first asks."""

    def __init__(self, settings: ClientSettings) -> None:
        self._headers = {
            "Authorization": f"Bearer {settings.api_key}",
            "Accept": "application/json",
            "Accept-Encoding": "gzip",
        }
        # Not `sock_read`: where an answer is quick, aiohttp 3.9 goes on counting while the connection rests, and the next question fails.
        self._timeout = aiohttp.ClientTimeout(total=settings.connect_s + settings.read_s, connect=settings.connect_s)
        self._certificates = _certificates()
        self._session: aiohttp.ClientSession | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closed = False

    async def ask(
        self, method: str, address: str, headers: Mapping[str, str], body: bytes | None, proxy: str | None
    ) -> tuple[int, bytes]:
        """The status and, below 500, the body of the answer to an address that is quoted already. Follows no redirect.

        Raises NotConnected, AnswerLost, AnswerLate, BadBody, and aiohttp.ClientError for an address or a proxy that is no use.
        """
        session, url = await self._here(), URL(address, encoded=True)
        try:
            async with session.request(
                method, url, headers=headers, data=body, proxy=proxy, allow_redirects=False
            ) as answer:
                return answer.status, b"" if answer.status >= 500 else await _body(answer)
        except (aiohttp.ClientConnectorError, aiohttp.ServerTimeoutError) as error:
            raise NotConnected(type(error).__name__) from None
        except asyncio.TimeoutError as error:
            raise AnswerLate(type(error).__name__) from None
        except (aiohttp.ClientHttpProxyError, aiohttp.InvalidURL):
            raise
        except aiohttp.ClientError as error:
            raise AnswerLost(type(error).__name__) from None

    async def _here(self) -> aiohttp.ClientSession:
        if self._closed:
            raise RuntimeError("the shop's client has been closed")
        loop = asyncio.get_running_loop()
        if self._session is not None and self._loop is loop:
            return self._session
        if self._loop is not None and not self._loop.is_closed():
            raise RuntimeError("the shop's client is in use in another event loop")
        before, self._session, self._loop = self._session, self._open(), loop
        if before is not None:
            await before.close()
        return self._session

    def _open(self) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=MOST_CONNECTIONS, keepalive_timeout=KEPT_S, ssl=self._certificates),
            headers=self._headers,
            timeout=self._timeout,
            cookie_jar=aiohttp.DummyCookieJar(),
            response_class=_Answer,
            auto_decompress=False,
            max_field_size=LONGEST_HEADER,
        )

    async def aclose(self) -> None:
        """Close them; nothing can be asked afterwards."""
        self._closed = True
        if self._session is not None:
            await self._session.close()


class _Answer(aiohttp.ClientResponse):
    """Tells a question that was sent from one that was not; aiohttp by itself would send some of them once more."""

    async def start(self, connection: aiohttp.connector.Connection) -> aiohttp.ClientResponse:
        try:
            return await super().start(connection)
        except asyncio.TimeoutError as error:
            raise AnswerLate(type(error).__name__) from None
        except (aiohttp.ClientConnectionError, OSError) as error:
            raise AnswerLost(type(error).__name__) from None


def proxy_to(address: str) -> str | None:
    """The environment's proxy for an address. It is meant for the outside, not for a shop on this machine."""
    parts = urlsplit(address)
    if parts.hostname in _THIS_MACHINE or proxy_bypass(parts.netloc.rpartition("@")[2]):
        return None
    proxies = getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    return proxy if not proxy or "://" in proxy else f"http://{proxy}"


async def _body(answer: aiohttp.ClientResponse) -> bytes:
    packed = answer.headers.get("Content-Encoding", "").strip().lower() in _PACKED
    unpacking = zlib.decompressobj(_GZIP_OR_ZLIB) if packed else None
    body = bytearray()
    try:
        async for chunk in answer.content.iter_any():
            body += unpacking.decompress(chunk, LARGEST_REPLY + 1 - len(body)) if unpacking else chunk
            if len(body) > LARGEST_REPLY:
                raise BadBody("more than 1 MiB")
    except asyncio.TimeoutError as error:
        raise AnswerLate(type(error).__name__) from None
    except zlib.error:
        raise BadBody("a body that cannot be unpacked") from None
    return bytes(body)


def _certificates() -> ssl.SSLContext:
    """Whom to trust: certifi's list, unless the environment names another."""
    named = os.environ.get("SSL_CERT_FILE") or os.environ.get("SSL_CERT_DIR")
    return ssl.create_default_context(cafile=None if named else certifi.where())
