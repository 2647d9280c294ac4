"""A shop's ordinary day: so many messages a second, half of them to the bot, half between shoppers and agents."""

from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import Callable, Iterator

from bench.people.people import Agent, Shopper, Times, now, until
from bench.people.stage import Stage

RATE = 50.0
"""Messages a second, all together: what shoppers tell the bot, what they tell agents, and what agents answer."""

AT_THE_BOT = 20
"""Shoppers who talk with the bot at the same time."""
HELD = 60
"""Conversations that agents hold all the time."""

ASKED = ("我的订单到哪了", "怎么退货", "运费谁出", "有什么优惠活动", "什么时候发货")
TOLD = ("好的谢谢", "那大概什么时候能处理好呢", "我的地址没有变", "嗯嗯明白了", "颜色和图片上不一样")
ANGRY = ("你们就是骗子，太气人了", "气死我了，什么破店", "等了这么久还没到，受够了，垃圾服务", "你们太过分了，忍无可忍")
TAKES_S = 1.0
"""How long an agent has a conversation that was handed over here."""


class Traffic:
    """Everybody who talks."""

    def __init__(self, place: Stage, seed: int = 5) -> None:
        self.times, self.handoffs = Times(), dict[str, float]()
        self.agents: list[Agent] = []
        self.talking: list[Shopper] = []
        """Those whom agents hold."""
        self.asking: list[Shopper] = []
        """Those who talk with the bot, one after the other."""
        self.handed_over = 0
        """Those of them whom the bot has handed over."""
        self._place, self._port = place, place.stack.gateway.port
        self._dice = random.Random(seed)
        self._closing: set[asyncio.Task[None]] = set()
        self._told: Shopper | None = None
        self._turns: Iterator[Shopper]
        self._newcomers: Iterator[Shopper]
        self._with_the_bot: list[tuple[Shopper, Iterator[str]]] = []

    async def begin(self, messages: int, angry: int) -> None:
        """Everybody comes: as many shoppers as it takes for so many messages and handoffs."""
        times = self.times
        for cookie in await self._place.agents():
            self.agents.append(await Agent.come(self._place.stack.desk.port, cookie, times, self.handoffs))
        asking = int(messages * 0.6 / len(ASKED)) + 20
        found = await self._place.shoppers(HELD + asking + angry)
        sockets = [await Shopper.come(self._port, cid, token, times) for cid, token in found]
        self.talking, self.asking, self._angry = sockets[:HELD], sockets[HELD : HELD + asking], sockets[HELD + asking :]
        self._turns, self._newcomers = itertools.cycle(self.talking), iter(self.asking)
        self._with_the_bot = [(shopper, iter(ASKED)) for shopper in itertools.islice(self._newcomers, AT_THE_BOT)]
        for shopper in self.talking:
            shopper.ask_for_person()
        await until(lambda: sum(len(one.holds) for one in self.agents) >= HELD, 30, "agents did not have everybody")

    async def flow(self, seconds: float, handoffs_per_s: float) -> None:
        """So long; then waits for what is under way."""
        ends = now() + seconds
        await asyncio.gather(
            self._paced(ends, RATE / 2, self._ask),
            self._paced(ends, RATE / 2, self._chat),
            self._paced(ends, handoffs_per_s, self._get_angry),
        )
        await asyncio.gather(*self._closing)
        everybody = [*self.talking, *self.asking]
        await until(lambda: not self.handoffs, 10, "a handoff did not come")
        await until(lambda: not sum(one.missing() for one in everybody), 10, "acks or replies did not come")

    async def _paced(self, ends: float, rate: float, one: Callable[[], None]) -> None:
        """As people come: on average at that rate, and at no fixed distance."""
        at = now()
        while rate and (at := at + self._dice.expovariate(rate)) < ends:
            await asyncio.sleep(max(0.0, at - now()))
            one()

    def _ask(self) -> None:
        """Shoppers and the bot: everybody asks all the questions in turn, the next once the last is answered, then somebody else comes."""
        for place, (shopper, questions) in enumerate(self._with_the_bot):
            if shopper.waits_since:
                continue
            del self._with_the_bot[place]
            if shopper.mode != "bot":
                self.handed_over += 1
            if (question := next(questions, None)) is None or shopper.mode != "bot":
                shopper, questions = next(self._newcomers), iter(ASKED)
                question = next(questions)
            self._with_the_bot.append((shopper, questions))
            shopper.say(question)
            return

    def _chat(self) -> None:
        """Shoppers and agents, one after the other."""
        if self._told is not None:
            next(one for one in self.agents if self._told.cid in one.holds).answer(self._told)
            self._told = None
        else:
            self._told = next(self._turns)
            self._told.say(self._dice.choice(TOLD))

    def _get_angry(self) -> None:
        shopper = self._angry.pop()
        self.handoffs[shopper.cid] = now()
        shopper.say(self._dice.choice(ANGRY))
        self._closing.add(task := asyncio.create_task(self._served(shopper)))
        task.add_done_callback(self._closing.discard)

    async def _served(self, shopper: Shopper) -> None:
        """Somebody has it, answers, and is done."""
        await until(lambda: any(shopper.cid in one.holds for one in self.agents), 10, "nobody took a handoff")
        agent = next(one for one in self.agents if shopper.cid in one.holds)
        agent.answer(shopper)
        await asyncio.sleep(TAKES_S)
        agent.resolve(shopper.cid)
        await until(lambda: shopper.mode == "closed", 10, "a conversation was not closed")
        shopper.leave()

    def leave(self) -> None:
        """Everybody goes."""
        for one in [*self.talking, *self.asking, *self._angry, *self.agents]:
            one.leave()
