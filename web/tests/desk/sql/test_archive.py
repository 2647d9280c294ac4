"""What was closed is found again, in Chinese too, by the same words on both databases."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from web.desk.archive import Archive, Archived, put
from web.desk.archive_search import ArchiveQuery, ArchiveSearch
from web.desk.database import Database
from web.desk.errors import NotFound
from web.desk.search_words import plain
from web.desk.tables import HandlingRow
from web.tests.desk.sql.small_desk import SmallDesk

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def closed(cid: str, said: str, hours: float = 0, **other: Any) -> Archived:
    """A closed conversation in which one thing was said."""
    values: dict[str, Any] = {
        "conversation": cid, "opened_at": NOON, "closed_at": NOON + timedelta(hours=hours), "customer": None,
        "name": "王小明", "name_masked": "王**", "lang": "zh", "agent": None, "category": None, "summary": None,
        "solution": None, "rating_bot": None, "rating_agent": None, "tags": [], "search_text": plain(said),
        "transcript": [{"id": "1763640000000-0", "kind": "message", "from": "shopper", "at": "", "body": {"text": said}}],
    }  # fmt: skip
    return Archived(**values | other)


async def keep(database: Database, *conversations: Archived) -> None:
    for one in conversations:
        async with database.begin() as session:
            await put(session, one)


async def found(database: Database, **asked: Any) -> list[str]:
    """The conversations, as listed."""
    rows, total = await ArchiveSearch(database).find(ArchiveQuery(**asked))
    assert total == len(rows)
    return [row["conversation"] for row in rows]


async def test_chinese_is_found_in_its_order(database: Database) -> None:
    await keep(
        database, closed("c1", "我要退货，怎么退"), closed("c2", "货退了没有", 1), closed("c3", "退款和货款", 2),
        closed("c4", "我要退\n货到了", 3),
    )  # fmt: skip
    assert await found(database, asked="退货") == ["c1"]
    assert await found(database, asked="货退") == ["c2"]
    assert await found(database, asked="退") == ["c4", "c3", "c2", "c1"]
    assert await found(database, asked="退了没有") == ["c2"]
    assert await found(database, asked="没有退了") == []


async def test_hidden_phone_cannot_be_guessed_digit_by_digit(database: Database) -> None:
    await keep(database, closed("c1", "电话 13812341234"))
    assert await found(database, asked="13812341234") == ["c1"]
    for beginning in ("1", "138", "1381234123"):
        assert await found(database, asked=beginning) == []


async def test_pairs_in_another_order_are_no_find(database: Database) -> None:
    await keep(database, closed("c1", "退货运费，货运"), closed("c2", "运费险 退货 货运"))
    assert await found(database, asked="退货运费") == ["c1"]


async def test_all_words_must_be_there(database: Database) -> None:
    await keep(database, closed("c1", "退货 运费谁出"), closed("c2", "退货 什么时候到账", 1))
    assert await found(database, asked="退货 运费") == ["c1"]
    assert await found(database, asked="退货，到账") == ["c2"]


async def test_words_are_found_by_their_beginning(database: Database) -> None:
    await keep(database, closed("c1", "Where is SF1234567890123?"), closed("c2", "ＳＦ９９ 到了吗", 1))
    assert await found(database, asked="sf1234") == ["c1"]
    assert await found(database, asked="sf99") == ["c2"]
    assert await found(database, asked="SF") == ["c2", "c1"]
    assert await found(database, asked="1234567") == []
    assert await found(database, asked="WHERE") == ["c1"]


HOSTILE = ["'", '"', "' OR 1=1 --", "退货*", "NOT 退货", "a:b & c | !d", "(", "\\", "%", "_", "NEAR(退 货)", "x\0y"]


async def test_nothing_that_is_typed_breaks_it(database: Database) -> None:
    await keep(database, closed("c1", "我要退货"))
    for asked in HOSTILE:
        assert await found(database, asked=asked) in ([], ["c1"]), asked


async def test_long_conversation_is_found_by_its_end(database: Database) -> None:
    """PostgreSQL counts the places of words up to 16,383 only, and a word's places up to 255."""
    await keep(database, closed("c1", "请问退款到账时间。" * 4_000 + "最后一句是雪山飞狐"))
    assert await found(database, asked="一句是雪山飞狐") == ["c1"]
    assert await found(database, asked="飞狐雪山") == []


