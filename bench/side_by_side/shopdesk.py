"""Shopdesk as `make up` starts it, without its desk; and shoppers who come in through the gateway's socket."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

import httpx
import jwt
import msgspec

from bench.people.wire import connect
from bench.side_by_side.answers import Answer, WrongAnswer, card_of
from ledger.testing import RedisServer
from shop.testing import RunningShop
from tests.e2e.stack import RunningBot, Stack
from web.gateway.testing import RunningGateway, start_gateway

PATIENCE_S = 60.0
SETTLES_S = 0.05
BACK = "back_to_bot"
Frame = dict[str, Any]


class Shopdesk(Stack):
    """Redis, gateway, and as many workers as are asked for; the demo shop is the caller's."""

    def __init__(self, folder: Path, model: Path, shop: RunningShop) -> None:
        super().__init__(folder, model)
        self.shop = shop
        self.visitors = 0

    def start(self) -> Shopdesk:
        """Everything but a worker."""
        self.redis: RedisServer = RedisServer(self._folder / "redis").start()
        self.gateway: RunningGateway = start_gateway(
            self.redis.url,
            SHOPDESK_IDENTITY_SECRET=self.shop.identity_secret,
            SHOPDESK_ORIGINS=self.shop.url,
            SHOPDESK_TRUSTED_PROXIES="1",
        )
        self.bot: RunningBot = self.another_bot("bot")
        return self

    def stop(self) -> None:
        """Everything that was started; the shop is left alone."""
        for part in ("bot", "gateway", "redis"):
            if hasattr(self, part):
                getattr(self, part).stop()

    async def shopper(self, customer: str, client: httpx.AsyncClient) -> Shopper:
        """A shopper with a session and an open socket, each from an address of their own: the door counts sessions by address."""
        self.visitors += 1
        claims = {"sub": customer, "exp": int(time.time()) + 3600}
        identity = jwt.encode(claims, self.gateway.identity_secret, algorithm="HS256")
        address = f"10.{self.visitors >> 16 & 255}.{self.visitors >> 8 & 255}.{self.visitors & 255}"
        answer = await client.post(
            f"{self.gateway.url}/api/chat/sessions",
            json={"lang": "zh", "identity": identity},
            headers={"X-Forwarded-For": address},
        )
        answer.raise_for_status()
        one = Shopper(f"{self.gateway.socket_url}?token={answer.json()['token']}", answer.json()["conversation"])
        await one.open()
        return one


class Shopper:
    """One bare socket: stock Rasa's shoppers are asked over bare HTTP, too. `mode` is that of the last state that came in."""

    def __init__(self, address: str, conversation: str) -> None:
        self.conversation = conversation
        self._address = address
        self._frames: asyncio.Queue[bytes] = asyncio.Queue()
        self._said = 0
        self.mode = "bot"

    async def open(self) -> None:
        """Opens the socket and reads its first state."""
        parts = urlsplit(self._address)
        assert parts.port is not None
        self._wire = await connect(parts.port, f"{parts.path}?{parts.query}", self._frames.put_nowait)
        while (await self._next())["type"] != "state":
            pass

    async def close(self) -> None:
        """Goes away."""
        self._wire.hang_up()

    async def __aenter__(self) -> Shopper:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def send(self, kind: str, **fields: Any) -> str:
        """Sends a frame with a new `mid`, which it returns."""
        self._said += 1
        mid = f"m{self._said}"
        self._wire.say(msgspec.json.encode({"type": kind, "mid": mid, **fields}))
        return mid

    async def say(self, text: str) -> Answer:
        """Says something; the first message of the bot after its echo is the answer."""
        began = time.perf_counter()
        mid = await self.send("message", text=text)
        return await self.answer_after(mid, began)

    async def answer_after(self, mid: str, began: float) -> Answer:
        """The first message of the bot after the echo of `mid`; seconds since `began`."""
        echoed = False
        while True:
            frame = await self._next()
            if frame["type"] != "message":
                continue
            if frame.get("mid") == mid:
                echoed = True
            elif echoed and frame["from"] == "bot":
                return Answer([_shown(frame)], time.perf_counter() - began)

    async def say_all(self, text: str) -> Answer:
        """Says something, and waits a little for what else belongs to the answer; the time is that of the first message."""
        first = await self.say(text)
        return Answer([*first.messages, *await self.settled()], first.seconds)

    async def settled(self) -> list[tuple[str, str]]:
        """What the bot has said besides, until nothing comes any more."""
        said: list[tuple[str, str]] = []
        while True:
            try:
                frame = await self._next(SETTLES_S)
            except TimeoutError:
                return said
            if frame["type"] == "message" and frame["from"] == "bot":
                said.append(_shown(frame))

    async def back_to_bot(self) -> None:
        """Leaves the queue for a person."""
        await self.send("choose", choice=BACK)
        while self.mode != "bot":
            await self._next()
        await self.settled()

    async def _next(self, patience_s: float = PATIENCE_S) -> Frame:
        async with asyncio.timeout(patience_s):
            frame: Frame = msgspec.json.decode(await self._frames.get())
        if frame["type"] == "error":
            raise WrongAnswer(f"the gateway refused: {frame}")
        if frame["type"] == "state":
            self.mode = frame["mode"]
        return frame


def _shown(frame: Frame) -> tuple[str, str]:
    return str(frame["body"].get("text") or ""), card_of(frame["body"])
