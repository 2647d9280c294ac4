"""Rasa's memory is what was committed: no turn that came too late, no empty memory when Redis is away."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.tracker_store import TurnTrackerStore
from ledger import BotSide, Ledger, LedgerUnavailable, ShopperSide, Turn, connect
from ledger.testing import RedisServer

DOMAIN = Domain.from_yaml(
    """
version: "3.1"
intents: [greet]
slots:
  order_number: {type: text, influence_conversation: false, mappings: [{type: custom}]}
"""
)


async def turn_taken(bot: BotSide, store: TurnTrackerStore, text: str, new_session: bool) -> tuple[Turn, str, bool]:
    """One turn as Rasa does it: read, add events, save. Not committed yet."""
    turn = await bot.begin("c1")
    assert isinstance(turn, Turn)
    tracker = await store.get_or_create_tracker("c1", append_action_listen=False)
    if new_session:
        tracker.update(SessionStarted(), DOMAIN)
        tracker.update(ActionExecuted("action_listen"), DOMAIN)
    tracker.update(UserUttered(text, {"name": "greet", "confidence": 0.9}), DOMAIN)
    tracker.update(SlotSet("order_number", text), DOMAIN)
    tracker.update(BotUttered("您好"), DOMAIN)
    await store.save(tracker)
    return turn, *store.take("c1")


async def said(store: TurnTrackerStore) -> list[str]:
    tracker = await store.retrieve("c1")
    store.forget("c1")
    return [event.text for event in tracker.events if isinstance(event, UserUttered)] if tracker else []


@pytest.fixture
def store(bot: BotSide) -> TurnTrackerStore:
    return TurnTrackerStore(DOMAIN, bot)


async def test_committed_turns_are_remembered(shopper: ShopperSide, bot: BotSide, store: TurnTrackerStore) -> None:
    await shopper.open("c1", "zh")
    for n, text in enumerate(("你好", "再问一下")):
        await shopper.say("c1", f"m{n}", text)
        turn, events, new_session = await turn_taken(bot, store, text, new_session=n == 0)
        assert new_session is (n == 0)
        await bot.commit(turn, turn.unread[-1].id, [], events, new_session)
    assert await said(store) == ["你好", "再问一下"]
    tracker = await TurnTrackerStore(DOMAIN, bot).retrieve("c1")
    assert isinstance(tracker, DialogueStateTracker)
    assert tracker.get_slot("order_number") == "再问一下"


async def test_turn_that_is_not_committed_leaves_no_trace(
    shopper: ShopperSide, bot: BotSide, store: TurnTrackerStore
) -> None:
    await shopper.open("c1", "zh")
    await shopper.say("c1", "m1", "你好")
    turn, events, new_session = await turn_taken(bot, store, "你好", new_session=True)
    await shopper.end("c1")
    assert await bot.commit(turn, turn.unread[-1].id, [], events, new_session) == (False, False)
    assert await said(store) == []


async def test_memory_starts_at_the_session(shopper: ShopperSide, bot: BotSide, store: TurnTrackerStore) -> None:
    await shopper.open("c1", "zh")
    for n, new_session in enumerate((True, False, True)):
        await shopper.say("c1", f"m{n}", str(n))
        turn, events, started = await turn_taken(bot, store, str(n), new_session)
        await bot.commit(turn, turn.unread[-1].id, [], events, started)
    assert await said(store) == ["2"]


async def test_redis_that_is_away_is_not_an_empty_memory(tmp_path: Path) -> None:
    server = RedisServer(tmp_path).start()
    redis = connect(server.url)
    store = TurnTrackerStore(DOMAIN, BotSide(Ledger(redis), "w1"))
    assert await store.retrieve("c1") is None
    server.kill()
    with pytest.raises(LedgerUnavailable):
        await store.retrieve("c1")
    await redis.aclose()
