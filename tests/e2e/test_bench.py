"""The load of `make bench` on a running Shopdesk: shoppers at once, each answer looked at."""

from __future__ import annotations

import time

import httpx
import jwt
import pytest

from bench.side_by_side.answers import WrongAnswer
from bench.side_by_side.both import SHOPDESK, Asker
from bench.side_by_side.load import under_load
from bench.side_by_side.sentences import FIRST_WAYS, Sentence
from bench.side_by_side.shopdesk import Shopper
from tests.e2e.stack import Stack

SHOPPERS, SECONDS, CONVERSATIONS = 2, 0.4, 12


async def come(stack: Stack, client: httpx.AsyncClient) -> Asker:
    order = stack.shop.add_order("in_transit", stack.shop.add_customer())
    claims = {"sub": order.customer_id, "exp": int(time.time()) + 600}
    identity = jwt.encode(claims, stack.gateway.identity_secret, algorithm="HS256")
    answer = await client.post(f"{stack.gateway.url}/api/chat/sessions", json={"lang": "zh", "identity": identity})
    address = f"{stack.gateway.socket_url}?token={answer.json()['token']}"
    shopper = Shopper(address, answer.json()["conversation"])
    await shopper.open()
    return Asker(SHOPDESK, shopper, order.number)


async def test_load_counts_answered_turns(stack: Stack) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        askers = [await come(stack, client) for _ in range(CONVERSATIONS)]

        for sentence in FIRST_WAYS:  # what is made at the first turn is made
            await askers[0].ask(sentence)
        await askers.pop(0).shopper.close()

        async def arrive() -> Asker:
            return askers.pop() if askers else await come(stack, client)

        load = await under_load(arrive, SHOPPERS, SECONDS)
        assert load.turns == len(load.times_ms) > 0
        assert load.turns_per_s == load.turns / SECONDS
        for asker in askers:
            await asker.shopper.close()


async def test_wrong_answer_ends_the_run(stack: Stack) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        asker = await come(stack, client)
        with pytest.raises(WrongAnswer, match="lacks"):
            await asker.ask(Sentence("谢谢", "small talk", "这不是回答"))
        await asker.shopper.close()
