"""Asks one of the shop's APIs: time limits, retries with jitter, the breaker, and strict decoding.

A change is sent with an idempotency key, so it may be tried again like a question; when no answer comes at all, `ShopUncertain`
says that it may have been made.
"""

import asyncio
import dataclasses
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode

import aiohttp
import msgspec
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from shop.breaker import Breaker, BreakerOpen
from shop.client_errors import (
    ShopClientError,
    ShopRefused,
    ShopReplyInvalid,
    ShopUnauthorized,
    ShopUnavailable,
    ShopUncertain,
)
from shop.client_settings import ClientSettings
from shop.connections import AnswerLate, AnswerLost, BadBody, Connections, NotConnected, proxy_to

log = logging.getLogger(__name__)

Reply = TypeVar("Reply")

_PASSING_STATUS = frozenset({502, 503, 504})


class _Passing(ShopUnavailable):
    """A failure that may be gone at the next try."""


@dataclass
class _Call:
    """One question or change; `sent` once it may have reached the shop, `lost` when it did and is now tried again."""

    method: str
    path: str
    params: Mapping[str, str]
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict)
    body: bytes | None = None
    sent: bool = False
    lost: bool = False


class _ErrorBody(msgspec.Struct):
    code: str
    case: str | None = None


class _ErrorReply(msgspec.Struct):
    error: _ErrorBody


class ApiReader:
    """One API of the shop. `refusals` maps the codes of its 4xx answers to the errors that callers know."""

    def __init__(
        self,
        name: str,
        base_url: str,
        connections: Connections,
        settings: ClientSettings,
        refusals: Mapping[str, type[ShopClientError]],
    ) -> None:
        self.name = name
        self._base_url = base_url
        self._connections = connections
        self._proxy = proxy_to(base_url)
        self._settings = settings
        self._refusals = refusals
        self.breaker = Breaker(ShopUnavailable, opens_after=settings.opens_after, rest_s=settings.rest_s)

    async def get(self, path: str, params: Mapping[str, str], reply: type[Reply]) -> Reply:
        """The answer decoded as `reply`, within the time budget; raises ShopClientError."""
        status, body = await self._answer(_Call("GET", path, params), self._settings.budget_s)
        if status == 200:
            return self._decode(body, reply)
        raise self._refusal(status, body)

    async def post(
        self, path: str, params: Mapping[str, str], change: msgspec.Struct, key: str, reply: type[Reply]
    ) -> Reply:
        """Makes a change once, however often it is sent with this key; raises ShopClientError.

        ShopUnavailable means that nothing was changed, ShopUncertain that it may have been.
        """
        headers = {"Idempotency-Key": key, "Content-Type": "application/json"}
        call = _Call("POST", path, params, headers, msgspec.json.encode(change))
        try:
            status, body = await self._answer(call, self._settings.change_budget_s)
            if status == 201:
                return self._decode(body, reply)
            raise self._refusal(status, body)
        except ShopRefused:
            raise
        except ShopClientError as error:
            # Whatever else the last try got: it says nothing about an earlier one that was lost.
            if call.lost or (call.sent and isinstance(error, (ShopUnavailable, ShopReplyInvalid))):
                raise ShopUncertain(str(error)) from None
            raise

    async def _answer(self, call: _Call, budget_s: float) -> tuple[int, bytes]:
        try:
            with self.breaker.call():
                return await self._within_budget(call, budget_s)
        except ShopUnavailable as error:
            log.warning("no answer of the shop: %s", error)
            raise
        except BreakerOpen:
            raise ShopUnavailable(f"the {self.name} API is being left alone after repeated failures") from None

    async def _within_budget(self, call: _Call, budget_s: float) -> tuple[int, bytes]:
        try:
            return await asyncio.wait_for(self._with_retries(call), budget_s)
        except asyncio.TimeoutError:
            raise ShopUnavailable(f"the {self.name} API took more than {budget_s} s") from None

    async def _with_retries(self, call: _Call) -> tuple[int, bytes]:
        try:
            return await self._once(call)
        except _Passing as error:  # only now is what tries again worth its making; to it, this was the first try
            first: _Passing | None = error

        async def attempt() -> tuple[int, bytes]:
            nonlocal first
            if first is not None:
                failure, first = first, None
                raise failure
            return await self._once(call)

        attempts = AsyncRetrying(
            stop=stop_after_attempt(1 + self._settings.retries),
            wait=wait_random_exponential(multiplier=0.1, max=0.8),
            retry=retry_if_exception_type(_Passing),
            reraise=True,
        )
        return await attempts(attempt)

    async def _once(self, call: _Call) -> tuple[int, bytes]:
        query = f"?{urlencode(call.params)}" if call.params else ""
        address = f"{self._base_url}{call.path}{query}"
        call.lost, call.sent = call.sent, True
        try:
            status, body = await self._connections.ask(call.method, address, call.headers, call.body, self._proxy)
        except NotConnected as error:
            call.sent = call.lost
            raise _Passing(f"the {self.name} API: {error}") from None
        except AnswerLost as error:
            raise _Passing(f"the {self.name} API: {error}") from None
        except AnswerLate as error:
            # A question is not asked again: the shop is slow enough without. A change is, or nobody knows what came of it.
            kind = ShopUnavailable if call.body is None else _Passing
            raise kind(f"the {self.name} API: {error}") from None
        except BadBody as error:
            raise self._invalid(str(error)) from None
        except aiohttp.ClientError as error:
            raise ShopUnavailable(f"the {self.name} API: {type(error).__name__}") from None
        if status >= 500:
            kind = _Passing if status in _PASSING_STATUS else ShopUnavailable
            raise kind(f"the {self.name} API answered {status}")
        return status, body

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
            error = msgspec.json.decode(body, type=_ErrorReply).error
        except (msgspec.MsgspecError, UnicodeDecodeError):
            error = _ErrorBody("")
        code = error.code
        known = self._refusals.get(code)
        if known is None and status == 429:
            return ShopUnavailable(f"the {self.name} API asks for fewer calls")
        if known is not None and issubclass(known, ShopRefused):
            return known(code, error.case)
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
