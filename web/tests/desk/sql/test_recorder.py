"""What was closed, rated or done is in SQL, once, whoever dies or is away meanwhile."""

from __future__ import annotations

import asyncio
import logging
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from ledger import DeskSide, Handoff, Ledger, ShopperSide, connect
from ledger.audit import AuditTrail
from ledger.keys import Keys
from ledger.testing import RedisServer, start_cluster
from web.desk.archive import Archive, put
from web.desk.archive_search import ArchiveQuery, ArchiveSearch
from web.desk.database import Database
from web.desk.keeping import Keeping
from web.desk.recorder import Recorder
from web.desk.tables import ArchiveRow, AuditRow, HandlingRow, RatingRow, RecordedRow
from web.tests.desk.postgres import PostgresServer

ROOT = Path(__file__).resolve().parents[4]
PATIENCE_S = 60.0


@asynccontextmanager
async def recording(ledger: Ledger, database: Database, name: str = "desk1", **how: Any) -> AsyncIterator[Recorder]:
    recorder = Recorder(ledger, database, name, **how)
    recorder.start()
    try:
        yield recorder
    finally:
        await recorder.stop()


async def eventually(holds: Callable[[], Awaitable[object]]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not await holds():
            await asyncio.sleep(0.02)


async def count(database: Database, table: Any) -> int:
    async with database.session() as session:
        return int(await session.scalar(select(func.count()).select_from(table)) or 0)


async def all_done(ledger: Ledger) -> bool:
    """Whether nothing is new, and nothing is under way."""
    for shard in range(ledger.keys.shards):
        if await ledger.redis.xlen(ledger.keys.records(shard)):
            return False
        audit = ledger.keys.audit(shard)
        if await ledger.redis.xlen(audit):
            last = (await ledger.redis.xinfo_stream(audit))["last-generated-id"]
            groups = await ledger.redis.xinfo_groups(audit)
            if not groups or groups[0]["pending"] or groups[0]["last-delivered-id"] != last:
                return False
    return True


async def serve(ledger: Ledger, cid: str, customer: str = "", rated: bool = True) -> None:
    """From the first word to the rating."""
    shopper, desk = ShopperSide(ledger), DeskSide(ledger)
    await shopper.open(cid, "zh", customer, "王小明" if customer else "")
    await shopper.say(cid, "m1", f"我的{cid}要退货，骗子")
    await shopper.ask_for_person(cid, Handoff("angry", "生气: 骗子", "complaint", 8, ["骗子"]))
    assert await desk.claim(cid, "agent1", "客服一号")
    await desk.say(cid, "agent1", "客服一号", "a1", "您好，马上为您处理\0")
    await desk.note(cid, "agent1", "客服一号", "n1", "老顾客")
    await desk.tag(cid, ["投诉"])
    await desk.resolve(cid, "agent1", "closed", "今天退款", "goods", "退货退款")
    if rated:
        await shopper.rate(cid, 5, "谢谢", "agent", ["fast"])
        await shopper.rate(cid, 2, of="bot")


async def test_closed_conversation_is_kept_whole(ledger: Ledger, database: Database) -> None:
    async with recording(ledger, database):
        await serve(ledger, "c1", "u1")
        await eventually(lambda: _rated(database))
        await eventually(lambda: all_done(ledger))
    row, messages, handlings = await Archive(database).get("c1")
    assert {name: row[name] for name in ("name", "agent", "category", "summary", "solution", "tags")} == {
        "name": "王小明", "agent": "agent1", "category": "goods", "summary": "今天退款", "solution": "退货退款", "tags": ["投诉"],
    }  # fmt: skip
    assert (row["rating_bot"], row["rating_agent"]) == (2, 5)
    assert [message["kind"] for message in messages] == [
        "message", "mode", "mode", "message", "note", "mode", "rating", "rating",
    ]  # fmt: skip
    assert messages[3]["name"] == "客服一号"
    assert [(one["agent"], one["rule"], one["ended"]) for one in handlings] == [("agent1", "angry", "resolved")]
    assert handlings[0]["first_reply_at"] == messages[3]["at"]
    rows, _ = await ArchiveSearch(database).find(ArchiveQuery("退货", customer="u1", tag="投诉"))
    assert [found["name"] for found in rows] == ["王**"]
    assert await ledger.redis.xlen(ledger.keys.records(0)) == 0, "what is kept is taken off"


async def _rated(database: Database) -> bool:
    return await count(database, RatingRow) == 2


async def test_handed_back_is_no_archive_yet(ledger: Ledger, database: Database) -> None:
    shopper, desk = ShopperSide(ledger), DeskSide(ledger)
    await shopper.open("c1", "zh")
    await shopper.ask_for_person("c1", Handoff("asked", ""))
    await desk.claim("c1", "agent1", "客服一号")
    await desk.resolve("c1", "agent1", "bot", "好了")
    async with recording(ledger, database):
        await eventually(lambda: count(database, HandlingRow))
        assert await count(database, ArchiveRow) == 0
        await shopper.end("c1")
        await eventually(lambda: count(database, ArchiveRow))
    assert await count(database, HandlingRow) == 1


async def test_repeated_entry_changes_nothing(ledger: Ledger, database: Database) -> None:
    await serve(ledger, "c1")
    for _ in range(3):
        await ledger.redis.xadd(ledger.keys.records(0), {"cid": "c1", "what": "closed"})
    async with recording(ledger, database):
        await eventually(lambda: all_done(ledger))
    tables = (ArchiveRow, HandlingRow, RatingRow, RecordedRow)
    assert [await count(database, table) for table in tables] == [1, 1, 2, 1]


async def test_older_reading_never_replaces_a_newer_one(
    ledger: Ledger, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await serve(ledger, "c1")
    log = await ledger.read("c1")

    async def read_before_the_ratings(*_: Any) -> Any:
        return log[:-2]

    assert await Keeping(database, ledger).keep("c1")
    with monkeypatch.context() as patched:
        patched.setattr("web.desk.keeping.whole_log", read_before_the_ratings)
        assert not await Keeping(database, ledger).keep("c1")
    row, messages, _ = await Archive(database).get("c1")
    assert (row["rating_agent"], len(messages)) == (5, len(log))


async def test_many_keep_the_same_conversation_at_once(ledger: Ledger, database: Database) -> None:
    await serve(ledger, "c1")
    await asyncio.gather(*(Keeping(database, ledger).keep("c1") for _ in range(8)))
    assert [await count(database, table) for table in (ArchiveRow, HandlingRow, RatingRow)] == [1, 1, 2]


async def test_entry_of_a_desk_that_died_is_taken_over(ledger: Ledger, database: Database) -> None:
    await serve(ledger, "c1")
    key = ledger.keys.records(0)
    await ledger.redis.xgroup_create(key, "desk", id="0")
    assert await ledger.redis.xreadgroup("desk", "dead", {key: ">"})
    async with recording(ledger, database, abandoned_ms=0):
        await eventually(lambda: count(database, ArchiveRow))
        await eventually(lambda: all_done(ledger))


async def test_long_conversation_is_kept_whole(ledger: Ledger, database: Database) -> None:
    await ShopperSide(ledger).open("c1", "zh")
    pipeline = ledger.redis.pipeline(transaction=False)
    for n in range(1_234):
        pipeline.xadd(ledger.keys.log("c1"), {"kind": "message", "from": "shopper", "body": f'{{"text":"第{n}句"}}'})
    await pipeline.execute()
    await ShopperSide(ledger).end("c1")
    async with recording(ledger, database):
        await eventually(lambda: count(database, ArchiveRow))
    _, messages, _ = await Archive(database).get("c1")
    assert [message["body"].get("text") for message in messages[:-1]] == [f"第{n}句" for n in range(1_234)]


async def test_expired_conversation_holds_nothing_up(ledger: Ledger, database: Database) -> None:
    await ledger.redis.xadd(ledger.keys.records(0), {"cid": "gone", "what": "closed"})
    await serve(ledger, "c1")
    async with recording(ledger, database):
        await eventually(lambda: count(database, ArchiveRow))
        await eventually(lambda: all_done(ledger))


async def test_entry_that_cannot_be_kept_holds_nothing_up(
    ledger: Ledger, database: Database, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail_for_one(session: Any, kept: Any) -> None:
        if kept.conversation == "c1":
            raise OSError("too large for this database")
        await put(session, kept)

    monkeypatch.setattr("web.desk.recorder.RETRY_S", 0.01)
    for cid in ("c1", "c2"):
        await serve(ledger, cid)
    with monkeypatch.context() as patched:
        patched.setattr("web.desk.keeping.put", fail_for_one)
        async with recording(ledger, database):
            await eventually(lambda: count(database, ArchiveRow))
            await eventually(lambda: _left(ledger, 3))
            assert "not_recorded" in caplog.text
    async with recording(ledger, database, "desk2", abandoned_ms=0):
        await eventually(lambda: _two(database))


async def _left(ledger: Ledger, entries: int) -> bool:
    """What is not kept stays."""
    return int(await ledger.redis.xlen(ledger.keys.records(0))) == entries


async def test_audit_of_the_ledger_is_copied_once(ledger: Ledger, database: Database) -> None:
    trail = AuditTrail(ledger)
    entry = {
        "conversation": "c1",
        "key": "c1:m1:cancel",
        "action": "cancel",
        "order": "20261120000042",
        "proof": "customer",
    }
    await trail.note("c1", {**entry, "outcome": "begun"})
    await trail.note("c1", {**entry, "outcome": "done", "receipt": "RT1"})
    async with (
        recording(ledger, database, "desk1", abandoned_ms=0),
        recording(ledger, database, "desk2", abandoned_ms=0),
    ):
        await eventually(lambda: count(database, AuditRow))
        await eventually(lambda: all_done(ledger))
    async with database.session() as session:
        rows = list(await session.scalars(select(AuditRow).order_by(AuditRow.id)))
    assert [(row.who, row.what, row.conversation, row.detail["outcome"]) for row in rows] == [
        ("bot", "cancel", "c1", "begun"), ("bot", "cancel", "c1", "done"),
    ]  # fmt: skip
    assert len(await trail.entries("c1")) == 2, "the ledger keeps its own"


async def test_every_shard_is_read(redis_server: RedisServer, ledger: Ledger, database: Database) -> None:
    connected = connect(redis_server.url)
    sharded = Ledger(connected, Keys(3))
    for n in range(9):
        await serve(sharded, f"c{n}")
    assert len({sharded.keys.shard_of(f"c{n}") for n in range(9)}) == 3
    async with recording(sharded, database):
        await eventually(lambda: _nine(database))
    await connected.aclose()


async def _nine(database: Database) -> bool:
    return await count(database, ArchiveRow) == 9


async def test_cluster_is_read_as_well(tmp_path: Path, ready_sqlite: Path) -> None:
    shutil.copy(ready_sqlite, tmp_path / "desk.sqlite")
    database = Database(str(tmp_path / "desk.sqlite"))
    servers = start_cluster(tmp_path)
    connected = connect(servers[0].url.replace("redis://", "redis+cluster://"))
    sharded = Ledger(connected, Keys(3))
    try:
        async with recording(sharded, database, abandoned_ms=0):
            for n in range(9):
                await serve(sharded, f"c{n}")
            await AuditTrail(sharded).note("c1", {"conversation": "c1", "action": "cancel"})
            await eventually(lambda: _nine(database))
            await eventually(lambda: count(database, AuditRow))
    finally:
        await connected.aclose()
        await database.close()
        for server in servers:
            server.stop()


async def test_emptied_redis_is_read_on(ledger: Ledger, database: Database) -> None:
    async with recording(ledger, database):
        await serve(ledger, "c1")
        await eventually(lambda: count(database, ArchiveRow))
        await ledger.redis.flushall()
        await serve(ledger, "c2")
        await eventually(lambda: _two(database))


async def _two(database: Database) -> bool:
    return await count(database, ArchiveRow) == 2


RECORD = """
import asyncio, sys
from ledger import Ledger, connect
from web.desk.database import Database
from web.desk.recorder import Recorder

async def main():
    recorder = Recorder(Ledger(connect(sys.argv[1])), Database(sys.argv[2]), sys.argv[3], abandoned_ms=500)
    recorder.start()
    await asyncio.Event().wait()

asyncio.run(main())
"""


async def test_killed_desks_lose_and_double_nothing(
    redis_server: RedisServer, ledger: Ledger, database: Database, url: str
) -> None:
    for n in range(40):
        await serve(ledger, f"c{n}", "u1", rated=False)
    command = [sys.executable, "-c", RECORD, redis_server.url, url]
    desks = [subprocess.Popen([*command, f"desk{n}"], cwd=ROOT) for n in range(2)]
    try:
        await eventually(lambda: count(database, ArchiveRow))
    finally:
        for desk in desks:
            desk.send_signal(signal.SIGKILL)
            desk.wait()
    assert await count(database, ArchiveRow) < 40, "they were killed in the middle of it"
    async with recording(ledger, database, "desk3", abandoned_ms=0):
        await eventually(lambda: all_done(ledger))
    assert [await count(database, table) for table in (ArchiveRow, HandlingRow, RecordedRow)] == [40, 40, 40]
    _, total = await ArchiveSearch(database).find(ArchiveQuery("要退货", customer="u1"))
    assert total == 40


async def test_database_that_is_away_is_waited_for(
    ledger: Ledger, postgres_server: PostgresServer, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.desk.recorder.RETRY_S", 0.05)
    postgres_server.execute("TRUNCATE archive CASCADE", "ready")
    database = Database(postgres_server.url("ready"))
    caplog.set_level(logging.ERROR, "web.desk.recorder")
    postgres_server.halt()
    try:
        async with recording(ledger, database):
            await serve(ledger, "c1")
            await eventually(lambda: _said(caplog, "recorder_waits"))
            postgres_server.start()
            await eventually(lambda: all_done(ledger))
    finally:
        postgres_server.start()
    assert await count(database, ArchiveRow) == 1
    await database.close()


async def test_redis_that_is_away_is_waited_for(
    tmp_path: Path, database: Database, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.desk.recorder.RETRY_S", 0.05)
    server = RedisServer(tmp_path / "redis").start()
    connected = connect(server.url)
    caplog.set_level(logging.ERROR, "web.desk.recorder")
    try:
        async with recording(Ledger(connected), database):
            await serve(Ledger(connected), "c1")
            await eventually(lambda: count(database, ArchiveRow))
            server.kill()
            await eventually(lambda: _said(caplog, "recorder_waits"))
            server.start()
            await serve(Ledger(connected), "c2")
            await eventually(lambda: _two(database))
    finally:
        await connected.aclose()
        server.stop()


async def _said(caplog: pytest.LogCaptureFixture, what: str) -> bool:
    return what in caplog.text
