"""What a shopper's messages, choices, calls for a person and looks at the queue do to the ledger."""

from __future__ import annotations

import asyncio

import pytest

from ledger import (
    BotSide,
    DeskSide,
    Handoff,
    Ledger,
    RateLimited,
    Reply,
    ShopperSide,
    UnknownChoice,
    UnknownConversation,
)
from ledger.entries import Button
from ledger.shoppers import RATE_MESSAGES, OtherCustomer
from ledger.tests.turns import begun

ASKED = Handoff(rule="asked", reason="顾客要求人工", evidence=[])


async def test_message_is_stored_with_its_time_and_id(ledger: Ledger, shopper: ShopperSide) -> None:
    await shopper.open("c1", "zh")
    stored = await shopper.say("c1", "m1", "我的订单到哪了 😀")
    entry = (await ledger.read("c1"))[-1]
    assert (entry.id, entry.kind, entry.sender, entry.mid) == (stored.id, "message", "shopper", "m1")
    assert entry.body == {"text": "我的订单到哪了 😀"}
    assert entry.at.tzinfo is not None


async def test_resend_is_harmless(ledger: Ledger, shopper: ShopperSide) -> None:
    await shopper.open("c1", "zh")
    first = await shopper.say("c1", "m1", "你好")
    again = await shopper.say("c1", "m1", "你好")
    assert (again.id, again.duplicate) == (first.id, True)
    assert len(await ledger.read("c1")) == 1
    assert await ledger.redis.xlen(ledger.keys.turns(0)) == 1


async def test_same_mid_sent_at_once_a_hundred_times_is_stored_once(ledger: Ledger, shopper: ShopperSide) -> None:
    await shopper.open("c1", "zh")
    answers = await asyncio.gather(*(shopper.say("c1", "m1", "急") for _ in range(100)))
    assert len({answer.id for answer in answers}) == 1
    assert sum(not answer.duplicate for answer in answers) == 1
    assert len(await ledger.read("c1")) == 1


async def test_unknown_conversation_is_refused(shopper: ShopperSide) -> None:
    with pytest.raises(UnknownConversation):
        await shopper.say("nobody", "m1", "你好")
    with pytest.raises(UnknownConversation):
        await shopper.state("nobody")


async def test_too_many_messages_are_refused_but_a_resend_is_not(shopper: ShopperSide) -> None:
    await shopper.open("c1", "zh")
    for n in range(RATE_MESSAGES):
        await shopper.say("c1", f"m{n}", "催")
    with pytest.raises(RateLimited):
        await shopper.say("c1", "one-more", "催")
    assert (await shopper.say("c1", "m0", "催")).duplicate


async def test_choice_becomes_a_message_and_keeps_its_payload(
    ledger: Ledger, shopper: ShopperSide, bot: BotSide
) -> None:
    await shopper.open("c1", "zh")
    await shopper.say("c1", "m1", "你好")
    turn = await begun(bot)
    await bot.commit(turn, turn.unread[-1].id, [Reply("选一个", buttons=[Button("b1", "围巾", "/pick{}")])])
    await shopper.choose("c1", "m2", "b1")
    entry = (await ledger.read("c1"))[-1]
    assert entry.body == {"text": "围巾", "choice": "b1"}
    assert entry.payload == "/pick{}"
    with pytest.raises(UnknownChoice):
        await shopper.choose("c1", "m3", "/pick{}")


async def test_asking_for_a_person_says_place_and_wait(shopper: ShopperSide) -> None:
    for n in range(3):
        await shopper.open(f"c{n}", "zh")
        assert await shopper.ask_for_person(f"c{n}", ASKED)
    assert not await shopper.ask_for_person("c1", ASKED)
    states = [await shopper.state(f"c{n}") for n in range(3)]
    assert [state.mode for state in states] == ["waiting"] * 3
    assert [state.position for state in states] == [1, 2, 3]
    assert [state.wait_s for state in states] == [120, 240, 360]


