"""A shopper as the tests need one: opens a session, holds sockets, says what came in."""

from __future__ import annotations

import asyncio
import json
import time
from types import TracebackType
from typing import Any

import httpx
import jwt
import pytest
import websockets

from web.gateway.testing import RunningGateway

Frame = dict[str, Any]
PATIENCE_S = 20.0


def identity(gateway: RunningGateway, customer: str = "u1", **claims: Any) -> str:
    """What the shop signs for a customer; `claims` go on top, None takes one away."""
    signed = {"sub": customer, "name": "林小满", "exp": int(time.time()) + 600} | claims
    return jwt.encode({k: v for k, v in signed.items() if v is not None}, gateway.identity_secret, algorithm="HS256")


class Socket:
    """One WebSocket. `seen` is everything that has come in so far."""

    def __init__(self, address: str, origin: str | None = None, lang: str | None = None) -> None:
        headers = {"Accept-Language": lang} if lang else None
        self._opening = websockets.connect(
            address, origin=origin, additional_headers=headers, proxy=None, open_timeout=PATIENCE_S, max_size=None
        )
        self.seen: list[Frame] = []

    async def __aenter__(self) -> Socket:
        self.ws = await self._opening
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.ws.close()

    async def send(self, kind: str, **fields: Any) -> None:
        """Sends a frame."""
        await self.ws.send(json.dumps({"type": kind, **fields}, ensure_ascii=False))

    async def next(self) -> Frame:
        """The next frame."""
        frame = json.loads(await asyncio.wait_for(self.ws.recv(), PATIENCE_S))
        self.seen.append(frame)
        return frame

    async def until(self, kind: str, **fields: Any) -> Frame:
        """The next frame of that kind with those fields; what comes before it is in `seen`."""
        while True:
            frame = await self.next()
            if frame["type"] == kind and all(frame.get(name) == value for name, value in fields.items()):
                return frame

    async def replayed(self) -> list[Frame]:
        """The messages until the first state."""
        before = len(self.seen)
        await self.until("state")
        return self.seen[before:-1]

    async def nothing_else(self) -> list[Frame]:
        """What has come by the time that a message of this socket has come back; the message itself is left out."""
        before, mid = len(self.seen), f"marker-{len(self.seen)}-{time.monotonic_ns()}"
        await self.send("message", mid=mid, text="到此为止")
        waiting = {"ack", "message"}
        while waiting:
            frame = await self.next()
            if frame.get("mid") == mid:
                waiting.discard(frame["type"])
        return [frame for frame in self.seen[before:] if frame.get("mid") != mid]

    async def closed(self) -> int:
        """The code that the socket is closed with; frames before that are read."""
        with pytest.raises(websockets.ConnectionClosed) as closing:
            while True:
                await self.next()
        assert closing.value.rcvd is not None, "the connection broke off without a code"
        return closing.value.rcvd.code

    @property
    def messages(self) -> list[Frame]:
        """The messages among what was seen."""
        return [frame for frame in self.seen if frame["type"] == "message"]


class Shopper:
    """One shopper with a session."""

    def __init__(self, gateway: RunningGateway, client: httpx.AsyncClient, token: str, cid: str) -> None:
        self.gateway, self.client, self.token, self.cid = gateway, client, token, cid

    @classmethod
    async def come(cls, gateway: RunningGateway, client: httpx.AsyncClient, **opening: Any) -> Shopper:
        """Opens a session."""
        answer = await client.post(f"{gateway.url}/api/chat/sessions", json=opening)
        assert answer.status_code == 201, answer.text
        return cls(gateway, client, answer.json()["token"], answer.json()["conversation"])

    def socket(self, after: str | None = None, gateway: RunningGateway | None = None, **options: Any) -> Socket:
        """A socket, also at another gateway of the same installation."""
        address = f"{(gateway or self.gateway).socket_url}?token={self.token}"
        return Socket(address + (f"&after={after}" if after else ""), **options)

    @property
    def headers(self) -> dict[str, str]:
        """What a request of this session carries."""
        return {"Authorization": f"Bearer {self.token}"}

    async def post(self, kind: str, **fields: Any) -> httpx.Response:
        """Hands one frame in over HTTP."""
        return await self.client.post(
            f"{self.gateway.url}/api/chat/messages", json={"type": kind, **fields}, headers=self.headers
        )

    async def news(self, after: str | None = None, wait: int = 0) -> httpx.Response:
        """Asks for news over HTTP."""
        query = {"wait": str(wait)} | ({"after": after} if after else {})
        return await self.client.get(
            f"{self.gateway.url}/api/chat/messages", params=query, headers=self.headers, timeout=40
        )
