"""Quick replies, tags and notes on customers: whose they are, and who may change them."""

from __future__ import annotations

import re
from typing import Any

import httpx
import yaml

from ledger import Ledger, ShopperSide
from web.desk.customer_notes import CustomerNotes
from web.desk.database import Database
from web.desk.quick_replies import SEED, ensure_quick_replies
from web.desk.tags import Tags, ensure_tags
from web.tests.desk.sql.small_desk import SmallDesk

VARIABLES = {"customer.name", "order.number", "order.tracking", "agent.name"}
REPLIES = "/api/desk/quick-replies"
HELLO: dict[str, Any] = {"shortcut": "hi", "title": "问候", "text": {"zh": "您好", "en": "Hello"}, "shared": False}


async def listed(client: httpx.AsyncClient) -> list[str]:
    """Shortcuts, as the desk lists them."""
    return [reply["shortcut"] for reply in (await client.get(REPLIES)).json()["replies"]]


def refused(answer: httpx.Response) -> str:
    return str(answer.json()["error"]["code"])


async def test_own_quick_replies_are_ones_own(desk: SmallDesk) -> None:
    async with desk.signed_in("agent1") as mine, desk.signed_in("agent2") as theirs:
        added = await mine.post(REPLIES, json=HELLO)
        assert added.status_code == 201
        number = added.json()["reply"]["id"]
        assert added.json()["reply"] == {"id": number, **HELLO, "used": 0}
        assert await listed(theirs) == []
        assert (await theirs.post(REPLIES, json=HELLO)).status_code == 201, "a shortcut is one's own, too"
        for answer in (
            await theirs.put(f"{REPLIES}/{number}", json=HELLO),
            await theirs.delete(f"{REPLIES}/{number}"),
            await theirs.post(f"{REPLIES}/{number}/used"),
        ):
            assert answer.status_code == 404
        changed = await mine.put(f"{REPLIES}/{number}", json={**HELLO, "text": {"zh": "您好！"}})
        assert changed.json()["reply"]["text"] == {"zh": "您好！", "en": ""}
        assert (await mine.delete(f"{REPLIES}/{number}")).status_code == 204
        assert await listed(mine) == []


async def test_shared_ones_are_for_everybody_and_of_supervisors_and_trainers(desk: SmallDesk) -> None:
    shared = {**HELLO, "shared": True}
    async with desk.signed_in("agent1") as agent, desk.signed_in("boss") as boss, desk.signed_in("tina") as trainer:
        assert refused(await agent.post(REPLIES, json=shared)) == "forbidden"
        number = (await trainer.post(REPLIES, json=shared)).json()["reply"]["id"]
        assert refused(await boss.post(REPLIES, json=shared)) == "exists"
        assert await listed(agent) == ["hi"]
        assert refused(await agent.put(f"{REPLIES}/{number}", json=HELLO)) == "forbidden"
        assert refused(await agent.delete(f"{REPLIES}/{number}")) == "forbidden"
        own = (await agent.post(REPLIES, json={**HELLO, "shortcut": "own"})).json()["reply"]["id"]
        assert refused(await agent.put(f"{REPLIES}/{own}", json={**shared, "shortcut": "own"})) == "forbidden"
        assert (await boss.put(f"{REPLIES}/{number}", json={**shared, "title": "改"})).status_code == 200
        assert (await boss.delete(f"{REPLIES}/{number}")).status_code == 204


async def test_most_used_come_first(desk: SmallDesk) -> None:
    async with desk.signed_in("agent1") as client:
        numbers = [
            (await client.post(REPLIES, json={**HELLO, "shortcut": name})).json()["reply"]["id"] for name in "abc"
        ]
        for number in (numbers[2], numbers[2], numbers[1]):
            assert (await client.post(f"{REPLIES}/{number}/used")).status_code == 204
        assert await listed(client) == ["c", "b", "a"]


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"shortcut": " "}, "empty"),
    ({"shortcut": "two words"}, "bad_frame"),
    ({"shortcut": "x" * 33}, "too_long"),
    ({"title": "a\nb"}, "bad_frame"),
    ({"text": {}}, "empty"),
    ({"text": {"zh": "\u200b"}}, "empty"),
    ({"text": {"fr": "Bonjour"}}, "bad_frame"),
    ({"text": {"zh": "长" * 2001}}, "too_long"),
    ({"owner": "boss"}, "bad_frame"),
]


async def test_quick_reply_that_makes_no_sense_is_refused(desk: SmallDesk) -> None:
    async with desk.signed_in("agent1") as client:
        for wrong, code in WRONG:
            assert refused(await client.post(REPLIES, json={**HELLO, **wrong})) == code, wrong
        assert await listed(client) == []


