"""A sale day against a real desk: `python -m web.tests.desk.crowd [agents] [waiting]`. Prints figures; ends by itself within two minutes.

One agent sits in a real browser's place; the others are as agents at another desk would be: on the roster, and claiming what is
offered to them.
"""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
import time
from pathlib import Path

import httpx

from ledger import DeskSide, Handoff, Ledger, OnDuty, Roster, ShopperSide, connect
from ledger.testing import RedisServer
from web.desk.testing import RunningDesk, start_desk
from web.tests.desk.agent import Agent, agent_at

SKILLS = ["orders", "logistics", "after_sales", "promotions", "complaint"]
LASTS_S = 30
EACH_S = 1.0
"""How long an agent takes for a conversation here."""


class Crowd:
    """Many shoppers, many agents, one desk."""

    def __init__(self, desk: RunningDesk, ledger: Ledger, agents: int) -> None:
        self._desk, self._ledger = desk, ledger
        self._side, self._shopper, self._roster = DeskSide(ledger), ShopperSide(ledger), Roster(ledger)
        self._names = [f"a{n:03}" for n in range(agents - 1)]
        self._dice = random.Random(5)
        self._dispatch_ms: list[float] = []
        self._served = 0
        self._until = 0.0

    async def wait(self, waiting: int) -> None:
        """Fills the queue."""
        began = time.monotonic()
        for at in range(0, waiting, 50):
            await asyncio.gather(*(self._come(f"c{n}") for n in range(at, min(at + 50, waiting))))
        print(f"{waiting} wait, after {time.monotonic() - began:.0f} s")

    async def _come(self, cid: str, priority: int | None = None) -> None:
        await self._shopper.open(cid, "zh", f"cust-{cid}", "王晓雯")
        wanted = Handoff("asked", "顾客要求人工", self._dice.choice(SKILLS), priority or self._dice.randint(1, 9))
        await self._shopper.ask_for_person(cid, wanted)

    async def work(self, agent: Agent) -> None:
        """Everybody works for half a minute."""
        self._until = time.monotonic() + LASTS_S
        for name in self._names:
            await self._roster.put(OnDuty(name, name, "agent", "online", self._dice.sample(SKILLS, 3), 5))
        await agent.on_duty()
        began = time.monotonic()
        await asyncio.gather(self._beat(), self._look(), self._serve(), self._answer(agent))
        took = time.monotonic() - began
        mine = sum(frame["type"] == "ack" for frame in agent.frames)
        print(f"{self._served} served in {took:.0f} s by the others, {mine} by the one at the desk")
        times = sorted(self._dispatch_ms)
        print(f"dispatch: median {times[len(times) // 2]:.2f} ms, most {times[-1]:.2f} ms, of {len(times)} looks")

    async def _beat(self) -> None:
        while time.monotonic() < self._until:
            await self._roster.seen(self._names)
            await asyncio.sleep(2)

    async def _look(self) -> None:
        async with httpx.AsyncClient(base_url=self._desk.url, trust_env=False) as client:
            while time.monotonic() < self._until:
                began = time.perf_counter()
                lines = (await client.get("/metrics")).text.splitlines()
                took_ms = (time.perf_counter() - began) * 1000
                self._dispatch_ms += [
                    float(one.split()[1]) * 1000 for one in lines if "dispatch_seconds " in one and one[0] != "#"
                ]
                await asyncio.sleep(max(0.0, 0.05 - took_ms / 1000))

    async def _serve(self) -> None:
        """What is offered to the others is claimed, and closed a second later."""
        closing: list[asyncio.Task[None]] = []
        begun: set[str] = set()
        while time.monotonic() < self._until:
            states = await self._side.states(await self._side.queue(400))
            offered = [
                (cid, one["offered_to"])
                for cid, one in states.items()
                if one.get("offered_to") in self._names and cid not in begun
            ]
            begun |= {cid for cid, _ in offered}
            closing += [asyncio.create_task(self._one(cid, name)) for cid, name in offered]
            await asyncio.sleep(0.2)
        await asyncio.gather(*closing)

    async def _one(self, cid: str, name: str) -> None:
        if await self._side.claim(cid, name, name):
            await asyncio.sleep(EACH_S)
            await self._side.say(cid, name, name, "m1", "您好")
            await self._side.resolve(cid, name, "closed")
            self._served += 1

    async def _answer(self, agent: Agent) -> None:
        seen = 0
        while time.monotonic() < self._until:
            for frame in agent.frames[seen:]:
                if frame["type"] == "assigned" and "accept_by" in frame:
                    await agent.send("message", conversation=frame["conversation"], mid="m1", text="您好")
                elif frame["type"] == "ack":
                    held = next(f for f in reversed(agent.frames) if f["type"] == "mine")["items"]
                    for item in held:
                        await agent.send("resolve", conversation=item["conversation"], to="closed")
            seen = len(agent.frames)
            await asyncio.sleep(0.05)


async def main(agents: int, waiting: int) -> None:
    """One run."""
    folder = Path(tempfile.mkdtemp(prefix="crowd-"))
    redis = RedisServer(folder / "redis").start()
    client = connect(redis.url)
    desk = start_desk(redis.url, folder)
    try:
        crowd = Crowd(desk, Ledger(client), agents)
        await crowd.wait(waiting)
        async with agent_at(desk, "agent1") as agent:
            await crowd.work(agent)
    finally:
        await client.aclose()
        desk.stop()
        redis.stop()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if sys.argv[1:] else 200, int(sys.argv[2]) if sys.argv[2:] else 5_000))