async def test_text_that_is_made_to_fill_the_archive_is_kept(database: Database) -> None:
    dice = random.Random(5)
    flood = ["".join(chr(dice.randint(0x4E00, 0x9FA5)) for _ in range(2_000)) for _ in range(120)]
    await keep(database, closed("c1", "\n".join(["我要退货", *flood])))
    assert len((await Archive(database).get("c1"))[0]["conversation"]) == 2
    assert await found(database, asked=flood[0][:4]) == ["c1"]


async def test_place_is_shown_and_nothing_but_that_is_html(database: Database) -> None:
    await keep(database, closed("c1", "<script>退货</script> 电话 13812341234"))
    rows, _ = await ArchiveSearch(database).find(ArchiveQuery("退货"))
    assert rows[0]["found"] == "&lt;script&gt;<mark>退货</mark>&lt;/script&gt; 电话 138****1234"


async def test_filters(database: Database) -> None:
    await keep(
        database,
        closed("c1", "退货", 0, customer="u1", agent="agent1", category="goods", tags=["投诉", "急"]),
        closed("c2", "退货", 24, customer="u2", agent="agent2", category="goods", tags=["急"]),
        closed("c3", "退货", 48, customer="u1", agent=None, category="order"),
    )
    async with database.begin() as session:
        session.add(
            HandlingRow(
                conversation="c2", claim="1-0", agent="agent1", claimed_at=NOON, first_breaches=0, round_breaches=0
            )
        )
    assert await found(database) == ["c3", "c2", "c1"]
    assert await found(database, customer="u1") == ["c3", "c1"]
    assert await found(database, category="goods") == ["c2", "c1"]
    assert await found(database, agent="agent1") == ["c2", "c1"], "also who served before the last one"
    assert await found(database, tag="急") == ["c2", "c1"]
    assert await found(database, since=NOON + timedelta(hours=24)) == ["c3", "c2"]
    assert await found(database, before=NOON + timedelta(hours=24)) == ["c1"]
    assert await found(database, asked="退货", tag="投诉", agent="agent1", customer="u1") == ["c1"]