async def test_wait_is_made_from_the_claims_of_the_last_hour(
    ledger: Ledger, shopper: ShopperSide, desk: DeskSide
) -> None:
    seconds, _ = await ledger.redis.time()
    waits = ledger.keys.waits(0, "general")
    await ledger.redis.zadd(waits, {f"old{n}": (seconds - ago) * 1000 for n, ago in enumerate((300, 200, 100))})
    await ledger.redis.zadd(waits, {"too-old": (seconds - 7200) * 1000})
    await shopper.open("c1", "zh")
    await shopper.ask_for_person("c1", ASKED)
    assert (await shopper.state("c1")).wait_s in (99, 100, 101)


async def test_priority_decides_then_time(shopper: ShopperSide, desk: DeskSide) -> None:
    for cid, priority in (("calm", 3), ("angry", 8), ("calm2", 3), ("angry2", 8)):
        await shopper.open(cid, "zh")
        await shopper.ask_for_person(cid, Handoff("asked", "", priority=priority))
        await asyncio.sleep(0.002)
    assert await desk.waiting("general") == ["angry", "angry2", "calm", "calm2"]


async def test_message_while_waiting_is_kept_and_not_given_to_the_bot(
    ledger: Ledger, shopper: ShopperSide, bot: BotSide
) -> None:
    await shopper.open("c1", "zh")
    await shopper.ask_for_person("c1", ASKED)
    await shopper.say("c1", "m1", "订单号 20261120000042")
    assert await bot.begin("c1") == "not_bot"
    assert await ledger.redis.xlen(ledger.keys.turns(0)) == 0
    assert (await ledger.read("c1"))[-1].body["text"].startswith("订单号")


async def test_back_to_the_bot_does_not_answer_what_was_said_to_the_queue(shopper: ShopperSide, bot: BotSide) -> None:
    await shopper.open("c1", "zh")
    await shopper.ask_for_person("c1", ASKED)
    await shopper.say("c1", "m1", "有人吗")
    assert await shopper.back_to_bot("c1")
    assert not await shopper.back_to_bot("c1")
    assert await bot.begin("c1") == "idle"
    await shopper.say("c1", "m2", "我的快递呢")
    turn = await begun(bot)
    assert [entry.mid for entry in turn.unread] == ["m2"]


async def test_change_of_mode_stands_in_the_log_with_who_and_why(ledger: Ledger, shopper: ShopperSide) -> None:
    await shopper.open("c1", "zh")
    await shopper.ask_for_person("c1", Handoff("anger", "生气: 骗子", "complaint", 8, ["骗子"], {"empty": []}))
    entry = (await ledger.read("c1"))[-1]
    assert (entry.kind, entry.sender) == ("mode", "shopper")
    assert entry.body == {
        "mode": "waiting", "was": "bot", "rule": "anger", "reason": "生气: 骗子", "skill": "complaint", "priority": 8,
        "evidence": ["骗子"], "context": {"empty": []},
    }  # fmt: skip


async def test_message_after_the_end_opens_the_conversation_again(
    ledger: Ledger, shopper: ShopperSide, bot: BotSide
) -> None:
    await shopper.open("c1", "zh")
    assert await shopper.end("c1")
    assert not await shopper.end("c1")
    assert (await shopper.say("c1", "m1", "还有个问题")).mode == "bot"
    turn = await begun(bot)
    assert [entry.mid for entry in turn.unread] == ["m1"]
    assert [entry.body.get("rule") for entry in await ledger.read("c1")] == ["shopper_ended", "returned", None]


async def test_anonymous_conversation_can_sign_in_but_not_change_hands(shopper: ShopperSide) -> None:
    assert await shopper.open("c1", "zh")
    assert not await shopper.open("c1", "zh", "cust-1", "王芳")
    assert (await shopper.state("c1")).customer == "cust-1"
    await shopper.open("c1", "zh")
    assert (await shopper.state("c1")).customer == "cust-1"
    with pytest.raises(OtherCustomer):
        await shopper.open("c1", "zh", "cust-2", "李强")


