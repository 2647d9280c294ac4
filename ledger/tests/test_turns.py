"""How bot workers share turns, and why bot and person never talk over each other."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from ledger import BotSide, DeskSide, Handoff, Ledger, Reply, ShopperSide, Turn, store
from ledger.entries import Button
from ledger.keys import GROUP
from ledger.tests.turns import begun, taken

ASKED = Handoff(rule="asked", reason="顾客要求人工")


async def test_turn_holds_all_that_is_unread_and_who_asks(shopper: ShopperSide, bot: BotSide) -> None:
    await shopper.open("c1", "en", "cust-1", "Wang")
    await shopper.say("c1", "m1", "hi")
    await shopper.say("c1", "m2", "my parcel")
    turn = await begun(bot)
    assert [entry.mid for entry in turn.unread] == ["m1", "m2"]
    assert (turn.lang, turn.customer, turn.customer_name, turn.upto, turn.attempts) == ("en", "cust-1", "Wang", None, 0)


async def test_turn_that_is_looked_at_again_holds_what_came_meanwhile(shopper: ShopperSide, bot: BotSide) -> None:
    await shopper.open("c1", "zh")
    await shopper.say("c1", "m1", "在吗")
    assert (await begun(bot)).upto is None
    await shopper.say("c1", "m2", "我的快递")
    again = await bot.begin("c1", again=True)
    assert isinstance(again, Turn)
    assert ([entry.mid for entry in again.unread], again.upto, again.attempts) == (["m1", "m2"], None, 0)
    writes = (await shopper._ledger.redis.info("persistence"))["rdb_changes_since_last_save"]
    assert isinstance(await bot.begin("c1", again=True), Turn)
    assert (await shopper._ledger.redis.info("persistence"))["rdb_changes_since_last_save"] == writes, "nothing is new"
    redone = await begun(bot)
    assert (redone.upto, redone.attempts) == (again.unread[-1].id, 1)


async def test_turn_comes_with_its_notice_just_as_it_would_be_told(shopper: ShopperSide, bot: BotSide) -> None:
    await shopper.open("c1", "en", "cust-1", "Wang")
    await bot.prepare()
    await shopper.typing("c1")
    await shopper.say("c1", "m1", "你好")
    turn = (await taken(bot)).turn
    assert turn is not None and turn.unread[0].body == {"text": "你好"}
    told = await bot.begin("c1")
    assert isinstance(told, Turn)
    assert msgspec.structs.replace(told, now_ms=turn.now_ms) == turn
    await bot.commit(turn, turn.unread[-1].id, [Reply("您好", buttons=[Button("b1", "订单", "/order_status")])])
    await shopper.choose("c1", "m2", "b1")
    turn = (await taken(bot)).turn
    assert turn is not None and (turn.unread[0].payload, turn.memory) == (
        "/order_status",
        f"{bot.worker}:{told.unread[-1].id}",
    )


async def test_notice_that_nobody_reads_goes_with_its_conversation(
    ledger: Ledger, shopper: ShopperSide, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "CONVERSATION_TTL_S", 1)
    await shopper.open("c1", "zh")
    await shopper.say("c1", "m1", "我叫王小明")
    while await ledger.redis.exists(ledger.keys.log("c1")):
        await asyncio.sleep(0.05)
    await shopper.open("c2", "zh")
    await shopper.say("c2", "m1", "你好")
    left = await ledger.redis.xrange(ledger.keys.turns(0))
    assert [fields["cid"] for _, fields in left] == ["c2"]


async def test_turn_that_came_with_its_notice_needs_nothing_but_the_commit(
    ledger: Ledger, shopper: ShopperSide, bot: BotSide
) -> None:
    await shopper.open("c1", "zh")
    await bot.prepare()
    for mid in ("m1", "m2"):
        await shopper.say("c1", mid, "你好")
        notice = await taken(bot)
        assert notice.turn is not None
        assert await bot.commit(notice.turn, notice.turn.unread[-1].id, [Reply("您好")], notice=notice) == (True, False)
    assert [entry.sender for entry in await ledger.read("c1")] == ["shopper", "bot", "shopper", "bot"]
    assert await ledger.redis.xlen(ledger.keys.turns(0)) == 0
    assert not {field for field in await ledger.state("c1") if field.startswith("turn_")}


async def test_turn_comes_with_a_notice_only_where_nothing_else_is_unread(shopper: ShopperSide, bot: BotSide) -> None:
    await shopper.open("c1", "zh")
    await bot.prepare()
    await shopper.say("c1", "m1", "你好")
    await shopper.say("c1", "m2", "我的快递")
    first, second = await bot.notices(0, 10)
    assert first.turn is not None and second.turn is None
    turn = await bot.begin("c1", first)
    assert isinstance(turn, Turn)
    assert ([entry.mid for entry in turn.unread], turn.upto, turn.attempts) == (["m1", "m2"], None, 0)
    await bot.commit(turn, turn.unread[-1].id, [Reply("您好")])
    await shopper.end("c1")
    await shopper.say("c1", "m3", "还有一个问题")
    assert (await taken(bot)).turn is None, "what happened meanwhile is looked at"


async def test_turn_that_came_with_a_notice_is_its_readers_and_nobody_elses(
    ledger: Ledger, shopper: ShopperSide, bot: BotSide
) -> None:
    other = BotSide(ledger, "other", bot.lease_ms)
    await shopper.open("c1", "zh")
    await bot.prepare()
    await shopper.say("c1", "m1", "取消订单")
    notice = await taken(bot)
    assert notice.turn is not None
    assert await other.begin("c1") == "busy"
    assert not await other.hold("c1")
    assert await other.commit(notice.turn, notice.turn.unread[-1].id, [Reply("您好")]) == (False, False)
    assert await bot.hold("c1")
    assert await bot.commit(notice.turn, notice.turn.unread[-1].id, [Reply("您好")], notice=notice) == (True, False)


async def test_worker_of_an_earlier_version_can_begin_a_turn_that_came_with_a_notice(
    ledger: Ledger, shopper: ShopperSide, bot: BotSide
) -> None:
    await shopper.open("c1", "zh")
    await bot.prepare()
    await shopper.say("c1", "m1", "你好")
    await taken(bot)
    state = await ledger.state("c1")
    assert state["turn_owner"] != bot.worker and int(state["turn_until"]) < await DeskSide(ledger).now_ms()
    await ledger.redis.hset(ledger.keys.conversation("c1"), mapping={"turn_owner": "old", "turn_until": 2**53})
    assert await bot.begin("c1") == "busy", "and keeps it"


async def test_turn_whose_notice_nobody_has_read_is_anybodys(
    ledger: Ledger, shopper: ShopperSide, bot: BotSide
) -> None:
    await shopper.open("c1", "zh")
    await shopper.say("c1", "m1", "在吗")
    await shopper.say("c1", "m2", "我的快递")
    turn = await begun(bot)
    assert ([entry.mid for entry in turn.unread], turn.upto, turn.attempts) == (["m1", "m2"], None, 0)


async def test_turn_that_came_with_a_notice_waits_for_its_reader(shopper: ShopperSide, bot: BotSide) -> None:
    """Who reads it runs it without asking, so nobody who still has an older notice may take it."""
    other = BotSide(bot._ledger, "other", bot.lease_ms)
    await shopper.open("c1", "zh")
    await bot.prepare()
    await shopper.say("c1", "m1", "你好")
    older = await taken(bot)
    assert older.turn is not None
    assert await bot.commit(older.turn, older.turn.unread[-1].id, [Reply("您好")]) == (True, False)
    await shopper.say("c1", "m2", "取消订单")
    older = older._replace(turn=None)
    assert await bot.begin("c1", older) == "busy"
    newer = await taken(other)
    assert newer.turn is not None
    assert await other.commit(newer.turn, newer.turn.unread[-1].id, [Reply("好的")], notice=newer) == (True, False)
    assert await bot.begin("c1", older) == "idle"


async def test_turn_whose_notice_is_lost_waits_for_nobody(ledger: Ledger, shopper: ShopperSide, bot: BotSide) -> None:
    await shopper.open("c1", "zh")
    await bot.prepare()
    await shopper.say("c1", "m1", "你好")
    ((lost, _),) = await ledger.redis.xrange(ledger.keys.turns(0))
    await ledger.redis.xdel(ledger.keys.turns(0), lost)
    await shopper.say("c1", "m2", "我的快递")
    turn = await bot.begin("c1", await taken(bot))
    assert isinstance(turn, Turn)
    assert ([entry.mid for entry in turn.unread], turn.upto, turn.attempts) == (["m1", "m2"], None, 0)


async def test_turn_that_came_with_a_notice_keeps_its_end_when_it_is_done_again(
    ledger: Ledger, shopper: ShopperSide
) -> None:
    """Its reader has run it and failed, or died; either way a write may have been made in its name."""
    for n, again in enumerate(("dead", "alive")):
        cid = f"c{n}"
        dead, worker = BotSide(ledger, "dead", lease_ms=50), BotSide(ledger, again, lease_ms=50)
        await dead.prepare()
        await shopper.open(cid, "zh")
        await shopper.say(cid, "m1", "取消订单")
        run = await taken(dead)
        await shopper.say(cid, "m2", "等等,先别取消")
        (late,) = await worker.notices(0, 1000)
        while isinstance(redone := await worker.begin(cid, late), str):
            assert redone == "busy"
            await asyncio.sleep(0.01)
        assert run.turn is not None
        assert (redone.upto, redone.attempts) == (run.turn.unread[-1].id, 1)
        assert [entry.mid for entry in redone.unread] == ["m1", "m2"]
        assert await worker.commit(redone, redone.upto, [Reply("您好")]) == (True, True)


async def test_message_behind_many_ratings_is_found(shopper: ShopperSide, bot: BotSide) -> None:
    await shopper.open("c1", "zh")
    for _ in range(1_001):
        await shopper.rate("c1", 5)
    await shopper.say("c1", "m1", "你好")
    assert [entry.mid for entry in (await begun(bot)).unread] == ["m1"]


async def test_committed_turn_is_not_done_again(ledger: Ledger, shopper: ShopperSide, bot: BotSide) -> None:
    await shopper.open("c1", "zh")
    await shopper.say("c1", "m1", "你好")
    turn = await begun(bot)
    assert await bot.commit(turn, turn.unread[-1].id, [Reply("您好")]) == (True, False)
    assert await bot.begin("c1") == "idle"
    assert [entry.sender for entry in await ledger.read("c1")] == ["shopper", "bot"]


async def test_commit_sent_twice_speaks_once(ledger: Ledger, shopper: ShopperSide, bot: BotSide) -> None:
    await shopper.open("c1", "zh")
    await shopper.say("c1", "m1", "你好")
    turn = await begun(bot)
    for _ in range(2):
        assert await bot.commit(turn, turn.unread[-1].id, [Reply("您好")], handoff=ASKED) == (True, False)
    assert [entry.kind for entry in await ledger.read("c1")] == ["message", "message", "mode"]


async def test_bot_is_silent_once_the_shopper_has_asked_for_a_person(
    ledger: Ledger, shopper: ShopperSide, bot: BotSide
) -> None:
    await shopper.open("c1", "zh")
    await shopper.say("c1", "m1", "你好")
    turn = await begun(bot)
    await shopper.ask_for_person("c1", ASKED)
    assert await bot.commit(turn, turn.unread[-1].id, [Reply("您好")], events="[]") == (False, False)
    assert [entry.kind for entry in await ledger.read("c1")] == ["message", "mode"]
    assert await bot.tracker_events("c1") == []


async def test_bot_is_silent_when_a_person_came_and_went(shopper: ShopperSide, bot: BotSide, desk: DeskSide) -> None:
    await shopper.open("c1", "zh")
    await shopper.say("c1", "m1", "你好")
    turn = await begun(bot)
    await shopper.ask_for_person("c1", ASKED)
    await desk.claim("c1", "a1", "小林")
    await desk.resolve("c1", "a1", "bot")
    assert await bot.commit(turn, turn.unread[-1].id, [Reply("您好")]) == (False, False)


async def test_late_commit_is_refused_also_when_its_worker_holds_the_next_turn(
    ledger: Ledger, shopper: ShopperSide, bot: BotSide
) -> None:
    await shopper.open("c1", "zh")
    await shopper.say("c1", "m1", "你好")
    late = await begun(bot)
    await shopper.ask_for_person("c1", ASKED)
    await shopper.back_to_bot("c1")
    await shopper.say("c1", "m2", "我的订单到哪了")
    turn = await begun(bot)
    assert await bot.commit(late, late.unread[-1].id, [Reply("您好")]) == (False, False)
    assert await bot.commit(turn, turn.unread[-1].id, [Reply("请告诉我订单号")]) == (True, False)
    said = [entry.body["text"] for entry in await ledger.read("c1") if entry.sender == "bot"]
    assert said == ["请告诉我订单号"]


async def test_bot_and_person_race_and_one_of_them_speaks(ledger: Ledger, shopper: ShopperSide, bot: BotSide) -> None:
    """Whichever comes first in Redis: nothing of the bot stands behind the change of mode."""
    for n in range(60):
        cid = f"race{n}"
        await shopper.open(cid, "zh")
        await shopper.say(cid, "m1", "你好")
        turn = await begun(bot, cid)
        said, asked = await asyncio.gather(
            bot.commit(turn, turn.unread[-1].id, [Reply("您好"), Reply("请问有什么可以帮您")]),
            shopper.ask_for_person(cid, ASKED),
        )
        kinds = [(entry.kind, entry.sender) for entry in await ledger.read(cid)]
        assert asked
        assert kinds[-1] == ("mode", "shopper")
        assert kinds.count(("message", "bot")) == (2 if said[0] else 0)


async def test_two_workers_never_hold_one_turn(ledger: Ledger, shopper: ShopperSide) -> None:
    await shopper.open("c1", "zh")
    await shopper.say("c1", "m1", "你好")
    workers = [BotSide(ledger, f"w{n}") for n in range(20)]
    turns = await asyncio.gather(*(worker.begin("c1") for worker in workers))
    assert sum(isinstance(turn, Turn) for turn in turns) == 1
    assert turns.count("busy") == 19


async def test_message_that_arrives_during_the_turn_makes_another(shopper: ShopperSide, bot: BotSide) -> None:
    await shopper.open("c1", "zh")
    await shopper.say("c1", "m1", "你好")
    turn = await begun(bot)
    await shopper.say("c1", "m2", "订单呢")
    assert await bot.commit(turn, turn.unread[-1].id, [Reply("您好")]) == (True, True)
    assert [entry.mid for entry in (await begun(bot)).unread] == ["m2"]


async def test_dead_worker_is_replaced_and_the_turn_keeps_its_end(ledger: Ledger, shopper: ShopperSide) -> None:
    dead, alive = BotSide(ledger, "dead", lease_ms=50), BotSide(ledger, "alive", lease_ms=50)
    await dead.prepare()
    await shopper.open("c1", "zh")
    await shopper.say("c1", "m1", "取消订单")
    (notice,) = await dead.notices(0, block_ms=1000)
    turn = await begun(dead)
    await shopper.say("c1", "m2", "等等,先别取消")
    while not (found := await alive.abandoned(0)):
        await asyncio.sleep(0.01)
    assert [one.cid for one in found] == ["c1"] and found[0].entry_id == notice.entry_id
    while isinstance(redone := await alive.begin("c1"), str):
        assert redone == "busy"  # the lease was taken after the notice, and may end after it
        await asyncio.sleep(0.01)
    assert (redone.upto, redone.attempts) == (turn.unread[-1].id, 1)
    assert not await dead.hold("c1")
    assert await dead.commit(turn, turn.unread[-1].id, [Reply("已取消")]) == (False, False)
    assert await alive.commit(redone, turn.unread[-1].id, [Reply("已取消")]) == (True, True)


async def test_events_are_stored_with_the_turn_and_kept_from_where_they_begin_afresh(
    shopper: ShopperSide, bot: BotSide
) -> None:
    await shopper.open("c1", "zh")
    memory = ""
    for n, afresh in enumerate((True, False, True, False)):
        await shopper.say("c1", f"m{n}", "你好")
        turn = await begun(bot)
        assert turn.memory == memory
        await bot.commit(turn, turn.unread[-1].id, [], events=f"[{n}]", afresh=afresh)
        memory = bot.memory_after(turn.unread[-1].id)
    assert await bot.tracker_events("c1") == ["[2]", "[3]"]


async def test_handoff_is_committed_with_the_last_words(ledger: Ledger, shopper: ShopperSide, bot: BotSide) -> None:
    await shopper.open("c1", "zh")
    await shopper.say("c1", "m1", "转人工")
    turn = await begun(bot)
    handoff = Handoff("asked", "顾客要求人工", "orders", 5, ["转人工"])
    assert await bot.commit(turn, turn.unread[-1].id, [Reply("马上")], handoff=handoff) == (True, False)
    entries = await ledger.read("c1")
    assert [entry.kind for entry in entries] == ["message", "message", "mode"]
    assert entries[-1].body["evidence"] == ["转人工"]
    assert (await shopper.state("c1")).position == 1


async def test_notice_is_gone_once_it_is_looked_after(ledger: Ledger, shopper: ShopperSide, bot: BotSide) -> None:
    await bot.prepare()
    await bot.prepare()
    await shopper.open("c1", "zh")
    await shopper.say("c1", "m1", "你好")
    await shopper.say("c1", "m2", "在吗")
    first, second = await bot.notices(0, block_ms=1000)
    turn = await bot.begin("c1", first)
    assert isinstance(turn, Turn)
    assert await bot.commit(turn, turn.unread[0].id, [Reply("您好")], notice=first) == (True, True)
    assert await ledger.redis.xlen(ledger.keys.turns(0)) == 2, "something is still unread"
    turn = await bot.begin("c1", first)
    assert isinstance(turn, Turn)
    assert await bot.commit(turn, turn.unread[0].id, [Reply("您好")], notice=first) == (True, False)
    assert await BotSide(ledger, "w2").begin("c1", second) == "idle"
    assert await ledger.redis.xlen(ledger.keys.turns(0)) == 0
    assert await ledger.redis.xpending(ledger.keys.turns(0), GROUP) == {
        "pending": 0,
        "min": None,
        "max": None,
        "consumers": [],
    }


async def test_notice_outlives_a_worker_that_holds_the_turn(ledger: Ledger, shopper: ShopperSide, bot: BotSide) -> None:
    await bot.prepare()
    await shopper.open("c1", "zh")
    await shopper.say("c1", "m1", "你好")
    (notice,) = await bot.notices(0, block_ms=1000)
    await begun(bot)
    assert await BotSide(ledger, "w2").begin("c1", notice) == "busy"
    assert await ledger.redis.xlen(ledger.keys.turns(0)) == 1