async def test_number_of_no_row_is_not_found(desk: SmallDesk) -> None:
    async with desk.signed_in("boss") as client:
        for number in ("0", "-1", "99", "9999999999999999999999"):
            assert (await client.delete(f"{REPLIES}/{number}")).status_code == 404
            assert (await client.delete(f"/api/desk/tags/{number}")).status_code == 404


async def test_new_desk_starts_with_quick_replies_and_tags(database: Database, desk: SmallDesk) -> None:
    assert [await ensure_quick_replies(database), await ensure_tags(database)] == [True, True]
    assert [await ensure_quick_replies(database), await ensure_tags(database)] == [False, False]
    async with desk.signed_in("agent1") as client:
        assert len(await listed(client)) >= 25
        assert len((await client.get("/api/desk/tags")).json()["tags"]) >= 5


def test_seed_is_whole() -> None:
    replies = yaml.safe_load(SEED.read_text("utf-8"))["replies"]
    shortcuts = [reply["shortcut"] for reply in replies]
    assert len(set(shortcuts)) == len(shortcuts)
    used = set()
    for reply in replies:
        assert set(reply) == {"shortcut", "title", "zh", "en"}
        found = [set(re.findall(r"\{\{(.*?)\}\}", reply[lang])) for lang in ("zh", "en")]
        assert found[0] == found[1], reply["shortcut"]
        used |= found[0]
        assert not re.search(r"[\u4e00-\u9fff]", reply["en"])
        assert len(reply["shortcut"]) <= 32
        assert not re.search(r"\s", reply["shortcut"])
    assert used == VARIABLES


async def test_tags_are_a_supervisors(desk: SmallDesk, database: Database) -> None:
    async with desk.signed_in("agent1") as agent, desk.signed_in("boss") as boss:
        new = {"name": "加急", "colour": "#CC0000"}
        assert refused(await agent.post("/api/desk/tags", json=new)) == "forbidden"
        added = await boss.post("/api/desk/tags", json=new)
        assert (added.status_code, added.json()["tag"]["colour"]) == (201, "#cc0000")
        assert refused(await boss.post("/api/desk/tags", json=new)) == "exists"
        assert refused(await boss.post("/api/desk/tags", json={**new, "colour": "red"})) == "bad_frame"
        assert [tag["name"] for tag in (await agent.get("/api/desk/tags")).json()["tags"]] == ["加急"]
        assert await Tags(database).unknown(["加急", "别的"]) == ["别的"]
        number = added.json()["tag"]["id"]
        assert refused(await agent.delete(f"/api/desk/tags/{number}")) == "forbidden"
        assert (await boss.delete(f"/api/desk/tags/{number}")).status_code == 204
        assert (await boss.delete(f"/api/desk/tags/{number}")).status_code == 404


async def test_notes_follow_the_customer(desk: SmallDesk, database: Database, ledger: Ledger) -> None:
    shopper = ShopperSide(ledger)
    for cid, customer in (("c1", "u1"), ("c2", "u1"), ("c3", "")):
        await shopper.open(cid, "zh", customer)
    path = "/api/desk/conversations/{}/customer-notes"
    notes = CustomerNotes(database)
    async with desk.signed_in("agent1") as mine, desk.signed_in("agent2") as theirs, desk.signed_in("boss") as boss:
        first = (await mine.post(path.format("c1"), json={"text": "喜欢顺丰"})).json()["note"]
        second = (await theirs.post(path.format("c2"), json={"text": "会说英语"})).json()["note"]
        await mine.post(path.format("c3"), json={"text": "没有登录"})
        assert [note["text"] for note in await notes.notes_of("u1")] == ["会说英语", "喜欢顺丰"]
        assert [note["by"] for note in await notes.notes_of("conversation:c3")] == ["agent1"]
        assert refused(await theirs.delete(f"{path.format('c1')}/{first['id']}")) == "forbidden"
        assert refused(await mine.delete(f"{path.format('c3')}/{first['id']}")) == "not_found"
        assert (await mine.delete(f"{path.format('c2')}/{first['id']}")).status_code == 204
        assert (await boss.delete(f"{path.format('c1')}/{second['id']}")).status_code == 204
        assert refused(await mine.post(path.format("c9"), json={"text": "谁"})) == "not_found"
        assert refused(await mine.post(path.format("c1"), json={"text": "  "})) == "empty"
    async with desk.signed_in("tina") as trainer:
        assert refused(await trainer.post(path.format("c1"), json={"text": "看看"})) == "forbidden"
    assert await notes.notes_of("u1") == []
    assert "喜欢顺丰" not in repr(await desk.audited())
