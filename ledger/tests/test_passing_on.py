"""Offers, transfers, taking over, reopening: what is passed on keeps its reason, its place and its history."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from ledger import BotSide, DeskSide, Handoff, Ledger, NotYours, ShopperSide, Taken, TooLate
from ledger.desk import Place

ANGRY = Handoff("angry", "生气: 骗子", "complaint", 8, ["骗子"])
MINUTE_MS = 60_000


async def wait_for_person(shopper: ShopperSide, cid: str, handoff: Handoff = ANGRY) -> None:
    await shopper.open(cid, "zh")
    await shopper.ask_for_person(cid, handoff)


async def age(ledger: Ledger, cid: str, minutes: int) -> None:
    """As if it had been queued earlier: the score is moved as `place` would have set it."""
    keys = ledger.keys
    for name in (keys.queue(0), keys.waiting(0, "general")):
        await ledger.redis.zincrby(name, -minutes * MINUTE_MS, cid)


async def test_priority_comes_first_but_waiting_counts(ledger: Ledger, shopper: ShopperSide, desk: DeskSide) -> None:
    await wait_for_person(shopper, "calm", Handoff("asked", "", "general", 3))
    await wait_for_person(shopper, "angry", Handoff("angry", "", "general", 8))
    assert await desk.queue() == ["angry", "calm"]
    await age(ledger, "calm", 24)
    assert await desk.queue() == ["angry", "calm"]
    await age(ledger, "calm", 2)
    assert await desk.queue() == ["calm", "angry"] == await desk.waiting("general"), "nobody starves"
    assert (await shopper.state("calm")).position == 1


async def test_offer_goes_to_one_at_a_time(ledger: Ledger, shopper: ShopperSide, desk: DeskSide) -> None:
    await wait_for_person(shopper, "c1")
    offers = await asyncio.gather(*(desk.offer("c1", f"a{n}", "x", 20_000, {"least_loaded": True}) for n in range(9)))
    assert sum(until is not None for until in offers) == 1
    state = await ledger.state("c1")
    assert (state["mode"], state["offered_to"]) == ("waiting", f"a{[o is not None for o in offers].index(True)}")
    assert (await ledger.read("c1"))[-1].body["why"] == {"least_loaded": True}


async def test_offer_ranks_who_has_just_come_in_the_same_step(
    ledger: Ledger, shopper: ShopperSide, desk: DeskSide
) -> None:
    await wait_for_person(shopper, "c1", Handoff("angry", "", "general", 3))
    await wait_for_person(shopper, "c2", Handoff("asked", "", "general", 5))
    queued_at = (await ledger.state("c1"))["queued_at"]
    earlier = Place("1", "complaint", 9, ["rule:angry"])
    offered = await desk.offer("c1", "a1", "x", 1, {}, earlier)
    assert offered is not None and "prioritised" not in offered.fields, "that stay in the queue is over"
    await asyncio.sleep(0.01)
    offered = await desk.offer("c1", "a1", "x", 1, {}, Place(queued_at, "complaint", 9, ["rule:angry"]))
    assert offered is not None
    assert offered.fields == await ledger.state("c1"), "nobody has to read it again"
    assert (offered.fields["offered_to"], offered.fields["offer_until"]) == ("a1", str(offered.accept_by))
    assert (offered.fields["skill"], offered.fields["priority"]) == ("complaint", "9")
    assert (await desk.waiting("general"), await desk.waiting("complaint")) == (["c2"], ["c1"])
    assert await desk.queue() == ["c1", "c2"]
    await asyncio.sleep(0.01)
    offered = await desk.offer("c1", "a2", "x", 20_000, {}, Place(queued_at, "orders", 1, []))
    assert offered is not None and offered.fields["skill"] == "complaint", "once is enough"


async def test_offer_leaves_the_place_that_a_colleague_gave(
    ledger: Ledger, shopper: ShopperSide, desk: DeskSide
) -> None:
    await wait_for_person(shopper, "c1", Handoff("asked", "", "general", 3))
    await desk.claim("c1", "a1", "小林")
    await desk.transfer("c1", "a1", "orders", 7, "")
    queued_at = (await ledger.state("c1"))["queued_at"]
    offered = await desk.offer("c1", "a2", "x", 20_000, {}, Place(queued_at, "general", 1, []))
    assert offered is not None and (offered.fields["skill"], offered.fields["priority"]) == ("orders", "7")


async def test_what_is_not_accepted_goes_on(ledger: Ledger, shopper: ShopperSide, desk: DeskSide) -> None:
    await wait_for_person(shopper, "c1")
    await desk.offer("c1", "a1", "x", 20_000, {})
    assert not await desk.end_offer("c1"), "it still runs"
    assert not await desk.decline("c1", "a2")
    assert await desk.decline("c1", "a1")
    await desk.offer("c1", "a2", "x", 1, {})
    await asyncio.sleep(0.01)
    assert await desk.end_offer("c1")
    state = await ledger.state("c1")
    assert (state["declined"], "offered_to" in state) == ("a1,a2", False)
    assert [e.body.get("over") for e in await ledger.read("c1")][-3:] == ["declined", None, "no_answer"]
    await desk.offer_again("c1")
    assert "declined" not in await ledger.state("c1")


async def test_claim_beats_an_offer_to_somebody_else(ledger: Ledger, shopper: ShopperSide, desk: DeskSide) -> None:
    await wait_for_person(shopper, "c1")
    await desk.offer("c1", "a1", "x", 20_000, {})
    assert await desk.claim("c1", "a2", "小周")
    assert "offered_to" not in await ledger.state("c1")
    assert not await desk.claim("c1", "a1", "小林")
    assert await desk.queue() == []
    assert await desk.held() == ["c1"]


async def test_reason_survives_being_passed_on(ledger: Ledger, shopper: ShopperSide, desk: DeskSide) -> None:
    await wait_for_person(shopper, "c1")
    queued_at = (await ledger.state("c1"))["queued_at"]
    await desk.claim("c1", "a1", "小林")
    await desk.say("c1", "a1", "小林", "m1", "您好")
    await desk.transfer("c1", "a1", "orders", None, "请查订单", to="a2")
    state = await ledger.state("c1")
    assert msgspec.json.decode(state["reason"])["evidence"] == ["骗子"]
    assert msgspec.json.decode(state["passed"])["comment"] == "请查订单"
    assert (state["skill"], state["priority"], state["queued_at"]) == ("orders", "8", queued_at)
    assert (state["prefer"], state["declined"]) == ("a2", "a1"), "not offered back to the one who passed it on"
    assert state["first_reply_at"], "the first response is given once"


async def test_going_off_duty_gives_back_at_the_old_place(shopper: ShopperSide, desk: DeskSide) -> None:
    await wait_for_person(shopper, "first")
    await asyncio.sleep(0.002)
    await wait_for_person(shopper, "second")
    await desk.claim("first", "a1", "小林")
    with pytest.raises(NotYours):
        await desk.release("first", "a2")
    await desk.release("first", "a1")
    assert await desk.queue() == ["first", "second"]


async def test_supervisor_takes_over_and_reassigns(ledger: Ledger, shopper: ShopperSide, desk: DeskSide) -> None:
    await wait_for_person(shopper, "c1")
    await desk.claim("c1", "a1", "小林")
    await desk.take_over("c1", "boss", "主管")
    with pytest.raises(NotYours):
        await desk.say("c1", "a1", "小林", "m1", "您好")
    assert (await ledger.read("c1"))[-1].body["rule"] == "taken_over"
    await desk.reassign("c1", "boss", "orders", "你来", to="a2")
    assert await desk.waiting("orders") == ["c1"]
    await desk.reassign("c1", "boss", "logistics", "还是物流")
    assert (await desk.waiting("orders"), await desk.waiting("logistics")) == ([], ["c1"])
    assert msgspec.json.decode((await ledger.state("c1"))["reason"])["rule"] == "angry"
    await shopper.end("c1")
    with pytest.raises(Taken):
        await desk.take_over("c1", "boss", "主管")
    with pytest.raises(Taken):
        await desk.reassign("c1", "boss", "orders", "")


async def test_reopened_within_a_day_only(ledger: Ledger, shopper: ShopperSide, desk: DeskSide) -> None:
    await wait_for_person(shopper, "c1")
    await desk.claim("c1", "a1", "小林")
    await desk.resolve("c1", "a1", "closed", "补发一件", "goods", "已登记补发", "20261120000042")
    await asyncio.sleep(0.005)
    with pytest.raises(TooLate):
        await desk.reopen("c1", "a1", "小林", within_ms=1)
    await desk.reopen("c1", "a1", "小林")
    state = await ledger.state("c1")
    assert (state["mode"], state["agent"], state["agent_name"]) == ("human", "a1", "小林")
    with pytest.raises(Taken):
        await desk.reopen("c1", "a2", "小周")


async def test_bot_learns_what_was_agreed(shopper: ShopperSide, desk: DeskSide, bot: BotSide) -> None:
    await wait_for_person(shopper, "c1")
    await desk.claim("c1", "a1", "小林")
    await desk.resolve("c1", "a1", "bot", "今天补发", order="20261120000042")
    await asyncio.sleep(0.005)  # Redis's clock tells milliseconds
    await shopper.ask_for_person("c1", ANGRY)
    await desk.claim("c1", "a2", "小周")
    await desk.resolve("c1", "a2", "bot")
    await shopper.say("c1", "m1", "什么时候发")
    turn = await bot.begin("c1")
    assert not isinstance(turn, str) and turn.agreed is not None
    assert turn.agreed["back_at"] > turn.agreed["at"], "handed back later, without anything new"
    assert {k: turn.agreed[k] for k in ("summary", "by", "order")} == {
        "summary": "今天补发", "by": "小林", "order": "20261120000042",
    }  # fmt: skip


async def test_rank_moves_only_that_stay(ledger: Ledger, shopper: ShopperSide, desk: DeskSide) -> None:
    await wait_for_person(shopper, "c1", Handoff("asked", "", "general", 3))
    queued_at = (await ledger.state("c1"))["queued_at"]
    assert not await desk.rank("c1", Place("1", "orders", 7, ["time_critical"]))
    assert await desk.rank("c1", Place(queued_at, "orders", 7, ["time_critical"]), "gold")
    assert (await desk.waiting("general"), await desk.waiting("orders")) == ([], ["c1"])
    assert (await ledger.state("c1"))["level"] == "gold"
    await desk.claim("c1", "a1", "小林")
    assert not await desk.rank("c1", Place(queued_at, "orders", 9, []))


async def test_notice_is_written_once(ledger: Ledger, shopper: ShopperSide, desk: DeskSide) -> None:
    await wait_for_person(shopper, "c1")
    body = {"notice": "away", "back_at": "2026-11-29T01:00:00.000Z"}
    told = [
        await desk.notice("c1", ["waiting"], "notice", body, "away", msgspec.json.encode(body).decode()) for _ in "ab"
    ]
    assert told == [True, False]
    state = await shopper.state("c1")
    assert (state.away, state.back_at, state.position, state.wait_s) == (True, body["back_at"], None, None)
    assert await desk.notice("c1", ["waiting"], "notice", {"notice": "back"}, "away", "")
    assert (await shopper.state("c1")).position == 1
    assert not await desk.notice("c1", ["human"], "clock", {}, "clock_round", "x"), "in another mode"
    assert [e.kind for e in await ledger.read("c1")][-2:] == ["notice", "notice"]


async def test_unread_and_read_marks(ledger: Ledger, shopper: ShopperSide, desk: DeskSide) -> None:
    await wait_for_person(shopper, "c1")
    await shopper.say("c1", "m1", "在吗")
    last = await shopper.say("c1", "m2", "急")
    state = await ledger.state("c1")
    assert (state["unread"], msgspec.json.decode(state["last_said"])["text"]) == ("2", "急")
    await desk.claim("c1", "a1", "小林")
    await desk.read("c1", last.id)
    assert (await ledger.state("c1"))["unread"] == "0"
    assert (await shopper.state("c1")).read == last.id
    await desk.read("c1", "1-1")
    assert (await shopper.state("c1")).read == last.id, "it does not go back"
    answer = await desk.say("c1", "a1", "小林", "a1", "来了", card={"type": "summary"})
    await shopper.read("c1", answer.id)
    assert (await ledger.state("c1"))["shopper_read"] == answer.id


async def test_round_runs_from_the_first_unanswered_message(
    ledger: Ledger, shopper: ShopperSide, desk: DeskSide
) -> None:
    await wait_for_person(shopper, "c1")
    await desk.claim("c1", "a1", "小林")
    await shopper.say("c1", "m1", "在吗")
    assert "round_since" not in await ledger.state("c1"), "until then the clock of the first response runs"
    await desk.say("c1", "a1", "小林", "m1", "您好")
    first = await shopper.say("c1", "m2", "查一下")
    await asyncio.sleep(0.005)
    await shopper.say("c1", "m3", "快点")
    since = int((await ledger.state("c1"))["round_since"])
    assert abs(since - int(first.id.split("-")[0])) <= 1
    await desk.note("c1", "a1", "小林", "n1", "在查")
    assert "round_since" in await ledger.state("c1"), "a note is no answer"
    await desk.say("c1", "a1", "小林", "m2", "查到了")
    assert "round_since" not in await ledger.state("c1")


async def test_bot_and_person_are_rated_apart(ledger: Ledger, shopper: ShopperSide, desk: DeskSide) -> None:
    await wait_for_person(shopper, "c1")
    await desk.claim("c1", "a1", "小林")
    await desk.resolve("c1", "a1", "closed")
    assert (await shopper.state("c1")).rate == ["bot", "agent"]
    await shopper.rate("c1", 5, of="agent", reasons=["friendly"])
    await shopper.rate("c1", 2, "答非所问", "bot")
    await shopper.rate("c1", 4)
    state = await ledger.state("c1")
    assert msgspec.json.decode(state["rating_agent"]) == {"of": "agent", "score": 4}
    assert msgspec.json.decode(state["rating_bot"]) == {"of": "bot", "score": 2, "comment": "答非所问"}
    await shopper.say("c1", "m1", "还有个问题")
    assert "rating_bot" not in await ledger.state("c1"), "a new visit is rated anew"


async def test_contact_is_kept_for_the_desk(ledger: Ledger, shopper: ShopperSide) -> None:
    await wait_for_person(shopper, "c1")
    await shopper.contact("c1", "13800001234")
    assert (await shopper.state("c1")).contact
    assert (await ledger.state("c1"))["contact"] == "13800001234"


async def test_desk_is_told_what_to_keep(ledger: Ledger, shopper: ShopperSide, desk: DeskSide) -> None:
    await wait_for_person(shopper, "c1")
    await desk.claim("c1", "a1", "小林")
    await desk.resolve("c1", "a1", "bot", "好的")
    await shopper.end("c1")
    await shopper.rate("c1", 5)
    rows = await ledger.redis.xrange(ledger.keys.records(0))
    assert [(row["cid"], row["what"]) for _, row in rows] == [("c1", "resolved"), ("c1", "closed"), ("c1", "rated")]


async def test_round_goes_on_where_it_is_passed_on(ledger: Ledger, shopper: ShopperSide, desk: DeskSide) -> None:
    await wait_for_person(shopper, "c1")
    await desk.claim("c1", "a1", "小林")
    await desk.transfer("c1", "a1", "orders", None, "")
    assert "round_since" not in await ledger.state("c1"), "nobody has spoken: the clock of the first response runs"
    await desk.claim("c1", "a1", "小林")
    await desk.say("c1", "a1", "小林", "m1", "您好")
    await shopper.say("c1", "m1", "查一下")
    since = (await ledger.state("c1"))["round_since"]
    await desk.transfer("c1", "a1", "orders", None, "")
    await desk.claim("c1", "a2", "小周")
    await desk.take_over("c1", "boss", "主管")
    assert (await ledger.state("c1"))["round_since"] == since
    await desk.say("c1", "boss", "主管", "m1", "查到了")
    await desk.transfer("c1", "boss", "orders", None, "")
    assert "round_since" in await ledger.state("c1"), "who waits in the queue is owed a word"
    await shopper.back_to_bot("c1")
    assert "round_since" not in await ledger.state("c1")


async def test_late_rank_does_not_undo_what_a_person_decided(
    ledger: Ledger, shopper: ShopperSide, desk: DeskSide
) -> None:
    await wait_for_person(shopper, "c1")
    queued_at = (await ledger.state("c1"))["queued_at"]
    await desk.reassign("c1", "boss", "orders", "")
    assert not await desk.rank("c1", Place(queued_at, "complaint", 9, ["level:gold"]), "gold")
    assert (await ledger.state("c1"))["skill"] == "orders"


class Twice(Ledger):
    """Sends each script twice, as redis-py does when the answer to the first was lost, and answers what the second says."""

    async def run(self, name: str, cid: str, *args: str | int) -> object:
        await super().run(name, cid, *args)
        return await super().run(name, cid, *args)


async def test_repeated_change_is_one_change_and_is_answered_as_done(ledger: Ledger, shopper: ShopperSide) -> None:
    twice = Twice(ledger.redis)
    desk, asking = DeskSide(twice), ShopperSide(twice)
    await wait_for_person(asking, "c1")
    assert await desk.claim("c1", "a1", "小林")
    await desk.say("c1", "a1", "小林", "m1", "您好")
    await desk.transfer("c1", "a1", "orders", None, "")
    await desk.claim("c1", "a1", "小林")
    await desk.reassign("c1", "boss", "orders", "")
    assert (await ledger.state("c1"))["declined"] == "a1", "not offered to whom it was taken from"
    await desk.take_over("c1", "boss", "主管")
    await desk.resolve("c1", "boss", "closed", summary="已退款")
    await asking.rate("c1", 5, of="agent")
    await asking.contact("c1", "13800001234")
    kinds = [(entry.kind, entry.body.get("rule")) for entry in await ledger.read("c1")]
    assert kinds == [
        ("mode", "angry"), ("mode", "claimed"), ("message", None), ("mode", "transferred"), ("mode", "claimed"),
        ("mode", "reassigned"), ("mode", "taken_over"), ("mode", "resolved"), ("rating", None), ("contact", None),
    ]  # fmt: skip


async def test_what_comes_after_the_end_is_recorded_too(ledger: Ledger, shopper: ShopperSide, desk: DeskSide) -> None:
    await wait_for_person(shopper, "c1")
    await shopper.end("c1")
    await desk.note("c1", "a1", "小林", "n1", "请回电")
    await shopper.contact("c1", "13800001234")
    what = [fields["what"] for _, fields in await ledger.redis.xrange(ledger.keys.records(0))]
    assert what == ["closed", "noted", "noted"]


async def test_asking_for_a_person_again_begins_a_new_visit(
    ledger: Ledger, shopper: ShopperSide, desk: DeskSide
) -> None:
    await wait_for_person(shopper, "c1")
    await desk.claim("c1", "a1", "小林")
    await desk.resolve("c1", "a1", "closed")
    await shopper.rate("c1", 1, of="agent")
    await wait_for_person(shopper, "c1")
    await shopper.end("c1")
    assert (await shopper.state("c1")).rate == ["bot"], "nobody has served this time"
    assert "rating_agent" not in await ledger.state("c1")


async def test_what_is_not_written_yet_is_not_read(ledger: Ledger, shopper: ShopperSide, desk: DeskSide) -> None:
    await wait_for_person(shopper, "c1")
    await desk.claim("c1", "a1", "小林")
    await shopper.read("c1", "9999999999999999-0")
    said = await desk.say("c1", "a1", "小林", "m1", "您好")
    assert (await ledger.state("c1"))["shopper_read"] < said.id
    await shopper.read("c1", said.id)
    assert (await ledger.state("c1"))["shopper_read"] == said.id
