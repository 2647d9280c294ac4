"""A client of the agents' door: signs in, keeps every frame, and waits for the one that matters."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import websockets

from web.desk.testing import RunningDesk

PATIENCE_S = 15.0
Frame = dict[str, Any]


async def cookie_of(desk: RunningDesk, username: str) -> str:
    """Signs in; the cookie as it is sent."""
    async with httpx.AsyncClient(base_url=desk.url, trust_env=False) as client:
        answer = await client.post("/api/login", json={"username": username, "password": desk.password})
        assert answer.status_code == 200, answer.text
        return f"shopdesk_desk={client.cookies['shopdesk_desk']}"


class Agent:
    """One browser of an agent. `frames` holds all that has come."""

    def __init__(self, socket: websockets.ClientConnection, username: str, cookie: str) -> None:
        self.username, self.cookie, self.frames = username, cookie, list[Frame]()
        self._socket = socket
        self._news = asyncio.Event()
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        try:
            async for text in self._socket:
                self.frames.append(json.loads(text))
                self._news.set()
        except websockets.ConnectionClosed:
            pass
        self._news.set()

    async def send(self, type_: str, /, **fields: Any) -> None:
        """A frame."""
        await self._socket.send(json.dumps({"type": type_, **fields}))

    async def sees(
        self, type_: str, since: int = 0, /, *, when: Callable[[Frame], bool] = lambda _: True, **fields: Any
    ) -> Frame:
        """Waits for a frame with these fields, among those from number `since` on."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                for frame in self.frames[since:]:
                    if frame["type"] == type_ and fields.items() <= frame.items() and when(frame):
                        return frame
                assert not self._reading.done(), f"the socket is closed; there came {self.frames[-5:]}"
                self._news.clear()
                await self._news.wait()

    async def sees_any(self, kinds: tuple[str, ...], conversation: str) -> Frame:
        """Waits for a frame of one of these kinds about a conversation; an offer does not count."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                for frame in self.frames:
                    if (
                        frame["type"] in kinds
                        and frame.get("conversation") == conversation
                        and "accept_by" not in frame
                    ):
                        return frame
                self._news.clear()
                await self._news.wait()

    async def send_raw(self, text: str) -> None:
        """Whatever it is."""
        await self._socket.send(text)

    async def closed(self) -> int | None:
        """Waits until the server has closed it; the code."""
        async with asyncio.timeout(PATIENCE_S):
            await self._reading
        return self._socket.close_code

    async def on_duty(self) -> Agent:
        """Online, and the roster says so."""
        await self.send("presence", status="online")
        await self.sees("agents", when=lambda frame: self.status_in(frame) == "online")
        return self

    def status_in(self, frame: Frame) -> str | None:
        """This agent's status in a frame with agents."""
        return next((one["status"] for one in frame["agents"] if one["username"] == self.username), None)

    def cut(self) -> None:
        """The line is gone, without a goodbye."""
        self._socket.transport.abort()

    async def leave(self) -> None:
        """Closes the browser."""
        await self._socket.close()
        await asyncio.gather(self._reading, return_exceptions=True)


@asynccontextmanager
async def agent_at(desk: RunningDesk, username: str) -> AsyncIterator[Agent]:
    """A browser that is signed in and connected."""
    cookie = await cookie_of(desk, username)
    async with websockets.connect(
        desk.socket_url, additional_headers={"Cookie": cookie}, proxy=None, max_size=None
    ) as socket:
        one = Agent(socket, username, cookie)
        await one.sees("mine")
        try:
            yield one
        finally:
            await one.leave()
