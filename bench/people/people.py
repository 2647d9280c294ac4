"""Shoppers and agents as clients of the two doors; each notes when what came."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

from bench.people.wire import Wire, connect

Frame = dict[str, Any]
now = time.perf_counter


class Times:
    """What was measured, in ms."""

    def __init__(self) -> None:
        self.handoff_ms: list[float] = []
        self.reply_ms: list[float] = []
        self.ack_ms: list[float] = []
        self.bot_ms: list[float] = []
        self.seen: dict[str, tuple[float, float]] = {}
        """Handoffs: when the angry message was sent, and when an agent saw it, by the wall clock (s)."""
        self.sent = 0
        """Messages of shoppers and agents."""

    def note(self, name: str, since: float) -> None:
        """One more."""
        getattr(self, f"{name}_ms").append((now() - since) * 1000)


class Shopper:
    """One browser of a shopper."""

    def __init__(self, cid: str, times: Times) -> None:
        self.cid, self.mode, self.agent_said = cid, "", 0
        self.waits_since = 0.0
        """When the message was sent that the bot has not answered yet; 0 when there is none."""
        self._times, self._acks = times, dict[str, float]()
        self.replies: dict[str, float] = {}
        """What agents have sent and has not come here yet: text → when."""
        self._wire: Wire
        self._said = 0

    @classmethod
    async def come(cls, port: int, cid: str, token: str, times: Times) -> Shopper:
        """Opens the chat."""
        one = cls(cid, times)
        one._wire = await connect(port, f"/api/chat/ws?token={token}", one._heard)
        return one

    def say(self, text: str) -> None:
        """A message."""
        self._said += 1
        mid = f"m{self._said}"
        self._acks[mid] = self.waits_since = now()
        self._times.sent += 1
        self._send(type="message", mid=mid, text=text)

    def ask_for_person(self) -> None:
        """The button."""
        self._send(type="human")

    def leave(self) -> None:
        """Closes the page."""
        self._wire.hang_up()

    def missing(self) -> int:
        """Messages without their ack, and replies that have not come."""
        return len(self._acks) + len(self.replies)

    def _send(self, **frame: Any) -> None:
        self._wire.say(json.dumps(frame, ensure_ascii=False).encode())

    def _heard(self, text: bytes) -> None:
        frame = json.loads(text)
        kind = frame["type"]
        if kind == "ack":
            self._times.note("ack", self._acks.pop(frame["mid"]))
        elif kind == "state":
            self.mode = frame["mode"]
        elif kind == "error":
            raise AssertionError(f"a shopper was refused: {frame}")
        elif kind == "message" and frame["from"] == "bot" and self.waits_since:
            self._times.note("bot", self.waits_since)
            self.waits_since = 0.0
        elif kind == "message" and frame["from"] == "agent":
            self._times.note("reply", self.replies.pop(frame["body"]["text"]))


class Agent:
    """One browser of an agent, who takes whatever is offered and opens it. `offers` are the conversations whose handoff is timed."""

    def __init__(self, times: Times, handoffs: dict[str, float]) -> None:
        self.holds: set[str] = set()
        self._times, self._handoffs = times, handoffs
        self._wire: Wire
        self._said = 0

    @classmethod
    async def come(cls, port: int, cookie: str, times: Times, handoffs: dict[str, float]) -> Agent:
        """Sits down and is on duty."""
        one = cls(times, handoffs)
        one._wire = await connect(port, "/api/desk/ws", one._heard, {"Cookie": cookie})
        one._send(type="presence", status="online")
        return one

    def answer(self, shopper: Shopper) -> None:
        """A message to somebody whom this agent has."""
        self._said += 1
        text = f"好的，我看一下，请稍等 {self._said}"
        shopper.replies[text] = now()
        self._times.sent += 1
        self._send(type="message", conversation=shopper.cid, mid=f"a{self._said}", text=text)

    def resolve(self, cid: str) -> None:
        """It is done."""
        self.holds.discard(cid)
        self._send(type="close", conversation=cid)
        self._send(type="resolve", conversation=cid, to="closed", category="other")

    def leave(self) -> None:
        """Closes the browser."""
        self._wire.hang_up()

    def _send(self, **frame: Any) -> None:
        self._wire.say(json.dumps(frame, ensure_ascii=False).encode())

    def _heard(self, text: bytes) -> None:
        frame = json.loads(text)
        if frame["type"] == "queue":
            for item in frame["items"]:
                self._shown(item["conversation"])
        elif frame["type"] == "error":
            raise AssertionError(f"an agent was refused: {frame}")
        elif frame["type"] == "assigned":
            cid = frame["conversation"]
            self._shown(cid)
            if "accept_by" in frame:
                self._send(type="claim", conversation=cid)
            else:
                self._send(type="open", conversation=cid)
                self.holds.add(cid)

    def _shown(self, cid: str) -> None:
        """An agent sees it for the first time."""
        if (since := self._handoffs.pop(cid, None)) is not None:
            self._times.note("handoff", since)
            self._times.seen[cid] = time.time() - (now() - since), time.time()


async def until(holds: Any, seconds: float, what: str) -> None:
    """Waits until `holds()`. Raises `TimeoutError`, saying what did not come."""
    deadline = now() + seconds
    while not holds():
        if now() > deadline:
            raise TimeoutError(f"{what} within {seconds:.0f} s")
        await asyncio.sleep(0.02)
