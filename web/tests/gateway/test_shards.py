"""The door on a real Redis Cluster of three nodes, with conversations and their queue spread over four shards."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from ledger.keys import Keys
from ledger.testing import start_cluster
from web.gateway.testing import RunningGateway, start_gateway
from web.tests.gateway.shopper import Shopper

SHARDS = 4


@pytest.fixture
def spread(tmp_path: Path) -> Iterator[RunningGateway]:
    nodes = start_cluster(tmp_path)
    try:
        running = start_gateway(f"redis+cluster://127.0.0.1:{nodes[0].port}", SHARDS=str(SHARDS))
        yield running
        running.stop()
    finally:
        for node in nodes:
            node.stop()


async def test_door_works_on_a_cluster(spread: RunningGateway, client: httpx.AsyncClient) -> None:
    assert (await client.get(f"{spread.url}/healthz")).status_code == 200
    shards: set[int] = set()
    place = 0
    while len(shards) < SHARDS:
        shopper = await Shopper.come(spread, client)
        shards.add(Keys(SHARDS).shard_of(shopper.cid))
        place += 1
        async with shopper.socket() as socket, shopper.socket() as tab:
            await tab.replayed()
            await socket.send("message", mid="m1", text="你好")
            await tab.until("message", mid="m1")
            await socket.send("human")
            await tab.until("state", mode="waiting", position=place)
        assert place < 30, "30 conversations in fewer than four shards"
