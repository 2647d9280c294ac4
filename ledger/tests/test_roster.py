"""Who is on duty, over all desks; one desk leads."""

from __future__ import annotations

import msgspec
import pytest

from ledger import Ledger, OnDuty, Roster
from ledger.roster import VANISHED_MS, UnknownStatus

AGENT = OnDuty("agent1", "客服一号", "agent", "online", ["orders"], 5)


async def test_who_is_not_heard_of_is_offline(ledger: Ledger) -> None:
    roster = Roster(ledger)
    await roster.put(AGENT)
    assert [(one.username, one.status) for one in await roster.all()] == [("agent1", "online")]
    await ledger.redis.zincrby(ledger.keys.seen, -VANISHED_MS, "agent1")
    assert (await roster.all())[0].status == "offline"
    await roster.seen(["agent1"])
    assert (await roster.all())[0].status == "online", "the status that was chosen outlives a lost line"
    await roster.forget("agent1")
    assert await roster.all() == []


async def test_only_known_statuses(ledger: Ledger) -> None:
    with pytest.raises(UnknownStatus):
        await Roster(ledger).put(msgspec.structs.replace(AGENT, status="asleep"))


async def test_one_desk_leads_and_another_takes_over(ledger: Ledger) -> None:
    roster = Roster(ledger)
    assert await roster.lead("desk-a", lease_ms=60_000)
    assert await roster.lead("desk-a", lease_ms=60_000)
    assert not await roster.lead("desk-b")
    await roster.stand_down("desk-b")
    assert not await roster.lead("desk-b"), "only the leader can stand down"
    await roster.stand_down("desk-a")
    assert await roster.lead("desk-b")


async def test_who_served_is_remembered_for_a_day(ledger: Ledger) -> None:
    roster = Roster(ledger)
    await roster.served("cust-1", "agent1")
    assert await roster.served_by(["cust-1", "cust-2"]) == ["agent1", ""]
    assert 0 < await ledger.redis.ttl(ledger.keys.served("cust-1")) <= 24 * 3600


async def test_who_looks_is_known_until_they_look_away(ledger: Ledger) -> None:
    roster = Roster(ledger)
    await roster.look("c1", "agent1", "客服 一号")
    await roster.look("c1", "agent2", "客服二号")
    assert await roster.looking("c1") == [("agent1", "客服 一号"), ("agent2", "客服二号")]
    await roster.look_away("c1", "agent1", "客服 一号")
    await ledger.redis.zincrby(ledger.keys.looking("c1"), -VANISHED_MS - 1, "agent2 客服二号")
    assert await roster.looking("c1") == []


async def test_status_is_set_only_where_it_still_is_what_was_seen(ledger: Ledger) -> None:
    roster = Roster(ledger)
    await roster.put(msgspec.structs.replace(AGENT, skills=[]))
    assert await roster.set_status("agent1", "online", "away")
    assert [(one.status, one.skills) for one in await roster.all()] == [("away", [])]
    assert not await roster.set_status("agent1", "online", "away"), "they have chosen otherwise meanwhile"
    assert not await roster.set_status("nobody", "online", "away")


async def test_what_is_open_is_said_of_many_at_once(ledger: Ledger) -> None:
    roster = Roster(ledger)
    assert await roster.look("c1", "agent2", "客服二号") == [("agent2", "客服二号")]
    await roster.look_at([("c1", "agent1", "客服 一号"), ("c2", "agent1", "客服 一号")])
    assert await roster.looking("c1") == [("agent1", "客服 一号"), ("agent2", "客服二号")]
    assert await roster.looking("c2") == [("agent1", "客服 一号")]
    await roster.look_at([])


async def test_only_what_is_newly_open_is_told(ledger: Ledger) -> None:
    roster, told = Roster(ledger), ledger.redis.pubsub()
    async with told:
        await told.subscribe(ledger.keys.desk)
        await roster.look("c1", "agent1", "客服一号")
        await roster.look("c1", "agent1", "客服一号")
        await roster.look_at([("c1", "agent1", "客服一号"), ("c2", "agent1", "客服一号")])
        await ledger.redis.publish(ledger.keys.desk, "the end")
        heard = []
        while not heard or heard[-1] != "the end":
            message = await told.get_message(ignore_subscribe_messages=True, timeout=5)
            if message is not None:
                heard.append(message["data"])
    assert heard == ['{"cid":"c1","news":"looking"}', '{"cid":"c2","news":"looking"}', "the end"]
