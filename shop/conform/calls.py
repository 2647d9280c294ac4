"""HTTP as the service counter speaks it, and what was sent and what came in words that hold no key."""

from __future__ import annotations

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import httpx

from shop.conform.check import Broken, Unreachable
from shop.conform.settings import ConformSettings

TIMEOUT_S = 5.0
SHOWN = 600
"""Characters of an answer that are shown."""
WRONG_KEY = "this-is-not-the-key"


@dataclass(frozen=True)
class Call:
    """A request to be made; `key` is whether the right API key goes along (None: none at all)."""

    method: str
    path: str
    query: Mapping[str, Any] | None = None
    body: Mapping[str, Any] | None = None
    idempotency_key: str | None = None
    key: bool | None = True


@dataclass(frozen=True)
class Answer:
    """What came back for a call."""

    call: Call
    response: httpx.Response
    sent: str
    came: str

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.response.status_code

    @property
    def body(self) -> Any:
        """The JSON, or Broken when it is none."""
        try:
            return self.response.json()
        except ValueError:
            raise Broken(self.sent, self.came, "The body is not JSON.") from None

    @property
    def code(self) -> str | None:
        """`error.code` of a refusal."""
        body = self.body
        error = body.get("error") if isinstance(body, dict) else None
        return error.get("code") if isinstance(error, dict) else None

    @property
    def replayed(self) -> bool:
        """Whether it is marked as the kept answer to an earlier request."""
        return self.response.headers.get("Idempotent-Replayed") == "true"

    def broken(self, *found: str) -> Broken:
        """This answer is not what the contract says."""
        return Broken(self.sent, self.came, *found)

    def must_be(self, status: int, *codes: str) -> Answer:
        """Raises Broken unless it has this status and, where given, one of these codes."""
        if self.status != status:
            raise self.broken(f"The status is {self.status} instead of {status}.")
        if codes and self.code not in codes:
            raise self.broken(f"error.code is {self.code!r} instead of {' or '.join(codes)}.")
        return self


class Calls:
    """Makes calls to the shop's APIs."""

    def __init__(self, settings: ConformSettings) -> None:
        self._settings = settings
        self._http = httpx.Client(timeout=TIMEOUT_S, follow_redirects=False)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def probe(self) -> None:
        """Raises Unreachable unless each API answers at all."""
        settings = self._settings
        for url in dict.fromkeys((settings.orders_url, settings.logistics_url, settings.promotions_url)):
            try:
                self._http.get(f"{url}/healthz")
            except (httpx.ConnectError, httpx.TimeoutException, httpx.InvalidURL) as error:
                why = str(error) or "no answer in time"
                raise Unreachable(f"{url} cannot be reached ({why}): is the shop running there?") from None
            except httpx.HTTPError:
                continue  # it is there; what is wrong with it is shown by the checks

    def make(self, call: Call) -> Answer:
        """The answer; Broken when none comes."""
        headers = {} if call.key is None else {"Authorization": f"Bearer {self._key(call.key)}"}
        if call.idempotency_key is not None:
            headers["Idempotency-Key"] = call.idempotency_key
        request = self._http.build_request(
            call.method,
            self._settings.base_url(call.path) + call.path,
            params=call.query,
            json=call.body,
            headers=headers,
        )
        sent = _sent(call, request)
        try:
            response = self._http.send(request)
        except httpx.TimeoutException:
            raise Broken(sent, f"nothing within {TIMEOUT_S:.0f} s") from None
        except httpx.HTTPError as error:
            raise Broken(sent, f"no answer: {error or type(error).__name__}") from None
        return Answer(call, response, sent, self.shown(response.status_code, response.text))

    def at_once(self, call: Call, times: int) -> list[Answer]:
        """The same call several times at the same moment."""
        with ThreadPoolExecutor(times) as pool:
            return list(pool.map(self.make, [call] * times))

    def shown(self, status: int, text: str) -> str:
        """An answer in one line, without the key should the shop repeat it."""
        text = text.replace(self._settings.api_key, "(your key)")
        return f"{status} {text[:SHOWN]}{' …' if len(text) > SHOWN else ''}"

    def _key(self, right: bool) -> str:
        return self._settings.api_key if right else WRONG_KEY


def _sent(call: Call, request: httpx.Request) -> str:
    key = {True: "with your key", False: "with a wrong key", None: "without a key"}[call.key]
    parts = [f"{call.method} {request.url} ({key})"]
    if call.idempotency_key is not None:
        parts.append(f"Idempotency-Key: {call.idempotency_key}")
    if call.body is not None:
        parts.append(json.dumps(call.body, ensure_ascii=False))
    return "  ".join(parts)
