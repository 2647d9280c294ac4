"""Every dialogue of this folder, played with the real worker, Redis and demo shop."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from ledger import Ledger, connect
from ledger.testing import RedisServer
from shop.testing import RunningShop, start_shop
from tests.conversation import trained_model
from tests.dialogues.play import Dialogue, Player, alone, dialogues
from tests.dialogues.worker import RunningWorker

ALL = dialogues()
AT_ONCE = 8
FEWEST = 120

Failures = dict[str, BaseException]


@pytest.fixture(scope="module")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path_factory.mktemp("redis")).start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def running_shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningShop]:
    running = start_shop(tmp_path_factory.mktemp("shop"))
    yield running
    running.stop()


@pytest.fixture(scope="module")
def worker(
    tmp_path_factory: pytest.TempPathFactory, redis_server: RedisServer, running_shop: RunningShop
) -> Iterator[RunningWorker]:
    running = RunningWorker(tmp_path_factory.mktemp("worker"), redis_server.url, running_shop, trained_model())
    yield running.start()
    running.stop()


@pytest.fixture(scope="module")
def side_by_side(
    request: pytest.FixtureRequest, redis_server: RedisServer, running_shop: RunningShop, worker: RunningWorker
) -> Failures:
    """What went wrong in the dialogues that disturb nobody, played several at a time."""
    given = [item.callspec.params for item in request.session.items if hasattr(item, "callspec")]
    wanted = {params["dialogue"]["name"] for params in given if "dialogue" in params}
    chosen = [one for one in ALL if not alone(one) and one["name"] in wanted]
    return asyncio.run(_play(chosen, AT_ONCE, redis_server, running_shop, worker))


@pytest.mark.timeout(600)
@pytest.mark.parametrize("dialogue", ALL, ids=lambda one: f"{one['file']}: {one['name']}")
def test_dialogue(
    dialogue: Dialogue,
    request: pytest.FixtureRequest,
    redis_server: RedisServer,
    running_shop: RunningShop,
    worker: RunningWorker,
) -> None:
    if alone(dialogue):
        failures = asyncio.run(_play([dialogue], 1, redis_server, running_shop, worker))
        running_shop.heal()
    else:
        failures = request.getfixturevalue("side_by_side")
    if dialogue["name"] in failures:
        raise failures[dialogue["name"]]


def test_there_are_enough_and_each_has_its_name() -> None:
    names = [one["name"] for one in ALL]
    assert len(set(names)) == len(names)
    assert len(names) >= FEWEST
    assert {one["lang"] for one in ALL} == {"zh", "en"}


async def _play(
    chosen: list[Dialogue], at_once: int, redis_server: RedisServer, shop: RunningShop, worker: RunningWorker
) -> Failures:
    redis = connect(redis_server.url)
    places, failures = asyncio.Semaphore(at_once), Failures()

    async def one(dialogue: Dialogue) -> None:
        async with places:
            try:
                await Player(dialogue, Ledger(redis), shop, worker).play()
            except BaseException as error:
                failures[dialogue["name"]] = error

    try:
        await asyncio.gather(*(one(dialogue) for dialogue in chosen))
    finally:
        await redis.aclose()
    return failures
