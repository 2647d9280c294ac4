"""What `python -m bench.people` measures, for two seconds on a running Shopdesk: everything that was sent arrives, and is timed."""

from __future__ import annotations

import asyncio
import json

import pytest

from bench.people.measure import crowd, memory_mb, spread
from bench.people.stage import Stage
from bench.people.steps import STEPS, handoff_steps
from bench.people.traffic import HELD, Traffic
from bench.people.wire import Refused, connect
from ledger import Ledger
from tests.e2e.conftest import nobody_is_on_duty, nobody_waits
from tests.e2e.stack import Stack

SECONDS, HANDOFFS_PER_S, IDLE = 2.0, 2.0, 20


async def test_everybody_is_reached_and_timed(stack: Stack, ledger: Ledger) -> None:
    await nobody_waits(ledger)
    traffic = Traffic(Stage(stack))
    try:
        await traffic.begin(200, 20)
        await traffic.flow(SECONDS, HANDOFFS_PER_S)
        times = traffic.times
        assert sum(len(one.holds) for one in traffic.agents) == HELD, "who was handed over is served by now"
        assert times.handoff_ms and times.reply_ms and times.ack_ms and times.bot_ms
        assert traffic.handed_over == 0, "what the bot is asked is for the bot"
        steps = await handoff_steps(stack.redis.url, times.seen)
        assert set(steps) == set(STEPS)
        whole = [sum(parts) for parts in zip(*steps.values(), strict=True)]
        assert sorted(whole) == pytest.approx(sorted(times.handoff_ms), abs=5)
    finally:
        traffic.leave()
        await nobody_is_on_duty(ledger)
        await nobody_waits(ledger)


async def test_idle_shoppers_stay(stack: Stack) -> None:
    place = Stage(stack)
    before = memory_mb(place)
    wires = await crowd(place, IDLE)
    try:
        assert len(wires) == IDLE
        assert not any(wire.closed for wire in wires)
        assert memory_mb(place) >= before > 10
    finally:
        for wire in wires:
            wire.hang_up()


async def test_the_client_says_when_it_is_not_let_in(stack: Stack) -> None:
    with pytest.raises(Refused, match="404"):
        await connect(stack.gateway.port, "/nowhere", lambda _: None)


async def test_the_client_reads_long_frames_and_answers(stack: Stack) -> None:
    [(_, token)] = await Stage(stack).shoppers(1)
    heard: list[dict[str, object]] = []
    echoed = asyncio.Event()

    def hear(text: bytes) -> None:
        heard.append(json.loads(text))
        if heard[-1]["type"] == "message":
            echoed.set()

    wire = await connect(stack.gateway.port, f"/api/chat/ws?token={token}", hear)
    text = "长" * 1_000
    wire.say(json.dumps({"type": "message", "mid": "m1", "text": text}).encode())
    async with asyncio.timeout(10):
        await echoed.wait()
    assert next(one["body"] for one in heard if one["type"] == "message") == {"text": text}
    wire.hang_up()


def test_the_99th_percentile_is_one_that_was_measured() -> None:
    assert spread([float(n) for n in range(1, 201)]) == {"p50": 100.5, "p99": 198.0, "max": 200.0, "n": 200}
    assert spread([3.0]) == {"p50": 3.0, "p99": 3.0, "max": 3.0, "n": 1}
    assert spread([])["n"] == 0