async def test_rating_is_kept(ledger: Ledger, shopper: ShopperSide) -> None:
    await shopper.open("c1", "zh")
    await shopper.rate("c1", 5, "很快")
    entry = (await ledger.read("c1"))[-1]
    assert (entry.kind, entry.body) == ("rating", {"of": "bot", "score": 5, "comment": "很快"})


async def test_everything_of_a_conversation_expires(ledger: Ledger, shopper: ShopperSide, bot: BotSide) -> None:
    await shopper.open("c1", "zh")
    await shopper.say("c1", "m1", "你好")
    turn = await begun(bot)
    await bot.commit(turn, turn.unread[-1].id, [Reply("您好", buttons=[Button("b", "x", "/x")])], events="[]")
    keys = [key async for key in ledger.redis.scan_iter("*:c:c1*")]
    assert len(keys) == 5
    assert all([await ledger.redis.pttl(key) > 29 * 86_400_000 for key in keys])


async def test_read_goes_on_after_an_id(ledger: Ledger, shopper: ShopperSide) -> None:
    await shopper.open("c1", "zh")
    ids = [(await shopper.say("c1", f"m{n}", str(n))).id for n in range(5)]
    assert [entry.id for entry in await ledger.read("c1", after=ids[2])] == ids[3:]
    assert [entry.id for entry in await ledger.read("c1", limit=2)] == ids[3:]


async def test_a_look_is_one_round_trip_of_one_moment(ledger: Ledger, shopper: ShopperSide, desk: DeskSide) -> None:
    await shopper.open("c1", "zh", "cust-1")
    ids = [(await shopper.say("c1", f"m{n}", f"第 {n} 条")).id for n in range(5)]
    entries, state = await shopper.look("c1", ids[1], 2)
    assert ([one.id for one in entries], state.mode, state.customer) == (ids[2:4], "bot", "cust-1")
    assert [one.id for one in (await shopper.look("c1", None, 3))[0]] == ids[2:], "the newest, oldest first"
    assert (await shopper.look("c1", ids[-1], 500))[0] == []
    assert (await shopper.look("c1", None, 0))[0] == []
    await shopper.ask_for_person("c1", ASKED)
    await ledger.redis.config_resetstat()
    entries, state = await shopper.look("c1", ids[-1], 500)
    calls = {name: one["calls"] for name, one in (await ledger.redis.info("commandstats")).items()}
    del calls["cmdstat_config|resetstat" if "cmdstat_config|resetstat" in calls else "cmdstat_config"]
    assert "cmdstat_evalsha" in calls and set(calls.values()) == {1}, "each question is asked once, by the script"
    assert ([one.kind for one in entries], state.mode, state.position) == (["mode"], "waiting", 1)


async def test_no_change_of_mode_is_in_the_log_and_not_in_the_state(ledger: Ledger, shopper: ShopperSide) -> None:
    await shopper.open("c1", "zh")

    async def change() -> None:
        for _ in range(100):
            await shopper.ask_for_person("c1", ASKED)
            await shopper.back_to_bot("c1")

    changing = asyncio.create_task(change())
    looks = 0
    while not changing.done():
        entries, state = await shopper.look("c1", None, 1)
        assert state.mode == (entries[-1].body["mode"] if entries else "bot")
        looks += 1
    await changing
    assert looks > 10


async def test_a_look_changes_nothing(ledger: Ledger, shopper: ShopperSide) -> None:
    await shopper.open("c1", "zh")
    await shopper.ask_for_person("c1", ASKED)
    before = (await ledger.redis.info("persistence"))["aof_current_size"]
    await shopper.look("c1", None, 500)
    assert (await ledger.redis.info("persistence"))["aof_current_size"] == before, "no write waits for the disk"