async def test_many_are_found_as_few_are(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ("退货运费", "货运退货", "运费", "退货")
    await keep(
        database,
        *(closed(f"c{n:02}", words[n % 4], n, agent=f"a{n % 3}", tags=["急"] if n % 5 else []) for n in range(24)),
    )
    queries = [
        ArchiveQuery("退货"), ArchiveQuery("退货运费"), ArchiveQuery("退"), ArchiveQuery("退货", agent="a1", tag="急"),
        ArchiveQuery("退货", since=NOON + timedelta(hours=5)), ArchiveQuery("运费 退货", before=NOON + timedelta(hours=9)),
    ]  # fmt: skip
    search = ArchiveSearch(database)
    few = [await search.find(query) for query in queries]
    monkeypatch.setattr("web.desk.archive_search.FEW", 0)
    assert [await search.find(query) for query in queries] == few
    assert [total for _, total in few] == [18, 6, 18, 6, 14, 3]


async def test_pages(database: Database) -> None:
    await keep(database, *(closed(f"c{n:02}", "退货", n) for n in range(45)))
    search = ArchiveSearch(database)
    pages = [await search.find(ArchiveQuery("退货", page=page)) for page in (1, 2, 3, 4)]
    assert [total for _, total in pages] == [45] * 4
    listed = [row["conversation"] for rows, _ in pages for row in rows]
    assert listed == [f"c{n:02}" for n in reversed(range(45))]


async def test_later_version_replaces_the_earlier_one(database: Database) -> None:
    await keep(database, closed("c1", "我要退货", tags=["急"]), closed("c1", "还是换货吧", 5, tags=["投诉"]))
    assert await found(database) == ["c1"]
    assert await found(database, asked="退货") == []
    assert await found(database, asked="换货") == ["c1"]
    assert await found(database, tag="急") == []
    assert await found(database, tag="投诉") == ["c1"]


async def test_one_conversation_whole(database: Database) -> None:
    await keep(database, closed("c1", "我要退货"))
    row, messages, handlings = await Archive(database).get("c1")
    assert (row["name"], row["closed_at"]) == ("王小明", "2026-11-20T12:00:00.000Z")
    assert [message["body"] for message in messages] == [{"text": "我要退货"}]
    assert handlings == []
    with pytest.raises(NotFound):
        await Archive(database).get("c2")


async def test_earlier_conversations_of_a_customer(database: Database) -> None:
    await keep(database, *(closed(f"c{n}", "退货", n, customer="u1" if n % 2 else "u2") for n in range(7)))
    rows = await Archive(database).earlier("u1", 2)
    assert [row["conversation"] for row in rows] == ["c5", "c3"]


async def get(client: httpx.AsyncClient, path: str, **query: str) -> Any:
    answer = await client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_archive_over_http(desk: SmallDesk, database: Database) -> None:
    told = {"summary": "已退款到 13812341234", "solution": "退货退款", "category": "goods", "agent": "agent1"}
    await keep(database, closed("c1", "我要退货，电话 13812341234", rating_bot=2, **told), closed("c2", "退货", 24))
    async with desk.signed_in("tina") as client:
        listed = await get(client, "/api/desk/archive", q="退货", to="2026-11-20")
        assert listed["total"] == 1
        row = listed["rows"][0]
        assert (row["name"], row["summary"], row["rating_bot"]) == ("王**", "已退款到 138****1234", 2)
        assert "rating_agent" not in row
        one = await get(client, "/api/desk/archive/c1")
        assert one["masked"]
        assert "13812341234" not in str(one)
        assert "王小明" not in str(one)
        assert one["messages"][0]["body"]["text"] == "我要退货，电话 138****1234"
        for wrong in ({"from": "gestern"}, {"to": "2026-11-20T10:00:00"}, {"page": "0"}, {"page": "x"}):
            assert (await client.get("/api/desk/archive", params=wrong)).status_code == 400
        assert (await client.get("/api/desk/archive/c9")).status_code == 404
    async with desk.client() as nobody:
        assert (await nobody.get("/api/desk/archive")).status_code == 401
    assert [(row["what"], row["conversation"]) for row in await desk.audited()][1:] == [
        ("archive_searched", None), ("archive_opened", "c1"),
    ]  # fmt: skip


async def test_personal_data_is_shown_once_revealed(desk: SmallDesk, database: Database) -> None:
    await keep(database, closed("c1", "电话 13812341234"))
    async with desk.signed_in("agent1") as client:
        login = await desk.logins.enter(client.cookies["shopdesk_desk"])
        await desk.logins.reveal(login, "c1")
        one = await get(client, "/api/desk/archive/c1")
    assert (one["masked"], one["row"]["name"]) == (False, "王小明")
    assert one["messages"][0]["body"]["text"] == "电话 13812341234"


async def test_audit_is_for_supervisors(desk: SmallDesk) -> None:
    await desk.audit.note("agent1", "reveal", "c1", reason="核对地址")
    await desk.audit.note("agent2", "transfer", "c2", to="orders")
    async with desk.signed_in("agent1") as client:
        assert (await client.get("/api/desk/audit")).status_code == 403
    async with desk.signed_in("boss") as client:
        listed = await get(client, "/api/desk/audit", who="agent1", what="reveal")
        assert listed["total"] == 1
        row = listed["rows"][0]
        assert row["at"].endswith("Z")
        assert (row["conversation"], row["detail"]) == ("c1", {"reason": "核对地址"})
        assert (await get(client, "/api/desk/audit", conversation="c2"))["rows"][0]["who"] == "agent2"
        assert (await get(client, "/api/desk/audit", to="2001-01-01"))["total"] == 0


async def test_long_texts_do_not_fit_into_the_audit_log(desk: SmallDesk) -> None:
    await desk.audit.note("agent1", "reveal", "c1", reason="长" * 5_000 + "\0")
    assert len((await desk.audited())[0]["detail"]["reason"]) == 500
