"""Reads from one of the shop's APIs: time limits, retries with jitter, the breaker, and strict decoding.

Only reads are retried. Writes get their own class beside this one, because they need an idempotency key.
"""

import asyncio
import logging
from collections.abc import Mapping
from typing import TypeVar

import httpx
import msgspec
from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt, wait_random_exponential

from shop.breaker import Breaker, BreakerOpen
from shop.client_errors import ShopClientError, ShopReplyInvalid, ShopUnauthorized, ShopUnavailable
from shop.client_settings import ClientSettings

log = logging.getLogger(__name__)

Reply = TypeVar("Reply")

LARGEST_REPLY = 1 << 20
_PASSING_STATUS = frozenset({502, 503, 504})
_PASSING_ERRORS = (httpx.ConnectError, httpx.ConnectTimeout, httpx.ReadError, httpx.RemoteProtocolError)


class _Passing(ShopUnavailable):
    """A failure that may be gone at the next try."""


class _ErrorBody(msgspec.Struct):
    code: str


class _ErrorReply(msgspec.Struct):
    error: _ErrorBody


class ApiReader:
    """One API of the shop. `refusals` maps the codes of its 4xx answers to the errors that callers know."""

    def __init__(
        self,
        name: str,
        base_url: str,
        http: httpx.AsyncClient,
        settings: ClientSettings,
        refusals: Mapping[str, type[ShopClientError]],
    ) -> None:
        self.name = name
        self._base_url = base_url
        self._http = http
        self._settings = settings
        self._refusals = refusals
        self.breaker = Breaker(ShopUnavailable, opens_after=settings.opens_after, rest_s=settings.rest_s)

    async def get(self, path: str, params: Mapping[str, str], reply: type[Reply]) -> Reply:
        """The answer decoded as `reply`, within the time budget; raises ShopClientError."""
        try:
            with self.breaker.call():
                status, body = await self._within_budget(path, params)
        except BreakerOpen:
            raise ShopUnavailable(f"the {self.name} API is being left alone after repeated failures") from None
        if status == 200:
            return self._decode(body, reply)
        raise self._refusal(status, body)

    async def _within_budget(self, path: str, params: Mapping[str, str]) -> tuple[int, bytes]:
        try:
            return await asyncio.wait_for(self._with_retries(path, params), self._settings.budget_s)
        except asyncio.TimeoutError:
            raise ShopUnavailable(f"the {self.name} API took more than {self._settings.budget_s} s") from None

    async def _with_retries(self, path: str, params: Mapping[str, str]) -> tuple[int, bytes]:
        attempts = AsyncRetrying(
            stop=stop_after_attempt(1 + self._settings.retries),
            wait=wait_random_exponential(multiplier=0.1, max=0.8),
            retry=retry_if_exception(lambda error: isinstance(error, _Passing)),
            reraise=True,
        )
        return await attempts(self._once, path, params)

    async def _once(self, path: str, params: Mapping[str, str]) -> tuple[int, bytes]:
        try:
            async with self._http.stream("GET", self._base_url + path, params=dict(params)) as response:
                if response.status_code in _PASSING_STATUS:
                    raise _Passing(f"the {self.name} API answered {response.status_code}")
                if response.status_code >= 500:
                    raise ShopUnavailable(f"the {self.name} API answered {response.status_code}")
                return response.status_code, await self._body(response)
        except _PASSING_ERRORS as error:
            raise _Passing(f"the {self.name} API: {type(error).__name__}") from None
        except httpx.DecodingError:
            raise self._invalid("a body that cannot be unpacked") from None
        except httpx.TransportError as error:
            raise ShopUnavailable(f"the {self.name} API: {type(error).__name__}") from None

    async def _body(self, response: httpx.Response) -> bytes:
        body = bytearray()
        async for chunk in response.aiter_bytes():
            body += chunk
            if len(body) > LARGEST_REPLY:
                raise self._invalid("more than 1 MiB")
        return bytes(body)

    def _decode(self, body: bytes, reply: type[Reply]) -> Reply:
        try:
            return msgspec.json.decode(body, type=reply)
        except msgspec.MsgspecError as error:
            raise self._invalid(_shape_only(error)) from None
        except UnicodeDecodeError:
            raise self._invalid("text that is not UTF-8") from None

    def _refusal(self, status: int, body: bytes) -> ShopClientError:
        if status in (401, 403):
            log.error("the %s API does not accept our key (HTTP %d): check SHOP_API_KEY", self.name, status)
            return ShopUnauthorized(f"the {self.name} API answered {status}")
        try:
            code = msgspec.json.decode(body, type=_ErrorReply).error.code
        except (msgspec.MsgspecError, UnicodeDecodeError):
            code = ""
        known = self._refusals.get(code)
        if known is None and status == 429:
            return ShopUnavailable(f"the {self.name} API asks for fewer calls")
        return known(code) if known else self._invalid(f"HTTP {status} without an error code of the contract")

    def _invalid(self, what: str) -> ShopReplyInvalid:
        log.error("the %s API broke its contract: %s", self.name, what)
        return ShopReplyInvalid(f"the {self.name} API answered {what}")


def _shape_only(error: msgspec.MsgspecError) -> str:
    """Where a reply has the wrong shape, without its values: they may be a person's."""
    if isinstance(error, msgspec.ValidationError):
        _, _, place = str(error).rpartition(" - at ")
        return f"a wrong shape at {place}" if place else "a wrong shape"
    return "broken JSON"
