"""How quick a search over a large archive is: `python -m web.tests.desk.sql.search_speed [conversations [sqlite|postgresql]]`."""

from __future__ import annotations

import asyncio
import itertools
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert, text

from web.desk.archive import ADD_WORDS, Archived
from web.desk.archive_search import ArchiveQuery, ArchiveSearch
from web.desk.database import POSTGRESQL, Database, migrate
from web.desk.search_words import index_words
from web.desk.tables import ArchiveRow, ArchiveTagRow
from web.tests.desk.postgres import PostgresServer

BATCH = 500
REPEATS = 7
STARTED = datetime(2025, 11, 1, tzinfo=UTC)
PEOPLE = [f"agent{n}" for n in range(40)]
SAID = (
    "您好，请问有什么可以帮您", "我的订单什么时候发货", "物流一直没有更新", "我要退货", "退款什么时候到账", "尺码不合适想换一个",
    "收到的商品有破损", "优惠券为什么不能用", "已经为您登记，请耐心等待", "快递员说联系不上我", "麻烦帮我改一下收货地址",
    "发票抬头写错了能重开吗", "这个颜色还有货吗", "已经帮您催促快递公司", "好的谢谢", "请提供一下订单号", "你们的客服态度太差了",
    "I would like to return this scarf", "the parcel has not arrived yet", "七天无理由退货怎么申请", "运费由谁承担", "商家少发了一件",
)  # fmt: skip
RARE = "雪山飞狐连天射白鹿笑书神侠倚碧鸳"
ASKED = {
    "common, two characters": ArchiveQuery("退货"),
    "common, one character": ArchiveQuery("货"),
    "common, a sentence": ArchiveQuery("七天无理由退货"),
    "two common words": ArchiveQuery("退货 运费"),
    "rare, four characters": ArchiveQuery("雪山飞狐"),
    "a tracking number": ArchiveQuery("SF10000004242"),
    "nothing there": ArchiveQuery("鸳鸯蝴蝶"),
    "common, and an agent": ArchiveQuery("退货", agent="agent7"),
    "common, and a tag": ArchiveQuery("退货", tag="投诉"),
    "common, a day in the year": ArchiveQuery(
        "退货", since=STARTED + timedelta(days=100), before=STARTED + timedelta(days=101)
    ),
    "no words, page 50": ArchiveQuery(page=50),
    "common, page 50": ArchiveQuery("退货", page=50),
}


def conversations(count: int) -> Iterator[Archived]:
    """Some 30 messages each, like those of a shop; the same each time."""
    dice = random.Random(5)
    for n in range(count):
        lines = [
            f"{dice.choice(SAID)}，{dice.choice(RARE)}{dice.choice(RARE)}{n % 977}" for _ in range(dice.randint(10, 50))
        ]
        lines.append(f"单号 SF{10_000_000_000 + n}")
        if n % 5_000 == 17:
            lines.append("我想看雪山飞狐")
        closed = STARTED + timedelta(minutes=10 * n)
        yield Archived(
            conversation=f"c{n}", opened_at=closed - timedelta(minutes=20), closed_at=closed, customer=f"u{n % 9_000}",
            name="王小明", name_masked="王**", lang="zh", agent=PEOPLE[n % len(PEOPLE)], category="goods", summary="退款",
            solution="退货退款", rating_bot=None, rating_agent=n % 5 + 1, tags=["投诉"] if n % 20 == 0 else [],
            transcript=[{"id": f"{i}-0", "kind": "message", "from": "shopper", "body": {"text": one}} for i, one in enumerate(lines)],
            search_text="\n".join(lines),
        )  # fmt: skip


async def measure(url: str, count: int) -> None:
    """Fills the database and prints the times."""
    migrate(url)
    database = Database(url)
    began, first = time.perf_counter(), 1
    for batch in itertools.batched(conversations(count), BATCH):
        await _put_all(database, first, list(batch))
        first += len(batch)
    async with database.begin() as session:
        await session.execute(text("ANALYZE"))
    filled = time.perf_counter() - began
    print(
        f"\n{database.dialect}: {count} conversations written in {filled:.0f} s ({1000 * filled / count:.1f} ms each)"
    )
    search = ArchiveSearch(database)
    for name, query in ASKED.items():
        took = []
        for _ in range(REPEATS):
            began = time.perf_counter()
            _, total = await search.find(query)
            took.append(1000 * (time.perf_counter() - began))
        print(f"  {name:<28} {total:>6} found   median {statistics.median(took):7.1f} ms   slowest {max(took):7.1f} ms")
    await database.close()


async def _put_all(database: Database, first: int, batch: list[Archived]) -> None:
    """In bulk: `put` is for one at a time."""
    rows = [{field: getattr(one, field) for field in one.__struct_fields__} for one in batch]
    numbered = list(enumerate(batch, first))
    words = [(row_id, index_words(one.search_text)) for row_id, one in numbered]
    joined = database.dialect != POSTGRESQL
    async with database.begin() as session:
        await session.execute(insert(ArchiveRow), [{"id": row_id, **row} for row_id, row in enumerate(rows, first)])
        tags = [{"archive": row_id, "tag": tag} for row_id, one in numbered for tag in one.tags]
        await session.execute(insert(ArchiveTagRow), tags)
        given = [{"id": row_id, "words": " ".join(found) if joined else found} for row_id, found in words]
        await session.execute(text(ADD_WORDS[database.dialect]), given)


def main(count: int, which: list[str]) -> None:
    """One database after the other; nothing is left behind."""
    if "sqlite" in which:
        with tempfile.TemporaryDirectory() as folder:
            asyncio.run(measure(str(Path(folder) / "desk.sqlite"), count))
            print(f"  the file has {(Path(folder) / 'desk.sqlite').stat().st_size / 2**20:.0f} MiB")
    if "postgresql" in which:
        server = PostgresServer()
        try:
            server.start()
            server.execute("CREATE DATABASE speed TEMPLATE template0")
            asyncio.run(measure(server.url("speed"), count))
        finally:
            server.stop()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000, sys.argv[2:] or ["sqlite", "postgresql"])
